//! Many random policies, many stories over each, on all cores: the differential suite and the command for a million.

use crate::corpus::library;
use crate::random::{Ready, smallest};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What many stories came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Policies that compiled, and those that did not.
    pub policies: (usize, usize),
    /// Stories told.
    pub stories: usize,
    /// Events in them.
    pub events: usize,
    /// Rules of the policies that decide something, and those of them that fired.
    pub rules: (usize, usize),
    /// How often each outcome was answered to each event.
    pub outcomes: BTreeMap<String, usize>,
    /// The smallest policy and story of each difference.
    pub wrong: Vec<String>,
}

impl Report {
    /// How many of a hundred answers to calls, and to approvals of calls, were this outcome.
    #[must_use]
    pub fn percent(&self, outcome: &str) -> f64 {
        let of = |name: &str| self.outcomes.get(&format!("call {name}")).copied().unwrap_or(0) as f64;
        let all: f64 = ["allow", "need", "approval", "deny", "escalate", "paused"].into_iter().map(of).sum();
        of(outcome) * 100.0 / all.max(1.0)
    }

    fn add(&mut self, other: Self) {
        self.policies = (self.policies.0 + other.policies.0, self.policies.1 + other.policies.1);
        self.stories += other.stories;
        self.events += other.events;
        self.rules = (self.rules.0 + other.rules.0, self.rules.1 + other.rules.1);
        other.outcomes.into_iter().for_each(|(name, times)| *self.outcomes.entry(name).or_default() += times);
        self.wrong.extend(other.wrong);
    }
}

/// Tells so many stories over the policy of each seed. `seen` is told of the whole after each policy.
#[must_use]
pub fn tell(seeds: Range<u64>, stories: u64, seen: &(dyn Fn(&Report) + Sync)) -> Report {
    let next = AtomicU64::new(seeds.start);
    let whole = Mutex::new(Report::default());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end) {
                    let report = of_policy(seed, stories);
                    let mut whole = whole.lock().expect("no thread panics");
                    whole.add(report);
                    seen(&whole);
                }
            });
        }
    });
    whole.into_inner().expect("no thread panics")
}

fn of_policy(seed: u64, stories: u64) -> Report {
    let mut report = Report::default();
    let library = library();
    let Some(ready) = Ready::random(seed, &library) else {
        report.policies.1 = 1;
        return report;
    };
    report.policies.0 = 1;
    let pool = ready.pool(seed);
    let mut fired = BTreeSet::new();
    for story in 0..stories {
        let (told, lines) = ready.tell(&pool, story);
        report.stories += 1;
        report.events += told.events.len();
        told.outcomes.into_iter().for_each(|(name, times)| *report.outcomes.entry(name).or_default() += times);
        fired.extend(told.fired);
        if !lines.is_empty() {
            let small = smallest(ready, told.events, &library);
            report.wrong.push(format!("policy {seed}, story {story}:\n{small}"));
            return report;
        }
    }
    let rules = ready.typed.jobs.iter().flat_map(|job| &job.rules).filter(|rule| !rule.shadow).map(|rule| &rule.name);
    let rules: BTreeSet<&String> = rules.collect();
    report.rules = (rules.len(), rules.iter().filter(|name| fired.contains(**name)).count());
    report
}
