//! Rules about history, in Dogwood's shape: a room is open to those who asked for it, and closed to those who were reported there.
//!
//! Two rules a room. What happened before is 200 calls that came to a good end; the requests are guests at doors.

pub mod engine;

use fastrand::Rng;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// When the history begins, and when the requests come.
pub const AT: &str = "2026-05-04T10:00:00Z";

/// How many calls came before.
pub const EVENTS: usize = 200;

/// How many requests there are.
const REQUESTS: usize = 256;

/// People who come and go.
const GUESTS: usize = 20;

/// The policies in both languages, the history and the requests, written into a case's folder.
///
/// # Errors
/// What cannot be written.
pub fn write(rules: usize, seed: u64, folder: &Path) -> Result<(), String> {
    let rooms = rules / 2;
    let mut chance = Rng::with_seed(seed);
    // A few rooms are where most things happen, so that guests and rooms meet again.
    let busy = rooms.min(20);
    let visit = |chance: &mut Rng| json!({ "room": format!("room-{}", chance.usize(0..busy)), "guest": format!("guest-{}", chance.usize(0..GUESTS)) });
    let history: Vec<Value> =
        (0..EVENTS).map(|at| json!({ "verb": if at % 5 == 4 { "report" } else { "ask" }, "args": visit(&mut chance) })).collect();
    let call = |number: usize| {
        // Two of three guests asked for some room before.
        let args = if number % 3 == 0 { visit(&mut chance) } else { history[chance.usize(0..EVENTS)]["args"].clone() };
        json!({ "event": "call", "id": format!("q{number}"), "verb": "enter", "args": args, "at": AT }).to_string()
    };
    let requests: Vec<String> = (0..REQUESTS).map(call).collect();
    let write = |name: &str, text: String| fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"));
    write("agents.agentpolicy", agentc(rooms))?;
    write("policies.dw", dogwood(rooms))?;
    write("schema.cedarschema", SCHEMA.to_owned())?;
    write("events.schema", EVENT_SCHEMA.to_owned())?;
    write("history.txt", history.iter().map(|event| format!("{event}\n")).collect())?;
    write("requests.txt", requests.iter().map(|line| format!("0 {line}\n")).collect())
}

fn agentc(rooms: usize) -> String {
    let rule = |at: usize| {
        let here = format!("room == \"room-{at}\"");
        let before = format!("where args.guest == guest and args.room == \"room-{at}\"");
        format!(
            "  allow open_{at} on write house.enter when {here} and happened(house.ask {before})\n  never closed_{at} on house.enter when {here} and \
             happened(house.report {before})\n"
        )
    };
    let rules: String = (0..rooms).map(rule).collect();
    format!(
        r#"policy bench.rooms {{ version "1"; owner "ops@example.com" }}
role porter
tool house on mcp "house" {{
  write ask(room: Text, guest: Text) {{ changes nothing; irreversible }}
  write report(room: Text, guest: Text) {{ changes nothing; irreversible }}
  write enter(room: Text, guest: Text) {{ changes nothing; irreversible }}
}}
job door {{
  purpose "Open rooms to those who asked for them."
  input {{ house: Text }}
  done when run.calls > 0
  allow write house.ask, house.report
{rules}  handoff to "porters" {{ show trace }}
  pause by role porter
}}
"#
    )
}

fn dogwood(rooms: usize) -> String {
    let rule = |at: usize| {
        let rule = |word: &str, action: &str| {
            format!(
                "{word}(principal, action == House::Action::\"Enter\", resource)\nwhen {{ context.input.room == \"room-{at}\" }}\nwhen temporal {{\n  formerly \
                 within 24h House::Action::\"{action}\"::response{{ input.guest: context.input.guest, input.room: \"room-{at}\", output.result: true \
                 }}\n}};\n"
            )
        };
        rule("permit", "Ask") + &rule("forbid", "Report")
    };
    (0..rooms).map(rule).collect()
}

const SCHEMA: &str = r#"namespace House {
  type Visit = { room: String, guest: String };
  type Done = { result: Bool };
  entity Door;
  entity Porter;
  action "Ask", "Report", "Enter" appliesTo {
    principal: [Porter], resource: [Door], context: { input: Visit, output: Done }
  };
}
"#;

/// Requests are decided, responses are what came of them; nothing is pinned to a caller.
const EVENT_SCHEMA: &str = r#"max_window = 24h

decision event <A>::request {
    ...inputs(A),
    callerPrincipal: principalType(A),
    callerResource: resourceType(A),
    requestId: String,
    sessionId: String,
}
event <A>::response {
    ...inputs(A),
    ...outputs(A),
    callerPrincipal: principalType(A),
    callerResource: resourceType(A),
    requestId: String,
    sessionId: String,
}
"#;
