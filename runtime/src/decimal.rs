//! Exact decimal numbers: a 128-bit coefficient and a scale of at most 28.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The largest scale, digits after the point.
pub const MAX_SCALE: u8 = 28;

/// An exact decimal number, `coefficient / 10^scale`.
///
/// A result that does not fit is [`Overflow`], never rounded. Operands of a sum are first brought to one scale; where that
/// does not fit, the sum does not fit.
// INVARIANT: normal form, so that equal numbers are equal values: the last digit of a coefficient with scale > 0 is not 0.
// PACKED: 128 bits ask for an alignment of 16 bytes, by which every value would have 48 bytes instead of 32.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C, packed(8))]
pub struct Decimal {
    coefficient: i128,
    scale: u8,
}

/// A result that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number is too large or has too many digits")]
pub struct Overflow;

/// A text that is no decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseDecimalError {
    /// Not digits with at most one point and an optional exponent.
    #[error("it is no decimal number")]
    Syntax,
    /// It does not fit 128 bits and 28 digits after the point.
    #[error("a number is too large or has too many digits")]
    Overflow,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { coefficient: 0, scale: 0 };

    /// `coefficient / 10^scale`; overflow where the scale is more than 28 even in normal form.
    ///
    /// # Errors
    /// [`Overflow`] as said.
    pub fn new(mut coefficient: i128, mut scale: u8) -> Result<Self, Overflow> {
        // Dividing 64 bits is many times faster than dividing 128.
        if let Ok(mut short) = i64::try_from(coefficient) {
            while scale > 0 && short.checked_rem(10) == Some(0) {
                short = short.checked_div(10).ok_or(Overflow)?;
                scale = scale.saturating_sub(1);
            }
            return if scale > MAX_SCALE { Err(Overflow) } else { Ok(Self { coefficient: i128::from(short), scale }) };
        }
        while scale > 0 && coefficient.checked_rem(10) == Some(0) {
            coefficient = coefficient.checked_div(10).ok_or(Overflow)?;
            scale = scale.saturating_sub(1);
        }
        if scale > MAX_SCALE {
            return Err(Overflow);
        }
        Ok(Self { coefficient, scale })
    }

    /// The coefficient in normal form.
    #[must_use]
    pub fn coefficient(self) -> i128 {
        self.coefficient
    }

    /// Digits after the point in normal form.
    #[must_use]
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The number as an integer, if it is one that fits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.coefficient).ok() } else { None }
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.coefficient < 0
    }

    fn at_scale(self, scale: u8) -> Result<i128, Overflow> {
        let zeros = scale.checked_sub(self.scale).ok_or(Overflow)?;
        // The product of two numbers of 64 bits always fits.
        if let (Some(factor), Ok(short)) = (POWERS.get(usize::from(zeros)), i64::try_from(self.coefficient)) {
            return Ok(i128::from(short).wrapping_mul(i128::from(*factor)));
        }
        self.coefficient.checked_mul(power(zeros)?).ok_or(Overflow)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`Overflow`] where it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        let scale = self.scale.max(other.scale);
        let sum = self.at_scale(scale)?.checked_add(other.at_scale(scale)?).ok_or(Overflow)?;
        Self::new(sum, scale)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`Overflow`] where it does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        let scale = self.scale.max(other.scale);
        let difference = self.at_scale(scale)?.checked_sub(other.at_scale(scale)?).ok_or(Overflow)?;
        Self::new(difference, scale)
    }

    /// The product of the coefficients in normal form must fit 128 bits, and its scale 28.
    ///
    /// # Errors
    /// [`Overflow`] where it does not.
    pub fn checked_mul(self, other: Self) -> Result<Self, Overflow> {
        let product = self.coefficient.checked_mul(other.coefficient).ok_or(Overflow)?;
        Self::new(product, self.scale.checked_add(other.scale).ok_or(Overflow)?)
    }

    /// The negated number.
    ///
    /// # Errors
    /// [`Overflow`] for the least coefficient.
    pub fn checked_neg(self) -> Result<Self, Overflow> {
        Self::new(self.coefficient.checked_neg().ok_or(Overflow)?, self.scale)
    }
}

/// The powers of ten of 64 bits.
const POWERS: [i64; 19] = {
    let mut powers = [1_i64; 19];
    let mut at = 1;
    while at < powers.len() {
        #[expect(clippy::indexing_slicing, reason = "this runs in the compiler, which checks it")]
        {
            powers[at] = powers[at - 1] * 10;
            at += 1;
        }
    }
    powers
};

fn power(exponent: u8) -> Result<i128, Overflow> {
    10i128.checked_pow(u32::from(exponent)).ok_or(Overflow)
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self { coefficient: i128::from(number), scale: 0 }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return { self.coefficient }.cmp(&{ other.coefficient });
        }
        let scale = self.scale.max(other.scale);
        match (self.at_scale(scale), other.at_scale(scale)) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            // Only the one with fewer digits after the point can fail to be scaled up; it is then beyond the other.
            (Err(Overflow), _) => { self.coefficient }.cmp(&0),
            (_, Err(Overflow)) => 0.cmp(&{ other.coefficient }),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    /// Reads `-12.50`, and JSON's exponents, `1e3`.
    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        short(text.as_bytes()).map_or_else(|| long(text), Ok)
    }
}

/// The most digits of which every number fits 64 bits.
const SHORT: usize = 18;

