//! Sessions over a shared ledger, and replays.

use crate::host::{Host, json, said, shop};
use agentc_ledger::{Committed, Fetched, Ledger, LedgerError, MemoryLedger, Session, SessionError};
use agentc_runtime::answer::{Answer, Need, Outcome};
use agentc_runtime::cell::{CellKey, Commit, Snapshot};
use agentc_runtime::event::{Approval, Event, Found, Person, Vote};
use agentc_runtime::policy::Policy;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const RULES: &str = "allow write shop.refund when order.customer == input.customer
  limit daily on shop.refund: sum(amount) <= 100 USD per day else deny";

fn open(run: &str) -> Event {
    let text = format!(
        r#"{{"event":"open","run":"{run}","job":"work","input":{{"customer":"c-9"}},"agent":{{"id":"bot","roles":[]}},"at":"2026-05-04T10:00:00Z"}}"#
    );
    Event::read(text.as_bytes()).unwrap()
}

fn call(id: &str, amount: u32) -> Event {
    let text = format!(
        r#"{{"event":"call","id":"{id}","verb":"refund","args":{{"order_id":"A-1","amount":{amount}}},"at":"2026-05-04T10:00:00Z"}}"#
    );
    Event::read(text.as_bytes()).unwrap()
}

fn order(_: &Need) -> Fetched {
    let value = json(r#"{"id":"A-1","total":90,"status":"delivered","customer":"c-9"}"#);
    Fetched { found: Found::Value(value), read_at: "2026-05-04T10:00:00Z".parse().unwrap() }
}

#[test]
fn a_session_fetches_what_is_needed_and_commits() {
    let ledger = Arc::new(MemoryLedger::new());
    let (mut session, opened) = Session::open(shop(RULES), Arc::clone(&ledger), order, &open("r1")).unwrap();
    assert_eq!(opened.outcome.name(), "taken");
    let answer = session.send(&call("c1", 40)).unwrap();
    assert_eq!(said(&answer).0, "allow");
    assert_eq!(ledger.len(), 1);
    // Open, the call that needed, the record, the call that went on.
    assert_eq!(session.take_trace().len(), 4);
    assert!(session.take_trace().is_empty());
}

#[test]
fn an_approval_goes_through_the_needs_it_meets() {
    let rules = "allow write shop.refund when order.customer == input.customer
  gate all on shop.refund { approvers role lead; because \"a\" }";
    let ledger = Arc::new(MemoryLedger::new());
    let (mut session, _) = Session::open(shop(rules), ledger, order, &open("r1")).unwrap();
    assert_eq!(said(&session.send(&call("c1", 40)).unwrap()), ("approval", "all"));
    let [request] = session.open_requests().try_into().unwrap();
    assert_eq!(request.call, "c1");
    let by = Person { id: "ann".into(), roles: vec!["lead".into()] };
    let approval = Approval { request: request.request, by, answer: Vote::Approve };
    // By now the order was read too long ago: it is fetched again, as it was then, and is still too old.
    let late = "2026-05-04T11:00:00Z".parse().unwrap();
    assert_eq!(session.approve(late, approval).unwrap().outcome.name(), "need");
    assert_eq!(session.open_requests().len(), 1);
}

#[test]
fn sources_that_bring_nothing_of_use_end_in_a_decision() {
    let ledger = Arc::new(MemoryLedger::new());
    let stale = |_: &Need| Fetched { read_at: "2026-05-04T09:00:00Z".parse().unwrap(), ..order_found() };
    let (mut session, _) = Session::open(shop(RULES), ledger, stale, &open("r1")).unwrap();
    assert_eq!(session.send(&call("c1", 40)).unwrap().outcome.name(), "need");
}

fn order_found() -> Fetched {
    Fetched {
        found: Found::Value(json(r#"{"id":"A-1","total":9,"customer":"c-9"}"#)),
        read_at: "2026-05-04T10:00:00Z".parse().unwrap(),
    }
}

#[test]
fn threads_that_race_for_a_limit_never_pass_it() {
    let policy = shop(RULES);
    let ledger = Arc::new(MemoryLedger::new());
    let allowed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (policy, ledger, allowed) = (Arc::clone(&policy), Arc::clone(&ledger), &allowed);
            scope.spawn(move || {
                let run = format!("r{thread}");
                let (mut session, _) = Session::open(policy, ledger, order, &open(&run)).unwrap();
                for id in 0..10 {
                    let answer = loop {
                        match session.send(&call(&format!("c{id}"), 7)) {
                            Ok(answer) => break answer,
                            Err(SessionError::Contended) => {}
                            Err(error) => panic!("{error}"),
                        }
                    };
                    match said(&answer) {
                        ("allow", _) => allowed.fetch_add(1, Ordering::SeqCst),
                        ("deny", "daily") => 0,
                        other => panic!("{other:?}: {}", answer.person),
                    };
                }
            });
        }
    });
    // 14 times 7 is 98.
    assert_eq!(allowed.load(Ordering::SeqCst), 14);
}

/// A ledger that refuses its first commits, or fails.
struct Hindered {
    inner: MemoryLedger,
    refusals: AtomicUsize,
    fails: bool,
}

impl Ledger for Hindered {
    fn load(&self, keys: &[CellKey]) -> Result<Snapshot, LedgerError> {
        self.inner.load(keys)
    }

    fn commit(&self, commit: &Commit) -> Result<Committed, LedgerError> {
        if self.fails {
            return Err(LedgerError("the disk is full".into()));
        }
        let left = self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() { Ok(Committed::Refused) } else { self.inner.commit(commit) }
    }
}

fn hindered(refusals: usize, fails: bool) -> Result<Answer, SessionError> {
    let ledger = Hindered { inner: MemoryLedger::new(), refusals: AtomicUsize::new(refusals), fails };
    let (mut session, _) = Session::open(shop(RULES), ledger, order, &open("r1")).unwrap();
    session.send(&call("c1", 7))
}

#[test]
fn a_refused_commit_is_decided_anew_and_a_failing_ledger_never_allows() {
    assert_eq!(said(&hindered(63, false).unwrap()).0, "allow");
    assert_eq!(hindered(64, false).unwrap_err(), SessionError::Contended);
    assert_eq!(hindered(0, true).unwrap_err().to_string(), "the ledger failed: the disk is full");
}

#[test]
fn a_run_that_cannot_be_opened_says_why() {
    let policy = shop(RULES);
    let refused = |text: &str| {
        let event = Event::read(text.as_bytes()).unwrap();
        match Session::open(Arc::clone(&policy), MemoryLedger::new(), order, &event) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{text}"),
        }
    };
    for (text, words) in [
        (r#"{"event":"tick","at":"2026-05-04T10:00:00Z"}"#, "no run is open: the first event must be `open`"),
        (
            r#"{"event":"open","run":"r","job":"play","agent":{"id":"bot","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            "the policy has no job `play`",
        ),
        (
            r#"{"event":"open","run":"r","job":"work","agent":{"id":"bot","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            "the input of the run does not fit",
        ),
        (
            r#"{"event":"open","run":"r","job":"work","input":{"customer":"c"},"agent":{"roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            "the agent of the run",
        ),
    ] {
        let error = refused(text);
        assert!(error.contains(words), "{error} should contain {words}");
    }
}

#[test]
fn a_run_of_another_policy_is_refused() {
    let mut host = Host::new(&shop(RULES));
    host.policy = shop("allow write shop.refund");
    let answer = host.tick();
    assert_eq!((answer.outcome.name(), answer.person.as_str()), ("refused", "this run was opened by another policy"));
}

fn play(policy: &Arc<Policy>) -> Vec<String> {
    let mut host = Host::new(policy);
    host.good_order("A-1", 90);
    host.call("c1", "refund", r#"{"order_id":"A-1","amount":40}"#);
    host.after(60).ok("c1", r#"{"id":"R-1"}"#);
    host.call("c2", "refund", r#"{"order_id":"A-1","amount":61}"#);
    host.good_order("A-1", 90);
    host.call("c2", "refund", r#"{"order_id":"A-1","amount":61}"#);
    host.send(r#""event":"signal","confidence":0.2"#);
    host.end();
    host.trace
}

#[test]
fn the_same_events_give_the_same_answers_byte_for_byte() {
    let policy = shop(RULES);
    let first = play(&policy);
    assert_eq!(first, play(&policy));
    assert_eq!(first, play(&shop(RULES)));
    assert!(first.iter().any(|line| line.contains("\"outcome\":\"allow\"")));
}

#[test]
fn deciding_leaves_the_run_as_it_was() {
    let mut host = Host::new(&shop(RULES));
    host.good_order("A-1", 90);
    let before = host.run.clone();
    let first = host.call("c1", "refund", r#"{"order_id":"A-1","amount":40}"#);
    host.run = before;
    host.ledger = Arc::new(MemoryLedger::new());
    assert_eq!(host.call("c1", "refund", r#"{"order_id":"A-1","amount":40}"#), first);
    assert!(matches!(first.outcome, Outcome::Allow(_)));
}
