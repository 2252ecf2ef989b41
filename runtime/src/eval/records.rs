//! Records and their fields.

use super::cause::{Cause, Evaluated};
use super::facts::{Facts, Reading};
use super::{Evaluator, misfit};
use crate::program::{ExprId, Op, TypeShape};
use crate::types::RecordId;
use crate::value::{Cell, Value};
use std::sync::Arc;

impl<F: Facts> Evaluator<'_, F> {
    #[inline(never)]
    pub(super) fn lookup(&mut self, record: RecordId, parts: &[ExprId]) -> Evaluated {
        let width = self.policy.program().records.get(record.0 as usize).map_or(0, |shape| shape.key_types.len());
        if let ([part], 1) = (parts, width)
            && let Some(key) = self.operand(*part).filter(|key| **key != Value::None)
            && let Reading::Held(value) = self.facts.lookup(record, std::slice::from_ref(key))
        {
            self.spend(1)?;
            return Ok(value);
        }
        let values = self.gather(parts)?;
        let key: Arc<[Value]> = match values.as_slice() {
            // One expression may give the whole of a composite key.
            [Value::List(whole)] if width != 1 => Arc::clone(whole),
            _ => values.into(),
        };
        // An optional key that is `none` names no record.
        if key.contains(&Value::None) {
            return Ok(Value::None);
        }
        Err(match self.facts.lookup(record, &key) {
            Reading::Held(value) => return Ok(value),
            Reading::Unasked(why) => Cause::Unasked { record, key, why },
            Reading::Absent => {
                let chosen = parts.iter().all(|part| self.is_chosen(*part));
                Cause::Absent { record, key, chosen }
            }
            Reading::Unavailable => Cause::Unavailable { record, key },
            Reading::Conflicting => Cause::Conflicting { record, key },
            Reading::Malformed(why) => Cause::Malformed(why),
        }
        .into())
    }

    #[inline(never)]
    pub(super) fn field(&mut self, of: ExprId, field: u32) -> Evaluated {
        match self.value(of)? {
            Value::Record(cells) => match cells.get(field as usize) {
                Some(Cell::Value(value)) => Ok(value.clone()),
                Some(Cell::Malformed(why)) => Err(Cause::Malformed(self.in_field(of, field, why)).into()),
                Some(Cell::Unread) | None => Err(misfit()),
            },
            // `none` is passed on.
            Value::None => Ok(Value::None),
            _ => Err(misfit()),
        }
    }

    /// Why a field is malformed, with the names of the record and the field.
    fn in_field(&self, of: ExprId, field: u32, why: &str) -> Arc<str> {
        let program = self.policy.program();
        let mut shape = self.policy.expr(of).and_then(|expr| self.policy.shape(expr.ty));
        if let Some(TypeShape::Optional(inner)) = shape {
            shape = self.policy.shape(*inner);
        }
        let Some(TypeShape::Record(record)) = shape else { return Arc::from(why) };
        let Some(record) = program.records.get(record.0 as usize) else { return Arc::from(why) };
        let Some(field) = record.fields.get(field as usize) else { return Arc::from(why) };
        Arc::from(format!("`{}.{}` {why}", record.name, field.name))
    }

    /// Whether a value is read straight from the arguments of the call: an argument, or a part of one.
    pub(super) fn is_chosen(&self, id: ExprId) -> bool {
        match self.policy.expr(id).map(|expr| &expr.op) {
            Some(Op::Arg(_)) => true,
            Some(Op::Local(local)) => self.bound(*local).is_some_and(|bound| bound.chosen),
            Some(Op::Field(of, _)) => self.is_chosen(*of),
            Some(Op::CompositeKey(parts)) => parts.iter().all(|part| self.is_chosen(*part)),
            _ => false,
        }
    }
}
