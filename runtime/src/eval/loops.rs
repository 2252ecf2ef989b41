//! Bounded loops over lists, sets and the values of maps.

use super::arithmetic::{add, zero};
use super::cause::{Evaluated, Gathered};
use super::facts::Facts;
use super::{Evaluator, misfit};
use crate::program::{Expr, ExprId, LocalId, Loop};
use crate::value::Value;
use std::sync::Arc;

impl<F: Facts> Evaluator<'_, F> {
    #[inline(never)]
    pub(super) fn walk_members(&mut self, expr: &Expr, which: Loop, local: LocalId, over: ExprId, body: ExprId) -> Evaluated {
        let members = members(self.value(over)?)?;
        let chosen = self.is_chosen(over);
        match which {
            Loop::Any => self.quantify(&members, (local, chosen), body, true),
            Loop::All => self.quantify(&members, (local, chosen), body, false),
            Loop::Count => self.count(&members, (local, chosen), body),
            Loop::Sum | Loop::Min | Loop::Max => self.fold(expr, which, &members, (local, chosen), body),
            Loop::First => self.first_member(&members, (local, chosen), body),
        }
    }

    /// What the values of the body come to. Its frame is not part of those of nested quantifiers.
    #[inline(never)]
    fn fold(&mut self, expr: &Expr, which: Loop, members: &[Value], local: (LocalId, bool), body: ExprId) -> Evaluated {
        let zero = self.policy.shape(expr.ty).and_then(zero);
        let values = self.bodies(members, local, body)?.into_iter();
        match which {
            Loop::Min => Ok(values.min().unwrap_or(Value::None)),
            Loop::Max => Ok(values.max().unwrap_or(Value::None)),
            _ => values.into_iter().try_fold(zero.ok_or_else(misfit)?, |sum, value| add(&sum, &value)),
        }
    }

    #[inline(never)]
    fn first_member(&mut self, members: &[Value], local: (LocalId, bool), body: ExprId) -> Evaluated {
        for member in members {
            if self.body_condition(member, local, body)? {
                return Ok(member.clone());
            }
        }
        Ok(Value::None)
    }

    #[inline(never)]
    pub(super) fn all_zip(&mut self, locals: (LocalId, LocalId), over: (ExprId, ExprId), body: ExprId) -> Evaluated {
        let (lefts, rights) = self.pair(over.0, over.1)?;
        let (lefts, rights) = (members(lefts)?, members(rights)?);
        if lefts.len() != rights.len() {
            return Ok(Value::Bool(false));
        }
        let chosen = (self.is_chosen(over.0), self.is_chosen(over.1));
        let mut gathered = Gathered::default();
        for (left, right) in lefts.iter().zip(rights.iter()) {
            self.bind(locals.0, left.clone(), chosen.0);
            self.bind(locals.1, right.clone(), chosen.1);
            let holds = self.condition(body);
            self.unbind(2);
            if gathered.take(holds) == Some(false) {
                return Ok(Value::Bool(false));
            }
        }
        gathered.finish(Value::Bool(true))
    }

    fn quantify(&mut self, members: &[Value], local: (LocalId, bool), body: ExprId, decisive: bool) -> Evaluated {
        let mut gathered = Gathered::default();
        for member in members {
            if gathered.take(self.body_condition(member, local, body)) == Some(decisive) {
                return Ok(Value::Bool(decisive));
            }
        }
        gathered.finish(Value::Bool(!decisive))
    }

    fn count(&mut self, members: &[Value], local: (LocalId, bool), body: ExprId) -> Evaluated {
        let mut gathered = Gathered::default();
        let mut count: i64 = 0;
        for member in members {
            if gathered.take(self.body_condition(member, local, body)) == Some(true) {
                count = count.saturating_add(1);
            }
        }
        gathered.finish(Value::Int(count))
    }

    fn bodies(&mut self, members: &[Value], local: (LocalId, bool), body: ExprId) -> Evaluated<Vec<Value>> {
        let mut gathered = Gathered::default();
        let mut values = Vec::new();
        for member in members {
            self.bind(local.0, member.clone(), local.1);
            let value = self.value(body);
            self.unbind(1);
            values.extend(gathered.take(value));
        }
        gathered.finish(values)
    }

    fn body_condition(&mut self, member: &Value, local: (LocalId, bool), body: ExprId) -> Evaluated<bool> {
        self.bind(local.0, member.clone(), local.1);
        let holds = self.condition(body);
        self.unbind(1);
        holds
    }
}

/// What a loop walks.
fn members(value: Value) -> Evaluated<Arc<[Value]>> {
    match value {
        Value::List(members) | Value::Set(members) => Ok(members),
        Value::Map(entries) => Ok(entries.iter().map(|(_, value)| value.clone()).collect()),
        _ => Err(misfit()),
    }
}
