//! The decision graph: rules of one effect become a walk of tests, switches and ranges.
//!
//! Rules that ask the same of one operand are walked together: whether it equals one of many constants is a switch, where it lies
//! among many bounds is a range, a condition that they share is one test. A rule asks its most selective question first, and within
//! an arm the rules that are left are grouped again, [`LEVELS`] deep. What an arm has settled is not asked again there. Where the
//! operand is unknown, every one of its rules is looked at, so that an answer lists what an unknown keeps open. Each rule stands as
//! often as its own conditions have parts and constants, and no more: the graph grows linearly.

mod demand;
mod range;
mod split;

use super::Indexing;
use agentc_runtime::program::{ConstId, ExprId, LeafState, Node, NodeId, Op, Program, RuleId, Step, VerbId};
use demand::Demand;
use split::{Claim, Group, Piece};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// So many questions deep is a rule indexed.
const LEVELS: u8 = 3;

/// So many rules of the same verbs are walked as one, whichever of the verbs is called.
const SHARED_FROM: usize = 16;

/// Nodes while they are built: from the end of each walk backwards, so successors stand before their node until all is flipped.
#[derive(Debug)]
pub(super) struct Builder {
    indexing: Indexing,
    nodes: Vec<Node>,
    known: BTreeMap<Key, NodeId>,
    /// The walks of rules that several verbs share, by where they go on.
    shared: BTreeMap<(NodeId, Vec<RuleId>), NodeId>,
    /// For each expression that was asked for, whether it looks a record up.
    looks_up: BTreeMap<ExprId, bool>,
}

/// What makes two nodes the same node.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Test(ExprId, [NodeId; 3]),
    Switch(ExprId, Vec<(ConstId, NodeId)>, [NodeId; 2]),
    Range(ExprId, Vec<Step>, [NodeId; 2]),
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

/// A rule on its way into the graph.
#[derive(Debug, Clone)]
struct Item<'p> {
    rule: RuleId,
    /// The parts of its condition, a conjunction, that nothing on the way has settled.
    parts: Vec<Rc<Part<'p>>>,
    /// Something on the way has settled a part.
    is_settled: bool,
    /// Some part is unknown here: the rule cannot fire, and its condition says whether it is unknown or false.
    open: bool,
    /// So many times it stands in the graph.
    copies: usize,
    /// So many times it may.
    limit: usize,
}

/// A part of a rule's condition.
#[derive(Debug)]
struct Part<'p> {
    condition: ExprId,
    /// The operand that it asks, and for what.
    demand: Option<(ExprId, Demand<'p>)>,
}

impl Item<'_> {
    /// The rule where the parts of a claim are true.
    fn settled(&self, claim: &Claim<'_>, copies: usize) -> Self {
        let left = self.parts.iter().filter(|part| !claim.parts.contains(&part.condition)).map(Rc::clone).collect();
        let copies = self.copies.saturating_mul(copies);
        Self { rule: self.rule, parts: left, is_settled: true, open: self.open, copies, limit: self.limit }
    }

    /// The rule where one of the parts of a claim is unknown.
    fn opened(&self, claim: &Claim<'_>) -> Self {
        Self { open: true, ..self.settled(claim, 1) }
    }

    /// Whether it may stand in so many places from here.
    fn may_stand(&self, copies: usize) -> bool {
        self.copies.saturating_mul(copies) <= self.limit
    }
}

impl Builder {
    /// No node but the end of all walks.
    pub(super) fn new(indexing: Indexing) -> Self {
        Self { indexing, nodes: vec![Node::End], known: BTreeMap::new(), shared: BTreeMap::new(), looks_up: BTreeMap::new() }
    }

    /// The entry of a walk over these rules.
    pub(super) fn chain(&mut self, program: &Program, rules: &[RuleId]) -> NodeId {
        if self.indexing == Indexing::Off {
            return self.plain(program, &items(program, rules), NodeId(0));
        }
        let (own, shared) = by_verbs(program, rules);
        let mut walk = NodeId(0);
        for rules in shared {
            walk = self.shared(program, rules, walk);
        }
        self.walk(program, &items(program, &own), LEVELS, walk)
    }

    /// Rules that several verbs share, so that their nodes stand once.
    fn shared(&mut self, program: &Program, rules: Vec<RuleId>, next: NodeId) -> NodeId {
        let key = (next, rules);
        if let Some(known) = self.shared.get(&key) {
            return *known;
        }
        let walk = self.walk(program, &items(program, &key.1), LEVELS, next);
        self.shared.insert(key, walk);
        walk
    }

