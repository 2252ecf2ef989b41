//! Arithmetic by the operands' kinds; what does not fit is *overflow*.

use super::cause::{Cause, Evaluated};
use super::facts::Facts;
use super::{Evaluator, misfit};
use crate::decimal::Decimal;
use crate::program::{Arithmetic, ExprId, TypeShape};
use crate::value::Value;
use jiff::SignedDuration;
use std::sync::Arc;

const NANOSECONDS_OF_A_DAY: i128 = 86_400_000_000_000;

impl<F: Facts> Evaluator<'_, F> {
    #[inline(never)]
    pub(super) fn arithmetic(&mut self, op: Arithmetic, left: ExprId, right: ExprId) -> Evaluated {
        let (left, right) = self.pair(left, right)?;
        match op {
            Arithmetic::Add => add(&left, &right),
            Arithmetic::Subtract => subtract(&left, &right),
            Arithmetic::Multiply => multiply(&left, &right),
        }
    }

    #[inline(never)]
    pub(super) fn negate(&mut self, inner: ExprId) -> Evaluated {
        match self.value(inner)? {
            Value::Int(number) => fit(number.checked_neg()).map(Value::Int),
            Value::Decimal(number) => fit(number.checked_neg().ok()).map(Value::Decimal),
            Value::Money(amount, currency) => fit(amount.checked_neg().ok()).map(|amount| Value::Money(amount, currency)),
            Value::Duration(duration) => fit(duration.checked_neg()).map(Value::Duration),
            _ => Err(misfit()),
        }
    }

    #[inline(never)]
    pub(super) fn as_decimal(&mut self, inner: ExprId) -> Evaluated {
        match self.value(inner)? {
            Value::Int(number) => Ok(Value::Decimal(Decimal::from(number))),
            _ => Err(misfit()),
        }
    }
}

fn fit<T>(result: Option<T>) -> Evaluated<T> {
    result.ok_or_else(|| Cause::Overflow.into())
}

/// Nothing, as a value of a type that can be summed.
pub(super) fn zero(shape: &TypeShape) -> Option<Value> {
    match shape {
        TypeShape::Int => Some(Value::Int(0)),
        TypeShape::Decimal => Some(Value::Decimal(Decimal::ZERO)),
        TypeShape::Money(currency) => Some(Value::Money(Decimal::ZERO, *currency)),
        TypeShape::Duration => Some(Value::Duration(SignedDuration::ZERO)),
        _ => None,
    }
}

pub(super) fn add(left: &Value, right: &Value) -> Evaluated {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => fit(a.checked_add(*b)).map(Value::Int),
        (Value::Decimal(a), Value::Decimal(b)) => fit(a.checked_add(*b).ok()).map(Value::Decimal),
        (Value::Money(a, currency), Value::Money(b, other)) if currency == other => {
            fit(a.checked_add(*b).ok()).map(|sum| Value::Money(sum, *currency))
        }
        (Value::Duration(a), Value::Duration(b)) => fit(a.checked_add(*b)).map(Value::Duration),
        (Value::Time(time), Value::Duration(by)) => fit(time.checked_add(*by).ok()).map(Value::Time),
        (Value::Date(_), Value::Duration(by)) => move_date(left, *by),
        _ => Err(misfit()),
    }
}

fn subtract(left: &Value, right: &Value) -> Evaluated {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => fit(a.checked_sub(*b)).map(Value::Int),
        (Value::Decimal(a), Value::Decimal(b)) => fit(a.checked_sub(*b).ok()).map(Value::Decimal),
        (Value::Money(a, currency), Value::Money(b, other)) if currency == other => {
            fit(a.checked_sub(*b).ok()).map(|difference| Value::Money(difference, *currency))
        }
        (Value::Duration(a), Value::Duration(b)) => fit(a.checked_sub(*b)).map(Value::Duration),
        (Value::Time(time), Value::Duration(by)) => fit(time.checked_sub(*by).ok()).map(Value::Time),
        (Value::Time(a), Value::Time(b)) => Ok(Value::Duration(a.duration_since(*b))),
        (Value::Date(a), Value::Date(b)) => Ok(Value::Duration(a.duration_since(*b))),
        (Value::Date(_), Value::Duration(by)) => move_date(left, fit(by.checked_neg())?),
        _ => Err(misfit()),
    }
}

fn multiply(left: &Value, right: &Value) -> Evaluated {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => fit(a.checked_mul(*b)).map(Value::Int),
        (Value::Decimal(a), Value::Decimal(b)) => fit(a.checked_mul(*b).ok()).map(Value::Decimal),
        (Value::Money(amount, currency), Value::Decimal(by)) | (Value::Decimal(by), Value::Money(amount, currency)) => {
            fit(amount.checked_mul(*by).ok()).map(|product| Value::Money(product, *currency))
        }
        (Value::Money(amount, currency), Value::Int(by)) | (Value::Int(by), Value::Money(amount, currency)) => {
            fit(amount.checked_mul(Decimal::from(*by)).ok()).map(|product| Value::Money(product, *currency))
        }
        (Value::Duration(duration), Value::Int(by)) | (Value::Int(by), Value::Duration(duration)) => {
            let nanoseconds = duration.as_nanos().checked_mul(i128::from(*by));
            fit(nanoseconds.and_then(SignedDuration::try_from_nanos_i128)).map(Value::Duration)
        }
        _ => Err(misfit()),
    }
}

fn move_date(date: &Value, by: SignedDuration) -> Evaluated {
    let Value::Date(date) = date else { return Err(misfit()) };
    if by.as_nanos().checked_rem(NANOSECONDS_OF_A_DAY) != Some(0) {
        return Err(Cause::Malformed(Arc::from("a date moves by whole days only")).into());
    }
    fit(date.checked_add(by).ok()).map(Value::Date)
}
