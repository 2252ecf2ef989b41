//! The decision graph: rules of one effect become a walk of tests and switches.
//!
//! Rules that ask whether one operand equals different constants become one switch: a decision then looks at the rules of the
//! operand's value and at no other. Where the operand is unknown, every one of them is tested, so that an answer lists what an
//! unknown keeps open. Each rule stands in its arms and once in the unknown branch: the graph grows linearly.

use agentc_runtime::program::{Comparison, ConstId, ExprId, LeafState, Node, NodeId, Op, Program, RuleId};
use std::collections::{BTreeMap, BTreeSet};

/// From so many rules on, a switch is worth its lookup.
const SWITCH_FROM: usize = 3;

/// Nodes while they are built: from the end of each walk backwards, so successors stand before their node until all is flipped.
#[derive(Debug)]
pub(super) struct Builder {
    nodes: Vec<Node>,
    known: BTreeMap<Key, NodeId>,
}

impl Default for Builder {
    fn default() -> Self {
        Self { nodes: vec![Node::End], known: BTreeMap::new() }
    }
}

/// What makes two nodes the same node.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Test(ExprId, [NodeId; 3]),
    Switch(ExprId, Vec<(ConstId, NodeId)>, [NodeId; 2]),
    Leaf(RuleId, bool, NodeId),
}

/// Turns ids of the backward order into ids of the forward one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flip {
    last: u32,
}

impl Flip {
    /// The node's id once all are flipped.
    pub(super) fn flip(self, node: NodeId) -> NodeId {
        NodeId(self.last.saturating_sub(node.0))
    }
}

impl Builder {
    /// The entry of a walk over these rules.
    pub(super) fn chain(&mut self, program: &Program, rules: &[RuleId]) -> NodeId {
        let mut walk = NodeId(0);
        let groups = group(program, rules);
        for group in groups.iter().rev() {
            walk = match group {
                Group::One(rule) => self.test(program, *rule, walk),
                Group::Switch(subject, members) => self.switch(program, *subject, members, walk),
            };
        }
        walk
    }

    fn test(&mut self, program: &Program, rule: RuleId, next: NodeId) -> NodeId {
        let fires = self.leaf(rule, LeafState::Fires, next);
        let Some(condition) = program.rules.get(rule.index()).and_then(|rule| rule.condition) else { return fires };
        let unknown = self.leaf(rule, LeafState::Unknown, next);
        self.node(Key::Test(condition, [fires, next, unknown]), Node::Test { condition, yes: fires, no: next, unknown })
    }

    fn leaf(&mut self, rule: RuleId, state: LeafState, next: NodeId) -> NodeId {
        self.node(Key::Leaf(rule, state == LeafState::Fires, next), Node::Leaf { rule, state, next })
    }

    fn switch(&mut self, program: &Program, subject: ExprId, members: &[(RuleId, Vec<ConstId>)], next: NodeId) -> NodeId {
        let mut by_constant: BTreeMap<ConstId, Vec<RuleId>> = BTreeMap::new();
        for (rule, constants) in members {
            for constant in constants {
                by_constant.entry(*constant).or_default().push(*rule);
            }
        }
        let mut arms: Vec<(ConstId, NodeId)> = Vec::with_capacity(by_constant.len());
        for (constant, rules) in by_constant {
            let walk = rules.iter().rev().fold(next, |walk, rule| self.test(program, *rule, walk));
            arms.push((constant, walk));
        }
        // A decision finds its arm by binary search over the constants' values, so they are sorted by value, not by index.
        arms.sort_by(|(left, _), (right, _)| program.constants.get(left.index()).cmp(&program.constants.get(right.index())));
        let unknown = members.iter().rev().fold(next, |walk, (rule, _)| self.test(program, *rule, walk));
        self.node(Key::Switch(subject, arms.clone(), [next, unknown]), Node::Switch { subject, arms, otherwise: next, unknown })
    }

