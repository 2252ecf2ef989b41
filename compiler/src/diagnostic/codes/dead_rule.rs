//! Rules that decide nothing.

use crate::diagnostic::text::{listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed, VerbId};

/// A rule about verbs that are never allowed.
#[derive(Debug)]
pub(crate) struct NeverCalled {
    /// The rule.
    pub(crate) rule: String,
    /// What it is: `gate`.
    pub(crate) what: &'static str,
    /// Its verbs.
    pub(crate) verbs: Vec<VerbId>,
    /// Where it stands.
    pub(crate) loc: Loc,
}

impl Problem for NeverCalled {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let names: Vec<String> = self.verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
        let (what, rule, calls) = (self.what, &self.rule, listing(&names, "or"));
        let first = names.first().map_or("", String::as_str);
        Self::CODE
            .says(format!("the {what} `{rule}` decides nothing, because no rule allows {calls}"))
            .at(self.loc, "never comes into play")
            .note("a call that no `allow` names is denied before any other rule is asked")
            .help(format!("allow it, `allow write {first} when …`, or remove this rule"))
    }
}

/// A call that is required or looked for, and that the job never allows.
#[derive(Debug)]
pub(crate) struct NeverMade {
    /// Its verb.
    pub(crate) verb: VerbId,
    /// The job.
    pub(crate) job: String,
    /// Where it is asked for.
    pub(crate) loc: Loc,
    /// By a `require`; otherwise by a condition.
    pub(crate) required: bool,
}

impl Problem for NeverMade {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let why = if self.required { "every call that requires it is denied" } else { "the condition is never true" };
        Self::CODE
            .says(format!("`{verb}` is never allowed in the job `{}`, so {why}", self.job))
            .at(self.loc, "asks for a call that is never made")
            .help(format!("add an `allow` rule for `{verb}`, or ask for a call that the job allows"))
    }
}
