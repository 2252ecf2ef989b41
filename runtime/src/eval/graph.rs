//! Walks the decision graph, and tells what keeps rules open.

use super::cause::{Cause, Evaluated, Unasked};
use super::facts::Facts;
use super::{Evaluator, misfit};
use crate::program::{ConstId, Edge, LeafState, Node, NodeId, RuleId, Step};
use crate::types::RecordId;
use crate::value::Value;
use std::sync::Arc;

/// A rule that fires or that is unknown; false ones are not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The rule.
    pub rule: RuleId,
    /// `Ok`: it fires. `Err`: why that is unknown.
    pub state: Evaluated<()>,
}

/// A record to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The record.
    pub record: RecordId,
    /// The parts of its key.
    pub key: Arc<[Value]>,
    /// Why what is there does not count.
    pub why: Unasked,
}

impl<F: Facts> Evaluator<'_, F> {
    /// Whether a rule's condition holds; true where it has none.
    ///
    /// # Errors
    /// Every reason why that is not known.
    pub fn rule(&mut self, id: RuleId) -> Evaluated<bool> {
        let rule = self.policy.program().rules.get(id.index()).ok_or_else(misfit)?;
        rule.condition.map_or(Ok(true), |condition| self.condition(condition))
    }

    /// The rules that fire or are unknown, in the order of the program.
    pub fn walk(&mut self, entry: NodeId) -> Vec<Judged> {
        let mut judged = Vec::new();
        let mut at = entry;
        // Every step goes forward, so the walk ends.
        while let Some(node) = self.policy.program().nodes.get(at.index()) {
            at = match node {
                Node::End => break,
                Node::Test { condition, yes, no, unknown } => match self.condition(*condition) {
                    Ok(true) => *yes,
                    Ok(false) => *no,
                    Err(_) => *unknown,
                },
                Node::Switch { subject, arms, otherwise, unknown } => match self.value(*subject) {
                    Ok(value) => self.arm(arms, &value).unwrap_or(*otherwise),
                    Err(_) => *unknown,
                },
                Node::Range { subject, below, steps, unknown } => match self.value(*subject) {
                    Ok(value) => self.step(steps, &value).unwrap_or(*below),
                    Err(_) => *unknown,
                },
                Node::Leaf { rule, state, next } => {
                    let holds = match state {
                        LeafState::Fires => Ok(true),
                        LeafState::Unknown => self.rule(*rule),
                    };
                    match holds {
                        Ok(false) => {}
                        Ok(true) => judged.push(Judged { rule: *rule, state: Ok(()) }),
                        Err(causes) => judged.push(Judged { rule: *rule, state: Err(causes) }),
                    }
                    *next
                }
            };
        }
        judged.sort_by_key(|judged| judged.rule);
        judged
    }

    fn arm(&self, arms: &[(ConstId, NodeId)], value: &Value) -> Option<NodeId> {
        let constant = |id: &ConstId| self.policy.constant(id.index());
        let found = arms.binary_search_by(|(id, _)| constant(id).cmp(&Some(value))).ok()?;
        arms.get(found).map(|(_, node)| *node)
    }

    /// Where the last step leads that a value reaches.
    fn step(&self, steps: &[Step], value: &Value) -> Option<NodeId> {
        let reached = steps.partition_point(|step| {
            self.policy.constant(step.bound.index()).is_some_and(|bound| match step.edge {
                Edge::From => bound <= value,
                Edge::Beyond => bound < value,
            })
        });
        steps.get(reached.checked_sub(1)?).map(|step| step.next)
    }

    /// The unasked records that keep these rules unknown, none from a branch that is not taken: sorted, without doubles.
    pub fn needs(&mut self, rules: &[RuleId]) -> Vec<Need> {
        let mut needs = Vec::new();
        for rule in rules {
            let Err(causes) = self.rule(*rule) else { continue };
            needs.extend(causes.iter().filter_map(|cause| match cause {
                Cause::Unasked { record, key, why } => Some(Need { record: *record, key: Arc::clone(key), why: *why }),
                _ => None,
            }));
        }
        needs.sort();
        needs.dedup();
        needs
    }
}
