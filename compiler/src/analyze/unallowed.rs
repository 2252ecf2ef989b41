//! Rules and conditions about verbs that the job never allows: nothing is left for them to decide.

use super::Subject;
use super::everywhere::Everywhere;
use super::written;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{NeverCalled, NeverMade};
use crate::typed::{ExprKind, FetchHow, HistoryKind, Job, Rule, RuleKind, Typed, VerbId};
use std::collections::BTreeSet;

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    let fetching = fetching(typed);
    let (mut idle, mut missing) = (Everywhere::new(typed), Everywhere::new(typed));
    for job in &typed.jobs {
        let callable = callable(job);
        let unknown = |verb: &VerbId| !callable.contains(verb);
        for rule in &job.rules {
            if let Some(what) = restricts(rule)
                && !rule.verbs.is_empty()
                && rule.verbs.iter().all(unknown)
            {
                idle.note(rule.loc, NeverCalled { rule: rule.name.clone(), what, verbs: rule.verbs.clone(), loc: rule.loc });
                continue;
            }
            if let RuleKind::Require { verb, .. } = rule.kind
                && unknown(&verb)
                && !fetching.contains(&verb)
            {
                missing.note(rule.loc, NeverMade { verb, job: job.name.clone(), loc: rule.loc, required: true });
            }
            if let Some(problem) = history(job, rule, &callable) {
                missing.note(rule.loc, problem);
            }
        }
    }
    idle.report(sink);
    missing.report(sink);
}

/// The verbs that some rule lets be called: by an `allow`, or as a way to hand over.
fn callable(job: &Job) -> BTreeSet<VerbId> {
    let lets_through = |rule: &&Rule| match rule.kind {
        RuleKind::Allow { .. } => true,
        RuleKind::Escalate => rule.condition.is_none(),
        _ => false,
    };
    job.rules.iter().filter(|rule| !rule.shadow).filter(lets_through).flat_map(|rule| rule.verbs.iter().copied()).collect()
}

/// The verbs by which a host fetches records itself: what it fetched counts as a call made.
fn fetching(typed: &Typed) -> BTreeSet<VerbId> {
    let fetches = typed.records.iter().filter_map(|record| record.fetch.as_ref());
    fetches
        .flat_map(|fetch| {
            let by_verb = match fetch.how {
                FetchHow::Verb { verb, .. } => Some(verb),
                FetchHow::Host => None,
            };
            by_verb.into_iter().chain(fetch.also.iter().copied())
        })
        .collect()
}

/// What a rule is called that narrows what is allowed. A `never` is left out: it guards against rules that are still to be written.
fn restricts(rule: &Rule) -> Option<&'static str> {
    match rule.kind {
        RuleKind::Gate(_) => Some("gate"),
        RuleKind::Limit(_) => Some("limit"),
        RuleKind::Require { .. } => Some("requirement"),
        RuleKind::OnFailure { .. } => Some("rule on failures"),
        RuleKind::Escalate => rule.condition.is_some().then_some("escalation"),
        RuleKind::Allow { .. } | RuleKind::Never => None,
    }
}

/// The first condition of an `allow` on an earlier call that is never made.
fn history(job: &Job, rule: &Rule, callable: &BTreeSet<VerbId>) -> Option<NeverMade> {
    if !matches!(rule.kind, RuleKind::Allow { .. }) {
        return None;
    }
    let mut found = None;
    written::inside(rule.condition.as_ref()?, &mut |expr| {
        if let ExprKind::History(HistoryKind::Happened, verbs, _) = &expr.kind
            && let Some(verb) = verbs.first()
            && verbs.iter().all(|verb| !callable.contains(verb))
            && found.is_none()
        {
            found = Some(NeverMade { verb: *verb, job: job.name.clone(), loc: expr.loc, required: false });
        }
    });
    found
}
