//! Comparisons of values that lie at hand: they are looked at in place, and nothing is kept of them.

use super::Evaluator;
use super::cause::Evaluated;
use super::facts::Facts;
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

    /// A comparison whose operands lie at hand and that takes one step whatever they are: of values of one size, or with a constant.
    /// `None` for anything else. It costs no more than a condition that is kept, so that it need not be.
    // Nested conditions meet it at every level: its frame is not part of theirs.
    #[inline(never)]
    pub(super) fn quick(&mut self, id: ExprId) -> Option<Evaluated<bool>> {
        let truth = match &self.policy.expr(id)?.op {
            Op::Compare(comparison, left, right) => {
                self.fetch(*left);
                self.fetch(*right);
                let (left_value, right_value) = (self.seen(*left)?, self.seen(*right)?);
                let is_short = is_of_one_size(left_value) || self.is_constant(*left) || self.is_constant(*right);
                is_short.then(|| holds(*comparison, left_value, right_value))?
            }
            Op::In(item, list) => {
                let Op::List(members) = &self.policy.expr(*list)?.op else { return None };
                if members.len() > SHORT || !members.iter().all(|member| self.is_constant(*member)) {
                    return None;
                }
                self.fetch(*item);
                let item = self.seen(*item)?;
                members.iter().any(|member| self.operand(*member) == Some(item))
            }
            _ => return None,
        };
        Some(self.spend(1).map(|()| truth))
    }

    #[inline]
    fn is_constant(&self, id: ExprId) -> bool {
        self.policy.expr(id).is_some_and(|expr| matches!(expr.op, Op::Constant(_)))
    }
}

/// The most members of a list that is looked through in one step.
const SHORT: usize = 8;

/// Whether comparing a value takes the same time whatever it is.
fn is_of_one_size(value: &Value) -> bool {
    !matches!(value, Value::Text(_) | Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Record(_))
}

/// Whether a comparison holds.
pub(crate) fn holds(comparison: Comparison, left: &Value, right: &Value) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterEqual => left >= right,
    }
}
