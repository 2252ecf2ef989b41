//! Judges a call by the rules: rows 4 to 11 of the decision table. It reads, and changes nothing.

use super::Detail;
use super::approval::{self, Asking};
use super::cells::Cells;
use super::limit;
use super::table::{self, Row, Table};
use super::unclear::Marks;
use super::values;
use super::view::{View, earliest};
use crate::answer::{Builtin, Decided, Retry};
use crate::eval::{Cause, Causes, Counting, Evaluator, Facts, Judged, Memo, Need, Verdict};
use crate::policy::Policy;
use crate::program::{Effect, ExprId, JobPlan, LimitId, Operand, RuleId, RuleKind, VerbId, VerbPlan};
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
    /// How many steps it took.
    pub(crate) steps: u32,
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
}

/// A rule, or all allows of the verb together, that is unknown; or what the compensation needs.
struct Undecided {
    by: By,
    causes: Causes,
}

/// Decides a call that fits its verb.
pub(crate) fn judge(ground: Ground<'_>, entry: &CallEntry, bound: &Bound, detail: Detail) -> Judgement {
    let Ground { policy, job, run, cells } = ground;
    let view = View::new(policy, run, cells, Some(&bound.args));
    let mut memo = Memo::default();
    let mut evaluator = Evaluator::new(policy, &view, &mut memo);
    let Some((plan, shape)) = job.verbs.get(bound.verb.index()).zip(policy.program().verbs.get(bound.verb.index())) else {
        return undeclared();
    };
    // Everything is evaluated whatever decides, so that an answer can tell what else fired and how long all of it holds. Rules in shadow come
    // last, when everything is decided: what they read and the steps they take change nothing.
    let walks = Walks {
        job_stops: evaluator.walk(job.stops),
        denies: evaluator.walk(plan.denies),
        allows: evaluator.walk(plan.allows),
        stops: evaluator.walk(plan.stops),
        asks: evaluator.walk(plan.asks),
    };
    let limits: Vec<(LimitId, Result<Option<Counting>, Causes>)> = plan
        .limits
        .iter()
        .filter(|limit| !is_in_shadow(policy, **limit))
        .map(|limit| (*limit, evaluator.limit(*limit)))
        .collect();
    let frozen = freeze(&mut evaluator, shape.undo.as_ref().map_or(&[], |undo| undo.frozen.as_slice()));
    let changes = changes_of(&mut evaluator, policy, bound.verb);
    let marks = super::unclear::marks(policy, job, bound.verb, &changes);
    let mut rows = Rows {
        ground,
        entry,
        bound,
        view: &view,
        evaluator,
        plan,
        walks,
        limits,
        marks,
        frozen,
        askings: Vec::new(),
        undecided: Vec::new(),
    };
    let row = table::decide(&mut rows);
    let mut needed = entry.needs.clone();
    let (ruling, by, retry) = rows.ruling(row, &mut needed);
    let values = match detail {
        Detail::Brief => Vec::new(),
        Detail::Full => values::decided(ground, Some(&bound.args), rows.deciding(by)),
    };
    let fresh_until = view.take_touched().fresh_until;
    let shadow = if detail == Detail::Full { fired(&rows.evaluator.walk(plan.shadows)) } else { Vec::new() };
    let mut limits = std::mem::take(&mut rows.limits).into_iter().peekable();
    let counts = plan.limits.iter().filter_map(|id| match limits.next_if(|(decided, _)| decided == id) {
        Some((_, counting)) => Some((*id, counting.ok()??)),
        // A limit in shadow counts what it can take.
        None => Some((*id, rows.evaluator.limit(*id).ok()??)).filter(|(_, counting)| !cannot_take(counting)),
    });
    let counts = counts.collect();
    Judgement {
        ruling,
        by,
        retry,
        fired: if detail == Detail::Full { all_fired(&rows.walks) } else { Vec::new() },
        shadow,
        values,
        needed,
        fresh_until,
        counts,
        changes,
        marks: rows.marks,
        frozen: rows.frozen.unwrap_or_default(),
        allows: fired(&rows.walks.allows),
        steps: rows.evaluator.steps(),
    }
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
        steps: 0,
    }
}

type Decision = (Ruling, By, Retry);

/// The rows of the table over everything that was evaluated.
struct Rows<'a, F> {
    ground: Ground<'a>,
    entry: &'a CallEntry,
    bound: &'a Bound,
    view: &'a View<'a>,
    evaluator: Evaluator<'a, F>,
    plan: &'a VerbPlan,
    walks: Walks,
    limits: Vec<(LimitId, Result<Option<Counting>, Causes>)>,
    marks: Marks,
    /// The values that a compensation takes from now.
    frozen: Result<Vec<(ExprId, Value)>, Causes>,
    /// The gates that are true, once rows 7 to 9 are asked.
    askings: Vec<Asking>,
    /// What is unknown, once rows 7 to 9 are asked.
    undecided: Vec<Undecided>,
}

