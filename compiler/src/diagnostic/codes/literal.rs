//! Literals that name nothing.

use crate::diagnostic::text::{snippet, type_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{EnumId, Loc, Type, Typed};

/// A date, time or time of day that does not exist.
#[derive(Debug)]
pub(crate) struct MalformedLiteral {
    /// `date`
    pub(crate) what: &'static str,
    /// Why not.
    pub(crate) why: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for MalformedLiteral {
    fn render(&self, typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` is no {}: {}", snippet(self.loc, typed), self.what, self.why))
            .at(self.loc, format!("no such {}", self.what))
            .help(format!("write a {} that exists", self.what))
    }
}

/// A number that does not fit.
#[derive(Debug)]
pub(crate) struct NumberTooLarge {
    /// What it must fit.
    pub(crate) fits: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NumberTooLarge {
    fn render(&self, typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` has too many digits", snippet(self.loc, typed)))
            .at(self.loc, format!("does not fit {}", self.fits))
            .help("write a number with fewer digits")
    }
}

/// A text where a variant of an enum is needed.
#[derive(Debug)]
pub(crate) struct VariantAsText {
    /// The enum.
    pub(crate) id: EnumId,
    /// The text.
    pub(crate) content: String,
    /// The variant that is probably meant.
    pub(crate) named: Option<String>,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for VariantAsText {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = type_name(&Type::Enum(self.id), typed);
        let help = match &self.named {
            Some(variant) => format!("write `{variant}`, without quotes"),
            None => format!("write one of the variants of `{name}`, without quotes"),
        };
        Self::CODE
            .says(format!("`{:?}` is a text, and a variant of `{name}` is needed", self.content))
            .at(self.loc, "a text")
            .note("a misspelt text would never be equal to anything; a misspelt variant is found")
            .help(help)
    }
}

/// A text that is no e-mail address, URL or path.
#[derive(Debug)]
pub(crate) struct MalformedText {
    /// What it must be.
    pub(crate) ty: Type,
    /// The text.
    pub(crate) content: String,
    /// Why it is not.
    pub(crate) why: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for MalformedText {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (what, many, example) = match self.ty {
            Type::Email => ("e-mail address", "e-mail addresses", "\"ann@acme.example\""),
            Type::Url => ("URL", "URLs", "\"https://acme.example/orders\""),
            _ => ("path", "paths", "\"/srv/data\""),
        };
        Self::CODE
            .says(format!("`{:?}` is no {what}: {}", self.content, self.why))
            .at(self.loc, format!("{many} are compared in normal form"))
            .help(format!("write one such as `{example}`"))
    }
}

/// A pattern that is none.
#[derive(Debug)]
pub(crate) struct MalformedPattern {
    /// Why.
    pub(crate) why: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for MalformedPattern {
    fn render(&self, typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` is no pattern for `matches`: {}", snippet(self.loc, typed), self.why))
            .at(self.loc, "no pattern")
            .note("patterns are compiled with the policy, match the whole text and take linear time")
            .help("write a regular expression in quotes, such as `\"[A-Z]{2}-[0-9]+\"`")
    }
}

/// A range that holds nothing.
#[derive(Debug)]
pub(crate) struct EmptyRange {
    /// Its lower end.
    pub(crate) low: Loc,
    /// Its upper end.
    pub(crate) high: Loc,
    /// Both.
    pub(crate) loc: Loc,
}

impl Problem for EmptyRange {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (low, high) = (snippet(self.low, typed), snippet(self.high, typed));
        Self::CODE
            .says(format!("nothing lies in `{low}..{high}`"))
            .at(self.loc, "the lower end is beyond the upper one")
            .help(format!("write `{high}..{low}`"))
    }
}
