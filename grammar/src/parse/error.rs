//! What can be wrong with the writing of a policy, as data; the sentences are made when somebody asks for them.

use crate::span::Span;

/// A mistake in the writing of a source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where; empty where something is missing at the end of a line.
    pub span: Span,
}

/// The kinds of mistake. Each says something else to the author, so each has a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// Something stands where something else should.
    Unexpected {
        /// What stands before it, as written.
        after: Option<String>,
        /// What could stand there, in the author's words, best first. May be empty.
        expected: Vec<String>,
        /// What stands there.
        found: Found,
        /// How a whole declaration, rule or step of this sort reads.
        example: Option<&'static str>,
        /// What to write instead, where it can be told what was meant.
        instead: Option<String>,
    },
    /// A word that is nearly one that could stand there.
    Misspelled {
        /// The word as written.
        found: String,
        /// The nearest word that could stand there.
        meant: &'static str,
    },
    /// Two members, entries or arguments without a comma or line end between them.
    MissingSeparator {
        /// The first word of the second.
        found: String,
        /// What separates them here.
        separator: Separator,
    },
    /// A word or an operator of another language.
    Foreign {
        /// As written.
        found: String,
        /// What to write instead, a sentence with code in backticks.
        instead: String,
    },
    /// A word that later versions of the language will give a meaning.
    Reserved {
        /// The word.
        word: String,
    },
    /// A bracket that nothing closes.
    UnclosedBracket {
        /// `(`, `[` or `{`.
        open: char,
    },
    /// A closing bracket without an opening one.
    StrayBracket {
        /// `)`, `]` or `}`.
        bracket: char,
    },
    /// A text that the line ends before it is closed.
    UnclosedText,
    /// Text in single or typographic quotes.
    ForeignQuotes {
        /// The text between them.
        text: String,
    },
    /// `\d` and the like: an escape that texts do not have.
    BadEscape {
        /// With its backslash.
        escape: String,
    },
    /// A number, amount, time, date or duration that cannot be read.
    BadLiteral {
        /// As written.
        literal: String,
        /// What is wrong with it.
        problem: LiteralProblem,
        /// How it is written, where that can be told.
        instead: Option<String>,
    },
    /// `# …` or `/* … */`.
    ForeignComment,
    /// A character that cannot stand in a policy, visible or not.
    StrangeCharacter {
        /// The first of them.
        character: char,
    },
    /// `a and b or c` without parentheses.
    MixedAndOr,
    /// `a < b < c`
    ChainedComparison,
    /// A form that has a meaning only somewhere else.
    Misplaced {
        /// Which.
        form: Form,
    },
    /// A clause that may stand only once stands twice.
    Repeated {
        /// Its word.
        clause: &'static str,
    },
    /// A clause that must stand does not.
    Missing {
        /// Its word.
        clause: &'static str,
        /// What it belongs to, as `limit`.
        of: &'static str,
        /// How it reads.
        example: &'static str,
    },
    /// Nested more than [`MAX_DEPTH`](crate::parse::MAX_DEPTH) levels deep.
    TooDeep,
    /// Longer than [`MAX_SOURCE`](crate::parse::MAX_SOURCE) bytes.
    TooLong,
}

/// What stands at the place of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This, as written.
    Code(String),
    /// The line, and with it the member, ends.
    EndOfLine,
    /// The bracket that closes the block.
    EndOfBlock,
    /// The file ends.
    EndOfFile,
}

/// What keeps two things apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// A line end or `;`
    Line,
    /// A comma or a line end.
    CommaOrLine,
    /// A comma.
    Comma,
}

/// What is wrong with a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiteralProblem {
    /// `$50`, `50USD`, `50 usd`
    Money,
    /// `15min`, `15 minutes`, `1h30m`
    Duration,
    /// `within 15`
    NoUnit,
    /// `1,000`
    Thousands,
    /// `007`
    LeadingZero,
    /// A time without seconds or zone, or a day that the calendar does not have.
    Time,
    /// A date that the calendar does not have.
    Date,
    /// `25:00`
    TimeOfDay,
    /// A whole number or length of time that is too large.
    TooLarge,
    /// Anything else that begins with a digit.
    Number,
}

