//! Host names and addresses in the one form in which they are compared: lower-case ASCII.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Why a text is no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Nothing there.
    #[error("the host is missing")]
    Missing,
    /// `example.com.`
    #[error("the host ends in a dot")]
    TrailingDot,
    /// Not letters, digits and hyphens in labels of 1 to 63 and 253 in all, or not valid under IDNA.
    #[error("the host is no valid name")]
    Name,
    /// Full-width letters, ligatures, invisible characters: what reads as one name and resolves as another.
    #[error("the host holds characters that stand for others")]
    Disguised,
    /// `0x7f.1`, `2130706433`, `127.1`, `010.0.0.1`
    #[error("the host looks like a number but is no address of four plain numbers")]
    Number,
    /// Not IPv6 in brackets, or an IPv4 address inside one.
    #[error("the host is no plain IPv6 address")]
    Ipv6,
}

/// A host in normal form: a name in lower-case ASCII (other scripts as `xn--`), an IPv4 address as four plain numbers, or an
/// IPv6 address in brackets in the form of RFC 5952.
///
/// Names follow UTS #46 (non-transitional) with the tables of the `idna` crate. A name that it would change in any other way
/// than to lower case is [`HostError::Disguised`].
///
/// # Errors
/// [`HostError`] says what is wrong.
pub fn normalise(text: &str) -> Result<String, HostError> {
    if let Some(inner) = text.strip_prefix('[') {
        return ipv6(inner);
    }
    let last = text.rsplit('.').next().unwrap_or("");
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return match text.parse::<Ipv4Addr>() {
            Ok(address) => Ok(address.to_string()),
            Err(_) if is_number(last) => Err(HostError::Number),
            Err(_) => name(text),
        };
    }
    name(text)
}

/// A host name in normal form, never an address; labels may hold letters, digits, hyphens and underscores.
///
/// # Errors
/// [`HostError`] says what is wrong.
pub fn name(text: &str) -> Result<String, HostError> {
    if text.is_empty() {
        return Err(HostError::Missing);
    }
    if text.ends_with('.') {
        return Err(HostError::TrailingDot);
    }
    if text.rsplit('.').next().is_some_and(is_number) {
        return Err(HostError::Number);
    }
    let idna = Uts46::new();
    let ascii = idna
        .to_ascii(text.as_bytes(), AsciiDenyList::URL, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| HostError::Name)?;
    if !ascii.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.')) {
        return Err(HostError::Name);
    }
    let written = text.to_lowercase();
    let (shown, _) = idna.to_unicode(ascii.as_bytes(), AsciiDenyList::URL, Hyphens::CheckFirstLast);
    if !same_labels(&written, &ascii, &shown) {
        return Err(HostError::Disguised);
    }
    Ok(ascii.into_owned())
}

/// Each label as written is the label's ASCII or its Unicode form, and there are as many.
fn same_labels(written: &str, ascii: &str, shown: &str) -> bool {
    let count = |name: &str| name.split('.').count();
    count(written) == count(ascii)
        && count(ascii) == count(shown)
        && written.split('.').zip(ascii.split('.')).zip(shown.split('.')).all(|((w, a), s)| w == a || w == s)
}

/// What some resolver reads as a number: decimal, octal or hexadecimal digits.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|b| b.is_ascii_digit()),
    }
}

fn ipv6(inner: &str) -> Result<String, HostError> {
    let text = inner.strip_suffix(']').ok_or(HostError::Ipv6)?;
    let address: Ipv6Addr = text.parse().map_err(|_| HostError::Ipv6)?;
    if text.contains('.') || address.to_ipv4_mapped().is_some() {
        return Err(HostError::Ipv6);
    }
    Ok(format!("[{address}]"))
}

/// Whether a host in normal form is `domain` or a name below it; addresses are below no domain.
#[must_use]
pub fn is_within(host: &str, domain: &str) -> bool {
    let below = || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    host == domain || (host.parse::<Ipv4Addr>().is_err() && below())
}

/// Whether a host in normal form is one that only its own machine or network can reach: `localhost` and names below it, names
/// of one label, names below `local`, `internal`, `lan` and `home.arpa`, and the addresses that the IANA registries of
/// special-purpose addresses keep from the public network (loopback, private, link-local, shared, unspecified, multicast,
/// reserved, documentation, and in IPv6 all that is not global unicast).
#[must_use]
pub fn is_internal(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().map_or(true, is_internal_ipv6);
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_internal_ipv4(address);
    }
    !host.contains('.') || ["localhost", "local", "internal", "lan", "home.arpa"].iter().any(|top| is_within(host, top))
}

