//! What bytes from outside may do: be read, or be refused. One function for each door; it panics where something else happens.
//!
//! `tests/fuzz` drives these with libFuzzer, `tests/suite/inputs.rs` with seeds and damage of its own. They use nothing of this crate, so that
//! both can.

use agentc_compiler::compile;
use agentc_compiler::source::Loader;
use agentc_compiler::tools::{self, ToolList, import};
use agentc_compiler::typed::SourceFile;
use agentc_grammar::format::{Refusal, format};
use agentc_grammar::parse::parse;
use agentc_grammar::token::tokenize;
use agentc_runtime::artifact;
use agentc_runtime::cell::{CellKey, Snapshot, Versioned, Write};
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::json::{Form, Json};
use agentc_runtime::policy::Policy;
use agentc_runtime::run::Run;
use agentc_runtime::trace;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A policy that events and tool lists are held against.
pub const DESK: &str = include_str!("../fail_closed/desk.agentpolicy");

/// Sources longer than this are parsed and formatted, not checked.
const CHECKED: usize = 6000;

struct Alone;

impl Loader for Alone {
    fn load(&self, _: &str) -> Option<SourceFile> {
        None
    }
}

fn compiled(text: &str) -> agentc_compiler::Compiled {
    let root = SourceFile { name: "input.agentpolicy".to_owned(), text: text.to_owned() };
    compile(root, &Alone, &agentc_stdlib::library())
}

/// The text of a policy: tokens hold every byte, what is formatted means the same and stays as it is, and the checker ends.
pub fn source(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let tokens = tokenize(text);
    let whole: String = tokens.list.iter().map(|token| tokens.text(*token)).collect();
    assert_eq!(whole, text, "the tokens do not hold the source");
    let parsed = parse(text);
    match format(text) {
        Ok(formatted) => {
            assert!(parsed.errors.is_empty(), "a source with mistakes was formatted");
            assert_eq!(format(&formatted).as_deref(), Ok(formatted.as_str()), "formatting again changes it");
        }
        Err(Refusal::Mistakes(_)) => {}
        Err(Refusal::Changed(formatted)) => panic!("formatting changed the meaning:\n{formatted}"),
    }
    if text.len() > CHECKED {
        return;
    }
    if let Some(program) = compiled(text).program {
        let policy = Policy::new(program, &agentc_stdlib::library())
            .unwrap_or_else(|error| panic!("what was compiled cannot be loaded: {error}"));
        drive(&policy);
    }
}

/// The bytes of an artifact: refused, or a policy that decides. Bytes that are no artifact are also tried as the payload of one, with the
/// digest that belongs to them.
pub fn artifact_bytes(bytes: &[u8]) {
    let library = agentc_stdlib::library();
    if let Ok(policy) = Policy::load(bytes, &library) {
        drive(&policy);
    }
    if let Ok(policy) = Policy::load(&sealed(bytes), &library) {
        let again =
            artifact::encode(policy.program()).unwrap_or_else(|error| panic!("what was loaded cannot be written: {error}"));
        assert!(Policy::load(&again, &library).is_ok(), "what was written cannot be loaded");
        drive(&policy);
    }
}

/// A payload as an artifact, with its right digest: else every damage would be found by the digest alone.
#[must_use]
pub fn sealed(payload: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89agentc\n".to_vec();
    bytes.extend(artifact::FORMAT.to_le_bytes());
    bytes.extend((payload.len() as u64).to_le_bytes());
    bytes.extend(Sha256::digest(payload));
    bytes.extend(payload);
    bytes
}

/// Events, a line each: each is refused, or read as what it writes itself as, and answered. Bytes that are no text are read in the binary form.
pub fn events(bytes: &[u8], policy: &Policy) {
    let mut host = Host::new(policy);
    if let Ok(json) = Json::read_as(Form::Binary, bytes, agentc_runtime::json::Bounds::default(), Some(&["args"])) {
        let written = json.write_as(Form::Binary);
        let again = Json::read_as(Form::Binary, &written, agentc_runtime::json::Bounds::default(), Some(&["args"]));
        assert_eq!(again.as_ref(), Ok(&json), "the binary form does not hold what it was read from");
    }
    for line in bytes.split(|byte| *byte == b'\n').take(64) {
        let Ok(event) = Event::read(line) else { continue };
        let again = Event::read(event.to_json().to_string().as_bytes());
        assert_eq!(again.as_ref(), Ok(&event), "an event is not read as it was written");
        host.send(&event);
    }
}