/// Forms and words that stand only in certain places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `a..b`
    Range,
    /// `(a, b)`
    Tuple,
    /// `{ a: 1 }`
    Record,
    /// The first word of a member that belongs into another block.
    Member {
        /// The word.
        word: String,
        /// The block that it belongs into, as `a job`.
        home: &'static str,
    },
}

impl SyntaxError {
    /// One sentence that stands alone.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.kind {
            SyntaxErrorKind::Unexpected { after, expected, found, .. } => {
                let after = after.as_ref().map(|text| format!(" after `{text}`")).unwrap_or_default();
                if expected.is_empty() {
                    format!("{} cannot stand here{after}", found.words())
                } else {
                    format!("expected {}{after}, found {}", alternatives(expected), found.words())
                }
            }
            SyntaxErrorKind::Misspelled { found, meant } => format!("`{found}` is unknown here, did you mean `{meant}`"),
            SyntaxErrorKind::MissingSeparator { found, separator } => format!("expected {} before `{found}`", separator.words()),
            SyntaxErrorKind::Foreign { found, .. } => format!("`{found}` is not part of the language"),
            SyntaxErrorKind::Reserved { word } => format!("`{word}` is reserved for a later version"),
            SyntaxErrorKind::UnclosedBracket { open } => format!("this `{open}` is never closed"),
            SyntaxErrorKind::StrayBracket { bracket } => format!("this `{bracket}` closes nothing"),
            SyntaxErrorKind::UnclosedText => "this text is not closed before the line ends".to_owned(),
            SyntaxErrorKind::ForeignQuotes { .. } => "text is written in straight double quotes".to_owned(),
            SyntaxErrorKind::BadEscape { escape } => format!("`{escape}` means nothing in a text"),
            SyntaxErrorKind::BadLiteral { literal, problem, .. } => problem.sentence(literal),
            SyntaxErrorKind::ForeignComment => "comments begin with `//`".to_owned(),
            SyntaxErrorKind::StrangeCharacter { character } => match name_of(*character) {
                Some(name) => format!("{name} cannot stand in a policy"),
                None => format!("`{character}` cannot stand here"),
            },
            SyntaxErrorKind::MixedAndOr => "`and` and `or` are mixed without parentheses".to_owned(),
            SyntaxErrorKind::ChainedComparison => "comparisons do not chain".to_owned(),
            SyntaxErrorKind::Misplaced { form } => match form {
                Form::Range => "a range stands only to the right of `in`".to_owned(),
                Form::Tuple => "several values in parentheses stand only between `match` and its `{`".to_owned(),
                Form::Record => "a value in braces stands only in tests and fixtures".to_owned(),
                Form::Member { word, home } => format!("`{word}` stands in {home}, not here"),
            },
            SyntaxErrorKind::Repeated { clause } => format!("`{clause}` is written twice"),
            SyntaxErrorKind::Missing { clause, of, .. } => format!("this {of} does not say `{clause}`"),
            SyntaxErrorKind::TooDeep => format!("nested too deeply; at most {} levels", super::MAX_DEPTH),
            SyntaxErrorKind::TooLong => format!("the file is too long; at most {} bytes", super::MAX_SOURCE),
        }
    }

    /// A few words for the place itself.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.kind {
            SyntaxErrorKind::Unexpected { expected, .. } if expected.is_empty() => "cannot stand here".to_owned(),
            SyntaxErrorKind::Unexpected { expected, .. } => format!("expected {}", alternatives(expected)),
            SyntaxErrorKind::Misspelled { .. } => "unknown here".to_owned(),
            SyntaxErrorKind::MissingSeparator { .. } => "a new one begins here".to_owned(),
            SyntaxErrorKind::Foreign { .. } => "not part of the language".to_owned(),
            SyntaxErrorKind::Reserved { .. } => "reserved".to_owned(),
            SyntaxErrorKind::UnclosedBracket { .. } => "opened here".to_owned(),
            SyntaxErrorKind::StrayBracket { .. } => "nothing is open here".to_owned(),
            SyntaxErrorKind::UnclosedText => "begins here".to_owned(),
            SyntaxErrorKind::ForeignQuotes { .. } => "other quotes".to_owned(),
            SyntaxErrorKind::BadEscape { .. } => "unknown escape".to_owned(),
            SyntaxErrorKind::BadLiteral { problem, .. } => problem.label().to_owned(),
            SyntaxErrorKind::ForeignComment => "another language's comment".to_owned(),
            SyntaxErrorKind::StrangeCharacter { .. } => "this character".to_owned(),
            SyntaxErrorKind::MixedAndOr => "the other of the two".to_owned(),
            SyntaxErrorKind::ChainedComparison => "a second comparison".to_owned(),
            SyntaxErrorKind::Misplaced { .. } => "not here".to_owned(),
            SyntaxErrorKind::Repeated { .. } => "the second".to_owned(),
            SyntaxErrorKind::Missing { clause, .. } => format!("no `{clause}`"),
            SyntaxErrorKind::TooDeep => "too deep here".to_owned(),
            SyntaxErrorKind::TooLong => "this file".to_owned(),
        }
    }

    /// What to write instead, where that can be said.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match &self.kind {
            SyntaxErrorKind::Unexpected { example, instead, .. } => {
                instead.clone().or_else(|| example.map(|text| format!("a whole one reads `{text}`")))
            }
            SyntaxErrorKind::Misspelled { meant, .. } => Some(format!("write `{meant}`")),
            SyntaxErrorKind::MissingSeparator { separator, .. } => Some(match separator {
                Separator::Line => "begin a new line, or write `;` between the two".to_owned(),
                Separator::CommaOrLine => "write a comma between the two, or begin a new line".to_owned(),
                Separator::Comma => "write a comma between the two".to_owned(),
            }),
            SyntaxErrorKind::Foreign { instead, .. } => Some(instead.clone()),
            SyntaxErrorKind::Reserved { .. } => Some("choose another word; parameters and fields may have this name".to_owned()),
            SyntaxErrorKind::UnclosedBracket { open } => Some(format!("write the closing `{}`", closing(*open))),
            SyntaxErrorKind::StrayBracket { bracket } => Some(format!("leave out the `{bracket}`, or write what it closes")),
            SyntaxErrorKind::UnclosedText => {
                Some("write the closing `\"` on the same line; `\\n` is a line end in a text".to_owned())
            }
            SyntaxErrorKind::ForeignQuotes { text } => Some(format!("write `\"{text}\"`")),
            SyntaxErrorKind::BadEscape { escape } => Some(format!(
                "a backslash itself is written `\\\\`, so `\\{escape}` stands for `{escape}`; the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r` and `\\u{{1F600}}`"
            )),
            SyntaxErrorKind::BadLiteral { instead, problem, .. } => {
                instead.as_ref().map(|text| format!("write `{text}`")).or_else(|| problem.help().map(str::to_owned))
            }
            SyntaxErrorKind::ForeignComment => Some("write `//` before each line of it".to_owned()),
            SyntaxErrorKind::StrangeCharacter { .. } => {
                Some("leave it out; names use the letters A to Z, digits and `_`".to_owned())
            }
            SyntaxErrorKind::MixedAndOr => {
                Some("say with parentheses what belongs together: `(a and b) or c` or `a and (b or c)`".to_owned())
            }
            SyntaxErrorKind::ChainedComparison => Some("join two comparisons: `a < b and b < c`".to_owned()),
            SyntaxErrorKind::Misplaced { form } => Some(match form {
                Form::Range => "write `amount in 0 USD..50 USD`, or compare with `>=` and `<=`".to_owned(),
                Form::Tuple => "write one value, or a list in brackets: `[a, b]`".to_owned(),
                Form::Record => "name the fields one by one: `order.total == 40 USD and order.status == delivered`".to_owned(),
                Form::Member { word, .. } if word == "read" || word == "write" => {
                    format!("in a job, write `allow {word} shop.get_order`; a verb is declared in a `tool`")
                }
                Form::Member { home, .. } => format!("move it into {home}"),
            }),
            SyntaxErrorKind::Repeated { clause } => Some(format!("keep one `{clause}`")),
            SyntaxErrorKind::Missing { example, .. } => Some(format!("write `{example}`")),
            SyntaxErrorKind::TooDeep => Some("give the inner part a name with `let` or `fn` and use the name".to_owned()),
            SyntaxErrorKind::TooLong => Some("split it into several files and join them with `use`".to_owned()),
        }
    }
}

