//! What a job allows, and which rules stand between the agent and a write.

use crate::typed::{Access, Job, RuleKind, Typed, Verb, VerbId};

/// Whether some call of the verb may be allowed: an `allow` names it, and no rule forbids or stops every call.
fn is_allowed(job: &Job, verb: VerbId) -> bool {
    let mut allowed = false;
    for (_, rule) in job.naming(verb) {
        match (&rule.kind, &rule.condition) {
            (RuleKind::Never | RuleKind::Escalate, None) => return false,
            (RuleKind::Allow { .. }, _) => allowed = true,
            _ => {}
        }
    }
    allowed
}

/// The writes that the job may make, in the order in which they are declared.
pub(crate) fn writes(typed: &Typed, job: &Job) -> Vec<VerbId> {
    of_access(typed, job, Access::Write)
}

/// The reads that the job may make, in the order in which they are declared.
pub(super) fn reads(typed: &Typed, job: &Job) -> Vec<VerbId> {
    of_access(typed, job, Access::Read)
}

fn of_access(typed: &Typed, job: &Job, access: Access) -> Vec<VerbId> {
    let verbs = (0_u32..).map(VerbId).zip(&typed.verbs);
    verbs.filter(|(verb, decl)| decl.access == access && is_allowed(job, *verb)).map(|(verb, _)| verb).collect()
}

/// Whether one of these means stands between the agent and the write: a rule that names it, or its `undo`.
pub(super) fn is_bounded(job: &Job, verb: VerbId, decl: &Verb, means: &[String]) -> bool {
    let by = |word: &str| means.iter().any(|known| known == word);
    let reversed = decl.undo.is_some() || decl.compensates.is_some();
    (by("undo") && reversed)
        || job.naming(verb).any(|(_, rule)| match &rule.kind {
            RuleKind::Gate(_) => by("gate"),
            RuleKind::Limit(_) => by("limit"),
            RuleKind::Escalate => by("escalate"),
            RuleKind::Never => by("never"),
            RuleKind::Allow { .. } | RuleKind::OnFailure { .. } | RuleKind::Require { .. } => false,
        })
}

/// Whether some rule restricts the write beside its `allow`.
pub(super) fn is_restricted(job: &Job, verb: VerbId) -> bool {
    job.naming(verb).any(|(_, rule)| {
        matches!(
            rule.kind,
            RuleKind::Gate(_) | RuleKind::Limit(_) | RuleKind::Escalate | RuleKind::Never | RuleKind::Require { .. }
        )
    })
}
