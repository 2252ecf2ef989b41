//! A model, read back as the values that a call and its surroundings have.

use super::formula::{Formula, Node, Term};
use super::rational::Rational;
use super::space::Space;
use super::theory::{self, Point};
use super::variable::{Place, Root, Sort, Step, VarId};
use crate::typed::Loc;
use std::collections::BTreeMap;

/// Values that make a formula true. What it says nothing of does not matter, and has an ordinary value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    point: Point,
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// True or false.
    Flag(bool),
    /// A number, in the unit of its type.
    Number(Rational),
    /// A text or the name of a variant.
    Text(String),
}

impl Model {
    pub(super) fn new(_space: &Space, point: Point) -> Self {
        Self { point }
    }

    /// The value of a variable.
    #[must_use]
    pub fn value(&self, space: &Space, variable: VarId) -> Option<Found> {
        let shape = space.variable(variable)?;
        Some(match &shape.sort {
            Sort::Flag => Found::Flag(self.point.flags.get(&variable).copied().unwrap_or(false)),
            Sort::Number(numbers) => {
                let usual = || numbers.low.clone().filter(|low| *low > numbers.usual).unwrap_or_else(|| numbers.usual.clone());
                let number = self.point.numbers.get(&variable).cloned().unwrap_or_else(usual);
                Found::Number(number.times(&numbers.unit))
            }
            Sort::Text(kind) => {
                let text = self.point.texts.get(&variable).cloned();
                // Texts that nothing is said of differ from those that something is said of.
                Found::Text(text.unwrap_or_else(|| theory::usual(*kind, &hint(&shape.place), 6)))
            }
            Sort::Enum { variants, .. } => {
                let text = self.point.texts.get(&variable).cloned();
                Found::Text(text.or_else(|| variants.first().cloned()).unwrap_or_default())
            }
        })
    }

    /// The value of a place, where the formula's space has a variable for it.
    #[must_use]
    pub fn at(&self, space: &Space, place: &Place) -> Option<Found> {
        self.value(space, space.variable_of(place)?)
    }

    /// Whether the model says something of a place: elsewhere any value would do.
    #[must_use]
    pub fn speaks_of(&self, space: &Space, place: &Place) -> bool {
        let Some(variable) = space.variable_of(place) else { return false };
        self.point.flags.contains_key(&variable)
            || self.point.numbers.contains_key(&variable)
            || self.point.texts.contains_key(&variable)
    }

    /// The first expression that is not decided exactly and that the model depends on.
    #[must_use]
    pub fn loose(&self, space: &Space) -> Option<Loc> {
        self.loose_expressions(space).min()
    }

    /// Every expression that is not decided exactly and that the model depends on.
    pub fn loose_expressions<'m>(&'m self, space: &'m Space) -> impl Iterator<Item = Loc> + 'm {
        let flags = self.point.flags.keys();
        let all = flags.chain(self.point.numbers.keys()).chain(self.point.texts.keys());
        all.filter_map(|variable| space.variable(*variable)?.loose)
    }

    /// Whether a formula is true here.
    #[must_use]
    pub fn satisfies(&self, space: &Space, formula: Formula) -> bool {
        self.holds(space, formula, &mut BTreeMap::new())
    }

    /// Whether a formula is true here; with what is known of the nodes below it, which many formulas share.
    pub(super) fn holds(&self, space: &Space, formula: Formula, known: &mut BTreeMap<usize, bool>) -> bool {
        let node = formula.node();
        let positive = match known.get(&node) {
            Some(positive) => *positive,
            None => {
                let positive = self.is_true(space, space.node(formula), known);
                known.insert(node, positive);
                positive
            }
        };
        positive != formula.is_negated()
    }

    fn is_true(&self, space: &Space, node: &Node, known: &mut BTreeMap<usize, bool>) -> bool {
        match node {
            Node::True => true,
            Node::All(parts) => parts.iter().all(|part| self.holds(space, *part, known)),
            Node::Flag(variable) => self.value(space, *variable) == Some(Found::Flag(true)),
            Node::AtMost(linear) | Node::Below(linear) => {
                let sum = self.number(space, linear);
                sum.is_negative() || (sum.is_zero() && matches!(node, Node::AtMost(_)))
            }
            Node::Same(one, other) => self.text(space, *one) == self.text(space, *other),
            Node::Fits(text, pattern) => space.patterns.fits(pattern, &self.text(space, *text)).unwrap_or(false),
        }
    }

    /// The value of a sum of variables.
    pub(crate) fn number(&self, space: &Space, linear: &super::linear::Linear) -> Rational {
        let mut sum = linear.constant.clone();
        for (variable, factor) in &linear.terms {
            let unit = match space.variable(*variable).map(|variable| &variable.sort) {
                Some(Sort::Number(numbers)) => numbers.unit.clone(),
                _ => Rational::one(),
            };
            if let Some(Found::Number(number)) = self.value(space, *variable) {
                sum = sum.plus(&number.over(&unit).times(factor));
            }
        }
        sum
    }

    pub(crate) fn text(&self, space: &Space, term: super::formula::TermId) -> String {
        match space.term(term) {
            Some(Term::Text(text) | Term::Variant(_, text)) => text.clone(),
            Some(Term::Variable(variable)) => match self.value(space, *variable) {
                Some(Found::Text(text)) => text,
                _ => String::new(),
            },
            None => String::new(),
        }
    }
}

/// A word for a place, for texts that are made up.
pub(super) fn hint(place: &Place) -> String {
    let named = place.path.iter().rev().find_map(|step| match step {
        Step::Field(name) => Some(name.clone()),
        _ => None,
    });
    let name = named.unwrap_or_else(|| match &place.root {
        Root::Arg { name, .. } | Root::Input(name) | Root::Environment(name) | Root::Signal(name) => name.clone(),
        Root::Agent(name) => format!("agent-{name}"),
        Root::User(name) => format!("user-{name}"),
        _ => "text".to_owned(),
    });
    let calls = match &place.root {
        Root::Arg { call, .. } if *call > 0 && *call < u32::MAX => format!("-{call}"),
        _ => String::new(),
    };
    let word: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("{word}{calls}")
}
