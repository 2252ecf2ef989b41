//! Lossless tokens: every byte of a source text, comments, blanks and mistakes included.

use logos::Logos;

use crate::span::Span;

/// What a token is. Mistakes that people bring from other languages have kinds of their own, so that they can be named.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// Spaces, tabs, carriage returns, and the mark that some editors put at the start of a file.
    #[regex("[ \t\r\u{feff}]+")]
    Blank,
    /// One line end.
    #[token("\n")]
    NewLine,
    /// `// …` up to the end of the line.
    #[regex("//[^\n]*", priority = 3, allow_greedy = true)]
    Comment,
    /// `/// …` up to the end of the line: documents what follows.
    #[regex("///([^/\n][^\n]*)?", priority = 12, allow_greedy = true)]
    DocComment,
    /// A name or a keyword.
    #[regex("[A-Za-z_][A-Za-z0-9_]*", priority = 5)]
    Word,
    /// Whatever begins with a digit and is no time: `40`, `0.7`, `20%`, `15m`, and mistakes such as `50USD`.
    #[regex(r"[0-9][0-9A-Za-z_]*(\.[0-9][0-9A-Za-z_]*)?%?")]
    Number,
    /// `2026-05-04`
    #[regex("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")]
    Date,
    /// `2026-05-04T10:00:00Z`
    #[regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}T[0-9:]*(\.[0-9]+)?([A-Za-z]+|[+-][0-9:]+)?")]
    Time,
    /// `08:00` or `08:00:30`
    #[regex("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")]
    TimeOfDay,
    /// `"…"`
    #[regex(r#""([^"\\\n]|\\[^\n])*""#)]
    Text,
    /// `"…` that the line ends before it is closed.
    #[regex(r#""([^"\\\n]|\\[^\n])*\\?"#)]
    OpenText,
    /// `'…'`: text is written in double quotes.
    #[regex(r"'[^'\n]*'")]
    SingleQuoted,
    /// `“…”`: text is written in straight quotes.
    #[regex("[“”„«][^“”„«»\"\n]*[“”»]")]
    CurlyQuoted,
    /// `$50`: money is written `50 USD`.
    #[regex(r"[$€£][0-9][0-9_,]*(\.[0-9]+)?")]
    SignedMoney,
    /// `# …`: comments begin with `//`.
    #[regex("#[^\n]*", allow_greedy = true)]
    HashComment,
    /// `/* … */`: comments begin with `//`.
    #[token("/*", block_comment)]
    BlockComment,
    /// `(`
    #[token("(")]
    LeftParen,
    /// `)`
    #[token(")")]
    RightParen,
    /// `[`
    #[token("[")]
    LeftBracket,
    /// `]`
    #[token("]")]
    RightBracket,
    /// `{`
    #[token("{")]
    LeftBrace,
    /// `}`
    #[token("}")]
    RightBrace,
    /// `,`
    #[token(",")]
    Comma,
    /// `;`
    #[token(";")]
    Semicolon,
    /// `:`
    #[token(":")]
    Colon,
    /// `.`
    #[token(".")]
    Dot,
    /// `..`
    #[token("..")]
    Range,
    /// `?`
    #[token("?")]
    Question,
    /// `??`
    #[token("??")]
    Coalesce,
    /// `|`
    #[token("|")]
    Bar,
    /// `->`
    #[token("->")]
    Arrow,
    /// `=>`
    #[token("=>")]
    FatArrow,
    /// `=`
    #[token("=")]
    Assign,
    /// `==`
    #[token("==")]
    Equal,
    /// `!=`
    #[token("!=")]
    NotEqual,
    /// `<`
    #[token("<")]
    Less,
    /// `<=`
    #[token("<=")]
    LessEqual,
    /// `>`
    #[token(">")]
    Greater,
    /// `>=`
    #[token(">=")]
    GreaterEqual,
    /// `+`
    #[token("+")]
    Plus,
    /// `-`
    #[token("-")]
    Minus,
    /// `*`
    #[token("*")]
    Star,
    /// `/`
    #[token("/")]
    Slash,
    /// `===`, `!==`, `&&`, `&`, `||`, `!`, `<>`, `:=`: operators of other languages.
    #[regex(r"===|!==|&&?|\|\||!|<>|:=")]
    ForeignOperator,
    /// A word with letters outside A to Z.
    #[regex(r"[\p{L}_][\p{L}\p{M}\p{N}_]*", priority = 1)]
    ForeignWord,
    /// Anything else.
    Strange,
}

impl TokenKind {
    /// Whether it opens or closes a bracket of any sort.
    #[must_use]
    pub fn is_bracket(self) -> bool {
        use TokenKind::{LeftBrace, LeftBracket, LeftParen, RightBrace, RightBracket, RightParen};
        matches!(self, LeftParen | RightParen | LeftBracket | RightBracket | LeftBrace | RightBrace)
    }

