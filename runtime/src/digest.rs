//! SHA-256 digests as text.

use sha2::{Digest as _, Sha256};
use std::fmt::Write;

/// The SHA-256 digest of these bytes, 64 hexadecimal digits.
#[must_use]
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let mut text = String::with_capacity(64);
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
