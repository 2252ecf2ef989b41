//! Small numbers and large ones are the same numbers: compared with the crate's own of any size, at the bound between them.

use crate::logic::Rational;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use std::ops::{Add, Div, Mul, Sub};

const BOUND: i128 = 1 << 63;

/// Both numbers of each of some values, which lie on both sides of what fits in 64 bits.
fn numbers() -> Vec<(Rational, BigRational)> {
    let parts =
        [0, 1, -1, 2, -3, 10, 1_000_000_007, BOUND - 2, BOUND - 1, BOUND, BOUND + 1, 1 - BOUND, -BOUND, -BOUND - 1, 3 * BOUND];
    let mut numbers = Vec::new();
    for numerator in parts {
        for denominator in [1, 2, 3, 10_000, BOUND - 1, BOUND, BOUND + 1] {
            let (numerator, denominator) = (BigInt::from(numerator), BigInt::from(denominator));
            numbers
                .push((Rational::from_parts(numerator.clone(), denominator.clone()), BigRational::new(numerator, denominator)));
        }
    }
    numbers
}

fn assert_same(found: &Rational, wanted: &BigRational, what: &str) {
    assert_eq!(found.to_string(), wanted.to_string(), "{what}");
    // The same value is kept in the same way, however it came about: equality and hashes go by that.
    assert_eq!(*found, Rational::from_parts(wanted.numer().clone(), wanted.denom().clone()), "{what}");
}

#[test]
fn operations_on_both_sides_of_64_bits() {
    for (one, big_one) in numbers() {
        let inner = |what: &str| format!("{what} of {big_one}");
        assert_same(&one.negated(), &Sub::sub(BigRational::zero(), &big_one), &inner("negation"));
        assert_same(&one.floor(), &big_one.floor(), &inner("floor"));
        assert_same(&one.ceil(), &big_one.ceil(), &inner("ceiling"));
        assert_eq!(one.is_whole(), big_one.is_integer(), "{one}");
        assert_eq!(one.is_zero(), big_one.is_zero(), "{one}");
        assert_eq!(
            (one.is_positive(), one.is_negative()),
            (big_one > BigRational::zero(), big_one < BigRational::zero()),
            "{one}"
        );
        for (other, big_other) in numbers() {
            let what = |sign: &str| format!("{big_one} {sign} {big_other}");
            assert_same(&one.plus(&other), &Add::add(&big_one, &big_other), &what("+"));
            assert_same(&one.minus(&other), &Sub::sub(&big_one, &big_other), &what("-"));
            assert_same(&one.times(&other), &Mul::mul(&big_one, &big_other), &what("*"));
            if !big_other.is_zero() {
                assert_same(&one.over(&other), &Div::div(&big_one, &big_other), &what("/"));
            }
            assert_eq!(one.cmp(&other), big_one.cmp(&big_other), "{}", what("<=>"));
        }
    }
}
