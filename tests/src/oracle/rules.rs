//! Rules reduced to their effects.
//!
//! > Every rule is a name, an effect, verbs, a condition. `escalate` is **stop**, `never` is **deny**, `gate` is **ask**, `allow`
//! > is **allow**. The rest is short for these

use super::limits::{self, Reached};
use super::scene::{Scene, Wanted};
use super::unknown::{Known, all_of, together};
use super::value::Val;
use super::world::Ended;
use agentc_compiler::typed::{FetchHow, Limit, LimitElse, Rule, RuleKind, VerbId};
use agentc_runtime::event::{EventKind, Found};

/// What a rule does where its condition is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The run escalates.
    Stop,
    /// The call is denied.
    Deny,
    /// The gate at this index of the job's rules is asked.
    Ask(usize),
    /// The call is permitted.
    Allow,
    /// The job is paused.
    Pause,
}

/// A rule at one moment.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// Its index in the job.
    pub index: usize,
    /// The rule.
    pub rule: &'a Rule,
    /// Its effect.
    pub effect: Effect,
    /// Its condition.
    pub holds: Known,
}

impl Judged<'_> {
    /// It fired.
    pub fn is_true(&self) -> bool {
        matches!(&self.holds, Ok(value) if value.truth())
    }

    /// It may still fire.
    pub fn is_unknown(&self) -> bool {
        self.holds.is_err()
    }

    /// > Rules of rows 4 and `on failure`: a stop rule without verbs.
    pub fn is_of_the_job(&self) -> bool {
        let stops = matches!(self.effect, Effect::Stop | Effect::Pause);
        stops && (self.rule.verbs.is_empty() || matches!(self.rule.kind, RuleKind::OnFailure { .. }))
    }
}

/// Whether a call of this verb meets the rule.
pub fn speaks_of(rule: &Rule, verb: VerbId) -> bool {
    rule.verbs.is_empty() || matches!(rule.kind, RuleKind::OnFailure { .. }) || rule.verbs.contains(&verb)
}

/// Judges a rule.
pub fn judge<'a>(scene: &Scene<'_>, index: usize, rule: &'a Rule) -> Judged<'a> {
    let own = || scene.condition(rule.condition.as_ref());
    let (effect, holds) = match &rule.kind {
        RuleKind::Allow { .. } => (Effect::Allow, own()),
        RuleKind::Never => (Effect::Deny, own()),
        RuleKind::Escalate => (Effect::Stop, own()),
        RuleKind::Gate(_) => (Effect::Ask(index), own()),
        // > stop, once the Nth `refused` or `unclear` since v's last success is reported
        RuleKind::OnFailure { tries } => {
            let reached = Ok(Val::Bool(failures(scene, &rule.verbs) >= *tries as usize));
            (Effect::Stop, all_of([own(), reached]))
        }
        RuleKind::Require { verb, args, within, since_last } => {
            let values = together(args.iter().map(|(_, value)| scene.value(value, &super::expression::Names::default())));
            let missing = values.map(|values| {
                let wanted: Vec<(u32, Val)> = args.iter().map(|(param, _)| *param).zip(values).collect();
                Val::Bool(!was_called(scene, *verb, &wanted, within.map(i128::from), *since_last))
            });
            (Effect::Deny, all_of([own(), missing]))
        }
        RuleKind::Limit(limit) => limited(scene, index, rule, limit),
    };
    Judged { index, rule, effect, holds }
}

fn limited(scene: &Scene<'_>, index: usize, rule: &Rule, limit: &Limit) -> (Effect, Known) {
    let effect = match limit.otherwise {
        LimitElse::Escalate => Effect::Stop,
        LimitElse::Deny => Effect::Deny,
        LimitElse::Gate(gate) => Effect::Ask(gate as usize),
        LimitElse::Pause => Effect::Pause,
    };
    match limits::reached(scene, index, rule, limit) {
        Ok(Reached::Within) => (effect, Ok(Val::Bool(false))),
        Ok(Reached::Beyond) => (effect, Ok(Val::Bool(true))),
        Ok(Reached::Negative | Reached::Full) => (Effect::Deny, Ok(Val::Bool(true))),
        Err(causes) => (effect, Err(causes)),
    }
}

/// How many calls of these verbs ended refused or unclear, reported since the last success of one of them.
fn failures(scene: &Scene<'_>, verbs: &[VerbId]) -> usize {
    let calls = scene.world.allowed(scene.run);
    let mut last: Vec<&(usize, Ended)> =
        calls.iter().filter(|call| verbs.contains(&call.verb)).filter_map(|call| call.reports.last()).collect();
    last.sort_by_key(|(place, _)| *place);
    let failed = |ended: &Ended| matches!(ended, Ended::Refused(_) | Ended::Unclear);
    let since = last.iter().rposition(|(_, ended)| matches!(ended, Ended::Well(..))).map_or(0, |success| success + 1);
    last[since..].iter().filter(|(_, ended)| failed(ended)).count()
}

