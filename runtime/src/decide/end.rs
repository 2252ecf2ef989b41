//! The end of a run: the verdict.

use super::view::View;
use super::{Deciding, Reply, values};
use crate::answer::{Forget, Outcome, Sealed, Verdict};
use crate::eval::{Evaluator, Memo};
use crate::policy::Policy;
use crate::program::{TypeId, TypeShape};
use crate::run::{CallEntry, Phase, Reported};
use crate::types::RecordId;
use std::sync::Arc;

impl Deciding<'_> {
    pub(super) fn end(&mut self) -> Reply {
        if self.run.has_ended() {
            return Reply::refused("the run has ended already");
        }
        let (done, why) = self.is_done();
        let verdict = Verdict {
            done,
            why: why.clone(),
            unsettled: self.unsettled(),
            void: self.drop_requests(|_| true),
            forget: self.forget(),
        };
        self.run.phase = Phase::Ended(self.run.stopped_by());
        let words = if done { format!("the run is done: {why}") } else { format!("the run has ended and is not done: {why}") };
        Reply { outcome: Outcome::Verdict(Box::new(verdict)), model: "this run is over".to_owned(), ..Reply::taken(words) }
    }

    fn is_done(&self) -> (bool, String) {
        if self.run.stopped_by().is_some() {
            return (false, "the run has escalated".to_owned());
        }
        let Some(done) = self.job.done else { return (false, "the job does not say when it is done".to_owned()) };
        let view = View::new(self.policy, &self.run, &self.cells, None);
        let mut memo = Memo::default();
        match Evaluator::new(self.policy, &view, &mut memo).condition(done) {
            Ok(true) => (true, "what `done when` asks for holds".to_owned()),
            Ok(false) => (false, "what `done when` asks for does not hold".to_owned()),
            Err(causes) => (false, format!("it is not known whether `done when` holds: {}", values::words(self.policy, &causes))),
        }
    }

    fn unsettled(&self) -> Vec<String> {
        let open = |call: &&Arc<CallEntry>| {
            call.allowed().is_some_and(|allowed| matches!(allowed.reported, Reported::Nothing | Reported::Unclear))
        };
        self.run.in_sequence().filter(open).map(|call| call.id.to_string()).collect()
    }

    fn forget(&self) -> Vec<Forget> {
        let kept = self.run.in_sequence().filter_map(|call| {
            let (allowed, bound) = call.allowed().zip(call.bound.as_ref())?;
            let until = allowed.retain_until?;
            let is_there = self.may_have_happened(call) && !self.is_undone(allowed);
            is_there.then(|| Forget {
                call: call.id.to_string(),
                verb: call.wire(self.policy).to_owned(),
                until,
                with: self.compensating(call, bound, allowed).ok().map(|(verb, bound)| {
                    let wire = self.policy.program().verbs.get(verb.index()).map(|shape| shape.wire.clone()).unwrap_or_default();
                    (wire, Sealed { open: bound.json.clone(), masked: bound.masked(self.policy) })
                }),
            })
        });
        kept.collect()
    }
}

/// The record that a result is, or is a list of.
pub(super) fn row_record(policy: &Policy, ty: TypeId) -> Option<RecordId> {
    match policy.shape(ty)? {
        TypeShape::Record(record) => Some(*record),
        TypeShape::Optional(inner) | TypeShape::List(inner) | TypeShape::Set(inner) => row_record(policy, *inner),
        _ => None,
    }
}
