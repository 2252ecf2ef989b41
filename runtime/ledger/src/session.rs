//! A run as a host uses it: events in, answers out that hold.

use crate::{Committed, Ledger, LedgerError};
use agentc_runtime::answer::{Answer, Need, Outcome, Request};
use agentc_runtime::cell::{CellKey, Snapshot};
use agentc_runtime::decide::{Decision, Opening, Step, decide, open};
use agentc_runtime::event::{Approval, Call, Event, EventKind, Found, Record};
use agentc_runtime::policy::Policy;
use agentc_runtime::run::Run;
use agentc_runtime::trace::Trace;
use jiff::Timestamp;
use std::sync::Arc;

/// How often a commit may be refused before the host is told to come back later.
pub(crate) const MAX_TRIES: usize = 64;

/// How often one decision may ask for more cells: the cells it names come from what the earlier ones hold only a few times over.
const MAX_LOADS: usize = 64;

/// How many of the cells that one event read are loaded at once for the next one, which most often reads the same.
const MAX_KNOWN: usize = 32;

/// How often one call may ask for more records: each time for at least one of the 32 it may need.
const MAX_FETCHES: usize = 33;

/// Where records come from: the host's own connections to its systems of record, not the agent's.
pub trait Records {
    /// Fetches one record from its source; `None` where the host will send what it finds as a `record` event of its own, so that the
    /// session gives the [`Outcome::Need`] back as it is.
    fn fetch(&mut self, need: &Need) -> Option<Fetched>;
}

/// Nothing is fetched: the host answers every need by `record` events, then sends the call again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByEvents;

impl Records for ByEvents {
    fn fetch(&mut self, _need: &Need) -> Option<Fetched> {
        None
    }
}

/// What a source answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What it said.
    pub found: Found,
    /// When it was read.
    pub read_at: Timestamp,
}

impl<F: FnMut(&Need) -> Fetched> Records for F {
    fn fetch(&mut self, need: &Need) -> Option<Fetched> {
        Some(self(need))
    }
}

/// Why there is no answer. Nothing was decided and the run is as it was: the host must not execute anything, and may send the
/// event again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Others wrote the same cells again and again.
    #[error("the ledger refused {MAX_TRIES} times, because others write the same counters; try again")]
    Contended,
    /// The decision did not come to an end of asking for cells.
    #[error("the decision asked for more cells than it may")]
    Cells,
    /// The run cannot be opened.
    #[error("the run cannot be opened: {}", .0.person)]
    Refused(Box<Answer>),
}

/// One run with its ledger, its records and its trace.
///
/// [`call`](Session::call) is what an agent's call goes through: it fetches what the decision needs, commits what an allow
/// reserves, and gives an answer that holds. Execute the call on [`Outcome::Allow`] and on nothing else, then report what came of
/// it with a `result` event through [`send`](Session::send).
///
/// ```
/// use agentc_compiler::{compile, source::NoFiles, typed::SourceFile};
/// use agentc_ledger::{Fetched, MemoryLedger, Session};
/// use agentc_runtime::{answer::Outcome, event::{Event, Found}, json::Json, policy::Policy};
/// use std::sync::Arc;
///
/// let source = SourceFile { name: "orders.agentpolicy".into(), text: r#"
///   policy demo { version "1"; owner "ops@example.com" }
///   source shop_records "Shop" {
///     record Order by id { id: Text, customer: Text }
///     fetch Order with shop.get_order(order: id)
///     fresh for 15m
///   }
///   tool shop on mcp "shop" {
///     read get_order(order: Key<Order>) -> Order
///     write add_note(order: Key<Order>, text: Text) { undo drop_note(order: order); changes nothing }
///     write drop_note(order: Key<Order>) { compensates add_note; changes nothing }
///   }
///   job notes {
///     purpose "Write notes on the orders of one customer."
///     input { customer: Text }
///     done when happened(shop.add_note)
///     allow write shop.add_note when order.customer == input.customer
///     limit few on shop.add_note: count() <= 20 per day else escalate
///     handoff to "ops" { show trace }
///   }
/// "#.into() };
/// let library = agentc_stdlib::library();
/// let program = compile(source, &NoFiles, &library).program.expect("the policy is right");
/// let policy = Arc::new(Policy::new(program, &library)?);
///
/// // The host's own connection to the shop.
/// let records = |need: &agentc_runtime::answer::Need| Fetched {
///     found: Found::Value(Json::read(br#"{"id":"A-1","customer":"c-9"}"#).expect("it is JSON")),
///     read_at: "2026-05-04T10:00:00Z".parse().expect("it is a time"),
/// };
/// let begin = Event::read(br#"{"event":"open","run":"r1","job":"notes","input":{"customer":"c-9"},
///     "agent":{"id":"bot","roles":[]},"at":"2026-05-04T10:00:00Z"}"#)?;
/// let (mut session, _) = Session::open(policy, Arc::new(MemoryLedger::new()), records, &begin)?;
///
/// let call = Event::read(br#"{"event":"call","id":"c1","verb":"add_note",
///     "args":{"order":"A-1","text":"called back"},"at":"2026-05-04T10:00:00Z"}"#)?;
/// let answer = session.send(&call)?;
/// assert!(matches!(answer.outcome, Outcome::Allow(_)), "{}", answer.person);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session<L, R> {
    policy: Arc<Policy>,
    ledger: L,
    records: R,
    run: Run,
    trace: Trace,
    lines: Vec<String>,
    /// Cells that the event before read.
    known: Vec<CellKey>,
}

