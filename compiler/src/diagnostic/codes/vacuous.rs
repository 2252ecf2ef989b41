//! Tests and proofs that constrain nothing.

use crate::diagnostic::text::{listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed, VerbId};

/// A test that expects nothing.
#[derive(Debug)]
pub(crate) struct NothingExpected {
    /// Its name.
    pub(crate) test: String,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// It has no steps at all.
    pub(crate) empty: bool,
}

impl Problem for NothingExpected {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let label = if self.empty { "has no steps" } else { "no step says `expect`" };
        Self::CODE
            .says(format!("the test `{}` expects nothing, so it passes whatever the rules say", self.test))
            .at(self.loc, label)
            .help("say what each call must be answered: `call TOOL.VERB(…) expect allow`, or `expect deny by RULE`")
    }
}

/// A test that another one repeats.
#[derive(Debug)]
pub(crate) struct SameTest {
    /// Its name.
    pub(crate) test: String,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// The earlier one.
    pub(crate) other: String,
    /// Where that stands.
    pub(crate) other_loc: Loc,
}

impl Problem for SameTest {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the test `{}` does and expects the same as `{}`", self.test, self.other))
            .at(self.loc, "this test")
            .at(self.other_loc, "the same as this one")
            .note("it shows nothing that the other one does not, whatever its name says")
            .help("remove one, or write the case that its name speaks of")
    }
}

/// A proof that holds whatever the rules are.
#[derive(Debug)]
pub(crate) struct NothingProved {
    /// Its name.
    pub(crate) proof: String,
    /// Why.
    pub(crate) fault: ProofFault,
    /// Where its statement stands.
    pub(crate) loc: Loc,
}

/// Why a proof says nothing.
#[derive(Debug, Clone)]
pub(crate) enum ProofFault {
    /// No write is what it speaks of.
    NoWrites,
    /// Its condition is never true.
    NeverTrue,
    /// No rule lets these verbs be called.
    NeverAllowed(Vec<VerbId>),
}

impl Problem for NothingProved {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (why, label, help) = match &self.fault {
            ProofFault::NoWrites => (
                "no write of the policy is what it speaks of".to_owned(),
                "speaks of no write",
                "mark the writes that are meant, `risk money` or `irreversible`, or name another risk",
            ),
            ProofFault::NeverTrue => {
                ("its condition is never true".to_owned(), "never true", "correct the condition, so that some call is meant")
            }
            ProofFault::NeverAllowed(verbs) => {
                let names: Vec<String> = verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
                let why = format!("no rule allows {}, with or without an approval", listing(&names, "or"));
                (
                    why,
                    "of a verb that is never allowed",
                    "add the `allow` rule that it speaks of, or write `never allow` in the proof",
                )
            }
        };
        Self::CODE.says(format!("the proof `{}` constrains nothing, because {why}", self.proof)).at(self.loc, label).help(help)
    }
}
