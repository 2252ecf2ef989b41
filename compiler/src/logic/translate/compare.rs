//! Comparisons, ranges, membership and patterns.

use super::Translator;
use crate::logic::formula::Formula;
use crate::logic::linear::Linear;
use crate::logic::space::Space;
use crate::logic::value::{Datum, Symbolic, Truth};
use crate::typed::{CompareOp, Expr, Loc, Type};

impl Translator<'_> {
    pub(super) fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr, loc: Loc) -> Symbolic {
        let is_set = matches!(left.ty, Type::Set(_));
        let (left, right) = (self.value(left), self.value(right));
        let truth = match op {
            CompareOp::Equal if is_set => self.equal_sets(&left, &right, loc),
            CompareOp::NotEqual if is_set => self.equal_sets(&left, &right, loc).negated(),
            CompareOp::Equal => self.space.equal(&left, &right, loc),
            CompareOp::NotEqual => self.space.equal(&left, &right, loc).negated(),
            CompareOp::Less => self.order(&left, &right, false),
            CompareOp::GreaterEqual => self.order(&left, &right, false).negated(),
            CompareOp::Greater => self.order(&right, &left, false),
            CompareOp::LessEqual => self.order(&right, &left, false).negated(),
        };
        Symbolic::truth(truth, self.space)
    }

    /// `left < right`, or `left <= right`.
    pub(crate) fn order(&mut self, left: &Symbolic, right: &Symbolic, or_equal: bool) -> Truth {
        self.relate(&[left, right], |space, data| match data {
            [Datum::Number(left), Datum::Number(right)] => Some(below(space, left, right, or_equal)),
            _ => None,
        })
    }

    /// A relation on known operands. Where it is not defined on the alternatives, it is unknown there.
    pub(super) fn relate(
        &mut self,
        operands: &[&Symbolic],
        mut relation: impl FnMut(&mut Space, &[&Datum]) -> Option<Formula>,
    ) -> Truth {
        let (_, is_absent) = self.space.operands(operands);
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (when, data) in combinations(self.space, operands) {
            if let Some(holds) = relation(self.space, &data) {
                yes.push(self.space.both(when, holds));
                no.push(self.space.both(when, !holds));
            }
        }
        Truth { is_true: self.space.any(yes), is_false: self.space.any(no), is_absent }
    }

    pub(super) fn in_range(&mut self, item: &Expr, low: &Expr, high: &Expr) -> Symbolic {
        let wraps = matches!(item.ty, Type::TimeOfDay | Type::Weekday);
        let values = [self.value(item), self.value(low), self.value(high)];
        let truth = self.relate(&values.each_ref(), |space, data| match data {
            [Datum::Number(item), Datum::Number(low), Datum::Number(high)] => {
                let above = below(space, low, item, true);
                let under = below(space, item, high, true);
                let inside = space.both(above, under);
                if !wraps {
                    return Some(inside);
                }
                let turned = below(space, high, low, false);
                let outside = space.either(above, under);
                Some(space.choose(turned, outside, inside))
            }
            _ => None,
        });
        Symbolic::truth(truth, self.space)
    }

    pub(super) fn matches(&mut self, text: &Expr, pattern: &str) -> Symbolic {
        let text = self.value(text);
        let truth = self.relate(&[&text], |space, data| match data {
            [Datum::Term(text)] => Some(space.fits(*text, pattern)),
            _ => None,
        });
        Symbolic::truth(truth, self.space)
    }

    /// Sets are equal where each holds the members of the other.
    fn equal_sets(&mut self, left: &Symbolic, right: &Symbolic, loc: Loc) -> Truth {
        let within = |of: &Symbolic| match of.cases.as_slice() {
            [(_, Datum::Items(members))] => Some(members.clone()),
            _ => None,
        };
        let (Some(lefts), Some(rights)) = (within(left), within(right)) else { return self.space.equal(left, right, loc) };
        let (known, is_absent) = self.space.operands(&[left, right]);
        let mut parts = Vec::new();
        for (members, others) in [(&lefts, &rights), (&rights, &lefts)] {
            for member in members {
                let mut found = Vec::new();
                for other in others {
                    found.push(self.space.equal(member, other, loc).is_true);
                }
                parts.push(self.space.any(found));
            }
        }
        let equal = self.space.all(parts);
        Truth { is_true: self.space.both(known, equal), is_false: self.space.both(known, !equal), is_absent }
    }
}

/// `left < right`, or `left <= right`.
pub(super) fn below(space: &mut Space, left: &Linear, right: &Linear, or_equal: bool) -> Formula {
    let difference = left.minus(right);
    if or_equal { space.at_most_zero(&difference) } else { space.below_zero(&difference) }
}

/// Every choice of alternatives that is possible, and when it is the case.
pub(super) fn combinations<'s>(space: &mut Space, operands: &[&'s Symbolic]) -> Vec<(Formula, Vec<&'s Datum>)> {
    let mut found: Vec<(Formula, Vec<&Datum>)> = vec![(Formula::TRUE, Vec::new())];
    for operand in operands {
        let mut more = Vec::new();
        for (when, data) in &found {
            for (and, datum) in &operand.cases {
                let when = space.both(*when, *and);
                if when != Formula::FALSE {
                    let mut data = data.clone();
                    data.push(datum);
                    more.push((when, data));
                }
            }
        }
        found = more;
    }
    found
}
