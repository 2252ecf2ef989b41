//! Writes whose record the agent picks freely: an argument that nothing ties to the input, the identity or another record.

use super::ties::{Anchors, Reader, Root};
use super::{Subject, rules_of};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::UnanchoredWrite;
use crate::typed::{Access, ArgId, Expr, ExprKind, Job, JobId, Rule, RuleKind, Type, Typed, VerbId};
use std::collections::{BTreeMap, BTreeSet};

/// Reports each `allow` that leaves the choice of a record to the agent. A restriction on the verb ties as well as the `allow` itself;
/// where a person approves every call, that person sees which record it is.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let mut reader = Reader::new(subject.typed);
    for (job, decl) in (0_u32..).map(JobId).zip(&subject.typed.jobs) {
        let mut verbs: BTreeMap<VerbId, OfVerb> = BTreeMap::new();
        for rule in decl.rules.iter().filter(|rule| !rule.shadow && is_write(rule)) {
            let mut found: BTreeMap<ArgId, Vec<VerbId>> = BTreeMap::new();
            for verb in &rule.verbs {
                let known = verbs.entry(*verb).or_insert_with(|| OfVerb::of(*verb, decl, subject.typed, &mut reader));
                for arg in known.loose(rule, &mut reader) {
                    found.entry(arg).or_default().push(*verb);
                }
            }
            for (arg, verbs) in found {
                let conditioned = rule.condition.is_some();
                sink.report(UnanchoredWrite { verbs, arg, job, rule: rule.loc, conditioned });
            }
        }
    }
}

/// Whether some `allow` of the verb leaves that argument to the agent.
pub(super) fn is_free(arg: ArgId, verb: VerbId, job: &Job, typed: &Typed, reader: &mut Reader<'_>) -> bool {
    let mut known = OfVerb::of(verb, job, typed, reader);
    known.choosing = BTreeSet::from([arg]);
    known.always_asked = false;
    let mut allows = rules_of(job, verb).filter(|rule| matches!(rule.kind, RuleKind::Allow { .. }));
    allows.any(|rule| !known.loose(rule, reader).is_empty())
}

pub(super) fn is_write(rule: &Rule) -> bool {
    matches!(rule.kind, RuleKind::Allow { access: Access::Write, .. })
}

/// What is the same for every `allow` of a verb in a job.
pub(super) struct OfVerb {
    /// The arguments that choose a record.
    choosing: BTreeSet<ArgId>,
    /// What the restrictions tie.
    anchors: Anchors,
    /// A person approves every call.
    pub(super) always_asked: bool,
}

impl OfVerb {
    pub(super) fn of(verb: VerbId, job: &Job, typed: &Typed, reader: &mut Reader<'_>) -> Self {
        let mut known = Self { choosing: choosing(verb, job, typed, reader), anchors: Anchors::default(), always_asked: false };
        for rule in rules_of(job, verb) {
            match (&rule.kind, &rule.condition) {
                (RuleKind::Never | RuleKind::Gate(_) | RuleKind::Escalate, Some(condition)) => {
                    known.anchors.add(condition, false, reader);
                }
                (RuleKind::Gate(_), None) => known.always_asked = true,
                (RuleKind::Never, None) => known.anchors.never = true,
                _ => {}
            }
        }
        known
    }

    /// What this `allow` and the restrictions tie.
    pub(super) fn anchors_with(&self, allow: &Rule, reader: &mut Reader<'_>) -> Anchors {
        let mut anchors = self.anchors.clone();
        if let Some(condition) = &allow.condition {
            anchors.add(condition, true, reader);
        }
        anchors
    }

    /// The arguments that this `allow` leaves to the agent.
    pub(super) fn loose(&self, rule: &Rule, reader: &mut Reader<'_>) -> Vec<ArgId> {
        if self.always_asked || self.choosing.is_empty() {
            return Vec::new();
        }
        let anchors = self.anchors_with(rule, reader);
        if anchors.never {
            return Vec::new();
        }
        let anchored = anchors.anchored();
        self.choosing.iter().copied().filter(|arg| !anchored.contains(arg)).collect()
    }
}

/// The arguments of a verb that choose a record: keys, what the verb says it changes, and what rules look records up with.
fn choosing(verb: VerbId, job: &Job, typed: &Typed, reader: &mut Reader<'_>) -> BTreeSet<ArgId> {
    let Some(decl) = typed.verbs.get(verb.index()) else { return BTreeSet::new() };
    let own: BTreeSet<ArgId> = decl.params.iter().map(|param| param.arg).collect();
    let mut found: BTreeSet<ArgId> =
        decl.params.iter().filter(|param| holds_key(&param.field.ty)).map(|param| param.arg).collect();
    let mut keys: Vec<&Expr> = decl.changes.iter().flat_map(|change| &change.key).collect();
    let conditions = rules_of(job, verb).filter_map(|rule| rule.condition.as_ref());
    for condition in conditions {
        lookup_keys(condition, &mut keys);
    }
    for key in keys {
        let arguments = reader.roots(key).into_iter().filter_map(|root| match root {
            Root::Argument(arg) => Some(arg),
            _ => None,
        });
        found.extend(arguments);
    }
    found.intersection(&own).copied().collect()
}

fn holds_key(ty: &Type) -> bool {
    match ty {
        Type::Key(_) => true,
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => holds_key(inner),
        _ => false,
    }
}

/// The keys of the lookups that stand in a condition itself.
fn lookup_keys<'e>(expr: &'e Expr, keys: &mut Vec<&'e Expr>) {
    if let ExprKind::Lookup(_, parts) = &expr.kind {
        keys.extend(parts);
    }
    for operand in expr.kind.operands() {
        lookup_keys(operand, keys);
    }
}
