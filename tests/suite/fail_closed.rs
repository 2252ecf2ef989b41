//! What broke in other systems: each case is a file of events, of which those marked `!` are attacks. None of them is allowed.
//!
//! A line of a case is `# why`, `open RUN`, `in RUN`, `after 4h 1ms`, `order ID TOTAL` (a good record, read now), `> EVENT` or `! EVENT`. An
//! event without `at` happens now; `{request}` is the request that was made last, `{request r1}` the last of that run. After each event
//! stands `= what was answered`. `AGENTC_UPDATE=1` writes those lines anew.

use agentc_ledger::{Committed, Fetched, Ledger, LedgerError, MemoryLedger, Session};
use agentc_runtime::answer::{Answer, Need, Outcome};
use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use agentc_runtime::event::{Event, EventKind, Found};
use agentc_runtime::json::Json;
use agentc_tests::both::Both;
use agentc_tests::corpus::{Sound, compiled};
use jiff::{SignedDuration, Timestamp};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fail_closed")
}

fn desk() -> Sound {
    compiled(&folder().join("desk.agentpolicy")).expect("the policy of the cases is right")
}

#[test]
fn nothing_that_broke_elsewhere_is_allowed() {
    let sound = desk();
    let policy = sound.policy();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the cases are there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "case"))
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    let mut attacks = 0;
    for file in &files {
        let name = file.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file).expect("it can be read");
        let mut case = Case {
            both: Both::new(&policy, &sound.typed),
            now: "2026-05-04T10:00:00Z".parse().expect("a time"),
            requests: BTreeMap::new(),
            run: String::new(),
        };
        let mut told = String::new();
        for line in text.lines().filter(|line| !line.starts_with("= ")) {
            told.push_str(line);
            told.push('\n');
            let Some(said) = case.line(line) else { continue };
            if line.starts_with("! ") {
                attacks += 1;
                if said.starts_with("allow") {
                    wrong.push(format!("{name}: an attack is allowed: {line}"));
                }
            }
            told.push_str(&format!("= {said}\n"));
        }
        for (event, lines) in &case.both.disagreements {
            wrong.push(format!("{name}: the evaluators differ: {event}\n  {}", lines.join("\n  ")));
        }
        if std::env::var_os("AGENTC_UPDATE").is_some() {
            std::fs::write(file, &told).expect("it can be written");
        } else if told != text {
            wrong.push(format!("{name}: it should say\n{told}"));
        }
    }
    println!("{} cases, {attacks} attacks", files.len());
    assert!(files.len() >= 25 && attacks >= files.len(), "too few cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A case as it runs.
struct Case<'a> {
    both: Both<'a>,
    now: Timestamp,
    /// The request that was made last, by run.
    requests: BTreeMap<String, String>,
    run: String,
}

impl Case<'_> {
    /// What a line gets as its answer; `None` for a line that is only set-up.
    fn line(&mut self, line: &str) -> Option<String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "#" | "" => {}
            "open" => {
                let open = format!(
                    r#"{{"event":"open","run":"{rest}","job":"desk","input":{{"customer":"c-9"}},"agent":{{"id":"bot","roles":[]}},"user":{{"id":"mia","roles":["lead"]}}}}"#
                );
                assert_eq!(self.send(&open), "taken");
            }
            "in" => self.run = rest.to_owned(),
            "after" => {
                let length: SignedDuration = rest.parse().expect("a length of time");
                self.now = self.now.checked_add(length).expect("it is a time");
            }
            "order" => {
                let (id, total) = rest.split_once(' ').expect("an order and its total");
                let record = format!(
                    r#"{{"event":"record","source":"orders","record":"Order","key":"{id}","value":{{"id":"{id}","total":{total},"status":"delivered","customer":"c-9"}}}}"#
                );
                assert_eq!(self.send(&record), "taken");
            }
            ">" | "!" => return Some(self.send(rest)),
            other => panic!("a line cannot begin with `{other}`"),
        }
        None
    }

    fn send(&mut self, text: &str) -> String {
        let text = self.filled(text);
        let event = Event::read_json(text.as_bytes()).map_err(|error| error.to_string()).and_then(|mut json| {
            if let Json::Object(members) = &mut json
                && !members.iter().any(|(name, _)| name == "at")
            {
                members.push(("at".to_owned(), Json::text(self.now.to_string())));
            }
            Event::from_json(json).map_err(|error| error.to_string())
        });
        let event = match event {
            Ok(event) => event,
            Err(why) => return format!("no event: {why}"),
        };
        let run = match &event.kind {
            EventKind::Open(open) => open.run.clone(),
            _ => self.run.clone(),
        };
        let answer = match &event.kind {
            EventKind::Open(_) => self.both.send(&event),
            _ => self.both.tell(&run, &event).expect("the run is open"),
        };
        if matches!(event.kind, EventKind::Open(_)) && answer.outcome.name() == "taken" {
            self.run.clone_from(&run);
        }
        if let Outcome::Approval(requests) = &answer.outcome
            && let Some(request) = requests.last()
        {
            self.requests.insert(run, request.request.clone());
        }
        said(&answer)
    }

    fn filled(&self, text: &str) -> String {
        let mut text = text.replace("{10 MB}", &if text.contains("{10 MB}") { "x".repeat(10_000_000) } else { String::new() });
        if let Some(request) = self.requests.get(&self.run) {
            text = text.replace("{request}", request);
        }
        for (run, request) in &self.requests {
            text = text.replace(&format!("{{request {run}}}"), request);
        }
        text
    }
}

