//! A name that is declared more than once.

use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Typed};

/// Two declarations of one name.
#[derive(Debug)]
pub(crate) struct DeclaredTwice {
    /// `record`, `verb`, `parameter`.
    pub(crate) what: &'static str,
    /// The name.
    pub(crate) name: String,
    /// The second declaration.
    pub(crate) loc: Loc,
    /// The first.
    pub(crate) first: Loc,
}

impl Problem for DeclaredTwice {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the {} `{}` is declared twice", self.what, self.name))
            .at(self.loc, "declared again here")
            .at(self.first, "first declared here")
            .help("give one of them another name, or remove it")
    }
}

/// A name that the language keeps for itself.
#[derive(Debug)]
pub(crate) struct ReservedName {
    /// `let`, `type`, `rule`.
    pub(crate) what: &'static str,
    /// The name.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for ReservedName {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the name `{}` is reserved and cannot name a {}", self.name, self.what))
            .at(self.loc, "reserved by the language")
            .help(format!("choose another name, such as `my_{}`", self.name.to_lowercase()))
    }
}

/// A one-part verb name that several tools have.
#[derive(Debug)]
pub(crate) struct AmbiguousVerb {
    /// The name.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
    /// The verbs it could mean, with their tools.
    pub(crate) candidates: Vec<String>,
}

impl Problem for AmbiguousVerb {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` is a verb of more than one tool", self.name))
            .at(self.loc, "which one is meant is not said")
            .help(format!("write {}", crate::diagnostic::text::listing(&self.candidates, "or")))
    }
}

/// A field that a record does not have.
#[derive(Debug)]
pub(crate) struct UnknownField {
    /// The field, as written.
    pub(crate) name: String,
    /// What has no such field: "the record `Order`".
    pub(crate) of: String,
    /// Where.
    pub(crate) loc: Loc,
    /// The field that is probably meant.
    pub(crate) nearest: Option<String>,
    /// The fields there are.
    pub(crate) fields: Vec<String>,
}

impl Problem for UnknownField {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let help = match &self.nearest {
            Some(nearest) => Some(format!("did you mean `{nearest}`?")),
            None if self.fields.is_empty() => None,
            None => Some(format!("it has {}", crate::diagnostic::text::listing(&self.fields, "and"))),
        };
        Self::CODE
            .says(format!("{} has no field `{}`", self.of, self.name))
            .at(self.loc, "no such field")
            .help_if(help)
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Name(&self.name)
    }
}
