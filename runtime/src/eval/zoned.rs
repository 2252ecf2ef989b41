//! Times as clocks in a zone show them. A zoned time is the pair of the time and the zone's name.

use super::cause::{Cause, Causes, Evaluated};
use super::facts::Facts;
use super::{Evaluator, misfit};
use crate::program::{ExprId, ZonePart};
use crate::value::Value;
use crate::zone;
use std::sync::Arc;

impl<F: Facts> Evaluator<'_, F> {
    #[inline(never)]
    pub(super) fn in_zone(&mut self, time: ExprId, zone: ExprId) -> Evaluated {
        let (time, zone) = self.pair(time, zone)?;
        match (&time, &zone) {
            (Value::Time(_), Value::Text(name)) if self.policy.zones().has(name) => Ok(Value::List(Arc::from([time, zone]))),
            (Value::Time(_), Value::Text(name)) => Err(no_zone(name)),
            _ => Err(misfit()),
        }
    }

    #[inline(never)]
    pub(super) fn zone_part(&mut self, part: ZonePart, of: ExprId) -> Evaluated {
        let Value::List(pair) = self.value(of)? else { return Err(misfit()) };
        let [Value::Time(time), Value::Text(name)] = pair.as_ref() else { return Err(misfit()) };
        let civil = self.policy.zones().civil(*time, name).ok_or_else(|| no_zone(name))?;
        Ok(zone::part(part, civil))
    }

    #[inline(never)]
    pub(super) fn at(&mut self, date: ExprId, time: ExprId, zone: ExprId) -> Evaluated {
        match self.triple([date, time, zone])? {
            (Value::Date(date), Value::TimeOfDay(time), Value::Text(name)) => {
                let instant = self.policy.zones().at(date, time, &name).ok_or_else(|| no_zone(&name))?;
                instant.map(Value::Time).ok_or_else(|| Cause::Overflow.into())
            }
            _ => Err(misfit()),
        }
    }
}

fn no_zone(name: &str) -> Causes {
    Cause::Malformed(Arc::from(format!("`{name}` is no time zone that the policy knows"))).into()
}
