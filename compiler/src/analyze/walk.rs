//! Walks expressions with everything they rest on: `let`s and functions of the file, each once.

use crate::typed::{Approver, ApproverKind, Expr, ExprKind, FnId, Job, LetId, Measure, Rule, RuleKind, RunFact, Show, Typed};
use std::collections::BTreeSet;

/// A walk over several expressions of one policy.
#[derive(Debug)]
pub(super) struct Walk<'t> {
    typed: &'t Typed,
    lets: BTreeSet<LetId>,
    fns: BTreeSet<FnId>,
}

impl<'t> Walk<'t> {
    pub(super) fn new(typed: &'t Typed) -> Self {
        Self { typed, lets: BTreeSet::new(), fns: BTreeSet::new() }
    }

    /// Shows every part of the expression, the whole first, and what it uses that no earlier expression of this walk did.
    pub(super) fn over(&mut self, expr: &'t Expr, visit: &mut impl FnMut(&'t Expr)) {
        visit(expr);
        let used = match &expr.kind {
            ExprKind::Let(id) if self.lets.insert(*id) => self.typed.lets.get(id.index()).map(|used| &used.value),
            ExprKind::CallFn(id, _) if self.fns.insert(*id) => self.typed.fns.get(id.index()).map(|decl| &decl.body),
            _ => None,
        };
        if let Some(used) = used {
            self.over(used, visit);
        }
        for operand in expr.kind.operands() {
            self.over(operand, visit);
        }
    }
}

/// The expressions that decide what a rule does: its condition and what its kind has.
pub(super) fn deciding(rule: &Rule) -> Vec<&Expr> {
    let mut exprs: Vec<&Expr> = rule.condition.iter().collect();
    match &rule.kind {
        RuleKind::Allow { rows, .. } => exprs.extend(rows.iter().map(|(_, condition)| condition)),
        RuleKind::Require { args, .. } => exprs.extend(args.iter().map(|(_, value)| value)),
        RuleKind::Limit(limit) => {
            exprs.push(&limit.bound);
            exprs.extend(&limit.by);
            match &limit.measure {
                Measure::CountDistinct(value) | Measure::Sum(value) | Measure::Value(value) => exprs.push(value),
                Measure::Count => {}
            }
        }
        RuleKind::Never | RuleKind::Gate(_) | RuleKind::Escalate | RuleKind::OnFailure { .. } => {}
    }
    exprs
}

/// Every expression of a job: those that decide, who approves, what is shown.
pub(super) fn everything(job: &Job) -> Vec<&Expr> {
    let mut exprs: Vec<&Expr> = job.done.iter().collect();
    let mut people: Vec<&Approver> = job.pause_by.iter().chain(&job.resume_by).chain(&job.undo_by).collect();
    let mut shows: Vec<&Show> = job.handoff.iter().flat_map(|handoff| &handoff.show).collect();
    for rule in &job.rules {
        exprs.extend(deciding(rule));
        if let RuleKind::Gate(gate) = &rule.kind {
            people.extend(gate.approvers.iter().chain(gate.then.iter().flat_map(|(who, _)| who)));
            shows.extend(&gate.show);
        }
    }
    exprs.extend(people.into_iter().filter_map(|person| match &person.who {
        ApproverKind::Identity(expr) => Some(expr),
        ApproverKind::Role(_) | ApproverKind::User => None,
    }));
    exprs.extend(shows.into_iter().filter_map(|show| match show {
        Show::Value(_, expr) => Some(expr),
        Show::Trace | Show::Arguments => None,
    }));
    exprs
}

/// Whether an expression asks for `run saw untrusted`.
pub(super) fn asks_for_untrusted(expr: &Expr, typed: &Typed) -> bool {
    let mut found = false;
    Walk::new(typed).over(expr, &mut |part| found |= matches!(part.kind, ExprKind::Run(RunFact::SawUntrusted)));
    found
}
