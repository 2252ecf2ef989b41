//! The corpus: short stories over random policies, each the first that was met of its kind and cut down to the events that it takes.
//!
//! What an answer is stands in the file as a person would say it, with a digest of the whole. Files are read and written by `vectors`.

use crate::both::Both;
use crate::generate::Story;
use crate::modes::{placeless, replay};
use crate::random::Ready;
use crate::vectors::{File, Step, Vector};
use agentc_compiler::typed::{Expr, ExprKind, LimitElse, Measure, Rule, RuleKind, Typed, Window};
use agentc_runtime::answer::{Answer, Outcome};
use agentc_runtime::event::{Event, EventKind};
use agentc_runtime::library::Library;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Stories over each policy in search of cases.
const STORIES: u64 = 60;
/// About so many events in them.
const LENGTH: usize = 24;
/// Arguments that are tried before each call.
const TRIES: usize = 6;

/// An answer in a line: its outcome, what decided, what fired, what it asks for, and a digest of all that it carries.
#[must_use]
pub fn line(answer: &Answer) -> String {
    let mut line = answer.outcome.name().to_owned();
    if let Some(by) = &answer.by {
        line.push_str(&format!(" by {}", by.rule));
    }
    let others: Vec<&str> = answer
        .fired
        .iter()
        .map(|fired| fired.rule.as_str())
        .filter(|name| answer.by.as_ref().is_none_or(|by| by.rule != **name))
        .collect();
    if !others.is_empty() {
        line.push_str(&format!(", fired {}", others.join(" ")));
    }
    match &answer.outcome {
        Outcome::Need(needs) => {
            let needs: Vec<String> = needs.iter().map(|need| format!("{}[{}]", need.record, need.key.masked)).collect();
            line.push_str(&format!(", needs {}", needs.join(" ")));
        }
        Outcome::Approval(requests) => {
            let gates: Vec<&str> = requests.iter().map(|request| request.gate.rule.as_str()).collect();
            line.push_str(&format!(", asks {}", gates.join(" ")));
        }
        _ => {}
    }
    for settled in &answer.settled {
        line.push_str(&format!(", expired {}", settled.gate));
    }
    if let Some(handoff) = &answer.escalated {
        line.push_str(&format!(", escalated by {}", handoff.by.rule));
    }
    let digest = Sha256::digest(placeless(answer).as_bytes());
    let short: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{line} #{short}")
}