/// Outcome, deciding rule, and what the person is told where that says more.
fn said(answer: &Answer) -> String {
    let by = answer.by.as_ref().map_or(String::new(), |by| format!(" by {}", by.rule));
    let escalated =
        answer.escalated.as_ref().map_or(String::new(), |handoff| format!("; the run escalates by {}", handoff.by.rule));
    let why = match answer.outcome.name() {
        "taken" | "allow" | "approval" => String::new(),
        _ => format!(": {}", answer.person),
    };
    let text = format!("{}{by}{escalated}{why}", answer.outcome.name());
    if text.chars().count() > 400 { format!("{}…", text.chars().take(400).collect::<String>()) } else { text }
}

/// What of a ledger fails.
#[derive(Clone, Copy, PartialEq)]
enum Fails {
    Loading,
    Committing,
    Nothing,
}

/// A ledger that fails, until it is mended.
struct Flaky {
    ledger: MemoryLedger,
    fails: Cell<Fails>,
}

impl Flaky {
    fn unless(&self, fails: Fails) -> Result<(), LedgerError> {
        if self.fails.get() == fails { Err(LedgerError("the disk is gone".into())) } else { Ok(()) }
    }
}

impl Ledger for Flaky {
    fn load(&self, keys: &[CellKey]) -> Result<Snapshot, LedgerError> {
        self.unless(Fails::Loading)?;
        self.ledger.load(keys)
    }

    fn commit(&self, commit: &Commit) -> Result<Committed, LedgerError> {
        self.unless(Fails::Committing)?;
        self.ledger.commit(commit)
    }
}

#[test]
fn a_ledger_that_fails_amid_a_decision_allows_nothing_and_loses_nothing() {
    let sound = desk();
    let policy = Arc::new(sound.policy());
    let event = |text: &str| Event::read(text.as_bytes()).expect("an event");
    let open = event(
        r#"{"event":"open","run":"r1","job":"desk","input":{"customer":"c-9"},"agent":{"id":"bot","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
    );
    let call =
        event(r#"{"event":"call","id":"c1","verb":"refund","args":{"order":"A-1","amount":40},"at":"2026-05-04T10:00:00Z"}"#);
    let order = br#"{"id":"A-1","total":40,"status":"delivered","customer":"c-9"}"#;
    for fails in [Fails::Loading, Fails::Committing] {
        let ledger = Flaky { ledger: MemoryLedger::new(), fails: Cell::new(Fails::Nothing) };
        let fetch = |_: &Need| Fetched {
            found: Found::Value(Json::read(order).expect("it is JSON")),
            read_at: "2026-05-04T10:00:00Z".parse().expect("a time"),
        };
        let (mut session, _) = Session::open(Arc::clone(&policy), &ledger, fetch, &open).expect("it opens");
        ledger.fails.set(fails);
        for _ in 0..3 {
            let error = session.send(&call).expect_err("the ledger fails");
            assert_eq!(error.to_string(), "the ledger failed: the disk is gone");
        }
        ledger.fails.set(Fails::Nothing);
        let answer = session.send(&call).expect("the ledger is mended");
        assert_eq!(answer.outcome.name(), "allow", "the call is decided as if nothing had happened: {}", answer.person);
    }
}
