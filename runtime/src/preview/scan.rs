//! Reads JSON text in one pass without building anything, as strictly as `json` does. What it does not know it leaves to `json`: every
//! function gives `None` then, and says nothing of whether the text is right.

use crate::json::Json;

/// A place in a JSON text.
pub(super) struct Scanner<'e> {
    text: &'e str,
    at: usize,
}

impl<'e> Scanner<'e> {
    pub(super) fn new(text: &'e str) -> Self {
        Self { text, at: 0 }
    }

    #[inline]
    fn rest(&self) -> &'e [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The byte that comes next, after blanks.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.rest().first() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at = self.at.saturating_add(1),
                first => return first.copied(),
            }
        }
    }

    /// Takes that byte, after blanks.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at = self.at.saturating_add(1))
    }

    /// After a member or an element: whether another one follows; `close` ends them.
    #[inline]
    pub(super) fn another(&mut self, close: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at = self.at.saturating_add(1);
        match byte {
            b',' => Some(true),
            _ => (byte == close).then_some(false),
        }
    }

    /// Whether an object that was just opened has members.
    pub(super) fn has_members(&mut self) -> Option<bool> {
        let is_empty = self.peek()? == b'}';
        self.at = self.at.saturating_add(usize::from(is_empty));
        Some(!is_empty)
    }

    /// Takes these bytes, which must come next without a blank.
    #[inline]
    pub(super) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        (self.rest().first_chunk::<N>()? == bytes).then(|| self.at = self.at.saturating_add(N))
    }

    /// Takes this text, which must come next without a blank.
    #[inline]
    pub(super) fn text(&mut self, text: &str) -> Option<()> {
        self.rest().starts_with(text.as_bytes()).then(|| self.at = self.at.saturating_add(text.len()))
    }

    /// A string without escapes.
    #[inline]
    pub(super) fn string(&mut self) -> Option<&'e str> {
        self.take(b'"')?;
        self.opened_string()
    }

    /// A string without escapes after its first quotation mark.
    #[inline]
    pub(super) fn opened_string(&mut self) -> Option<&'e str> {
        let length = plain(self.rest())?;
        let start = self.at;
        let end = start.saturating_add(length);
        if *self.text.as_bytes().get(end)? != b'"' {
            return None;
        }
        self.at = end.saturating_add(1);
        self.text.get(start..end)
    }

    /// A string whose content nobody reads: it may hold escapes of one letter.
    pub(super) fn skip_string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            let length = plain(self.rest())?;
            self.at = self.at.saturating_add(length);
            match self.rest() {
                [b'"', ..] => {
                    self.at = self.at.saturating_add(1);
                    return Some(());
                }
                [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at = self.at.saturating_add(2),
                _ => return None,
            }
        }
    }

    /// A member's name and the colon after it.
    #[inline]
    pub(super) fn name(&mut self) -> Option<&'e str> {
        let name = self.string()?;
        self.take(b':')?;
        Some(name)
    }

    /// A number: its text.
    pub(super) fn number(&mut self) -> Option<&'e str> {
        self.peek()?;
        let start = self.at;
        let mut rest = self.rest();
        if let [b'-', after @ ..] = rest {
            rest = after;
        }
        rest = match rest {
            [b'0', after @ ..] => after,
            _ => digits(rest)?,
        };
        if let [b'.', after @ ..] = rest {
            rest = digits(after)?;
        }
        if let [b'e' | b'E', after @ ..] = rest {
            let after = if let [b'+' | b'-', after @ ..] = after { after } else { after };
            rest = digits(after)?;
        }
        self.at = self.text.len().checked_sub(rest.len())?;
        self.text.get(start..self.at)
    }

    /// One of the words `true`, `false`, `null`.
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.peek()?;
        self.rest().starts_with(word.as_bytes()).then(|| self.at = self.at.saturating_add(word.len()))
    }

    /// Any value, as a tree; it stands that deep inside others.
    pub(super) fn tree(&mut self, depth: usize) -> Option<Json> {
        let (json, after) = Json::read_at(self.text, self.at, depth)?;
        self.at = after;
        Some(json)
    }

    /// Nothing but blanks is left.
    pub(super) fn end(&mut self) -> Option<()> {
        self.peek().is_none().then_some(())
    }
}

