//! What one instance of the module holds: buffers, policies, runs, the ledger, and the output of the last call.

use crate::embedded;
use crate::failure::{Code, Failure};
use crate::limits::Limits;
use crate::memory;
use agentc_ledger::{Committed, ForeseeError, MemoryLedger, Stepped, Steps, Tracing};
use agentc_runtime::cell::{CellKey, Snapshot};
use agentc_runtime::decide::Detail;
use agentc_runtime::event::{DOUBLES, Event, EventError};
use agentc_runtime::json::{Form, Json};
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Foreseen, Preview, PreviewError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A flag of a run: its trace is kept.
const KEEP_TRACE: i32 = 1;

/// A flag of a run: the host keeps the ledger.
const HOST_LEDGER: i32 = 2;

/// Added to the form of an event: its answer is brief.
const BRIEF: i32 = 2;

/// What a preview gives where the host keeps the ledger and other cells must be loaded first.
const LOAD: i32 = 0;

/// How many bytes the output keeps from one call to the next, so that the names of rules need no new ones.
const KEPT_OUTPUT: usize = 64;

/// One instance.
#[derive(Debug, Default)]
pub struct Instance {
    /// By address.
    buffers: BTreeMap<usize, Box<[u8]>>,
    policies: BTreeMap<i32, Arc<Policy>>,
    runs: BTreeMap<i32, Run>,
    /// The last handle given: none is ever given twice.
    last_handle: i32,
    ledger: MemoryLedger,
    limits: Limits,
    output: Vec<u8>,
}

#[derive(Debug)]
struct Run {
    steps: Steps,
    flags: i32,
    /// Memory that its events took, in bytes.
    held: usize,
}

/// What a function of the module gives: a number from 0, or an error.
pub type Given = Result<i32, Failure>;

fn no_policy(policy: i32) -> Failure {
    Failure::new(Code::Handle, format_args!("there is no policy {policy}: it was never loaded, or is closed"))
}

fn no_run(run: i32) -> Failure {
    Failure::new(Code::Handle, format_args!("there is no run {run}: it was never made, or is closed"))
}

fn order(words: &str) -> Failure {
    Failure::new(Code::Order, words)
}

fn form_of(number: i32) -> Result<Form, Failure> {
    match number {
        0 => Ok(Form::Text),
        1 => Ok(Form::Binary),
        other => Err(Failure::new(
            Code::Argument,
            format_args!(
                "there is no form {other}; 0 is JSON text, 1 is binary, and for an event 2 more asks for a brief answer"
            ),
        )),
    }
}

/// The form of an event and its answer, and how much the answer tells.
fn form_and_detail_of(number: i32) -> Result<(Form, Detail), Failure> {
    match number.checked_sub(BRIEF) {
        Some(form @ (0 | 1)) => Ok((form_of(form)?, Detail::Brief)),
        _ => Ok((form_of(number)?, Detail::Full)),
    }
}

/// The number of a previewed outcome; `ABI.md` lists them.
fn number_of(outcome: Foreseen) -> i32 {
    match outcome {
        Foreseen::Allow => 1,
        Foreseen::Need => 2,
        Foreseen::Approval => 3,
        Foreseen::Deny => 4,
        Foreseen::Escalate => 5,
        Foreseen::Paused => 6,
    }
}

fn input(error: impl std::fmt::Display) -> Failure {
    Failure::new(Code::Input, error)
}

fn bytes_at(buffers: &BTreeMap<usize, Box<[u8]>>, address: usize, length: usize) -> Result<&[u8], Failure> {
    let Some(buffer) = buffers.get(&address) else {
        return Err(Failure::new(Code::Buffer, format_args!("no live buffer begins at {address}")));
    };
    buffer.get(..length).ok_or_else(|| {
        Failure::new(Code::Buffer, format_args!("the buffer at {address} has {} bytes, not {length}", buffer.len()))
    })
}

impl Instance {
    /// Runs a function of the module: its output, or the words of its error, stand ready afterwards.
    pub fn run(&mut self, function: impl FnOnce(&mut Self) -> Given) -> i32 {
        if (1..=KEPT_OUTPUT).contains(&self.output.capacity()) {
            self.output.clear();
        } else {
            self.output = Vec::with_capacity(KEPT_OUTPUT);
        }
        match function(self) {
            Ok(number) => number,
            Err(failure) => {
                self.output = failure.words.into_bytes();
                // The codes are 1 to 10.
                (failure.code as i32).saturating_neg()
            }
        }
    }

