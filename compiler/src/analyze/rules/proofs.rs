//! Proofs about calls that cannot be: their condition is never true.

use super::Reasoner;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{NothingProved, ProofFault};
use crate::logic::Uses;
use crate::typed::{Expr, PropertyKind, Typed};

/// Reports them.
pub(super) fn check(typed: &Typed, uses: &Uses, sink: &mut Sink) {
    for proof in &typed.proofs {
        for statement in &proof.statements {
            let Some(condition) = condition(&statement.kind) else { continue };
            let Some(job) = typed.jobs.get(statement.job.index()) else { continue };
            let mut reasoner = Reasoner::of_no_rules(typed, uses, statement.job, job);
            let truth = reasoner.condition(condition);
            if reasoner.never(truth.is_true) {
                sink.report(NothingProved { proof: proof.name.clone(), fault: ProofFault::NeverTrue, loc: condition.loc });
                break;
            }
        }
    }
}

fn condition(kind: &PropertyKind) -> Option<&Expr> {
    match kind {
        PropertyKind::NeverAllow { condition, .. }
        | PropertyKind::AlwaysAllow { condition, .. }
        | PropertyKind::NeedsApproval { condition, .. } => condition.as_ref(),
        PropertyKind::EveryWrite { .. } | PropertyKind::LimitHolds(_) => None,
    }
}