impl Found {
    /// As it stands in a sentence.
    fn words(&self) -> String {
        match self {
            Self::Code(text) => format!("`{text}`"),
            Self::EndOfLine => "the end of the line".to_owned(),
            Self::EndOfBlock => "the end of the block".to_owned(),
            Self::EndOfFile => "the end of the file".to_owned(),
        }
    }
}

impl Separator {
    fn words(self) -> &'static str {
        match self {
            Self::Line => "a new line",
            Self::CommaOrLine => "a comma or a new line",
            Self::Comma => "a comma",
        }
    }
}

impl LiteralProblem {
    fn sentence(self, literal: &str) -> String {
        match self {
            Self::Money => format!("`{literal}` is not how money is written"),
            Self::Duration => format!("`{literal}` is not how a length of time is written"),
            Self::NoUnit => format!("`{literal}` has no unit of time"),
            Self::Thousands => format!("`{literal}` has a comma inside a number"),
            Self::LeadingZero => format!("`{literal}` begins with a zero"),
            Self::Time => format!("`{literal}` is no time"),
            Self::Date => format!("`{literal}` is no date"),
            Self::TimeOfDay => format!("`{literal}` is no time of day"),
            Self::TooLarge => format!("`{literal}` is too large"),
            Self::Number => format!("`{literal}` is no number"),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Money => "an amount and a currency are expected",
            Self::Duration | Self::NoUnit => "a number with a unit of time is expected",
            Self::Thousands | Self::LeadingZero | Self::Number => "not a number",
            Self::Time => "a date, a time with seconds, and a zone are expected",
            Self::Date => "no such day",
            Self::TimeOfDay => "no such time of day",
            Self::TooLarge => "too large",
        }
    }

