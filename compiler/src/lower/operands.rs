//! The values that a rule reads, in the author's words: what an answer shows and what an approval binds.

use super::Lowering;
use crate::source::on_one_line;
use crate::typed::{self, ExprKind, LetId, Provenance as From, RuleKind, Show};
use agentc_runtime::program::{Operand, Provenance};
use std::collections::BTreeSet;

/// What was found so far, and the `let`s whose values were looked through: a `let` that others use twice each would else be walked twice as
/// often with each of them.
#[derive(Default)]
struct Found {
    operands: Vec<Operand>,
    lets: BTreeSet<LetId>,
}

impl Lowering<'_> {
    /// What a rule's conditions read, in source order.
    pub(super) fn operands_of(&mut self, rule: &typed::Rule) -> Vec<Operand> {
        let mut found = Found::default();
        self.collect_all(rule.condition.as_ref(), &mut found);
        match &rule.kind {
            RuleKind::Limit(limit) => {
                match &limit.measure {
                    typed::Measure::Count => {}
                    typed::Measure::CountDistinct(value) | typed::Measure::Sum(value) | typed::Measure::Value(value) => {
                        self.collect(value, &mut found);
                    }
                }
                self.collect(&limit.bound, &mut found);
                self.collect_all(&limit.by, &mut found);
            }
            RuleKind::Require { args, .. } => self.collect_all(args.iter().map(|(_, value)| value), &mut found),
            RuleKind::Allow { .. } | RuleKind::Never | RuleKind::Escalate | RuleKind::Gate(_) | RuleKind::OnFailure { .. } => {}
        }
        found.operands
    }

    /// What an approval of a gate binds beside the call: what its condition reads and what it shows, but not the time nor the run's own facts,
    /// which change without anybody changing anything.
    pub(super) fn bound_values(&mut self, rule: &typed::Rule, gate: &typed::Gate) -> Vec<Operand> {
        let mut found = Found::default();
        self.collect_all(rule.condition.as_ref(), &mut found);
        for show in &gate.show {
            if let Show::Value(label, value) = show {
                let expr = self.whole(value);
                if self.program.exprs.get(expr.index()).is_some_and(|node| !node.scoped) {
                    add(&mut found, Operand { label: label.clone(), expr, provenance: provenance(value) });
                }
                self.collect(value, &mut found);
            }
        }
        found.operands.retain(|operand| operand.provenance != Provenance::History);
        found.operands
    }

    fn collect_all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e typed::Expr>, found: &mut Found) {
        for expr in exprs {
            self.collect(expr, found);
        }
    }

    fn collect(&mut self, expr: &typed::Expr, found: &mut Found) {
        if is_operand(expr) {
            self.add_operand(expr, found);
            // A key that is itself read from somewhere is worth showing too.
            if let Some(keys) = keys_of(expr) {
                for key in keys {
                    if !matches!(strip(key).kind, ExprKind::Const(_) | ExprKind::Arg(_)) {
                        self.collect(key, found);
                    }
                }
            }
            return;
        }
        match &expr.kind {
            ExprKind::Let(id) if !found.lets.insert(*id) => {}
            ExprKind::Let(id) => {
                let typed = self.typed;
                if let Some(named) = typed.lets.get(id.index()) {
                    self.collect(&named.value, found);
                }
            }
            _ => {
                for part in parts(expr) {
                    self.collect(part, found);
                }
            }
        }
    }

    fn add_operand(&mut self, expr: &typed::Expr, found: &mut Found) {
        let lowered = self.expr(expr);
        if self.program.exprs.get(lowered.index()).is_none_or(|node| node.scoped) {
            return;
        }
        let written = self.typed.files.get(expr.loc.file.index()).map_or("", |file| expr.loc.span.text(&file.text));
        add(found, Operand { label: on_one_line(written), expr: lowered, provenance: provenance(expr) });
    }
}

fn add(found: &mut Found, operand: Operand) {
    if !found.operands.iter().any(|known| known.expr == operand.expr) {
        found.operands.push(operand);
    }
}

/// Conversions that change nothing are looked through.
fn strip(expr: &typed::Expr) -> &typed::Expr {
    match &expr.kind {
        ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) | ExprKind::ToDecimal(inner) => strip(inner),
        _ => expr,
    }
}

/// Whether an expression is a value that comes from somewhere, rather than one that is computed.
fn is_operand(expr: &typed::Expr) -> bool {
    match &expr.kind {
        ExprKind::Arg(_)
        | ExprKind::Input(_)
        | ExprKind::Environment(_)
        | ExprKind::Identity(..)
        | ExprKind::Signal(_)
        | ExprKind::Run(_)
        | ExprKind::Now
        | ExprKind::Lookup(..)
        | ExprKind::History(..)
        | ExprKind::Last(..) => true,
        ExprKind::Field(of, _) | ExprKind::ZonePart(_, of) | ExprKind::InZone(of, _) => is_operand(strip(of)),
        ExprKind::MapGet(map, key) => {
            is_operand(strip(map)) && (is_operand(strip(key)) || matches!(strip(key).kind, ExprKind::Const(_)))
        }
        _ => false,
    }
}

