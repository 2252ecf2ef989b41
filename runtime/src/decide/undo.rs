//! Undoing: the compensating calls of allowed writes.

use super::call::bind_own;
use super::carry::after;
use super::judge::{By, changes_of, fired};
use super::view::View;
use super::{Deciding, Reply, unclear, values, words};
use crate::answer::{Compensating, Fired, Need, Outcome, Sealed};
use crate::bind::{Audience, write_fields};
use crate::eval::{Evaluator, Judged, Memo};
use crate::event::{self, Person};
use crate::json::Json;
use crate::program::{RuleKind, VerbId};
use crate::run::{Allowed, Bound, CallEntry, CallPhase, Phase, Reported};
use crate::value::Value;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a call cannot be undone.
struct Hindrance {
    why: String,
    by: Option<Fired>,
    needs: Vec<Need>,
}

impl From<String> for Box<Hindrance> {
    fn from(why: String) -> Self {
        Self::new(Hindrance { why, by: None, needs: Vec::new() })
    }
}

impl Deciding<'_> {
    pub(super) fn undo(&mut self, event: &event::Undo) -> Reply {
        let calls: Vec<Arc<CallEntry>> = match &event.call {
            Some(id) => match self.run.call(id).cloned() {
                Some(call) if call.allowed().is_some() => vec![call],
                Some(_) => return Reply::refused(format!("the call `{id}` was not allowed: there is nothing to undo")).about(id),
                None => return Reply::refused(format!("there is no call `{id}`")).about(id),
            },
            None => self.run.in_sequence().filter(|call| self.is_write_in_force(call)).cloned().collect(),
        };
        let mut calls = calls;
        // The last one sent is undone first.
        calls.sort_by_key(|call| std::cmp::Reverse(call.allowed().map(|allowed| allowed.past)));
        let told: Vec<Compensating> = calls.iter().map(|call| self.undo_one(call, &event.by)).collect();
        let allowed = told.iter().filter(|call| call.allowed).count();
        let words = match told.as_slice() {
            [] => "the run has made no write that is in force: there is nothing to undo".to_owned(),
            [one] => one.why.clone(),
            many => format!("{allowed} of {} writes can be undone, in this order", many.len()),
        };
        let reply = Reply { outcome: Outcome::Undo(told), ..Reply::taken(words) };
        match &event.call {
            Some(id) => reply.about(id),
            None => reply,
        }
    }

    fn undo_one(&mut self, call: &CallEntry, who: &Person) -> Compensating {
        let mut told = Compensating {
            call: call.id.to_string(),
            id: self.undo_id(&call.id),
            verb: String::new(),
            args: Sealed { open: Json::Null, masked: Json::Null },
            allowed: false,
            by: None,
            why: String::new(),
            needs: Vec::new(),
        };
        match self.may_undo(call, who, &mut told) {
            Ok((verb, bound)) => {
                told.allowed = true;
                told.why = format!("`{}` is undone by `{}`", call.wire(self.policy), told.verb);
                self.make(call, &told.id, verb, bound);
            }
            Err(hindrance) => {
                told.why = hindrance.why;
                told.by = hindrance.by;
                told.needs = hindrance.needs;
            }
        }
        told
    }

    /// The compensating call, where that person may ask for it now.
    fn may_undo(&self, call: &CallEntry, who: &Person, told: &mut Compensating) -> Result<(VerbId, Bound), Box<Hindrance>> {
        let wire = call.wire(self.policy).to_owned();
        let program = self.policy.program();
        let Some((allowed, bound)) = call.allowed().zip(call.bound.as_ref()) else {
            return Err(format!("`{wire}` was not allowed").into());
        };
        let plan = program.verbs.get(bound.verb.index()).and_then(|shape| shape.undo.as_ref());
        let Some(plan) = plan else { return Err(format!("`{wire}` cannot be undone: it has no `undo`").into()) };
        told.verb = program.verbs.get(plan.verb.index()).map(|verb| verb.wire.clone()).unwrap_or_default();
        let people = if plan.by.is_empty() { &self.job.undo_by } else { &plan.by };
        if !self.is_one_of(people, who) {
            return Err(format!("`{}` may not undo `{wire}`", who.id).into());
        }
        if self.is_undone(allowed) {
            return Err(format!("`{wire}` is undone already, or its undoing is on the way").into());
        }
        match &allowed.reported {
            Reported::Refused(_) => return Err(format!("`{wire}` was refused: there is nothing to undo").into()),
            Reported::Nothing => return Err(format!("`{wire}` is not reported yet").into()),
            Reported::Ok | Reported::Unclear | Reported::Misfit => {}
        }
        let until = plan.within.and_then(|length| after(allowed.sent, length));
        if let Some(until) = until.filter(|until| self.run.now > *until) {
            return Err(format!("`{wire}` could be undone until {until}").into());
        }
        let (verb, compensating) = self.compensating(call, bound, allowed)?;
        told.args = Sealed { open: compensating.json.clone(), masked: compensating.masked(self.policy) };
        if !matches!(self.run.phase, Phase::Escalated(_))
            && let Some(held) = self.paused(Some(verb))
        {
            let reply = self.paused_reply(&call.id, &told.verb, held);
            return Err(Box::new(Hindrance { why: reply.person, by: reply.by, needs: Vec::new() }));
        }
        self.obeys_never(verb, &compensating)?;
        if !self.run.has_room_for_calls(1) {
            return Err("the run holds as many calls as one run may".to_owned().into());
        }
        Ok((verb, compensating))
    }

    /// The compensating call: arguments from the result and from what was frozen when the call was allowed.
    pub(super) fn compensating(&self, call: &CallEntry, bound: &Bound, allowed: &Allowed) -> Result<(VerbId, Bound), String> {
        let program = self.policy.program();
        let wire = call.wire(self.policy);
        let plan = program.verbs.get(bound.verb.index()).and_then(|shape| shape.undo.as_ref());
        let plan = plan.ok_or_else(|| format!("`{wire}` has no `undo`"))?;
        let verb = program.verbs.get(plan.verb.index()).ok_or_else(|| format!("`{wire}` has no `undo`"))?;
        let past = self.run.past.get(allowed.past).ok_or_else(|| format!("`{wire}` is not in the history"))?;
        let view = View::new(self.policy, &self.run, &self.cells, Some(&bound.args));
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        for (expr, value) in &allowed.frozen {
            evaluator.recall(*expr, Ok(value.clone()));
        }
        let mut fields = Vec::new();
        let mut args: Vec<Value> = Vec::new();
        for (param, expr) in &plan.args {
            let Some((_, field)) = verb.params.get(*param as usize) else { continue };
            let value = evaluator.of_past(past, *expr).map_err(|causes| {
                format!("`{}` of `{}` cannot be known: {}", field.name, verb.wire, values::words(self.policy, &causes))
            })?;
            fields.push(field);
            args.push(value);
        }
        let json = write_fields(self.policy, &fields, &args, Audience::Host);
        Ok((plan.verb, bind_own(self.policy, plan.verb, &json)?))
    }

    /// Whether no `never` forbids the compensating call.
    fn obeys_never(&self, verb: VerbId, bound: &Bound) -> Result<(), Box<Hindrance>> {
        let program = self.policy.program();
        let Some(plan) = self.job.verbs.get(verb.index()) else { return Ok(()) };
        let view = View::new(self.policy, &self.run, &self.cells, Some(&bound.args));
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        let is_never = |judged: &Judged| program.rules.get(judged.rule.index()).is_some_and(|rule| rule.kind == RuleKind::Never);
        let walk: Vec<Judged> = evaluator.walk(plan.denies).into_iter().filter(is_never).collect();
        let wire = program.verbs.get(verb.index()).map_or("", |shape| shape.wire.as_str());
        if let Some(rule) = fired(&walk).first() {
            let by = words::fired(self.policy, *rule);
            return Err(Box::new(Hindrance {
                why: format!("`{wire}` is denied {}", words::by_words(&by)),
                by: Some(by),
                needs: Vec::new(),
            }));
        }
        let Some(unknown) = walk.first() else { return Ok(()) };
        let rules: Vec<_> = walk.iter().map(|judged| judged.rule).collect();
        let needs = evaluator.needs(&rules);
        let needs =
            needs.iter().filter(|need| program.records.get(need.record.0 as usize).is_some_and(|shape| shape.fetch.is_some()));
        let by = words::by(self.policy, By::Rule(unknown.rule));
        let why = unknown.state.as_ref().err().map(|causes| values::words(self.policy, causes)).unwrap_or_default();
        Err(Box::new(Hindrance {
            why: format!("it is not known whether `{wire}` is denied {}: {why}", words::by_words(&by)),
            by: Some(by),
            needs: needs.take(crate::run::MAX_NEEDS).map(|need| self.need(need, bound)).collect(),
        }))
    }

    /// Makes the compensating call part of the run.
    fn make(&mut self, call: &CallEntry, id: &str, verb: VerbId, bound: Bound) {
        let changes = {
            let view = View::new(self.policy, &self.run, &self.cells, Some(&bound.args));
            let mut memo = Memo::default();
            changes_of(&mut Evaluator::new(self.policy, &view, &mut memo), self.policy, verb)
        };
        let mark = self.mark();
        for change in &changes {
            self.run.readings.change(change.record, change.key.as_ref(), mark);
        }
        let id: Arc<str> = Arc::from(id);
        let allowed = Allowed {
            sent: self.run.now,
            order: self.run.order,
            past: self.run.past.len(),
            reported: Reported::Nothing,
            reported_order: 0,
            shares: Vec::new(),
            marks: unclear::marks(self.policy, self.job, verb, &changes).leaves,
            changes,
            frozen: Vec::new(),
            allows: Vec::new(),
            undone_by: None,
            retain_until: None,
        };
        self.send(&bound, self.run.now);
        let name = self.policy.program().verbs.get(verb.index()).map(|shape| shape.wire.clone()).unwrap_or_default();
        self.run.put_call(CallEntry {
            id: Arc::clone(&id),
            name,
            bound: Some(Arc::new(bound)),
            at: self.run.now,
            phase: CallPhase::Allowed(Box::new(allowed)),
            by: Some("undo".to_owned()),
            needs: BTreeSet::new(),
            undoes: Some(Arc::clone(&call.id)),
        });
        if let Some(allowed) = call.allowed() {
            let allowed = Allowed { undone_by: Some(id), ..allowed.clone() };
            self.run.put_call(CallEntry { phase: CallPhase::Allowed(Box::new(allowed)), ..call.clone() });
        }
    }

    /// An id for the compensating call that no call has.
    fn undo_id(&self, call: &str) -> String {
        let first = format!("undo/{call}");
        let ids = std::iter::once(first.clone()).chain((2u64..).map(|n| format!("{first}/{n}")));
        ids.into_iter().find(|id| self.run.call(id).is_none()).unwrap_or(first)
    }

    /// Whether a call was undone, or is being undone; an undoing that the tool refused does not count.
    pub(super) fn is_undone(&self, allowed: &Allowed) -> bool {
        let by = allowed.undone_by.as_ref().and_then(|id| self.run.call(id)).and_then(|call| call.allowed());
        by.is_some_and(|by| !matches!(by.reported, Reported::Refused(_)))
    }

    /// Whether an allowed call took effect, as far as is known.
    pub(super) fn may_have_happened(&self, call: &CallEntry) -> bool {
        call.allowed().is_some_and(|allowed| !matches!(allowed.reported, Reported::Refused(_)))
    }

    fn is_write_in_force(&self, call: &CallEntry) -> bool {
        let shape = call.bound.as_ref().and_then(|bound| self.policy.program().verbs.get(bound.verb.index()));
        shape.is_some_and(|shape| shape.is_write)
            && call.undoes.is_none()
            && self.may_have_happened(call)
            && call.allowed().is_some_and(|allowed| !self.is_undone(allowed))
    }

    /// What can still be undone: call, compensating verb, until when.
    pub(super) fn undoable(&self) -> Vec<(String, String, Option<Timestamp>)> {
        let program = self.policy.program();
        let found = self.run.in_sequence().filter(|call| self.is_write_in_force(call)).filter_map(|call| {
            let (allowed, bound) = call.allowed().zip(call.bound.as_ref())?;
            let plan = program.verbs.get(bound.verb.index())?.undo.as_ref()?;
            let until = plan.within.and_then(|length| after(allowed.sent, length));
            let verb = program.verbs.get(plan.verb.index())?.wire.clone();
            until.is_none_or(|until| self.run.now <= until).then(|| (call.id.to_string(), verb, until))
        });
        found.collect()
    }
}
