//! Results of allowed calls: what is recorded, what becomes a record, and what the agent may see.

use super::judge::By;
use super::view::View;
use super::{Deciding, Reply, limit, unclear};
use crate::answer::{Builtin, Outcome, Sealed};
use crate::bind;
use crate::eval::{Ended, Evaluator, Memo, PastCall};
use crate::event::{CallResult, ResultOutcome};
use crate::json::Json;
use crate::program::{Effect, Gives, RuleId, Shows, VerbShape};
use crate::run::{
    Allowed, Bound, CallEntry, CallPhase, Content, MAX_READINGS, Mark, Reported, hide_fields, mask_value, shows_untrusted,
};
use crate::value::Value;
use std::sync::Arc;

impl Deciding<'_> {
    pub(super) fn result(&mut self, event: &CallResult) -> Reply {
        let Some(entry) = self.run.call(&event.id).cloned() else {
            return Reply::refused(format!("there is no call `{}`", event.id));
        };
        let Some((allowed, bound)) = entry.allowed().zip(entry.bound.clone()) else {
            return Reply::refused(format!("the call `{}` was not allowed, so that it has no result", event.id)).about(&event.id);
        };
        let repeats = allowed.reported == Reported::Unclear && event.outcome == ResultOutcome::Unclear;
        if repeats || !matches!(allowed.reported, Reported::Nothing | Reported::Unclear) {
            return Reply::refused(format!("the result of `{}` was reported already", event.id)).about(&event.id);
        }
        let Some(shape) = self.policy.program().verbs.get(bound.verb.index()) else {
            return Reply::refused("the call's verb is not declared");
        };
        let (reported, value) = self.read_result(shape, &bound, &event.outcome);
        let shown = match (&event.outcome, &reported) {
            (ResultOutcome::Ok(json), Reported::Ok) => Some(self.shown(&bound, allowed, json)),
            _ => None,
        };
        let words = report_words(shape, &reported);
        self.settle_result(&entry, allowed, shape, &reported, value.clone());
        if let (ResultOutcome::Ok(json), Reported::Ok) = (&event.outcome, &reported) {
            self.take_records(shape, &bound, allowed, json);
            self.run.saw_untrusted |= shown.as_ref().is_some_and(|shown| {
                let in_a_field = || shape.result.is_some_and(|ty| shows_untrusted(self.policy, ty, &shown.open));
                shown.open != Json::Null && (shape.result_untrusted || in_a_field())
            });
        }
        let failed = matches!(reported, Reported::Refused(_) | Reported::Unclear);
        if failed && entry.undoes.is_some() {
            self.escalate(By::Builtin(Builtin::UndoFailed, Effect::Stop), Some(&bound));
        }
        Reply { outcome: Outcome::Shown(shown), ..Reply::taken(words).about(&event.id) }
    }

    fn read_result(&mut self, shape: &VerbShape, bound: &Bound, outcome: &ResultOutcome) -> (Reported, Option<Value>) {
        let json = match outcome {
            ResultOutcome::Refused(code) => return (Reported::Refused(code.chars().take(200).collect()), None),
            ResultOutcome::Unclear => return (Reported::Unclear, None),
            ResultOutcome::Ok(json) => json,
        };
        let fits = self.run.hold(json.to_string().len());
        match bind::result(self.policy, bound.verb, json) {
            Ok(value) if fits => (Reported::Ok, shape.result.map(|_| value)),
            _ if shape.is_write => (Reported::Unclear, None),
            _ => (Reported::Misfit, None),
        }
    }

    /// Records how a call ended: shares given back, marks set or taken away, changes once more.
    fn settle_result(
        &mut self,
        entry: &CallEntry,
        allowed: &Allowed,
        shape: &VerbShape,
        reported: &Reported,
        value: Option<Value>,
    ) {
        let mut next = allowed.clone();
        let name = self.run.shared_name(&entry.id);
        if allowed.reported == Reported::Nothing {
            self.run.unsettled = self.run.unsettled.saturating_sub(1);
        } else {
            unclear::unmark(&mut self.cells, &allowed.marks, &name);
        }
        if matches!(reported, Reported::Refused(code) if shape.no_effect_on.contains(code)) {
            for reserved in std::mem::take(&mut next.shares) {
                limit::give_back(&mut self.run, &mut self.cells, &reserved);
            }
        }
        if *reported == Reported::Unclear && shape.is_write {
            unclear::mark(&mut self.cells, &allowed.marks, &name);
        }
        let mark = self.mark();
        for change in &allowed.changes {
            self.run.readings.change(change.record, change.key.as_ref(), mark);
        }
        let ended = match reported {
            Reported::Ok => Ended::Well,
            Reported::Refused(_) | Reported::Unclear => Ended::Failed,
            Reported::Misfit | Reported::Nothing => Ended::Open,
        };
        if let Some(past) = self.run.past.get(allowed.past) {
            let past = PastCall { ended, result: value, ..PastCall::clone(past) };
            self.run.past.set_mut(allowed.past, Arc::new(past));
        }
        next.reported = reported.clone();
        next.reported_order = self.run.order;
        self.run.put_call(CallEntry { phase: CallPhase::Allowed(Box::new(next)), ..entry.clone() });
    }

    /// A result becomes records only through the verbs that the source names.
    fn take_records(&mut self, shape: &VerbShape, bound: &Bound, allowed: &Allowed, json: &Json) {
        let mark = Mark { at: allowed.sent, order: allowed.order };
        for gives in &shape.gives {
            let rows: &[Json] = if gives.list { json.as_list().unwrap_or_default() } else { std::slice::from_ref(json) };
            for row in rows.iter().filter(|row| row.as_object().is_some()) {
                let Some(key) = self.key_of(gives, bound, row) else { continue };
                if self.run.readings.len() >= MAX_READINGS {
                    return;
                }
                let content = match bind::record(self.policy, gives.record, row) {
                    Ok(value) => Content::Value(value),
                    Err(misfits) => Content::Malformed(Arc::from(misfits.to_string())),
                };
                // The result itself is held, and its rows with it.
                self.run.readings.take(gives.record, &key, mark, content, 0);
            }
        }
    }

    /// The key that a row stands under: the one asked for where the row does not hold another, else the row's own.
    fn key_of(&self, gives: &Gives, bound: &Bound, row: &Json) -> Option<Arc<[Value]>> {
        if gives.asked.is_empty() {
            let held: Option<Vec<Value>> = bind::held_key(self.policy, gives.record, row).ok()?.into_iter().collect();
            return held.filter(|key| !key.is_empty()).map(Arc::from);
        }
        let view = View::new(self.policy, &self.run, &self.cells, Some(&bound.args));
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        let asked: Option<Vec<Value>> = gives.asked.iter().map(|part| evaluator.value(*part).ok()).collect();
        let asked = match asked?.as_slice() {
            [Value::List(whole)] => Arc::clone(whole),
            parts if parts.contains(&Value::None) => return None,
            parts => Arc::from(parts),
        };
        self.holds_key(gives.record, &asked, row).then_some(asked)
    }

    /// What the agent may see: every allow that fired narrows it.
    fn shown(&self, bound: &Bound, allowed: &Allowed, json: &Json) -> Sealed {
        let program = self.policy.program();
        let mut open = json.clone();
        let result = program.verbs.get(bound.verb.index()).and_then(|shape| shape.result);
        if let Some(ty) = result {
            let narrowing = |rule: &RuleId| program.rules.get(rule.index()).and_then(|rule| rule.shows.as_ref());
            // Rows are judged before fields are taken out that another allow hides.
            for shows in allowed.allows.iter().filter_map(narrowing) {
                self.keep_rows(bound, shows, ty, &mut open);
            }
            for path in allowed.allows.iter().filter_map(narrowing).flat_map(|shows| &shows.hiding) {
                hide_fields(self.policy, ty, path, &mut open);
            }
        }
        let mut masked = open.clone();
        if let Some(ty) = result {
            mask_value(self.policy, ty, &mut masked);
        }
        Sealed { open, masked }
    }

    /// Takes out the rows that may not be seen: those of which the condition does not hold, or is not known to hold.
    fn keep_rows(&self, bound: &Bound, shows: &Shows, ty: crate::program::TypeId, json: &mut Json) {
        let Some((row, condition)) = shows.rows else { return };
        let Some(record) = super::end::row_record(self.policy, ty) else { return };
        let view = View::new(self.policy, &self.run, &self.cells, Some(&bound.args));
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        let mut may_see = |json: &Json| {
            bind::record(self.policy, record, json).is_ok_and(|value| evaluator.with_row(row, &value, condition) == Ok(true))
        };
        match json {
            Json::List(rows) => rows.retain(|row| may_see(row)),
            Json::Null => {}
            single if may_see(single) => {}
            single => *single = Json::Null,
        }
    }
}

fn report_words(shape: &VerbShape, reported: &Reported) -> String {
    let verb = &shape.wire;
    match reported {
        Reported::Ok => format!("`{verb}` went well"),
        Reported::Misfit => format!("`{verb}` answered with a value that does not fit its type: nothing of it is used or shown"),
        Reported::Refused(code) => format!("`{verb}` was refused with `{code}`"),
        Reported::Unclear => format!("it is not known whether `{verb}` took effect: it is not repeated before that is settled"),
        Reported::Nothing => format!("`{verb}` is not reported"),
    }
}
