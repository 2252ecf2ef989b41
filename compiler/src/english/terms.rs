//! Terms: the functions and longer `let`s of a policy that its conditions name, each told once.

use super::value::{holds_an_amount, is_measured};
use super::words::{joined, spoken};
use super::{English, Reader, TOP, plain};
use crate::typed::{Expr, ExprKind, FnId, LetId, Loc, Type};
use std::collections::BTreeSet;

/// A name that conditions use, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The name, as conditions say it.
    pub(crate) name: String,
    /// What it depends on: `for customer and payment id`.
    pub(crate) about: String,
    /// What it means.
    pub(crate) says: String,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

impl Term {
    /// The name, set as code, and what it depends on.
    pub(crate) fn lead(&self) -> String {
        format!("`{}` {}", self.name, self.about).trim_end().to_owned()
    }
}

#[derive(Debug, Default)]
struct Found {
    lets: Vec<LetId>,
    fns: Vec<FnId>,
    seen: BTreeSet<LetId>,
}

impl English<'_> {
    /// The terms that conditions use, in the order in which they are met, and those that the terms themselves use.
    pub(crate) fn terms<'e>(&self, conditions: impl IntoIterator<Item = &'e Expr>) -> Vec<Term> {
        let mut found = Found::default();
        for condition in conditions {
            self.find(condition, &mut found);
        }
        let lets = found.lets.iter().filter_map(|id| self.let_term(*id));
        let fns = found.fns.iter().filter_map(|id| self.fn_term(*id));
        let mut terms: Vec<Term> = Vec::new();
        for term in lets.chain(fns) {
            // A `let` that speaks of a parameter has one meaning for each verb; they are told by the same words.
            if !terms.iter().any(|known| known.name == term.name && known.says == term.says) {
                terms.push(term);
            }
        }
        terms
    }

    fn find(&self, expr: &Expr, found: &mut Found) {
        match &expr.kind {
            ExprKind::Let(id) => {
                let Some(used) = self.let_value(*id) else { return };
                if found.seen.insert(*id) {
                    self.find(&used.value, found);
                    if !self.is_told_in_place(*id) {
                        found.lets.push(*id);
                    }
                }
            }
            ExprKind::CallFn(id, _) if !found.fns.contains(id) => {
                found.fns.push(*id);
                if let Some(function) = self.function(*id) {
                    self.find(&function.body, found);
                }
            }
            _ => {}
        }
        for operand in expr.kind.operands() {
            self.find(operand, found);
        }
    }

    fn is_told_in_place(&self, id: LetId) -> bool {
        let Some(used) = self.let_value(id) else { return true };
        match plain(&used.value.ty) {
            Type::Bool => self.inlined(id).is_some(),
            Type::Zoned => true,
            _ => matches!(used.value.kind, ExprKind::Const(_)),
        }
    }

    fn let_term(&self, id: LetId) -> Option<Term> {
        let used = self.let_value(id)?;
        let says = self.bound_or(self.is_threshold(&used.value), &used.value);
        Some(Term { name: spoken(&used.name), about: String::new(), says, loc: used.loc })
    }

    fn fn_term(&self, id: FnId) -> Option<Term> {
        let function = self.function(id)?;
        let params: Vec<String> = function.params.iter().map(|(_, name, _)| spoken(name)).collect();
        let about = if params.is_empty() { String::new() } else { format!("for {}", joined(&params, "and")) };
        let is_bound = self.reader == Reader::Model && is_measured(&function.body.ty) && holds_an_amount(&function.body);
        let says = self.bound_or(is_bound, &function.body);
        Some(Term { name: function.name.clone(), about, says, loc: function.loc })
    }

    /// What a term means; where it is a bound, only that there is one.
    fn bound_or(&self, is_bound: bool, value: &Expr) -> String {
        if is_bound { "set by the policy".to_owned() } else { self.meaning(value) }
    }

    fn meaning(&self, value: &Expr) -> String {
        if plain(&value.ty) == &Type::Bool { self.condition(value) } else { self.noun(value, TOP) }
    }
}
