//! A run as a person reads it: what set it off, what was asked and answered by which line of the policy, what was looked at, what
//! changed, who approved, where it stopped.

mod summary;

pub use summary::summary;

use agentc_runtime::json::Json;

/// One event and its answer, as the lines of a trace hold them, in words. Several lines, each with its newline.
#[must_use]
pub fn told(event: &Json, answer: &Json) -> String {
    let mut lines = Lines::default();
    lines.push(0, &format!("{}  {}", when(event, answer), said(event)));
    decided(&mut lines, answer);
    lines.0
}

/// When an event counted; also what it says itself where that is another time: time never runs backwards in a run.
fn when(event: &Json, answer: &Json) -> String {
    let (said, counted) = (text(event, "at"), text(answer, "at"));
    let time = |text: &str| text.parse::<jiff::Timestamp>().ok();
    if counted.is_empty() || said == counted || time(said) == time(counted) {
        said.to_owned()
    } else {
        format!("{counted} (the event says {said})")
    }
}

/// A call by its id; one that undoes another is told by that.
fn call_of(id: &str) -> String {
    id.strip_prefix("undo/").map_or_else(|| id.to_owned(), |undone| format!("the undoing of {undone}"))
}

/// Lines, indented below the first.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn push(&mut self, depth: usize, line: &str) {
        for _ in 0..depth {
            self.0.push_str("    ");
        }
        self.0.extend(line.chars().map(|character| if misleads(character) { '\u{fffd}' } else { character }));
        self.0.push('\n');
    }
}

/// Whether a character would do something to the terminal or to the order of what stands in the line: a line end or an escape in the
/// name of a verb, which the agent chooses, could else write lines of its own into the story.
fn misleads(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn text<'j>(json: &'j Json, name: &str) -> &'j str {
    json.get(name).and_then(Json::as_text).unwrap_or_default()
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json.get(name).and_then(Json::as_list).unwrap_or_default()
}

/// A record by its key, `Pull["acme/site", 7]`.
fn record_of(json: &Json) -> String {
    let key = match json.get("key") {
        Some(Json::List(parts)) => parts.iter().map(Json::to_string).collect::<Vec<_>>().join(", "),
        key => shown(key),
    };
    format!("{}[{key}]", text(json, "record"))
}

/// A value in one line; the dash stands for a member that is not there.
fn shown(json: Option<&Json>) -> String {
    json.map_or_else(|| "-".to_owned(), Json::to_string)
}

fn person(event: &Json) -> String {
    let Some(by) = event.get("by") else { return String::new() };
    let roles: Vec<&str> = list(by, "roles").iter().filter_map(Json::as_text).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(" ({})", roles.join(", ")) };
    format!("{}{roles}", text(by, "id"))
}

/// What an event says.
fn said(event: &Json) -> String {
    match text(event, "event") {
        "open" => {
            format!("the job `{}` begins as run `{}` with {}", text(event, "job"), text(event, "run"), shown(event.get("input")))
        }
        "call" => {
            let args = match event.get("args") {
                // Of a verb that nothing declares nobody knows what is secret.
                Some(Json::Text(_)) => "with arguments that are not shown, because they fit no declared call".to_owned(),
                args => shown(args),
            };
            format!("{}: the agent wants `{}` {args}", text(event, "id"), text(event, "verb"))
        }
        "result" => {
            let how = match (event.get("value"), event.get("refused")) {
                (Some(value), _) => format!("answered {value}"),
                (None, Some(code)) => format!("was refused with {code}"),
                (None, None) => "has an unclear outcome".to_owned(),
            };
            format!("{}: the call {how}", text(event, "id"))
        }
        "record" => {
            let found = match (event.get("value"), event.get("absent")) {
                (Some(value), _) => value.to_string(),
                (None, Some(_)) => "absent".to_owned(),
                (None, None) => "unavailable".to_owned(),
            };
            format!("{} says {} is {found}", text(event, "source"), record_of(event))
        }
        "approval" => {
            let word = if event.get("approve").and_then(Json::as_bool) == Some(true) { "approves" } else { "refuses" };
            format!("{} {word} {}", person(event), text(event, "request"))
        }
        "usage" => format!("used: cost {}, tokens {}", shown(event.get("cost")), shown(event.get("tokens"))),
        "signal" => {
            let confidence = event.get("confidence").map(|confidence| format!("confidence {confidence}"));
            let signals = event.get("signals").map(Json::to_string);
            format!("signalled: {}", confidence.into_iter().chain(signals).collect::<Vec<_>>().join(", "))
        }
        "tick" => "time passes".to_owned(),
        name @ ("pause" | "resume") => format!("{} {name}s the {} {}", person(event), text(event, "scope"), text(event, "verb")),
        "undo" => {
            let what = event
                .get("call")
                .and_then(Json::as_text)
                .map_or_else(|| "the whole run".to_owned(), |call| format!("call {call}"));
            format!("{} wants {what} undone", person(event))
        }
        "end" => "the run ends".to_owned(),
        other => format!("`{other}`"),
    }
}

