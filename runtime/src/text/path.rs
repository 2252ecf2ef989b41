//! Absolute paths of files, `/srv/data/a.txt`, compared by part and never by raw prefix.

use icu_normalizer::ComposingNormalizerBorrowed;

/// The longest path, in bytes (`PATH_MAX` of Linux).
pub const MAX_BYTES: usize = 4096;

/// Why a text is no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// More than [`MAX_BYTES`].
    #[error("a path has at most 4096 bytes")]
    TooLong,
    /// It does not begin with `/`, or begins with `//`.
    #[error("a path begins with one `/`")]
    NotAbsolute,
    /// A backslash, which some systems read as `/`.
    #[error("a path holds no backslash")]
    Backslash,
    /// NUL, line ends, other control characters, and invisible ones.
    #[error("a path holds no control characters and no invisible ones")]
    Control,
    /// `%2e`, `%2f`, `%5c`, `%00`: what a server may decode.
    #[error("a path holds no percent-encoded dot, slash, backslash or NUL")]
    Encoded,
    /// More `..` than parts.
    #[error("the path climbs above `/`")]
    AboveRoot,
    /// Not in Unicode's normal form C, or characters that stand for `/`, `\` or `.`.
    #[error("the path holds characters that stand for others")]
    Disguised,
}

/// The path in normal form: `.` and empty parts removed, `..` resolved by name, no `/` at the end (but for `/` itself).
///
/// Names stay as written, upper and lower case included. `..` is resolved without looking at links, and the normal form is
/// what is decided and passed on, so that a link cannot change which path was meant.
///
/// # Errors
/// [`PathError`] says what is wrong.
pub fn normalise(text: &str) -> Result<String, PathError> {
    if text.len() > MAX_BYTES {
        return Err(PathError::TooLong);
    }
    if !text.starts_with('/') || text.starts_with("//") {
        return Err(PathError::NotAbsolute);
    }
    if text.contains('\\') {
        return Err(PathError::Backslash);
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(PathError::Control);
    }
    if holds_encoded_sign(text) {
        return Err(PathError::Encoded);
    }
    if is_disguised(text) {
        return Err(PathError::Disguised);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathError::AboveRoot)?;
            }
            name => parts.push(name),
        }
    }
    Ok(format!("/{}", parts.join("/")))
}

/// The parts of a path in normal form, from the root on; none for `/`.
pub fn parts(normal: &str) -> impl DoubleEndedIterator<Item = &str> {
    normal.split('/').filter(|part| !part.is_empty())
}

/// Whether a path is `base` or lies below it, part by part; both in normal form.
#[must_use]
pub fn is_under(path: &str, base: &str) -> bool {
    let mut rest = parts(path);
    parts(base).all(|part| rest.next() == Some(part))
}

/// Characters that show nothing, or change the direction in which the rest is shown.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn holds_encoded_sign(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if let (b'%', [high, low, ..]) = (first, tail)
            && matches!((high, low.to_ascii_lowercase()), (b'2', b'e' | b'f') | (b'5', b'c') | (b'0', b'0'))
        {
            return true;
        }
        rest = tail;
    }
    false
}

fn is_disguised(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    if !ComposingNormalizerBorrowed::new_nfc().is_normalized(text) {
        return true;
    }
    let signs = |text: &str| text.bytes().filter(|b| matches!(b, b'/' | b'\\' | b'.')).count();
    // Compatibility forms such as the full-width slash and the two-dot leader turn into the plain sign in NFKC. The fraction
    // and division slashes have no such form, but are drawn as one.
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    signs(&plain) != signs(text) || text.contains(['\u{2044}', '\u{2215}', '\u{29f8}', '\u{2216}', '\u{29f5}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_empty_parts_are_resolved() {
        for (text, normal) in [
            ("/", "/"),
            ("/srv/data/a.txt", "/srv/data/a.txt"),
            ("/srv//data/./a.txt", "/srv/data/a.txt"),
            ("/srv/data/", "/srv/data"),
            ("/srv/data/../other", "/srv/other"),
            ("/srv/data/..", "/srv"),
            ("/a/..", "/"),
            ("/Srv/Café 100%/...", "/Srv/Café 100%/..."),
            ("/~/x", "/~/x"),
        ] {
            assert_eq!(normalise(text).as_deref(), Ok(normal), "{text}");
            assert_eq!(normalise(normal).as_deref(), Ok(normal), "{text}");
        }
    }

    #[test]
    fn doubtful_paths_are_malformed() {
        for (text, error) in [
            ("", PathError::NotAbsolute),
            ("srv/data", PathError::NotAbsolute),
            ("~/x", PathError::NotAbsolute),
            ("//server/share", PathError::NotAbsolute),
            ("C:\\x", PathError::NotAbsolute),
            ("file:///etc/passwd", PathError::NotAbsolute),
            (" /etc", PathError::NotAbsolute),
            ("/srv/data\\..\\etc", PathError::Backslash),
            ("/srv/a\0b", PathError::Control),
            ("/srv/a\nb", PathError::Control),
            ("/srv/\u{202e}txt.exe", PathError::Control),
            ("/srv/a\u{200b}b", PathError::Control),
            ("/srv/%2e%2E/etc", PathError::Encoded),
            ("/srv/a%2Fb", PathError::Encoded),
            ("/srv/a%5cb", PathError::Encoded),
            ("/srv/a%00", PathError::Encoded),
            ("/..", PathError::AboveRoot),
            ("/srv/../../etc", PathError::AboveRoot),
            ("/srv/．．/etc", PathError::Disguised),
            ("/srv/‥/etc", PathError::Disguised),
            ("/srv／etc", PathError::Disguised),
            ("/srv∕etc", PathError::Disguised),
            ("/cafe\u{301}", PathError::Disguised),
        ] {
            assert_eq!(normalise(text), Err(error), "{text:?}");
        }
        assert_eq!(normalise(&"/a".repeat(2049)), Err(PathError::TooLong));
    }

    #[test]
    fn under_compares_part_by_part() {
        assert!(is_under("/srv/data", "/srv/data"));
        assert!(is_under("/srv/data/a/b", "/srv/data"));
        assert!(is_under("/srv/data", "/"));
        assert!(!is_under("/srv/database", "/srv/data"));
        assert!(!is_under("/srv", "/srv/data"));
        assert!(!is_under("/SRV/data/a", "/srv/data"));
    }
}