/// What kind of case an answer is: the event, the outcome, the kind of what decided, with which operators, and why what it does not know is
/// unknown.
#[must_use]
pub fn signature(typed: &Typed, event: &Event, answer: &Answer) -> String {
    let rules: BTreeMap<&str, &Rule> =
        typed.jobs.iter().flat_map(|job| &job.rules).map(|rule| (rule.name.as_str(), rule)).collect();
    let mut signature = format!("{} {}", event.kind.name(), answer.outcome.name());
    let fired = answer.by.iter().chain(&answer.fired).chain(&answer.shadow);
    let mut kinds: Vec<String> = Vec::new();
    for (place, one) in fired.enumerate() {
        let kind = rules.get(one.rule.as_str()).map_or_else(|| one.rule.clone(), |rule| kind(rule));
        if place == 0 {
            signature.push_str(&format!(" by {kind}"));
            if let Some(condition) = rules.get(one.rule.as_str()).and_then(|rule| rule.condition.as_ref()) {
                let mut operators = BTreeSet::new();
                note(typed, condition, &mut operators);
                signature.push_str(&format!(" ({})", operators.into_iter().collect::<Vec<_>>().join(" ")));
            }
        } else if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if !kinds.is_empty() {
        signature.push_str(&format!(", {}", kinds.join(", ")));
    }
    let unknown: BTreeSet<String> =
        answer.values.iter().filter_map(|value| value.value.as_ref().err()).map(|why| unquoted(why)).collect();
    for why in unknown {
        signature.push_str(&format!(", {why}"));
    }
    let retry = match answer.retry {
        agentc_runtime::answer::Retry::After(_) => "after a time".to_owned(),
        other => format!("{other:?}"),
    };
    signature.push_str(&format!(", {retry}"));
    if !answer.settled.is_empty() {
        signature.push_str(", expired");
    }
    if answer.escalated.is_some() {
        signature.push_str(", escalated");
    }
    signature
}

/// A reason without the names in it.
fn unquoted(why: &str) -> String {
    why.split('`').step_by(2).collect::<Vec<_>>().join("…")
}

fn kind(rule: &Rule) -> String {
    let name = match &rule.kind {
        RuleKind::Allow { rows, hiding, .. } if rows.is_some() || !hiding.is_empty() => "allow showing".to_owned(),
        RuleKind::Allow { .. } => "allow".to_owned(),
        RuleKind::Never => "never".to_owned(),
        RuleKind::Gate(gate) => format!("gate of {}{}", gate.approvers.len(), if gate.then.is_empty() { "" } else { " then" }),
        RuleKind::Escalate => "escalate".to_owned(),
        RuleKind::OnFailure { tries } => format!("on failure after {tries}"),
        RuleKind::Require { since_last, .. } => format!("require{}", if since_last.is_some() { " since" } else { "" }),
        RuleKind::Limit(limit) => {
            let measure = match limit.measure {
                Measure::Count => "count",
                Measure::CountDistinct(_) => "distinct",
                Measure::Sum(_) => "sum",
                Measure::Value(_) => "value",
            };
            let window = match limit.window {
                Window::Run => "run",
                Window::Hour => "hour",
                Window::Day(_) => "day",
                Window::Last(_) => "last",
            };
            let otherwise = match limit.otherwise {
                LimitElse::Escalate => "escalate",
                LimitElse::Deny => "deny",
                LimitElse::Gate(_) => "gate",
                LimitElse::Pause => "pause",
            };
            format!("limit {measure} per {window} else {otherwise}{}", if limit.by.is_empty() { "" } else { " by" })
        }
    };
    if rule.shadow { format!("shadow {name}") } else { name }
}

fn note(typed: &Typed, expr: &Expr, into: &mut BTreeSet<String>) {
    let name = match &expr.kind {
        ExprKind::Const(_) | ExprKind::ToOptional(_) | ExprKind::ToKey(_) | ExprKind::Local(_) | ExprKind::Field(..) => None,
        ExprKind::Compare(op, left, _) => Some(format!("{op:?}:{}", scalar(&left.ty))),
        ExprKind::Call(function, _) => Some(function.0.name.to_owned()),
        ExprKind::Quantified(how, ..) => Some(format!("{how:?}")),
        ExprKind::Arithmetic(op, ..) => Some(format!("{op:?}")),
        other => format!("{other:?}").split(['(', ' ']).next().map(str::to_owned),
    };
    into.extend(name);
    if let ExprKind::Let(id) = &expr.kind {
        note(typed, &typed.lets[id.index()].value, into);
    }
    expr.kind.operands().into_iter().for_each(|operand| note(typed, operand, into));
}

fn scalar(ty: &agentc_compiler::typed::Type) -> String {
    format!("{ty:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// The cases that the policy of a seed adds to those whose kinds are known.
pub fn collect(ready: &Ready, seed: u64, known: &mut BTreeSet<String>, most: usize) -> Vec<Vector> {
    let pool = ready.pool(seed);
    let mut cases = Vec::new();
    for story in 0..STORIES {
        let mut both = Both::new(&ready.policy, &ready.typed);
        let told = Story::new(&ready.typed, &pool, 7_000_000 + story).aiming(TRIES).tell(&mut both, LENGTH);
        for (at, (_, event)) in told.events.iter().enumerate() {
            if cases.len() >= most {
                return cases;
            }
            let kind = signature(&ready.typed, event, &both.answers[at]);
            if known.contains(&kind) {
                continue;
            }
            let events = fewest(ready, told.events[..=at].to_vec(), &kind);
            known.insert(kind.clone());
            // What has no answers by all ways is a fault of the product, and the differential suite's to tell.
            if let Some(steps) = steps(ready, &events).filter(|_| ready.differences(&events).is_empty()) {
                cases.push(Vector { name: kind, steps });
            }
        }
    }
    cases
}

/// The fewest events, the last among them, whose last answer is still of that kind.
fn fewest(ready: &Ready, mut events: Vec<(String, Event)>, kind: &str) -> Vec<(String, Event)> {
    let mut at = events.len() - 1;
    while at > 0 {
        at -= 1;
        let mut fewer = events.clone();
        fewer.remove(at);
        if is_told(&fewer) && last_kind(ready, &fewer).as_deref() == Some(kind) {
            events = fewer;
        }
    }
    events
}

/// Whether each event's run is open by then.
fn is_told(events: &[(String, Event)]) -> bool {
    let opens = |run: &String, before: &[(String, Event)]| {
        before.iter().any(|(of, event)| of == run && matches!(event.kind, EventKind::Open(_)))
    };
    events.iter().enumerate().all(|(at, (run, event))| matches!(event.kind, EventKind::Open(_)) || opens(run, &events[..at]))
}

fn last_kind(ready: &Ready, events: &[(String, Event)]) -> Option<String> {
    let answers = replay(&ready.policy, events)?;
    Some(signature(&ready.typed, &events.last()?.1, answers.last()?))
}

/// The events and, as the reference evaluator and the runtime agree, their answers.
fn steps(ready: &Ready, events: &[(String, Event)]) -> Option<Vec<Step>> {
    let answers = replay(&ready.policy, events)?;
    let steps = events.iter().zip(&answers).map(|((run, event), answer)| Step {
        run: run.clone(),
        event: event.to_json().to_string(),
        answer: Ok(line(answer)),
    });
    Some(steps.collect())
}

/// Replays the cases of a file by every way. The file as its answers are now, and what differs from what it says.
///
/// # Errors
/// Why the policy or an event cannot be read.
pub fn check(text: &str, file: &File, library: &Library) -> Result<(File, Vec<String>), String> {
    let ready = Ready::of(text.to_owned(), library).ok_or_else(|| format!("{} does not compile", file.policy))?;
    let mut now = file.clone();
    let mut wrong = Vec::new();
    for vector in &mut now.vectors {
        let read = |step: &Step| {
            Event::read(step.event.as_bytes()).map(|event| (step.run.clone(), event)).map_err(|error| error.to_string())
        };
        let events: Vec<(String, Event)> = vector.steps.iter().map(read).collect::<Result<_, _>>()?;
        let place = format!("{}, {}", file.policy, vector.name);
        // The reference evaluator, the runtime at both levels of detail, and the other ways.
        wrong.extend(ready.differences(&events).into_iter().map(|line| format!("{place}: {line}")));
        let answers = replay(&ready.policy, &events).ok_or_else(|| format!("{place}: a run is not open"))?;
        for (step, answer) in vector.steps.iter_mut().zip(&answers) {
            let said = Ok(line(answer));
            if step.answer != said {
                wrong.push(format!("{place}\n    {}\n    is answered {said:?}, the file says {:?}", step.event, step.answer));
                step.answer = said;
            }
        }
    }
    Ok((now, wrong))
}