    /// The output of the last call.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// A buffer of that size; `None` where there is none to be had.
    pub fn alloc(&mut self, length: usize) -> Option<usize> {
        if !self.limits.room_for_buffer(length, memory::used()) {
            return None;
        }
        let mut bytes = Vec::new();
        // An empty buffer has no address of its own.
        bytes.try_reserve_exact(length.max(1)).ok()?;
        bytes.resize(length.max(1), 0);
        let mut buffer = bytes.into_boxed_slice();
        let address = buffer.as_mut_ptr().expose_provenance();
        self.buffers.insert(address, buffer);
        Some(address)
    }

    /// Gives a buffer back.
    ///
    /// # Errors
    /// Where there is none at that address.
    pub fn free(&mut self, address: usize) -> Given {
        let freed = self.buffers.remove(&address);
        freed.map(|_| 0).ok_or_else(|| Failure::new(Code::Buffer, format_args!("no live buffer begins at {address}")))
    }

    fn handle(&mut self) -> Given {
        let next = self.last_handle.checked_add(1);
        self.last_handle = next.ok_or_else(|| Failure::new(Code::Limit, "this instance has no handles left; make a new one"))?;
        Ok(self.last_handle)
    }

    /// Makes an output of the bytes in a buffer.
    ///
    /// # Errors
    /// Where there is no such buffer, or the work gives a sentence that says why there is no output.
    pub fn transform(&mut self, address: usize, length: usize, work: impl FnOnce(&[u8]) -> Result<Vec<u8>, String>) -> Given {
        self.output = work(bytes_at(&self.buffers, address, length)?).map_err(input)?;
        Ok(0)
    }

    /// Loads the artifact in a buffer.
    ///
    /// # Errors
    /// Where it is none, or a limit is in the way.
    pub fn policy_load(&mut self, address: usize, length: usize) -> Given {
        let bytes = bytes_at(&self.buffers, address, length)?;
        let policy = load(&self.limits, self.policies.len(), bytes)?;
        self.keep_policy(policy)
    }

    /// Loads the policy that is part of the module.
    ///
    /// # Errors
    /// Where there is none, or a limit is in the way.
    pub fn policy_embedded(&mut self) -> Given {
        let Some(bytes) = embedded::artifact() else {
            return Err(Failure::new(Code::Embedded, "this module holds no policy; load one"));
        };
        let policy = load(&self.limits, self.policies.len(), bytes)?;
        self.keep_policy(policy)
    }

    fn keep_policy(&mut self, policy: Policy) -> Given {
        let handle = self.handle()?;
        self.policies.insert(handle, Arc::new(policy));
        Ok(handle)
    }

    /// Writes what a policy is.
    ///
    /// # Errors
    /// Where there is no such policy.
    pub fn policy_info(&mut self, policy: i32) -> Given {
        let policy = self.policies.get(&policy).ok_or_else(|| no_policy(policy))?;
        self.output = policy.info().to_string().into_bytes();
        Ok(0)
    }

    /// Closes a policy.
    ///
    /// # Errors
    /// Where there is no such policy.
    pub fn policy_close(&mut self, policy: i32) -> Given {
        self.policies.remove(&policy).map(|_| 0).ok_or_else(|| no_policy(policy))
    }

    /// A run that waits for its `open` event.
    ///
    /// # Errors
    /// Where there is no such policy or flag, or a limit is in the way.
    pub fn run_new(&mut self, policy: i32, flags: i32) -> Given {
        let policy = self.policies.get(&policy).ok_or_else(|| no_policy(policy))?;
        if flags & !(KEEP_TRACE | HOST_LEDGER) != 0 {
            return Err(Failure::new(Code::Argument, format_args!("there are no flags {flags}; the flags are 1 and 2")));
        }
        self.limits.room_for_run(self.runs.len())?;
        self.limits.room_for_event((0, Form::Text, false), 0, memory::used())?;
        let tracing = if flags & KEEP_TRACE == 0 { Tracing::Dropped } else { Tracing::Kept };
        let steps = Steps::new(Arc::clone(policy), tracing);
        let handle = self.handle()?;
        self.runs.insert(handle, Run { steps, flags, held: 0 });
        Ok(handle)
    }

