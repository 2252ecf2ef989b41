//! What was answered to an event, and what follows from it.

use super::limits::Share;
use super::value::Val;
use agentc_compiler::typed::{ArgId, VerbId};
use agentc_runtime::answer::Answer;
use agentc_runtime::event::Person;
use agentc_runtime::json::Json;

/// What was answered to an event.
#[derive(Debug)]
pub struct Said {
    /// As the host sees it.
    pub answer: Answer,
    /// The event was taken.
    pub taken: bool,
    /// The calls that were decided: of a `call`, of an `approval`, and the compensating calls of an `undo`.
    pub decided: Vec<Decided>,
    /// Requests that are open from here on in another stage.
    pub moved: Vec<Asked>,
    /// Calls that were denied because nobody approved them in time, or somebody refused: with the gate.
    pub turned_down: Vec<TurnedDown>,
    /// What is paused or resumed from here on.
    pub pauses: Vec<PauseChange>,
    /// The run is over from here on.
    pub closed: bool,
    /// The agent saw what an outsider wrote.
    pub showed_untrusted: bool,
}

/// A gate that was not opened for a call: the same gate and call are denied from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnedDown {
    /// Index of the gate in the job's rules.
    pub gate: usize,
    /// The call's id.
    pub call: String,
    /// Its verb.
    pub verb: VerbId,
    /// Its canonical arguments.
    pub canonical: String,
    /// This was the call's final answer, given without an event of its own.
    pub by_expiry: bool,
}

/// A pause or a resumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseChange {
    /// What of.
    pub scope: PauseScope,
    /// It pauses, or else resumes.
    pub pauses: bool,
}

/// > scope: call's verb, job, policy
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseScope {
    /// One verb of the job.
    Verb(VerbId),
    /// The job.
    Job,
    /// Every job.
    Policy,
}

/// A decision on one call.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The call's id.
    pub call: String,
    /// Its verb, where it is declared.
    pub verb: Option<VerbId>,
    /// Its arguments by slot, where they fit.
    pub args: Vec<(ArgId, Val)>,
    /// Its canonical arguments, where they fit.
    pub canonical: String,
    /// What was decided.
    pub ruling: Ruling,
    /// Its open requests for approval.
    pub requests: Vec<Asked>,
    /// The call that it compensates, for those of an `undo`.
    pub compensates: Option<String>,
}

/// What was decided.
#[derive(Debug, Clone)]
pub enum Ruling {
    /// It is made.
    Allow(Box<Grant>),
    /// So many records are to be fetched first.
    Need(usize),
    /// People are asked.
    Approval,
    /// It is not made.
    Deny,
    /// The run is over.
    Escalate,
    /// A pause holds.
    Paused,
}

/// What an allow carries.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What it adds to counters.
    pub shares: Vec<Share>,
    /// The arguments of the compensating call that were known now: index into its parameters.
    pub frozen: Vec<(u32, Val)>,
    /// When what it wrote must be forgotten.
    pub retain_until: Option<i128>,
}

/// A request for approval.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// Index of the gate in the job's rules.
    pub gate: usize,
    /// The call's id.
    pub call: String,
    /// Which approvers are asked: 0 for the first.
    pub stage: usize,
    /// Since when they are.
    pub since: i128,
    /// Who of them said yes.
    pub yes: Vec<Person>,
    /// Enough of them did.
    pub granted: bool,
    /// What the approval binds beside the call: labels and values.
    pub bound: Vec<(String, Result<Json, String>)>,
}

impl Said {
    /// The decisions in it.
    pub fn decisions(&self) -> impl Iterator<Item = &Decided> {
        self.decided.iter()
    }

    /// The ids of calls of the agent that got their final answer: anything but `need` and `approval`.
    pub fn final_answers(&self) -> impl Iterator<Item = &str> {
        let decided = self.decided.iter().filter(|decided| decided.compensates.is_none() && decided.is_final());
        let expired = self.turned_down.iter().filter(|down| down.by_expiry);
        decided.map(|decided| decided.call.as_str()).chain(expired.map(|down| down.call.as_str()))
    }

    /// How many calls of the agent were denied here.
    pub fn denials(&self) -> i64 {
        let decided =
            self.decided.iter().filter(|decided| decided.compensates.is_none() && matches!(decided.ruling, Ruling::Deny));
        let mut expired: Vec<&str> =
            self.turned_down.iter().filter(|down| down.by_expiry).map(|down| down.call.as_str()).collect();
        expired.dedup();
        (decided.count() + expired.len()) as i64
    }
}

impl Decided {
    /// What the allow carries, where it is one.
    pub fn grant(&self) -> Option<&Grant> {
        match &self.ruling {
            Ruling::Allow(grant) => Some(grant),
            _ => None,
        }
    }

    /// The call is decided for good.
    pub fn is_final(&self) -> bool {
        !matches!(self.ruling, Ruling::Need(_) | Ruling::Approval)
    }
}
