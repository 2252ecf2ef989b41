//! The loop that a host writes around events: decide, fetch, ask people.

use crate::engine::{Decider, Engine, Preview};
use crate::error::HostError;
use crate::reply::Reply;
use agentc_ledger::Tracing;
use agentc_runtime::event::{Approval, Call, Event, EventKind, Found, Open, Person, Record, Vote};
use agentc_runtime::json::Json;
use jiff::Timestamp;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// How often one call may ask for more records: each time for at least one of the 32 it may need.
const MAX_FETCHES: usize = 33;

/// The host's own connections: to its sources, its people and its clock.
pub trait Host: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Fetches a record from its source, not through the agent: `source`, `record`, `key`, `verb`, `args`. Nothing where the host
    /// sends the record itself: the call is then answered `need`.
    fn fetch(&self, need: &Json) -> impl Future<Output = Option<Found>> + Send;

    /// Asks people whether a request is approved and waits, as long as it takes. Nothing where the host waits no longer: the call
    /// is then answered `approval`.
    fn approve(&self, request: &Json) -> impl Future<Output = Option<Said>> + Send;
}

/// What a person said to a request for approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who, as the host authenticated them.
    pub by: Person,
    /// What.
    pub vote: Vote,
}

/// Why a run is not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The policy does not open it.
    #[error("{}", .0.person())]
    Refused(Box<Reply>),
    /// Nothing was decided.
    #[error(transparent)]
    Host(#[from] HostError),
}

/// One run of an agent.
pub struct Run<H> {
    decider: Mutex<Box<dyn Decider>>,
    host: H,
    calls: AtomicU64,
    opened: Reply,
}

impl<H> fmt::Debug for Run<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("decider", &self.decider).finish_non_exhaustive()
    }
}

impl<H: Host> Run<H> {
    /// Opens a run.
    ///
    /// # Errors
    /// [`OpenError`] where it is not open.
    pub fn open(engine: &dyn Engine, open: Open, tracing: Tracing, host: H) -> Result<Self, OpenError> {
        let mut decider = engine.begin(tracing)?;
        let event = Event { at: host.now(), kind: EventKind::Open(Box::new(open)) };
        let opened = Reply::read(&decider.send(event.to_json().to_string().as_bytes())?)?;
        if opened.outcome() == "refused" {
            return Err(OpenError::Refused(Box::new(opened)));
        }
        Ok(Self { decider: Mutex::new(decider), host, calls: AtomicU64::new(0), opened })
    }

    /// The answer to `open`: it may say that the run has escalated at once.
    #[must_use]
    pub fn opened(&self) -> &Reply {
        &self.opened
    }

    /// Sends an event, now.
    ///
    /// # Errors
    /// [`HostError`] where there is no answer: nothing was decided.
    pub fn send(&self, kind: EventKind) -> Result<Reply, HostError> {
        let event = Event { at: self.host.now(), kind };
        self.send_json(event.to_json().to_string().as_bytes())
    }

    /// Sends an event as it came: JSON.
    ///
    /// # Errors
    /// [`HostError`] where there is no answer: nothing was decided.
    pub fn send_json(&self, event: &[u8]) -> Result<Reply, HostError> {
        Reply::read(&self.decider().send(event)?)
    }

    /// Asks whether the agent may make this call: records that are needed are fetched and people are asked, one after the other.
    /// Execute the call where the answer [is an allow](Reply::is_allow) and nowhere else; a [`GuardLayer`](crate::GuardLayer) does.
    ///
    /// # Errors
    /// [`HostError`] where there is no answer: nothing was decided.
    pub async fn call(&self, verb: &str, args: Json) -> Result<Reply, HostError> {
        let id = format!("c{}", self.calls.fetch_add(1, Relaxed).saturating_add(1));
        self.call_as(&id, verb, args).await
    }

    /// As [`Run::call`], under an id of the host's own, unique in the run.
    ///
    /// # Errors
    /// As [`Run::call`].
    pub async fn call_as(&self, id: &str, verb: &str, args: Json) -> Result<Reply, HostError> {
        let call = Call { id: id.to_owned(), verb: verb.to_owned(), args };
        let ask = || self.send(EventKind::Call(call.clone()));
        let mut reply = ask()?;
        let mut fetches: usize = 0;
        loop {
            match reply.outcome() {
                "need" if fetches < MAX_FETCHES => {
                    fetches = fetches.saturating_add(1);
                    for need in reply.needs() {
                        let asked_at = self.host.now();
                        let Some(found) = self.host.fetch(need).await else { return Ok(reply) };
                        self.send(EventKind::Record(record(need, found, asked_at)?))?;
                    }
                    reply = ask()?;
                }
                "approval" => {
                    let Some(request) = reply.approvals().first() else { return Ok(reply) };
                    let Some(said) = self.host.approve(request).await else { return Ok(reply) };
                    let answer = Approval { request: text(request, "request")?, by: said.by, answer: said.vote };
                    reply = self.send(EventKind::Approval(answer))?;
                }
                _ => return Ok(reply),
            }
        }
    }

    /// What the agent would be answered if it made this call now. It changes nothing and permits nothing: a call that is to be made goes through
    /// [`Run::call`].
    ///
    /// # Errors
    /// [`HostError`] where there is no answer.
    pub fn preview(&self, verb: &str, args: Json) -> Result<Preview, HostError> {
        // An id that is not given to any call.
        let call = Call { id: "preview".to_owned(), verb: verb.to_owned(), args };
        let event = Event { at: self.host.now(), kind: EventKind::Call(call) };
        self.decider().preview(event.to_json().to_string().as_bytes())
    }

    /// Ends the run: the answer carries the verdict.
    ///
    /// # Errors
    /// [`HostError`] where there is no answer.
    pub fn end(&self) -> Result<Reply, HostError> {
        self.send(EventKind::End)
    }

    /// The lines of the trace since they were last taken, each without its newline.
    ///
    /// # Errors
    /// [`HostError`] where the sandbox was stopped.
    pub fn take_trace(&self) -> Result<Vec<String>, HostError> {
        self.decider().take_trace()
    }

    /// An event changes a run in one go at its end, so that a thread that panicked cannot have left half of one.
    fn decider(&self) -> std::sync::MutexGuard<'_, Box<dyn Decider>> {
        self.decider.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn text(json: &Json, name: &str) -> Result<String, HostError> {
    let text = json.get(name).and_then(Json::as_text).map(str::to_owned);
    text.ok_or_else(|| HostError::Misused(format!("an answer lacks `{name}`")))
}

/// As old as the moment at which it was asked for.
fn record(need: &Json, found: Found, read_at: Timestamp) -> Result<Record, HostError> {
    let key = need.get("key").cloned().unwrap_or(Json::Null);
    Ok(Record { source: text(need, "source")?, record: text(need, "record")?, key, found, read_at })
}
