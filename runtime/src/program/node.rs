//! The decision graph's nodes.

use super::{ConstId, ExprId, NodeId, RuleId};
use serde::{Deserialize, Serialize};

/// A node of the decision graph. A walk from an entry visits every rule of that effect that can still matter, in any order; which of
/// them decides is said by their order in [`Program::rules`](super::Program::rules).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Node {
    /// The walk ends.
    End,
    /// A condition with three exits.
    Test {
        /// The condition.
        condition: ExprId,
        /// Where it is true.
        yes: NodeId,
        /// Where it is false.
        no: NodeId,
        /// Where it is unknown.
        unknown: NodeId,
    },
    /// One operand against many constants: one lookup.
    Switch {
        /// The operand.
        subject: ExprId,
        /// Sorted by constant, without doubles.
        arms: Vec<(ConstId, NodeId)>,
        /// Where none is equal.
        otherwise: NodeId,
        /// Where the operand is unknown.
        unknown: NodeId,
    },
    /// One ordered operand against many bounds: one binary search.
    Range {
        /// The operand.
        subject: ExprId,
        /// Where the operand reaches no step.
        below: NodeId,
        /// In ascending order; the last that the operand reaches is taken.
        steps: Vec<Step>,
        /// Where the operand is unknown.
        unknown: NodeId,
    },
    /// A rule fires, or stays unknown, and the walk goes on.
    Leaf {
        /// The rule.
        rule: RuleId,
        /// What is known of it here.
        state: LeafState,
        /// Where the walk goes on.
        next: NodeId,
    },
}

/// A step of a [`Node::Range`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// Its bound.
    pub bound: ConstId,
    /// Which operands reach it.
    pub edge: Edge,
    /// Where they go on.
    pub next: NodeId,
}

/// Which operands reach a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Edge {
    /// The bound itself and what is greater.
    From,
    /// Only what is greater.
    Beyond,
}

/// What is known of a rule at a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeafState {
    /// Its condition is true.
    Fires,
    /// Its condition holds something unknown, and its value is what the condition says: false where another part of it is.
    Unknown,
}

impl Node {
    /// Calls `visit` with each node that may come next.
    pub fn visit_successors(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            Self::End => {}
            Self::Test { yes, no, unknown, .. } => [*yes, *no, *unknown].into_iter().for_each(visit),
            Self::Switch { arms, otherwise, unknown, .. } => {
                arms.iter().map(|(_, next)| *next).chain([*otherwise, *unknown]).for_each(visit);
            }
            Self::Range { below, steps, unknown, .. } => {
                steps.iter().map(|step| step.next).chain([*below, *unknown]).for_each(visit);
            }
            Self::Leaf { next, .. } => visit(*next),
        }
    }

    /// Calls `change` with each node that may come next, to put another in its place.
    pub fn change_successors(&mut self, change: &mut dyn FnMut(&mut NodeId)) {
        match self {
            Self::End => {}
            Self::Test { yes, no, unknown, .. } => [yes, no, unknown].into_iter().for_each(change),
            Self::Switch { arms, otherwise, unknown, .. } => {
                arms.iter_mut().map(|(_, next)| next).chain([otherwise, unknown]).for_each(change);
            }
            Self::Range { below, steps, unknown, .. } => {
                steps.iter_mut().map(|step| &mut step.next).chain([below, unknown]).for_each(change);
            }
            Self::Leaf { next, .. } => change(next),
        }
    }
}