impl<F: Facts> Table for Rows<'_, F> {
    fn job_stop(&mut self) -> Option<RuleId> {
        first(&self.walks.job_stops)
    }

    fn denial(&mut self) -> Option<RuleId> {
        let limits = self.limits.iter().filter_map(|(id, counting)| match counting {
            Ok(Some(counting)) if cannot_take(counting) => {
                self.ground.policy.program().limits.get(id.index()).map(|limit| limit.rule)
            }
            _ => None,
        });
        let refused = fired(&self.walks.asks).into_iter().filter(|rule| self.was_refused(*rule));
        first(&self.walks.denies).into_iter().chain(limits).chain(refused).min()
    }

    fn is_unclear(&mut self) -> bool {
        self.marks.blocked_by.iter().any(|mark| super::unclear::is_marked(self.ground.cells, mark))
    }

    fn may_be_allowed(&mut self) -> bool {
        self.plan.is_handover || !self.walks.allows.is_empty()
    }

    fn stop(&mut self) -> Option<RuleId> {
        first(&self.walks.stops)
    }

    fn is_unknown(&mut self) -> bool {
        let gates = fired(&self.walks.asks);
        self.askings = approval::askings(&mut self.evaluator, self.ground, self.entry, self.bound, &gates);
        self.undecided = self.undecided();
        !self.undecided.is_empty()
    }

    fn gate(&mut self) -> Option<RuleId> {
        self.askings.iter().find(|asking| !asking.is_approved).map(|asking| asking.rule)
    }

    fn allow(&mut self) -> Option<RuleId> {
        first(&self.walks.allows)
    }
}

