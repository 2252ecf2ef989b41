//! What functions give, held to the bounds of the library.

use crate::{MAX_ITEMS, MAX_TEXT_BYTES};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::types::Currency;
use agentc_runtime::value::{Fault, Value};
use std::sync::Arc;

/// A truth value.
pub(crate) fn boolean(truth: bool) -> Result<Value, Fault> {
    Ok(Value::Bool(truth))
}

/// An integer, where it fits 64 bits.
pub(crate) fn integer(number: impl TryInto<i64>) -> Result<Value, Fault> {
    number.try_into().map(Value::Int).map_err(|_| Fault::Overflow)
}

/// How many.
pub(crate) fn length(items: impl Iterator) -> Result<Value, Fault> {
    integer(items.count())
}

/// An amount of money.
pub(crate) fn amount(number: Decimal, currency: Currency) -> Result<Value, Fault> {
    Ok(Value::Money(number, currency))
}

/// A text of at most [`MAX_TEXT_BYTES`].
pub(crate) fn text(text: impl Into<Arc<str>>) -> Result<Value, Fault> {
    let text = text.into();
    if text.len() > MAX_TEXT_BYTES { Err(Fault::Overflow) } else { Ok(Value::Text(text)) }
}

/// A list of at most [`MAX_ITEMS`]; it stops asking for members once there are more.
pub(crate) fn list(members: impl Iterator<Item = Value>) -> Result<Value, Fault> {
    bounded(members).map(|members| Value::List(members.into()))
}

/// A set of these members, at most [`MAX_ITEMS`] before doubles are taken out.
pub(crate) fn set(members: impl Iterator<Item = Value>) -> Result<Value, Fault> {
    bounded(members).map(Value::set)
}

/// That value, or `none`.
pub(crate) fn optional(value: Option<Value>) -> Result<Value, Fault> {
    Ok(value.unwrap_or(Value::None))
}

fn bounded(members: impl Iterator<Item = Value>) -> Result<Vec<Value>, Fault> {
    let members: Vec<Value> = members.take(MAX_ITEMS.saturating_add(1)).collect();
    if members.len() > MAX_ITEMS { Err(Fault::Overflow) } else { Ok(members) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_beyond_the_bounds_overflow() {
        assert!(text("a".repeat(MAX_TEXT_BYTES)).is_ok());
        assert_eq!(text("a".repeat(MAX_TEXT_BYTES + 1)), Err(Fault::Overflow));
        assert!(list(std::iter::repeat_n(Value::Int(1), MAX_ITEMS)).is_ok());
        assert_eq!(list(std::iter::repeat(Value::Int(1))), Err(Fault::Overflow));
        assert_eq!(set(std::iter::repeat(Value::Int(1))), Err(Fault::Overflow));
        assert_eq!(integer(u64::MAX), Err(Fault::Overflow));
    }
}
