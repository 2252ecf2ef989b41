//! Whole answers of both evaluators side by side.
//!
//! What the runtime alone composes is left out: sentences for people and for the model, why something is unknown, and digests. Everything else
//! must be equal, but for one member that the language leaves room in: an allow may hold for less long than would be right, down to
//! the first moment at which anything that it looked at grows too old.

use crate::oracle::said::Said;
use agentc_runtime::answer::{Answer, Decided, Expired, Outcome, Request};
use agentc_runtime::json::Json;

/// How the runtime's answer differs from the reference evaluator's, line by line; nothing where it does not.
pub fn differences(native: &Answer, slow: &Said) -> Vec<String> {
    let mut left = bare(native.clone());
    let mut right = bare(slow.answer.clone());
    let mut lines = validity(&mut left, &mut right, slow);
    walk("", &left.to_json(), &right.to_json(), &mut lines);
    if lines.is_empty() {
        walk("trace", &left.to_trace(), &right.to_trace(), &mut lines);
    }
    lines
}

fn validity(native: &mut Answer, slow: &mut Answer, said: &Said) -> Vec<String> {
    let (Outcome::Allow(native), Outcome::Allow(slow)) = (&mut native.outcome, &mut slow.outcome) else { return Vec::new() };
    let (held, most) = (native.valid_until.take(), slow.valid_until.take());
    let too_long = match (held, most) {
        (Some(held), Some(most)) => held > most,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    let too_short = match (held, said.least_validity) {
        (Some(held), Some(least)) => held < least,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if too_long || too_short {
        return vec![format!("allow.valid_until: runtime {held:?}, reference from {:?} to {most:?}", said.least_validity)];
    }
    Vec::new()
}

/// The answer without what only the runtime composes.
fn bare(mut answer: Answer) -> Answer {
    answer.model.clear();
    answer.person.clear();
    for value in &mut answer.values {
        bare_value(value);
    }
    match &mut answer.outcome {
        Outcome::Approval(requests) => requests.iter_mut().for_each(bare_request),
        Outcome::Undo(calls) => calls.iter_mut().for_each(|call| call.why.clear()),
        Outcome::Verdict(verdict) => verdict.why.clear(),
        _ => {}
    }
    for settled in &mut answer.settled {
        if let Expired::NextStage(request) = &mut settled.then {
            bare_request(request);
        }
    }
    if let Some(handoff) = &mut answer.escalated {
        handoff.why.clear();
        handoff.show.iter_mut().for_each(|(_, value)| bare_known(value));
    }
    answer
}

fn bare_value(value: &mut Decided) {
    bare_known(&mut value.value);
}

fn bare_request(request: &mut Request) {
    request.binds.clear();
    request.show.iter_mut().chain(&mut request.values).for_each(|(_, value)| bare_known(value));
    for (_, before, after) in &mut request.difference {
        for json in [before, after] {
            if json.get("unknown").is_some() {
                *json = Json::Null;
            }
        }
    }
}

fn bare_known(value: &mut Result<Json, String>) {
    if let Err(why) = value {
        why.clear();
    }
}

fn walk(place: &str, native: &Json, slow: &Json, lines: &mut Vec<String>) {
    match (native, slow) {
        (Json::Object(left), Json::Object(right)) => {
            let mut names: Vec<&String> = left.iter().chain(right).map(|(name, _)| name).collect();
            names.sort();
            names.dedup();
            for name in names {
                let inner = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                let missing = Json::Text("(not there)".to_owned());
                walk(&inner, native.get(name).unwrap_or(&missing), slow.get(name).unwrap_or(&missing), lines);
            }
        }
        (Json::List(left), Json::List(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                walk(&format!("{place}[{index}]"), left, right, lines);
            }
        }
        (left, right) if left != right => lines.push(format!("{place}: runtime {left}, reference {right}")),
        _ => {}
    }
}
