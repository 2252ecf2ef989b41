//! Symbolic values: what an expression may be, and when.

use super::formula::{Formula, Term, TermId};
use super::linear::Linear;
use super::model::Model;
use super::rational::Rational;
use super::space::Space;
use super::variable::{Place, Root, Sort};
use crate::typed::Loc;
use indexmap::IndexMap;

/// The most alternatives that a value may have before it is left open.
const MOST_CASES: usize = 48;

/// What an expression may be: alternatives that exclude each other. Where none holds, it is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Symbolic {
    /// Each alternative and when it is the one.
    pub(super) cases: Vec<(Formula, Datum)>,
    /// It is unknown, only because of absence: `??` and `is absent` settle that.
    pub(super) absent: Formula,
}

/// One alternative.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Datum {
    /// `none`
    None,
    /// True where the formula is.
    Flag(Formula),
    /// A number, in the unit of its type: money and decimals as they are, times and durations in nanoseconds, dates in days since
    /// 1970, times of day in nanoseconds since midnight, weekdays from 1.
    Number(Linear),
    /// A text or a variant.
    Term(TermId),
    /// Values written out: a list, a set, or the parts of a composite key.
    Items(Vec<Symbolic>),
    /// A record that comes from outside.
    Record(Place),
    /// A list or set that comes from outside.
    List(Place),
    /// A map that comes from outside.
    Map(Place),
    /// A time and the zone it is seen in.
    Zoned(Linear, TermId),
}

/// When a condition is true, when it is false, and when it is unknown only because of absence. Else it is unknown for another reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// It is true.
    pub is_true: Formula,
    /// It is false.
    pub is_false: Formula,
    /// It is unknown, only because something is absent.
    pub is_absent: Formula,
}

impl Truth {
    /// Always known.
    #[must_use]
    pub fn known(is_true: Formula) -> Self {
        Self { is_true, is_false: !is_true, is_absent: Formula::FALSE }
    }

    /// The negation.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { is_true: self.is_false, is_false: self.is_true, is_absent: self.is_absent }
    }

    /// It is neither true nor false.
    pub fn is_unknown(self, space: &mut Space) -> Formula {
        let known = space.either(self.is_true, self.is_false);
        !known
    }
}

impl Symbolic {
    pub(super) fn one(datum: Datum) -> Self {
        Self { cases: vec![(Formula::TRUE, datum)], absent: Formula::FALSE }
    }

    pub(super) fn none() -> Self {
        Self::one(Datum::None)
    }

    /// A truth value as a value.
    pub(super) fn truth(truth: Truth, space: &mut Space) -> Self {
        let known = space.either(truth.is_true, truth.is_false);
        let cases = if known == Formula::FALSE { Vec::new() } else { vec![(known, Datum::Flag(truth.is_true))] };
        Self { cases, absent: truth.is_absent }
    }

    /// It is unknown, only because something is absent.
    pub(crate) fn absence(&self) -> Formula {
        self.absent
    }

    /// The alternative that a model takes.
    pub(crate) fn in_model(&self, space: &Space, model: &Model) -> Option<&Datum> {
        self.cases.iter().find(|(when, _)| model.satisfies(space, *when)).map(|(_, datum)| datum)
    }

    /// A number.
    pub(crate) fn number(number: Rational) -> Self {
        Self::one(Datum::Number(Linear::constant(number)))
    }

    /// A text.
    pub(crate) fn text(text: &str, space: &mut Space) -> Self {
        Self::one(Datum::Term(space.intern_term(Term::Text(text.to_owned()))))
    }

    /// A truth value.
    pub(crate) fn flag(flag: bool) -> Self {
        Self::one(Datum::Flag(Formula::constant(flag)))
    }

    /// `none`
    pub(crate) fn nothing() -> Self {
        Self::none()
    }

