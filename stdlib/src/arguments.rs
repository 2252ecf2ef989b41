//! What functions take: parameters as they are declared, arguments as they arrive.

use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Constant, Param, Shape};
use agentc_runtime::types::Currency;
use agentc_runtime::value::{Fault, Value};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A parameter that takes any expression.
pub(crate) const fn parameter(name: &'static str, shape: Shape) -> Param {
    Param { name, shape, constant: Constant::No }
}

/// A parameter that takes a constant.
pub(crate) const fn constant(name: &'static str, shape: Shape) -> Param {
    Param { name, shape, constant: Constant::Yes }
}

/// A parameter that takes one of these texts, written out.
pub(crate) const fn one_of(name: &'static str, words: &'static [&'static str]) -> Param {
    Param { name, shape: Shape::Text, constant: Constant::OneOf(words) }
}

/// The only argument.
pub(crate) fn one<'a, A: Argument<'a>>(arguments: &'a [Value]) -> Result<A, Fault> {
    match arguments {
        [a] => A::read(a).ok_or_else(misfit),
        _ => Err(misfit()),
    }
}

/// Both arguments.
pub(crate) fn two<'a, A: Argument<'a>, B: Argument<'a>>(arguments: &'a [Value]) -> Result<(A, B), Fault> {
    match arguments {
        [a, b] => A::read(a).zip(B::read(b)).ok_or_else(misfit),
        _ => Err(misfit()),
    }
}

/// All three arguments.
pub(crate) fn three<'a, A: Argument<'a>, B: Argument<'a>, C: Argument<'a>>(arguments: &'a [Value]) -> Result<(A, B, C), Fault> {
    match arguments {
        [a, b, c] => match (A::read(a), B::read(b), C::read(c)) {
            (Some(a), Some(b), Some(c)) => Ok((a, b, c)),
            _ => Err(misfit()),
        },
        _ => Err(misfit()),
    }
}

/// All four arguments.
pub(crate) fn four<'a, A, B, C, D>(arguments: &'a [Value]) -> Result<(A, B, C, D), Fault>
where
    A: Argument<'a>,
    B: Argument<'a>,
    C: Argument<'a>,
    D: Argument<'a>,
{
    match arguments {
        [a, b, c, d] => match (A::read(a), B::read(b), C::read(c), D::read(d)) {
            (Some(a), Some(b), Some(c), Some(d)) => Ok((a, b, c, d)),
            _ => Err(misfit()),
        },
        _ => Err(misfit()),
    }
}

/// The compiler lets no such call through; should one arrive all the same, it decides nothing.
fn misfit() -> Fault {
    Fault::Malformed(Arc::from("the arguments do not fit the function"))
}

/// What an argument can be read as.
pub(crate) trait Argument<'a>: Sized {
    /// The argument, where it is one.
    fn read(value: &'a Value) -> Option<Self>;
}

/// The members of a list or a set.
pub(crate) struct Items<'a>(pub(crate) &'a [Value]);

/// The entries of a map.
pub(crate) struct Entries<'a>(pub(crate) &'a [(Value, Value)]);

/// An amount of money.
pub(crate) struct Amount {
    /// How much.
    pub(crate) number: Decimal,
    /// Of which currency.
    pub(crate) currency: Currency,
}

impl Amount {
    /// Both numbers and their one currency.
    pub(crate) fn same_currency(self, other: &Self) -> Result<(Decimal, Decimal, Currency), Fault> {
        if self.currency == other.currency { Ok((self.number, other.number, self.currency)) } else { Err(misfit()) }
    }
}

/// Any value but `none`.
impl<'a> Argument<'a> for &'a Value {
    fn read(value: &'a Value) -> Option<Self> {
        (*value != Value::None).then_some(value)
    }
}

impl<'a> Argument<'a> for Items<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        match value {
            Value::List(items) | Value::Set(items) => Some(Self(items)),
            _ => None,
        }
    }
}

impl<'a> Argument<'a> for Entries<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        match value {
            Value::Map(entries) => Some(Self(entries)),
            _ => None,
        }
    }
}

impl Argument<'_> for Amount {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Money(number, currency) => Some(Self { number: *number, currency: *currency }),
            _ => None,
        }
    }
}

impl<'a> Argument<'a> for &'a str {
    fn read(value: &'a Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Argument<'_> for Decimal {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Decimal(number) => Some(*number),
            Value::Int(number) => Some(Self::from(*number)),
            _ => None,
        }
    }
}

/// A day of the week, 1 for Monday to 7 for Sunday.
pub(crate) struct Weekday(pub(crate) u8);

impl Argument<'_> for Weekday {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Weekday(day @ 1..=7) => Some(Self(*day)),
            _ => None,
        }
    }
}

macro_rules! copied {
    ($($type:ty: $variant:ident),* $(,)?) => {$(
        impl Argument<'_> for $type {
            fn read(value: &Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(*inner),
                    _ => None,
                }
            }
        }
    )*};
}

copied! { i64: Int, Timestamp: Time, Date: Date, Time: TimeOfDay, SignedDuration: Duration }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_by_number_and_kind() {
        assert_eq!(one::<i64>(&[Value::Int(3)]), Ok(3));
        assert_eq!(one::<i64>(&[Value::text("3")]), Err(misfit()));
        assert_eq!(one::<i64>(&[Value::Int(3), Value::Int(4)]), Err(misfit()));
        assert_eq!(two::<&str, i64>(&[Value::text("a"), Value::Int(4)]), Ok(("a", 4)));
        assert_eq!(three::<i64, i64, i64>(&[Value::Int(1), Value::Int(2)]), Err(misfit()));
        assert_eq!(
            four::<i64, i64, i64, &str>(&[Value::Int(1), Value::Int(2), Value::Int(3), Value::text("x")]),
            Ok((1, 2, 3, "x"))
        );
    }

    #[test]
    fn an_integer_is_a_decimal_where_one_is_wanted() {
        assert_eq!(one::<Decimal>(&[Value::Int(3)]), Ok(Decimal::from(3)));
    }
}
