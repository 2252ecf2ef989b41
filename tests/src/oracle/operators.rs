//! Comparisons and arithmetic on known values.

use super::decode::instant;
use super::number::{Number, Overflow};
use super::value::Val;
use agentc_compiler::typed::{ArithmeticOp, CompareOp};
use jiff::Span;
use std::cmp::Ordering;

/// The nanoseconds of a day.
pub const DAY: i128 = 24 * 3600 * 1_000_000_000;

/// A comparison of two values of one type.
pub fn compare(operator: CompareOp, left: &Val, right: &Val) -> bool {
    let order = order(left, right);
    match operator {
        CompareOp::Equal => order == Ordering::Equal,
        CompareOp::NotEqual => order != Ordering::Equal,
        CompareOp::Less => order == Ordering::Less,
        CompareOp::LessEqual => order != Ordering::Greater,
        CompareOp::Greater => order == Ordering::Greater,
        CompareOp::GreaterEqual => order != Ordering::Less,
    }
}

/// How two values of one type stand to each other; `none` is equal only to `none`.
pub fn order(left: &Val, right: &Val) -> Ordering {
    let same = std::mem::discriminant(left) == std::mem::discriminant(right);
    assert!(same || *left == Val::None || *right == Val::None, "one type is compared: {left:?}, {right:?}");
    left.cmp(right)
}

/// `x in low..high`, ends included; times of day and weekdays may wrap (`22:00..06:00`).
pub fn in_range(value: &Val, low: &Val, high: &Val) -> bool {
    let from_low = order(value, low).is_ge();
    let to_high = order(value, high).is_le();
    let wraps = matches!(low, Val::TimeOfDay(_) | Val::Weekday(_)) && order(low, high).is_gt();
    if wraps { from_low || to_high } else { from_low && to_high }
}

/// A length of time that fits: 64 bits of seconds.
fn duration(nanoseconds: Option<i128>) -> Result<Val, Overflow> {
    let nanoseconds = nanoseconds.ok_or(Overflow)?;
    match i64::try_from(nanoseconds / 1_000_000_000) {
        Ok(_) => Ok(Val::Duration(nanoseconds)),
        Err(_) => Err(Overflow),
    }
}

fn time(nanoseconds: Option<i128>) -> Result<Val, Overflow> {
    instant(nanoseconds.ok_or(Overflow)?).map(Val::Time).map_err(|_| Overflow)
}

/// > 64-bit checked integers; decimals exact; arithmetic with units checked
pub fn arithmetic(operator: ArithmeticOp, left: &Val, right: &Val) -> Result<Val, Overflow> {
    use ArithmeticOp::{Add, Multiply, Subtract};
    match (operator, left, right) {
        (Add, Val::Int(a), Val::Int(b)) => a.checked_add(*b).map(Val::Int).ok_or(Overflow),
        (Subtract, Val::Int(a), Val::Int(b)) => a.checked_sub(*b).map(Val::Int).ok_or(Overflow),
        (Multiply, Val::Int(a), Val::Int(b)) => a.checked_mul(*b).map(Val::Int).ok_or(Overflow),
        (Add, Val::Decimal(a), Val::Decimal(b)) => a.plus(b).map(Val::Decimal),
        (Subtract, Val::Decimal(a), Val::Decimal(b)) => a.minus(b).map(Val::Decimal),
        (Multiply, Val::Decimal(a), Val::Decimal(b)) => a.times(b).map(Val::Decimal),
        (Add, Val::Money(a, currency), Val::Money(b, _)) => a.plus(b).map(|sum| Val::Money(sum, *currency)),
        (Subtract, Val::Money(a, currency), Val::Money(b, _)) => a.minus(b).map(|difference| Val::Money(difference, *currency)),
        (Multiply, Val::Money(a, currency), Val::Decimal(b)) | (Multiply, Val::Decimal(b), Val::Money(a, currency)) => {
            a.times(b).map(|product| Val::Money(product, *currency))
        }
        (Multiply, Val::Money(a, currency), Val::Int(b)) | (Multiply, Val::Int(b), Val::Money(a, currency)) => {
            a.times(&Number::whole(*b)).map(|product| Val::Money(product, *currency))
        }
        (Add, Val::Duration(a), Val::Duration(b)) => duration(a.checked_add(*b)),
        (Subtract, Val::Duration(a), Val::Duration(b)) => duration(a.checked_sub(*b)),
        (Multiply, Val::Duration(a), Val::Int(b)) | (Multiply, Val::Int(b), Val::Duration(a)) => {
            duration(a.checked_mul(i128::from(*b)))
        }
        (Add, Val::Time(a), Val::Duration(b)) | (Add, Val::Duration(b), Val::Time(a)) => time(a.checked_add(*b)),
        (Subtract, Val::Time(a), Val::Duration(b)) => time(a.checked_sub(*b)),
        (Subtract, Val::Time(a), Val::Time(b)) => duration(a.checked_sub(*b)),
        (Subtract, Val::Date(a), Val::Date(b)) => duration(Some(i128::from(a.duration_since(*b).as_secs()) * 1_000_000_000)),
        (Add, Val::Date(a), Val::Duration(b)) | (Add, Val::Duration(b), Val::Date(a)) => days_later(*a, *b),
        (Subtract, Val::Date(a), Val::Duration(b)) => days_later(*a, -*b),
        (operator, left, right) => panic!("{operator:?} is not for {left:?} and {right:?}"),
    }
}

/// Date ± a duration of whole days.
fn days_later(date: jiff::civil::Date, duration: i128) -> Result<Val, Overflow> {
    if duration % DAY != 0 {
        return Err(Overflow);
    }
    let days = i64::try_from(duration / DAY).map_err(|_| Overflow)?;
    let span = Span::new().try_days(days).map_err(|_| Overflow)?;
    date.checked_add(span).map(Val::Date).map_err(|_| Overflow)
}

/// The negated number, money or duration.
pub fn negated(value: &Val) -> Result<Val, Overflow> {
    match value {
        Val::Int(number) => number.checked_neg().map(Val::Int).ok_or(Overflow),
        Val::Decimal(number) => number.negated().map(Val::Decimal),
        Val::Money(amount, currency) => amount.negated().map(|amount| Val::Money(amount, *currency)),
        Val::Duration(nanoseconds) => duration(nanoseconds.checked_neg()),
        other => panic!("{other:?} is not negated"),
    }
}
