//! Rules: everything becomes one of four effects with a condition.

use super::{Lowering, index};
use crate::typed::{self, LimitElse, RuleKind};
use agentc_runtime::program::{
    self as ir, Approver, ApproverKind, Comparison, Effect, Expr, Gate, GateId, Handoff, Limit, LimitId, Op, Program, Rule,
    RuleId, Show, Shows, Stage, VerbId,
};
use std::collections::BTreeMap;

/// The rules of a job, for choosing those of a verb.
pub(super) struct JobRules {
    first: usize,
    last: usize,
    /// The rules that name each verb, in source order.
    of_verbs: BTreeMap<VerbId, Vec<RuleId>>,
    /// The rules that name none.
    of_all: Vec<RuleId>,
}

/// The rules that a call of a verb meets, by effect, in source order.
#[derive(Default)]
pub(super) struct VerbRules {
    pub(super) denies: Vec<RuleId>,
    pub(super) allows: Vec<RuleId>,
    pub(super) stops: Vec<RuleId>,
    pub(super) asks: Vec<RuleId>,
    pub(super) shadows: Vec<RuleId>,
    pub(super) limits: Vec<LimitId>,
    pub(super) is_handover: bool,
}

impl JobRules {
    fn new(program: &Program, first: usize) -> Self {
        let mut rules = Self { first, last: program.rules.len(), of_verbs: BTreeMap::new(), of_all: Vec::new() };
        let verbs: Vec<(RuleId, &[VerbId])> = rules.rules(program).map(|(id, rule)| (id, rule.verbs.as_slice())).collect();
        for (id, verbs) in verbs {
            if verbs.is_empty() {
                rules.of_all.push(id);
            }
            for verb in verbs {
                rules.of_verbs.entry(*verb).or_default().push(id);
            }
        }
        rules
    }

    /// The rules that a call of this verb meets, in source order.
    fn met_by(&self, verb: VerbId) -> Vec<RuleId> {
        let named = self.of_verbs.get(&verb).map_or(&[][..], Vec::as_slice);
        let mut met: Vec<RuleId> = named.iter().chain(&self.of_all).copied().collect();
        met.sort_unstable();
        met
    }

    fn rules<'p>(&self, program: &'p Program) -> impl Iterator<Item = (RuleId, &'p Rule)> {
        program
            .rules
            .get(self.first..self.last)
            .unwrap_or_default()
            .iter()
            .zip(self.first..)
            .map(|(rule, at)| (RuleId(index(at)), rule))
    }

    /// The stop rules without verbs, and those on failures, which are judged whatever is called.
    pub(super) fn stops_of_the_job(&self, program: &Program) -> Vec<RuleId> {
        self.rules(program).filter(|(_, rule)| !rule.shadow && of_the_job(rule)).map(|(id, _)| id).collect()
    }

    /// The rules that a call of this verb meets.
    pub(super) fn of_verb(&self, program: &Program, verb: VerbId) -> VerbRules {
        let mut chosen = VerbRules::default();
        let met = self.met_by(verb).into_iter().filter_map(|id| Some((id, program.rules.get(id.index())?)));
        for (id, rule) in met {
            if let ir::RuleKind::Limit(limit, _) = rule.kind
                && !rule.verbs.is_empty()
            {
                chosen.limits.push(limit);
            }
            if rule.shadow {
                chosen.shadows.push(id);
                continue;
            }
            match rule.effect {
                Effect::Stop | Effect::Pause if of_the_job(rule) => {}
                Effect::Stop | Effect::Pause => {
                    chosen.is_handover |= rule.kind == ir::RuleKind::Escalate && rule.condition.is_none();
                    chosen.stops.push(id);
                }
                Effect::Deny => chosen.denies.push(id),
                Effect::Ask => chosen.asks.push(id),
                Effect::Allow => chosen.allows.push(id),
            }
        }
        chosen
    }
}

fn of_the_job(rule: &Rule) -> bool {
    matches!(rule.effect, Effect::Stop | Effect::Pause) && (rule.verbs.is_empty() || rule.kind == ir::RuleKind::OnFailure)
}

