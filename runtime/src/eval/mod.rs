//! Evaluates compiled expressions to a value or to every reason why there is none.
//!
//! Deterministic and bounded: the program is verified to nest no deeper than the evaluator may recurse, and one decision takes
//! at most [`MAX_STEPS`] steps. What goes beyond is unknown (*overflow*), which never allows.

mod arithmetic;
mod cause;
mod compare;
mod counting;
mod facts;
mod graph;
mod history;
mod logic;
mod loops;
mod memo;
mod quick;
mod records;
mod weight;
mod zoned;

pub use cause::{Cause, Causes, Evaluated, Unasked};
pub use counting::{Counting, Verdict};
pub use facts::{Contribution, Counter, Ended, Facts, PastCall, Reading, Requirement};
pub use graph::{Judged, Need};
pub(crate) use graph::{arm, step};
pub use memo::Memo;
pub(crate) use quick::holds;
pub use weight::BYTES_A_STEP;

use crate::policy::Policy;
use crate::program::{Expr, ExprId, LocalId, Op, TypeShape};
use crate::value::Value;
use cause::Gathered;
use std::sync::Arc;

/// The most steps that one decision may take: one for each expression evaluated, more for those that walk large values.
pub const MAX_STEPS: u32 = 2_000_000;

/// Evaluates the expressions of one policy over the facts of one moment.
#[derive(Debug)]
pub struct Evaluator<'a, F> {
    policy: &'a Policy,
    facts: &'a F,
    memo: &'a mut Memo,
    /// The bound names, innermost last.
    scope: Vec<Bound>,
    /// The earlier call being looked at.
    past: Option<&'a PastCall>,
    /// Some expressions have values from before: none may be read past them.
    recalls: bool,
    steps: u32,
}

/// A bound name.
#[derive(Debug)]
struct Bound {
    local: LocalId,
    value: Value,
    /// It was read straight from the arguments of the call.
    chosen: bool,
}

impl<'a, F: Facts> Evaluator<'a, F> {
    /// An evaluator for one decision. `memo` is scratch: what it holds is forgotten.
    pub fn new(policy: &'a Policy, facts: &'a F, memo: &'a mut Memo) -> Self {
        memo.forget();
        Self { policy, facts, memo, scope: Vec::new(), past: None, recalls: false, steps: MAX_STEPS }
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// Every reason why it is not known.
    pub fn value(&mut self, id: ExprId) -> Evaluated {
        self.spend(1)?;
        let expr = self.policy.expr(id).ok_or_else(misfit)?;
        if let Some(known) = self.known(id, expr) {
            return known;
        }
        let evaluated = self.apply(expr);
        if !expr.scoped {
            self.memo.keep(id, evaluated.clone());
        }
        evaluated
    }

    /// What needs no evaluating: values at hand, bound names, and what is kept.
    #[inline(never)]
    fn known(&self, id: ExprId, expr: &'a Expr) -> Option<Evaluated> {
        if let Some(value) = self.at_hand(expr) {
            return Some(Ok(value.clone()));
        }
        match &expr.op {
            Op::Local(local) => Some(self.bound(*local).map(|bound| bound.value.clone()).ok_or_else(misfit)),
            _ if expr.scoped => None,
            _ => self.memo.get(id).cloned(),
        }
    }

    /// The value of a condition.
    ///
    /// # Errors
    /// Every reason why it is not known.
    pub fn condition(&mut self, id: ExprId) -> Evaluated<bool> {
        if let Some(truth) = self.quick(id) {
            return truth;
        }
        match self.value(id)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(misfit()),
        }
    }

    /// Whether a row of a result may be seen: the condition with the row bound to its name.
    ///
    /// # Errors
    /// Every reason why that is not known.
    pub fn with_row(&mut self, row: LocalId, value: &Value, condition: ExprId) -> Evaluated<bool> {
        self.bind(row, value.clone(), false);
        let evaluated = self.condition(condition);
        self.unbind(1);
        evaluated
    }

    /// The value of an expression over an earlier call, such as an argument of its `undo`.
    ///
    /// # Errors
    /// Every reason why it is not known.
    pub fn of_past(&mut self, call: &'a PastCall, id: ExprId) -> Evaluated {
        let before = self.past.replace(call);
        let evaluated = self.value(id);
        self.past = before;
        evaluated
    }

