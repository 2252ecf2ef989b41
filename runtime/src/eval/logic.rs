//! Connectives, choices, and what settles absence.

use super::cause::{Evaluated, Gathered};
use super::facts::Facts;
use super::{Cause, Evaluator, misfit};
use crate::program::{Arm, ExprId, Pattern};
use crate::value::Value;
use std::sync::Arc;

impl<F: Facts> Evaluator<'_, F> {
    /// Kleene's `or` where `decisive` is true, his `and` where it is false: one decisive part decides; else one unknown part makes it
    /// unknown.
    #[inline(never)]
    pub(super) fn connect(&mut self, parts: &[ExprId], decisive: bool) -> Evaluated {
        let mut gathered = Gathered::default();
        for part in parts {
            if gathered.take(self.condition(*part)) == Some(decisive) {
                return Ok(Value::Bool(decisive));
            }
        }
        gathered.finish(Value::Bool(!decisive))
    }

    #[inline(never)]
    pub(super) fn coalesce(&mut self, first: ExprId, second: ExprId) -> Evaluated {
        match self.value(first) {
            Ok(Value::None) => self.value(second),
            Err(causes) if causes.is_only_absence() => self.value(second),
            settled => settled,
        }
    }

    #[inline(never)]
    pub(super) fn is_absent(&mut self, inner: ExprId) -> Evaluated {
        match self.value(inner) {
            Ok(value) => Ok(Value::Bool(value == Value::None)),
            Err(causes) if causes.is_only_absence() => Ok(Value::Bool(true)),
            Err(causes) => Err(causes),
        }
    }

    #[inline(never)]
    pub(super) fn branch(&mut self, condition: ExprId, then: ExprId, otherwise: ExprId) -> Evaluated {
        let taken = if self.condition(condition)? { then } else { otherwise };
        self.value(taken)
    }

    #[inline(never)]
    pub(super) fn match_arms(&mut self, subjects: &[ExprId], arms: &[Arm]) -> Evaluated {
        let values = self.gather(subjects)?;
        for arm in arms {
            self.spend(1)?;
            if arm.patterns.len() != values.len()
                || !arm.patterns.iter().zip(&values).all(|(pattern, value)| self.fits(pattern, value))
            {
                continue;
            }
            let before = self.scope.len();
            for (pattern, value) in arm.patterns.iter().zip(&values) {
                if let Pattern::Bind(local) = pattern {
                    self.bind(*local, value.clone(), false);
                }
            }
            let evaluated = self.value(arm.value);
            self.scope.truncate(before);
            return evaluated;
        }
        Err(Cause::Malformed(Arc::from("no arm of a `match` fits")).into())
    }

    fn fits(&self, pattern: &Pattern, value: &Value) -> bool {
        match pattern {
            Pattern::Any => true,
            Pattern::Bind(_) => *value != Value::None,
            Pattern::OneOf(constants) => constants.iter().any(|constant| self.policy.constant(constant.index()) == Some(value)),
        }
    }

    #[inline(never)]
    pub(super) fn map_get(&mut self, map: ExprId, key: ExprId) -> Evaluated {
        let (map, key) = self.pair(map, key)?;
        self.spend_on(&key)?;
        match map {
            Value::Map(entries) => {
                let found = entries.binary_search_by(|(entry, _)| entry.cmp(&key)).ok();
                Ok(found.and_then(|at| entries.get(at)).map_or(Value::None, |(_, value)| value.clone()))
            }
            // Of a map that is `none` every entry is missing.
            Value::None => Ok(Value::None),
            _ => Err(misfit()),
        }
    }
}