impl<F: Facts> Rows<'_, F> {
    /// What follows from the row that decides.
    fn ruling(&mut self, row: Row, needed: &mut BTreeSet<(RecordId, Arc<[Value]>)>) -> Decision {
        match row {
            Row::Stop(rule) if self.effect(rule) == Some(Effect::Pause) => (Ruling::Pause, By::Rule(rule), Retry::AfterResume),
            Row::Stop(rule) => (Ruling::Escalate(None), By::Rule(rule), Retry::No),
            Row::Deny(rule) => (Ruling::Deny(None), By::Rule(rule), self.retry(rule)),
            Row::Unclear => (Ruling::Deny(None), By::Builtin(Builtin::Unclear, Effect::Deny), Retry::AfterData),
            Row::NoAllow => {
                let retry = if self.plan.has_allow && !self.plan.is_handover { Retry::WithOtherArguments } else { Retry::No };
                (Ruling::Deny(None), By::Builtin(Builtin::NoAllow, Effect::Deny), retry)
            }
            Row::Unknown => self.unknown(needed),
            Row::Ask(rule) => {
                let open = std::mem::take(&mut self.askings).into_iter().filter(|asking| !asking.is_approved).collect();
                (Ruling::Ask(open), By::Rule(rule), Retry::AfterApproval)
            }
            Row::Allow(rule) => (Ruling::Allow, By::Rule(rule), Retry::No),
        }
    }

    /// When trying again can help where this rule denies.
    fn retry(&self, rule: RuleId) -> Retry {
        let Some(shape) = self.ground.policy.program().rules.get(rule.index()) else { return Retry::No };
        match &shape.kind {
            RuleKind::Require => Retry::AfterData,
            RuleKind::Limit(id, _) => match self.limits.iter().find(|(limit, _)| limit == id) {
                // A gate beyond the bound denies where it was refused.
                Some((_, Ok(Some(counting)))) if shape.effect != Effect::Ask || cannot_take(counting) => {
                    limit::retry(self.view, *id, counting)
                }
                _ => Retry::No,
            },
            _ if shape.effect == Effect::Ask || shape.condition.is_none() => Retry::No,
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
    fn unknown(&mut self, needed: &mut BTreeSet<(RecordId, Arc<[Value]>)>) -> Decision {
        let rules: Vec<RuleId> = self.unknown_rules();
        let mut needs = self.evaluator.needs(&rules);
        let undecided = &self.undecided;
        needs.extend(undecided.iter().flat_map(|undecided| undecided.causes.iter().filter_map(as_need)));
        needs.retain(|need| {
            let shape = self.ground.policy.program().records.get(need.record.0 as usize);
            shape.is_some_and(|shape| shape.fetch.is_some())
        });
        needs.sort();
        needs.dedup();
        let Some(first) = undecided.first() else {
            return (Ruling::Deny(None), By::Builtin(Builtin::NoAllow, Effect::Deny), Retry::No);
        };
        if !needs.is_empty() {
            needed.extend(needs.iter().map(|need| (need.record, Arc::clone(&need.key))));
            if needed.len() > MAX_NEEDS {
                let by = By::Builtin(Builtin::TooManyNeeds, Effect::Deny);
                return (Ruling::Deny(None), by, Retry::WithOtherArguments);
            }
            // The rule named is one that a record is asked for, not one that is unknown for another reason.
            let asks = |undecided: &&Undecided| undecided.causes.iter().any(|cause| as_need(cause).is_some());
            let asking = undecided.iter().find(asks).unwrap_or(first);
            return (Ruling::Need(needs), asking.by, Retry::AfterData);
        }
        let chosen =
            |undecided: &&Undecided| undecided.causes.iter().all(|cause| matches!(cause, Cause::Absent { chosen: true, .. }));
        if let Some(undecided) = undecided.iter().find(chosen) {
            return (Ruling::Deny(Some(undecided.causes.clone())), undecided.by, Retry::WithOtherArguments);
        }
        (Ruling::Escalate(Some(first.causes.clone())), first.by, Retry::No)
    }

    /// The rules that are unknown, but for allows where one of them holds.
    fn unknown_rules(&self) -> Vec<RuleId> {
        let walks = &self.walks;
        let allows: &[Judged] = if self.allows_are_open() { &walks.allows } else { &[] };
        let all = [&*walks.job_stops, &walks.denies, allows, &walks.stops, &walks.asks];
        all.into_iter().flatten().filter(|judged| judged.state.is_err()).map(|judged| judged.rule).collect()
    }

    fn allows_are_open(&self) -> bool {
        !self.plan.is_handover && self.walks.allows.iter().all(|judged| judged.state.is_err())
    }

    /// What is unknown, in source order; the allows of the verb are one disjunction.
    fn undecided(&self) -> Vec<Undecided> {
        let walks = &self.walks;
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
        for (id, counting) in &self.limits {
            let limit = self.ground.policy.program().limits.get(id.index());
            if let (Some(rule), Err(causes)) = (limit.map(|limit| limit.rule), counting)
                && rules.iter().all(|(known, _)| *known != rule)
            {
                rules.push((rule, causes.clone()));
            }
        }
        rules.extend(self.askings.iter().filter_map(|asking| Some((asking.rule, asking.unknown.clone()?))));
        rules.sort_by_key(|(rule, _)| *rule);
        let mut undecided: Vec<Undecided> =
            rules.into_iter().map(|(rule, causes)| Undecided { by: By::Rule(rule), causes }).collect();
        if let Err(causes) = &self.frozen {
            undecided.push(Undecided { by: By::Builtin(Builtin::Compensation, Effect::Stop), causes: causes.clone() });
        }
        undecided
    }

    /// The operands whose values are told: of the rule that decided; for the default, of all allows of the verb.
    fn deciding(&self, by: By) -> Vec<&Operand> {
        let Ground { policy, run, .. } = self.ground;
        match by {
            By::Rule(rule) => {
                let rule = policy.program().rules.get(rule.index());
                let mut told: Vec<&Operand> = Vec::new();
                for operand in rule.iter().flat_map(|rule| &rule.operands) {
                    if told.iter().all(|known| known.label != operand.label || known.expr != operand.expr) {
                        told.push(operand);
                    }
                }
                told
            }
            By::Builtin(Builtin::NoAllow, _) => {
                policy.index().operands_of_allows(policy.program(), run.fixed.job, self.bound.verb).collect()
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

/// Whether a limit is in shadow: it counts and is reported, and decides nothing.
pub(crate) fn is_in_shadow(policy: &Policy, id: LimitId) -> bool {
    let program = policy.program();
    let rule = program.limits.get(id.index()).and_then(|limit| program.rules.get(limit.rule.index()));
    rule.is_none_or(|rule| rule.shadow)
}

/// Whether a counter cannot take the call whatever its bound.
pub(crate) fn cannot_take(counting: &Counting) -> bool {
    matches!(counting.verdict, Verdict::Negative | Verdict::Full)
}

/// The first of them.
fn first(walk: &[Judged]) -> Option<RuleId> {
    walk.iter().find(|judged| judged.state.is_ok()).map(|judged| judged.rule)
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
pub(crate) fn freeze<F: Facts>(evaluator: &mut Evaluator<'_, F>, exprs: &[ExprId]) -> Result<Vec<(ExprId, Value)>, Causes> {
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
pub(crate) fn changes_of<F: Facts>(evaluator: &mut Evaluator<'_, F>, policy: &Policy, verb: VerbId) -> Vec<Changes> {
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
