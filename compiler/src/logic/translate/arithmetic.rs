//! Arithmetic: exact, and unknown where a result of 64-bit integers, times or durations does not fit.
//!
//! A result of decimals or money that does not fit their 128 bits is taken as the exact number: what is allowed where such a result is
//! unknown is allowed where it is known, so that this hides no call that is allowed.

use super::Translator;
use super::compare::combinations;
use crate::logic::formula::Formula;
use crate::logic::linear::Linear;
use crate::logic::rational::Rational;
use crate::logic::value::{Datum, Symbolic};
use crate::typed::{ArithmeticOp, Expr, Type};
use jiff::Timestamp;
use jiff::civil::Date;

const DAY: i128 = 86_400_000_000_000;

impl Translator<'_> {
    pub(super) fn arithmetic(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr, expr: &Expr) -> Symbolic {
        let (left_ty, right_ty) = (left.ty.clone(), right.ty.clone());
        let (left, right) = (self.value(left), self.value(right));
        let (_, absent) = self.space.operands(&[&left, &right]);
        let mut cases = Vec::new();
        for (when, data) in combinations(self.space, &[&left, &right]) {
            let [Datum::Number(a), Datum::Number(b)] = data.as_slice() else { continue };
            let (result, fits) = match (op, &left_ty, &right_ty) {
                (ArithmeticOp::Subtract, Type::Date, Type::Date) => {
                    (Some(a.minus(b).times(&Rational::whole(DAY))), Formula::TRUE)
                }
                (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Date, Type::Duration) => {
                    // Dates move by whole days; only those that are written out are followed.
                    let days = b.as_constant().map(|by| by.over(&Rational::whole(DAY)));
                    match days {
                        Some(days) if days.is_whole() => {
                            let by = Linear::constant(days);
                            (Some(if op == ArithmeticOp::Add { a.plus(&by) } else { a.minus(&by) }), Formula::TRUE)
                        }
                        Some(_) => continue,
                        None => (None, Formula::TRUE),
                    }
                }
                (ArithmeticOp::Add, ..) => (Some(a.plus(b)), Formula::TRUE),
                (ArithmeticOp::Subtract, ..) => (Some(a.minus(b)), Formula::TRUE),
                (ArithmeticOp::Multiply, ..) => (product(a, b), Formula::TRUE),
            };
            match result {
                Some(result) => {
                    let fits_type = self.fits_type(&result, &expr.ty);
                    let when = self.space.all([when, fits, fits_type]);
                    cases.push(Symbolic { cases: vec![(when, Datum::Number(result))], absent: Formula::FALSE });
                }
                None => cases.push(self.loose(&expr.ty, expr.loc).where_true(when, self.space)),
            }
        }
        let mut value = Symbolic::join(cases, self.space);
        value.absent = self.space.either(value.absent, absent);
        value
    }

    pub(super) fn negate(&mut self, inner: &Expr, expr: &Expr) -> Symbolic {
        let of = self.value(inner);
        let mut cases = Vec::new();
        for (when, datum) in &of.cases {
            if let Datum::Number(number) = datum {
                let result = number.times(&Rational::whole(-1));
                let fits = self.fits_type(&result, &expr.ty);
                cases.push((self.space.both(*when, fits), Datum::Number(result)));
            }
        }
        Symbolic { cases, absent: of.absent }
    }

    /// When a result fits its type.
    pub(super) fn fits_type(&mut self, result: &Linear, ty: &Type) -> Formula {
        let (low, high) = match ty {
            Type::Int => (i128::from(i64::MIN), i128::from(i64::MAX)),
            Type::Duration => (super::open::SHORTEST, super::open::LONGEST),
            Type::Time => (Timestamp::MIN.as_nanosecond(), Timestamp::MAX.as_nanosecond()),
            Type::Date => (super::open::days(Date::MIN), super::open::days(Date::MAX)),
            _ => return Formula::TRUE,
        };
        // Sums of two values that are far from the bounds need no question: most of a policy's arithmetic is on times.
        let (low, high) = (Linear::constant(Rational::whole(low)), Linear::constant(Rational::whole(high)));
        let above = self.space.at_most_zero(&low.minus(result));
        let below = self.space.at_most_zero(&result.minus(&high));
        self.space.both(above, below)
    }
}

/// A product, where one of the two is a constant.
fn product(a: &Linear, b: &Linear) -> Option<Linear> {
    match (a.as_constant(), b.as_constant()) {
        (_, Some(factor)) => Some(a.times(factor)),
        (Some(factor), _) => Some(b.times(factor)),
        _ => None,
    }
}