fn keys_of(expr: &typed::Expr) -> Option<&[typed::Expr]> {
    match &expr.kind {
        ExprKind::Lookup(_, keys) => Some(keys),
        ExprKind::Field(of, _) | ExprKind::ZonePart(_, of) | ExprKind::InZone(of, _) | ExprKind::MapGet(of, _) => {
            keys_of(strip(of))
        }
        _ => None,
    }
}

/// The one word for where an operand comes from: the least trustworthy that applies, else what it is.
fn provenance(expr: &typed::Expr) -> Provenance {
    if expr.provenance.contains(From::UNTRUSTED) {
        return Provenance::Untrusted;
    }
    if expr.provenance.intersects(From::CLAIM | From::TRUSTED_CLAIM) {
        return Provenance::Claim;
    }
    match &expr.kind {
        ExprKind::Arg(_) => Provenance::Call,
        ExprKind::Input(_) => Provenance::Input,
        ExprKind::Environment(_) => Provenance::Environment,
        ExprKind::Identity(..) => Provenance::Identity,
        ExprKind::Signal(_) => Provenance::Claim,
        ExprKind::Run(_) | ExprKind::Now | ExprKind::History(..) | ExprKind::Last(..) => Provenance::History,
        ExprKind::Lookup(..) => Provenance::Record,
        ExprKind::Const(_) => Provenance::Const,
        ExprKind::Field(of, _)
        | ExprKind::ZonePart(_, of)
        | ExprKind::InZone(of, _)
        | ExprKind::MapGet(of, _)
        | ExprKind::ToOptional(of)
        | ExprKind::ToKey(of)
        | ExprKind::ToDecimal(of) => provenance(of),
        _ if expr.provenance.contains(From::RECORD) => Provenance::Record,
        _ if expr.provenance.contains(From::CALL) => Provenance::Call,
        _ if expr.provenance.contains(From::HISTORY) => Provenance::History,
        _ if expr.provenance.contains(From::INPUT) => Provenance::Input,
        _ if expr.provenance.contains(From::IDENTITY) => Provenance::Identity,
        _ if expr.provenance.contains(From::ENVIRONMENT) => Provenance::Environment,
        _ => Provenance::Const,
    }
}

/// The parts of an expression that is computed, in source order. What stands inside a loop or a history filter is looked at too: values in it
/// that do not depend on the loop are values of the rule.
fn parts(expr: &typed::Expr) -> Vec<&typed::Expr> {
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Arg(_)
        | ExprKind::Local(_)
        | ExprKind::Input(_)
        | ExprKind::Environment(_)
        | ExprKind::Identity(..)
        | ExprKind::Signal(_)
        | ExprKind::Run(_)
        | ExprKind::Now
        | ExprKind::Let(_)
        | ExprKind::PastArg(_)
        | ExprKind::PastResult => vec![],
        ExprKind::Lookup(_, parts)
        | ExprKind::CallFn(_, parts)
        | ExprKind::Call(_, parts)
        | ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::CompositeKey(parts)
        | ExprKind::List(parts) => parts.iter().collect(),
        ExprKind::Field(inner, _)
        | ExprKind::Not(inner)
        | ExprKind::Negate(inner)
        | ExprKind::ToDecimal(inner)
        | ExprKind::ToOptional(inner)
        | ExprKind::ToKey(inner)
        | ExprKind::IsAbsent(inner)
        | ExprKind::Matches(inner, _)
        | ExprKind::ZonePart(_, inner) => vec![inner],
        ExprKind::Compare(_, left, right)
        | ExprKind::In(left, right)
        | ExprKind::Arithmetic(_, left, right)
        | ExprKind::Coalesce(left, right)
        | ExprKind::MapGet(left, right)
        | ExprKind::Quantified(_, _, left, right)
        | ExprKind::InZone(left, right) => vec![left, right],
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) | ExprKind::At(a, b, c) => vec![a, b, c],
        ExprKind::AllZip { over: (lefts, rights), body, .. } => vec![lefts, rights, body],
        ExprKind::Match(subjects, arms) => subjects.iter().chain(arms.iter().map(|arm| &arm.value)).collect(),
        ExprKind::History(_, _, filter) | ExprKind::Last(_, filter, _) => filter.iter().map(AsRef::as_ref).collect(),
        ExprKind::RecordLiteral(fields) => fields.iter().map(|(_, value)| value).collect(),
        ExprKind::MapLiteral(entries) => entries.iter().map(|(_, value)| value).collect(),
    }
}
