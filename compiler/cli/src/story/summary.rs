//! What a whole run comes to.

use super::{list, rule, shown, text};
use agentc_runtime::json::Json;
use agentc_runtime::trace::Line;
use std::collections::BTreeMap;

/// What became of one call.
#[derive(Default)]
struct Call {
    verb: String,
    outcome: String,
    by: String,
    result: Option<String>,
}

/// The run in a few lines: what set it off, calls, records, approvals, where it stopped.
#[must_use]
pub fn summary(lines: &[Line]) -> String {
    let mut calls: BTreeMap<String, Call> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut records: BTreeMap<String, String> = BTreeMap::new();
    let mut people: Vec<String> = Vec::new();
    let mut stopped = None;
    let mut verdict = None;
    for line in lines {
        match text(&line.event, "event") {
            "call" => {
                let id = text(&line.event, "id").to_owned();
                if !calls.contains_key(&id) {
                    order.push(id.clone());
                }
                let call = calls.entry(id).or_default();
                text(&line.event, "verb").clone_into(&mut call.verb);
            }
            "result" if text(&line.answer, "outcome") != "refused" => {
                if let Some(call) = calls.get_mut(text(&line.event, "id")) {
                    call.result = Some(reported(&line.event).to_owned());
                }
            }
            "record" => {
                let name = super::record_of(&line.event);
                let read_at = text(&line.event, "read_at");
                let at = if read_at.is_empty() { text(&line.event, "at") } else { read_at };
                records.insert(name, at.to_owned());
            }
            "approval" | "pause" | "resume" | "undo" => people.push(super::said(&line.event).trim_end().to_owned()),
            _ => {}
        }
        // A refused answer (an approver who may not answer, say) leaves the call as it was decided; so does a later undoing of it.
        let decides = matches!(text(&line.event, "event"), "call" | "approval") && text(&line.answer, "outcome") != "refused";
        if let Some(call) = calls.get_mut(text(&line.answer, "call"))
            && decides
        {
            text(&line.answer, "outcome").clone_into(&mut call.outcome);
            call.by = line.answer.get("by").map(rule).unwrap_or_default();
        }
        if let Some(handoff) = line.answer.get("escalated") {
            stopped =
                Some(format!("by {}, handed over to {}", handoff.get("by").map(rule).unwrap_or_default(), text(handoff, "to")));
        }
        verdict = line.answer.get("verdict").or(verdict);
    }
    write(lines, &order, &calls, &records, &people, stopped, verdict)
}

fn reported(event: &Json) -> &'static str {
    match (event.get("value"), event.get("refused")) {
        (Some(_), _) => "done",
        (None, Some(_)) => "refused by the tool",
        (None, None) => "unclear",
    }
}

fn write(
    lines: &[Line],
    order: &[String],
    calls: &BTreeMap<String, Call>,
    records: &BTreeMap<String, String>,
    people: &[String],
    stopped: Option<String>,
    verdict: Option<&Json>,
) -> String {
    let mut out = Vec::new();
    if let Some(open) = lines.first().map(|line| &line.event) {
        out.push(format!("set off by    {} for {}", shown(open.get("input")), who(open)));
    }
    for (at, id) in order.iter().enumerate() {
        let label = if at == 0 { "calls        " } else { "             " };
        if let Some(call) = calls.get(id) {
            let result = call.result.as_ref().map(|result| format!(", {result}")).unwrap_or_default();
            let by = if call.by.is_empty() { String::new() } else { format!(" by {}", call.by) };
            out.push(format!("{label} {id} {}: {}{result}{by}", call.verb, call.outcome));
        }
    }
    for (at, (record, read_at)) in records.iter().enumerate() {
        let label = if at == 0 { "looked at    " } else { "             " };
        out.push(format!("{label} {record}, read {read_at}"));
    }
    for (at, person) in people.iter().enumerate() {
        let label = if at == 0 { "people       " } else { "             " };
        out.push(format!("{label} {person}"));
    }
    match (stopped, verdict) {
        (Some(stopped), _) => out.push(format!("stopped       {stopped}")),
        (None, Some(verdict)) => {
            let done = verdict.get("done").and_then(Json::as_bool) == Some(true);
            out.push(format!("ended         {}: {}", if done { "done" } else { "not done" }, text(verdict, "why")));
            for id in list(verdict, "unsettled").iter().filter_map(Json::as_text) {
                out.push(format!("unsettled     {id}"));
            }
        }
        (None, None) => {
            out.push("it goes on    or the file was cut after its last line: nothing says that the run ended".to_owned())
        }
    }
    out.join("\n")
}

fn who(open: &Json) -> String {
    let id = |name: &str| open.get(name).map(|identity| text(identity, "id").to_owned());
    match (id("agent"), id("user")) {
        (Some(agent), Some(user)) => format!("agent {agent}, user {user}"),
        (Some(agent), None) => format!("agent {agent}"),
        _ => "nobody".to_owned(),
    }
}