    /// A list.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::one(Datum::Items(items))
    }

    /// It is known.
    pub(super) fn known(&self, space: &mut Space) -> Formula {
        space.any(self.cases.iter().map(|(when, _)| *when))
    }

    /// It is known to be `none`.
    pub(super) fn is_none(&self, space: &mut Space) -> Formula {
        space.any(self.cases.iter().filter(|(_, datum)| *datum == Datum::None).map(|(when, _)| *when))
    }

    /// Everything but `none`.
    pub(super) fn without_none(&self) -> Self {
        let cases = self.cases.iter().filter(|(_, datum)| *datum != Datum::None).cloned().collect();
        Self { cases, absent: Formula::FALSE }
    }

    /// The value where a condition holds; nothing at all elsewhere.
    pub(super) fn where_true(&self, condition: Formula, space: &mut Space) -> Self {
        let mut cases = Vec::new();
        for (when, datum) in &self.cases {
            let when = space.both(*when, condition);
            if when != Formula::FALSE {
                cases.push((when, datum.clone()));
            }
        }
        Self { cases, absent: space.both(self.absent, condition) }
    }

    /// Alternatives put together; those of equal values become one.
    pub(super) fn join(values: Vec<Self>, space: &mut Space) -> Self {
        let mut known: IndexMap<Datum, Vec<Formula>> = IndexMap::new();
        let mut flags: Vec<(Formula, Formula)> = Vec::new();
        let mut absent = Vec::new();
        for value in values {
            absent.push(value.absent);
            for (when, datum) in value.cases {
                match datum {
                    Datum::Flag(flag) => flags.push((when, flag)),
                    datum => known.entry(datum).or_default().push(when),
                }
            }
        }
        let mut cases: Vec<(Formula, Datum)> = known.into_iter().map(|(datum, whens)| (space.any(whens), datum)).collect();
        if !flags.is_empty() {
            let known = space.any(flags.iter().map(|(when, _)| *when));
            let mut parts = Vec::new();
            for (when, flag) in flags {
                parts.push(space.both(when, flag));
            }
            let is_true = space.any(parts);
            cases.push((known, Datum::Flag(is_true)));
        }
        cases.retain(|(when, _)| *when != Formula::FALSE);
        Self { cases, absent: space.any(absent) }
    }

    pub(super) fn is_too_wide(&self) -> bool {
        self.cases.len() > MOST_CASES
    }

    /// As a condition.
    pub(super) fn as_truth(&self, space: &mut Space) -> Truth {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (when, datum) in &self.cases {
            if let Datum::Flag(flag) = datum {
                yes.push(space.both(*when, *flag));
                no.push(space.both(*when, !*flag));
            }
        }
        Truth { is_true: space.any(yes), is_false: space.any(no), is_absent: self.absent }
    }
}

impl Space {
    /// All operands are known, and: some is unknown, but only because of absence.
    pub(super) fn operands(&mut self, operands: &[&Symbolic]) -> (Formula, Formula) {
        let mut knowns = Vec::new();
        let mut settled = Vec::new();
        let mut absents = Vec::new();
        for operand in operands {
            let known = operand.known(self);
            knowns.push(known);
            settled.push(self.either(known, operand.absent));
            absents.push(operand.absent);
        }
        let some = self.any(absents);
        let settled = self.all(settled);
        (self.all(knowns), self.both(settled, some))
    }

    /// Kleene's and.
    pub fn and(&mut self, parts: &[Truth]) -> Truth {
        let is_true = self.all(parts.iter().map(|part| part.is_true));
        let is_false = self.any(parts.iter().map(|part| part.is_false));
        let mut settled = vec![!is_true, !is_false];
        for part in parts {
            settled.push(self.either(part.is_true, part.is_absent));
        }
        Truth { is_true, is_false, is_absent: self.all(settled) }
    }

    /// Kleene's or.
    pub fn or(&mut self, parts: &[Truth]) -> Truth {
        let negated: Vec<Truth> = parts.iter().map(|part| part.negated()).collect();
        self.and(&negated).negated()
    }

    /// A flag that nothing is known of, standing for an expression that cannot be decided.
    pub(super) fn loose_flag(&mut self, loc: Loc) -> Formula {
        let at = u32::try_from(self.variables().count()).unwrap_or(u32::MAX);
        let variable = self.variable_at(Place::root(Root::Loose(at)), || Sort::Flag, Some(loc));
        self.flag(variable)
    }

    /// Whether two values of one type are equal.
    pub(crate) fn equal(&mut self, left: &Symbolic, right: &Symbolic, loc: Loc) -> Truth {
        let (known, is_absent) = self.operands(&[left, right]);
        let mut yes = Vec::new();
        for (when, one) in &left.cases {
            for (and, other) in &right.cases {
                let when = self.both(*when, *and);
                if when == Formula::FALSE {
                    continue;
                }
                let same = self.equal_data(one, other, loc);
                yes.push(self.both(when, same));
            }
        }
        let is_true = self.any(yes);
        Truth { is_true, is_false: self.both(known, !is_true), is_absent }
    }

    fn equal_data(&mut self, left: &Datum, right: &Datum, loc: Loc) -> Formula {
        match (left, right) {
            (Datum::None, Datum::None) => Formula::TRUE,
            (Datum::None, _) | (_, Datum::None) => Formula::FALSE,
            (Datum::Flag(left), Datum::Flag(right)) => self.equivalent(*left, *right),
            (Datum::Number(left), Datum::Number(right)) => {
                let difference = left.minus(right);
                self.is_zero(&difference)
            }
            (Datum::Term(left), Datum::Term(right)) => self.same(*left, *right),
            (Datum::Items(left), Datum::Items(right)) => {
                if left.len() != right.len() {
                    return Formula::FALSE;
                }
                let mut parts = Vec::new();
                for (left, right) in left.iter().zip(right) {
                    parts.push(self.equal(left, right, loc).is_true);
                }
                self.all(parts)
            }
            (Datum::Record(left), Datum::Record(right))
            | (Datum::List(left), Datum::List(right))
            | (Datum::Map(left), Datum::Map(right))
                if left == right =>
            {
                Formula::TRUE
            }
            _ => self.loose_flag(loc),
        }
    }
}