    /// Takes a value as given: what was frozen when an earlier call was allowed. The expression is not evaluated any more.
    pub fn recall(&mut self, id: ExprId, evaluated: Evaluated) {
        self.recalls = true;
        self.memo.keep(id, evaluated);
    }

    /// One operator. Each is a function of its own, so that the frames of nested operators stay small.
    fn apply(&mut self, expr: &'a Expr) -> Evaluated {
        match &expr.op {
            Op::Lookup(record, key) => self.lookup(*record, key),
            Op::Field(of, field) => self.field(*of, *field),
            Op::CallFn(function, args) => self.call_fn(*function, args),
            Op::Call(function, args) => self.call(*function, args),
            Op::Not(inner) => self.not(*inner),
            Op::And(parts) => self.connect(parts, false),
            Op::Or(parts) => self.connect(parts, true),
            Op::Compare(comparison, left, right) => self.compare(*comparison, *left, *right),
            Op::In(item, list) => self.is_in(*item, *list),
            Op::InRange(item, low, high) => self.in_range(*item, *low, *high),
            Op::Arithmetic(op, left, right) => self.arithmetic(*op, *left, *right),
            Op::Negate(inner) => self.negate(*inner),
            Op::ToDecimal(inner) => self.as_decimal(*inner),
            Op::CompositeKey(parts) => self.composite_key(parts),
            Op::Coalesce(first, second) => self.coalesce(*first, *second),
            Op::IsAbsent(inner) => self.is_absent(*inner),
            Op::Matches(text, pattern) => self.matches(*text, *pattern),
            Op::List(members) => self.list(expr, members),
            Op::If(condition, then, otherwise) => self.branch(*condition, *then, *otherwise),
            Op::Match(subjects, arms) => self.match_arms(subjects, arms),
            Op::MapGet(map, key) => self.map_get(*map, *key),
            Op::Loop(which, local, over, body) => self.walk_members(expr, *which, *local, *over, *body),
            Op::AllZip(left, right, lefts, rights, body) => self.all_zip((*left, *right), (*lefts, *rights), *body),
            Op::Happened(verbs, filter) => self.some_past(verbs, *filter, Ended::Well),
            Op::Failed(verbs, filter) => self.some_past(verbs, *filter, Ended::Failed),
            Op::Last(verbs, filter, part) => self.last_past(verbs, *filter, *part),
            Op::Required { verb, args, within, since_last } => self.required(*verb, args, *within, *since_last),
            Op::WouldExceed(limit) => self.would_exceed(*limit),
            Op::InZone(time, zone) => self.in_zone(*time, *zone),
            Op::ZonePart(part, of) => self.zone_part(*part, *of),
            Op::At(date, time, zone) => self.at(*date, *time, *zone),
            given => self.given(given),
        }
    }

    /// An operator without operands.
    #[inline(never)]
    fn given(&self, op: &Op) -> Evaluated {
        match op {
            Op::Arg(arg) => self.facts.arg(*arg).cloned().ok_or_else(|| Cause::NoCall.into()),
            Op::Input(at) => self.facts.input(*at).cloned().ok_or_else(misfit),
            Op::Environment(at) => self.facts.environment(*at).cloned().ok_or_else(misfit),
            Op::Agent(at) => self.facts.agent(*at).cloned().ok_or_else(misfit),
            Op::User(at) => self.facts.user(*at).cloned().ok_or_else(misfit),
            Op::Signal(at) => self.facts.signal(*at).cloned().ok_or_else(|| Cause::NoSignal(*at).into()),
            Op::Run(fact) => self.facts.run(*fact).ok_or_else(|| Cause::NoConfidence.into()),
            Op::Now => Ok(Value::Time(self.facts.now())),
            Op::PastArg(arg) => self.past_arg(*arg),
            Op::PastResult => self.past_result(),
            Op::Failures(verbs) => Ok(Value::Int(self.facts.failures(verbs))),
            _ => Err(misfit()),
        }
    }

    #[inline(never)]
    fn not(&mut self, inner: ExprId) -> Evaluated {
        self.condition(inner).map(|truth| Value::Bool(!truth))
    }

    #[inline(never)]
    fn composite_key(&mut self, parts: &[ExprId]) -> Evaluated {
        self.gather(parts).map(|parts| Value::List(parts.into()))
    }

