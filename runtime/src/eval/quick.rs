//! Comparisons of values that lie at hand: they are looked at in place, and nothing is kept of them.

use super::cause::Evaluated;
use super::facts::Facts;
use super::weight;
use super::{Cause, Evaluator};
use crate::program::{Comparison, Expr, ExprId, Op};
use crate::value::{Cell, Value};

impl<'a, F: Facts> Evaluator<'a, F> {
    /// The value of an expression that is given and known: a constant, an argument, a fact of the run.
    #[inline]
    pub(super) fn at_hand(&self, expr: &'a Expr) -> Option<&'a Value> {
        match &expr.op {
            Op::Constant(constant) => self.policy.constant(constant.index()),
            Op::PastArg(arg) => self.past?.arg(*arg),
            _ if self.recalls => None,
            Op::Arg(arg) => self.facts.arg(*arg),
            Op::Input(at) => self.facts.input(*at),
            Op::Environment(at) => self.facts.environment(*at),
            Op::Agent(at) => self.facts.agent(*at),
            Op::User(at) => self.facts.user(*at),
            Op::Signal(at) => self.facts.signal(*at),
            _ => None,
        }
    }

    /// The operand, where it lies at hand.
    #[inline]
    pub(super) fn operand(&self, id: ExprId) -> Option<&'a Value> {
        self.at_hand(self.policy.expr(id)?)
    }

    /// Brings what an operand is a part of to hand: the record whose field it is.
    #[inline]
    fn fetch(&mut self, id: ExprId) {
        let Some(Op::Field(of, _)) = self.policy.expr(id).map(|expr| &expr.op) else { return };
        let is_record = self.policy.expr(*of).is_some_and(|of| matches!(of.op, Op::Lookup(..)) && !of.scoped);
        if is_record && !self.recalls && self.memo.get(*of).is_none() {
            // It is kept; where it is unknown, whoever wants to know why asks again and pays again.
            if self.value(*of).is_err() {
                self.steps = self.steps.saturating_add(1);
            }
        }
    }

    /// A value that lies at hand, or is a field of a record that does.
    #[inline]
    fn seen(&self, id: ExprId) -> Option<&Value> {
        let expr = self.policy.expr(id)?;
        match &expr.op {
            Op::Field(of, field) if !self.recalls => match self.memo.get(*of)? {
                Ok(Value::Record(cells)) => match cells.get(*field as usize)? {
                    Cell::Value(value) => Some(value),
                    Cell::Malformed(_) | Cell::Unread => None,
                },
                // `none` is passed on.
                Ok(none @ Value::None) => Some(none),
                _ => None,
            },
            _ => self.at_hand(expr),
        }
    }

    /// The value of an operand in place, where it needs no evaluating.
    pub(super) fn in_place(&mut self, id: ExprId) -> Option<&Value> {
        self.fetch(id);
        self.seen(id)?;
        self.spend(1).ok()?;
        self.seen(id)
    }

    /// A comparison whose operands lie at hand; `None` for anything else.
    // Nested conditions meet it at every level: its frame is not part of theirs.
    #[inline(never)]
    pub(super) fn quick(&mut self, id: ExprId) -> Option<Evaluated<bool>> {
        match &self.policy.expr(id)?.op {
            Op::Compare(comparison, left, right) => {
                self.fetch(*left);
                self.fetch(*right);
                let steps = price(self.seen(*left)?);
                let truth = holds(*comparison, self.seen(*left)?, self.seen(*right)?);
                // One step for the comparison and each operand, and what walking the first takes.
                Some(self.pay(steps, 3).map(|()| truth))
            }
            Op::In(item, list) => {
                let Op::List(members) = &self.policy.expr(*list)?.op else { return None };
                self.fetch(*item);
                let item = self.seen(*item)?;
                let (mut found, mut steps) = (false, Some(0_u32));
                for member in members {
                    let member = self.operand(*member)?;
                    found |= member == item;
                    steps = steps.zip(price(member)).and_then(|(steps, more)| steps.checked_add(more)?.checked_add(1));
                }
                Some(self.pay(steps, 3).map(|()| found))
            }
            _ => None,
        }
    }

    /// Pays so many steps for walking values, and more; what is too heavy to be walked is not.
    fn pay(&mut self, walking: Option<u32>, more: u32) -> Evaluated<()> {
        self.spend(walking.ok_or(Cause::Overflow)?.saturating_add(more))
    }
}

/// What walking a value takes; `None` where it is too heavy.
fn price(value: &Value) -> Option<u32> {
    match value {
        Value::Text(_) | Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Record(_) => weight::of(value, weight::MAX),
        _ => Some(1),
    }
}

/// Whether a comparison holds.
pub(super) fn holds(comparison: Comparison, left: &Value, right: &Value) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterEqual => left >= right,
    }
}
