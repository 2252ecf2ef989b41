//! A rule of a rule set stands in every job that includes it: it does nothing only where it does nothing in all of them.

use crate::diagnostic::{Coded, Problem, Sink};
use crate::typed::{Loc, Typed};
use std::collections::BTreeMap;

/// What was found about rules, by where each is written, until it is known of every job.
#[derive(Debug)]
pub(crate) struct Everywhere<P> {
    /// In how many jobs the rule stands.
    jobs: BTreeMap<Loc, usize>,
    /// In how many of them it was found, and what was found first.
    found: BTreeMap<Loc, (usize, P)>,
}

impl<P: Problem + Coded + 'static> Everywhere<P> {
    /// Nothing yet. Rules of the standard library are left out: whoever uses them cannot mend them.
    pub(crate) fn new(typed: &Typed) -> Self {
        let own = |loc: Loc| typed.files.get(loc.file.index()).is_some_and(|file| !file.name.starts_with("std."));
        let mut jobs: BTreeMap<Loc, usize> = BTreeMap::new();
        for rule in typed.jobs.iter().flat_map(|job| &job.rules).filter(|rule| own(rule.loc)) {
            let count = jobs.entry(rule.loc).or_default();
            *count = count.saturating_add(1);
        }
        Self { jobs, found: BTreeMap::new() }
    }

    /// Notes it of the rule written there, once a job.
    pub(crate) fn note(&mut self, rule: Loc, problem: P) {
        let (count, _) = self.found.entry(rule).or_insert((0, problem));
        *count = count.saturating_add(1);
    }

    /// Reports what holds in every job.
    pub(crate) fn report(self, sink: &mut Sink) {
        for (rule, (count, problem)) in self.found {
            if self.jobs.get(&rule) == Some(&count) {
                sink.report(problem);
            }
        }
    }
}
