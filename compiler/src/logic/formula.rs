//! Formulas: shared, simplified as they are built, negation for free.

use super::linear::Linear;
use super::rational::Rational;
use super::space::Space;
use super::variable::{Sort, VarId};
use std::ops::Not;

/// A formula of a [`Space`]. Equal formulas are equal values, up to reordering and the simplest laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(u32);

impl Formula {
    /// True.
    pub const TRUE: Self = Self(0);
    /// False.
    pub const FALSE: Self = Self(1);

    pub(super) fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(super) fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }

    pub(super) fn of_node(node: usize) -> Self {
        Self(u32::try_from(node).unwrap_or(u32::MAX >> 1).wrapping_shl(1))
    }

    /// A truth value.
    #[must_use]
    pub fn constant(truth: bool) -> Self {
        if truth { Self::TRUE } else { Self::FALSE }
    }
}

impl Not for Formula {
    type Output = Self;
    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// Index of a term in its [`Space`]: a text or a variant, or a variable for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub(super) u32);

/// A text or a variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Term {
    /// A constant text.
    Text(String),
    /// A constant variant: enum and name.
    Variant(String, String),
    /// A variable.
    Variable(VarId),
}

/// What a formula is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// True.
    True,
    /// All of these; sorted, at least two, none of them true, none the negation of another.
    All(Box<[Formula]>),
    /// A flag variable.
    Flag(VarId),
    /// `linear <= 0`
    AtMost(Linear),
    /// `linear < 0`, not over whole numbers only.
    Below(Linear),
    /// Two texts or variants are the same.
    Same(TermId, TermId),
    /// A text fits a pattern wholly.
    Fits(TermId, String),
}

impl Space {
    /// All of these.
    pub fn all(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut flat: Vec<Formula> = Vec::new();
        for part in parts {
            match self.node(part) {
                Node::True if part.is_negated() => return Formula::FALSE,
                Node::True => {}
                Node::All(inner) if !part.is_negated() && inner.len() <= 8 => flat.extend(inner.iter().copied()),
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        // A formula and its negation are neighbours.
        if flat.windows(2).any(|pair| matches!(pair, [one, next] if *next == !*one)) {
            return Formula::FALSE;
        }
        match flat.as_slice() {
            [] => Formula::TRUE,
            [only] => *only,
            _ => self.intern(Node::All(flat.into_boxed_slice())),
        }
    }

    /// Any of these.
    pub fn any(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        let negated: Vec<Formula> = parts.into_iter().map(|part| !part).collect();
        !self.all(negated)
    }

    /// Both.
    pub fn both(&mut self, left: Formula, right: Formula) -> Formula {
        self.all([left, right])
    }

    /// At least one.
    pub fn either(&mut self, left: Formula, right: Formula) -> Formula {
        self.any([left, right])
    }

    /// The second wherever the first.
    pub fn implies(&mut self, if_this: Formula, then: Formula) -> Formula {
        self.any([!if_this, then])
    }

    /// Both or neither.
    pub fn equivalent(&mut self, left: Formula, right: Formula) -> Formula {
        if left == right {
            return Formula::TRUE;
        }
        let forth = self.implies(left, right);
        let back = self.implies(right, left);
        self.both(forth, back)
    }

    /// A flag variable.
    pub fn flag(&mut self, variable: VarId) -> Formula {
        self.intern(Node::Flag(variable))
    }

    /// `linear <= 0`
    pub fn at_most_zero(&mut self, linear: &Linear) -> Formula {
        self.compare_zero(linear, true)
    }

    /// `linear < 0`
    pub fn below_zero(&mut self, linear: &Linear) -> Formula {
        self.compare_zero(linear, false)
    }

    /// `linear == 0`
    pub fn is_zero(&mut self, linear: &Linear) -> Formula {
        let low = self.at_most_zero(linear);
        let high = self.at_most_zero(&linear.negated());
        self.both(low, high)
    }

    /// Two texts or variants are the same.
    pub fn same(&mut self, left: TermId, right: TermId) -> Formula {
        if left == right {
            return Formula::TRUE;
        }
        let is_constant = |space: &Self, term: TermId| !matches!(space.term(term), Some(Term::Variable(_)) | None);
        if is_constant(self, left) && is_constant(self, right) {
            return Formula::FALSE;
        }
        self.intern(Node::Same(left.min(right), left.max(right)))
    }

    /// A text fits a pattern wholly.
    pub fn fits(&mut self, text: TermId, pattern: &str) -> Formula {
        if let Some(Term::Text(constant)) = self.term(text)
            && let Some(fits) = self.patterns.fits(pattern, constant)
        {
            return Formula::constant(fits);
        }
        self.intern(Node::Fits(text, pattern.to_owned()))
    }

    /// One of two, by a condition.
    pub fn choose(&mut self, condition: Formula, then: Formula, otherwise: Formula) -> Formula {
        let yes = self.both(condition, then);
        let no = self.both(!condition, otherwise);
        self.either(yes, no)
    }

    /// Normal form: the first coefficient is positive; over whole numbers only, strictness goes and the bound is rounded.
    fn compare_zero(&mut self, linear: &Linear, or_equal: bool) -> Formula {
        if let Some(constant) = linear.as_constant() {
            return Formula::constant(constant.is_negative() || (or_equal && constant.is_zero()));
        }
        let primitive = linear.primitive();
        let flip = primitive.leading().is_some_and(Rational::is_negative);
        // `-m <= 0` is `not (m < 0)`, `-m < 0` is `not (m <= 0)`.
        let (mut normal, mut or_equal) = if flip { (primitive.negated(), !or_equal) } else { (primitive, or_equal) };
        if normal.terms.keys().all(|variable| self.is_whole(*variable)) {
            // `Σ < -c` is `Σ <= ceil(-c) - 1`, `Σ <= -c` is `Σ <= floor(-c)`.
            let bound = normal.constant.negated();
            let whole = if or_equal { bound.floor() } else { bound.ceil().minus(&Rational::one()) };
            normal.constant = whole.negated();
            or_equal = true;
        }
        let found = self.intern(if or_equal { Node::AtMost(normal) } else { Node::Below(normal) });
        if flip { !found } else { found }
    }

    pub(super) fn is_whole(&self, variable: VarId) -> bool {
        self.variable(variable).is_some_and(|variable| matches!(&variable.sort, Sort::Number(numbers) if numbers.whole))
    }
}
