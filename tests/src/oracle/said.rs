//! What was answered to an event, and what follows from it.

use super::limits::Share;
use super::unknown::{Known, RecordKey};
use super::value::Val;
use agentc_compiler::typed::{ArgId, VerbId};
use agentc_runtime::answer::Answer;
use agentc_runtime::event::Person;
use agentc_runtime::json::Json;

/// What was answered to an event.
#[derive(Debug, Clone)]
pub struct Said {
    /// As the host sees it.
    pub answer: Answer,
    /// The event was taken.
    pub taken: bool,
    /// The calls that were decided: of a `call`, of an `approval`, and the compensating calls of an `undo`.
    pub decided: Vec<Decided>,
    /// Requests as they are from here on: somebody said yes, or others are asked.
    pub moved: Vec<Asked>,
    /// Calls that were denied because nobody approved them in time, or somebody refused: with the gate.
    pub turned_down: Vec<TurnedDown>,
    /// What calls with their final answer here add to the limits of the whole job.
    pub tallies: Vec<Share>,
    /// What is paused or resumed from here on.
    pub pauses: Vec<PauseChange>,
    /// The run is over from here on.
    pub closed: bool,
    /// The agent saw what an outsider wrote.
    pub showed_untrusted: bool,
    /// An allow holds at least until then; its own `valid_until` is the latest time that is right.
    pub least_validity: Option<jiff::Timestamp>,
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
    /// The verb as it was called.
    pub name: String,
    /// The name of what decided.
    pub by: Option<String>,
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
    /// It says nothing new of the call: its id was used before, or a pause holds while it waits.
    pub reuse: bool,
    /// The call that it compensates, for those of an `undo`.
    pub compensates: Option<String>,
}

/// What was decided.
#[derive(Debug, Clone)]
pub enum Ruling {
    /// It is made.
    Allow(Box<Grant>),
    /// These records are to be fetched first.
    Need(Vec<RecordKey>),
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
#[derive(Debug, Clone, Default)]
pub struct Grant {
    /// What it adds to counters.
    pub shares: Vec<Share>,
    /// The allows that were true, by index: they say what of the result may be seen.
    pub allows: Vec<usize>,
    /// When what it wrote must be forgotten.
    pub retain_until: Option<i128>,
}

/// A request for approval.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// Which request of the run it is, from 1.
    pub number: usize,
    /// Index of the rule that asks: the gate's own, or the limit that names it.
    pub rule: usize,
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
    /// What the approver sees.
    pub show: Vec<(String, Result<Json, String>)>,
    /// What the approval binds beside the call.
    pub bound: Vec<Bound>,
    /// Whom the gate's expressions name, for each group of each stage.
    pub named: Vec<Vec<Option<String>>>,
    /// What changed since it was asked before.
    pub difference: Vec<(String, Json, Json)>,
}

/// A value that an approval binds.
#[derive(Debug, Clone)]
pub struct Bound {
    /// As the author wrote it.
    pub label: String,
    /// The value, or why it is unknown.
    pub known: Known,
    /// As it is shown.
    pub shown: Result<Json, String>,
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.label == other.label && self.known == other.known
    }
}

impl Said {
    /// The decisions in it.
    pub fn decisions(&self) -> impl Iterator<Item = &Decided> {
        self.decided.iter()
    }

    /// The calls of the agent that got their final answer, anything but `need` and `approval`, and whether it was a denial.
    pub fn final_answers(&self) -> Vec<(&str, bool)> {
        let decided = self.decided.iter().filter(|decided| decided.compensates.is_none() && !decided.reuse && decided.is_final());
        let expired = self.turned_down.iter().filter(|down| down.by_expiry);
        decided
            .map(|decided| (decided.call.as_str(), matches!(decided.ruling, Ruling::Deny)))
            .chain(expired.map(|down| (down.call.as_str(), true)))
            .collect()
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
