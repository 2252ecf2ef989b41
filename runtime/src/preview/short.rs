//! The short way to a preview: the decision table over a walk that ends at the rule that decides.
//!
//! It answers only what is certain. Where the run is not plainly open, where anything unknown could still decide, or where a full
//! judgement might not end within its steps, there is no short answer, and the call is decided in full.

use super::bind::{Call, Slots};
use super::sight::Sight;
use super::{Foreseen, Preview, PreviewError};
use crate::answer::Builtin;
use crate::cell::Snapshot;
use crate::decide::cells::Cells;
use crate::decide::judge::{cannot_take, changes_of, freeze, is_in_shadow};
use crate::decide::table::{self, Row, Table};
use crate::decide::view::View;
use crate::decide::{pause, unclear};
use crate::eval::{self, Evaluator, Facts, Memo};
use crate::index::Extent;
use crate::policy::Policy;
use crate::program::{Effect, JobPlan, LeafState, Node, NodeId, RuleId, VerbPlan, VerbShape};
use crate::run::{MAX_CALLS, MAX_HELD_BYTES, MAX_REQUESTS, Phase, Run};

/// A canonical argument has at most so many times the bytes that were sent: normal forms of addresses are longer than what they are made of.
const LONGER: usize = 8;

/// What is shown to people has at most so many times the bytes that were sent: an amount of two bytes stands with its currency.
const LONGER_SHOWN: usize = 16;

/// Bytes that a request for approval tells of one call, beside its arguments.
const TOLD_OF_A_CALL: usize = 2048;

/// What a call would be answered; `None` where the short way does not lead there.
pub(super) fn preview<'p>(
    policy: &'p Policy,
    run: &Run,
    snapshot: &Snapshot,
    call: Call<'_>,
    slots: &Slots,
    memo: &mut Memo,
) -> Option<Result<Preview<'p>, PreviewError>> {
    let program = policy.program();
    let job = program.jobs.get(run.fixed.job.index()).filter(|_| policy.has_digest(&run.fixed.digest))?;
    let (plan, shape) = job.verbs.get(call.verb.index()).zip(program.verbs.get(call.verb.index()))?;
    let now = run.now.max(call.at);
    // Rows 1 to 3 let the call through.
    let is_new = run.phase == Phase::Open
        && run.calls.size() < MAX_CALLS
        && run.call(call.id).is_none()
        && run.has_room(call.bytes.saturating_mul(LONGER))
        && run.requests.values().all(|asked| asked.expires.is_none_or(|expires| expires > now));
    let extent = call.bytes.max(run.largest).max(run.past.len());
    let is_calm = u32::try_from(extent).is_ok_and(|extent| Extent(extent) <= policy.index().calm(run.fixed.job, call.verb));
    if !is_new || !is_calm {
        return None;
    }
    let cells = Cells::new(snapshot);
    if !snapshot.has_no_pause() && pause::holds(policy, job, &cells, Some(call.verb)).is_some() {
        return Some(given(&cells, Foreseen::Paused, Builtin::Paused.name(), Effect::Pause));
    }
    let view = View::new(policy, run, &cells, Some(&slots.args)).at(now, &slots.interned);
    let evaluator = Evaluator::new(policy, &view, memo);
    let mut short = Short {
        policy,
        job,
        run,
        snapshot,
        cells: &cells,
        call,
        plan,
        shape,
        sight: Sight::new(policy, run, slots, now),
        evaluator,
        is_unknown: false,
        allows: Firing::default(),
        asks: Firing::default(),
        leads_away: false,
    };
    let row = table::decide(&mut short);
    if short.leads_away {
        return None;
    }
    let deny = |builtin: Builtin| Some(given(&cells, Foreseen::Deny, builtin.name(), Effect::Deny));
    let (outcome, rule) = match row {
        Row::Unknown => return None,
        Row::Unclear => return deny(Builtin::Unclear),
        Row::NoAllow => return deny(Builtin::NoAllow),
        Row::Stop(rule) if program.rules.get(rule.index()).is_some_and(|rule| rule.effect == Effect::Pause) => {
            (Foreseen::Paused, rule)
        }
        Row::Stop(rule) => (Foreseen::Escalate, rule),
        Row::Deny(rule) => (Foreseen::Deny, rule),
        Row::Ask(rule) => (Foreseen::Approval, rule),
        Row::Allow(rule) => (Foreseen::Allow, rule),
    };
    let rule = program.rules.get(rule.index())?;
    Some(given(&cells, outcome, &rule.name, rule.effect))
}

