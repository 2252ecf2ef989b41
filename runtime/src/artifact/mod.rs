//! The artifact: a program as bytes that say what they are, and that nobody changed unseen.
//!
//! Eight bytes of magic, the format's number, the payload's length, the SHA-256 digest of the payload, the payload (postcard).
//! The digest is also the policy's own: traces and approvals name it.

use crate::program::Program;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write};

/// The first bytes of an artifact. Not text, so that a file changed by a text tool is seen to be.
const MAGIC: [u8; 8] = *b"\x89agentc\n";

/// The format that this build writes and reads.
pub const FORMAT: u32 = 3;

/// The most bytes that an artifact may have.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The SHA-256 digest of a program's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    fn of(payload: &[u8]) -> Self {
        Self(Sha256::digest(payload).into())
    }
}

impl fmt::Display for Digest {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            write!(text, "{byte:02x}")?;
        }
        f.write_str(&text)
    }
}

/// Why bytes are no artifact that this build can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArtifactError {
    /// The first bytes are not those of an artifact.
    #[error("it is no agentc artifact")]
    Foreign,
    /// It ends too early.
    #[error("the artifact is cut short: {have} of {want} bytes")]
    CutShort {
        /// Bytes there are.
        have: usize,
        /// Bytes there must be.
        want: u64,
    },
    /// It goes on too long.
    #[error("the artifact goes on for {extra} bytes after its end")]
    Extra {
        /// Bytes after the end.
        extra: u64,
    },
    /// It is larger than any artifact may be.
    #[error("the artifact is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// Another version of agentc made it.
    #[error("it was made by format {found}; this reads format {FORMAT}")]
    Format {
        /// Its format.
        found: u32,
    },
    /// Its payload is not the one that was digested.
    #[error("its digest does not match: it was changed after it was built")]
    Changed,
    /// The payload is no program.
    #[error("its payload is no program of format {FORMAT}")]
    Payload,
}

/// The bytes of a program and its digest.
///
/// # Errors
/// [`ArtifactError::TooLarge`] where the program is larger than any artifact may be; [`ArtifactError::Payload`] where it cannot be
/// written at all.
pub fn encode(program: &Program) -> Result<Vec<u8>, ArtifactError> {
    let payload = payload(program)?;
    let length = u64::try_from(payload.len()).map_err(|_| ArtifactError::TooLarge)?;
    let mut bytes = Vec::with_capacity(payload.len().saturating_add(HEADER));
    bytes.extend(MAGIC);
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(Digest::of(&payload).0);
    bytes.extend(payload);
    if bytes.len() > MAX_BYTES { Err(ArtifactError::TooLarge) } else { Ok(bytes) }
}

/// Bytes before the payload.
const HEADER: usize = 52;

/// The digest that the artifact of a program has.
///
/// # Errors
/// As [`encode`].
pub fn digest(program: &Program) -> Result<Digest, ArtifactError> {
    payload(program).map(|payload| Digest::of(&payload))
}

fn payload(program: &Program) -> Result<Vec<u8>, ArtifactError> {
    postcard::to_stdvec(program).map_err(|_| ArtifactError::Payload)
}

/// The program that the bytes hold. It may still be ill-formed: [`Policy::load`](crate::policy::Policy::load) verifies it too.
///
/// # Errors
/// [`ArtifactError`] says what is wrong with the bytes.
pub fn decode(bytes: &[u8]) -> Result<(Program, Digest), ArtifactError> {
    if bytes.len() > MAX_BYTES {
        return Err(ArtifactError::TooLarge);
    }
    let short = |want: usize| ArtifactError::CutShort { have: bytes.len(), want: want.try_into().unwrap_or(u64::MAX) };
    let is_artifact = bytes.iter().zip(MAGIC).all(|(byte, magic)| *byte == magic);
    if !is_artifact || bytes.is_empty() {
        return Err(ArtifactError::Foreign);
    }
    let (_, rest) = bytes.split_first_chunk::<8>().ok_or_else(|| short(HEADER))?;
    let (format, rest) = rest.split_first_chunk::<4>().ok_or_else(|| short(HEADER))?;
    let found = u32::from_le_bytes(*format);
    if found != FORMAT {
        return Err(ArtifactError::Format { found });
    }
    let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(|| short(HEADER))?;
    let (stated, payload) = rest.split_first_chunk::<32>().ok_or_else(|| short(HEADER))?;
    let length = u64::from_le_bytes(*length);
    let have = u64::try_from(payload.len()).unwrap_or(u64::MAX);
    if have < length {
        return Err(ArtifactError::CutShort { have: bytes.len(), want: length.saturating_add(HEADER as u64) });
    }
    if have > length {
        return Err(ArtifactError::Extra { extra: have.saturating_sub(length) });
    }
    let digest = Digest::of(payload);
    if digest.0 != *stated {
        return Err(ArtifactError::Changed);
    }
    match postcard::take_from_bytes(payload) {
        Ok((program, [])) => Ok((program, digest)),
        _ => Err(ArtifactError::Payload),
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests;
