//! What lies ahead of each node of the decision graph, so that a walk that wants the first rule alone knows when it may end.

use crate::program::{LeafState, Node, NodeId, RuleId};

/// What lies ahead of each node.
// INVARIANT: parallel to the program's nodes.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// The first rule, in the order of the program, that some walk from here can meet.
    least: Vec<Option<RuleId>>,
    /// For leaves that fire: the first rule of the chain of such leaves that begins here, and where the walk goes on after it.
    firing: Vec<(RuleId, NodeId)>,
}

impl Reach {
    /// Looks at every node once, from the end: successors stand after their node.
    pub(crate) fn new(nodes: &[Node]) -> Self {
        let mut reach = Self { least: vec![None; nodes.len()], firing: vec![(RuleId(u32::MAX), NodeId(u32::MAX)); nodes.len()] };
        for (at, node) in nodes.iter().enumerate().rev() {
            let mut least: Option<RuleId> = None;
            let mut meet = |rule: Option<RuleId>| {
                if let Some(rule) = rule {
                    least = Some(least.map_or(rule, |least| least.min(rule)));
                }
            };
            node.visit_successors(&mut |next| meet(reach.least(next)));
            if let Node::Leaf { rule, state, next } = node {
                meet(Some(*rule));
                if *state == LeafState::Fires {
                    let chain = match nodes.get(next.index()) {
                        Some(Node::Leaf { state: LeafState::Fires, .. }) => {
                            let (first, after) = reach.firing(*next);
                            (first.min(*rule), after)
                        }
                        _ => (*rule, *next),
                    };
                    if let Some(firing) = reach.firing.get_mut(at) {
                        *firing = chain;
                    }
                }
            }
            if let Some(place) = reach.least.get_mut(at) {
                *place = least;
            }
        }
        reach
    }

    /// The first rule that some walk from this node can meet.
    pub(crate) fn least(&self, node: NodeId) -> Option<RuleId> {
        self.least.get(node.index()).copied().flatten()
    }

    /// The first rule of the chain of firing leaves that begins at this one, and what comes after the chain.
    pub(crate) fn firing(&self, leaf: NodeId) -> (RuleId, NodeId) {
        self.firing.get(leaf.index()).copied().unwrap_or((RuleId(u32::MAX), NodeId(u32::MAX)))
    }
}
