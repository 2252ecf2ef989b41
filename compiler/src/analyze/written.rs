//! Every expression of a policy, each once where it is written.

use crate::typed::{Expr, Gate, Limit, Loc, Measure, Rule, RuleKind, Show, Typed};
use std::collections::BTreeSet;

/// Looks at every expression and at those inside it, outermost first.
pub(crate) fn each<'t>(typed: &'t Typed, look: &mut impl FnMut(&'t Expr)) {
    let mut seen: BTreeSet<Loc> = BTreeSet::new();
    for job in &typed.jobs {
        job.done.iter().for_each(|done| inside(done, look));
        // A rule of a rule set stands in several jobs.
        for rule in job.rules.iter().filter(|rule| seen.insert(rule.loc)) {
            of_rule(rule, &mut |expr| inside(expr, look));
        }
    }
    typed.lets.iter().for_each(|used| inside(&used.value, look));
    typed.fns.iter().for_each(|function| inside(&function.body, look));
    let undone = typed.verbs.iter().filter_map(|verb| verb.undo.as_ref());
    undone.flat_map(|undo| &undo.args).for_each(|(_, value)| inside(value, look));
}

/// An expression and those inside it.
pub(crate) fn inside<'t>(expr: &'t Expr, look: &mut impl FnMut(&'t Expr)) {
    look(expr);
    for operand in expr.kind.operands() {
        inside(operand, look);
    }
}

/// The outermost expressions of a rule.
fn of_rule<'t>(rule: &'t Rule, look: &mut impl FnMut(&'t Expr)) {
    rule.condition.iter().for_each(&mut *look);
    match &rule.kind {
        RuleKind::Allow { rows: Some((_, rows)), .. } => look(rows),
        RuleKind::Gate(gate) => of_gate(gate, look),
        RuleKind::Require { args, .. } => args.iter().for_each(|(_, value)| look(value)),
        RuleKind::Limit(limit) => of_limit(limit, look),
        RuleKind::Allow { .. } | RuleKind::Never | RuleKind::Escalate | RuleKind::OnFailure { .. } => {}
    }
}

fn of_gate<'t>(gate: &'t Gate, look: &mut impl FnMut(&'t Expr)) {
    for show in &gate.show {
        if let Show::Value(_, value) = show {
            look(value);
        }
    }
}

fn of_limit<'t>(limit: &'t Limit, look: &mut impl FnMut(&'t Expr)) {
    match &limit.measure {
        Measure::Count => {}
        Measure::CountDistinct(value) | Measure::Sum(value) | Measure::Value(value) => look(value),
    }
    look(&limit.bound);
    limit.by.iter().for_each(look);
}
