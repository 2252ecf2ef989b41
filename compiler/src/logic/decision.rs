//! What decides a call: the rules that it meets, reduced to their effects, and the rows of the decision table as formulas.

use super::formula::Formula;
use super::linear::Linear;
use super::rational::Rational;
use super::translate::{History, PastCall, Translator};
use super::value::{Datum, Symbolic, Truth};
use super::variable::{Numbers, Place, Root, Sort};
use crate::typed::{
    Approver, ApproverKind, Expr, ExprKind, Limit, LimitElse, Measure, Rule, RuleKind, RunFact, Type, VerbId, Window,
};
use agentc_runtime::program::Effect;

/// A rule that a call meets, and when it fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTruth {
    /// Index into the job's rules.
    pub rule: u32,
    /// What it does.
    pub effect: Effect,
    /// Of the whole job, judged before everything else (row 4).
    pub of_the_job: bool,
    /// When it fires.
    pub truth: Truth,
}

/// What becomes of a call, as formulas: exactly one of the last five is true of each call of an open run that is not paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The rules it meets, in source order, shadow rules left out.
    pub rules: Vec<RuleTruth>,
    /// The run escalates or pauses (rows 4 and 6).
    pub stopped: Formula,
    /// It is denied (row 5).
    pub denied: Formula,
    /// Some rule is unknown: it needs data, or is denied or escalated for want of it (rows 7 to 9).
    pub unknown: Formula,
    /// People are asked (row 10).
    pub asked: Formula,
    /// It is allowed at once (row 11).
    pub allowed: Formula,
}

impl Decision {
    /// It is allowed, at once or when everybody who is asked approves.
    pub fn permitted(&self, space: &mut super::Space) -> Formula {
        space.either(self.allowed, self.asked)
    }
}

/// What a limit says of a call.
struct Counted {
    /// It goes beyond the bound.
    beyond: Truth,
    /// It would take something away.
    negative: Formula,
    /// Whether that can be said.
    known: Formula,
}