impl<L: Ledger, R: Records> Session<L, R> {
    /// Opens a run with an `open` event. The answer may say that the run has escalated at once.
    ///
    /// # Errors
    /// [`SessionError::Refused`] where the event does not open a run of this policy; the others where the ledger fails.
    pub fn open(policy: Arc<Policy>, ledger: L, records: R, event: &Event) -> Result<(Self, Answer), SessionError> {
        let mut known = Vec::new();
        let decision = settle(&ledger, &mut known, |snapshot| match open(&policy, snapshot, event) {
            Opening::Load(keys) => Ok(Step::Load(keys)),
            Opening::Opened(decision) => Ok(Step::Done(decision)),
            Opening::Refused(answer) => Err(SessionError::Refused(answer)),
        })?;
        let Decision { answer, run, .. } = *decision;
        let mut session = Self { policy, ledger, records, run, trace: Trace::new(), lines: Vec::new(), known };
        session.write(event, &answer);
        Ok((session, answer))
    }

    /// Sends an event. Where the decision on a call needs records, they are fetched, each is sent as an event of its own, and the
    /// call goes on; a [`Outcome::Need`] that is given back all the same says that the sources did not bring what was needed.
    ///
    /// # Errors
    /// [`SessionError`] where there is no answer: nothing may be executed then.
    pub fn send(&mut self, event: &Event) -> Result<Answer, SessionError> {
        let mut answer = self.decide(event)?;
        for _ in 0..MAX_FETCHES {
            let Outcome::Need(needs) = &answer.outcome else { break };
            let Some(call) = self.waiting(event, &answer) else { break };
            let needs = needs.clone();
            let fetched = needs.iter().map(|need| self.records.fetch(need)).collect::<Option<Vec<Fetched>>>();
            let Some(fetched) = fetched else { break };
            let mut latest = event.at;
            for (need, fetched) in needs.into_iter().zip(fetched) {
                latest = latest.max(fetched.read_at);
                self.decide(&record(need, fetched, latest))?;
            }
            answer = self.decide(&Event { at: latest, kind: EventKind::Call(call) })?;
        }
        Ok(answer)
    }

    /// Sends a call; see [`send`](Session::send).
    ///
    /// # Errors
    /// As [`send`](Session::send).
    pub fn call(&mut self, at: Timestamp, call: Call) -> Result<Answer, SessionError> {
        self.send(&Event { at, kind: EventKind::Call(call) })
    }

    /// Passes on what a person answered to a request for approval. The answer is the decision on the call that it was asked for; an
    /// allow is to be executed like any other.
    ///
    /// # Errors
    /// As [`send`](Session::send).
    pub fn approve(&mut self, at: Timestamp, approval: Approval) -> Result<Answer, SessionError> {
        self.send(&Event { at, kind: EventKind::Approval(approval) })
    }

    /// The requests for approval that are open.
    #[must_use]
    pub fn open_requests(&self) -> Vec<Request> {
        self.run.open_requests(&self.policy)
    }

    /// The run as it is now.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The policy that decides.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The lines of the trace since they were last taken, each without its newline. A host appends them to the run's trace; what
    /// it does not take stays in memory.
    pub fn take_trace(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    fn decide(&mut self, event: &Event) -> Result<Answer, SessionError> {
        let decision = settle(&self.ledger, &mut self.known, |snapshot| Ok(decide(&self.policy, &self.run, snapshot, event)))?;
        let Decision { answer, run, .. } = *decision;
        self.run = run;
        self.write(event, &answer);
        Ok(answer)
    }

    fn write(&mut self, event: &Event, answer: &Answer) {
        let line = self.trace.line(&self.policy, &self.run, event, answer);
        self.lines.push(line);
    }

    /// The call that waits for records: the one that was sent, or the one that an approval was for.
    fn waiting(&self, event: &Event, answer: &Answer) -> Option<Call> {
        match &event.kind {
            EventKind::Call(call) => Some(call.clone()),
            EventKind::Approval(_) => self.run.waiting_call(&self.policy, answer.call.as_deref()?),
            _ => None,
        }
    }
}

/// Decides over the ledger until the answer holds.
///
/// `known` are cells to load at once, because the event before read them; what this one had to ask for takes their place.
pub(crate) fn settle<L: Ledger>(
    ledger: &L,
    known: &mut Vec<CellKey>,
    mut step: impl FnMut(&Snapshot) -> Result<Step, SessionError>,
) -> Result<Box<Decision>, SessionError> {
    let mut keys: Vec<CellKey> = known.clone();
    for _ in 0..MAX_TRIES {
        let mut snapshot = ledger.load(&keys)?;
        let mut loads = 0;
        let decision = loop {
            match step(&snapshot)? {
                Step::Done(decision) => break decision,
                Step::Load(_) if loads >= MAX_LOADS => return Err(SessionError::Cells),
                Step::Load(more) => {
                    keys.extend(more);
                    loads = loads.saturating_add(1);
                    // All cells are read again, so that they are of one moment.
                    snapshot = ledger.load(&keys)?;
                }
            }
        };
        if !decision.needs_commit() || ledger.commit(&decision.commit)? == Committed::Done {
            known.clear();
            known.extend(decision.commit.cells.iter().map(|change| change.key.clone()).take(MAX_KNOWN));
            return Ok(decision);
        }
    }
    Err(SessionError::Contended)
}

/// The event that says what was fetched.
fn record(need: Need, fetched: Fetched, at: Timestamp) -> Event {
    let record =
        Record { source: need.source, record: need.record, key: need.key.open, found: fetched.found, read_at: fetched.read_at };
    Event { at, kind: EventKind::Record(record) }
}
