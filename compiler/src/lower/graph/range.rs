//! Range nodes: one operand against many bounds.
//!
//! A rule that holds in a few stretches between the bounds stands in the arms of those. The others would stand in too many: those
//! with one bound make a chain that every operand enters at its own place, those with two a tree of such chains.

use super::demand::{Cut, Span};
use super::split::{Claim, covered, cuts, spans};
use super::{Builder, Item, Key};
use agentc_runtime::program::{ExprId, Node, NodeId, Program, Step};
use std::cmp::Reverse;

/// A rule stands in the arms of so many stretches at most.
const NARROW: usize = 4;

/// A rule whose bounds are settled by where it stands, and the span that they leave it.
#[derive(Debug)]
struct Ranged<'p> {
    item: Item<'p>,
    span: Span<'p>,
}

/// What all range nodes of one walk have in common.
#[derive(Debug, Clone, Copy)]
struct Walk {
    subject: ExprId,
    unknown: NodeId,
    next: NodeId,
}

/// The steps of a range node, gathered in ascending order.
#[derive(Debug)]
struct Steps<'p> {
    below: NodeId,
    steps: Vec<(Cut<'p>, NodeId)>,
}

impl<'p> Steps<'p> {
    fn new(below: NodeId) -> Self {
        Self { below, steps: Vec::new() }
    }

    /// From this bound on, which is no less than the last one. The last word on a bound counts.
    fn then(&mut self, cut: Cut<'p>, next: NodeId) {
        self.steps.pop_if(|(last, _)| *last == cut);
        let before = self.steps.last().map_or(self.below, |(_, next)| *next);
        if before != next {
            self.steps.push((cut, next));
        }
    }
}

