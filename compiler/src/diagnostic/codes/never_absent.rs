//! Defaults for values that are always there.

use crate::diagnostic::text::snippet;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// `x ?? y` or `x is absent` where `x` is always there.
#[derive(Debug)]
pub(crate) struct NeverAbsent {
    /// The value.
    pub(crate) loc: Loc,
}

impl Problem for NeverAbsent {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.loc, typed);
        Self::CODE
            .says(format!("`{text}` is never absent"))
            .at(self.loc, "always there")
            .help(format!("write `{text}` alone, or declare its type with `?`"))
    }
}
