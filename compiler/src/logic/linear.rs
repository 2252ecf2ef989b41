//! Sums of variables with exact coefficients.

use super::rational::Rational;
use super::variable::VarId;
use num_bigint::BigInt;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// `constant + Σ coefficient · variable`; no coefficient is zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Linear {
    pub(super) terms: BTreeMap<VarId, Rational>,
    pub(super) constant: Rational,
}

impl Linear {
    /// A constant.
    #[must_use]
    pub fn constant(constant: Rational) -> Self {
        Self { terms: BTreeMap::new(), constant }
    }

    /// A variable times a factor.
    #[must_use]
    pub fn variable(variable: VarId, factor: Rational) -> Self {
        Self { terms: BTreeMap::from([(variable, factor)]), constant: Rational::zero() }
    }

    /// Its value, where it has no variables.
    #[must_use]
    pub fn as_constant(&self) -> Option<&Rational> {
        self.terms.is_empty().then_some(&self.constant)
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (variable, factor) in &other.terms {
            sum.add_term(*variable, factor);
        }
        sum.constant = sum.constant.plus(&other.constant);
        sum
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    pub(super) fn negated(&self) -> Self {
        let terms = self.terms.iter().map(|(variable, known)| (*variable, known.negated())).collect();
        Self { terms, constant: self.constant.negated() }
    }

    pub(super) fn times(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::constant(Rational::zero());
        }
        if *factor == Rational::one() {
            return self.clone();
        }
        let terms = self.terms.iter().map(|(variable, known)| (*variable, known.times(factor))).collect();
        Self { terms, constant: self.constant.times(factor) }
    }

    fn add_term(&mut self, variable: VarId, factor: &Rational) {
        let sum = self.terms.get(&variable).map_or_else(|| factor.clone(), |known| known.plus(factor));
        if sum.is_zero() {
            self.terms.remove(&variable);
        } else {
            self.terms.insert(variable, sum);
        }
    }

    /// The first variable's factor.
    pub(super) fn leading(&self) -> Option<&Rational> {
        self.terms.values().next()
    }

    /// Scaled by a positive factor so that the coefficients of the variables are whole numbers without a common divisor.
    pub(super) fn primitive(&self) -> Self {
        let mut factors = self.terms.values();
        if let (Some(only), None) = (factors.next(), factors.next()) {
            return self.times(&Rational::one().over(&only.absolute()));
        }
        let mut denominators = BigInt::one();
        for factor in self.terms.values() {
            denominators = least_common_multiple(&denominators, &factor.parts().1);
        }
        let mut divisor = BigInt::zero();
        let scale = Rational::from_big(denominators);
        for factor in self.terms.values() {
            divisor = greatest_common_divisor(divisor, factor.times(&scale).parts().0);
        }
        if divisor.is_zero() {
            return self.clone();
        }
        self.times(&scale.over(&Rational::from_big(divisor)))
    }
}

impl Rational {
    fn from_big(number: BigInt) -> Self {
        Self::from_parts(number, BigInt::one())
    }
}

fn greatest_common_divisor(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !b.is_zero() {
        let rest = std::ops::Rem::rem(&a, &b);
        a = b;
        b = rest;
    }
    if a < BigInt::zero() { std::ops::Neg::neg(a) } else { a }
}

fn least_common_multiple(a: &BigInt, b: &BigInt) -> BigInt {
    let divisor = greatest_common_divisor(a.clone(), b.clone());
    if divisor.is_zero() {
        return BigInt::one();
    }
    std::ops::Mul::mul(std::ops::Div::div(a, &divisor), b)
}