/// How many bytes come before the first that ends a string or cannot stand in one; `None` where there is no such byte.
#[inline]
fn plain(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut skipped = 0_usize;
    for word in words {
        let stops = stops(u64::from_le_bytes(*word));
        if stops != 0 {
            return skipped.checked_add(usize::try_from(stops.trailing_zeros() >> 3).ok()?);
        }
        skipped = skipped.saturating_add(8);
    }
    let within = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
    skipped.checked_add(within)
}

/// The upper bit of each byte that ends a string or cannot stand in one: the lowest bit set is that of the first such byte, those above it
/// may be of others.
///
/// Bytes less than `n` are found by `(word - n…) & !word`, zero ones by `n = 1`, as in *Bit Twiddling Hacks* of Sean Eron Anderson: only
/// a byte that is found borrows from the next.
#[inline]
fn stops(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let less = |word: u64, than: u8| word.wrapping_sub(ONES.wrapping_mul(u64::from(than))) & !word;
    let is = |byte: u8| less(word ^ ONES.wrapping_mul(u64::from(byte)), 1);
    (less(word, 0x20) | is(b'"') | is(b'\\')) & ONES.wrapping_mul(0x80)
}

/// What comes after one digit or more.
fn digits(bytes: &[u8]) -> Option<&[u8]> {
    let count = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    if count == 0 { None } else { bytes.get(count..) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read here, the reader of trees reads too, and as the same value.
    #[test]
    fn whatever_it_reads_is_right() {
        for text in ["\"\"", "\"a b\"", "\"é\"", "\"a", "\"a\\n\"", "\"a\nb\"", "\"a\\u0041\"", "\"\u{7f}\"", "a\"", " \"x\" "] {
            let (read, skipped) = (Scanner::new(text).string(), Scanner::new(text).skip_string());
            if let Some(read) = read {
                assert_eq!(Json::read(text.as_bytes()), Ok(Json::text(read)), "{text}");
            }
            assert!(skipped.is_none() || Json::read(text.as_bytes()).is_ok(), "{text}");
        }
        assert!(Scanner::new("\"a\\nb\\\\\"").skip_string().is_some());
        assert_eq!(Scanner::new("\"a\\qb\"").skip_string(), None);
        for text in ["0", "-0", "10", "1.50", "1e3", "1E+2", "1e-2", "01", "-", "1.", ".5", "+1", "1e", "1e+", "x", ""] {
            let mut scanner = Scanner::new(text);
            let read = scanner.number().filter(|_| scanner.end().is_some());
            assert_eq!(read.is_some(), Json::read(text.as_bytes()).is_ok(), "{text}");
            assert_eq!(read.unwrap_or(text), text);
        }
    }

    #[test]
    fn strings_end_at_the_first_byte_that_ends_them_wherever_it_stands() {
        let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        for stop in 0..=u8::MAX {
            for before in 0..20 {
                for after in [0x00, 0x1f, 0x20, 0x21, b'"', 0x23, 0x5b, b'\\', 0x5d, 0x7f, 0x80, 0xff] {
                    let mut bytes = vec![b'a'; before];
                    bytes.extend([stop, after]);
                    bytes.extend([b'a'; 9]);
                    assert_eq!(plain(&bytes), bytes.iter().position(stops), "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn a_tree_is_read_from_its_place_within_its_depth() {
        let mut scanner = Scanner::new("{\"a\": [1, {\"b\": 2}] , \"c\": 3}");
        scanner.take(b'{').unwrap();
        assert_eq!(scanner.name(), Some("a"));
        assert_eq!(scanner.tree(1).unwrap().to_string(), "[1,{\"b\":2}]");
        assert_eq!(scanner.another(b'}'), Some(true));
        assert_eq!(scanner.name(), Some("c"));
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Scanner::new(&nested(94)).tree(2).is_some());
        assert!(Scanner::new(&nested(95)).tree(2).is_none());
        assert!(Scanner::new("{\"a\":1,\"a\":2}").tree(2).is_none());
    }
}