    /// Whether it only keeps other tokens apart: blanks, line ends, comments.
    #[must_use]
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::NewLine | Self::Comment | Self::DocComment | Self::HashComment | Self::BlockComment)
    }
}

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where; never empty.
    pub span: Span,
}

/// The tokens of one source text, without gaps or overlaps: their texts joined are the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens<'s> {
    /// The text they were cut from.
    pub source: &'s str,
    /// The tokens in order.
    pub list: Vec<Token>,
}

impl<'s> Tokens<'s> {
    /// The text of a token.
    #[must_use]
    pub fn text(&self, token: Token) -> &'s str {
        token.span.text(self.source)
    }
}

/// Cuts a source into tokens. Never fails: what is no token is [`TokenKind::Strange`]. Of a source longer than spans can
/// count (4 GiB), only the part that they can is cut.
#[must_use]
pub fn tokenize(source: &str) -> Tokens<'_> {
    let mut list: Vec<Token> = Vec::new();
    for (kind, range) in TokenKind::lexer(source).spanned() {
        let (Ok(start), Ok(end)) = (u32::try_from(range.start), u32::try_from(range.end)) else { break };
        let kind = kind.unwrap_or(TokenKind::Strange);
        match list.last_mut() {
            // A run of strange characters is one token, so that it is one mistake.
            Some(last) if kind == TokenKind::Strange && last.kind == TokenKind::Strange => last.span.end = end,
            _ => list.push(Token { kind, span: Span::new(start, end) }),
        }
    }
    Tokens { source, list }
}

/// Takes a `/* … */` comment to its end, or to the end of the source.
fn block_comment(lexer: &mut logos::Lexer<'_, TokenKind>) {
    let rest = lexer.remainder();
    let length = rest.find("*/").map_or(rest.len(), |at| at.saturating_add(2));
    lexer.bump(length);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(source: &str) -> Vec<(TokenKind, &str)> {
        let tokens = tokenize(source);
        tokens.list.iter().filter(|token| token.kind != TokenKind::Blank).map(|&token| (token.kind, tokens.text(token))).collect()
    }

    #[test]
    fn literals_are_one_token_each() {
        use TokenKind::{Date, Number, Range, Text, Time, TimeOfDay, Word};
        assert_eq!(
            kinds(r#"40 0.7 20% 15m 2026-05-04T10:00:00.5+02:00 2026-05-04 08:00 0..5 50 USD "a \" b""#),
            [
                (Number, "40"),
                (Number, "0.7"),
                (Number, "20%"),
                (Number, "15m"),
                (Time, "2026-05-04T10:00:00.5+02:00"),
                (Date, "2026-05-04"),
                (TimeOfDay, "08:00"),
                (Number, "0"),
                (Range, ".."),
                (Number, "5"),
                (Number, "50"),
                (Word, "USD"),
                (Text, r#""a \" b""#),
            ]
        );
    }

    #[test]
    fn comments_are_told_apart() {
        use TokenKind::{BlockComment, Comment, DocComment, HashComment, NewLine, Word};
        assert_eq!(
            kinds("// a\n/// b\n//// c\n# d\n/* e\n */ f"),
            [
                (Comment, "// a"),
                (NewLine, "\n"),
                (DocComment, "/// b"),
                (NewLine, "\n"),
                (Comment, "//// c"),
                (NewLine, "\n"),
                (HashComment, "# d"),
                (NewLine, "\n"),
                (BlockComment, "/* e\n */"),
                (Word, "f"),
            ]
        );
    }

    #[test]
    fn mistakes_have_kinds_of_their_own() {
        use TokenKind::{CurlyQuoted, ForeignOperator, ForeignWord, OpenText, SignedMoney, SingleQuoted, Strange};
        assert_eq!(
            kinds("'a' “b” $50 && === café \u{1}\u{2} \"c"),
            [
                (SingleQuoted, "'a'"),
                (CurlyQuoted, "“b”"),
                (SignedMoney, "$50"),
                (ForeignOperator, "&&"),
                (ForeignOperator, "==="),
                (ForeignWord, "café"),
                (Strange, "\u{1}\u{2}"),
                (OpenText, "\"c"),
            ]
        );
    }

    proptest! {
        #[test]
        fn tokens_are_the_source(source in any::<String>()) {
            let tokens = tokenize(&source);
            let joined: String = tokens.list.iter().map(|&token| tokens.text(token)).collect();
            prop_assert_eq!(&joined, &source);
            prop_assert!(tokens.list.iter().all(|token| token.span.start < token.span.end));
        }

        #[test]
        fn tokens_are_the_source_near_the_language(source in "[a-z0-9 \n\"'\\\\/*#$.:;,(){}<>=!&|?“é-]{0,200}") {
            let tokens = tokenize(&source);
            let joined: String = tokens.list.iter().map(|&token| tokens.text(token)).collect();
            prop_assert_eq!(&joined, &source);
        }
    }
}
