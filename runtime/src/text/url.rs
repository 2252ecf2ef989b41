//! Absolute URLs of the network, `https://shop.example/orders/1?x=y`.

use super::host::{self, HostError};
use std::borrow::Cow;

/// The longest URL, in bytes.
pub const MAX_BYTES: usize = 8192;

/// The schemes that the URL Standard gives a host, a port and a path, and their default ports.
const SCHEMES: [(&str, u16); 5] = [("ftp", 21), ("http", 80), ("https", 443), ("ws", 80), ("wss", 443)];

/// Why a text is no URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// More than [`MAX_BYTES`].
    #[error("a URL has at most 8192 bytes")]
    TooLong,
    /// Blanks, control characters or a backslash, which readers of URLs drop or read as `/`.
    #[error("a URL holds no blanks, control characters or backslashes")]
    Sign,
    /// Not one of the five schemes followed by `://`.
    #[error("a URL begins with `https://`, `http://`, `wss://`, `ws://` or `ftp://`")]
    Scheme,
    /// `https://good.com@evil.com`
    #[error("a URL holds no user name or password")]
    User,
    /// Not 1 to 65535 in plain digits.
    #[error("the port is no plain number from 1 to 65535")]
    Port,
    /// What stands for the host is none.
    #[error("{0}")]
    Host(HostError),
    /// A `%` without two hexadecimal digits, an encoded NUL, or in the path an encoded slash, backslash or control character.
    #[error("a `%` in the URL is followed by no two hexadecimal digits, or hides a slash, backslash or control character")]
    Encoding,
    /// `//` in the path.
    #[error("the path of the URL has an empty part")]
    EmptyPart,
    /// The parser of the URL Standard does not agree.
    #[error("the URL can be read in two ways")]
    Doubtful,
}

/// The parts of a URL in normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// `https`
    pub scheme: &'a str,
    /// `shop.example`, `192.0.2.1`, `[2001:db8::1]`
    pub host: &'a str,
    /// The port, the scheme's own where none is written.
    pub port: u16,
    /// `/orders/1`, never empty, still percent-encoded.
    pub path: &'a str,
    /// `x=y`, still percent-encoded; `None` where there is no `?`.
    pub query: Option<&'a str>,
    /// What follows `#`.
    pub fragment: Option<&'a str>,
}

/// The URL in normal form: scheme and host in lower case, the host as [`host::normalise`] makes it, no default port, dot
/// segments resolved, percent-encoding only where it is needed and in upper case.
///
/// # Errors
/// [`UrlError`] says what is wrong.
pub fn normalise(text: &str) -> Result<String, UrlError> {
    if text.len() > MAX_BYTES {
        return Err(UrlError::TooLong);
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(UrlError::Sign);
    }
    let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = default_port(&scheme).ok_or(UrlError::Scheme)?;
    let (authority, tail) = rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len())).ok_or(UrlError::Doubtful)?;
    if authority.contains('@') {
        return Err(UrlError::User);
    }
    let (host, port) = split_port(authority);
    let host = host::normalise(host).map_err(UrlError::Host)?;
    let port = match port.map(read_port).transpose()? {
        Some(port) if port != default_port => format!(":{port}"),
        _ => String::new(),
    };
    let tail = normalise_encoding(tail)?;
    let path = tail.split(['?', '#']).next().unwrap_or("");
    if path.contains("//") {
        return Err(UrlError::EmptyPart);
    }
    let parsed = ::url::Url::parse(&format!("{scheme}://{host}{port}{tail}")).map_err(|_| UrlError::Doubtful)?;
    // A second opinion: the parser of the URL Standard must see the host that was checked here.
    if parsed.host_str() != Some(&host)
        || parsed.scheme() != scheme
        || !parsed.username().is_empty()
        || parsed.password().is_some()
    {
        return Err(UrlError::Doubtful);
    }
    let normal = String::from(parsed);
    if normal.len() > MAX_BYTES {
        return Err(UrlError::TooLong);
    }
    Ok(normal)
}

