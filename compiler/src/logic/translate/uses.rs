//! How a policy uses its lists: what says how many members must be looked at so that an answer holds for lists of any length.

use crate::typed::{Expr, ExprKind, Property, PropertyKind, Quantifier, RuleKind, Type, Typed};
use std::collections::BTreeMap;

/// How the lists of one or more policies are used, by where they come from.
#[derive(Debug, Clone, Default)]
pub struct Uses {
    lists: BTreeMap<String, Use>,
}

/// How one list is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Use {
    /// Conditions over its members that some single member makes true, false or unknown: `any`, `all`, `in`, `min`, `max`, `first`.
    pub(super) witnesses: u32,
    /// It is walked, not only asked whether it holds something.
    pub(super) walked: bool,
    /// Something depends on how many members there are: `count`, `sum`, `zip`, equality, the library.
    pub(super) counted: bool,
}

impl Uses {
    /// The uses of a policy's lists, in its rules and in all of its proofs.
    #[must_use]
    pub fn of(typed: &Typed) -> Self {
        let mut uses = Self::of_rules(typed);
        for statement in typed.proofs.iter().flat_map(|proof| &proof.statements) {
            uses.add_statement(typed, statement);
        }
        uses
    }

    /// Those in its rules.
    #[must_use]
    pub fn of_rules(typed: &Typed) -> Self {
        let mut uses = Self::default();
        uses.add(typed);
        uses
    }

    /// Those in a statement of a proof.
    pub fn add_statement(&mut self, typed: &Typed, statement: &Property) {
        match &statement.kind {
            PropertyKind::NeverAllow { condition, .. }
            | PropertyKind::AlwaysAllow { condition, .. }
            | PropertyKind::NeedsApproval { condition, .. } => {
                if let Some(condition) = condition {
                    self.walk(typed, condition);
                }
            }
            PropertyKind::EveryWrite { .. } | PropertyKind::LimitHolds(_) => {}
        }
    }

    /// Those in the rules of a further policy.
    pub fn add(&mut self, typed: &Typed) {
        let mut visit = |expr: &Expr| self.walk(typed, expr);
        for named in &typed.lets {
            visit(&named.value);
        }
        for function in &typed.fns {
            visit(&function.body);
        }
        for job in &typed.jobs {
            job.done.iter().for_each(&mut visit);
            for rule in &job.rules {
                rule.condition.iter().for_each(&mut visit);
                match &rule.kind {
                    RuleKind::Allow { rows, .. } => rows.iter().for_each(|(_, condition)| visit(condition)),
                    RuleKind::Require { args, .. } => args.iter().for_each(|(_, value)| visit(value)),
                    RuleKind::Limit(limit) => {
                        visit(&limit.bound);
                        limit.by.iter().for_each(&mut visit);
                        match &limit.measure {
                            crate::typed::Measure::CountDistinct(value)
                            | crate::typed::Measure::Sum(value)
                            | crate::typed::Measure::Value(value) => visit(value),
                            crate::typed::Measure::Count => {}
                        }
                    }
                    RuleKind::Never | RuleKind::Gate(_) | RuleKind::Escalate | RuleKind::OnFailure { .. } => {}
                }
            }
        }
    }

    fn walk(&mut self, typed: &Typed, expr: &Expr) {
        match &expr.kind {
            ExprKind::Quantified(quantifier, _, over, _) => {
                self.note(typed, over, true, matches!(quantifier, Quantifier::Count | Quantifier::Sum));
            }
            ExprKind::AllZip { over, .. } => {
                self.note(typed, &over.0, true, true);
                self.note(typed, &over.1, true, true);
            }
            ExprKind::In(_, container) => self.note(typed, container, false, false),
            ExprKind::Call(function, args) => {
                let name = function.0.name;
                let contains = matches!(name, "list.contains" | "set.contains");
                let is_empty = matches!(name, "list.is_empty" | "set.is_empty");
                args.iter().for_each(|arg| self.note(typed, arg, !contains, !contains && !is_empty));
            }
            ExprKind::Compare(_, left, right) => {
                self.note(typed, left, true, true);
                self.note(typed, right, true, true);
            }
            _ => {}
        }
        for operand in expr.kind.operands() {
            self.walk(typed, operand);
        }
    }

    fn note(&mut self, typed: &Typed, list: &Expr, walked: bool, counted: bool) {
        let Some(name) = name_of(typed, &list.ty) else { return };
        let entry = self.lists.entry(name).or_default();
        entry.witnesses = entry.witnesses.saturating_add(1);
        entry.walked |= walked;
        entry.counted |= counted;
    }

    pub(super) fn of_list(&self, typed: &Typed, ty: &Type) -> Use {
        name_of(typed, ty).and_then(|name| self.lists.get(&name).copied()).unwrap_or_default()
    }
}

/// Lists of one type of member share their uses: so whatever a list is called on the way, none of its uses is missed.
fn name_of(typed: &Typed, ty: &Type) -> Option<String> {
    match ty {
        Type::Optional(inner) => name_of(typed, inner),
        Type::List(of) | Type::Set(of) => Some(match of.as_ref() {
            Type::Record(record) | Type::Key(record) => {
                typed.records.get(record.0 as usize).map(|record| record.name.clone()).unwrap_or_default()
            }
            Type::Enum(id) => typed.enums.get(id.0 as usize).map(|shape| shape.name.clone()).unwrap_or_default(),
            other => format!("{other:?}"),
        }),
        Type::Map(..) => Some("map".to_owned()),
        _ => None,
    }
}
