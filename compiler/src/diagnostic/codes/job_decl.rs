//! What stands in jobs and rule sets.

use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// A member where it may not stand.
#[derive(Debug)]
pub(crate) struct Misplaced {
    /// `purpose`, `handoff`.
    pub(crate) what: &'static str,
    /// Where it stands: `a rule set`, `a `when` block`.
    pub(crate) inside: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for Misplaced {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` cannot stand in {}", self.what, self.inside))
            .at(self.loc, "not here")
            .help("move it into the job itself")
    }
}

/// Rule sets that include each other in a circle.
#[derive(Debug)]
pub(crate) struct IncludeCycle {
    /// The rule sets of the circle, in order.
    pub(crate) sets: Vec<String>,
    /// The `include` that closes it.
    pub(crate) loc: Loc,
}

impl Problem for IncludeCycle {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let message = match self.sets.as_slice() {
            [only] => format!("the rule set `{only}` includes itself"),
            sets => format!("rule sets include each other in a circle: {}", crate::diagnostic::text::listing(sets, "and")),
        };
        Self::CODE.says(message).at(self.loc, "closes the circle").help("remove this `include`")
    }
}

/// A rule set of the root file that no job includes.
#[derive(Debug)]
pub(crate) struct NeverIncluded {
    /// Its name.
    pub(crate) name: String,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

impl Problem for NeverIncluded {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("no job includes the rule set `{}`, so its rules never apply", self.name))
            .at(self.loc, "included nowhere")
            .help(format!("write `include {}` in the job that it is meant for, or remove it", self.name))
    }
}

/// A rule set that a job includes twice.
#[derive(Debug)]
pub(crate) struct IncludedTwice {
    /// Its name.
    pub(crate) name: String,
    /// The second `include`.
    pub(crate) loc: Loc,
    /// The first.
    pub(crate) first: Loc,
}

impl Problem for IncludedTwice {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the rule set `{}` is included twice in one job", self.name))
            .at(self.loc, "included again here")
            .at(self.first, "first included here")
            .note("its rules would all hold twice, and its limits count twice")
            .help("keep one of them")
    }
}

/// Rule sets that take in each other in too long a row.
#[derive(Debug)]
pub(crate) struct IncludedTooDeep {
    /// How many there may be in a row.
    pub(crate) levels: usize,
    /// The `include` that is one too many.
    pub(crate) loc: Loc,
}

impl Problem for IncludedTooDeep {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("rule sets are included by each other more than {} deep", self.levels))
            .at(self.loc, "one too many here")
            .help("include this rule set in the job itself")
    }
}
