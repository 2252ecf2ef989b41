//! What a change changes: for each job and verb, whether the new policy lets through more calls than the old one, fewer, or the same.
//!
//! A call ends in one of three ways that matter here: it is allowed, people are asked, or neither. Looser is a call that ends better for
//! the agent than before, or one that is asked of fewer people. Both policies become formulas of one space, so that the same call, input,
//! records and counters are looked at in both; a call that differs is built, sent through the runtime under both policies, and shown only
//! when the runtime confirms it. What can be neither ruled out nor shown counts as looser and names the expression that stood in the way.
//!
//! It is taken that sources answer, if only that there is no such record.

mod changes;
mod confirm;
mod gates;
mod shape;
mod verbs;

pub use changes::{Change, Direction};

use crate::diagnostic::text::verb_name;
use crate::logic::Uses;
use crate::lower;
use crate::typed::{Job, JobId, Loc, Typed, VerbId};
use agentc_runtime::library::Library;
use agentc_runtime::policy::Policy;
use std::collections::BTreeSet;

/// Which of the two policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one before the change.
    Old,
    /// The one after it.
    New,
}

/// What a change does to the calls of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every call ends as before.
    Equivalent,
    /// Some calls end worse for the agent, none better.
    Tighter,
    /// Some calls end better for the agent, none worse.
    Looser,
    /// Some end better, some worse.
    Both,
}

impl Verdict {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Tighter => "tighter",
            Self::Looser => "looser",
            Self::Both => "both",
        }
    }

    /// Whether some call ends better for the agent.
    #[must_use]
    pub fn loosens(self) -> bool {
        matches!(self, Self::Looser | Self::Both)
    }
}

/// What one policy answers to the last call of a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `allow`, `approval`, `deny`, `escalate`, …
    pub outcome: &'static str,
    /// The rule that decided; empty where the policy does not have the job or the verb.
    pub by: String,
    /// Who is asked, a text for each group of each gate.
    pub asked: Vec<String>,
}

/// A run whose last call the two policies answer differently, as the runtime did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The run in the policy's own words, a line each; the last is the call.
    pub told: Vec<String>,
    /// What the old policy answers.
    pub old: Said,
    /// What the new one answers.
    pub new: Said,
}

/// Why something could not be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// In which policy it stands.
    pub side: Side,
    /// Where.
    pub loc: Loc,
    /// What it is, in a few words.
    pub what: String,
}

/// How a difference in one direction is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// By a run.
    Witness(Box<Witness>),
    /// It is not: it could not be ruled out.
    Undecided(Obstacle),
}

/// What became of one verb in one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The job.
    pub job: String,
    /// The verb, with its tool.
    pub verb: String,
    /// For each way in which calls end better than before a call that does, or that this could not be ruled out.
    pub looser: Vec<Shown>,
    /// For each way in which calls end worse than before a call that does, or that this could not be ruled out.
    pub tighter: Vec<Shown>,
}

impl Compared {
    /// What the change does to the verb.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.looser.is_empty(), self.tighter.is_empty()) {
            (true, true) => Verdict::Equivalent,
            (true, false) => Verdict::Tighter,
            (false, true) => Verdict::Looser,
            (false, false) => Verdict::Both,
        }
    }
}

/// Everything that a change changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Each job and verb that some rule of either policy allows or names, in the order of the new policy, then of the old one.
    pub verbs: Vec<Compared>,
    /// Who approves, what is limited, what is reached, and what else is declared differently.
    pub changes: Vec<Change>,
}

impl Difference {
    /// Whether anything is looser than before.
    #[must_use]
    pub fn loosens(&self) -> bool {
        self.verbs.iter().any(|verb| verb.verdict().loosens())
            || self.changes.iter().any(|change| change.direction == Direction::Looser)
    }
}

/// Compares two policies.
#[must_use]
pub fn diff(old: &Typed, new: &Typed, library: &Library) -> Difference {
    let mut uses = Uses::of(old);
    uses.add(new);
    let load = |typed: &Typed| Policy::new(lower::lower(typed, lower::Indexing::On), library).ok();
    let differ = Differ { old, new, policies: [load(old), load(new)], uses: &uses };
    let mut verbs = Vec::new();
    for name in names(old, new, |typed| typed.jobs.iter().map(|job| job.name.clone()).collect()) {
        let jobs = [job_of(old, &name), job_of(new, &name)];
        let named = names(old, new, |typed| verbs_of(typed, job_of(typed, &name)));
        verbs.extend(named.iter().map(|verb| differ.verb(&name, jobs, verb)));
    }
    Difference { verbs, changes: changes::changes(old, new) }
}

/// Names in the order of the new policy, then those that only the old one has.
fn names(old: &Typed, new: &Typed, of: impl Fn(&Typed) -> Vec<String>) -> Vec<String> {
    let mut names = of(new);
    for name in of(old) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn job_of(typed: &Typed, name: &str) -> Option<JobId> {
    (0_u32..).map(JobId).zip(&typed.jobs).find(|(_, job)| job.name == name).map(|(id, _)| id)
}

/// The verbs that rules of a job name.
fn verbs_of(typed: &Typed, job: Option<JobId>) -> Vec<String> {
    let rules = job.and_then(|job| typed.jobs.get(job.index())).map_or(&[][..], |job: &Job| job.rules.as_slice());
    let verbs: BTreeSet<VerbId> = rules.iter().flat_map(|rule| rule.verbs.iter().copied()).collect();
    verbs.into_iter().map(|verb| verb_name(verb, typed)).collect()
}

/// Compares the verbs of two policies.
pub(crate) struct Differ<'a> {
    old: &'a Typed,
    new: &'a Typed,
    /// Both, ready to decide.
    policies: [Option<Policy>; 2],
    uses: &'a Uses,
}

impl<'a> Differ<'a> {
    fn typed(&self, side: Side) -> &'a Typed {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    fn policy(&self, side: Side) -> Option<&Policy> {
        let [old, new] = &self.policies;
        match side {
            Side::Old => old.as_ref(),
            Side::New => new.as_ref(),
        }
    }

    fn verb(&self, job: &str, [old, new]: [Option<JobId>; 2], verb: &str) -> Compared {
        let place = |typed: &Typed, job: Option<JobId>| {
            let found = (0_u32..).map(VerbId).zip(&typed.verbs).map(|(id, _)| id).find(|id| verb_name(*id, typed) == verb);
            job.zip(found)
        };
        let pair = verbs::Pair { differ: self, old: place(self.old, old), new: place(self.new, new) };
        let (looser, tighter) = pair.compare();
        Compared { job: job.to_owned(), verb: verb.to_owned(), looser, tighter }
    }
}
