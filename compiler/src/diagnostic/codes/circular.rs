//! Expressions without end.

use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// A `let` or a function that needs itself.
#[derive(Debug)]
pub(crate) struct Circular {
    /// `let`, `function`
    pub(crate) what: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// Where the circle closes.
    pub(crate) loc: Loc,
}

impl Problem for Circular {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the {} `{}` is defined by itself", self.what, self.name))
            .at(self.loc, "the circle closes here")
            .note("every evaluation must end")
            .help("write one of them without the others; to speak of all members of a list, use `any`, `all` or `sum`")
    }
}

/// An expression with more levels than an evaluator's stack holds.
#[derive(Debug)]
pub(crate) struct NestedTooDeep {
    /// How many levels there may be.
    pub(crate) levels: u32,
    /// Where it is too deep.
    pub(crate) loc: Loc,
}

impl Problem for NestedTooDeep {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the expression is nested more than {} levels deep", self.levels))
            .at(self.loc, "too deep here")
            .note("the levels of the `let`s and functions that an expression uses count as its own")
            .help("split it into rules of their own")
    }
}