impl Translator<'_> {
    /// The rules that a call of a verb meets, and what they make of it.
    pub fn decide(&mut self, verb: VerbId) -> Decision {
        let typed = self.typed;
        let Some(job) = typed.jobs.get(self.job.index()) else {
            return Decision {
                rules: Vec::new(),
                stopped: Formula::FALSE,
                denied: Formula::TRUE,
                unknown: Formula::FALSE,
                asked: Formula::FALSE,
                allowed: Formula::FALSE,
            };
        };
        let mut rules = Vec::new();
        let (mut negative, mut known) = (Vec::new(), Vec::new());
        let mut is_handover = false;
        for (at, rule) in (0_u32..).zip(&job.rules) {
            let of_the_job = is_of_the_job(rule);
            let counts = matches!(&rule.kind, RuleKind::Limit(_)) && !rule.verbs.is_empty() && rule.verbs.contains(&verb);
            if rule.shadow || !(of_the_job || rule.verbs.is_empty() || rule.verbs.contains(&verb)) {
                continue;
            }
            is_handover |= rule.kind == RuleKind::Escalate && rule.condition.is_none() && !rule.verbs.is_empty();
            let (truth, counted) = self.fires(rule);
            if let Some(counted) = counted.filter(|_| counts) {
                negative.push(counted.negative);
                known.push(counted.known);
            }
            rules.push(RuleTruth { rule: at, effect: effect_of(rule), of_the_job, truth });
        }
        known.push(self.compensation_known(verb));
        let asking: Vec<(u32, Formula)> =
            rules.iter().filter(|rule| rule.effect == Effect::Ask).map(|rule| (rule.rule, rule.truth.is_true)).collect();
        for (rule, fires) in asking {
            let identities = self.identities_known(rule);
            known.push(self.space.implies(fires, identities));
        }
        let negative = self.space.any(negative);
        let known = self.space.all(known);
        self.rows(rules, negative, known, is_handover)
    }

    fn rows(&mut self, rules: Vec<RuleTruth>, negative: Formula, known: Formula, is_handover: bool) -> Decision {
        let stops = |rule: &RuleTruth| matches!(rule.effect, Effect::Stop | Effect::Pause);
        let is_true = |rule: &RuleTruth| rule.truth.is_true;
        let space = &mut *self.space;
        let first = space.any(rules.iter().filter(|rule| stops(rule) && rule.of_the_job).map(is_true));
        let denies = space.any(rules.iter().filter(|rule| rule.effect == Effect::Deny).map(is_true));
        let allowing: Vec<&RuleTruth> = rules.iter().filter(|rule| rule.effect == Effect::Allow).collect();
        let allows = space.any(allowing.iter().map(|rule| rule.truth.is_true));
        let no_allow = if is_handover { Formula::FALSE } else { space.all(allowing.iter().map(|rule| rule.truth.is_false)) };
        let denied = space.any([denies, negative, no_allow]);
        let denied = space.both(!first, denied);
        let later = space.any(rules.iter().filter(|rule| stops(rule) && !rule.of_the_job).map(is_true));
        let later = space.all([later, !first, !denied]);
        let stopped = space.either(first, later);
        let mut settled = vec![known];
        for rule in rules.iter().filter(|rule| rule.effect != Effect::Allow) {
            settled.push(space.either(rule.truth.is_true, rule.truth.is_false));
        }
        if !is_handover {
            settled.push(allows);
        }
        let settled = space.all(settled);
        let open = space.all([!stopped, !denied]);
        let unknown = space.both(open, !settled);
        let asks = space.any(rules.iter().filter(|rule| rule.effect == Effect::Ask).map(is_true));
        let asked = space.all([open, settled, asks]);
        let rest = space.all([open, settled, !asks]);
        // Nothing permits a verb that is only handed over by: its own stop has decided before.
        let allowed = space.both(rest, allows);
        let never = space.both(rest, !allows);
        let denied = space.either(denied, never);
        Decision { rules, stopped, denied, unknown, asked, allowed }
    }

    /// When a rule fires.
    pub fn rule(&mut self, at: u32) -> Truth {
        let typed = self.typed;
        match typed.jobs.get(self.job.index()).and_then(|job| job.rules.get(at as usize)) {
            Some(rule) => self.fires(rule).0,
            None => Truth::known(Formula::FALSE),
        }
    }

    fn fires(&mut self, rule: &Rule) -> (Truth, Option<Counted>) {
        let own = match &rule.condition {
            Some(condition) => self.condition(condition),
            None => Truth::known(Formula::TRUE),
        };
        match &rule.kind {
            RuleKind::Allow { .. } | RuleKind::Never | RuleKind::Escalate | RuleKind::Gate(_) => (own, None),
            // The run would have escalated right after the last failure.
            RuleKind::OnFailure { .. } if rule.condition.is_none() && self.setting.history == History::Open => {
                (Truth::known(Formula::FALSE), None)
            }
            RuleKind::OnFailure { tries } => {
                let failed = Truth::known(self.failed_at_least(&rule.verbs, *tries));
                (self.space.and(&[own, failed]), None)
            }
            RuleKind::Require { verb, args, within, since_last } => {
                let met = self.required(*verb, args, *within, *since_last, rule.loc);
                (self.space.and(&[own, met.negated()]), None)
            }
            RuleKind::Limit(limit) => match &limit.measure {
                Measure::Value(value) => {
                    let (value, bound) = (self.value(value), self.value(&limit.bound));
                    let within = self.order(&value, &bound, !limit.strict);
                    (self.space.and(&[own, within.negated()]), None)
                }
                _ => {
                    let counted = self.counted(rule, limit, own);
                    (counted.beyond, Some(counted))
                }
            },
        }
    }

    /// What a counter says with the call being decided.
    fn counted(&mut self, rule: &Rule, limit: &Limit, own: Truth) -> Counted {
        let by: Vec<Symbolic> = limit.by.iter().map(|key| self.value(key)).collect();
        let bound = self.value(&limit.bound);
        let adds = match &limit.measure {
            Measure::Sum(value) | Measure::CountDistinct(value) => Some(self.value(value)),
            Measure::Count | Measure::Value(_) => None,
        };
        let mut operands: Vec<&Symbolic> = by.iter().chain([&bound]).collect();
        operands.extend(adds.as_ref());
        let (known, absent) = self.space.operands(&operands);
        let amount = match (&limit.measure, &adds) {
            (Measure::Sum(_), Some(adds)) => self.amount(Formula::TRUE, adds),
            (Measure::CountDistinct(_), _) => self.zero_or_one(rule),
            _ => Linear::constant(Rational::one()),
        };
        let before = self.before(rule, limit, &by);
        let total = before.plus(&amount);
        let bound = self.amount(Formula::TRUE, &bound);
        let room = total.minus(&bound);
        let beyond = if limit.strict { !self.space.below_zero(&room) } else { !self.space.at_most_zero(&room) };
        let takes = self.space.below_zero(&amount);
        let counting = self.space.both(own.is_true, known);
        let negative = self.space.both(counting, takes);
        let is_out = self.space.either(beyond, takes);
        let is_true = self.space.both(counting, is_out);
        let within = self.space.both(counting, !is_out);
        let is_false = self.space.either(own.is_false, within);
        let absent = self.space.both(own.is_true, absent);
        let is_absent = self.space.either(own.is_absent, absent);
        let beyond = Truth { is_true, is_false, is_absent };
        let known = self.space.either(is_true, is_false);
        Counted { beyond, negative, known }
    }

    /// What the counter holds before the call.
    fn before(&mut self, rule: &Rule, limit: &Limit, by: &[Symbolic]) -> Linear {
        let typed = self.typed;
        let calls = match self.setting.history.clone() {
            History::Calls(calls) => calls,
            History::Open => {
                // A limit of the whole run without anything else counts what `run.calls` counts.
                let is_plain = rule.verbs.is_empty() && rule.condition.is_none() && by.is_empty();
                if is_plain && limit.measure == Measure::Count && limit.window == Window::Run {
                    let place = Place::root(Root::Fact(RunFact::Calls));
                    let calls = self.space.variable_at(place, || Sort::Number(Box::new(counter(true))), None);
                    return Linear::variable(calls, Rational::one());
                }
                let job = typed.jobs.get(self.job.index()).map_or("", |job| job.name.as_str());
                let instance = self.space.instance(&format!("counter {job}.{}", rule.name), by.to_vec(), rule.loc);
                let whole = !matches!(&limit.measure, Measure::Sum(value) if value.ty != Type::Int);
                let variable = self.space.variable_at(
                    Place::root(Root::Instance(instance)),
                    || Sort::Number(Box::new(counter(whole))),
                    None,
                );
                let before = Linear::variable(variable, Rational::one());
                if !rule.shadow {
                    self.promise(limit, variable, &before);
                }
                return before;
            }
        };
        let mut total = Linear::constant(Rational::zero());
        let mut counted: Vec<(Formula, Symbolic)> = Vec::new();
        for call in calls.iter().filter(|call| rule.verbs.is_empty() || rule.verbs.contains(&call.verb)) {
            let (there, adds) = self.share(rule, limit, by, call, &calls);
            match &limit.measure {
                Measure::CountDistinct(_) => {
                    let mut is_new = vec![there];
                    for (before, known) in counted.clone() {
                        let equal = self.space.equal(&adds, &known, rule.loc).is_true;
                        let again = self.space.both(before, equal);
                        is_new.push(!again);
                    }
                    let is_new = self.space.all(is_new);
                    counted.push((there, adds));
                    let one = Symbolic::one(Datum::Number(Linear::constant(Rational::one())));
                    total = total.plus(&self.amount(is_new, &one));
                }
                _ => total = total.plus(&self.amount(there, &adds)),
            }
        }
        total
    }

    /// Whether an earlier call counts into the same counter, and what it added.
    fn share(&mut self, rule: &Rule, limit: &Limit, by: &[Symbolic], call: &PastCall, calls: &[PastCall]) -> (Formula, Symbolic) {
        let (own, keys, adds) = self.at_call(call, calls, |this| {
            let own = rule.condition.as_ref().map_or(Truth::known(Formula::TRUE), |condition| this.condition(condition));
            let keys: Vec<Symbolic> = limit.by.iter().map(|key| this.value(key)).collect();
            let adds = match &limit.measure {
                Measure::Sum(value) | Measure::CountDistinct(value) => this.value(value),
                _ => Symbolic::one(Datum::Number(Linear::constant(Rational::one()))),
            };
            (own, keys, adds)
        });
        let mut there = vec![own.is_true];
        for (one, other) in keys.iter().zip(by) {
            there.push(self.space.equal(one, other, rule.loc).is_true);
        }
        (self.space.all(there), adds)
    }

    /// Looks at the moment of an earlier call.
    pub(crate) fn at_call<T>(&mut self, call: &PastCall, calls: &[PastCall], look: impl FnOnce(&mut Self) -> T) -> T {
        let before: Vec<PastCall> = calls.iter().take_while(|earlier| earlier.call != call.call).cloned().collect();
        let setting = super::translate::Setting { call: call.call, history: History::Calls(before), ..self.setting.clone() };
        let old = std::mem::replace(&mut self.setting, setting);
        let lets = self.take_lets();
        let found = look(self);
        self.setting = old;
        self.put_lets(lets);
        found
    }

    /// Nothing was counted before; for a limit of the whole run, its bound is not reached.
    pub(crate) fn counter_is_empty(&mut self, at: u32) -> Formula {
        let typed = self.typed;
        let rule = typed.jobs.get(self.job.index()).and_then(|job| job.rules.get(at as usize));
        let Some((rule, limit)) = rule.and_then(|rule| match &rule.kind {
            RuleKind::Limit(limit) => Some((rule, limit)),
            _ => None,
        }) else {
            return Formula::TRUE;
        };
        if rule.verbs.is_empty() {
            return self.rule(at).is_false;
        }
        let by: Vec<Symbolic> = limit.by.iter().map(|key| self.value(key)).collect();
        let before = self.before(rule, limit, &by);
        self.space.is_zero(&before)
    }

    /// A limit that stops what goes beyond a constant bound never holds more.
    fn promise(&mut self, limit: &Limit, variable: super::VarId, before: &Linear) {
        let ExprKind::Const(value) = &limit.bound.kind else { return };
        let bound = self.constant(value, &limit.bound.ty);
        let [(Formula::TRUE, Datum::Number(bound))] = bound.cases.as_slice() else { return };
        if matches!(limit.otherwise, LimitElse::Gate(_)) {
            return;
        }
        let room = before.minus(bound);
        let within = if limit.strict { self.space.below_zero(&room) } else { self.space.at_most_zero(&room) };
        // A counter that was never used holds nothing, whatever the bound.
        let empty = self.space.is_zero(before);
        let within = self.space.either(within, empty);
        self.space.hold(vec![variable], within);
    }

    fn zero_or_one(&mut self, rule: &Rule) -> Linear {
        let job = self.typed.jobs.get(self.job.index()).map_or("", |job| job.name.as_str());
        let place = Place::root(Root::History(format!("a value new to {job}.{}", rule.name)));
        let numbers = Numbers {
            whole: true,
            unit: Rational::one(),
            low: Some(Rational::zero()),
            high: Some(Rational::one()),
            usual: Rational::one(),
        };
        let variable = self.space.variable_at(place, || Sort::Number(Box::new(numbers)), None);
        Linear::variable(variable, Rational::one())
    }

    /// What the compensation takes from now is known.
    fn compensation_known(&mut self, verb: VerbId) -> Formula {
        let typed = self.typed;
        let Some(undo) = typed.verbs.get(verb.index()).and_then(|verb| verb.undo.as_ref()) else { return Formula::TRUE };
        let mut frozen = Vec::new();
        for (_, value) in &undo.args {
            freeze(value, &mut frozen);
        }
        let mut known = Vec::new();
        for expr in frozen {
            let value = self.value(expr);
            known.push(value.known(self.space));
        }
        self.space.all(known)
    }

    /// The approvers of a gate, or of the gate that a limit names: all stages.
    pub(crate) fn approvers(&self, rule: u32) -> Vec<&[Approver]> {
        let Some(job) = self.typed.jobs.get(self.job.index()) else { return Vec::new() };
        let gate = match job.rules.get(rule as usize).map(|rule| &rule.kind) {
            Some(RuleKind::Gate(gate)) => Some(gate),
            Some(RuleKind::Limit(Limit { otherwise: LimitElse::Gate(at), .. })) => {
                match job.rules.get(*at as usize).map(|rule| &rule.kind) {
                    Some(RuleKind::Gate(gate)) => Some(gate),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some(gate) = gate else { return Vec::new() };
        std::iter::once(gate.approvers.as_slice()).chain(gate.then.iter().map(|(approvers, _)| approvers.as_slice())).collect()
    }

    fn identities_known(&mut self, rule: u32) -> Formula {
        let named: Vec<Expr> = self
            .approvers(rule)
            .into_iter()
            .flatten()
            .filter_map(|approver| match &approver.who {
                ApproverKind::Identity(expr) => Some(expr.clone()),
                ApproverKind::Role(_) | ApproverKind::User => None,
            })
            .collect();
        let mut known = Vec::new();
        for expr in &named {
            let value = self.value(expr);
            known.push(value.known(self.space));
        }
        self.space.all(known)
    }
}

/// The largest parts that need no result of the call.
fn freeze<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    if matches!(expr.kind, ExprKind::Const(_)) {
        return;
    }
    if !looks_back(expr) {
        into.push(expr);
        return;
    }
    for operand in expr.kind.operands() {
        freeze(operand, into);
    }
}

fn looks_back(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::PastResult | ExprKind::PastArg(_) | ExprKind::Local(_))
        || expr.kind.operands().into_iter().any(looks_back)
}

fn is_of_the_job(rule: &Rule) -> bool {
    matches!(effect_of(rule), Effect::Stop | Effect::Pause)
        && (rule.verbs.is_empty() || matches!(rule.kind, RuleKind::OnFailure { .. }))
}

/// The effect that a rule is short for.
#[must_use]
pub fn effect_of(rule: &Rule) -> Effect {
    match &rule.kind {
        RuleKind::Allow { .. } => Effect::Allow,
        RuleKind::Never | RuleKind::Require { .. } => Effect::Deny,
        RuleKind::Gate(_) => Effect::Ask,
        RuleKind::Escalate | RuleKind::OnFailure { .. } => Effect::Stop,
        RuleKind::Limit(limit) => match limit.otherwise {
            LimitElse::Escalate => Effect::Stop,
            LimitElse::Deny => Effect::Deny,
            LimitElse::Gate(_) => Effect::Ask,
            LimitElse::Pause => Effect::Pause,
        },
    }
}

fn counter(whole: bool) -> Numbers {
    let high = whole.then(|| Rational::whole(i128::from(i64::MAX)));
    Numbers { whole, unit: Rational::one(), low: Some(Rational::zero()), high, usual: Rational::zero() }
}
