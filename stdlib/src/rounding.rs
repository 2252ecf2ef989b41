//! Division and rounding of exact numbers, always with a declared rounding.

use agentc_runtime::decimal::{Decimal, MAX_SCALE, Overflow};
use agentc_runtime::value::Fault;
use std::sync::Arc;

/// The words that say how to round.
pub(crate) const WORDS: &[&str] = &["half_even", "half_up", "down", "up", "floor", "ceiling"];

/// How to round what lies between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// `half_even`: to the nearer one; a half to the even one.
    HalfEven,
    /// `half_up`: to the nearer one; a half away from zero.
    HalfUp,
    /// `down`: towards zero.
    Down,
    /// `up`: away from zero.
    Up,
    /// `floor`: to the lesser one.
    Floor,
    /// `ceiling`: to the greater one.
    Ceiling,
}

impl Rounding {
    /// The rounding of one of [`WORDS`].
    pub(crate) fn of(word: &str) -> Result<Self, Fault> {
        Ok(match word {
            "half_even" => Self::HalfEven,
            "half_up" => Self::HalfUp,
            "down" => Self::Down,
            "up" => Self::Up,
            "floor" => Self::Floor,
            "ceiling" => Self::Ceiling,
            _ => return Err(malformed("the rounding is none of the known words")),
        })
    }

    /// The integer quotient, rounded.
    pub(crate) fn quotient(self, numerator: i128, denominator: i128) -> Result<i128, Fault> {
        if denominator == 0 {
            return Err(malformed("nothing can be divided by zero"));
        }
        let quotient = numerator.checked_div(denominator).ok_or(Overflow)?;
        let rest = numerator.checked_rem(denominator).ok_or(Overflow)?;
        let negative = (numerator < 0) != (denominator < 0);
        // Comparing the rest with what is missing to the next quotient tells the half without doubling, which could overflow.
        let missing = denominator.unsigned_abs().saturating_sub(rest.unsigned_abs());
        let away = rest != 0
            && match self {
                Self::HalfEven => match rest.unsigned_abs().cmp(&missing) {
                    std::cmp::Ordering::Equal => quotient.checked_rem(2) != Some(0),
                    order => order.is_gt(),
                },
                Self::HalfUp => rest.unsigned_abs() >= missing,
                Self::Down => false,
                Self::Up => true,
                Self::Floor => negative,
                Self::Ceiling => !negative,
            };
        let step = match (away, negative) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => -1,
        };
        Ok(quotient.checked_add(step).ok_or(Overflow)?)
    }

    /// `number / divisor` with that many digits after the point.
    pub(crate) fn divide(self, number: Decimal, divisor: Decimal, places: i64) -> Result<Decimal, Fault> {
        let places = read_places(places)?;
        let shift = i16::from(places).saturating_add(i16::from(divisor.scale())).saturating_sub(i16::from(number.scale()));
        let factor = 10i128.checked_pow(u32::from(shift.unsigned_abs())).ok_or(Overflow)?;
        let (numerator, denominator) = if shift < 0 {
            (number.coefficient(), divisor.coefficient().checked_mul(factor).ok_or(Overflow)?)
        } else {
            (number.coefficient().checked_mul(factor).ok_or(Overflow)?, divisor.coefficient())
        };
        Ok(Decimal::new(self.quotient(numerator, denominator)?, places)?)
    }

    /// The number with at most that many digits after the point.
    pub(crate) fn round(self, number: Decimal, places: i64) -> Result<Decimal, Fault> {
        // A number that has no more digits than that is itself; it must not overflow on the way.
        if number.scale() <= read_places(places)? { Ok(number) } else { self.divide(number, Decimal::from(1), places) }
    }
}

fn read_places(places: i64) -> Result<u8, Fault> {
    u8::try_from(places)
        .ok()
        .filter(|places| *places <= MAX_SCALE)
        .ok_or_else(|| malformed("the digits after the point are 0 to 28"))
}

fn malformed(why: &str) -> Fault {
    Fault::Malformed(Arc::from(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn each_word_rounds_as_it_says() {
        for (number, half_even, half_up, down, up, floor, ceiling) in [
            ("2.4", "2", "2", "2", "3", "2", "3"),
            ("2.5", "2", "3", "2", "3", "2", "3"),
            ("3.5", "4", "4", "3", "4", "3", "4"),
            ("2.51", "3", "3", "2", "3", "2", "3"),
            ("-2.5", "-2", "-3", "-2", "-3", "-3", "-2"),
            ("-2.4", "-2", "-2", "-2", "-3", "-3", "-2"),
            ("7", "7", "7", "7", "7", "7", "7"),
        ] {
            for (word, expected) in WORDS.iter().zip([half_even, half_up, down, up, floor, ceiling]) {
                assert_eq!(Rounding::of(word).unwrap().round(d(number), 0), Ok(d(expected)), "{number} {word}");
            }
        }
    }

    #[test]
    fn divides_to_the_places_asked_for() {
        let half_even = Rounding::HalfEven;
        assert_eq!(half_even.divide(d("10"), d("3"), 2), Ok(d("3.33")));
        assert_eq!(half_even.divide(d("0.001"), d("-0.3"), 2), Ok(d("0")));
        assert_eq!(half_even.divide(d("1"), d("0.0004"), 0), Ok(d("2500")));
        assert_eq!(half_even.divide(d("1"), d("8"), 28), Ok(d("0.125")));
    }

    #[test]
    fn refuses_what_has_no_answer() {
        let half_even = Rounding::HalfEven;
        assert_eq!(half_even.divide(d("1"), d("0"), 2), Err(malformed("nothing can be divided by zero")));
        assert_eq!(half_even.divide(d("1e38"), d("3"), 28), Err(Fault::Overflow));
        for places in [-1, 29, i64::MIN, i64::MAX] {
            assert_eq!(half_even.round(d("1"), places), Err(malformed("the digits after the point are 0 to 28")));
        }
        assert_eq!(half_even.quotient(i128::MIN, -1), Err(Fault::Overflow));
        assert!(Rounding::of("bankers").is_err());
    }

    #[test]
    fn rounding_a_short_number_changes_nothing() {
        assert_eq!(Rounding::Up.round(d("1e38"), 28), Ok(d("1e38")));
    }
}
