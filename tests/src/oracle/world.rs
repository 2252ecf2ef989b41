//! The log: every event of every run and what was answered. Nothing else is kept; whatever a rule asks is found by reading it again.

use super::json::Json;
use super::said::Said;
use super::value::Val;
use agentc_compiler::typed::{ArgId, Job, JobId, Typed, VerbId};
use agentc_runtime::event::{Event, EventKind, ResultOutcome};

/// All runs under one policy that share their counters, pauses and approvals.
#[derive(Debug)]
pub struct World<'a> {
    /// The policy.
    pub typed: &'a Typed,
    /// The fields of records that its rules read.
    pub read: super::read::Fields,
    /// The runs that were opened.
    pub runs: Vec<Run>,
    /// What happened, in order.
    pub log: Vec<Entry>,
}

/// > A **run** is one execution of one job. The host opens it (job, input, identities, environment, time)
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Its job.
    pub job: JobId,
    /// The input, field by field.
    pub input: Vec<Val>,
    /// The environment, value by value.
    pub environment: Vec<Val>,
    /// The agent's attributes.
    pub agent: Vec<Val>,
    /// The attributes of the person served.
    pub user: Option<Vec<Val>>,
}

/// An event and what was answered.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Index of the run.
    pub run: usize,
    /// > time never runs backwards (the latest seen counts)
    pub at: i128,
    /// What happened.
    pub event: Event,
    /// What was answered.
    pub said: Said,
}

/// How a call was reported to have ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It finished well, with this value where its verb declares one.
    Well(Json, Option<Val>),
    /// The tool refused, with this code.
    Refused(String),
    /// Nobody knows. (Also: a write whose result does not fit its type.)
    Unclear,
    /// A read whose result does not fit its type.
    Misfit,
}

/// An allowed call.
#[derive(Debug, Clone)]
pub struct Allowed<'w> {
    /// The run.
    pub run: usize,
    /// Its id.
    pub id: &'w str,
    /// Its verb.
    pub verb: VerbId,
    /// Its arguments by slot.
    pub args: &'w [(ArgId, Val)],
    /// Where in the log it was allowed.
    pub place: usize,
    /// When.
    pub at: i128,
    /// What the allow carries.
    pub grant: &'w super::said::Grant,
    /// Places in the log at which a result of it was taken, and what it was.
    pub reports: Vec<(usize, Ended)>,
}

impl Allowed<'_> {
    /// How it ended, as far as is known.
    pub fn ended(&self) -> Option<&Ended> {
        self.reports.last().map(|(_, ended)| ended)
    }
}

impl World<'_> {
    /// The job of a run.
    pub fn job(&self, run: usize) -> &Job {
        &self.typed.jobs[self.runs[run].job.index()]
    }

    /// The entries of a run, with their places in the log.
    pub fn of_run(&self, run: usize) -> impl DoubleEndedIterator<Item = (usize, &Entry)> {
        self.log.iter().enumerate().filter(move |(_, entry)| entry.run == run)
    }

    /// The latest time that a run has seen.
    pub fn latest(&self, run: usize) -> Option<i128> {
        self.of_run(run).map(|(_, entry)| entry.at).max()
    }

    /// The allowed calls of a run in the order in which they were allowed.
    pub fn allowed(&self, run: usize) -> Vec<Allowed<'_>> {
        let mut calls: Vec<Allowed<'_>> = Vec::new();
        for (place, entry) in self.of_run(run) {
            for decided in entry.said.decisions() {
                if let (Some(grant), Some(verb)) = (decided.grant(), decided.verb) {
                    calls.push(Allowed {
                        run,
                        id: &decided.call,
                        verb,
                        args: &decided.args,
                        place,
                        at: entry.at,
                        grant,
                        reports: Vec::new(),
                    });
                }
            }
            if let (EventKind::Result(result), true) = (&entry.event.kind, entry.said.taken)
                && let Some(call) = calls.iter_mut().find(|call| call.id == result.id)
            {
                call.reports.push((place, self.ended(call.verb, &result.outcome)));
            }
        }
        calls
    }

    /// > A result that does not fit its type is `unclear` for a write, no record for a read
    pub fn ended(&self, verb: VerbId, outcome: &ResultOutcome) -> Ended {
        use super::decode::{Strictness, value};
        let verb = &self.typed.verbs[verb.index()];
        match outcome {
            ResultOutcome::Refused(code) => Ended::Refused(code.clone()),
            ResultOutcome::Unclear => Ended::Unclear,
            ResultOutcome::Ok(json) => {
                let json = Json::of(json);
                let Some(ty) = &verb.result else { return Ended::Well(json, None) };
                match value(self.typed, ty, &verb.result_encoding, &json, Strictness::FieldByField) {
                    Ok(value) => Ended::Well(json, Some(value)),
                    Err(_) if verb.access == agentc_compiler::typed::Access::Write => Ended::Unclear,
                    Err(_) => Ended::Misfit,
                }
            }
        }
    }
}
