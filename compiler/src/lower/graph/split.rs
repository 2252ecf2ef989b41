//! Which rules are walked together: each asks its most selective question, the one that leaves the fewest rules to look at.

use super::demand::{self, Cut, Demand, Span};
use super::{Builder, Item};
use agentc_runtime::program::{ConstId, ExprId, Op, Program};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// From so many rules on, a question of their own is worth asking.
const GROUP_FROM: usize = 3;

/// A rule that is sure not to be met counts so much.
const SURE: usize = 1000;

/// Some rules of a walk, in the order of the first of each.
pub(super) enum Piece<'i, 'p> {
    /// One that is tested by itself.
    One(&'i Item<'p>),
    /// Several that ask one thing.
    Group(Group<'p>),
}

/// Rules that ask one thing, and what that is.
pub(super) enum Group<'p> {
    /// Which constant the operand equals.
    Points(ExprId, Vec<Claim<'p>>),
    /// Between which bounds it lies.
    Spans(ExprId, Vec<Claim<'p>>),
    /// Whether the condition is true.
    Truth(ExprId, Vec<Claim<'p>>),
}

/// What one rule demands of what its group asks.
#[derive(Debug)]
pub(super) struct Claim<'p> {
    /// Its index among the rules of the walk.
    pub(super) item: usize,
    /// The parts of its condition that are true exactly where it is met.
    pub(super) parts: Vec<ExprId>,
    pub(super) demand: Demand<'p>,
}

/// What rules can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Points(ExprId),
    Spans(ExprId),
    Truth(ExprId),
}

impl Builder {
    /// The rules of a walk, together with those that ask the same.
    pub(super) fn split<'i, 'p>(&mut self, program: &Program, items: &'i [Item<'p>]) -> Vec<Piece<'i, 'p>> {
        let mut questions: BTreeMap<Question, Vec<Claim<'p>>> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            for (question, claim) in claims(at, item) {
                questions.entry(question).or_default().push(claim);
            }
        }
        questions.retain(|_, claims| claims.len() >= GROUP_FROM);
        let worth =
            |(question, claims): (Question, Vec<Claim<'p>>)| (Reverse(self.worth(program, question, &claims)), question, claims);
        let mut asked: Vec<(Reverse<usize>, Question, Vec<Claim<'p>>)> = questions.into_iter().map(worth).collect();
        asked.sort_by_key(|(worth, question, _)| (*worth, *question));
        let mut free = vec![true; items.len()];
        let mut pieces: Vec<(usize, Piece<'i, 'p>)> = Vec::new();
        for (_, question, mut claims) in asked {
            claims.retain(|claim| free.get(claim.item).copied().unwrap_or_default());
            if claims.len() < GROUP_FROM {
                continue;
            }
            let first = claims.first().map_or(0, |claim| claim.item);
            for claim in &claims {
                if let Some(free) = free.get_mut(claim.item) {
                    *free = false;
                }
            }
            pieces.push((first, Piece::Group(group(question, claims))));
        }
        let alone = items.iter().enumerate().zip(&free).filter(|(_, free)| **free);
        pieces.extend(alone.map(|((at, item), _)| (at, Piece::One(item))));
        pieces.sort_by_key(|(at, _)| *at);
        pieces.into_iter().map(|(_, piece)| piece).collect()
    }

    /// How many rules a question leaves out, on average over its answers, in thousandths of a rule.
    fn worth(&mut self, program: &Program, question: Question, claims: &[Claim<'_>]) -> usize {
        let (subject, left_out) = match question {
            Question::Points(subject) => (subject, points_left_out(claims)),
            Question::Spans(subject) => (subject, spans_left_out(claims)),
            Question::Truth(condition) => (condition, claims.len().saturating_mul(SURE / 2)),
        };
        // A record may have to be asked for first, and then every rule that asks about it stays.
        if self.looks_up(program, subject) { left_out.saturating_mul(3) / 4 } else { left_out }
    }

    fn looks_up(&mut self, program: &Program, expr: ExprId) -> bool {
        if let Some(known) = self.looks_up.get(&expr) {
            return *known;
        }
        let looks_up = match program.exprs.get(expr.index()).map(|expr| &expr.op) {
            None => false,
            Some(Op::Lookup(..)) => true,
            Some(op) => {
                let mut operands = Vec::new();
                op.visit_own_operands(&mut |operand| operands.push(operand));
                operands.into_iter().any(|operand| self.looks_up(program, operand))
            }
        };
        self.looks_up.insert(expr, looks_up);
        looks_up
    }
}

fn group(question: Question, claims: Vec<Claim<'_>>) -> Group<'_> {
    match question {
        Question::Points(subject) => Group::Points(subject, claims),
        Question::Spans(subject) => Group::Spans(subject, claims),
        Question::Truth(condition) => Group::Truth(condition, claims),
    }
}

/// What a rule can ask. All its bounds on one operand are one question.
fn claims<'p>(at: usize, item: &Item<'p>) -> Vec<(Question, Claim<'p>)> {
    let mut found: Vec<(Question, Claim<'p>)> = Vec::new();
    for part in &item.parts {
        let parts = vec![part.condition];
        match &part.demand {
            None => {
                let demand = Demand::Points(Vec::new());
                found.push((Question::Truth(part.condition), Claim { item: at, parts, demand }));
            }
            Some((subject, Demand::Points(constants))) => {
                let question = Question::Points(*subject);
                // Of two lists for one operand the second is tested.
                if item.may_stand(constants.len()) && found.iter().all(|(known, _)| *known != question) {
                    found.push((question, Claim { item: at, parts, demand: Demand::Points(constants.clone()) }));
                }
            }
            Some((subject, Demand::Spans(spans))) => {
                let question = Question::Spans(*subject);
                let before = found.iter_mut().find(|(known, _)| *known == question);
                if let Some((_, Claim { parts, demand: Demand::Spans(before), .. })) = before {
                    *before = demand::both(before, spans);
                    parts.push(part.condition);
                } else {
                    found.push((question, Claim { item: at, parts, demand: Demand::Spans(spans.clone()) }));
                }
            }
        }
    }
    found
}

fn points_left_out(claims: &[Claim<'_>]) -> usize {
    let demanded = claims.iter().filter_map(|claim| match &claim.demand {
        Demand::Points(constants) => Some(constants),
        Demand::Spans(_) => None,
    });
    let distinct: BTreeSet<ConstId> = demanded.clone().flatten().copied().collect();
    // One answer more: another value than all of them.
    let answers = distinct.len().saturating_add(1);
    demanded.map(|constants| share(answers.saturating_sub(constants.len()), answers)).sum()
}

fn spans_left_out(claims: &[Claim<'_>]) -> usize {
    let cuts = cuts(claims);
    let stretches = cuts.len().saturating_add(1);
    let covered = |claim: &Claim<'_>| covered(&cuts, claim).iter().map(|(from, to)| to.saturating_sub(*from)).sum::<usize>();
    claims.iter().map(|claim| share(stretches.saturating_sub(covered(claim)), stretches)).sum()
}

fn share(part: usize, whole: usize) -> usize {
    part.saturating_mul(SURE).checked_div(whole).unwrap_or(0)
}

/// Every bound of these claims, in ascending order.
pub(super) fn cuts<'p>(claims: &[Claim<'p>]) -> Vec<Cut<'p>> {
    let spans = claims.iter().flat_map(|claim| spans(claim));
    let mut cuts: Vec<Cut<'p>> = spans.flat_map(|span| [span.from, span.to]).flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// The stretches between cuts that a claim covers, the one below the first cut being 0: from each to before the other.
pub(super) fn covered(cuts: &[Cut<'_>], claim: &Claim<'_>) -> Vec<(usize, usize)> {
    let reached = |cut: Cut<'_>| cuts.partition_point(|known| *known <= cut);
    let end = cuts.len().saturating_add(1);
    spans(claim).iter().map(|span| (span.from.map_or(0, reached), span.to.map_or(end, reached))).collect()
}

/// The spans of a claim.
pub(super) fn spans<'c, 'p>(claim: &'c Claim<'p>) -> &'c [Span<'p>] {
    match &claim.demand {
        Demand::Spans(spans) => spans,
        Demand::Points(_) => &[],
    }
}