    fn help(self) -> Option<&'static str> {
        match self {
            Self::Money => Some("write the amount, a space, and the currency in capitals: `50 USD`"),
            Self::Duration | Self::NoUnit => Some("write a number and a unit, `ms`, `s`, `m`, `h`, `d` or `w`: `15m`"),
            Self::Thousands => Some("write the number without the comma, or with `_`: `1_000`"),
            Self::LeadingZero => Some("leave out the zero"),
            Self::Time => Some("write it as `2026-05-04T10:00:00Z`, or with an offset: `2026-05-04T10:00:00+02:00`"),
            Self::Date => Some("write year, month and day: `2026-05-04`"),
            Self::TimeOfDay => Some("write hours and minutes from `00:00` to `23:59`"),
            Self::TooLarge => None,
            Self::Number => Some("write a whole number, a decimal such as `0.7`, or a percentage such as `20%`"),
        }
    }
}

/// `a`, `a or b`, `a, b or c`
fn alternatives(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// What a character is called that cannot be shown.
fn name_of(character: char) -> Option<String> {
    match character {
        '\0' => Some("a zero byte".to_owned()),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => {
            Some(format!("an invisible mark of writing direction (U+{:04X})", u32::from(character)))
        }
        '\u{a0}' | '\u{2000}'..='\u{200D}' | '\u{202F}' | '\u{2060}' | '\u{3000}' => {
            Some(format!("an unusual blank (U+{:04X})", u32::from(character)))
        }
        _ if character.is_control() => Some(format!("a control character (U+{:04X})", u32::from(character))),
        _ => None,
    }
}
