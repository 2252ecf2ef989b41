//! What a term means, as a sentence, or as a lead with its parts below it where one sentence would be long.

use super::words::with_article;
use super::{English, Polarity, Scope, TOP, plain};
use crate::typed::{Expr, ExprKind, Quantifier, Type};

/// Parts of more characters than this together stand below their lead.
const LONG: usize = 110;

/// The fewest cases that are told one below the other.
const MANY_CASES: usize = 4;

/// A meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The whole, or what is said of the parts: `all of these hold`.
    pub(crate) lead: String,
    /// The parts; none where the lead says all.
    pub(crate) parts: Vec<String>,
}

impl English<'_> {
    /// What an expression means.
    pub(super) fn outline(&self, value: &Expr) -> Outline {
        if plain(&value.ty) == &Type::Bool {
            let whole = || Outline { lead: self.condition(value), parts: Vec::new() };
            return self.outlined(value, Polarity::Holds, TOP).unwrap_or_else(whole);
        }
        match &value.kind {
            ExprKind::Match(subjects, arms) if arms.len() >= MANY_CASES => {
                Outline { lead: "it depends".to_owned(), parts: self.cases(subjects, arms, TOP) }
            }
            _ => Outline { lead: self.noun(value, TOP), parts: Vec::new() },
        }
    }

    /// A condition of several long parts; `None` where a sentence does.
    fn outlined(&self, expr: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> Option<Outline> {
        match &expr.kind {
            ExprKind::Not(inner) => self.outlined(inner, polarity.flipped(), scope),
            ExprKind::And(parts) => self.listed(parts, polarity, polarity == Polarity::Holds, scope),
            ExprKind::Or(parts) => self.listed(parts, polarity, polarity == Polarity::Fails, scope),
            ExprKind::Quantified(quantifier @ (Quantifier::Any | Quantifier::All), local, over, body) => {
                let (name, among) = self.member(over, scope);
                let inner = Scope { outer: scope, local: *local, name: &name };
                let article = with_article(&name).replacen("an other", "another", 1);
                let (lead, within) = match (quantifier, polarity) {
                    (Quantifier::All, Polarity::Holds) => (format!("for each {name}{among}, "), Polarity::Holds),
                    (Quantifier::All, _) => (format!("there is {article}{among} such that "), Polarity::Fails),
                    (_, Polarity::Holds) => (format!("there is {article}{among} such that "), Polarity::Holds),
                    _ => (format!("there is no {name}{among} such that "), Polarity::Holds),
                };
                let below = self.outlined(body, within, Some(&inner))?;
                Some(Outline { lead: format!("{lead}{}", below.lead), parts: below.parts })
            }
            _ => None,
        }
    }

    fn listed(&self, parts: &[Expr], polarity: Polarity, all: bool, scope: Option<&Scope<'_>>) -> Option<Outline> {
        let mut said: Vec<String> = Vec::new();
        for part in parts.iter().map(|part| self.sentence(part, polarity, scope)) {
            if !said.contains(&part) {
                said.push(part);
            }
        }
        let lead = if all { "all of these hold" } else { "at least one of these holds" };
        let is_long = said.len() > 1 && said.iter().map(String::len).sum::<usize>() > LONG;
        is_long.then(|| Outline { lead: lead.to_owned(), parts: said })
    }
}