/// The preview, unless cells are missing.
fn given<'p>(cells: &Cells<'_>, outcome: Foreseen, rule: &'p str, effect: Effect) -> Result<Preview<'p>, PreviewError> {
    if cells.has_all() { Ok(Preview { outcome, rule, effect }) } else { Err(PreviewError::Load(cells.missing())) }
}

/// What a walk met: it keeps no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Firing {
    /// The first rule that fires.
    first: Option<RuleId>,
    /// How many were met that fire.
    count: usize,
    /// Some rule is unknown.
    unknown: bool,
}

impl Firing {
    fn fires(&mut self, rule: RuleId) {
        self.first = Some(self.first.map_or(rule, |first| first.min(rule)));
        self.count = self.count.saturating_add(1);
    }
}

/// A call that nobody has decided yet, asked row by row.
struct Short<'a, 'v, F> {
    policy: &'a Policy,
    job: &'a JobPlan,
    run: &'a Run,
    snapshot: &'a Snapshot,
    cells: &'v Cells<'a>,
    call: Call<'a>,
    plan: &'a VerbPlan,
    shape: &'a VerbShape,
    sight: Sight<'a>,
    evaluator: Evaluator<'v, F>,
    /// Something that was met is unknown.
    is_unknown: bool,
    allows: Firing,
    asks: Firing,
    /// What decides lies outside the short way.
    leads_away: bool,
}

impl<'a, F: Facts> Short<'a, '_, F> {
    fn first(&mut self, entry: NodeId) -> Option<RuleId> {
        let firing = self.first_of(entry);
        self.is_unknown |= firing.unknown;
        firing.first
    }

    /// The first rule, in the order of the program, that fires. The walk ends as soon as no rule before it can come any more, so that
    /// a rule that is unknown may not be met where one fires.
    fn first_of(&mut self, entry: NodeId) -> Firing {
        let reach = &self.policy.index().reach;
        let mut firing = Firing::default();
        let mut at = entry;
        // Every step goes forward, so the walk ends.
        while let Some(node) = self.policy.program().nodes.get(at.index()) {
            if firing.first.is_some_and(|first| reach.least(at).is_none_or(|least| least >= first)) {
                break;
            }
            at = match node {
                Node::End => break,
                Node::Leaf { state: LeafState::Fires, .. } => {
                    let (least, next) = reach.firing(at);
                    firing.fires(least);
                    next
                }
                branching => self.meet(at, branching, &mut firing),
            };
        }
        firing
    }

    /// The first rule, in the order of the program, that fires; the walk meets every rule.
    fn first_of_all(&mut self, entry: NodeId) -> Firing {
        let mut firing = Firing::default();
        let mut at = entry;
        while let Some(node) = self.policy.program().nodes.get(at.index()).filter(|node| **node != Node::End) {
            at = self.meet(at, node, &mut firing);
        }
        firing
    }

    /// Notes what a leaf says; gives where the walk goes on from any node.
    fn meet(&mut self, at: NodeId, node: &'a Node, firing: &mut Firing) -> NodeId {
        let policy = self.policy;
        let glance = policy.index().glances.of(at);
        let seen = match node {
            Node::Leaf { rule, state, next } => {
                match self.evaluator.leaf(*rule, *state) {
                    Ok(false) => {}
                    Ok(true) => firing.fires(*rule),
                    Err(_) => firing.unknown = true,
                }
                Some(*next)
            }
            Node::Test { yes, no, .. } => self.sight.test(glance).map(|holds| if holds { *yes } else { *no }),
            Node::Switch { arms, otherwise, .. } => self.sight.arm(at, glance, arms).map(|arm| arm.unwrap_or(*otherwise)),
            Node::Range { below, steps, .. } => {
                self.sight.of_range(glance).map(|value| eval::step(policy, steps, value).unwrap_or(*below))
            }
            Node::End => Some(at),
        };
        seen.unwrap_or_else(|| self.evaluator.exit(at, node))
    }

    /// Whether as many requests for approval as gates are true certainly fit into the run.
    fn has_room_for_requests(&self) -> bool {
        let told = self.run.calls.size().saturating_mul(TOLD_OF_A_CALL);
        let held = self.run.held.saturating_add(self.call.bytes).saturating_mul(LONGER_SHOWN);
        let shown = told.saturating_add(held).saturating_mul(2);
        let size = shown.saturating_mul(self.policy.index().widest_gate).saturating_mul(self.asks.count);
        self.run.requests.size().saturating_add(self.asks.count) <= MAX_REQUESTS
            && self.run.held.saturating_add(size) <= MAX_HELD_BYTES
    }
}

