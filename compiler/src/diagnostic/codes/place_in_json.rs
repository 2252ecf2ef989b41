//! Where declared things stand in JSON and on the wire.

use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// A `from` that names no place.
#[derive(Debug)]
pub(crate) struct BadPath {
    /// As written.
    pub(crate) path: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for BadPath {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` names no place in a JSON object", self.path))
            .at(self.loc, "a name is missing")
            .help("write member names with dots between them, such as `from \"amounts.total\"`")
    }
}

/// Two things that would stand at one place.
#[derive(Debug)]
pub(crate) struct SamePlace {
    /// `fields`, `verbs`, `variants`.
    pub(crate) what: &'static str,
    /// The text that both have.
    pub(crate) text: String,
    /// The second.
    pub(crate) loc: Loc,
    /// The first.
    pub(crate) first: Loc,
}

impl Problem for SamePlace {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("two {} are both called `{}` outside the policy", self.what, self.text))
            .at(self.loc, "the same name again")
            .at(self.first, "already used here")
            .help("give each its own name on the wire")
    }
}
