//! Arguments of a write that outsiders choose: what they wrote is all that a condition compares them with.

use super::ties::{Reader, Root};
use super::unanchored::{OfVerb, is_write};
use super::walk::{Walk, asks_for_untrusted, deciding};
use super::{Subject, rules_of};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::OutsidersChoose;
use crate::typed::{ArgId, CompareOp, Expr, ExprKind, Job, Loc, Measure, Provenance, Rule, RuleKind, Type, Typed, VerbId};
use std::collections::BTreeMap;

/// An argument that an `allow` lets outsiders choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Chosen<'t> {
    /// The write.
    pub(crate) verb: VerbId,
    /// Its argument.
    pub(crate) arg: ArgId,
    /// The `allow`.
    pub(crate) rule: &'t Rule,
    /// Where it is compared with what outsiders wrote.
    pub(crate) loc: Loc,
    /// It chooses a record too, and is reported as unanchored.
    unanchored: bool,
}

/// Reports each argument that is compared with what outsiders wrote, and that nothing else ties or bounds.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    for job in &subject.typed.jobs {
        for chosen in chosen_by_outsiders(subject.typed, job).iter().filter(|chosen| !chosen.unanchored) {
            sink.report(OutsidersChoose { verb: chosen.verb, arg: chosen.arg, rule: chosen.rule.loc, loc: chosen.loc });
        }
    }
}

/// The arguments of a job's writes that outsiders choose: none of a verb that a person approves each time, or where a rule watches for what
/// outsiders wrote.
pub(crate) fn chosen_by_outsiders<'t>(typed: &'t Typed, job: &'t Job) -> Vec<Chosen<'t>> {
    let watches = |rule: &Rule| !rule.shadow && deciding(rule).iter().any(|expr| asks_for_untrusted(expr, typed));
    if job.rules.iter().any(|rule| rule.verbs.is_empty() && watches(rule)) {
        return Vec::new();
    }
    let mut reader = Reader::new(typed);
    let mut verbs: BTreeMap<VerbId, Option<OfVerb>> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in job.rules.iter().filter(|rule| !rule.shadow && is_write(rule)) {
        for verb in &rule.verbs {
            let known = verbs.entry(*verb).or_insert_with(|| {
                let open = rules_of(job, *verb).any(compares) && !rules_of(job, *verb).any(watches);
                open.then(|| OfVerb::of(*verb, job, typed, &mut reader)).filter(|known| !known.always_asked)
            });
            let Some(known) = known else { continue };
            let anchors = known.anchors_with(rule, &mut reader);
            if anchors.never {
                continue;
            }
            let loose = known.loose(rule, &mut reader);
            for arg in anchors.outsiders() {
                let with: Vec<&Rule> = rules_of(job, *verb).filter(|other| !is_write(other) || other.loc == rule.loc).collect();
                if with.iter().any(|rule| bounds(rule, arg, typed, &mut reader)) {
                    continue;
                }
                if let Some(loc) = with.iter().find_map(|rule| compared(rule, arg, typed)) {
                    found.push(Chosen { verb: *verb, arg, rule, loc, unanchored: loose.contains(&arg) });
                }
            }
        }
    }
    found
}

/// Whether what outsiders wrote stands in a rule's condition.
fn compares(rule: &Rule) -> bool {
    rule.condition.as_ref().is_some_and(|condition| condition.provenance.contains(Provenance::UNTRUSTED))
}

/// Where a rule compares the argument with what outsiders wrote.
fn compared(rule: &Rule, arg: ArgId, typed: &Typed) -> Option<Loc> {
    let mut found = None;
    Walk::new(typed).over(rule.condition.as_ref()?, &mut |part| {
        let compares = match &part.kind {
            ExprKind::Compare(..) | ExprKind::In(..) | ExprKind::Quantified(..) | ExprKind::AllZip { .. } => true,
            ExprKind::Call(..) | ExprKind::CallFn(..) => part.ty == Type::Bool,
            _ => false,
        };
        if compares && found.is_none() && part.provenance.contains(Provenance::UNTRUSTED) && speaks_of(part, arg, typed) {
            found = Some(part.loc);
        }
    });
    found
}

/// Whether a rule keeps the argument within what outsiders do not write.
fn bounds(rule: &Rule, arg: ArgId, typed: &Typed, reader: &mut Reader<'_>) -> bool {
    if let RuleKind::Limit(limit) = &rule.kind {
        return match &limit.measure {
            Measure::Sum(value) | Measure::Value(value) => speaks_of(value, arg, typed),
            Measure::Count | Measure::CountDistinct(_) => false,
        };
    }
    let mut found = false;
    let mut is_it = |expr: &Expr| reader.roots(expr).contains(&Root::Argument(arg));
    if let Some(condition) = &rule.condition {
        Walk::new(typed).over(condition, &mut |part| {
            found |= !part.provenance.contains(Provenance::UNTRUSTED)
                && match &part.kind {
                    ExprKind::Compare(CompareOp::Equal | CompareOp::NotEqual, ..) => false,
                    ExprKind::Compare(_, left, right) => is_it(left) || is_it(right),
                    ExprKind::InRange(value, ..) => is_it(value),
                    _ => false,
                };
        });
    }
    found
}

fn speaks_of(expr: &Expr, arg: ArgId, typed: &Typed) -> bool {
    let mut found = false;
    Walk::new(typed).over(expr, &mut |part| found |= part.kind == ExprKind::Arg(arg));
    found
}
