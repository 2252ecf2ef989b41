//! Collects problems while the stages run.

use super::{Diagnostic, Gaps, Problem};
use crate::diagnostic::{Coded, Severity};
use crate::typed::Typed;

/// The problems found so far.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    problems: Vec<Box<dyn Problem>>,
    errors: usize,
}

/// How much was found at some time.
#[derive(Debug)]
pub(crate) struct Mark {
    problems: usize,
    errors: usize,
}

impl Sink {
    /// Takes note of a problem.
    pub(crate) fn report<P: Problem + Coded + 'static>(&mut self, problem: P) {
        if P::CODE.severity == Severity::Error {
            self.errors = self.errors.saturating_add(1);
        }
        self.problems.push(Box::new(problem));
    }

    /// What was found so far, to go back to.
    pub(crate) fn mark(&self) -> Mark {
        Mark { problems: self.problems.len(), errors: self.errors }
    }

    /// Whether nothing was found since.
    pub(crate) fn is_quiet_since(&self, mark: &Mark) -> bool {
        self.problems.len() == mark.problems
    }

    /// Forgets what was found since.
    pub(crate) fn go_back(&mut self, mark: &Mark) {
        self.problems.truncate(mark.problems);
        self.errors = mark.errors;
    }

    /// Whether any of them makes the policy unusable.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Forgets what is not sure where parts of the files could not be read.
    pub(crate) fn forget_unsure(&mut self, gaps: &Gaps<'_>) {
        self.problems.retain(|problem| gaps.leave_sure(problem.rests_on()));
    }

    /// All of them in words, by place; the same thing found twice at one place is said once.
    pub(crate) fn into_diagnostics(self, typed: &Typed) -> Vec<Diagnostic> {
        let mut diagnostics: Vec<Diagnostic> = self.problems.iter().map(|problem| problem.render(typed)).collect();
        diagnostics.sort_by(|a, b| (a.loc(), a.code.id, &a.message).cmp(&(b.loc(), b.code.id, &b.message)));
        diagnostics.dedup_by(|a, b| a.loc() == b.loc() && a.code.id == b.code.id && a.message == b.message);
        diagnostics
    }
}