/// > an `ok` result of that call with equal arguments, sent at most D ago, is in this run; a host's own fetch counts. `since
/// > last w` asks that no `w` came between.
fn was_called(scene: &Scene<'_>, verb: VerbId, wanted: &[(u32, Val)], within: Option<i128>, since_last: Option<VerbId>) -> bool {
    let came_since = |place: usize, at: i128| {
        let others = scene.world.allowed(scene.run);
        others.iter().any(|other| Some(other.verb) == since_last && (other.place > place || other.at > at))
    };
    let fits = |place: usize, at: i128, args: &dyn Fn(u32) -> Option<Val>| {
        let params = &scene.typed().verbs[verb.index()].params;
        let equal = (0u32..).zip(params).all(|(index, _)| {
            let value = wanted.iter().find(|(param, _)| *param == index).map_or(Val::None, |(_, value)| value.clone());
            args(index) == Some(value)
        });
        // > `within D` and windows include their ends
        let counts = equal && within.is_none_or(|within| scene.fresh_at - at <= within) && !came_since(place, at);
        if let (true, Some(within)) = (counts, within) {
            scene.touch(at, Some(at + within + 1));
        }
        counts
    };
    let by_the_agent = scene.past().into_iter().filter(|past| past.verb == verb && past.finished_well).any(|past| {
        let params = &scene.typed().verbs[verb.index()].params;
        fits(past.place, past.sent, &|index| {
            let slot = params[index as usize].arg;
            past.args.iter().find(|(arg, _)| *arg == slot).map(|(_, value)| value.clone())
        })
    });
    by_the_agent
        || fetches(scene, verb).into_iter().any(|(place, at, args)| {
            fits(place, at, &|index| {
                Some(args.iter().find(|(param, _)| *param == index).map_or(Val::None, |(_, value)| value.clone()))
            })
        })
}

/// A fetch by the host itself: its place in the log, its time, and the arguments that the fetching verb would have had.
type Fetched = (usize, i128, Vec<(u32, Val)>);

/// What the host itself fetched as this verb would.
fn fetches(scene: &Scene<'_>, verb: VerbId) -> Vec<Fetched> {
    use super::json::Json;
    let typed = scene.typed();
    let mut found = Vec::new();
    for (place, entry) in scene.world.of_run(scene.run).filter(|(_, entry)| entry.said.taken) {
        let EventKind::Record(event) = &entry.event.kind else { continue };
        let Some(record) = super::readings::record_named(typed, &event.source, &event.record) else { continue };
        let Some(fetch) = &typed.records[record.0 as usize].fetch else { continue };
        let FetchHow::Verb { verb: fetcher, args } = &fetch.how else { continue };
        let at = event.read_at.as_nanosecond();
        let Found::Value(json) = &event.found else { continue };
        if *fetcher != verb || at > entry.at {
            continue;
        }
        let Ok(key) = super::decode::key(typed, record, &Json::of(&event.key)) else { continue };
        let parts = super::readings::parts(typed, record, &key);
        let wanted = super::unknown::RecordKey { record, key: parts.clone() };
        if super::readings::record_value(typed, &wanted, &Json::of(json)) == super::readings::State::Malformed {
            continue;
        }
        let args =
            args.iter().filter_map(|(param, part)| parts.get(*part as usize).map(|value| (*param, value.clone()))).collect();
        found.push((place, at, args));
    }
    found
}

/// The rules of the job that a call meets, shadow rules apart, in source order.
pub fn met<'a>(scene: &Scene<'a>, call: Wanted<'_>) -> Vec<Judged<'a>> {
    let rules = scene.world.job(scene.run).rules.iter().enumerate();
    rules.filter(|(_, rule)| !rule.shadow && speaks_of(rule, call.verb)).map(|(index, rule)| judge(scene, index, rule)).collect()
}

/// > `shadow` before any rule: evaluated and reported, decides nothing, fetches nothing.
pub fn shadows<'a>(scene: &Scene<'a>, call: Wanted<'_>) -> Vec<Judged<'a>> {
    let rules = scene.world.job(scene.run).rules.iter().enumerate();
    let judged =
        rules.filter(|(_, rule)| rule.shadow && speaks_of(rule, call.verb)).map(|(index, rule)| judge(scene, index, rule));
    judged.filter(Judged::is_true).collect()
}
