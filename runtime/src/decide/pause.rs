//! Pauses: of a verb, a job or the whole policy, for all runs that share the ledger.

use super::call::verb_named;
use super::cells::{Cells, job_cell, verb_name};
use super::judge::By;
use super::view::View;
use super::{Deciding, Reply, approval, words};
use crate::answer::{Builtin, Outcome, Retry};
use crate::cell::{CellKey, CellKind, CellValue, Pause};
use crate::eval::{Evaluator, Memo};
use crate::event::{Person, Scope, Stopper};
use crate::policy::Policy;
use crate::program::{Approver, Effect, JobPlan, VerbId};
use crate::value::Value;

/// A pause that holds, and over what.
pub(crate) struct Holds {
    pause: Pause,
    over: String,
}

fn policy_pause(policy: &Policy, job: &JobPlan) -> CellKey {
    CellKey { job: String::new(), ..job_pause(policy, job) }
}

fn job_pause(policy: &Policy, job: &JobPlan) -> CellKey {
    job_cell(policy, job, CellKind::Pause, "", String::new())
}

fn verb_pause(policy: &Policy, job: &JobPlan, verb: VerbId) -> Option<CellKey> {
    let shape = policy.program().verbs.get(verb.index())?;
    Some(job_cell(policy, job, CellKind::Pause, &verb_name(shape), String::new()))
}

/// The widest pause that holds for a verb.
pub(crate) fn holds(policy: &Policy, job: &JobPlan, cells: &Cells<'_>, verb: Option<VerbId>) -> Option<Holds> {
    let of_verb = verb.and_then(|verb| verb_pause(policy, job, verb));
    let keys = [Some(policy_pause(policy, job)), Some(job_pause(policy, job)), of_verb];
    // All three are asked for, so that one loading is enough.
    let [of_policy, of_job, of_verb] = keys.map(|key| match key.and_then(|key| cells.get(&key)) {
        Some(CellValue::Pause(pause)) => Some(pause),
        _ => None,
    });
    let wire = || verb.and_then(|verb| policy.program().verbs.get(verb.index())).map_or("", |shape| shape.wire.as_str());
    let of_policy = of_policy.map(|pause| Holds { pause, over: "the policy".to_owned() });
    let of_job = || of_job.map(|pause| Holds { pause, over: format!("the job `{}`", job.name) });
    of_policy.or_else(of_job).or_else(|| of_verb.map(|pause| Holds { pause, over: format!("`{}`", wire()) }))
}

impl Deciding<'_> {
    /// The widest pause that holds for a verb.
    pub(super) fn paused(&self, verb: Option<VerbId>) -> Option<Holds> {
        holds(self.policy, self.job, &self.cells, verb)
    }

    pub(super) fn paused_reply(&self, call: &str, verb: &str, holds: Holds) -> Reply {
        let verb: String = verb.chars().take(100).collect();
        let Holds { pause, over } = holds;
        Reply {
            outcome: Outcome::Paused,
            by: Some(words::by(self.policy, By::Builtin(Builtin::Paused, Effect::Pause))),
            model: format!("`{verb}` is paused; it can be tried again once it is resumed"),
            person: format!("{over} is paused by `{}` since {}", pause.by, pause.at),
            retry: Retry::AfterResume,
            ..Reply::taken("").about(call)
        }
    }

    /// A limit pauses the job.
    pub(super) fn pause_job(&mut self, by: By) {
        let cell = job_pause(self.policy, self.job);
        if self.cells.get(&cell).is_none() {
            let pause = Pause { by: words::by(self.policy, by).rule, at: self.run.now };
            self.cells.set(cell, CellValue::Pause(pause), None);
        }
    }

    pub(super) fn pause(&mut self, stopper: &Stopper) -> Reply {
        let (cell, over) = match self.scope(stopper, &self.job.pause_by, "pause") {
            Ok(found) => found,
            Err(why) => return Reply::refused(why),
        };
        if self.cells.get(&cell).is_some() {
            return Reply::taken(format!("{over} was paused already"));
        }
        let pause = Pause { by: stopper.by.id.clone(), at: self.run.now };
        self.cells.set(cell, CellValue::Pause(pause), None);
        Reply::taken(format!("{over} is paused by `{}`", stopper.by.id))
    }

    pub(super) fn resume(&mut self, stopper: &Stopper) -> Reply {
        let (cell, over) = match self.scope(stopper, &self.job.resume_by, "resume") {
            Ok(found) => found,
            Err(why) => return Reply::refused(why),
        };
        if self.cells.get(&cell).is_none() {
            return Reply::taken(format!("{over} was not paused"));
        }
        self.cells.clear(cell);
        Reply::taken(format!("{over} is resumed by `{}`", stopper.by.id))
    }

    /// The cell of a scope, where that person may pause or resume it.
    fn scope(&self, stopper: &Stopper, people: &[Approver], what: &str) -> Result<(CellKey, String), String> {
        if !self.is_one_of(people, &stopper.by) {
            return Err(format!("`{}` may not {what} this job", stopper.by.id));
        }
        match &stopper.scope {
            Scope::Policy => Ok((policy_pause(self.policy, self.job), "the policy".to_owned())),
            Scope::Job => Ok((job_pause(self.policy, self.job), format!("the job `{}`", self.job.name))),
            Scope::Verb(name) => verb_named(self.policy, name)
                .and_then(|verb| verb_pause(self.policy, self.job, verb))
                .map(|cell| (cell, format!("`{name}`")))
                .ok_or_else(|| format!("there is no verb `{name}`")),
        }
    }

    /// Whether somebody is one of these people.
    pub(super) fn is_one_of(&self, people: &[Approver], who: &Person) -> bool {
        let view = View::new(self.policy, &self.run, &self.cells, None);
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        approval::is_one_of(self.policy, &self.run, people, who, &mut |expr| match evaluator.value(expr) {
            Ok(Value::Text(id)) => Some(id.to_string()),
            _ => None,
        })
    }
}