fn is_internal_ipv4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    matches!(
        (first, second, third),
        (0 | 10 | 127 | 224.., ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_internal_ipv6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast is 2000::/3. Inside it 2001::/23 (protocols, Teredo), 2001:db8::/32 (documentation), 2002::/16 (6to4,
    // which carries an IPv4 address) and 3fff::/20 (documentation) are not places of the public network either.
    let global = (first & 0xe000) == 0x2000;
    !global
        || (first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        || first == 0x2002
        || (first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_lower_case_ascii() {
        for (text, normal) in [
            ("Example.COM", "example.com"),
            ("müller.de", "xn--mller-kva.de"),
            ("MÜLLER.de", "xn--mller-kva.de"),
            ("xn--mller-kva.DE", "xn--mller-kva.de"),
            ("straße.de", "xn--strae-oqa.de"),
            ("例え.jp", "xn--r8jz45g.jp"),
            ("r3---sn-a.example.com", "r3---sn-a.example.com"),
            ("my_service", "my_service"),
            ("3com.com", "3com.com"),
            ("example.3com", "example.3com"),
        ] {
            assert_eq!(normalise(text).as_deref(), Ok(normal), "{text}");
        }
    }

    #[test]
    fn a_look_alike_is_another_name() {
        // The first letter is Cyrillic.
        assert_eq!(normalise("аpple.com").as_deref(), Ok("xn--pple-43d.com"));
    }

    #[test]
    fn what_stands_for_other_characters_is_malformed() {
        for text in ["ｅxample.com", "example。com", "exam\u{00ad}ple.com", "ﬁle.com", "example\u{200b}.com", "u\u{308}ber.de"]
        {
            assert!(matches!(normalise(text), Err(HostError::Disguised | HostError::Name)), "{text}: {:?}", normalise(text));
        }
    }

    #[test]
    fn bad_names_are_malformed() {
        let long = format!("{}.com", "a".repeat(64));
        for text in
            ["a..b", ".a.com", "-a.com", "a-.com", "a b.com", "a%2eb.com", "a/b", "a@b", "xn--", "xn--a.com", &long, "a\0.com"]
        {
            assert_eq!(normalise(text), Err(HostError::Name), "{text}");
        }
        assert_eq!(normalise(""), Err(HostError::Missing));
        assert_eq!(normalise("example.com."), Err(HostError::TrailingDot));
    }

    #[test]
    fn only_the_plain_form_of_an_address_is_one() {
        assert_eq!(normalise("192.0.2.1").as_deref(), Ok("192.0.2.1"));
        for text in
            ["0x7f.0.0.1", "2130706433", "127.1", "127.0.0.01", "0177.0.0.1", "1.2.3.4.5", "256.1.1.1", "0x7f000001", "a.0x1"]
        {
            assert!(matches!(normalise(text), Err(HostError::Number)), "{text}: {:?}", normalise(text));
        }
        assert_eq!(normalise("[2001:DB8:0:0::1]").as_deref(), Ok("[2001:db8::1]"));
        for text in ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1", "[::1%25eth0]", "[]", "::1"] {
            assert!(
                matches!(normalise(text), Err(HostError::Ipv6 | HostError::Name | HostError::Number)),
                "{text}: {:?}",
                normalise(text)
            );
        }
    }

    #[test]
    fn domains_are_compared_by_label() {
        assert!(is_within("acme.com", "acme.com"));
        assert!(is_within("mail.acme.com", "acme.com"));
        assert!(!is_within("evilacme.com", "acme.com"));
        assert!(!is_within("acme.com.evil.com", "acme.com"));
        assert!(!is_within("1.2.3.4", "3.4"));
    }

    #[test]
    fn hosts_of_the_own_network_are_known() {
        for host in [
            "localhost",
            "db",
            "a.localhost",
            "printer.local",
            "127.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "192.168.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::]",
            "[2002:7f00:1::]",
            "255.255.255.255",
        ] {
            assert!(is_internal(host), "{host}");
        }
        for host in ["example.com", "8.8.8.8", "172.32.0.1", "[2606:4700::1111]", "localhost.example.com"] {
            assert!(!is_internal(host), "{host}");
        }
    }
}
