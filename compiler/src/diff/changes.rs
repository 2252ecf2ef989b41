//! The summary: who approves, what is limited, which systems are reached, and what else is declared differently, side by side.

use crate::diagnostic::text::verb_name;
use crate::source::on_one_line;
use crate::typed::{Approver, ApproverKind, Gate, Job, Limit, LimitElse, Loc, Measure, Rule, RuleKind, Typed, Verb, Window};

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It lets through more, by itself.
    Looser,
    /// It lets through less, by itself.
    Tighter,
    /// What it does to calls is said with the verbs, or it does nothing to them.
    Changed,
}

impl Direction {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Looser => "looser",
            Self::Tighter => "tighter",
            Self::Changed => "changed",
        }
    }
}

/// One thing that is declared differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is: `gate large in triage_refunds`.
    pub what: String,
    /// How it was; nothing where it is new.
    pub old: Option<String>,
    /// How it is; nothing where it is gone.
    pub new: Option<String>,
    /// Which way it goes.
    pub direction: Direction,
}

/// Some people that a job names.
type People = fn(&Job) -> &[Approver];

/// Everything that is declared differently, in the order of the new policy.
pub(super) fn changes(old: &Typed, new: &Typed) -> Vec<Change> {
    let mut found = Vec::new();
    for job in super::names(old, new, |typed| typed.jobs.iter().map(|job| job.name.clone()).collect()) {
        let find = |typed: &'_ Typed| typed.jobs.iter().position(|known| known.name == job);
        let (before, now) = (find(old).and_then(|at| old.jobs.get(at)), find(new).and_then(|at| new.jobs.get(at)));
        rules(&mut found, &job, (old, before), (new, now));
    }
    tools(&mut found, old, new);
    sources(&mut found, old, new);
    found
}

/// Adds a change where there is one.
fn put(found: &mut Vec<Change>, what: String, old: Option<String>, new: Option<String>, direction: Direction) {
    if old != new {
        found.push(Change { what, old, new, direction });
    }
}

/// The names of one kind of thing in both policies, and how each stands in either.
fn paired(old: Vec<(String, String)>, new: Vec<(String, String)>) -> Vec<(String, Option<String>, Option<String>)> {
    let find = |list: &[(String, String)], name: &str| list.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone());
    let mut all: Vec<String> = Vec::new();
    for (name, _) in new.iter().chain(&old) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all.into_iter().map(|name| (name.clone(), find(&old, &name), find(&new, &name))).collect()
}

