//! Judges a call by the rules: rows 4 to 11 of the decision table. It reads, and changes nothing.

use super::approval::{self, Asking};
use super::cells::Cells;
use super::limit;
use super::unclear::Marks;
use super::values;
use super::view::{View, earliest};
use crate::answer::{Builtin, Decided, Retry};
use crate::eval::{Cause, Causes, Counting, Evaluator, Judged, Memo, Need, Verdict};
use crate::policy::Policy;
use crate::program::{Effect, ExprId, JobPlan, LimitId, RuleId, RuleKind, VerbId, VerbPlan};
use crate::run::{Bound, CallEntry, Changes, MAX_NEEDS, Run};
use crate::types::RecordId;
use crate::value::Value;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who decides: a rule of the policy, or what decides where none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Rule(RuleId),
    Builtin(Builtin, Effect),
}

/// What was decided of a call.
#[derive(Debug)]
pub(crate) enum Ruling {
    /// Denied; for row 8 with what is absent.
    Deny(Option<Causes>),
    /// The run escalates; for row 9 with what is unknown.
    Escalate(Option<Causes>),
    Pause,
    Need(Vec<Need>),
    Ask(Vec<Asking>),
    Allow,
}

/// A decision with all that carrying it out takes.
#[derive(Debug)]
pub(crate) struct Judgement {
    pub(crate) ruling: Ruling,
    pub(crate) by: By,
    pub(crate) retry: Retry,
    /// Every rule that fired, in source order.
    pub(crate) fired: Vec<RuleId>,
    pub(crate) shadow: Vec<RuleId>,
    pub(crate) values: Vec<Decided>,
    /// For a need: every record that this call was ever found to need.
    pub(crate) needed: BTreeSet<(RecordId, Arc<[Value]>)>,
    /// When the first reading that was used is no longer fresh.
    pub(crate) fresh_until: Option<Timestamp>,
    /// What the call adds to the counters of its verb.
    pub(crate) counts: Vec<(LimitId, Counting)>,
    pub(crate) changes: Vec<Changes>,
    pub(crate) marks: Marks,
    pub(crate) frozen: Vec<(ExprId, Value)>,
    pub(crate) allows: Vec<RuleId>,
}

/// What a decision is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) job: &'a JobPlan,
    pub(crate) run: &'a Run,
    pub(crate) cells: &'a Cells<'a>,
}

/// The rules that fired or are unknown, by effect.
struct Walks {
    job_stops: Vec<Judged>,
    denies: Vec<Judged>,
    allows: Vec<Judged>,
    stops: Vec<Judged>,
    asks: Vec<Judged>,
    shadows: Vec<Judged>,
}

/// A rule, or all allows of the verb together, that is unknown; or what the compensation needs.
struct Undecided {
    by: By,
    causes: Causes,
}

/// Decides a call that fits its verb.
pub(crate) fn judge(ground: Ground<'_>, entry: &CallEntry, bound: &Bound) -> Judgement {
    let Ground { policy, job, run, cells } = ground;
    let view = View::new(policy, run, cells, Some(&bound.args));
    let mut memo = Memo::default();
    let mut evaluator = Evaluator::new(policy, &view, &mut memo);
    let Some((plan, shape)) = job.verbs.get(bound.verb.index()).zip(policy.program().verbs.get(bound.verb.index())) else {
        return undeclared();
    };
    let walks = Walks {
        job_stops: evaluator.walk(job.stops),
        denies: evaluator.walk(plan.denies),
        allows: evaluator.walk(plan.allows),
        stops: evaluator.walk(plan.stops),
        asks: evaluator.walk(plan.asks),
        shadows: evaluator.walk(plan.shadows),
    };
    let limits: Vec<(LimitId, Result<Option<Counting>, Causes>)> =
        plan.limits.iter().map(|limit| (*limit, evaluator.limit(*limit))).collect();
    let frozen = freeze(&mut evaluator, shape.undo.as_ref().map_or(&[], |undo| undo.frozen.as_slice()));
    let changes = changes_of(&mut evaluator, policy, bound.verb);
    let marks = super::unclear::marks(policy, job, bound.verb, &changes);
    let askings = approval::askings(&mut evaluator, ground, entry, bound, &fired(&walks.asks));
    let mut judgement = Judgement {
        ruling: Ruling::Allow,
        by: By::Builtin(Builtin::NoAllow, Effect::Deny),
        retry: Retry::No,
        fired: all_fired(&walks),
        shadow: fired(&walks.shadows),
        values: Vec::new(),
        needed: entry.needs.clone(),
        fresh_until: view.take_touched().fresh_until,
        counts: limits.iter().filter_map(|(id, counting)| Some((*id, counting.clone().ok()??))).collect(),
        changes,
        marks,
        frozen: frozen.clone().unwrap_or_default(),
        allows: fired(&walks.allows),
    };
    let row = Rows { ground, view: &view, plan, walks: &walks, limits: &limits, bound };
    let decided = row
        .stopped_or_denied(&judgement)
        .or_else(|| row.unknown(&mut evaluator, &frozen, &askings, &mut judgement.needed))
        .unwrap_or_else(|| row.asked_or_allowed(askings));
    (judgement.ruling, judgement.by, judgement.retry) = decided;
    judgement.values = values::decided(ground, Some(&bound.args), &row.deciding(judgement.by));
    judgement
}

