//! Earlier calls of the run.

use super::cause::{Cause, Evaluated, Gathered};
use super::facts::{Ended, Facts, PastCall, Requirement};
use super::{Evaluator, misfit};
use crate::program::{ArgId, Comparison, ExprId, Op, PastPart, VerbId};
use crate::value::Value;
use jiff::SignedDuration;
use std::sync::Arc;

impl<'a, F: Facts> Evaluator<'a, F> {
    /// Some earlier call of these verbs ended so and satisfies the filter: Kleene's or over them.
    #[inline(never)]
    pub(super) fn some_past(&mut self, verbs: &[VerbId], filter: Option<ExprId>, ended: Ended) -> Evaluated {
        match self.narrowed(verbs, filter) {
            Some(calls) => self.any_of(calls.filter(|call| call.ended == ended), filter),
            None => {
                let of_verbs = |call: &&PastCall| call.ended == ended && verbs.contains(&call.verb);
                self.any_of(self.facts.past().filter(of_verbs), filter)
            }
        }
    }

    fn any_of(&mut self, calls: impl Iterator<Item = &'a PastCall>, filter: Option<ExprId>) -> Evaluated {
        let mut gathered = Gathered::default();
        for call in calls {
            if gathered.take(self.satisfies(call, filter)) == Some(true) {
                return Ok(Value::Bool(true));
            }
        }
        gathered.finish(Value::Bool(false))
    }

    /// The earlier calls of one verb that can satisfy a filter which asks that an argument equals a value at hand: of several such
    /// questions the one that leaves the fewest. The others would be false of it, whatever else the filter asks.
    fn narrowed(
        &self,
        verbs: &[VerbId],
        filter: Option<ExprId>,
    ) -> Option<impl DoubleEndedIterator<Item = &'a PastCall> + use<'a, F>> {
        let [verb] = verbs else { return None };
        let filter = filter?;
        let parts = match &self.policy.expr(filter)?.op {
            Op::And(parts) => parts.as_slice(),
            _ => std::slice::from_ref(&filter),
        };
        let facts = self.facts;
        let asked = parts.iter().filter_map(|part| {
            let Op::Compare(Comparison::Equal, left, right) = self.policy.expr(*part)?.op else { return None };
            let past = |id: ExprId| match self.policy.expr(id).map(|expr| &expr.op) {
                Some(Op::PastArg(arg)) => Some(*arg),
                _ => None,
            };
            let (arg, value) = past(left).zip(self.operand(right)).or_else(|| past(right).zip(self.operand(left)))?;
            facts.past_with(*verb, arg, value)
        });
        asked.min_by_key(|calls| calls.size_hint().1)
    }

    /// Of the latest earlier call of these verbs that finished well and satisfies the filter; unknown where that is unknown of a later
    /// one.
    #[inline(never)]
    pub(super) fn last_past(&mut self, verbs: &[VerbId], filter: Option<ExprId>, part: PastPart) -> Evaluated {
        match self.narrowed(verbs, filter) {
            Some(calls) => self.last_of(calls.rev().filter(|call| call.ended == Ended::Well), filter, part),
            None => {
                let of_verbs = |call: &&PastCall| call.ended == Ended::Well && verbs.contains(&call.verb);
                self.last_of(self.facts.past().rev().filter(of_verbs), filter, part)
            }
        }
    }

    fn last_of(&mut self, calls: impl Iterator<Item = &'a PastCall>, filter: Option<ExprId>, part: PastPart) -> Evaluated {
        for call in calls {
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