    fn take_event(
        &mut self,
        run: i32,
        (form, address, length): (i32, usize, usize),
        doubles: &[&str],
        decide: impl FnOnce(&mut Run, &MemoryLedger, Json, Detail) -> Result<Json, Failure>,
    ) -> Given {
        let run = self.runs.get_mut(&run).ok_or_else(|| no_run(run))?;
        let (form, detail) = form_and_detail_of(form)?;
        let bytes = bytes_at(&self.buffers, address, length)?;
        let before = memory::used().saturating_sub(self.output.capacity());
        self.limits.room_for_event((length, form, run.flags & KEEP_TRACE != 0), run.held, before)?;
        let json =
            Json::read_as(form, bytes, self.limits.bounds(), Some(doubles)).map_err(|error| input(EventError::from(error)))?;
        let answer = decide(run, &self.ledger, json, detail)?;
        self.output = answer.write_as(form);
        drop(answer);
        let taken = memory::used().saturating_sub(self.output.capacity());
        run.held = run.held.saturating_add(taken).saturating_sub(before);
        Ok(0)
    }

    /// One event of a run whose ledger is the one inside.
    ///
    /// # Errors
    /// Where there is no such run, the bytes are no event, or a limit is in the way; nothing is decided then.
    pub fn run_send(&mut self, run: i32, form: i32, address: usize, length: usize) -> Given {
        self.take_event(run, (form, address, length), DOUBLES, |run, ledger, json, detail| {
            if run.flags & HOST_LEDGER != 0 {
                return Err(order("the host keeps the ledger of this run: step it"));
            }
            let event = Event::from_json(json).map_err(input)?;
            Ok(run.steps.send_in_memory(ledger, &event, detail)?.to_json())
        })
    }

    /// One event of a run whose ledger the host keeps, with the cells that it has loaded.
    ///
    /// # Errors
    /// As [`Instance::run_send`], and while an answer waits for its commit.
    pub fn run_step(&mut self, run: i32, form: i32, address: usize, length: usize) -> Given {
        let doubles: Vec<&str> = ["event"].iter().chain(DOUBLES).copied().collect();
        self.take_event(run, (form, address, length), &doubles, |run, _, json, detail| {
            if run.flags & HOST_LEDGER == 0 {
                return Err(order("the ledger of this run is the one inside: send to it"));
            }
            let (event, cells) = envelope(json)?;
            let stepped = run.steps.step(&event, &cells, detail).map_err(order_of)?;
            Ok(match stepped {
                Stepped::Load(keys) => wanted(&keys),
                Stepped::Answer(answer) => Json::object([("answer", answer.to_json())]),
                Stepped::Commit(answer, commit) => Json::object([("answer", answer.to_json()), ("commit", commit.to_json())]),
            })
        })
    }

    /// What a call would be answered now: the number of the outcome, and the deciding rule's name as output. Nothing changes.
    ///
    /// # Errors
    /// Where there is no such run or it is not open, the bytes are no call, or a limit is in the way.
    pub fn run_preview(&mut self, run: i32, form: i32, address: usize, length: usize) -> Given {
        let run = self.runs.get_mut(&run).ok_or_else(|| no_run(run))?;
        let form = form_of(form)?;
        let bytes = bytes_at(&self.buffers, address, length)?;
        self.limits.room_for_event((length, form, false), run.held, memory::used())?;
        let previewed = if run.flags & HOST_LEDGER != 0 {
            let doubles: Vec<&str> = ["event"].iter().chain(DOUBLES).copied().collect();
            let json = Json::read_as(form, bytes, self.limits.bounds(), Some(&doubles))
                .map_err(|error| input(EventError::from(error)))?;
            let (event, cells) = envelope_of(json)?;
            let cells = Snapshot::from_json(&cells).map_err(input)?;
            run.steps.preview(&cells, event.to_string().as_bytes())
        } else if form == Form::Text && self.limits.reads_as_deep_as_the_runtime() {
            self.ledger.read(|cells| run.steps.preview(cells, bytes))
        } else {
            let json = Json::read_as(form, bytes, self.limits.bounds(), Some(DOUBLES))
                .map_err(|error| input(EventError::from(error)))?;
            let event = json.to_string();
            self.ledger.read(|cells| run.steps.preview(cells, event.as_bytes()))
        };
        match previewed {
            Ok(Preview { outcome, rule, .. }) => {
                self.output.extend_from_slice(rule.as_bytes());
                Ok(number_of(outcome))
            }
            Err(ForeseeError::Preview(PreviewError::Load(keys))) => {
                self.output = wanted(&keys).write_as(form);
                Ok(LOAD)
            }
            Err(ForeseeError::Preview(PreviewError::Foreign)) => Err(order("this run was opened by another policy")),
            Err(ForeseeError::Preview(error)) => Err(input(error)),
            Err(ForeseeError::Order(error)) => Err(order_of(error)),
        }
    }

