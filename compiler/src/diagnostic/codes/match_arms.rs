//! Arms of a `match`.

use crate::diagnostic::text::{counted, listing};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// Cases that no arm takes.
#[derive(Debug)]
pub(crate) struct MissingCases {
    /// Some of them.
    pub(crate) missing: Vec<String>,
    /// There are more.
    pub(crate) more: bool,
    /// The whole `match`.
    pub(crate) loc: Loc,
}

impl Problem for MissingCases {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let more = if self.more { ", and more" } else { "" };
        Self::CODE
            .says(format!("the `match` has no arm for {}{more}", listing(&self.missing, "and")))
            .at(self.loc, "not every case has an arm")
            .help("add an arm for each, or `_ => …` for all others")
    }
}

/// An arm that takes no case.
#[derive(Debug)]
pub(crate) struct UnreachableArm {
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for UnreachableArm {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says("this arm is never taken")
            .at(self.loc, "the arms before it take all its cases")
            .help("remove it, or write it before the arm that takes its cases")
    }
}

/// A pattern that does not fit its subject.
#[derive(Debug)]
pub(crate) struct PatternMisfit {
    /// Why.
    pub(crate) misfit: Misfit,
    /// Where.
    pub(crate) loc: Loc,
}

/// Why a pattern does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// Another number of patterns than subjects.
    Count {
        /// Subjects.
        wanted: usize,
        /// Patterns.
        found: usize,
    },
    /// Two patterns of one arm bind one name.
    BoundTwice(String),
    /// `none` where the subject is never absent.
    NeverNone,
    /// `_` beside alternatives.
    WildcardInOr,
    /// `(a | b) | c`
    NestedOr,
    /// A name to bind beside alternatives, or one that is no constant of the type.
    NameInOr(String),
    /// Too many arms and subjects to examine.
    TooMany,
}

impl Problem for PatternMisfit {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (message, help) = match &self.misfit {
            Misfit::Count { wanted, found } => (
                format!("the `match` has {}, and this arm {}", counted(*wanted, "subject"), counted(*found, "pattern")),
                "write one pattern for each subject, `_` where any value will do".to_owned(),
            ),
            Misfit::BoundTwice(name) => {
                (format!("`{name}` is bound twice in one arm"), "give one of them another name".to_owned())
            }
            Misfit::NeverNone => ("the subject is never absent".to_owned(), "remove the arm for `none`".to_owned()),
            Misfit::WildcardInOr => ("`_` takes every value, also without alternatives".to_owned(), "write `_` alone".to_owned()),
            Misfit::NestedOr => ("alternatives stand inside alternatives".to_owned(), "write them in one line, `a | b | c`".to_owned()),
            Misfit::NameInOr(name) => {
                (format!("`{name}` is no value of the subject's type"), "write a literal, or `_` for any value".to_owned())
            }
            Misfit::TooMany => (
                "the `match` has too many cases to be examined".to_owned(),
                "split it into a `match` for each subject".to_owned(),
            ),
        };
        Self::CODE.says(message).at(self.loc, "does not fit").help(help)
    }
}
