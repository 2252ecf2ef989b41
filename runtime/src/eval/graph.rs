//! Walks the decision graph, and tells what keeps rules open.

use super::cause::{Cause, Evaluated, Unasked};
use super::facts::Facts;
use super::{Evaluator, misfit};
use crate::policy::Policy;
use crate::program::{ConstId, Edge, ExprId, LeafState, Node, NodeId, Op, RuleId, Step};
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
                Node::Leaf { rule, state, next } => {
                    match self.leaf(*rule, *state) {
                        Ok(false) => {}
                        Ok(true) => judged.push(Judged { rule: *rule, state: Ok(()) }),
                        Err(causes) => judged.push(Judged { rule: *rule, state: Err(causes) }),
                    }
                    *next
                }
                branching => self.exit(at, branching),
            };
        }
        judged.sort_by_key(|judged| judged.rule);
        judged
    }

    /// What a leaf says of its rule.
    pub(crate) fn leaf(&mut self, rule: RuleId, state: LeafState) -> Evaluated<bool> {
        match state {
            LeafState::Fires => Ok(true),
            LeafState::Unknown => self.rule(rule),
        }
    }

    /// Where a walk goes on from a node that is no leaf.
    pub(crate) fn exit(&mut self, at: NodeId, node: &Node) -> NodeId {
        let policy = self.policy;
        match node {
            Node::End => at,
            Node::Leaf { next, .. } => *next,
            Node::Test { condition, yes, no, unknown } => match self.condition(*condition) {
                Ok(true) => *yes,
                Ok(false) => *no,
                Err(_) => *unknown,
            },
            Node::Switch { subject, arms, otherwise, unknown } => {
                if let Some(arm) = self.interned_arm(at, *subject) {
                    return arm.unwrap_or(*otherwise);
                }
                if let Some(value) = self.in_place(*subject) {
                    return arm(policy, arms, value).unwrap_or(*otherwise);
                }
                match self.value(*subject) {
                    Ok(value) => arm(policy, arms, &value).unwrap_or(*otherwise),
                    Err(_) => *unknown,
                }
            }
            Node::Range { subject, below, steps, unknown } => {
                if let Some(value) = self.in_place(*subject) {
                    return step(policy, steps, value).unwrap_or(*below);
                }
                match self.value(*subject) {
                    Ok(value) => step(policy, steps, &value).unwrap_or(*below),
                    Err(_) => *unknown,
                }
            }
        }
    }

    /// The arm of a switch over a text that was looked up among the policy's own before.
    fn interned_arm(&mut self, switch: NodeId, subject: ExprId) -> Option<Option<NodeId>> {
        let interned = match self.policy.expr(subject)?.op {
            Op::Arg(arg) => self.facts.interned(arg),
            Op::Input(at) => self.facts.interned_input(at),
            _ => return None,
        };
        let arm = self.policy.index().arms.of(switch, interned)?;
        // As reading the argument would.
        self.spend(1).ok().map(|()| arm)
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

/// The arm of a value.
pub(crate) fn arm(policy: &Policy, arms: &[(ConstId, NodeId)], value: &Value) -> Option<NodeId> {
    let constant = |id: &ConstId| policy.constant(id.index());
    let found = arms.binary_search_by(|(id, _)| constant(id).cmp(&Some(value))).ok()?;
    arms.get(found).map(|(_, node)| *node)
}

/// Where the last step leads that a value reaches.
pub(crate) fn step(policy: &Policy, steps: &[Step], value: &Value) -> Option<NodeId> {
    let reached = steps.partition_point(|step| {
        policy.constant(step.bound.index()).is_some_and(|bound| match step.edge {
            Edge::From => bound <= value,
            Edge::Beyond => bound < value,
        })
    });
    steps.get(reached.checked_sub(1)?).map(|step| step.next)
}
