//! Limits that do nothing, or let nothing through.

use crate::diagnostic::text::{listing, snippet, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed, VerbId};

/// A bound that the first call already passes.
#[derive(Debug)]
pub(crate) struct BoundOfNothing {
    /// The limit.
    pub(crate) limit: String,
    /// Where its bound stands.
    pub(crate) bound: Loc,
    /// Of which verbs; empty: of the run.
    pub(crate) verbs: Vec<VerbId>,
}

impl Problem for BoundOfNothing {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let names: Vec<String> = self.verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
        let bound = snippet(self.bound, typed);
        let message = format!("no call stays within the bound `{bound}` of the limit `{}`", self.limit);
        let help = if names.is_empty() {
            "write a bound that a run can stay within".to_owned()
        } else {
            format!("write a larger bound, or `never {}` if every call is to be refused", names.join(", "))
        };
        let what =
            if names.is_empty() { "the first call".to_owned() } else { format!("the first call of {}", listing(&names, "or")) };
        Self::CODE.says(message).at(self.bound, "passed at once").note(format!("{what} is already beyond it")).help(help)
    }
}

/// A capacity that is full before the bound is reached.
#[derive(Debug)]
pub(crate) struct CapacityBelowBound {
    /// The limit.
    pub(crate) limit: String,
    /// Its capacity.
    pub(crate) capacity: u32,
    /// Its bound.
    pub(crate) bound: i64,
    /// Where the bound stands.
    pub(crate) loc: Loc,
}

impl Problem for CapacityBelowBound {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (limit, capacity, bound) = (&self.limit, self.capacity, self.bound);
        Self::CODE
            .says(format!("the limit `{limit}` keeps {capacity} entries and can never count to its bound of {bound}"))
            .at(self.loc, "never reached")
            .note("a call for which there is no room left is denied, so the capacity is the bound here, and `else` never applies")
            .help(format!("write `capacity {bound}` or more, or a bound of at most {capacity}"))
    }
}

/// A limit that another one keeps from being reached.
#[derive(Debug)]
pub(crate) struct LimitHidden {
    /// The limit.
    pub(crate) limit: String,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// The one that bites first.
    pub(crate) other: String,
    /// Where that stands.
    pub(crate) other_loc: Loc,
}

impl Problem for LimitHidden {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (limit, other) = (&self.limit, &self.other);
        Self::CODE
            .says(format!("the limit `{limit}` is never reached, because `{other}` stops every such call before"))
            .at(self.loc, "this limit")
            .at(self.other_loc, "hidden by this one")
            .note("both measure the same calls, and the other one has the smaller bound or the wider window, or answers first")
            .help(format!("remove `{limit}`, or give it a smaller bound than `{other}`"))
    }
}
