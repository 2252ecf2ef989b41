//! What a policy that compiles may still get wrong: one module an analysis, each with one `check`, listed below in one place.

mod decided;
mod emptiness;
mod everywhere;
mod gates;
mod ignored;
mod limits;
mod numbers;
pub(crate) mod outsiders;
mod patterns;
pub mod readiness;
mod reversal;
mod rules;
mod ties;
mod trust;
mod unallowed;
mod unanchored;
mod unused;
mod vacuous;
mod walk;
mod written;

use crate::diagnostic::Sink;
use crate::typed::{Job, Rule, Typed, VerbId};
use agentc_grammar::ast;

/// What the analyses look at: a policy without errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'t> {
    /// The policy as it was checked.
    pub(crate) typed: &'t Typed,
    /// The syntax of each file, beside [`Typed::files`]: for what checking leaves out, such as names that nothing uses.
    pub(crate) asts: &'t [ast::File],
}

/// An analysis: it reports what it finds, and stays silent where it is not sure.
type Analysis = fn(Subject<'_>, &mut Sink);

/// Every analysis.
const ANALYSES: &[Analysis] = &[
    unanchored::check,
    readiness::check,
    trust::check,
    outsiders::check,
    gates::check,
    reversal::check,
    unused::check,
    ignored::check,
    rules::check,
    unallowed::check,
    emptiness::check,
    decided::check,
    patterns::check,
    limits::check,
    vacuous::check,
];

/// Runs every analysis on a policy without errors.
pub(crate) fn analyze(typed: &Typed, asts: &[ast::File], sink: &mut Sink) {
    let subject = Subject { typed, asts };
    for analysis in ANALYSES {
        analysis(subject, sink);
    }
}

/// The rules of a job that decide something about a verb: those that name it, `shadow` ones left out.
fn rules_of(job: &Job, verb: VerbId) -> impl Iterator<Item = &Rule> {
    job.naming(verb).map(|(_, rule)| rule)
}
