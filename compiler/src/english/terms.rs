//! Terms: the functions and longer `let`s of a policy that its conditions name, each told once.

use super::outline::Outline;
use super::value::{holds_an_amount, is_measured};
use super::words::{joined, spoken, stopped};
use super::{English, Reader, is_word_list, plain};
use crate::typed::{Expr, ExprKind, FnId, LetId, Loc, Type};
use std::collections::BTreeSet;

/// A name that conditions use, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The name, as conditions say it.
    pub(crate) name: String,
    /// What it depends on: `for customer and payment id`.
    pub(crate) about: String,
    /// What the author wrote above it; empty for the model.
    pub(crate) note: String,
    /// What it means.
    pub(crate) says: Outline,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

impl Term {
    /// The name, set as code, and what it depends on.
    pub(crate) fn lead(&self) -> String {
        format!("`{}` {}", self.name, self.about).trim_end().to_owned()
    }

    /// The author's own words, and what it means: in full, or what is said of the parts below.
    pub(crate) fn told(&self) -> String {
        let colon = if self.says.parts.is_empty() { "" } else { ":" };
        if self.note.is_empty() {
            format!("{}{colon}", self.says.lead)
        } else {
            format!("“{}” That is: {}{colon}", self.note, self.says.lead)
        }
    }
}

#[derive(Debug, Default)]
struct Found {
    lets: Vec<LetId>,
    fns: Vec<FnId>,
    /// What was looked into, and whether as part of a term.
    seen: BTreeSet<(LetId, bool)>,
}

impl English<'_> {
    /// The terms that conditions use, in the order in which they are met, and those that the terms themselves use.
    pub(crate) fn terms<'e>(&self, conditions: impl IntoIterator<Item = &'e Expr>) -> Vec<Term> {
        let mut found = Found::default();
        for condition in conditions {
            self.find(condition, false, &mut found);
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

    fn find(&self, expr: &Expr, within_term: bool, found: &mut Found) {
        match &expr.kind {
            ExprKind::Let(id) => {
                let Some(used) = self.let_value(*id) else { return };
                if found.seen.insert((*id, within_term)) {
                    let is_term = !self.is_told_in_place(*id, within_term);
                    self.find(&used.value, within_term || is_term, found);
                    if is_term && !found.lets.contains(id) {
                        found.lets.push(*id);
                    }
                }
            }
            ExprKind::CallFn(id, arguments) if !self.is_seen_through(arguments, &expr.ty) && !found.fns.contains(id) => {
                found.fns.push(*id);
                if let Some(function) = self.function(*id) {
                    self.find(&function.body, true, found);
                }
            }
            _ => {}
        }
        for operand in expr.kind.operands() {
            self.find(operand, within_term, found);
        }
    }

    fn is_told_in_place(&self, id: LetId, within_term: bool) -> bool {
        let Some(used) = self.let_value(id) else { return true };
        match plain(&used.value.ty) {
            Type::Bool if within_term => self.naming().inlined(id).is_some(),
            Type::Bool => self.inlined(id).is_some(),
            Type::Zoned => true,
            _ => matches!(used.value.kind, ExprKind::Const(_)),
        }
    }

    fn let_term(&self, id: LetId) -> Option<Term> {
        let used = self.let_value(id)?;
        let says = self.bound_or(self.is_threshold(&used.value), &used.value);
        Some(Term { name: spoken(&used.name), about: String::new(), note: self.note(used.loc), says, loc: used.loc })
    }

    fn fn_term(&self, id: FnId) -> Option<Term> {
        let function = self.function(id)?;
        let params: Vec<String> = function.params.iter().map(|(_, name, _)| spoken(name)).collect();
        let about = if params.is_empty() { String::new() } else { format!("for {}", joined(&params, "and")) };
        let is_bound = self.reader == Reader::Model && is_measured(&function.body.ty) && holds_an_amount(&function.body);
        let says = self.bound_or(is_bound, &function.body);
        Some(Term { name: function.name.clone(), about, note: self.note(function.loc), says, loc: function.loc })
    }

    /// What the author wrote for people; it may name what the model must not aim at.
    fn note(&self, loc: Loc) -> String {
        let note = self.typed.notes.get(&loc).filter(|_| self.reader == Reader::Person);
        // A note may end in brackets, with its full stop inside.
        note.map_or_else(String::new, |note| if note.ends_with(".)") { note.clone() } else { stopped(note) })
    }

    /// What a term means; where it is a bound, or words that are looked for, only that there are such.
    fn bound_or(&self, is_bound: bool, value: &Expr) -> Outline {
        let set = |what: &str| Outline { lead: what.to_owned(), parts: Vec::new() };
        if is_bound {
            set("set by the policy")
        } else if self.reader == Reader::Model && is_word_list(value) {
            set("words that the policy sets")
        } else {
            self.naming().outline(value)
        }
    }
}