/// A trace: refused with the line where it breaks, or verified.
pub fn trace_text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match trace::verify(text) {
        Ok(verified) => assert_eq!(verified.lines.len(), text.lines().count(), "a line was not looked at"),
        Err(error) => assert!(error.line <= text.lines().count().max(1), "it breaks at a line that is not there"),
    }
    for line in text.lines().take(64) {
        if let Ok(json) = trace::read_line(line) {
            for member in ["event", "answer"] {
                let _ = json.get(member).map(|inner| Event::from_json(inner.clone()));
            }
        }
    }
}

/// A list of tools, MCP or OpenAPI: refused, or held against the policy's tools and written as a declaration that can be parsed.
pub fn tool_list(bytes: &[u8], typed: &agentc_compiler::typed::Typed) {
    let Ok(list) = ToolList::read(None, "tools.json", bytes) else { return };
    let declared = import::declaration(&list, &import::Import { server: "desk".to_owned(), kind: "mcp", module: true });
    let errors = parse(&declared).errors;
    assert!(errors.is_empty(), "what was imported cannot be parsed: {errors:?}\n{declared}");
    let _ = tools::check(typed, std::slice::from_ref(&list), &[]);
    let _ = tools::pins(typed, &[list]);
}

/// Opens each job and makes each call, without and with nonsense in its arguments.
fn drive(policy: &Policy) {
    let jobs: Vec<String> = policy.program().jobs.iter().map(|job| job.name.clone()).collect();
    let verbs: Vec<String> = policy.program().verbs.iter().map(|verb| verb.wire.clone()).collect();
    for job in jobs.iter().take(3) {
        let mut host = Host::new(policy);
        let members = [("event", "open"), ("run", "r1"), ("job", job), ("at", "2026-05-04T10:00:00Z")]
            .map(|(name, value)| (name, Json::text(value)));
        let agent = Json::object([("id", Json::text("agent")), ("roles", Json::List(Vec::new()))]);
        let Ok(event) =
            Event::from_json(Json::object(members.into_iter().chain([("agent", agent), ("input", Json::Object(Vec::new()))])))
        else {
            continue;
        };
        host.send(&event);
        for (number, verb) in verbs.iter().take(8).enumerate() {
            for args in ["{}", "{\"order_id\":\"A-1\",\"amount\":10,\"reason\":null}"] {
                let text = format!(
                    "{{\"event\":\"call\",\"id\":\"c{number}{}\",\"at\":\"2026-05-04T10:00:01Z\",\"args\":{args}}}",
                    args.len()
                );
                let Ok(Json::Object(mut members)) = Json::read(text.as_bytes()) else { continue };
                members.push(("verb".to_owned(), Json::text(verb.as_str())));
                if let Ok(event) = Event::from_json(Json::Object(members)) {
                    host.send(&event);
                }
            }
        }
        if let Ok(event) = Event::read(br#"{"event":"end","at":"2026-05-04T10:00:02Z"}"#) {
            host.send(&event);
        }
    }
}

/// A host with one run.
struct Host<'a> {
    policy: &'a Policy,
    run: Option<Run>,
    cells: BTreeMap<CellKey, Versioned>,
}

impl<'a> Host<'a> {
    fn new(policy: &'a Policy) -> Self {
        Self { policy, run: None, cells: BTreeMap::new() }
    }

    fn send(&mut self, event: &Event) {
        let mut snapshot = Snapshot::new();
        // Each round brings the cells that were asked for; a policy asks for few.
        for _ in 0..8 {
            let wanted = match &self.run {
                None => match open(self.policy, &snapshot, event) {
                    Opening::Load(cells) => cells,
                    Opening::Refused(_) => return,
                    Opening::Opened(decision) => {
                        self.run = Some(decision.run);
                        return;
                    }
                },
                Some(run) => match decide(self.policy, run, &snapshot, event) {
                    Step::Load(cells) => cells,
                    Step::Done(decision) => {
                        for change in decision.commit.cells {
                            let cell = self.cells.entry(change.key).or_default();
                            match change.write {
                                Write::Keep => {}
                                Write::Set { value, .. } => *cell = Versioned { version: cell.version + 1, value: Some(value) },
                                Write::Clear => *cell = Versioned { version: cell.version + 1, value: None },
                            }
                        }
                        self.run = Some(decision.run);
                        return;
                    }
                },
            };
            for key in wanted {
                let cell = self.cells.get(&key).cloned().unwrap_or_default();
                snapshot.insert(key, cell);
            }
        }
        panic!("a decision asks for cells for ever");
    }
}

/// The policy that events are sent to, and the same as it was checked.
#[must_use]
pub fn desk() -> (agentc_compiler::typed::Typed, Policy) {
    let compiled = compiled(DESK);
    let (Some(typed), Some(program)) = (compiled.typed, compiled.program) else { panic!("the desk compiles") };
    let policy =
        Policy::new(program, &agentc_stdlib::library()).unwrap_or_else(|error| panic!("the desk can be loaded: {error}"));
    (typed, policy)
}
