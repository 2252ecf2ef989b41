//! What settles absence, and choices between values.

use super::Translator;
use crate::logic::formula::Formula;
use crate::logic::value::{Datum, Symbolic, Truth};
use crate::typed::{Arm, Expr, Pattern};

impl Translator<'_> {
    pub(super) fn coalesce(&mut self, first: &Expr, second: &Expr) -> Symbolic {
        let first = self.value(first);
        let none = first.is_none(self.space);
        let settled = self.space.either(none, first.absent);
        if settled == Formula::FALSE {
            return first;
        }
        let second = self.value(second).where_true(settled, self.space);
        Symbolic::join(vec![first.without_none(), second], self.space)
    }

    pub(super) fn is_absent(&mut self, inner: &Expr) -> Symbolic {
        let value = self.value(inner);
        let known = value.known(self.space);
        let none = value.is_none(self.space);
        let is_true = self.space.either(none, value.absent);
        let is_false = self.space.both(known, !none);
        Symbolic::truth(Truth { is_true, is_false, is_absent: Formula::FALSE }, self.space)
    }

    pub(super) fn choose(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Symbolic {
        let truth = self.condition(condition);
        let then = if truth.is_true == Formula::FALSE {
            Symbolic { cases: Vec::new(), absent: Formula::FALSE }
        } else {
            self.value(then).where_true(truth.is_true, self.space)
        };
        let otherwise = if truth.is_false == Formula::FALSE {
            Symbolic { cases: Vec::new(), absent: Formula::FALSE }
        } else {
            self.value(otherwise).where_true(truth.is_false, self.space)
        };
        let unknown = Symbolic { cases: Vec::new(), absent: truth.is_absent };
        Symbolic::join(vec![then, otherwise, unknown], self.space)
    }

    pub(super) fn match_arms(&mut self, subjects: &[Expr], arms: &[Arm]) -> Symbolic {
        let values: Vec<Symbolic> = subjects.iter().map(|subject| self.value(subject)).collect();
        let (known, absent) = self.space.operands(&values.iter().collect::<Vec<_>>());
        let mut open = known;
        let mut found = vec![Symbolic { cases: Vec::new(), absent }];
        for arm in arms {
            if open == Formula::FALSE {
                break;
            }
            // Arms that are not followed any more give one value that is left open.
            if self.left() == 0 {
                let rest = self.loose(&arm.value.ty, arm.value.loc);
                found.push(rest.where_true(open, self.space));
                break;
            }
            let mut fits = Vec::new();
            let mut bound = Vec::new();
            for ((pattern, value), subject) in arm.patterns.iter().zip(&values).zip(subjects) {
                match pattern {
                    Pattern::Any => {}
                    Pattern::Bind(local) => {
                        fits.push(!value.is_none(self.space));
                        bound.push((*local, value.without_none()));
                    }
                    Pattern::OneOf(constants) => {
                        let mut any = Vec::new();
                        for constant in constants {
                            let constant = self.constant(constant, &subject.ty);
                            any.push(self.space.equal(value, &constant, subject.loc).is_true);
                        }
                        fits.push(self.space.any(any));
                    }
                }
            }
            let fits = self.space.all(fits);
            let taken = self.space.both(open, fits);
            if taken != Formula::FALSE {
                let before: Vec<_> = bound.into_iter().map(|(local, value)| (local, self.scope.insert(local, value))).collect();
                let value = self.value(&arm.value);
                for (local, value) in before {
                    self.bind_back(local, value);
                }
                found.push(value.where_true(taken, self.space));
            }
            open = self.space.both(open, !fits);
        }
        Symbolic::join(found, self.space)
    }

    /// The alternatives of a value, each with when it is the one, and a value for each.
    pub(super) fn each(&mut self, of: &Symbolic, mut with: impl FnMut(&mut Self, &Datum) -> Symbolic) -> Symbolic {
        let mut found = vec![Symbolic { cases: Vec::new(), absent: of.absent }];
        for (when, datum) in &of.cases {
            let value = with(self, datum);
            found.push(value.where_true(*when, self.space));
        }
        Symbolic::join(found, self.space)
    }
}
