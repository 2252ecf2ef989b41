//! Exact rational numbers of any size.

use agentc_runtime::decimal::Decimal;
use num_bigint::BigInt;
use num_rational::{BigRational, Ratio};
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Sub};

/// An exact rational number. It has no bound, so that nothing overflows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Number);

/// A number is small wherever it can be: nearly all of a policy's are, and those need no memory of their own.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Number {
    /// Numerator and denominator fit in 64 bits, so that no sum or product of two overflows 128.
    Small(Ratio<i128>),
    Large(Box<BigRational>),
}

/// One operation. Of whole and small numbers it does not overflow, because their parts fit in 64 bits.
struct Operation {
    whole: fn(i128, i128) -> i128,
    small: fn(Ratio<i128>, Ratio<i128>) -> Ratio<i128>,
    large: fn(BigRational, BigRational) -> BigRational,
}

impl Rational {
    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Self(Number::Small(Ratio::zero()))
    }

    /// One.
    #[must_use]
    pub fn one() -> Self {
        Self(Number::Small(Ratio::one()))
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: i128) -> Self {
        match small(Ratio::from_integer(number)) {
            Some(number) => number,
            None => Self(Number::Large(Box::new(BigRational::from_integer(BigInt::from(number))))),
        }
    }

    /// A decimal.
    #[must_use]
    pub fn decimal(number: Decimal) -> Self {
        Self::from_parts(BigInt::from(number.coefficient()), BigInt::from(10).pow(u32::from(number.scale())))
    }

    pub(crate) fn from_parts(numerator: BigInt, denominator: BigInt) -> Self {
        if denominator.is_zero() { Self::zero() } else { Self::of(BigRational::new(numerator, denominator)) }
    }

    /// `10^-digits`
    #[must_use]
    pub fn step(digits: u8) -> Self {
        Self::from_parts(BigInt::one(), BigInt::from(10).pow(u32::from(digits)))
    }

    fn of(number: BigRational) -> Self {
        let parts = number.numer().to_i64().zip(number.denom().to_i64());
        match parts {
            Some((numerator, denominator)) => Self(Number::Small(Ratio::new_raw(numerator.into(), denominator.into()))),
            None => Self(Number::Large(Box::new(number))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Number::Small(number) => BigRational::new_raw(BigInt::from(*number.numer()), BigInt::from(*number.denom())),
            Number::Large(number) => number.as_ref().clone(),
        }
    }

    /// On whole or at least on small numbers where both are, and the result.
    fn with(&self, other: &Self, operation: &Operation) -> Self {
        let found = match (&self.0, &other.0) {
            (Number::Small(one), Number::Small(other)) if one.is_integer() && other.is_integer() => {
                small(Ratio::from_integer((operation.whole)(*one.numer(), *other.numer())))
            }
            (Number::Small(one), Number::Small(other)) => small((operation.small)(*one, *other)),
            _ => None,
        };
        found.unwrap_or_else(|| Self::of((operation.large)(self.big(), other.big())))
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        self.with(other, &Operation { whole: Add::add, small: Add::add, large: Add::add })
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.with(other, &Operation { whole: Sub::sub, small: Sub::sub, large: Sub::sub })
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        self.with(other, &Operation { whole: Mul::mul, small: Mul::mul, large: Mul::mul })
    }

    pub(crate) fn negated(&self) -> Self {
        Self::zero().minus(self)
    }

    /// The quotient; zero where the divisor is zero, which no caller passes.
    pub(crate) fn over(&self, other: &Self) -> Self {
        if other.is_zero() {
            return Self::zero();
        }
        let inverse = match &other.0 {
            Number::Small(number) => small(number.recip()),
            Number::Large(_) => None,
        };
        self.times(&inverse.unwrap_or_else(|| Self::of(other.big().recip())))
    }

    /// The largest whole number that is not larger.
    pub(crate) fn floor(&self) -> Self {
        match &self.0 {
            Number::Small(number) => Self(Number::Small(number.floor())),
            Number::Large(number) => Self::of(number.floor()),
        }
    }

    /// The least whole number that is not less.
    pub(crate) fn ceil(&self) -> Self {
        match &self.0 {
            Number::Small(number) => Self(Number::Small(number.ceil())),
            Number::Large(number) => Self::of(number.ceil()),
        }
    }

    pub(crate) fn is_whole(&self) -> bool {
        match &self.0 {
            Number::Small(number) => number.is_integer(),
            Number::Large(number) => number.is_integer(),
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        matches!(&self.0, Number::Small(number) if number.is_zero())
    }

    pub(crate) fn is_positive(&self) -> bool {
        match &self.0 {
            Number::Small(number) => number.is_positive(),
            Number::Large(number) => number.is_positive(),
        }
    }

    pub(crate) fn is_negative(&self) -> bool {
        match &self.0 {
            Number::Small(number) => number.is_negative(),
            Number::Large(number) => number.is_negative(),
        }
    }

    /// Without its sign.
    pub(crate) fn absolute(&self) -> Self {
        if self.is_negative() { self.negated() } else { self.clone() }
    }

    /// Numerator and denominator; the denominator is positive.
    pub(crate) fn parts(&self) -> (BigInt, BigInt) {
        self.big().into_raw()
    }

    /// The number as an `i128`, where it is whole and fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        match &self.0 {
            Number::Small(number) => number.is_integer().then(|| *number.numer()),
            Number::Large(number) if number.is_integer() => number.to_integer().to_i128(),
            Number::Large(_) => None,
        }
    }

    /// The number as a decimal, where it is one that fits.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        let mut scaled = self.clone();
        for digits in 0..=agentc_runtime::decimal::MAX_SCALE {
            if scaled.is_whole() {
                return Decimal::new(scaled.to_i128()?, digits).ok();
            }
            scaled = scaled.times(&Self::whole(10));
        }
        None
    }
}

/// The number, if its parts fit in 64 bits.
fn small(number: Ratio<i128>) -> Option<Rational> {
    let fits = |part: &i128| i64::try_from(*part).is_ok();
    (fits(number.numer()) && fits(number.denom())).then_some(Rational(Number::Small(number)))
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Number::Small(one), Number::Small(other)) if one.is_integer() && other.is_integer() => {
                one.numer().cmp(other.numer())
            }
            (Number::Small(one), Number::Small(other)) => one.cmp(other),
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Number::Small(number) => fmt::Display::fmt(number, f),
            Number::Large(number) => fmt::Display::fmt(number, f),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