/// The rule and its line, `large_refund (refunds.agentpolicy:64)`.
fn rule(by: &Json) -> String {
    let place = match (by.get("file").and_then(Json::as_text), by.get("line")) {
        (Some(file), Some(line)) => format!(" ({file}:{line})"),
        _ => String::new(),
    };
    format!("{}{place}", text(by, "rule"))
}

fn decided(lines: &mut Lines, answer: &Json) {
    let by = answer.get("by").map(|by| format!(" by {}", rule(by))).unwrap_or_default();
    lines.push(1, &format!("→ {}{by}", text(answer, "outcome")));
    // What was allowed or taken says enough by itself; what was asked for says it below.
    if !matches!(text(answer, "outcome"), "allow" | "taken" | "need") {
        lines.push(2, text(answer, "person"));
    }
    if text(answer, "outcome") != "need" {
        for value in list(answer, "values") {
            lines.push(2, &read(value));
        }
    }
    for need in list(answer, "needs") {
        lines.push(2, &format!("needs {} from {}: {}", record_of(need), text(need, "source"), text(need, "why")));
    }
    for request in list(answer, "approvals") {
        let gate = request.get("gate").map(rule).unwrap_or_default();
        lines.push(2, &format!("asks {} as {}: {gate}", approvers(request), text(request, "request")));
        for show in list(request, "show") {
            lines.push(3, &labelled(show));
        }
    }
    for shadow in list(answer, "shadow") {
        lines.push(2, &format!("would have fired, were it no shadow: {}", rule(shadow)));
    }
    for settled in list(answer, "settled") {
        lines.push(2, &format!("nobody answered {} in time: {}", text(settled, "request"), text(settled, "then")));
    }
    for undo in list(answer, "undo") {
        let word = if undo.get("allowed").and_then(Json::as_bool) == Some(true) { "is undone by" } else { "is not undone by" };
        lines.push(2, &format!("{} {word} `{}` {}", text(undo, "call"), text(undo, "verb"), shown(undo.get("args"))));
    }
    if let Some(handoff) = answer.get("escalated") {
        handed_over(lines, handoff);
    }
}

fn labelled(value: &Json) -> String {
    let known = value.get("value").map_or_else(|| format!("unknown: {}", text(value, "unknown")), amounts);
    format!("{} = {known}", text(value, "label"))
}

/// A value as JSON, with amounts as a policy writes them: `40 USD`.
pub(crate) fn amounts(value: &Json) -> String {
    let listed = |parts: Vec<String>| parts.join(",");
    match value {
        Json::Object(members) => match members.as_slice() {
            [(first, Json::Number(amount)), (second, Json::Text(currency))] if first == "amount" && second == "currency" => {
                format!("{} {currency}", amount.as_str())
            }
            _ => {
                let member = |(name, value): &(String, Json)| format!("{}:{}", Json::text(name.as_str()), amounts(value));
                format!("{{{}}}", listed(members.iter().map(member).collect()))
            }
        },
        Json::List(members) => format!("[{}]", listed(members.iter().map(amounts).collect())),
        plain => plain.to_string(),
    }
}

/// A value that decided, with where it comes from and its age.
fn read(value: &Json) -> String {
    let age = value.get("age_seconds").map(|age| format!(", {age} s old")).unwrap_or_default();
    format!("{} ({}{age})", labelled(value), text(value, "provenance"))
}

fn approvers(request: &Json) -> String {
    let groups = list(request, "approvers").iter().map(|group| {
        let quorum = shown(group.get("quorum"));
        let who = ["role", "user", "identity"].iter().find_map(|kind| Some(format!("{kind} {}", group.get(kind)?.as_text()?)));
        format!("{quorum} of {}", who.unwrap_or_default())
    });
    groups.collect::<Vec<_>>().join(" and ")
}

fn handed_over(lines: &mut Lines, handoff: &Json) {
    let to = match text(handoff, "to") {
        "" => "nobody in particular: the job has no `handoff`".to_owned(),
        to => to.to_owned(),
    };
    let by = handoff.get("by").map(rule).unwrap_or_default();
    lines.push(2, &format!("the run is stopped by {by} and handed over to {to}"));
    for changed in list(handoff, "changed") {
        let what = match changed.get("key") {
            Some(_) => record_of(changed),
            None => format!("any {}", text(changed, "record")),
        };
        lines.push(3, &format!("{} may have changed {what}", call_of(text(changed, "call"))));
    }
    for undo in list(handoff, "undoable") {
        let until = undo.get("until").and_then(Json::as_text).map(|until| format!(" until {until}")).unwrap_or_default();
        lines.push(3, &format!("{} can be undone by `{}`{until}", call_of(text(undo, "call")), text(undo, "verb")));
    }
    if let Some(expect) = handoff.get("expect").and_then(Json::as_text) {
        lines.push(3, &format!("to be decided: {expect}"));
    }
}
