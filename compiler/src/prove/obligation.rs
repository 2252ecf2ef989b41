//! What must not happen, as a formula: one for each form of statement and each verb.

use crate::logic::{Decision, Formula, PastCall, RuleTruth, Space, Translator, Truth};
use crate::typed::{
    Approver, ApproverKind, Expr, ExprKind, Job, Limit, Loc, Measure, Property, PropertyKind, Rule, RuleKind, Typed, VerbId,
};
use agentc_runtime::program::Effect;
use std::collections::BTreeSet;

/// What must not happen to a call of one verb.
#[derive(Debug, Clone, Copy)]
pub(super) struct Obligation {
    /// A call for which this is true shows that the statement does not hold.
    pub(super) violated: Formula,
    /// What would be blamed where nothing better is found.
    pub(super) loc: Loc,
    /// What the runtime must show to confirm it.
    pub(super) shows: Shows,
}

/// What a confirmed run shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// The call is allowed, at once where `approved` is false.
    Allowed {
        /// With approvals or without.
        approved: bool,
    },
    /// The call is not allowed at once.
    NotAllowed,
    /// The call is allowed although this rule, a limit, fires.
    Beyond(u32),
}

impl Obligation {
    /// The obligation of a statement for a verb; `None` where nothing must be shown.
    pub(super) fn new(translator: &mut Translator<'_>, property: &Property, verb: VerbId) -> Option<Self> {
        let loc = property.loc;
        let condition = condition(property);
        let truth = condition.map_or(Truth::known(Formula::TRUE), |condition| translator.condition(condition));
        let loc = condition.map_or(loc, |condition| condition.loc);
        let decision = translator.decide(verb);
        let permitted = decision.permitted(translator.space);
        let (bad, shows) = match &property.kind {
            PropertyKind::NeverAllow { unless_approved: true, .. } => (decision.allowed, Shows::Allowed { approved: false }),
            PropertyKind::NeverAllow { unless_approved: false, .. } => (permitted, Shows::Allowed { approved: true }),
            PropertyKind::NeedsApproval { by, .. } => {
                let without = without_approval(translator, &decision, by);
                (translator.space.both(permitted, without), Shows::Allowed { approved: true })
            }
            PropertyKind::EveryWrite { gated, denied, undoable, .. } => {
                let reversible = translator.policy().verbs.get(verb.index()).is_some_and(|verb| verb.undo.is_some());
                if *undoable && reversible {
                    return None;
                }
                match (gated, denied) {
                    (true, _) => (decision.allowed, Shows::Allowed { approved: false }),
                    (false, _) => (permitted, Shows::Allowed { approved: true }),
                }
            }
            PropertyKind::AlwaysAllow { .. } => {
                let given = given(translator, property, &decision);
                (translator.space.both(given, !decision.allowed), Shows::NotAllowed)
            }
            PropertyKind::LimitHolds(rule) => {
                let beyond = translator.rule(*rule).is_true;
                (translator.space.both(permitted, beyond), Shows::Beyond(*rule))
            }
        };
        let violated = translator.space.both(truth.is_true, bad);
        Some(Self { violated, loc, shows })
    }
}

/// The condition that a statement speaks of.
pub(super) fn condition(property: &Property) -> Option<&Expr> {
    match &property.kind {
        PropertyKind::NeverAllow { condition, .. }
        | PropertyKind::AlwaysAllow { condition, .. }
        | PropertyKind::NeedsApproval { condition, .. } => condition.as_ref(),
        PropertyKind::EveryWrite { .. } | PropertyKind::LimitHolds(_) => None,
    }
}

/// The verbs that a statement speaks of.
pub(super) fn verbs(typed: &Typed, property: &Property) -> Vec<VerbId> {
    match &property.kind {
        PropertyKind::NeverAllow { verbs, .. }
        | PropertyKind::AlwaysAllow { verbs, .. }
        | PropertyKind::NeedsApproval { verbs, .. }
        | PropertyKind::EveryWrite { verbs, .. } => verbs.clone(),
        PropertyKind::LimitHolds(rule) => {
            let job = typed.jobs.get(property.job.index());
            let named = job.and_then(|job| job.rules.get(*rule as usize)).map(|rule| rule.verbs.clone()).unwrap_or_default();
            if !named.is_empty() {
                return named;
            }
            let allowed: BTreeSet<VerbId> = job
                .into_iter()
                .flat_map(|job| &job.rules)
                .filter(|rule| matches!(rule.kind, RuleKind::Allow { .. }))
                .flat_map(|rule| rule.verbs.iter().copied())
                .collect();
            allowed.into_iter().collect()
        }
    }
}