/// The parts of a URL in normal form; `None` for a text that is none.
#[must_use]
pub fn parts(normal: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = normal.split_once("://")?;
    let (rest, fragment) = split_off(rest, '#');
    let (rest, query) = split_off(rest, '?');
    let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    let (host, port) = split_port(authority);
    let port = match port {
        Some(port) => port.parse().ok()?,
        None => default_port(scheme)?,
    };
    Some(Parts { scheme, host, port, path, query, fragment })
}

/// Names and values in the query, decoded as a form is (`+` is a blank), in their order.
pub fn parameters<'a>(url: &Parts<'a>) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
    ::url::form_urlencoded::parse(url.query.unwrap_or("").as_bytes())
}

fn split_off(text: &str, sign: char) -> (&str, Option<&str>) {
    text.split_once(sign).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn default_port(scheme: &str) -> Option<u16> {
    SCHEMES.iter().find(|(name, _)| *name == scheme).map(|(_, port)| *port)
}

/// Host and port of `host:port`; the colons inside brackets are the host's own.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn read_port(text: &str) -> Result<u16, UrlError> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain).ok_or(UrlError::Port)
}

/// Percent-encoding in one form: what needs none is decoded (so that dot segments are seen), the rest is in upper case.
fn normalise_encoding(tail: &str) -> Result<String, UrlError> {
    let mut normal = String::with_capacity(tail.len());
    let mut in_path = true;
    let mut characters = tail.chars();
    while let Some(c) = characters.next() {
        if matches!(c, '?' | '#') {
            in_path = false;
        }
        if c != '%' {
            normal.push(c);
            continue;
        }
        let mut digit =
            || characters.next().filter(char::is_ascii_hexdigit).and_then(|d| d.to_digit(16)).and_then(|d| u8::try_from(d).ok());
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(UrlError::Encoding) };
        let byte = (high << 4) | low;
        let hides = byte == 0 || (in_path && (byte.is_ascii_control() || matches!(byte, b'/' | b'\\')));
        if hides {
            return Err(UrlError::Encoding);
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            normal.push(char::from(byte));
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_one_normal_form() {
        for (text, normal) in [
            ("HTTPS://Shop.Example", "https://shop.example/"),
            ("https://shop.example:443/a", "https://shop.example/a"),
            ("http://shop.example:8080?x=y#z", "http://shop.example:8080/?x=y#z"),
            ("https://shop.example/a/../b/./c", "https://shop.example/b/c"),
            ("https://shop.example/a/%2e%2E/admin", "https://shop.example/admin"),
            ("https://shop.example/%61dmin?q=%7e%3a", "https://shop.example/admin?q=~%3A"),
            ("https://müller.de/ü", "https://xn--mller-kva.de/%C3%BC"),
            ("http://[2001:DB8::0:1]:8080/", "http://[2001:db8::1]:8080/"),
            ("http://[::1]", "http://[::1]/"),
            ("http://127.0.0.1/", "http://127.0.0.1/"),
            ("https://shop.example/a@b", "https://shop.example/a@b"),
            ("https://shop.example/?next=https://evil.com", "https://shop.example/?next=https://evil.com"),
        ] {
            assert_eq!(normalise(text).as_deref(), Ok(normal), "{text}");
            assert_eq!(normalise(normal).as_deref(), Ok(normal), "{text}");
        }
    }

    #[test]
    fn doubtful_urls_are_malformed() {
        for (text, error) in [
            ("", UrlError::Scheme),
            ("shop.example", UrlError::Scheme),
            ("//shop.example/a", UrlError::Scheme),
            ("/a", UrlError::Scheme),
            ("https:shop.example", UrlError::Scheme),
            ("https:/shop.example", UrlError::Scheme),
            ("file:///etc/passwd", UrlError::Scheme),
            ("javascript://shop.example/%0aalert(1)", UrlError::Scheme),
            ("data:text/html,x", UrlError::Scheme),
            ("mailto:a@b.com", UrlError::Scheme),
            ("https://good.com@evil.com", UrlError::User),
            ("https://good.com:x@evil.com", UrlError::User),
            ("https://@evil.com", UrlError::User),
            ("https://good.com\\@evil.com", UrlError::Sign),
            ("https://good.com\\.evil.com", UrlError::Sign),
            (" https://good.com", UrlError::Sign),
            ("https://go\tod.com", UrlError::Sign),
            ("https://good.com/a\nb", UrlError::Sign),
            ("https://good.com/\0", UrlError::Sign),
            ("https://", UrlError::Host(HostError::Missing)),
            ("https:///good.com", UrlError::Host(HostError::Missing)),
            ("https://:443/", UrlError::Host(HostError::Missing)),
            ("https://good.com./", UrlError::Host(HostError::TrailingDot)),
            ("https://good.com%2eevil.com/", UrlError::Host(HostError::Name)),
            ("https://good.com%00.evil.com/", UrlError::Host(HostError::Name)),
            ("https://ｇood.com/", UrlError::Host(HostError::Disguised)),
            ("https://good。com/", UrlError::Host(HostError::Disguised)),
            ("http://0x7f.1/", UrlError::Host(HostError::Number)),
            ("http://2130706433/", UrlError::Host(HostError::Number)),
            ("http://127.1/", UrlError::Host(HostError::Number)),
            ("http://[::ffff:127.0.0.1]/", UrlError::Host(HostError::Ipv6)),
            ("http://[::1]x/", UrlError::Host(HostError::Ipv6)),
            ("https://good.com:/", UrlError::Port),
            ("https://good.com:0/", UrlError::Port),
            ("https://good.com:0443/", UrlError::Port),
            ("https://good.com:+443/", UrlError::Port),
            ("https://good.com:99999/", UrlError::Port),
            ("https://good.com/%zz", UrlError::Encoding),
            ("https://good.com/%2", UrlError::Encoding),
            ("https://good.com/a%2Fb", UrlError::Encoding),
            ("https://good.com/a%5cb", UrlError::Encoding),
            ("https://good.com/a%0ab", UrlError::Encoding),
            ("https://good.com/?a=%00", UrlError::Encoding),
            ("https://good.com//admin", UrlError::EmptyPart),
            ("https://good.com/a//b", UrlError::EmptyPart),
        ] {
            assert_eq!(normalise(text), Err(error), "{text:?}");
        }
        assert_eq!(normalise(&format!("https://a.com/{}", "a".repeat(MAX_BYTES))), Err(UrlError::TooLong));
        assert_eq!(normalise(&format!("https://a.com/{}", "ü".repeat(3000))), Err(UrlError::TooLong));
    }

    #[test]
    fn a_look_alike_host_is_another_host() {
        assert_eq!(normalise("https://аpple.com/").as_deref(), Ok("https://xn--pple-43d.com/"));
    }

    #[test]
    fn the_parts_of_a_normal_form() {
        assert_eq!(
            parts("http://[::1]:8080/a/b?x=/y?#z?"),
            Some(Parts { scheme: "http", host: "[::1]", port: 8080, path: "/a/b", query: Some("x=/y?"), fragment: Some("z?") })
        );
        assert_eq!(
            parts("https://shop.example/"),
            Some(Parts { scheme: "https", host: "shop.example", port: 443, path: "/", query: None, fragment: None })
        );
        assert_eq!(parts("shop.example"), None);
    }

    #[test]
    fn parameters_are_decoded_in_order() {
        let url = parts("https://a.com/?a=1&b=x%2Fy+z&a=2&c").unwrap();
        let found: Vec<_> = parameters(&url).map(|(name, value)| format!("{name}:{value}")).collect();
        assert_eq!(found, ["a:1", "b:x/y z", "a:2", "c:"]);
    }
}