fn undeclared() -> Judgement {
    Judgement {
        ruling: Ruling::Deny(None),
        by: By::Builtin(Builtin::UndeclaredVerb, Effect::Deny),
        retry: Retry::No,
        fired: Vec::new(),
        shadow: Vec::new(),
        values: Vec::new(),
        needed: BTreeSet::new(),
        fresh_until: None,
        counts: Vec::new(),
        changes: Vec::new(),
        marks: Marks::default(),
        frozen: Vec::new(),
        allows: Vec::new(),
    }
}

type Decision = (Ruling, By, Retry);

/// The rows of the table.
struct Rows<'a> {
    ground: Ground<'a>,
    view: &'a View<'a>,
    plan: &'a VerbPlan,
    walks: &'a Walks,
    limits: &'a [(LimitId, Result<Option<Counting>, Causes>)],
    bound: &'a Bound,
}

impl Rows<'_> {
    /// Rows 4, 5 and 6.
    fn stopped_or_denied(&self, judgement: &Judgement) -> Option<Decision> {
        self.stop(&self.walks.job_stops).or_else(|| self.deny(judgement)).or_else(|| self.stop(&self.walks.stops))
    }

    fn stop(&self, walk: &[Judged]) -> Option<Decision> {
        let rule = fired(walk).first().copied()?;
        let pauses = self.effect(rule) == Some(Effect::Pause);
        Some(if pauses {
            (Ruling::Pause, By::Rule(rule), Retry::AfterResume)
        } else {
            (Ruling::Escalate(None), By::Rule(rule), Retry::No)
        })
    }

    fn deny(&self, judgement: &Judgement) -> Option<Decision> {
        let mut rules: Vec<(RuleId, Retry)> =
            fired(&self.walks.denies).into_iter().map(|rule| (rule, self.retry(rule))).collect();
        for (id, counting) in &judgement.counts {
            let limit = self.ground.policy.program().limits.get(id.index())?;
            match counting.verdict {
                Verdict::Negative | Verdict::Full => rules.push((limit.rule, limit::retry(self.view, *id, counting))),
                Verdict::Within | Verdict::Beyond => {}
            }
        }
        for rule in fired(&self.walks.asks) {
            if self.was_refused(rule) {
                rules.push((rule, Retry::No));
            }
        }
        rules.sort_by_key(|(rule, _)| *rule);
        if let Some((rule, retry)) = rules.first() {
            return Some((Ruling::Deny(None), By::Rule(*rule), *retry));
        }
        if judgement.marks.blocked_by.iter().any(|mark| super::unclear::is_marked(self.ground.cells, mark)) {
            return Some((Ruling::Deny(None), By::Builtin(Builtin::Unclear, Effect::Deny), Retry::AfterData));
        }
        if self.plan.is_handover || !self.walks.allows.is_empty() {
            return None;
        }
        let retry = if self.plan.has_allow { Retry::WithOtherArguments } else { Retry::No };
        Some((Ruling::Deny(None), By::Builtin(Builtin::NoAllow, Effect::Deny), retry))
    }

    fn retry(&self, rule: RuleId) -> Retry {
        let Some(shape) = self.ground.policy.program().rules.get(rule.index()) else { return Retry::No };
        match &shape.kind {
            RuleKind::Require => Retry::AfterData,
            RuleKind::Limit(id, _) => match self.limits.iter().find(|(limit, _)| limit == id) {
                Some((_, Ok(Some(counting)))) => limit::retry(self.view, *id, counting),
                _ => Retry::No,
            },
            _ if shape.condition.is_none() => Retry::No,
            _ => Retry::WithOtherArguments,
        }
    }

    fn was_refused(&self, rule: RuleId) -> bool {
        approval::gate_of(self.ground.policy, rule).is_some_and(|(_, gate)| {
            let place = (gate.rule, self.bound.verb, Arc::clone(&self.bound.canonical));
            self.ground.run.refused.contains(&place)
        })
    }

    /// Rows 7, 8 and 9.
    fn unknown<F: crate::eval::Facts>(
        &self,
        evaluator: &mut Evaluator<'_, F>,
        frozen: &Result<Vec<(ExprId, Value)>, Causes>,
        askings: &[Asking],
        needed: &mut BTreeSet<(RecordId, Arc<[Value]>)>,
    ) -> Option<Decision> {
        let undecided = self.undecided(frozen, askings);
        let rules: Vec<RuleId> = self.unknown_rules();
        let mut needs = evaluator.needs(&rules);
        needs.extend(undecided.iter().flat_map(|undecided| undecided.causes.iter().filter_map(as_need)));
        needs.retain(|need| {
            let shape = self.ground.policy.program().records.get(need.record.0 as usize);
            shape.is_some_and(|shape| shape.fetch.is_some())
        });
        needs.sort();
        needs.dedup();
        let first = undecided.first()?;
        if !needs.is_empty() {
            needed.extend(needs.iter().map(|need| (need.record, Arc::clone(&need.key))));
            if needed.len() > MAX_NEEDS {
                let by = By::Builtin(Builtin::TooManyNeeds, Effect::Deny);
                return Some((Ruling::Deny(None), by, Retry::WithOtherArguments));
            }
            // The rule named is one that a record is asked for, not one that is unknown for another reason.
            let asks = |undecided: &&Undecided| undecided.causes.iter().any(|cause| as_need(cause).is_some());
            let asking = undecided.iter().find(asks).unwrap_or(first);
            return Some((Ruling::Need(needs), asking.by, Retry::AfterData));
        }
        let chosen =
            |undecided: &&Undecided| undecided.causes.iter().all(|cause| matches!(cause, Cause::Absent { chosen: true, .. }));
        if let Some(undecided) = undecided.iter().find(chosen) {
            return Some((Ruling::Deny(Some(undecided.causes.clone())), undecided.by, Retry::WithOtherArguments));
        }
        Some((Ruling::Escalate(Some(first.causes.clone())), first.by, Retry::No))
    }

    /// The rules that are unknown, but for allows where one of them holds.
    fn unknown_rules(&self) -> Vec<RuleId> {
        let walks = self.walks;
        let allows: &[Judged] = if self.allows_are_open() { &walks.allows } else { &[] };
        let all = [&*walks.job_stops, &walks.denies, allows, &walks.stops, &walks.asks];
        all.into_iter().flatten().filter(|judged| judged.state.is_err()).map(|judged| judged.rule).collect()
    }

    fn allows_are_open(&self) -> bool {
        !self.plan.is_handover && self.walks.allows.iter().all(|judged| judged.state.is_err())
    }

    /// What is unknown, in source order; the allows of the verb are one disjunction.
    fn undecided(&self, frozen: &Result<Vec<(ExprId, Value)>, Causes>, askings: &[Asking]) -> Vec<Undecided> {
        let walks = self.walks;
        let mut rules: Vec<(RuleId, Causes)> = [&walks.job_stops, &walks.denies, &walks.stops, &walks.asks]
            .into_iter()
            .flatten()
            .filter_map(|judged| Some((judged.rule, judged.state.clone().err()?)))
            .collect();
        let open = if self.allows_are_open() { walks.allows.as_slice() } else { &[] };
        let causes = open.iter().filter_map(|judged| judged.state.clone().err());
        if let (Some(first), Some(causes)) = (open.first(), causes.reduce(|all, more| all.and(&more))) {
            rules.push((first.rule, causes));
        }
        for (id, counting) in self.limits {
            let limit = self.ground.policy.program().limits.get(id.index());
            let rule = limit.map(|limit| limit.rule);
            let shadow =
                rule.and_then(|rule| self.ground.policy.program().rules.get(rule.index())).is_none_or(|rule| rule.shadow);
            if let (Some(rule), Err(causes), false) = (rule, counting, shadow)
                && rules.iter().all(|(known, _)| *known != rule)
            {
                rules.push((rule, causes.clone()));
            }
        }
        rules.extend(askings.iter().filter_map(|asking| Some((asking.rule, asking.unknown.clone()?))));
        rules.sort_by_key(|(rule, _)| *rule);
        let mut undecided: Vec<Undecided> =
            rules.into_iter().map(|(rule, causes)| Undecided { by: By::Rule(rule), causes }).collect();
        if let Err(causes) = frozen {
            undecided.push(Undecided { by: By::Builtin(Builtin::Compensation, Effect::Stop), causes: causes.clone() });
        }
        undecided
    }

    /// Rows 10 and 11.
    fn asked_or_allowed(&self, askings: Vec<Asking>) -> Decision {
        let open: Vec<Asking> = askings.into_iter().filter(|asking| !asking.is_approved).collect();
        if let Some(first) = open.first() {
            let by = By::Rule(first.rule);
            return (Ruling::Ask(open), by, Retry::AfterApproval);
        }
        let by = fired(&self.walks.allows).first().map_or(By::Builtin(Builtin::NoAllow, Effect::Deny), |rule| By::Rule(*rule));
        match by {
            By::Rule(_) => (Ruling::Allow, by, Retry::No),
            // Nothing permits a verb that is only handed over by: its own stop has decided before.
            By::Builtin(..) => (Ruling::Deny(None), by, Retry::No),
        }
    }

    /// The rules whose values are told: the one that decided; for the default, all allows of the verb.
    fn deciding(&self, by: By) -> Vec<RuleId> {
        match by {
            By::Rule(rule) => vec![rule],
            By::Builtin(Builtin::NoAllow, _) => {
                let (start, end) = self.ground.job.rules;
                let program = self.ground.policy.program();
                let names = |rule: &RuleId| {
                    program.rules.get(rule.index()).is_some_and(|shape| {
                        shape.effect == Effect::Allow && !shape.shadow && shape.verbs.contains(&self.bound.verb)
                    })
                };
                (start..end).map(RuleId).filter(names).collect()
            }
            By::Builtin(..) => Vec::new(),
        }
    }

    fn effect(&self, rule: RuleId) -> Option<Effect> {
        self.ground.policy.program().rules.get(rule.index()).map(|rule| rule.effect)
    }
}

