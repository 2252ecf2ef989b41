//! Escalation: the run is over, and people get what they need to take over.

use super::carry::after;
use super::judge::By;
use super::view::View;
use super::{Deciding, approval, words};
use crate::answer::{Expired, Handoff, Settled};
use crate::eval::{Evaluator, Memo};
use crate::program::Show;
use crate::run::{Asked, Bound, CallPhase, Phase};
use std::sync::Arc;

impl Deciding<'_> {
    /// Ends the run: open requests are void, and the handoff goes with the answer.
    pub(super) fn escalate(&mut self, by: By, bound: Option<&Bound>) {
        if self.run.phase != Phase::Open {
            return;
        }
        self.run.phase = Phase::Escalated(by);
        self.drop_requests(|_| true);
        self.escalated = Some(Box::new(self.handoff(by, bound)));
    }

    fn handoff(&self, by: By, bound: Option<&Bound>) -> Handoff {
        let fired = words::by(self.policy, by);
        let plan = self.job.handoff.as_ref();
        let none = [];
        let args = bound.map(|bound| bound.args.as_slice());
        let view = View::new(self.policy, &self.run, &self.cells, args);
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        let show: &[Show] = plan.map_or(&none, |plan| &plan.show);
        Handoff {
            to: plan.map(|plan| plan.to.clone()).unwrap_or_default(),
            why: format!("stopped {}", words::by_words(&fired)),
            by: fired,
            happened: self.run.happened(self.policy),
            changed: self.run.in_sequence().flat_map(|call| call.changed(self.policy)).collect(),
            undoable: self.undoable(),
            show: show.iter().filter_map(|show| approval::shown(&mut evaluator, self.policy, &self.run, bound, show)).collect(),
            expect: plan.and_then(|plan| plan.expect.clone()),
        }
    }

    /// Before every event: requests that nobody answered in time.
    pub(super) fn settle(&mut self) {
        while self.run.phase == Phase::Open {
            let due = |asked: &&Arc<Asked>| asked.expires.is_some_and(|expires| expires <= self.run.now);
            let first = self.run.requests.values().filter(due).min_by_key(|asked| (asked.expires, Arc::clone(&asked.id)));
            let Some(asked) = first.cloned() else { return };
            self.expire(&asked);
        }
    }

    fn expire(&mut self, asked: &Arc<Asked>) {
        let rule = words::fired(self.policy, asked.rule).rule;
        let stages = self.policy.program().gates.get(asked.gate.index()).map(|gate| (gate.stages.as_slice(), gate.escalates));
        let next = asked.stage.saturating_add(1);
        let stage = stages.and_then(|(stages, _)| stages.get(next));
        let then = if let Some(stage) = stage {
            let expires = asked.expires.and_then(|ended| after(ended, stage.expires?));
            let asked = Arc::new(Asked { stage: next, expires, grants: Vec::new(), ..Asked::clone(asked) });
            self.run.requests.insert_mut(Arc::clone(&asked.id), Arc::clone(&asked));
            Expired::NextStage(Box::new(approval::request(self.policy, &self.run, &asked)))
        } else if stages.is_some_and(|(_, escalates)| escalates) {
            Expired::Escalated
        } else {
            Expired::Denied
        };
        let escalates = then == Expired::Escalated;
        let denies = then == Expired::Denied;
        self.settled.push(Settled { request: asked.id.to_string(), call: asked.call.to_string(), gate: rule.clone(), then });
        if denies {
            self.refuse(asked, &rule);
        }
        if escalates {
            let bound = self.run.call(&asked.call).and_then(|call| call.bound.clone());
            self.escalate(By::Rule(asked.rule), bound.as_deref());
        }
    }

    /// Denies the same gate and call from now on, and the call that was asked for.
    pub(super) fn refuse(&mut self, asked: &Asked, by: &str) {
        self.run.refused.insert_mut((asked.rule, asked.verb, Arc::clone(&asked.canonical)));
        if let Some(entry) = self.run.call(&asked.call).map(|entry| entry.as_ref().clone()) {
            self.finally(entry, CallPhase::Denied, by);
        }
    }
}
