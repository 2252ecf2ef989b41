//! Counters: what a call adds to one, and whether that goes beyond its bound.

use super::cause::{Cause, Evaluated, Gathered};
use super::facts::{Contribution, Counter, Facts};
use super::{Evaluator, misfit};
use crate::decimal::Decimal;
use crate::program::{LimitId, Measure};
use crate::value::Value;
use jiff::SignedDuration;

/// What the call being decided adds to a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// Which of the limit's counters: the values of its `by`.
    pub key: Vec<Value>,
    /// What the call adds.
    pub adds: Contribution,
    /// The bound.
    pub bound: Value,
    /// What follows.
    pub verdict: Verdict,
}

/// Whether a counter can take a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// With this call it stays within its bound.
    Within,
    /// It would pass its bound.
    Beyond,
    /// The call would take something away: it is denied.
    Negative,
    /// The counter holds as many entries as it may: the call is denied.
    Full,
}

impl<F: Facts> Evaluator<'_, F> {
    /// What a call adds to a counter and whether the counter can take it; `None` where the limit's `when` leaves the call out.
    ///
    /// # Errors
    /// Every reason why that is not known.
    pub fn limit(&mut self, id: LimitId) -> Evaluated<Option<Counting>> {
        let limit = self.policy.program().limits.get(id.index()).ok_or_else(misfit)?;
        if let Some(when) = limit.when
            && !self.condition(when)?
        {
            return Ok(None);
        }
        let mut gathered = Gathered::default();
        let adds = match limit.measure {
            Measure::Count => Some(Contribution::Call),
            Measure::Distinct(value) => gathered.take(self.value(value)).map(Contribution::Distinct),
            Measure::Sum(value) => gathered.take(self.value(value)).map(Contribution::Amount),
        };
        let bound = gathered.take(self.value(limit.bound));
        let key = gathered.take(self.gather(&limit.by));
        let (adds, bound, key) = gathered
            .finish(())
            .and_then(|()| adds.zip(bound).zip(key).map(|((adds, bound), key)| (adds, bound, key)).ok_or_else(misfit))?;
        if let Contribution::Amount(amount) = &adds
            && is_negative(amount)
        {
            return Ok(Some(Counting { key, adds, bound, verdict: Verdict::Negative }));
        }
        let verdict = match self.facts.counter(id, &key, &adds) {
            Counter::Total(total) => {
                let beyond = if limit.strict { total >= bound } else { total > bound };
                if beyond { Verdict::Beyond } else { Verdict::Within }
            }
            Counter::Full => Verdict::Full,
            Counter::Overflow => return Err(Cause::Overflow.into()),
        };
        Ok(Some(Counting { key, adds, bound, verdict }))
    }

    #[inline(never)]
    pub(super) fn would_exceed(&mut self, id: LimitId) -> Evaluated {
        let counting = self.limit(id)?;
        Ok(Value::Bool(counting.is_some_and(|counting| counting.verdict != Verdict::Within)))
    }
}

fn is_negative(amount: &Value) -> bool {
    match amount {
        Value::Int(number) => *number < 0,
        Value::Decimal(number) | Value::Money(number, _) => *number < Decimal::ZERO,
        Value::Duration(duration) => *duration < SignedDuration::ZERO,
        _ => false,
    }
}
