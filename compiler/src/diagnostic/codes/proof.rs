//! Proofs that do not hold, or that could not be decided.

use crate::diagnostic::text::{headline, snippet};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::prove::Hindrance;
use crate::typed::{Loc, Typed};

/// A statement that a run refutes.
#[derive(Debug)]
pub(crate) struct Refuted {
    /// The proof's name.
    pub(crate) proof: String,
    /// The statement.
    pub(crate) loc: Loc,
    /// The verb, as `tool.verb`.
    pub(crate) verb: String,
    /// What became of the call.
    pub(crate) outcome: &'static str,
    /// The rule that decided it, where it is one of the policy's, and where it stands.
    pub(crate) by: Option<(String, Loc)>,
    /// The run, a line each.
    pub(crate) told: Vec<String>,
    /// The run as a `test` block, where a test can say it.
    pub(crate) test: Option<Vec<String>>,
}

impl Problem for Refuted {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let became = match self.outcome {
            "allow" => "is allowed",
            "deny" => "is denied",
            "approval" => "waits for an approval",
            "escalate" => "escalates",
            "paused" => "is paused",
            _ => "is not allowed at once",
        };
        let mut diagnostic = Self::CODE
            .says(format!("the proof `{}` does not hold: a call of `{}` {became}", self.proof, self.verb))
            .at(headline(self.loc, typed), "not so in the run below");
        if let Some((name, loc)) = &self.by {
            diagnostic = diagnostic.at(headline(*loc, typed), format!("decided by `{name}`"));
        }
        let help = if self.outcome == "allow" {
            "add a rule that forbids or gates this call, or say in the proof which calls it does not speak of"
        } else {
            "change the rule that stands in the way, or say in the proof which calls it does not speak of"
        };
        let note = match &self.test {
            Some(test) => format!("this run shows it, as a test to paste, whose last line expects what happens today:\n  {}", test.join("\n  ")),
            None => format!("this run shows it:\n  {}", self.told.join("\n  ")),
        };
        diagnostic.note(note).help(help)
    }
}

/// A statement that is neither shown nor refuted.
#[derive(Debug)]
pub(crate) struct Undecided {
    /// The proof's name.
    pub(crate) proof: String,
    /// The statement.
    pub(crate) loc: Loc,
    /// The expression in the way.
    pub(crate) obstacle: Loc,
    /// Why it is.
    pub(crate) why: Hindrance,
}

impl Problem for Undecided {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.obstacle, typed);
        let (label, note, help) = match self.why {
            Hindrance::Expression => (
                "not decided exactly",
                "such an expression may be anything here, and then the statement would not hold; what cannot be decided never counts as proved",
                "compare what it is made of instead, bound lists by `for lists up to 8`, or keep the statement to calls that do not reach it",
            ),
            Hindrance::History => (
                "depends on earlier calls",
                "it was not possible to rule out every history, nor to find a short one that refutes the statement",
                "say in the statement what must have happened, or make the rules depend less on earlier calls",
            ),
            Hindrance::Budget => (
                "takes too much work",
                "the work that one statement may take was used up",
                "split the statement into several, each about fewer calls",
            ),
            Hindrance::Unconfirmed => (
                "no run of it could be confirmed",
                "a run was found that may refute the statement, but replaying it gave another answer: what functions of the library give was taken for more than it can be",
                "state the rule's own condition by the `let` that names it, and not by a part of it, or split the statement into several, each about fewer calls",
            ),
        };
        let mut diagnostic = Self::CODE
            .says(format!("the proof `{}` is not decided: `{text}` stands in the way", self.proof))
            .at(headline(self.obstacle, typed), label);
        if self.obstacle != self.loc {
            diagnostic = diagnostic.at(headline(self.loc, typed), "what was to be shown");
        }
        diagnostic.note(note).help(help)
    }
}
