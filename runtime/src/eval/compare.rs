//! Comparisons, membership and ranges.

use super::cause::Evaluated;
use super::facts::Facts;
use super::quick::holds;
use super::{Evaluator, misfit};
use crate::program::{Comparison, ExprId};
use crate::value::Value;

impl<F: Facts> Evaluator<'_, F> {
    #[inline(never)]
    pub(super) fn compare(&mut self, comparison: Comparison, left: ExprId, right: ExprId) -> Evaluated {
        let (left, right) = self.pair(left, right)?;
        self.spend_on(&left)?;
        Ok(Value::Bool(holds(comparison, &left, &right)))
    }

    #[inline(never)]
    pub(super) fn is_in(&mut self, item: ExprId, container: ExprId) -> Evaluated {
        let (item, container) = self.pair(item, container)?;
        let found = match &container {
            Value::List(members) => {
                self.spend_on(&container)?;
                members.contains(&item)
            }
            Value::Set(members) => {
                self.spend_on(&item)?;
                members.binary_search(&item).is_ok()
            }
            Value::Map(entries) => {
                self.spend_on(&item)?;
                entries.binary_search_by(|(key, _)| key.cmp(&item)).is_ok()
            }
            _ => return Err(misfit()),
        };
        Ok(Value::Bool(found))
    }

    #[inline(never)]
    pub(super) fn in_range(&mut self, item: ExprId, low: ExprId, high: ExprId) -> Evaluated {
        let (item, low, high) = self.triple([item, low, high])?;
        // Only clocks and weeks go round: `22:00..06:00` is the night.
        let wraps = matches!(low, Value::TimeOfDay(_) | Value::Weekday(_)) && low > high;
        Ok(Value::Bool(if wraps { item >= low || item <= high } else { item >= low && item <= high }))
    }
}
