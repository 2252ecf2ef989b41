//! E-mail addresses: `local@domain`, the domain a host name in lower-case ASCII.

use super::host::{self, HostError};
use email_address::EmailAddress;

/// The longest address, in bytes (RFC 5321, as corrected by erratum 1690).
pub const MAX_BYTES: usize = 254;

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// More than [`MAX_BYTES`].
    #[error("an e-mail address has at most 254 bytes")]
    TooLong,
    /// Not exactly one `@`.
    #[error("an e-mail address has exactly one `@`")]
    At,
    /// Not 1 to 64 plain characters before the `@`.
    #[error("the part before the `@` is not 1 to 64 plain letters, digits and signs")]
    Local,
    /// `user%other.example@relay.example`, `host!user@relay.example`: a relay may deliver it elsewhere.
    #[error("the part before the `@` holds a `%` or `!`, which a relay may read as another address")]
    Routed,
    /// A domain of one label, or an address instead of a name.
    #[error("the domain is no name of two labels or more")]
    Domain,
    /// The domain is no host name.
    #[error("in the domain, {0}")]
    Host(HostError),
}

/// The address in normal form: the part before the `@` as written (its case may matter to who receives it), the domain as
/// [`host::name`] makes it.
///
/// Accepted is the dot-atom form of RFC 5322 in ASCII, nothing else: no display name, quotes, comments, blanks, address
/// literals or non-ASCII mailbox.
///
/// # Errors
/// [`EmailError`] says what is wrong.
pub fn normalise(text: &str) -> Result<String, EmailError> {
    if text.len() > MAX_BYTES {
        return Err(EmailError::TooLong);
    }
    let (local, domain) = text.split_once('@').ok_or(EmailError::At)?;
    if domain.contains('@') {
        return Err(EmailError::At);
    }
    if !local.is_ascii() || local.contains('"') || !EmailAddress::is_valid_local_part(local) {
        return Err(EmailError::Local);
    }
    if local.contains(['%', '!']) {
        return Err(EmailError::Routed);
    }
    let domain = host::name(domain).map_err(EmailError::Host)?;
    if !domain.contains('.') || domain.contains('_') {
        return Err(EmailError::Domain);
    }
    let normal = format!("{local}@{domain}");
    if normal.len() > MAX_BYTES {
        return Err(EmailError::TooLong);
    }
    Ok(normal)
}

/// The parts before and after the `@` of an address in normal form; `None` for a text that is none.
#[must_use]
pub fn parts(normal: &str) -> Option<(&str, &str)> {
    normal.split_once('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_lower_case_ascii_and_the_local_part_stays() {
        for (text, normal) in [
            ("Ann.Lee@Example.COM", "Ann.Lee@example.com"),
            ("ann+orders@example.com", "ann+orders@example.com"),
            ("o'neil@example.co.uk", "o'neil@example.co.uk"),
            ("ann@müller.de", "ann@xn--mller-kva.de"),
        ] {
            assert_eq!(normalise(text).as_deref(), Ok(normal), "{text}");
            assert_eq!(normalise(normal).as_deref(), Ok(normal), "{text}");
        }
    }

    #[test]
    fn doubtful_addresses_are_malformed() {
        for text in ["", "ann", "ann@a@example.com", "\"ann@a\"@example.com"] {
            assert_eq!(normalise(text), Err(EmailError::At), "{text}");
        }
        for text in [
            "@example.com",
            ".ann@example.com",
            "ann.@example.com",
            "a..b@example.com",
            "\"ann\"@example.com",
            "Ann <ann@example.com",
            "ann lee@example.com",
            " ann@example.com",
            "ann\n@example.com",
            "ann\0@example.com",
            "(x)ann@example.com",
            "änn@example.com",
        ] {
            assert_eq!(normalise(text), Err(EmailError::Local), "{text}");
        }
        for text in ["ann%evil.com@example.com", "evil.com!ann@example.com"] {
            assert_eq!(normalise(text), Err(EmailError::Routed), "{text}");
        }
        for text in ["ann@localhost", "ann@my_host.com"] {
            assert_eq!(normalise(text), Err(EmailError::Domain), "{text}");
        }
        for (text, error) in [
            ("ann@", HostError::Missing),
            ("ann@example.com.", HostError::TrailingDot),
            ("ann@example.com ", HostError::Name),
            ("ann@[127.0.0.1]", HostError::Name),
            ("ann@127.0.0.1", HostError::Number),
            ("ann@example.com>", HostError::Name),
            ("ann@ｅxample.com", HostError::Disguised),
            ("ann@example.com,bob.example.com", HostError::Name),
        ] {
            assert_eq!(normalise(text), Err(EmailError::Host(error)), "{text}");
        }
        assert_eq!(normalise(&format!("{}@example.com", "a".repeat(65))), Err(EmailError::Local));
        assert_eq!(normalise(&format!("a@{}.com", "a.".repeat(130))), Err(EmailError::TooLong));
    }

    #[test]
    fn a_look_alike_domain_is_another_domain() {
        assert_eq!(normalise("ann@раypal.com").as_deref(), Ok("ann@xn--ypal-43d9g.com"));
    }

    #[test]
    fn the_parts_are_what_stands_around_the_sign() {
        assert_eq!(parts("ann@example.com"), Some(("ann", "example.com")));
        assert_eq!(parts("ann"), None);
    }
}
