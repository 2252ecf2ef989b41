//! Which rules a call meets together with a rule: those of its verbs that do not ask the same operand for another constant.

use super::super::numbers::{Number, Numbers};
use crate::typed::{CompareOp, Expr, ExprKind, Job, LimitElse, Rule, RuleKind, VerbId};
use agentc_runtime::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// With more rules than so many, a rule is not compared.
const MOST: usize = 48;

/// The four effects, of the rules that are looked at here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    Allow,
    Deny,
    Stop,
    Ask,
}

/// The rules of a job by verb, effect and what they test.
pub(super) struct Meets {
    by: BTreeMap<(VerbId, Effect), Tested>,
    /// Stops of the whole job.
    pub(super) stops: Vec<usize>,
    /// What each rule needs some operand to equal.
    selectors: Vec<Option<Selector>>,
    /// Gates that limits ask, whatever their own condition says.
    pub(super) asked_by_limits: BTreeSet<usize>,
    /// Verbs with a stop without a condition: a way to hand over, which needs no `allow`.
    pub(super) handovers: BTreeSet<VerbId>,
}

/// Rules by the operand that they test for constants.
#[derive(Debug, Default)]
struct Tested {
    by_constant: BTreeMap<Number, BTreeMap<Value, Vec<usize>>>,
    others: Vec<usize>,
}

/// An operand and the constants one of which it must equal.
#[derive(Debug, Clone)]
struct Selector {
    operand: Number,
    constants: Vec<Value>,
}

impl Meets {
    /// The rules of a job, without those in `shadow`.
    pub(super) fn new(job: &Job, numbers: &mut Numbers<'_>) -> Self {
        let selectors: Vec<Option<Selector>> =
            job.rules.iter().map(|rule| rule.condition.as_ref().and_then(|condition| selector(condition, numbers))).collect();
        let mut meets = Self {
            by: BTreeMap::new(),
            stops: Vec::new(),
            selectors,
            asked_by_limits: job.rules.iter().filter_map(asked).collect(),
            handovers: BTreeSet::new(),
        };
        for (at, rule) in job.rules.iter().enumerate().filter(|(_, rule)| !rule.shadow) {
            let Some(effect) = effect(rule) else { continue };
            if rule.verbs.is_empty() && effect == Effect::Stop {
                meets.stops.push(at);
            }
            if effect == Effect::Stop && rule.condition.is_none() {
                meets.handovers.extend(&rule.verbs);
            }
            for verb in &rule.verbs {
                let tested = meets.by.entry((*verb, effect)).or_default();
                match meets.selectors.get(at).and_then(Option::as_ref) {
                    None => tested.others.push(at),
                    Some(selector) => {
                        let by_constant = tested.by_constant.entry(selector.operand).or_default();
                        for constant in &selector.constants {
                            by_constant.entry(constant.clone()).or_default().push(at);
                        }
                    }
                }
            }
        }
        meets
    }

    /// All rules of that effect that a call of the verb may meet where this rule holds, sorted; `None` where there are too many. What is
    /// left out asks an operand of this rule for another constant, so it is false there.
    pub(super) fn with(&self, rule: usize, verb: VerbId, effect: Effect) -> Option<Vec<usize>> {
        let Some(tested) = self.by.get(&(verb, effect)) else { return Some(Vec::new()) };
        let own = self.selectors.get(rule).and_then(Option::as_ref);
        let mut met: BTreeSet<usize> =
            tested.others.iter().copied().filter(|at| *at != rule).take(MOST.saturating_add(1)).collect();
        for (operand, by_constant) in &tested.by_constant {
            match own.filter(|own| own.operand == *operand) {
                Some(own) => {
                    met.extend(own.constants.iter().filter_map(|constant| by_constant.get(constant)).flatten().copied());
                }
                None => met.extend(by_constant.values().flatten().copied().take(MOST.saturating_add(2))),
            }
            met.remove(&rule);
            if met.len() > MOST {
                return None;
            }
        }
        (met.len() <= MOST).then(|| met.into_iter().collect())
    }

    /// Whether some rule allows the verb.
    pub(super) fn allows(&self, verb: VerbId) -> bool {
        self.by.contains_key(&(verb, Effect::Allow))
    }

    /// Some rules of that effect that may hold wherever this rule does, sorted.
    pub(super) fn some_with(&self, rule: usize, verb: VerbId, effect: Effect) -> Vec<usize> {
        let Some(tested) = self.by.get(&(verb, effect)) else { return Vec::new() };
        let own = self.selectors.get(rule).and_then(Option::as_ref);
        let equal = own.and_then(|own| {
            let by_constant = tested.by_constant.get(&own.operand)?;
            by_constant.get(own.constants.first()?)
        });
        let near = equal.into_iter().flatten().take(MOST);
        let mut met: Vec<usize> = near.chain(tested.others.iter().take(MOST)).copied().filter(|at| *at != rule).collect();
        met.sort_unstable();
        met
    }
}

/// The effect of a rule whose condition alone says when it fires.
fn effect(rule: &Rule) -> Option<Effect> {
    match rule.kind {
        RuleKind::Allow { .. } => Some(Effect::Allow),
        RuleKind::Never => Some(Effect::Deny),
        RuleKind::Escalate => Some(Effect::Stop),
        RuleKind::Gate(_) => Some(Effect::Ask),
        RuleKind::OnFailure { .. } | RuleKind::Require { .. } | RuleKind::Limit(_) => None,
    }
}

fn asked(rule: &Rule) -> Option<usize> {
    match &rule.kind {
        RuleKind::Limit(limit) => match limit.otherwise {
            LimitElse::Gate(gate) => Some(gate as usize),
            LimitElse::Escalate | LimitElse::Deny | LimitElse::Pause => None,
        },
        _ => None,
    }
}

/// What a condition needs some operand to equal, if it is such a comparison or a conjunction that holds one.
fn selector(condition: &Expr, numbers: &mut Numbers<'_>) -> Option<Selector> {
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().find_map(|part| selector(part, numbers)),
        ExprKind::Compare(CompareOp::Equal, left, right) => match (constant(left), constant(right)) {
            (None, Some(value)) => Some(Selector { operand: numbers.of(left), constants: vec![value] }),
            (Some(value), None) => Some(Selector { operand: numbers.of(right), constants: vec![value] }),
            _ => None,
        },
        ExprKind::In(item, list) if constant(item).is_none() => match &list.kind {
            ExprKind::List(members) => {
                let constants = members.iter().map(constant).collect::<Option<Vec<_>>>()?;
                Some(Selector { operand: numbers.of(item), constants })
            }
            _ => None,
        },
        _ => None,
    }
}

fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Const(value) => Some(value.clone()),
        ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => constant(inner),
        _ => None,
    }
}

/// What a rule is called.
pub(super) fn sort(rule: &Rule) -> &'static str {
    match rule.kind {
        RuleKind::Allow { .. } => "allow",
        RuleKind::Never => "never",
        RuleKind::Gate(_) => "gate",
        RuleKind::Escalate => "escalation",
        RuleKind::OnFailure { .. } => "rule on failures",
        RuleKind::Require { .. } => "requirement",
        RuleKind::Limit(_) => "limit",
    }
}