fn rules(found: &mut Vec<Change>, job: &str, (old, before): (&Typed, Option<&Job>), (new, now): (&Typed, Option<&Job>)) {
    let of = |typed: &Typed, job: Option<&Job>, say: &dyn Fn(&Typed, &Job, &Rule) -> Option<String>| -> Vec<(String, String)> {
        let job = job.into_iter().flat_map(|job| job.rules.iter().map(move |rule| (job, rule)));
        job.filter_map(|(job, rule)| Some((rule.name.clone(), say(typed, job, rule)?))).collect()
    };
    let gate = |typed: &Typed, _: &Job, rule: &Rule| match &rule.kind {
        RuleKind::Gate(gate) => Some(gate_text(typed, gate)),
        _ => None,
    };
    for (name, was, is) in paired(of(old, before, &gate), of(new, now, &gate)) {
        put(found, format!("gate `{name}` in {job}"), was, is, Direction::Changed);
    }
    let limit = |typed: &Typed, job: &Job, rule: &Rule| match &rule.kind {
        RuleKind::Limit(limit) => Some(limit_text(typed, job, limit)),
        _ => None,
    };
    for (name, was, is) in paired(of(old, before, &limit), of(new, now, &limit)) {
        put(found, format!("limit `{name}` in {job}"), was, is, Direction::Changed);
    }
    // What a read shows is no matter of whether it is allowed.
    let shown = |typed: &Typed, _: &Job, rule: &Rule| match &rule.kind {
        RuleKind::Allow { rows, hiding, .. } if rows.is_some() || !hiding.is_empty() => {
            let rows = rows.as_ref().map(|(_, condition)| format!("rows where {}", text(typed, condition.loc)));
            let clause = text(typed, rule.loc);
            let hidden =
                clause.split_once("hiding ").map(|(_, rest)| rest.split(" because ").next().unwrap_or(rest).trim().to_owned());
            Some(rows.into_iter().chain(hidden.map(|hidden| format!("hiding {hidden}"))).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    };
    for (name, was, is) in paired(of(old, before, &shown), of(new, now, &shown)) {
        // Of an allow that is gone nothing is shown any more, and one that is new is said with its verb.
        let stays = |job: Option<&Job>| job.is_some_and(|job| job.rules.iter().any(|rule| rule.name == name));
        if stays(before) && stays(now) {
            let direction = if was.is_none() { Direction::Tighter } else { Direction::Looser };
            put(found, format!("what `{name}` in {job} shows"), was, is, direction);
        }
    }
    let people = |typed: &Typed, job: Option<&Job>, of: People| job.map(|job| people_text(typed, of(job)));
    let who: [(&str, People); 3] = [
        ("who may pause", |job| &job.pause_by),
        ("who may resume", |job| &job.resume_by),
        ("who may undo in", |job| &job.undo_by),
    ];
    for (what, of) in who {
        if before.is_some() && now.is_some() {
            put(found, format!("{what} {job}"), people(old, before, of), people(new, now, of), Direction::Changed);
        }
    }
    let handoff = |job: Option<&Job>| job.and_then(|job| job.handoff.as_ref()).map(|handoff| handoff.to.clone());
    if before.is_some() && now.is_some() {
        put(found, format!("whom {job} hands over to"), handoff(before), handoff(now), Direction::Changed);
    }
}

fn gate_text(typed: &Typed, gate: &Gate) -> String {
    let mut text = people_text(typed, &gate.approvers);
    if gate.may_be_requester {
        text.push_str(", may be requester");
    }
    if let Some(after) = gate.expires {
        text.push_str(&format!(", expires {}", duration(after)));
    }
    for (people, after) in &gate.then {
        let after = after.map_or(String::new(), |after| format!(" {}", duration(after)));
        text.push_str(&format!(", then {}{after}", people_text(typed, people)));
    }
    text
}

fn people_text(typed: &Typed, people: &[Approver]) -> String {
    let one = |approver: &Approver| {
        let who = match &approver.who {
            ApproverKind::Role(role) => format!("role {}", typed.roles.get(role.index()).map_or("", |role| role.name.as_str())),
            ApproverKind::User => "user".to_owned(),
            ApproverKind::Identity(id) => format!("identity {}", text(typed, id.loc)),
        };
        if approver.quorum > 1 { format!("{} of {who}", approver.quorum) } else { who }
    };
    if people.is_empty() { "nobody".to_owned() } else { people.iter().map(one).collect::<Vec<_>>().join(" and ") }
}

fn limit_text(typed: &Typed, job: &Job, limit: &Limit) -> String {
    let measure = match &limit.measure {
        Measure::Count => "count()".to_owned(),
        Measure::CountDistinct(value) => format!("count(distinct {})", text(typed, value.loc)),
        Measure::Sum(value) => format!("sum({})", text(typed, value.loc)),
        Measure::Value(value) => text(typed, value.loc),
    };
    let window = match &limit.window {
        Window::Run => "per run".to_owned(),
        Window::Hour => "per hour".to_owned(),
        Window::Day(zone) if zone == "UTC" => "per day".to_owned(),
        Window::Day(zone) => format!("per day in zone \"{zone}\""),
        Window::Last(length) => format!("per last {}", duration(*length)),
    };
    let by: Vec<String> = limit.by.iter().map(|key| text(typed, key.loc)).collect();
    let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
    let otherwise = match limit.otherwise {
        LimitElse::Escalate => "escalate".to_owned(),
        LimitElse::Deny => "deny".to_owned(),
        LimitElse::Pause => "pause".to_owned(),
        LimitElse::Gate(at) => format!("gate {}", job.rules.get(at as usize).map_or("", |gate| gate.name.as_str())),
    };
    let sign = if limit.strict { "<" } else { "<=" };
    format!("{measure} {sign} {} {window}{by} else {otherwise}", text(typed, limit.bound.loc))
}

fn tools(found: &mut Vec<Change>, old: &Typed, new: &Typed) {
    let of = |typed: &Typed| -> Vec<(String, String)> {
        let on =
            |on: &Option<(String, String)>| on.as_ref().map_or("nothing".to_owned(), |(kind, name)| format!("{kind} \"{name}\""));
        typed.tools.iter().map(|tool| (tool.name.clone(), on(&tool.on))).collect()
    };
    for (name, was, is) in paired(of(old), of(new)) {
        // The calls that reach another system are others, whatever the rules say.
        let direction = if was.is_some() && is.is_some() { Direction::Looser } else { Direction::Changed };
        put(found, format!("what tool `{name}` is on"), was, is, direction);
    }
    let of = |typed: &Typed, say: &dyn Fn(&Verb) -> Option<String>| -> Vec<(String, String)> {
        let named = |at: u32| verb_name(crate::typed::VerbId(at), typed);
        (0_u32..).zip(&typed.verbs).filter_map(|(at, verb)| Some((named(at), say(verb)?))).collect()
    };
    let wire = |verb: &Verb| Some(verb.wire.clone());
    for (name, was, is) in paired(of(old, &wire), of(new, &wire)) {
        if was.is_some() && is.is_some() {
            put(found, format!("the tool that `{name}` calls"), was, is, Direction::Looser);
        }
    }
    let back = |typed: &Typed, verb: &Verb| match (&verb.undo, verb.irreversible) {
        (Some(undo), _) => Some(format!("undo {}", verb_name(undo.verb, typed))),
        (None, true) => Some("irreversible".to_owned()),
        (None, false) => None,
    };
    for (name, was, is) in paired(of(old, &|verb| back(old, verb)), of(new, &|verb| back(new, verb))) {
        let direction =
            if was.as_deref().is_some_and(|was| was.starts_with("undo")) { Direction::Looser } else { Direction::Changed };
        let exists =
            |typed: &Typed| (0_u32..).take(typed.verbs.len()).any(|at| verb_name(crate::typed::VerbId(at), typed) == name);
        if exists(old) && exists(new) {
            put(found, format!("how `{name}` is reversed"), was, is, direction);
        }
    }
}

fn sources(found: &mut Vec<Change>, old: &Typed, new: &Typed) {
    let fresh = |typed: &Typed| -> Vec<(String, Option<i64>)> {
        let fetched = typed.records.iter().filter_map(|record| Some((record.name.clone(), record.fetch.as_ref()?.fresh)));
        fetched.collect()
    };
    let (before, now) = (fresh(old), fresh(new));
    for (name, is) in &now {
        let Some((_, was)) = before.iter().find(|(known, _)| known == name) else { continue };
        let said = |value: &Option<i64>| Some(value.map_or("for ever".to_owned(), |value| format!("for {}", duration(value))));
        let length = |value: &Option<i64>| value.unwrap_or(i64::MAX);
        let direction = if length(is) > length(was) { Direction::Looser } else { Direction::Tighter };
        put(found, format!("how long `{name}` is fresh"), said(was), said(is), direction);
    }
    let means = |typed: &Typed| -> Vec<(String, String)> {
        let fetched =
            typed.records.iter().filter_map(|record| Some((record.name.clone(), text(typed, record.fetch.as_ref()?.loc))));
        fetched.collect()
    };
    for (name, was, is) in paired(means(old), means(new)) {
        put(found, format!("how `{name}` is fetched"), was, is, Direction::Changed);
    }
}

/// The text of a place, on one line.
fn text(typed: &Typed, loc: Loc) -> String {
    let source = typed.files.get(loc.file.index()).map_or("", |file| file.text.as_str());
    on_one_line(loc.span.text(source))
}

/// `15m`: in the largest unit that it is made of.
fn duration(nanoseconds: i64) -> String {
    const UNITS: [(i64, &str); 5] =
        [(86_400_000_000_000, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms")];
    let unit = UNITS.iter().find(|(length, _)| nanoseconds.checked_rem(*length) == Some(0));
    unit.map_or_else(
        || format!("{nanoseconds}ns"),
        |(length, name)| format!("{}{name}", nanoseconds.checked_div(*length).unwrap_or(0)),
    )
}
