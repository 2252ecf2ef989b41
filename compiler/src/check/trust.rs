//! Trust: claims and values written by outsiders may only tighten.
//!
//! A condition is judged in negation normal form: each operand that rests on claims alone is deleted. In an `allow` that must leave more
//! allowed, which it does under an `and`; in a restriction it must leave less restricted, which it does under an `or`. Where such an
//! operand is the whole condition, the rule goes with it.

use super::Checker;
use crate::diagnostic::codes::{ClaimNotFirm, ClaimWidens, Culprit, UntrustedWidens, Verifier};
use crate::typed::{Expr, ExprKind, LetId, Loc, Provenance, Type};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a condition gives authority or takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// `allow`.
    Allow,
    /// `showing rows where …` of an `allow`: without it all rows are shown, so it is one operand of an `and`.
    Rows,
    /// `never`, `gate`, `escalate`, `require`, and the `when` of a `limit`.
    Restriction,
}

/// Where a claim may not stand at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Firm {
    /// What a limit counts by.
    LimitKey,
    /// What a limit adds up, or its bound.
    LimitAmount,
    /// Whose identity must approve.
    Approver,
}

/// What an operand is an operand of, in negation normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parent {
    /// It is the whole condition.
    Rule,
    And,
    Or,
}

/// What only tightens.
const TAINT: Provenance = Provenance::CLAIM.union(Provenance::UNTRUSTED);

struct Judgement {
    effect: Effect,
    /// Whether a `let` rests on claims alone.
    claims_alone: BTreeMap<LetId, bool>,
    /// Uses of `let`s that were judged: which, negated, under what.
    judged: BTreeSet<(LetId, bool, Parent)>,
    /// The operands that widen.
    widening: Vec<Expr>,
}

impl Checker<'_, '_> {
    /// Reports claims and values written by outsiders that give authority, or take a restriction away, in a rule's condition.
    pub(crate) fn judge(&mut self, condition: &Expr, effect: Effect) {
        let mut judgement = Judgement { effect, claims_alone: BTreeMap::new(), judged: BTreeSet::new(), widening: Vec::new() };
        let parent = if effect == Effect::Rows { Parent::And } else { Parent::Rule };
        self.operand(condition, false, parent, &mut judgement);
        for operand in judgement.widening {
            let restriction = effect == Effect::Restriction;
            let (culprit, provenance) = self.culprit(&operand);
            if provenance.contains(Provenance::UNTRUSTED) {
                let _ = self.report(UntrustedWidens { culprit, restriction });
            } else {
                let _ = self.report(ClaimWidens { culprit, restriction });
            }
        }
    }

    /// Reports claims and values written by outsiders where none may stand.
    pub(crate) fn forbid_claims(&mut self, value: &Expr, place: Firm) {
        if !value.provenance.intersects(TAINT) {
            return;
        }
        let (culprit, provenance) = self.culprit(value);
        let place = match place {
            Firm::LimitKey => "the key of a limit",
            Firm::LimitAmount => "the amount of a limit",
            Firm::Approver => "the choice of an approver",
        };
        let untrusted = provenance.contains(Provenance::UNTRUSTED);
        let _ = self.report(ClaimNotFirm { culprit, untrusted, place });
    }

    fn operand(&self, expr: &Expr, negated: bool, parent: Parent, judgement: &mut Judgement) {
        if !expr.provenance.intersects(TAINT) {
            return;
        }
        if self.claims_alone(expr, judgement) {
            let tightens = match judgement.effect {
                Effect::Allow | Effect::Rows => parent == Parent::And,
                Effect::Restriction => parent != Parent::And,
            };
            if !tightens {
                judgement.widening.push(expr.clone());
            }
            return;
        }
        match &expr.kind {
            ExprKind::Not(inner) => self.operand(inner, !negated, parent, judgement),
            ExprKind::And(operands) => {
                let under = if negated { Parent::Or } else { Parent::And };
                operands.iter().for_each(|operand| self.operand(operand, negated, under, judgement));
            }
            ExprKind::Or(operands) => {
                let under = if negated { Parent::And } else { Parent::Or };
                operands.iter().for_each(|operand| self.operand(operand, negated, under, judgement));
            }
            ExprKind::Let(id) if judgement.judged.insert((*id, negated, parent)) => {
                if let Some(used) = self.lets.uses.get(id.index()) {
                    self.operand(&used.value, negated, parent, judgement);
                }
            }
            _ => {}
        }
    }

    /// Whether nothing of the condition is left when its claims are deleted.
    fn claims_alone(&self, expr: &Expr, judgement: &mut Judgement) -> bool {
        if !expr.provenance.intersects(TAINT) {
            return false;
        }
        match &expr.kind {
            ExprKind::Not(inner) => self.claims_alone(inner, judgement),
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                operands.iter().all(|operand| self.claims_alone(operand, judgement))
            }
            ExprKind::Let(id) => {
                if let Some(known) = judgement.claims_alone.get(id) {
                    return *known;
                }
                let alone = self.lets.uses.get(id.index()).is_none_or(|used| self.claims_alone(&used.value, judgement));
                judgement.claims_alone.insert(*id, alone);
                alone
            }
            _ => true,
        }
    }

    /// The value in an expression that is a claim or written by outsiders, and which of the two.
    fn culprit(&self, expr: &Expr) -> (Culprit, Provenance) {
        let mut at = expr;
        let mut seen: BTreeSet<LetId> = BTreeSet::new();
        loop {
            let inner = match &at.kind {
                ExprKind::Let(id) if seen.insert(*id) => self.lets.uses.get(id.index()).map(|used| &used.value),
                _ => at.kind.operands().into_iter().find(|operand| operand.provenance.intersects(TAINT)),
            };
            match inner {
                Some(inner) if inner.provenance.intersects(TAINT) => at = inner,
                _ => break,
            }
        }
        let used_at: Option<Loc> = (at.loc != expr.loc).then_some(expr.loc);
        let culprit = Culprit { loc: at.loc, used_at, verifier: self.verifier(at) };
        (culprit, at.provenance)
    }

    /// A field of a fetched record that says the same thing, by name and type, and that nobody outside wrote.
    fn verifier(&self, claim: &Expr) -> Option<Verifier> {
        let typed = &self.hir.typed;
        let job = self.hir.typed.jobs.iter();
        let name = match &claim.kind {
            ExprKind::Arg(arg) | ExprKind::PastArg(arg) => typed.args.get(arg.index())?.name.as_str(),
            ExprKind::Input(at) => {
                job.filter_map(|job| job.input.get(*at as usize)).find(|field| field.ty == claim.ty)?.name.as_str()
            }
            ExprKind::Signal(at) => {
                job.filter_map(|job| job.signals.get(*at as usize)).find(|field| field.ty == claim.ty)?.name.as_str()
            }
            ExprKind::Field(base, at) => match super::literal::plain(&base.ty) {
                Type::Record(record) => typed.records.get(record.0 as usize)?.fields.get(*at as usize)?.name.as_str(),
                _ => return None,
            },
            _ => return None,
        };
        let wanted = super::literal::plain(&claim.ty);
        typed.records.iter().filter(|record| record.fetch.is_some()).find_map(|record| {
            let says_it = |field: &&crate::typed::Field| {
                field.name == name && super::literal::plain(&field.ty) == wanted && !field.claim && !field.untrusted
            };
            let field = record.fields.iter().find(says_it)?;
            Some(Verifier { record: record.name.clone(), field: field.name.clone() })
        })
    }
}