impl Builder {
    /// The walk over rules that say between which bounds an operand lies.
    pub(super) fn ranges(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        (subject, claims): (ExprId, Vec<Claim<'_>>),
        levels: u8,
        next: NodeId,
    ) -> NodeId {
        let cuts = cuts(&claims);
        let (mut narrow, mut rising, mut falling, mut between) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut others: Vec<Item<'_>> = Vec::new();
        for claim in claims {
            let Some(item) = items.get(claim.item) else { continue };
            let stretches: usize = covered(&cuts, &claim).iter().map(|(from, to)| to.saturating_sub(*from)).sum();
            match spans(&claim) {
                _ if stretches <= NARROW && item.may_stand(stretches) => narrow.push(claim),
                [Span { to: None, .. }] => rising.push(claim),
                [Span { from: None, .. }] => falling.push(claim),
                [_] if item.may_stand(2) => between.push(claim),
                _ => others.push(item.clone()),
            }
        }
        let mut walk = self.plain(program, &others, next);
        for (claims, build) in [
            (between, Self::tree as fn(&mut Self, &Program, Vec<Ranged<'_>>, Walk) -> NodeId),
            (falling, Self::falling),
            (rising, Self::rising),
        ] {
            if claims.is_empty() {
                continue;
            }
            let unknown = self.unknown(program, items, (subject, &claims), levels, walk);
            let ranged = claims.iter().filter_map(|claim| {
                let span = *spans(claim).first()?;
                Some(Ranged { item: items.get(claim.item)?.settled(claim, 1), span })
            });
            walk = build(self, program, ranged.collect(), Walk { subject, unknown, next: walk });
        }
        if narrow.is_empty() { walk } else { self.stretches(program, items, (subject, &narrow), levels, walk) }
    }

    /// Rules in the arms of their stretches, where they are grouped again.
    fn stretches(
        &mut self,
        program: &Program,
        items: &[Item<'_>],
        (subject, claims): (ExprId, &[Claim<'_>]),
        levels: u8,
        next: NodeId,
    ) -> NodeId {
        let cuts = cuts(claims);
        let mut together: Vec<Vec<usize>> = vec![Vec::new(); cuts.len().saturating_add(1)];
        for (at, claim) in claims.iter().enumerate() {
            for (from, to) in covered(&cuts, claim) {
                together.get_mut(from..to).into_iter().flatten().for_each(|arm| arm.push(at));
            }
        }
        let (arms, unknown) = self.exits(program, items, (subject, claims), &together, levels, next);
        let mut arms = arms.into_iter();
        let mut steps = Steps::new(arms.next().unwrap_or(next));
        cuts.iter().zip(arms).for_each(|(cut, arm)| steps.then(*cut, arm));
        self.range(subject, &steps, unknown)
    }

    /// Rules with a lower bound: the greater the operand, the earlier it enters the chain.
    fn rising(&mut self, program: &Program, mut rules: Vec<Ranged<'_>>, walk: Walk) -> NodeId {
        rules.sort_by_key(|rule| rule.span.from);
        let mut steps = Steps::new(walk.next);
        self.rise(program, &rules, walk.next, &mut steps);
        self.range(walk.subject, &steps, walk.unknown)
    }

    /// Rules with an upper bound: the smaller the operand, the earlier it enters the chain.
    fn falling(&mut self, program: &Program, mut rules: Vec<Ranged<'_>>, walk: Walk) -> NodeId {
        rules.sort_by_key(|rule| Reverse(rule.span.to));
        let (all, ends) = self.fall(program, &rules, walk.next);
        let mut steps = Steps::new(all);
        ends.into_iter().for_each(|(cut, next)| steps.then(cut, next));
        self.range(walk.subject, &steps, walk.unknown)
    }

    /// Rules with both bounds: those around the middle make two chains, one for operands below it and one for the others; those
    /// that end below it and those that start beyond it are trees of their own. Each rule stands twice.
    ///
    /// An operand that was known stays so, unless the decision's work is used up: then every rule is looked at, as where it is unknown.
    fn tree(&mut self, program: &Program, mut rules: Vec<Ranged<'_>>, walk: Walk) -> NodeId {
        rules.sort_by_key(|rule| rule.span.from);
        let Some(middle) = rules.get(rules.len() / 2).and_then(|rule| rule.span.from) else { return walk.next };
        let (before, rest): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.span.to.is_some_and(|to| to <= middle));
        let (mut around, after): (Vec<_>, Vec<_>) = rest.into_iter().partition(|rule| rule.span.from <= Some(middle));
        let before = self.tree(program, before, walk);
        let after = self.tree(program, after, walk);
        let mut steps = Steps::new(before);
        self.rise(program, &around, before, &mut steps);
        around.sort_by_key(|rule| Reverse(rule.span.to));
        let (all, ends) = self.fall(program, &around, after);
        steps.then(middle, all);
        ends.into_iter().for_each(|(cut, next)| steps.then(cut, next));
        self.range(walk.subject, &steps, walk.unknown)
    }

    /// A chain of rules in the order of their lower bounds, with a step to each bound's place in it.
    fn rise<'p>(&mut self, program: &Program, rules: &[Ranged<'p>], next: NodeId, steps: &mut Steps<'p>) {
        let mut walk = next;
        for rule in rules {
            walk = self.one(program, &rule.item, walk);
            if let Some(from) = rule.span.from {
                steps.then(from, walk);
            }
        }
    }

    /// A chain of rules against the order of their upper bounds: its entry for operands below all of these, and for each bound, in
    /// ascending order, the place of the operands that reach it.
    fn fall<'p>(&mut self, program: &Program, rules: &[Ranged<'p>], next: NodeId) -> (NodeId, Vec<(Cut<'p>, NodeId)>) {
        let mut walk = next;
        let mut ends: Vec<(Cut<'p>, NodeId)> = Vec::new();
        for rule in rules {
            if let Some(to) = rule.span.to.filter(|to| ends.last().is_none_or(|(last, _)| last != to)) {
                ends.push((to, walk));
            }
            walk = self.one(program, &rule.item, walk);
        }
        ends.reverse();
        (walk, ends)
    }

    fn range(&mut self, subject: ExprId, gathered: &Steps<'_>, unknown: NodeId) -> NodeId {
        let step = |(cut, next): &(Cut<'_>, NodeId)| Step { bound: cut.bound, edge: cut.edge, next: *next };
        let steps: Vec<Step> = gathered.steps.iter().map(step).collect();
        let below = gathered.below;
        self.node(Key::Range(subject, steps.clone(), [below, unknown]), || Node::Range { subject, below, steps, unknown })
    }
}
