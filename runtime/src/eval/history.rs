//! Earlier calls of the run.

use super::cause::{Cause, Evaluated, Gathered};
use super::facts::{Ended, Facts, PastCall, Requirement};
use super::{Evaluator, misfit};
use crate::program::{ArgId, ExprId, PastPart, VerbId};
use crate::value::Value;
use jiff::SignedDuration;
use std::sync::Arc;

impl<'a, F: Facts> Evaluator<'a, F> {
    /// Some earlier call of these verbs ended so and satisfies the filter: Kleene's or over them.
    #[inline(never)]
    pub(super) fn some_past(&mut self, verbs: &[VerbId], filter: Option<ExprId>, ended: Ended) -> Evaluated {
        let facts = self.facts;
        let mut gathered = Gathered::default();
        for call in facts.past().filter(|call| call.ended == ended && verbs.contains(&call.verb)) {
            if gathered.take(self.satisfies(call, filter)) == Some(true) {
                return Ok(Value::Bool(true));
            }
        }
        gathered.finish(Value::Bool(false))
    }

    /// Of the latest earlier call of these verbs that finished well and satisfies the filter; unknown where that is unknown of a later
    /// one.
    #[inline(never)]
    pub(super) fn last_past(&mut self, verbs: &[VerbId], filter: Option<ExprId>, part: PastPart) -> Evaluated {
        let facts = self.facts;
        for call in facts.past().rev().filter(|call| call.ended == Ended::Well && verbs.contains(&call.verb)) {
            if self.satisfies(call, filter)? {
                return match part {
                    PastPart::Result => result_of(call),
                    PastPart::Arg(arg) => call.arg(arg).cloned().ok_or_else(misfit),
                    PastPart::At => Ok(Value::Time(call.sent)),
                    PastPart::Exists => Ok(Value::Bool(true)),
                };
            }
        }
        Ok(Value::None)
    }

    fn satisfies(&mut self, call: &'a PastCall, filter: Option<ExprId>) -> Evaluated<bool> {
        self.spend(1)?;
        let Some(filter) = filter else { return Ok(true) };
        let before = self.past.replace(call);
        let holds = self.condition(filter);
        self.past = before;
        holds
    }

    pub(super) fn past_arg(&self, arg: ArgId) -> Evaluated {
        self.past.and_then(|call| call.arg(arg)).cloned().ok_or_else(misfit)
    }

    pub(super) fn past_result(&self) -> Evaluated {
        self.past.ok_or_else(misfit).and_then(result_of)
    }

    #[inline(never)]
    pub(super) fn required(
        &mut self,
        verb: VerbId,
        args: &[(u32, ExprId)],
        within: Option<i64>,
        since_last: Option<VerbId>,
    ) -> Evaluated {
        let ids: Vec<ExprId> = args.iter().map(|(_, id)| *id).collect();
        let values = self.gather(&ids)?;
        let args: Vec<(u32, Value)> = args.iter().map(|(param, _)| *param).zip(values).collect();
        let within = within.map(SignedDuration::from_nanos);
        Ok(Value::Bool(self.facts.required(&Requirement { verb, args: &args, within, since_last })))
    }
}

fn result_of(call: &PastCall) -> Evaluated {
    call.result.clone().ok_or_else(|| Cause::Malformed(Arc::from("an earlier call has no result that fits its type")).into())
}
