//! Who must approve: whether one policy asks everybody whom another asks.

use crate::logic::{Decision, Formula, Space, Symbolic, Translator};
use crate::typed::{Approver, ApproverKind, Gate, LimitElse, Loc, RuleKind};
use agentc_runtime::program::Effect;

/// A gate that a call may meet, in terms that two policies share.
pub(super) struct GateTruth {
    fires: Formula,
    /// Whom it asks first, and whom then: each stage is a way to satisfy it.
    stages: Vec<Vec<Group>>,
    /// Whoever asked may approve.
    by_requester: bool,
}

struct Group {
    quorum: u32,
    who: Who,
}

enum Who {
    Role(String),
    User,
    Identity(Symbolic),
}

impl GateTruth {
    /// The gates that a decision may ask.
    pub(super) fn of(translator: &mut Translator<'_>, decision: &Decision) -> Vec<Self> {
        let typed = translator.policy();
        let rules = typed.jobs.get(translator.job().index()).map_or(&[][..], |job| job.rules.as_slice());
        let gate = |at: u32| match rules.get(at as usize).map(|rule| &rule.kind) {
            Some(RuleKind::Gate(gate)) => Some(gate),
            _ => None,
        };
        let mut gates = Vec::new();
        for met in decision.rules.iter().filter(|met| met.effect == Effect::Ask) {
            let asked: Option<&Gate> = match rules.get(met.rule as usize).map(|rule| &rule.kind) {
                Some(RuleKind::Limit(limit)) => match limit.otherwise {
                    LimitElse::Gate(at) => gate(at),
                    _ => None,
                },
                _ => gate(met.rule),
            };
            let Some(asked) = asked else { continue };
            let people = std::iter::once(&asked.approvers).chain(asked.then.iter().map(|(people, _)| people));
            let stages = people.map(|people| people.iter().map(|one| group(translator, one)).collect()).collect();
            gates.push(Self { fires: met.truth.is_true, stages, by_requester: asked.may_be_requester });
        }
        gates
    }
}

fn group(translator: &mut Translator<'_>, approver: &Approver) -> Group {
    let who = match &approver.who {
        ApproverKind::Role(role) => {
            Who::Role(translator.policy().roles.get(role.index()).map_or(String::new(), |role| role.name.clone()))
        }
        ApproverKind::User => Who::User,
        ApproverKind::Identity(id) => Who::Identity(translator.value(id)),
    };
    Group { quorum: approver.quorum, who }
}

/// Some gate that fires before is not made up for: whoever satisfies the gates that fire now need not have satisfied it.
pub(super) fn asked_of_fewer(space: &mut Space, before: &[GateTruth], now: &[GateTruth], loc: Loc) -> Formula {
    let mut lost = Vec::new();
    for gate in before {
        let kept = kept(space, gate, now, loc);
        lost.push(space.both(gate.fires, !kept));
    }
    space.any(lost)
}

/// Whoever satisfies the gates that fire now has satisfied this one.
fn kept(space: &mut Space, gate: &GateTruth, now: &[GateTruth], loc: Loc) -> Formula {
    let mut ways = Vec::new();
    for other in now.iter().filter(|other| gate.by_requester || !other.by_requester) {
        let mut every = vec![other.fires];
        for stage in &other.stages {
            let mut some = Vec::new();
            for way in &gate.stages {
                some.push(holds_all(space, way, stage, loc));
            }
            every.push(space.any(some));
        }
        ways.push(space.all(every));
    }
    // Several gates together may ask what one asked.
    if let [only] = gate.stages.as_slice() {
        let mut all = Vec::new();
        for group in only {
            let mut some = Vec::new();
            for other in now.iter().filter(|other| gate.by_requester || !other.by_requester) {
                let mut every = vec![other.fires];
                for stage in &other.stages {
                    every.push(holds(space, group, stage, loc));
                }
                some.push(space.all(every));
            }
            all.push(space.any(some));
        }
        ways.push(space.all(all));
    }
    space.any(ways)
}

fn holds_all(space: &mut Space, groups: &[Group], stage: &[Group], loc: Loc) -> Formula {
    let mut all = Vec::new();
    for group in groups {
        all.push(holds(space, group, stage, loc));
    }
    space.all(all)
}

/// The group is among those of a stage, in no smaller number.
fn holds(space: &mut Space, group: &Group, stage: &[Group], loc: Loc) -> Formula {
    let mut some = Vec::new();
    for other in stage.iter().filter(|other| other.quorum >= group.quorum) {
        some.push(match (&group.who, &other.who) {
            (Who::Role(one), Who::Role(other)) => Formula::constant(one == other),
            (Who::User, Who::User) => Formula::TRUE,
            (Who::Identity(one), Who::Identity(other)) => space.equal(one, other, loc).is_true,
            _ => Formula::FALSE,
        });
    }
    space.any(some)
}
