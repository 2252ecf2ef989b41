//! Exact rational numbers of any size.

use agentc_runtime::decimal::Decimal;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// An exact rational number. It has no bound, so that nothing overflows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rational(BigRational);

impl Rational {
    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// One.
    #[must_use]
    pub fn one() -> Self {
        Self(BigRational::one())
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: i128) -> Self {
        Self(BigRational::from_integer(BigInt::from(number)))
    }

    /// A decimal.
    #[must_use]
    pub fn decimal(number: Decimal) -> Self {
        let denominator = BigInt::from(10).pow(u32::from(number.scale()));
        Self(BigRational::new(BigInt::from(number.coefficient()), denominator))
    }

    pub(crate) fn from_parts(numerator: BigInt, denominator: BigInt) -> Self {
        if denominator.is_zero() { Self::zero() } else { Self(BigRational::new(numerator, denominator)) }
    }

    /// `10^-digits`
    #[must_use]
    pub fn step(digits: u8) -> Self {
        Self(BigRational::new(BigInt::one(), BigInt::from(10).pow(u32::from(digits))))
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self(Add::add(&self.0, &other.0))
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        Self(Sub::sub(&self.0, &other.0))
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self(Mul::mul(&self.0, &other.0))
    }

    pub(crate) fn negated(&self) -> Self {
        Self(Neg::neg(&self.0))
    }

    /// The quotient; zero where the divisor is zero, which no caller passes.
    pub(crate) fn over(&self, other: &Self) -> Self {
        if other.0.is_zero() { Self::zero() } else { Self(Div::div(&self.0, &other.0)) }
    }

    /// The largest whole number that is not larger.
    pub(crate) fn floor(&self) -> Self {
        Self(self.0.floor())
    }

    /// The least whole number that is not less.
    pub(crate) fn ceil(&self) -> Self {
        Self(self.0.ceil())
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.0.is_integer()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub(crate) fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Numerator and denominator; the denominator is positive.
    pub(crate) fn parts(&self) -> (&BigInt, &BigInt) {
        (self.0.numer(), self.0.denom())
    }

    /// The number as an `i128`, where it is whole and fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        if self.0.is_integer() { self.0.to_integer().to_i128() } else { None }
    }

    /// The number as a decimal, where it is one that fits.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        let mut scaled = self.0.clone();
        let ten = BigRational::from_integer(BigInt::from(10));
        for digits in 0..=agentc_runtime::decimal::MAX_SCALE {
            if scaled.is_integer() {
                return Decimal::new(scaled.to_integer().to_i128()?, digits).ok();
            }
            scaled = Mul::mul(&scaled, &ten);
        }
        None
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
