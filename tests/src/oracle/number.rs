//! Exact decimal numbers, on big integers, with the bounds of the language checked afterwards.
//!
//! > decimals exact (a 128-bit coefficient with a bounded scale; a result that does not fit is overflow, never rounded)

use num_bigint::BigInt;
use std::cmp::Ordering;
use std::fmt;

/// Digits after the point that fit.
const MOST_DIGITS: u32 = 28;

/// `coefficient / 10^scale`.
// INVARIANT: normal form: with a scale above 0 the coefficient's last digit is not 0. So equal numbers are equal values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    coefficient: BigInt,
    scale: u32,
}

/// A result that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

fn fits(coefficient: &BigInt) -> bool {
    i128::try_from(coefficient).is_ok()
}

impl Number {
    /// Zero.
    pub fn zero() -> Self {
        Self { coefficient: BigInt::ZERO, scale: 0 }
    }

    /// A whole number.
    pub fn whole(number: impl Into<BigInt>) -> Self {
        Self { coefficient: number.into(), scale: 0 }
    }

    /// `coefficient / 10^scale`, if its normal form fits.
    pub fn new(mut coefficient: BigInt, mut scale: u32) -> Result<Self, Overflow> {
        while scale > 0 && (&coefficient % 10) == BigInt::ZERO {
            coefficient /= 10;
            scale -= 1;
        }
        if scale > MOST_DIGITS || !fits(&coefficient) {
            return Err(Overflow);
        }
        Ok(Self { coefficient, scale })
    }

    /// Reads `-12.50` and JSON's exponents. `Ok(None)`: it is no number at all.
    pub fn read(text: &str) -> Result<Option<Self>, Overflow> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let exponent_digits = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
        if !digits(whole) || fraction.is_some_and(|text| !digits(text)) || exponent_digits.is_some_and(|text| !digits(text)) {
            return Ok(None);
        }
        let fraction = fraction.unwrap_or("");
        let mut coefficient: BigInt = format!("{whole}{fraction}").parse().expect("digits");
        if negative {
            coefficient = -coefficient;
        }
        if coefficient == BigInt::ZERO {
            return Ok(Some(Self::zero()));
        }
        let power: BigInt = exponent.map_or(BigInt::ZERO, |text| text.trim_start_matches('+').parse().expect("digits"));
        let scale = BigInt::from(fraction.len()) - power;
        // Nothing beyond a thousand digits can fit, and the powers below stay small.
        let scale = i64::try_from(&scale).ok().filter(|scale| scale.abs() < 10_000 + fraction.len() as i64).ok_or(Overflow)?;
        match u32::try_from(scale) {
            Ok(scale) => Self::new(coefficient, scale).map(Some),
            Err(_) => Self::new(coefficient * ten_to(scale.unsigned_abs() as u32), 0).map(Some),
        }
    }

    /// Both coefficients at the larger scale: `decimal.rs` says that operands of a sum are first brought to one scale, and that
    /// where that does not fit, the sum does not.
    fn at_one_scale(&self, other: &Self) -> (BigInt, BigInt, u32) {
        let scale = self.scale.max(other.scale);
        (&self.coefficient * ten_to(scale - self.scale), &other.coefficient * ten_to(scale - other.scale), scale)
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Result<Self, Overflow> {
        let (left, right, scale) = self.at_one_scale(other);
        let sum = &left + &right;
        if !fits(&left) || !fits(&right) || !fits(&sum) {
            return Err(Overflow);
        }
        Self::new(sum, scale)
    }

    /// The difference.
    pub fn minus(&self, other: &Self) -> Result<Self, Overflow> {
        let (left, right, scale) = self.at_one_scale(other);
        let difference = &left - &right;
        if !fits(&left) || !fits(&right) || !fits(&difference) {
            return Err(Overflow);
        }
        Self::new(difference, scale)
    }

    /// The product: of the coefficients, before trailing zeros are taken off.
    pub fn times(&self, other: &Self) -> Result<Self, Overflow> {
        let product = &self.coefficient * &other.coefficient;
        if !fits(&product) {
            return Err(Overflow);
        }
        Self::new(product, self.scale + other.scale)
    }

    /// The negated number.
    pub fn negated(&self) -> Result<Self, Overflow> {
        Self::new(-&self.coefficient, self.scale)
    }

    /// It is below zero.
    pub fn is_negative(&self) -> bool {
        self.coefficient < BigInt::ZERO
    }

    /// The integer that it is, if it is one of 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(&self.coefficient).ok() } else { None }
    }

    /// The integer that it is, if it is one.
    pub fn to_i128(&self) -> Option<i128> {
        if self.scale == 0 { i128::try_from(&self.coefficient).ok() } else { None }
    }

    /// This many of the unit `1 / 10^digits`.
    pub fn minor_units(units: i128, digits: u8) -> Result<Self, Overflow> {
        Self::new(BigInt::from(units), u32::from(digits))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right, _) = self.at_one_scale(other);
        left.cmp(&right)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    /// Plain digits, no exponent, no zeros at the end of a fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = self.coefficient.magnitude().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::decimal::Decimal;
    use proptest::prelude::*;

    /// Numbers around every bound.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "-?[0-9]{1,4}(\\.[0-9]{1,3})?",
            "-?[0-9]{1,39}(\\.[0-9]{1,30})?",
            "-?[0-9]{1,3}(\\.[0-9]{1,3})?[eE][+-]?[0-9]{1,2}",
        ]
    }

    proptest! {
        #[test]
        fn agrees_with_the_runtime_on_reading_and_arithmetic(left in texts(), right in texts()) {
            let native = (left.parse::<Decimal>(), right.parse::<Decimal>());
            let slow = (Number::read(&left), Number::read(&right));
            let print = |number: &Number| number.to_string();
            prop_assert_eq!(native.0.ok().map(|n| n.to_string()), slow.0.clone().ok().flatten().as_ref().map(print), "{}", left);
            if let (Ok(a), Ok(b), Ok(Some(x)), Ok(Some(y))) = (native.0, native.1, slow.0, slow.1) {
                let native = [a.checked_add(b), a.checked_sub(b), a.checked_mul(b), a.checked_neg()];
                let slow = [x.plus(&y), x.minus(&y), x.times(&y), x.negated()];
                for (native, slow) in native.into_iter().zip(slow) {
                    prop_assert_eq!(native.ok().map(|n| n.to_string()), slow.ok().as_ref().map(print), "{} {}", left, right);
                }
                prop_assert_eq!(a.cmp(&b), x.cmp(&y));
            }
        }
    }
}
