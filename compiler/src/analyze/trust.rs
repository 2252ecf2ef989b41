//! What is believed: records that never grow old, and text of outsiders that nothing keeps from the writes.

use super::readiness::writes;
use super::walk::{Walk, asks_for_untrusted, deciding};
use super::{Subject, rules_of};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{NoFreshness, OutsidersReach};
use crate::typed::{ExprKind, Field, Job, JobId, Loc, Provenance, RecordId, Rule, RuleKind, Type, Typed};
use std::collections::BTreeSet;

/// Reports records without freshness that rules rely on, and writes that outsiders can talk the agent into.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    freshness(typed, sink);
    for (id, job) in (0_u32..).map(JobId).zip(&typed.jobs) {
        if let Some(entrance) = entrance(typed, job) {
            outsiders(typed, id, job, entrance, sink);
        }
    }
}

/// Every record that a rule reads must say for how long a reading counts.
fn freshness(typed: &Typed, sink: &mut Sink) {
    let mut read: BTreeSet<RecordId> = BTreeSet::new();
    let mut walk = Walk::new(typed);
    for expr in typed.jobs.iter().flat_map(|job| &job.rules).flat_map(deciding) {
        walk.over(expr, &mut |part| {
            if let ExprKind::Lookup(record, _) = &part.kind {
                read.insert(*record);
            }
        });
    }
    for record in read {
        let fetch = typed.records.get(record.0 as usize).and_then(|decl| decl.fetch.as_ref());
        if let Some(fetch) = fetch.filter(|fetch| fetch.fresh.is_none()) {
            sink.report(NoFreshness { record, loc: fetch.loc });
        }
    }
}

/// Where text of outsiders enters a job: an input, or a read whose result the agent sees.
fn entrance(typed: &Typed, job: &Job) -> Option<Loc> {
    if let Some(field) = job.input.iter().find(|field| field.untrusted || is_untrusted(&field.ty, typed, &mut BTreeSet::new())) {
        return Some(field.loc);
    }
    let mut reads = job.rules.iter().filter(|rule| !rule.shadow).flat_map(|rule| match &rule.kind {
        RuleKind::Allow { access: crate::typed::Access::Read, hiding, .. } if hiding.is_empty() => rule.verbs.as_slice(),
        _ => &[],
    });
    reads.find_map(|verb| {
        let decl = typed.verbs.get(verb.index())?;
        let shown = decl.result_untrusted || decl.result.as_ref().is_some_and(|ty| is_untrusted(ty, typed, &mut BTreeSet::new()));
        shown.then_some(decl.loc)
    })
}

fn is_untrusted(ty: &Type, typed: &Typed, seen: &mut BTreeSet<RecordId>) -> bool {
    match ty {
        Type::Record(record) => {
            let fields: &[Field] = match typed.records.get(record.0 as usize) {
                Some(decl) if seen.insert(*record) => &decl.fields,
                _ => &[],
            };
            fields.iter().any(|field| field.untrusted || is_untrusted(&field.ty, typed, seen))
        }
        Type::List(inner) | Type::Set(inner) | Type::Optional(inner) | Type::Map(_, inner) => is_untrusted(inner, typed, seen),
        _ => false,
    }
}

/// What decides is not the agent's own word.
const FIRM: Provenance = Provenance::RECORD
    .union(Provenance::IDENTITY)
    .union(Provenance::INPUT)
    .union(Provenance::ENVIRONMENT)
    .union(Provenance::HISTORY);

fn outsiders(typed: &Typed, id: JobId, job: &Job, entrance: Loc, sink: &mut Sink) {
    let watches = |rule: &Rule| !rule.shadow && deciding(rule).iter().any(|expr| asks_for_untrusted(expr, typed));
    if job.rules.iter().any(|rule| rule.verbs.is_empty() && watches(rule)) {
        return;
    }
    for verb in writes(typed, job) {
        // A write without arguments has nothing in it that an outsider could have chosen.
        if typed.verbs.get(verb.index()).is_none_or(|decl| decl.params.is_empty()) {
            continue;
        }
        let guards = |rule: &Rule| !matches!(rule.kind, RuleKind::Allow { .. } | RuleKind::OnFailure { .. });
        if rules_of(job, verb).any(guards) {
            continue;
        }
        let open = rules_of(job, verb).find(|rule| {
            matches!(rule.kind, RuleKind::Allow { .. })
                && rule.condition.as_ref().is_none_or(|condition| !condition.provenance.intersects(FIRM))
        });
        if let Some(rule) = open {
            sink.report(OutsidersReach { job: id, verb, rule: rule.loc, entrance });
        }
    }
}