/// A number as most are written, a few digits with or without a point; `None` for any other text.
#[inline]
fn short(text: &[u8]) -> Option<Decimal> {
    if text.len() > SHORT {
        return None;
    }
    let (mut number, mut point) = (0_i64, None);
    for (at, byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            // At most eighteen digits, so it fits.
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
        } else if *byte == b'.' && point.is_none() && at > 0 {
            point = Some(at);
        } else {
            return None;
        }
    }
    let after = match point {
        None => (!text.is_empty()).then_some(0)?,
        Some(point) => text.len().checked_sub(point)?.checked_sub(1).filter(|after| *after > 0)?,
    };
    Decimal::new(i128::from(number), u8::try_from(after).ok()?).ok()
}

/// Any number.
fn long(text: &str) -> Result<Decimal, ParseDecimalError> {
    use ParseDecimalError::{Overflow as TooLarge, Syntax};
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| Syntax)?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    if whole.is_empty() || fraction.is_some_and(str::is_empty) {
        return Err(Syntax);
    }
    let fraction = fraction.unwrap_or("");
    let mut coefficient: i128 = 0;
    let mut scale: i32 = 0;
    let mut pending_zeros: u32 = 0;
    for (after_point, digit) in whole.chars().map(|c| (false, c)).chain(fraction.chars().map(|c| (true, c))) {
        let digit = digit.to_digit(10).ok_or(Syntax)?;
        if after_point && digit == 0 {
            // Trailing zeros after the point are no digits of the number: count them only when another digit follows.
            pending_zeros = pending_zeros.checked_add(1).ok_or(TooLarge)?;
            continue;
        }
        for _ in 0..pending_zeros {
            coefficient = coefficient.checked_mul(10).ok_or(TooLarge)?;
            scale = scale.checked_add(1).ok_or(TooLarge)?;
        }
        pending_zeros = 0;
        coefficient = coefficient.checked_mul(10).and_then(|c| c.checked_add(i128::from(digit))).ok_or(TooLarge)?;
        if after_point {
            scale = scale.checked_add(1).ok_or(TooLarge)?;
        }
    }
    if negative {
        coefficient = coefficient.checked_neg().ok_or(TooLarge)?;
    }
    if coefficient == 0 {
        return Ok(Decimal::ZERO);
    }
    scale = scale.checked_sub(exponent).ok_or(TooLarge)?;
    if scale < 0 {
        let zeros = u8::try_from(scale.unsigned_abs()).map_err(|_| TooLarge)?;
        let factor = power(zeros).map_err(|_| TooLarge)?;
        coefficient = coefficient.checked_mul(factor).ok_or(TooLarge)?;
        scale = 0;
    }
    Decimal::new(coefficient, u8::try_from(scale).map_err(|_| TooLarge)?).map_err(|_| TooLarge)
}

impl fmt::Display for Decimal {
    /// Plain digits, no exponent, no trailing zeros after the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let digits = self.coefficient.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let width = scale.saturating_add(1);
        let digits = format!("{digits:0>width$}");
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_prints_the_same_number() {
        for (text, printed) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("40.00", "40"),
            ("0.05", "0.05"),
            ("1e3", "1000"),
            ("12.5e-3", "0.0125"),
            ("-7.250", "-7.25"),
        ] {
            assert_eq!(d(text).to_string(), printed, "{text}");
        }
    }

    #[test]
    fn a_value_has_four_words() {
        assert_eq!(size_of::<crate::value::Value>(), 32);
    }

    #[test]
    fn short_texts_are_read_as_long_ones_are() {
        let parts = ["", "0", "7", "10", "00", "905", "12345678", "99999999999999999", "x", "-", "é"];
        let mut read = 0;
        for whole in parts {
            for fraction in parts {
                for text in [
                    whole.to_owned(),
                    format!("{whole}.{fraction}"),
                    format!("{whole}..{fraction}"),
                    format!("{whole}.{fraction}.1"),
                ] {
                    if let Some(number) = short(text.as_bytes()) {
                        assert_eq!(long(&text), Ok(number), "{text}");
                        read += 1;
                    }
                }
            }
        }
        assert!(read > 100, "{read} texts were short");
        assert!(short(b"12.50").is_some() && short(b"1234567890123456789").is_none());
    }

    #[test]
    fn refuses_what_is_no_number_and_what_does_not_fit() {
        for text in ["", "-", ".5", "5.", "1,000", "0x1", "1e", "+1", "NaN"] {
            assert_eq!(text.parse::<Decimal>(), Err(ParseDecimalError::Syntax), "{text}");
        }
        for text in ["1e39", "1e-29", "170141183460469231731687303715884105728", "1e99999"] {
            assert_eq!(text.parse::<Decimal>(), Err(ParseDecimalError::Overflow), "{text}");
        }
    }

    #[test]
    fn computes_exactly_or_overflows() {
        assert_eq!(d("0.1").checked_add(d("0.2")), Ok(d("0.3")));
        assert_eq!(d("1.5").checked_mul(d("0.02")), Ok(d("0.03")));
        assert_eq!(d("1e38").checked_mul(d("2")), Err(Overflow));
        assert_eq!(d("1e-20").checked_mul(d("1e-20")), Err(Overflow));
        assert_eq!(d("1").checked_sub(d("2")), Ok(d("-1")));
    }

    #[test]
    fn orders_numbers_whose_scales_cannot_be_joined() {
        assert!(d("1e38") > d("1e-28"));
        assert!(d("-1e38") < d("1e-28"));
        assert!(d("1e-28") < d("1e38"));
        assert!(d("1.10") == d("1.1"));
    }
}