    fn node(&mut self, key: Key, node: Node) -> NodeId {
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = NodeId(super::index(self.nodes.len()));
        self.nodes.push(node);
        self.known.insert(key, id);
        id
    }

    /// All nodes, successors after their node, and how to find an entry among them.
    pub(super) fn finish(&mut self) -> (Vec<Node>, Flip) {
        let flip = Flip { last: super::index(self.nodes.len().saturating_sub(1)) };
        let nodes = std::mem::take(&mut self.nodes).into_iter().rev().map(|node| flipped(node, flip)).collect();
        (nodes, flip)
    }
}

fn flipped(node: Node, flip: Flip) -> Node {
    match node {
        Node::End => Node::End,
        Node::Test { condition, yes, no, unknown } => {
            Node::Test { condition, yes: flip.flip(yes), no: flip.flip(no), unknown: flip.flip(unknown) }
        }
        Node::Switch { subject, arms, otherwise, unknown } => Node::Switch {
            subject,
            arms: arms.into_iter().map(|(constant, node)| (constant, flip.flip(node))).collect(),
            otherwise: flip.flip(otherwise),
            unknown: flip.flip(unknown),
        },
        Node::Leaf { rule, state, next } => Node::Leaf { rule, state, next: flip.flip(next) },
    }
}

/// Rules that are walked together.
enum Group {
    One(RuleId),
    Switch(ExprId, Vec<(RuleId, Vec<ConstId>)>),
}

/// Rules that compare one operand with constants, together where there are enough of them, at the place of the first.
fn group(program: &Program, rules: &[RuleId]) -> Vec<Group> {
    let mut by_subject: BTreeMap<ExprId, Vec<(RuleId, Vec<ConstId>)>> = BTreeMap::new();
    let mut subject_of: BTreeMap<RuleId, ExprId> = BTreeMap::new();
    for rule in rules {
        let condition = program.rules.get(rule.index()).and_then(|rule| rule.condition);
        if let Some((subject, constants)) = condition.and_then(|condition| selector(program, condition)) {
            by_subject.entry(subject).or_default().push((*rule, constants));
            subject_of.insert(*rule, subject);
        }
    }
    by_subject.retain(|_, members| members.len() >= SWITCH_FROM);
    let shared: BTreeSet<ExprId> = by_subject.keys().copied().collect();
    let mut groups = Vec::new();
    for rule in rules {
        match subject_of.get(rule).filter(|subject| shared.contains(subject)) {
            // The first of its group brings all the others along.
            Some(subject) => groups.extend(by_subject.remove(subject).map(|members| Group::Switch(*subject, members))),
            None => groups.push(Group::One(*rule)),
        }
    }
    groups
}

/// The operand and the constants that a condition needs it to equal, if it is such a condition or a conjunction that holds one.
fn selector(program: &Program, condition: ExprId) -> Option<(ExprId, Vec<ConstId>)> {
    match &program.exprs.get(condition.index())?.op {
        Op::And(parts) => parts.iter().find_map(|part| selector(program, *part)),
        Op::Compare(Comparison::Equal, left, right) => match (constant(program, *left), constant(program, *right)) {
            (None, Some(constant)) => Some((*left, vec![constant])),
            (Some(constant), None) => Some((*right, vec![constant])),
            _ => None,
        },
        Op::In(item, list) => match &program.exprs.get(list.index())?.op {
            Op::List(members) => {
                let mut constants = members.iter().map(|member| constant(program, *member)).collect::<Option<Vec<_>>>()?;
                constants.sort_unstable();
                constants.dedup();
                (constant(program, *item).is_none()).then_some((*item, constants))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The constant that an expression is; `none` is left out, since a switch looks for values.
fn constant(program: &Program, expr: ExprId) -> Option<ConstId> {
    match program.exprs.get(expr.index())?.op {
        Op::Constant(id) => (program.constants.get(id.index())? != &agentc_runtime::program::Constant::None).then_some(id),
        _ => None,
    }
}