    /// A walk over rules, grouped while there are levels left.
    fn walk(&mut self, program: &Program, items: &[Item<'_>], levels: u8, next: NodeId) -> NodeId {
        let Some(levels) = levels.checked_sub(1) else { return self.plain(program, items, next) };
        let mut walk = next;
        for piece in self.split(program, items).into_iter().rev() {
            walk = match piece {
                Piece::One(item) => self.one(program, item, walk),
                Piece::Group(group) => self.group(program, items, group, levels, walk),
            };
        }
        walk
    }

    /// Each rule tested by itself.
    fn plain(&mut self, program: &Program, items: &[Item<'_>], next: NodeId) -> NodeId {
        items.iter().rev().fold(next, |walk, item| self.one(program, item, walk))
    }

    fn group(&mut self, program: &Program, items: &[Item<'_>], group: Group<'_>, levels: u8, next: NodeId) -> NodeId {
        match group {
            Group::Points(subject, claims) => self.switch(program, items, (subject, &claims), levels, next),
            Group::Spans(subject, claims) => self.ranges(program, items, (subject, claims), levels, next),
            Group::Truth(condition, claims) => self.guard(program, items, (condition, &claims), levels, next),
        }
    }

    fn switch(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        (subject, claims): (ExprId, &[Claim<'_>]),
        levels: u8,
        next: NodeId,
    ) -> NodeId {
        // A decision finds its arm by binary search over the constants' values, so they are sorted by value, not by index.
        let mut by_constant: BTreeMap<_, (ConstId, Vec<usize>)> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            let Demand::Points(constants) = &claim.demand else { continue };
            for constant in constants {
                let value = program.constants.get(constant.index());
                by_constant.entry(value).or_insert_with(|| (*constant, Vec::new())).1.push(at);
            }
        }
        let together = by_constant.into_values();
        let (constants, together): (Vec<ConstId>, Vec<Vec<usize>>) = together.unzip();
        let (nodes, unknown) = self.exits(program, items, (subject, claims), &together, levels, next);
        let arms: Vec<(ConstId, NodeId)> = constants.into_iter().zip(nodes).collect();
        self.node(Key::Switch(subject, arms.clone(), [next, unknown]), || Node::Switch {
            subject,
            arms,
            otherwise: next,
            unknown,
        })
    }

    /// A condition that rules share, asked once for all of them.
    fn guard(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        (condition, claims): (ExprId, &[Claim<'_>]),
        levels: u8,
        next: NodeId,
    ) -> NodeId {
        let all: Vec<usize> = (0..claims.len()).collect();
        let (arms, unknown) = self.exits(program, items, (condition, claims), &[all], levels, next);
        self.test(condition, [arms.first().copied().unwrap_or(next), next, unknown])
    }

    /// The walks of an operand's arms, and the one where it is unknown.
    fn exits(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        (subject, claims): (ExprId, &[Claim<'_>]),
        together: &[Vec<usize>],
        levels: u8,
        next: NodeId,
    ) -> (Vec<NodeId>, NodeId) {
        let arms = self.arms(program, items, claims, together, levels, next);
        (arms, self.unknown(program, items, (subject, claims), levels, next))
    }

    /// The walks of an operand's arms, each given by the claims that it settles. Arms with the same claims are one walk.
    fn arms(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        claims: &[Claim<'_>],
        together: &[Vec<usize>],
        levels: u8,
        next: NodeId,
    ) -> Vec<NodeId> {
        let mut copies = vec![0_usize; claims.len()];
        let mut walks: BTreeMap<&[usize], NodeId> = BTreeMap::new();
        for claimed in together {
            if walks.insert(claimed, next).is_none() {
                for at in claimed {
                    if let Some(copies) = copies.get_mut(*at) {
                        *copies = copies.saturating_add(1);
                    }
                }
            }
        }
        for (claimed, walk) in &mut walks {
            let settled: Vec<Item<'_>> = claimed
                .iter()
                .filter_map(|at| {
                    let claim = claims.get(*at)?;
                    Some(items.get(claim.item)?.settled(claim, copies.get(*at).copied()?))
                })
                .collect();
            *walk = self.walk(program, &settled, levels, next);
        }
        together.iter().map(|claimed| walks.get(claimed.as_slice()).copied().unwrap_or(next)).collect()
    }

    /// The walk where the operand of these claims is unknown. What another operand excludes may still be left out there, once; what every
    /// call has known is unknown only where a decision's work is used up.
    fn unknown(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        (subject, claims): (ExprId, &[Claim<'_>]),
        levels: u8,
        next: NodeId,
    ) -> NodeId {
        let opened: Vec<Item<'_>> = claims.iter().filter_map(|claim| Some(items.get(claim.item)?.opened(claim))).collect();
        self.walk(program, &opened, if is_always_known(program, subject) { 0 } else { levels.min(1) }, next)
    }

    /// One rule.
    fn one(&mut self, program: &Program, item: &Item<'_>, next: NodeId) -> NodeId {
        if item.open {
            return self.leaf(item.rule, LeafState::Unknown, next);
        }
        let fires = self.leaf(item.rule, LeafState::Fires, next);
        let condition = program.rules.get(item.rule.index()).and_then(|rule| rule.condition);
        let Some(condition) = condition.filter(|_| !item.parts.is_empty()) else { return fires };
        let unknown = self.leaf(item.rule, LeafState::Unknown, next);
        // Where nothing of it is settled, or its parts would stand too often, its condition is asked as a whole.
        if !item.is_settled || !item.may_stand(item.parts.len()) {
            return self.test(condition, [fires, next, unknown]);
        }
        item.parts.iter().rev().fold(fires, |yes, part| self.test(part.condition, [yes, next, unknown]))
    }

    fn test(&mut self, condition: ExprId, [yes, no, unknown]: [NodeId; 3]) -> NodeId {
        self.node(Key::Test(condition, [yes, no, unknown]), || Node::Test { condition, yes, no, unknown })
    }

    fn leaf(&mut self, rule: RuleId, state: LeafState, next: NodeId) -> NodeId {
        self.node(Key::Leaf(rule, state == LeafState::Fires, next), || Node::Leaf { rule, state, next })
    }

    fn node(&mut self, key: Key, node: impl FnOnce() -> Node) -> NodeId {
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = NodeId(super::index(self.nodes.len()));
        self.nodes.push(node());
        self.known.insert(key, id);
        id
    }

    /// All nodes, successors after their node, and how to find an entry among them.
    pub(super) fn finish(&mut self) -> (Vec<Node>, Flip) {
        let flip = Flip { last: super::index(self.nodes.len().saturating_sub(1)) };
        let mut nodes = std::mem::take(&mut self.nodes);
        nodes.reverse();
        nodes.iter_mut().for_each(|node| node.change_successors(&mut |next| *next = flip.flip(*next)));
        (nodes, flip)
    }
}

/// The rules that a verb shares with others, those of most verbs first, where they are many; and all the others.
fn by_verbs(program: &Program, rules: &[RuleId]) -> (Vec<RuleId>, Vec<Vec<RuleId>>) {
    let verbs = |rule: &RuleId| program.rules.get(rule.index()).map_or(&[][..], |rule| rule.verbs.as_slice());
    let mut alike: BTreeMap<&[VerbId], Vec<RuleId>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| verbs(rule).len() != 1) {
        alike.entry(verbs(rule)).or_default().push(*rule);
    }
    alike.retain(|_, rules| rules.len() >= SHARED_FROM);
    let own = rules.iter().filter(|rule| !alike.contains_key(verbs(rule))).copied().collect();
    let mut shared: Vec<(&[VerbId], Vec<RuleId>)> = alike.into_iter().collect();
    // Rules without verbs are those of every verb.
    shared.sort_by_key(|(verbs, _)| (!verbs.is_empty(), std::cmp::Reverse(verbs.len())));
    (own, shared.into_iter().map(|(_, rules)| rules).collect())
}

fn items<'p>(program: &'p Program, rules: &[RuleId]) -> Vec<Item<'p>> {
    let part = |condition: ExprId| Rc::new(Part { condition, demand: demand::of(program, condition) });
    let item = |rule: &RuleId| {
        let condition = program.rules.get(rule.index()).and_then(|rule| rule.condition);
        let parts: Vec<_> =
            condition.map_or_else(Vec::new, |condition| parts(program, condition)).into_iter().map(part).collect();
        let constants: usize = parts.iter().filter_map(|part| part.demand.as_ref()).map(|(_, demand)| demand.size()).sum();
        let limit = parts.len().saturating_add(constants).saturating_mul(2);
        Item { rule: *rule, parts, is_settled: false, open: false, copies: 1, limit }
    };
    rules.iter().map(item).collect()
}

/// Whether an operand is known wherever a call is decided.
fn is_always_known(program: &Program, subject: ExprId) -> bool {
    let op = program.exprs.get(subject.index()).map(|expr| &expr.op);
    matches!(op, Some(Op::Arg(_) | Op::Input(_) | Op::Environment(_) | Op::Agent(_) | Op::User(_) | Op::Now))
}

/// The parts of a condition that all must be true, in their order. A part that stands twice is one.
fn parts(program: &Program, condition: ExprId) -> Vec<ExprId> {
    let (mut found, mut seen, mut waiting) = (Vec::new(), BTreeSet::new(), vec![condition]);
    while let Some(condition) = waiting.pop() {
        if !seen.insert(condition) {
            continue;
        }
        match program.exprs.get(condition.index()).map(|expr| &expr.op) {
            Some(Op::And(parts)) => waiting.extend(parts.iter().rev()),
            _ => found.push(condition),
        }
    }
    found
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests;