impl<F: Facts> Table for Short<'_, '_, F> {
    fn job_stop(&mut self) -> Option<RuleId> {
        self.first(self.job.stops)
    }

    fn denial(&mut self) -> Option<RuleId> {
        let mut denial = self.first(self.plan.denies);
        for limit in self.plan.limits.iter().filter(|limit| !is_in_shadow(self.policy, **limit)) {
            let shape = self.policy.program().limits.get(limit.index())?;
            match self.evaluator.limit(*limit) {
                Ok(Some(counting)) if cannot_take(&counting) => {
                    denial = Some(denial.map_or(shape.rule, |denial| denial.min(shape.rule)));
                }
                Ok(_) => {}
                Err(_) => self.is_unknown = true,
            }
        }
        // A gate that is unknown may hide behind one that is true, so that all are met.
        self.asks = self.first_of_all(self.plan.asks);
        self.is_unknown |= self.asks.unknown;
        let may_be_refused = self.asks.count > 0 && !self.run.refused.is_empty();
        let names_approvers = self.asks.count > 0 && self.policy.index().names_approvers;
        self.leads_away |= may_be_refused || names_approvers;
        denial
    }

    fn is_unclear(&mut self) -> bool {
        if !self.shape.is_write || self.snapshot.has_nothing_unclear() {
            return false;
        }
        let changes = changes_of(&mut self.evaluator, self.policy, self.call.verb);
        let marks = unclear::marks(self.policy, self.job, self.call.verb, &changes);
        marks.blocked_by.iter().any(|mark| unclear::is_marked(self.cells, mark))
    }

    fn may_be_allowed(&mut self) -> bool {
        self.allows = self.first_of(self.plan.allows);
        self.plan.is_handover || self.allows.first.is_some() || self.allows.unknown
    }

    fn stop(&mut self) -> Option<RuleId> {
        self.first(self.plan.stops)
    }

    fn is_unknown(&mut self) -> bool {
        let frozen = self.shape.undo.as_ref().map_or(&[][..], |undo| undo.frozen.as_slice());
        let allows_are_open = !self.plan.is_handover && self.allows.first.is_none();
        self.is_unknown || allows_are_open || freeze(&mut self.evaluator, frozen).is_err()
    }

    fn gate(&mut self) -> Option<RuleId> {
        // A call that nobody has decided yet was approved by nobody.
        self.leads_away |= self.asks.count > 0 && !self.has_room_for_requests();
        self.asks.first
    }

    fn allow(&mut self) -> Option<RuleId> {
        self.allows.first
    }
}