/// The rules of a walk that fired, in source order.
pub(crate) fn fired(walk: &[Judged]) -> Vec<RuleId> {
    walk.iter().filter(|judged| judged.state.is_ok()).map(|judged| judged.rule).collect()
}

fn all_fired(walks: &Walks) -> Vec<RuleId> {
    let all = [&walks.job_stops, &walks.denies, &walks.allows, &walks.stops, &walks.asks];
    let mut rules: Vec<RuleId> = all.into_iter().flat_map(|walk| fired(walk)).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn as_need(cause: &Cause) -> Option<Need> {
    match cause {
        Cause::Unasked { record, key, why } => Some(Need { record: *record, key: Arc::clone(key), why: *why }),
        _ => None,
    }
}

/// The values that a compensation takes from now.
fn freeze<F: crate::eval::Facts>(evaluator: &mut Evaluator<'_, F>, exprs: &[ExprId]) -> Result<Vec<(ExprId, Value)>, Causes> {
    let mut frozen = Vec::new();
    let mut unknown: Option<Causes> = None;
    for expr in exprs {
        match evaluator.value(*expr) {
            Ok(value) => frozen.push((*expr, value)),
            Err(causes) => unknown = Some(unknown.map_or(causes.clone(), |before| before.and(&causes))),
        }
    }
    unknown.map_or(Ok(frozen), Err)
}

/// What a call changes. A key that cannot be known stands for every key.
pub(crate) fn changes_of<F: crate::eval::Facts>(evaluator: &mut Evaluator<'_, F>, policy: &Policy, verb: VerbId) -> Vec<Changes> {
    let Some(shape) = policy.program().verbs.get(verb.index()) else { return Vec::new() };
    let changed = shape.changes.iter().map(|change| {
        let parts: Option<Vec<Value>> = change.key.iter().map(|part| evaluator.value(*part).ok()).collect();
        let key = parts.filter(|parts| !parts.is_empty() && !parts.contains(&Value::None)).map(whole_key);
        Changes { record: change.record, key }
    });
    changed.collect()
}

/// One expression may give the whole of a composite key.
fn whole_key(parts: Vec<Value>) -> Arc<[Value]> {
    match parts.as_slice() {
        [Value::List(whole)] => Arc::clone(whole),
        _ => parts.into(),
    }
}

/// The earliest time at which an allow that used this no longer holds.
pub(crate) fn valid_until(judgement: &Judgement, windows: impl Iterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    windows.fold(judgement.fresh_until, earliest)
}