/// No gate that fires asks these people: some group of them is in none.
fn without_approval(translator: &mut Translator<'_>, decision: &Decision, by: &[Approver]) -> Formula {
    let mut missing = Vec::new();
    for group in by {
        let mut asked = Vec::new();
        for rule in decision.rules.iter().filter(|rule| rule.effect == Effect::Ask) {
            let in_every_stage = asks(translator, rule, group);
            asked.push(translator.space.both(rule.truth.is_true, in_every_stage));
        }
        let asked = translator.space.any(asked);
        missing.push(!asked);
    }
    translator.space.any(missing)
}

/// Whoever approves a gate, at whatever stage, this group is among them.
fn asks(translator: &mut Translator<'_>, rule: &RuleTruth, group: &Approver) -> Formula {
    let stages: Vec<Vec<Approver>> = translator.approvers(rule.rule).into_iter().map(<[Approver]>::to_vec).collect();
    if stages.is_empty() {
        return Formula::FALSE;
    }
    let mut every = Vec::new();
    for stage in &stages {
        let mut some = Vec::new();
        for approver in stage.iter().filter(|approver| approver.quorum >= group.quorum) {
            some.push(match (&approver.who, &group.who) {
                (ApproverKind::Role(one), ApproverKind::Role(other)) => Formula::constant(one == other),
                (ApproverKind::User, ApproverKind::User) => Formula::TRUE,
                (ApproverKind::Identity(one), ApproverKind::Identity(other)) => {
                    let (one, other) = (translator.value(one), translator.value(other));
                    translator.space.equal(&one, &other, group.loc).is_true
                }
                _ => Formula::FALSE,
            });
        }
        every.push(translator.space.any(some));
    }
    translator.space.all(every)
}

/// What `always allow` takes for granted: records answered, required calls made, no limit reached.
fn given(translator: &mut Translator<'_>, property: &Property, decision: &Decision) -> Formula {
    let typed = translator.policy();
    let mut given = Vec::new();
    let asked = condition(property).map(|condition| settled_lookups(translator, condition)).unwrap_or_default();
    given.push(translator.space.all_readings_held(&asked));
    let rules = typed.jobs.get(property.job.index()).map_or(&[][..], |job| job.rules.as_slice());
    for met in &decision.rules {
        match rules.get(met.rule as usize).map(|rule| &rule.kind) {
            Some(RuleKind::Require { .. }) => given.push(met.truth.is_false),
            Some(RuleKind::Limit(limit)) => match &limit.measure {
                Measure::Value(value) if is_of_the_run(value) => given.push(met.truth.is_false),
                Measure::Value(_) => {}
                _ => given.push(translator.counter_is_empty(met.rule)),
            },
            _ => {}
        }
    }
    translator.space.all(given)
}

/// It reads only what the run itself has used up so far.
fn is_of_the_run(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Run(_) | ExprKind::Const(_))
        || (!expr.kind.operands().is_empty() && expr.kind.operands().into_iter().all(is_of_the_run))
}

/// The lookups of which the condition itself asks whether they are absent: those may be.
fn settled_lookups(translator: &mut Translator<'_>, condition: &Expr) -> Vec<Formula> {
    let mut found = Vec::new();
    let mut queue: Vec<(&Expr, bool)> = vec![(condition, false)];
    while let Some((expr, settled)) = queue.pop() {
        match &expr.kind {
            ExprKind::Lookup(..) if settled => found.push(translator.value(expr).absence()),
            ExprKind::Coalesce(first, second) => {
                queue.push((first, true));
                queue.push((second, settled));
                continue;
            }
            ExprKind::IsAbsent(inner) => {
                queue.push((inner, true));
                continue;
            }
            _ => {}
        }
        queue.extend(expr.kind.operands().into_iter().map(|operand| (operand, settled)));
    }
    found
}

/// These earlier calls can have been made: each was allowed when it was, one after the other, and the run went on.
pub(crate) fn history_is_possible(translator: &mut Translator<'_>, calls: &[PastCall]) -> Formula {
    let mut parts = Vec::new();
    let mut times = Vec::new();
    for call in calls {
        let (permitted, time) = translator.at_call(call, calls, |this| {
            let decision = this.decide(call.verb);
            (decision.permitted(this.space), this.now())
        });
        parts.push(permitted);
        times.push(time);
    }
    times.push(translator.now());
    for pair in times.windows(2) {
        if let [earlier, later] = pair {
            parts.push(translator.order(earlier, later, true).is_true);
        }
    }
    translator.space.all(parts)
}