    /// The values of several operands, or the reasons of all that are unknown.
    fn gather(&mut self, ids: &[ExprId]) -> Evaluated<Vec<Value>> {
        let mut gathered = Gathered::default();
        let mut values = Vec::with_capacity(ids.len());
        for id in ids {
            values.extend(gathered.take(self.value(*id)));
        }
        gathered.finish(values)
    }

    /// The values of two operands, or the reasons of both.
    fn pair(&mut self, left: ExprId, right: ExprId) -> Evaluated<(Value, Value)> {
        match (self.value(left), self.value(right)) {
            (Ok(left), Ok(right)) => Ok((left, right)),
            (Err(left), Err(right)) => Err(left.and(&right)),
            (Err(causes), _) | (_, Err(causes)) => Err(causes),
        }
    }

    /// The values of three operands, or the reasons of all that are unknown.
    fn triple(&mut self, ids: [ExprId; 3]) -> Evaluated<(Value, Value, Value)> {
        let mut values = self.gather(&ids)?.into_iter();
        match (values.next(), values.next(), values.next()) {
            (Some(first), Some(second), Some(third)) => Ok((first, second, third)),
            _ => Err(misfit()),
        }
    }

    /// A list or set of the operands. Its members may share large values, so what it holds is measured.
    #[inline(never)]
    fn list(&mut self, expr: &Expr, members: &[ExprId]) -> Evaluated {
        let members = self.gather(members)?;
        let is_set = matches!(self.policy.shape(expr.ty), Some(TypeShape::Set(_)));
        let value = if is_set { Value::set(members) } else { Value::List(members.into()) };
        self.spend_on(&value)?;
        Ok(value)
    }

    #[inline(never)]
    fn call(&mut self, function: u32, args: &[ExprId]) -> Evaluated {
        let args = self.gather(args)?;
        for arg in &args {
            self.spend_on(arg)?;
        }
        let function = self.policy.function(function).ok_or_else(misfit)?;
        let result = (function.apply)(&args)?;
        self.spend_on(&result)?;
        Ok(result)
    }

    #[inline(never)]
    fn call_fn(&mut self, function: crate::program::FnId, args: &[ExprId]) -> Evaluated {
        let values = self.gather(args)?;
        let function = self.policy.program().fns.get(function.index()).ok_or_else(misfit)?;
        let chosen: Vec<bool> = args.iter().map(|arg| self.is_chosen(*arg)).collect();
        for ((local, value), chosen) in function.params.iter().zip(values).zip(chosen) {
            self.bind(*local, value, chosen);
        }
        let evaluated = self.value(function.body);
        self.unbind(function.params.len());
        evaluated
    }

    #[inline(never)]
    fn matches(&mut self, text: ExprId, pattern: u32) -> Evaluated {
        let text = self.value(text)?;
        self.spend_on(&text)?;
        match (&text, self.policy.pattern(pattern)) {
            (Value::Text(text), Some(pattern)) => Ok(Value::Bool(pattern.fits(text))),
            _ => Err(misfit()),
        }
    }

    fn bind(&mut self, local: LocalId, value: Value, chosen: bool) {
        self.scope.push(Bound { local, value, chosen });
    }

    /// Takes back the innermost `count` bindings.
    fn unbind(&mut self, count: usize) {
        self.scope.truncate(self.scope.len().saturating_sub(count));
    }

    fn bound(&self, local: LocalId) -> Option<&Bound> {
        self.scope.iter().rev().find(|bound| bound.local == local)
    }

    /// The steps that were taken so far.
    pub fn steps(&self) -> u32 {
        MAX_STEPS.saturating_sub(self.steps)
    }

    #[inline]
    fn spend(&mut self, steps: u32) -> Evaluated<()> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(Cause::Overflow.into())
            }
        }
    }

    /// Pays for walking a whole value, and refuses values that are too large to be walked again and again.
    fn spend_on(&mut self, value: &Value) -> Evaluated<()> {
        let weight = weight::of(value, weight::MAX).ok_or(Cause::Overflow)?;
        self.spend(weight)
    }
}

/// A value is not of its type: verification rules this out, so that it decides nothing should it happen all the same.
fn misfit() -> Causes {
    Cause::Malformed(Arc::from("a value is not of the type that the policy expects")).into()
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests;