    /// Says whether the host's ledger made the commit of the last answer.
    ///
    /// # Errors
    /// Where there is no such run, or no answer waits.
    pub fn run_settle(&mut self, run: i32, committed: i32) -> Given {
        let run = self.runs.get_mut(&run).ok_or_else(|| no_run(run))?;
        let committed = match committed {
            0 => Committed::Refused,
            1 => Committed::Done,
            other => return Err(Failure::new(Code::Argument, format_args!("{other} is neither 0 (refused) nor 1 (committed)"))),
        };
        run.steps.settle(committed).map_err(order_of)?;
        Ok(0)
    }

    /// Writes the open requests for approval.
    ///
    /// # Errors
    /// Where there is no such run or form.
    pub fn run_requests(&mut self, run: i32, form: i32) -> Given {
        let run = self.runs.get(&run).ok_or_else(|| no_run(run))?;
        let form = form_of(form)?;
        self.limits.room_for_event((0, form, false), run.held, memory::used())?;
        let requests = run.steps.open_requests().iter().map(agentc_runtime::answer::Request::to_json).collect();
        self.output = Json::List(requests).write_as(form);
        Ok(0)
    }

    /// Writes the lines of the trace since they were last taken.
    ///
    /// # Errors
    /// Where there is no such run, or no trace is kept.
    pub fn run_trace(&mut self, run: i32) -> Given {
        let run = self.runs.get_mut(&run).ok_or_else(|| no_run(run))?;
        let Some(lines) = run.steps.take_trace() else { return Err(order("no trace of this run is kept: make it with flag 1")) };
        self.output = lines.into_iter().flat_map(|line| line.into_bytes().into_iter().chain([b'\n'])).collect();
        Ok(0)
    }

    /// Closes a run.
    ///
    /// # Errors
    /// Where there is no such run.
    pub fn run_close(&mut self, run: i32) -> Given {
        self.runs.remove(&run).map(|_| 0).ok_or_else(|| no_run(run))
    }

    /// Drops the cells of windows that ended before the time in the buffer; gives how many cells are left.
    ///
    /// # Errors
    /// Where the bytes are no time.
    pub fn ledger_sweep(&mut self, address: usize, length: usize) -> Given {
        let bytes = bytes_at(&self.buffers, address, length)?;
        let time = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Timestamp>().ok());
        self.ledger.sweep(time.ok_or_else(|| input("the time cannot be read: it must be written as RFC 3339 says"))?);
        Ok(i32::try_from(self.ledger.len()).unwrap_or(i32::MAX))
    }

    /// The limit of that number.
    ///
    /// # Errors
    /// Where there is no such limit.
    pub fn limit_get(&mut self, limit: i32) -> Given {
        self.limits.get(limit)
    }

    /// Sets the limit of that number.
    ///
    /// # Errors
    /// Where there is no such limit, or the value is out of its range.
    pub fn limit_set(&mut self, limit: i32, value: i32) -> Given {
        self.limits.set(limit, value).map(|()| 0)
    }
}

fn order_of(error: agentc_ledger::OrderError) -> Failure {
    Failure::new(Code::Order, error)
}

fn load(limits: &Limits, loaded: usize, bytes: &[u8]) -> Result<Policy, Failure> {
    limits.room_for_policy(loaded, bytes.len(), memory::used())?;
    Policy::load(bytes, &agentc_stdlib::functions()).map_err(|error| Failure::new(Code::Artifact, error))
}

/// What tells a host which cells to load.
fn wanted(keys: &[CellKey]) -> Json {
    Json::object([("load", Json::List(keys.iter().map(CellKey::to_text).map(Json::text).collect()))])
}

/// The event and the cells of an envelope.
fn envelope(json: Json) -> Result<(Event, Snapshot), Failure> {
    let (event, cells) = envelope_of(json)?;
    Ok((Event::from_json(event).map_err(input)?, Snapshot::from_json(&cells).map_err(input)?))
}

/// What stands in an envelope as event and as cells.
fn envelope_of(json: Json) -> Result<(Json, Json), Failure> {
    let shape = "an envelope must be an object of `event` and `cells` and nothing else";
    let Json::Object(members) = json else { return Err(input(shape)) };
    let (mut event, mut cells) = (None, None);
    for (name, value) in members {
        match name.as_str() {
            "event" => event = Some(value),
            "cells" => cells = Some(value),
            _ => return Err(input(shape)),
        }
    }
    event.zip(cells).ok_or_else(|| input(shape))
}