/// The verbs that history and counters speak of, in rules that this verb meets and in the condition.
pub(crate) fn verbs_of_history(typed: &Typed, property: &Property, verb: VerbId) -> Vec<VerbId> {
    let Some(job) = typed.jobs.get(property.job.index()) else { return Vec::new() };
    let mut found = BTreeSet::new();
    for rule in &job.rules {
        match &rule.kind {
            RuleKind::OnFailure { .. } => found.extend(rule.verbs.iter().copied()),
            RuleKind::Require { verb, since_last, .. } => {
                found.insert(*verb);
                found.extend(*since_last);
            }
            RuleKind::Limit(limit) if rule.verbs.contains(&verb) && counts(limit) => found.extend(rule.verbs.iter().copied()),
            _ => {}
        }
        each_expr(rule, &mut |expr| history_verbs(typed, expr, &mut found));
    }
    if let Some(condition) = condition(property) {
        history_verbs(typed, condition, &mut found);
    }
    let can_happen =
        |verb: &VerbId| job.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Allow { .. }) && rule.verbs.contains(verb));
    let mut verbs: Vec<VerbId> = found.into_iter().filter(can_happen).collect();
    if verbs.is_empty() && speaks_of_the_run(job, property) {
        verbs.extend(can_happen(&verb).then_some(verb));
    }
    verbs
}

fn counts(limit: &Limit) -> bool {
    !matches!(limit.measure, Measure::Value(_))
}

fn speaks_of_the_run(job: &Job, property: &Property) -> bool {
    let mut speaks = false;
    let mut look = |expr: &Expr| {
        let mut queue = vec![expr];
        while let Some(expr) = queue.pop() {
            speaks |= matches!(expr.kind, ExprKind::Run(_));
            queue.extend(expr.kind.operands());
        }
    };
    job.rules.iter().for_each(|rule| each_expr(rule, &mut look));
    condition(property).into_iter().for_each(&mut look);
    speaks || job.rules.iter().any(|rule| rule.verbs.is_empty() && matches!(&rule.kind, RuleKind::Limit(limit) if counts(limit)))
}

fn each_expr(rule: &Rule, visit: &mut dyn FnMut(&Expr)) {
    rule.condition.iter().for_each(&mut *visit);
    if let RuleKind::Limit(limit) = &rule.kind {
        visit(&limit.bound);
        limit.by.iter().for_each(&mut *visit);
        if let Measure::Value(value) | Measure::Sum(value) | Measure::CountDistinct(value) = &limit.measure {
            visit(value);
        }
    }
}

fn history_verbs(typed: &Typed, expr: &Expr, found: &mut BTreeSet<VerbId>) {
    let mut queue = vec![expr];
    let mut steps: u32 = 10_000;
    while let Some(expr) = queue.pop() {
        steps = steps.saturating_sub(1);
        if steps == 0 {
            return;
        }
        match &expr.kind {
            ExprKind::History(_, verbs, _) | ExprKind::Last(verbs, _, _) => found.extend(verbs.iter().copied()),
            ExprKind::Let(id) => queue.extend(typed.lets.get(id.index()).map(|named| &named.value)),
            _ => {}
        }
        queue.extend(expr.kind.operands());
    }
}

/// The first expression or rule that speaks of earlier calls.
pub(crate) fn history_in_the_way(typed: &Typed, property: &Property) -> Option<Loc> {
    let job = typed.jobs.get(property.job.index())?;
    let mut found = None;
    let mut look = |expr: &Expr| {
        let mut queue = vec![expr];
        while let Some(expr) = queue.pop() {
            if found.is_none() && matches!(expr.kind, ExprKind::History(..) | ExprKind::Last(..) | ExprKind::Run(_)) {
                found = Some(expr.loc);
            }
            queue.extend(expr.kind.operands());
        }
    };
    condition(property).into_iter().for_each(&mut look);
    job.rules.iter().for_each(|rule| each_expr(rule, &mut look));
    let of_rules = |rule: &&Rule| match &rule.kind {
        RuleKind::Limit(limit) => counts(limit),
        kind => matches!(kind, RuleKind::Require { .. } | RuleKind::OnFailure { .. }),
    };
    found.or_else(|| job.rules.iter().find(of_rules).map(|rule| rule.loc))
}

impl Space {
    /// Every record that is read was answered with a value, but for these.
    fn all_readings_held(&mut self, but: &[Formula]) -> Formula {
        let absences: Vec<Formula> = self.absences();
        self.all(absences.into_iter().filter(|absence| !but.contains(absence)).map(|absence| !absence))
    }
}
