//! Gaps as diagnostics.

use super::{Gap, answers};
use crate::analyze::Subject;
use crate::diagnostic::codes::{
    NoEnd, NoEscalation, NoHandoff, NoInput, NoPurpose, NoSource, NoWayBack, NoWayToStop, NobodyPauses, NothingAllowed,
    NothingToRead, ShowsNothing, Slogan, Unasked, Unbounded,
};
use crate::diagnostic::{Coded, Diagnostic, Problem, Sink};
use crate::typed::{JobId, Typed};

/// Reports what each job leaves open.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    for (job, _) in (0_u32..).map(JobId).zip(&subject.typed.jobs) {
        for gap in answers(subject.typed, job).into_iter().flat_map(|answer| answer.gaps) {
            put(gap, job, sink);
        }
    }
}

/// A gap in words, as `agentc check` says it; `None` for the one that it leaves to the audit.
#[must_use]
pub fn diagnostic(typed: &Typed, job: JobId, gap: &Gap) -> Option<Diagnostic> {
    let mut words = Words { typed, found: None };
    put(gap.clone(), job, &mut words);
    words.found
}

/// What is done with a problem.
trait Taker {
    fn take<P: Problem + Coded + 'static>(&mut self, problem: P);
}

impl Taker for Sink {
    fn take<P: Problem + Coded + 'static>(&mut self, problem: P) {
        self.report(problem);
    }
}

struct Words<'t> {
    typed: &'t Typed,
    found: Option<Diagnostic>,
}

impl Taker for Words<'_> {
    fn take<P: Problem + Coded + 'static>(&mut self, problem: P) {
        self.found = Some(problem.render(self.typed));
    }
}

fn put(gap: Gap, job: JobId, taker: &mut impl Taker) {
    match gap {
        Gap::NoPurpose => taker.take(NoPurpose { job }),
        Gap::NoInput => taker.take(NoInput { job }),
        Gap::NoEnd => taker.take(NoEnd { job }),
        Gap::Slogan { no_input, no_end, no_source } => taker.take(Slogan { job, no_input, no_end, no_source }),
        Gap::NoSource { writes } => taker.take(NoSource { job, writes }),
        Gap::NothingToRead { records } => taker.take(NothingToRead { job, records }),
        Gap::NothingAllowed => taker.take(NothingAllowed { job }),
        Gap::Unasked { verb, rule } => taker.take(Unasked { job, verb, rule }),
        Gap::Unbounded { verb, risk, rule } => taker.take(Unbounded { job, verb, risk, rule }),
        Gap::NoEscalation => taker.take(NoEscalation { job }),
        Gap::NoHandoff => taker.take(NoHandoff { job }),
        Gap::HandoffShowsNothing => taker.take(ShowsNothing { job, gate: None }),
        Gap::GateShowsNothing { rule } => taker.take(ShowsNothing { job, gate: Some(rule) }),
        Gap::NobodyPauses => taker.take(NobodyPauses { job }),
        Gap::NoWayToStop => taker.take(NoWayToStop { job }),
        Gap::NoWayBack { verb } => taker.take(NoWayBack { verb }),
        Gap::NobodyUndoes { .. } => {}
    }
}