impl Lowering<'_> {
    /// The index that the next rule gets.
    pub(super) fn next_rule(&self) -> u32 {
        index(self.program.rules.len())
    }

    /// Lowers the rules of a job, in source order.
    pub(super) fn job_rules(&mut self, job: &typed::Job) -> JobRules {
        let first = self.program.rules.len();
        // Gates are numbered first: a limit may name one that stands after it.
        let mut next_gate = self.program.gates.len();
        let gates: Vec<Option<GateId>> = job
            .rules
            .iter()
            .map(|rule| {
                matches!(rule.kind, RuleKind::Gate(_)).then(|| {
                    let id = GateId(index(next_gate));
                    next_gate = next_gate.saturating_add(1);
                    id
                })
            })
            .collect();
        for rule in &job.rules {
            self.rule(rule, &gates);
        }
        JobRules::new(&self.program, first)
    }

    fn rule(&mut self, rule: &typed::Rule, gates: &[Option<GateId>]) {
        let id = RuleId(self.next_rule());
        let own = rule.condition.as_ref().map(|condition| self.expr(condition));
        let mut shows = None;
        let (effect, kind, condition) = match &rule.kind {
            RuleKind::Allow { rows, hiding, .. } => {
                if rows.is_some() || !hiding.is_empty() {
                    let rows = rows.as_ref().map(|(row, condition)| (self.bound(*row), self.expr(condition)));
                    shows = Some(Shows { rows, hiding: hiding.clone() });
                }
                (Effect::Allow, ir::RuleKind::Allow, own)
            }
            RuleKind::Never => (Effect::Deny, ir::RuleKind::Never, own),
            RuleKind::Escalate => (Effect::Stop, ir::RuleKind::Escalate, own),
            RuleKind::Gate(gate) => {
                let gate = self.gate(id, rule, gate);
                (Effect::Ask, ir::RuleKind::Gate(gate), own)
            }
            RuleKind::OnFailure { tries } => {
                let failures = self.integer(Op::Failures(verbs(&rule.verbs)));
                let tries = self.constant(&agentc_runtime::value::Value::Int(i64::from(*tries)), &typed::Type::Int);
                let reached = self.condition(Op::Compare(Comparison::GreaterEqual, failures, tries));
                (Effect::Stop, ir::RuleKind::OnFailure, Some(self.both(own, reached)))
            }
            RuleKind::Require { verb, args, within, since_last } => {
                let args = args.iter().map(|(param, value)| (*param, self.whole(value))).collect();
                let required = Op::Required {
                    verb: VerbId(verb.0),
                    args,
                    within: *within,
                    since_last: since_last.map(|verb| VerbId(verb.0)),
                };
                let met = self.condition(required);
                let missing = self.condition(Op::Not(met));
                (Effect::Deny, ir::RuleKind::Require, Some(self.both(own, missing)))
            }
            RuleKind::Limit(limit) => self.limit(id, limit, own, gates),
        };
        let lowered = Rule {
            name: rule.name.clone(),
            effect,
            kind,
            verbs: verbs(&rule.verbs),
            condition,
            because: rule.because.clone(),
            shadow: rule.shadow,
            place: self.place(rule.loc),
            operands: self.operands_of(rule),
            shows,
        };
        self.program.rules.push(lowered);
    }

    fn bound(&mut self, local: typed::LocalId) -> ir::LocalId {
        self.program.locals = self.program.locals.max(local.0.saturating_add(1));
        ir::LocalId(local.0)
    }

    fn integer(&mut self, op: Op) -> ir::ExprId {
        let ty = self.ty(&typed::Type::Int);
        self.push(Expr { op, ty, scoped: false, secret: false }, &[])
    }

    fn both(&mut self, own: Option<ir::ExprId>, other: ir::ExprId) -> ir::ExprId {
        match own {
            Some(own) => self.condition(Op::And(vec![own, other])),
            None => other,
        }
    }

    fn limit(
        &mut self,
        rule: RuleId,
        limit: &typed::Limit,
        own: Option<ir::ExprId>,
        gates: &[Option<GateId>],
    ) -> (Effect, ir::RuleKind, Option<ir::ExprId>) {
        let (effect, gate) = match limit.otherwise {
            LimitElse::Escalate => (Effect::Stop, None),
            LimitElse::Deny => (Effect::Deny, None),
            LimitElse::Pause => (Effect::Pause, None),
            LimitElse::Gate(at) => (Effect::Ask, gates.get(at as usize).copied().flatten()),
        };
        let bound = self.expr(&limit.bound);
        let measure = match &limit.measure {
            typed::Measure::Count => ir::Measure::Count,
            typed::Measure::CountDistinct(value) => ir::Measure::Distinct(self.whole(value)),
            typed::Measure::Sum(value) => ir::Measure::Sum(self.expr(value)),
            typed::Measure::Value(value) => {
                let value = self.expr(value);
                let beyond = if limit.strict { Comparison::GreaterEqual } else { Comparison::Greater };
                let beyond = self.condition(Op::Compare(beyond, value, bound));
                return (effect, ir::RuleKind::ValueLimit(gate), Some(self.both(own, beyond)));
            }
        };
        let window = match &limit.window {
            typed::Window::Run => ir::Window::Run,
            typed::Window::Hour => ir::Window::Hour,
            typed::Window::Day(zone) => {
                self.zones.name(zone);
                ir::Window::Day(zone.clone())
            }
            typed::Window::Last(nanoseconds) => ir::Window::Last(*nanoseconds),
        };
        let by = limit.by.iter().map(|key| self.whole(key)).collect();
        let id = LimitId(index(self.program.limits.len()));
        self.program.limits.push(Limit {
            rule,
            measure,
            strict: limit.strict,
            bound,
            window,
            by,
            when: own,
            capacity: limit.capacity,
        });
        let exceeds = self.condition(Op::WouldExceed(id));
        (effect, ir::RuleKind::Limit(id, gate), Some(exceeds))
    }

    fn gate(&mut self, id: RuleId, rule: &typed::Rule, gate: &typed::Gate) -> GateId {
        let mut stages = vec![Stage { approvers: self.approvers(&gate.approvers), expires: gate.expires }];
        for (approvers, expires) in &gate.then {
            stages.push(Stage { approvers: self.approvers(approvers), expires: *expires });
        }
        let lowered = Gate {
            rule: id,
            stages,
            escalates: gate.otherwise == typed::ExpiredThen::Escalate,
            may_be_requester: gate.may_be_requester,
            show: self.shows(&gate.show),
            binds: self.bound_values(rule, gate),
        };
        let gate = GateId(index(self.program.gates.len()));
        self.program.gates.push(lowered);
        gate
    }

    /// Groups of people.
    pub(super) fn approvers(&mut self, approvers: &[typed::Approver]) -> Vec<Approver> {
        approvers
            .iter()
            .map(|approver| Approver {
                quorum: approver.quorum,
                who: match &approver.who {
                    typed::ApproverKind::Role(role) => ApproverKind::Role(role.0),
                    typed::ApproverKind::User => ApproverKind::User,
                    typed::ApproverKind::Identity(identity) => ApproverKind::Identity(self.expr(identity)),
                },
            })
            .collect()
    }

    fn shows(&mut self, shows: &[typed::Show]) -> Vec<Show> {
        shows
            .iter()
            .map(|show| match show {
                typed::Show::Trace => Show::Trace,
                typed::Show::Arguments => Show::Arguments,
                typed::Show::Value(label, value) => Show::Value(label.clone(), self.whole(value)),
            })
            .collect()
    }

    /// The handoff.
    pub(super) fn handoff(&mut self, handoff: &typed::Handoff) -> Handoff {
        Handoff { to: handoff.to.clone(), show: self.shows(&handoff.show), expect: handoff.expect.clone() }
    }
}

fn verbs(verbs: &[typed::VerbId]) -> Vec<VerbId> {
    verbs.iter().map(|verb| VerbId(verb.0)).collect()
}
