//! What a host lets the module take.

use crate::failure::{Code, Failure};
use agentc_runtime::json::Form;
use agentc_runtime::{artifact, json};

/// The size of a page of memory.
const PAGE: usize = 64 * 1024;

/// What deciding takes beside what the event and the run explain: the working memory of one decision.
const HEADROOM: usize = 2 * 1024 * 1024;

/// How much memory one byte of an event may need at most while it is read, decided, answered and written into the trace. The worst
/// are lists of one-digit numbers: measured in the module, 33 and 61 bytes for text, 40 and 105 for the binary form, without a trace and with
/// one. The JavaScript host's `test/memory.test.js` holds these.
fn per_event_byte(form: Form, traced: bool) -> usize {
    match (form, traced) {
        (Form::Text, false) => 40,
        (Form::Text, true) => 64,
        (Form::Binary, false) => 44,
        (Form::Binary, true) => 112,
    }
}

/// How much memory one byte that a run holds may need at most while an answer tells of it (a handoff tells all that happened).
const PER_RUN_BYTE: usize = 3;

/// How much memory one byte of an artifact may need at most while it is loaded: at most 8 are measured over the conformance policies of some size and
/// the measured families, the rest is for what patterns become.
const PER_ARTIFACT_BYTE: usize = 24;

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    value: u32,
    greatest: u32,
    name: &'static str,
}

/// The limits, in the order of their numbers.
#[derive(Debug)]
pub(crate) struct Limits {
    event_bytes: Limit,
    depth: Limit,
    runs: Limit,
    memory_pages: Limit,
    artifact_bytes: Limit,
    policies: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |name, value, greatest| Limit { value, greatest, name };
        let greatest = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        Self {
            event_bytes: limit("the size of an event", 4 << 20, greatest(json::MAX_BYTES)),
            depth: limit("the depth of an event", greatest(json::MAX_DEPTH), greatest(json::MAX_DEPTH)),
            runs: limit("the number of open runs", 10_000, 1_000_000),
            memory_pages: limit("the memory", 4096, 32_768),
            artifact_bytes: limit("the size of an artifact", 16 << 20, greatest(artifact::MAX_BYTES)),
            policies: limit("the number of loaded policies", 64, 10_000),
        }
    }
}

fn over(limit: &Limit, unit: &str) -> Failure {
    Failure::new(Code::Limit, format_args!("{} is limited to {} {unit}", limit.name, limit.value))
}

fn size(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

impl Limits {
    fn numbered(&mut self, number: i32) -> Result<&mut Limit, Failure> {
        match number {
            1 => Ok(&mut self.event_bytes),
            2 => Ok(&mut self.depth),
            3 => Ok(&mut self.runs),
            4 => Ok(&mut self.memory_pages),
            5 => Ok(&mut self.artifact_bytes),
            6 => Ok(&mut self.policies),
            other => Err(Failure::new(Code::Argument, format_args!("there is no limit {other}; they are 1 to 6"))),
        }
    }

    /// The limit of that number.
    pub(crate) fn get(&mut self, number: i32) -> Result<i32, Failure> {
        self.numbered(number).map(|limit| i32::try_from(limit.value).unwrap_or(i32::MAX))
    }

    /// Sets the limit of that number.
    pub(crate) fn set(&mut self, number: i32, value: i32) -> Result<(), Failure> {
        let limit = self.numbered(number)?;
        let value = u32::try_from(value).ok().filter(|value| (1..=limit.greatest).contains(value));
        limit.value = value
            .ok_or_else(|| Failure::new(Code::Argument, format_args!("{} can be from 1 to {}", limit.name, limit.greatest)))?;
        Ok(())
    }

    /// Within what bounds an event is read.
    pub(crate) fn bounds(&self) -> json::Bounds {
        json::Bounds { bytes: size(self.event_bytes.value), depth: size(self.depth.value) }
    }

    /// Whether events are nested as deep as the runtime itself lets them.
    pub(crate) fn reads_as_deep_as_the_runtime(&self) -> bool {
        size(self.depth.value) == json::MAX_DEPTH
    }

    /// Whether one more run may be open.
    pub(crate) fn room_for_run(&self, open: usize) -> Result<(), Failure> {
        if open < size(self.runs.value) { Ok(()) } else { Err(over(&self.runs, "runs")) }
    }

    /// Whether one more policy may be loaded, of so many bytes.
    pub(crate) fn room_for_policy(&self, loaded: usize, bytes: usize, used: usize) -> Result<(), Failure> {
        if loaded >= size(self.policies.value) {
            return Err(over(&self.policies, "policies"));
        }
        if bytes > size(self.artifact_bytes.value) {
            return Err(over(&self.artifact_bytes, "bytes"));
        }
        self.room(used, bytes.saturating_mul(PER_ARTIFACT_BYTE))
    }

    /// Whether an event of so many bytes in that form may be decided for a run that holds so much, and keeps its trace or does not.
    pub(crate) fn room_for_event(
        &self,
        (bytes, form, traced): (usize, Form, bool),
        held: usize,
        used: usize,
    ) -> Result<(), Failure> {
        if bytes > size(self.event_bytes.value) {
            return Err(over(&self.event_bytes, "bytes"));
        }
        self.room(used, bytes.saturating_mul(per_event_byte(form, traced)).saturating_add(held.saturating_mul(PER_RUN_BYTE)))
    }

    /// Whether a buffer of so many bytes may be given out.
    pub(crate) fn room_for_buffer(&self, bytes: usize, used: usize) -> bool {
        used.saturating_add(bytes) <= self.memory()
    }

    fn memory(&self) -> usize {
        size(self.memory_pages.value).saturating_mul(PAGE)
    }

    fn room(&self, used: usize, wanted: usize) -> Result<(), Failure> {
        let needed = used.saturating_add(wanted).saturating_add(HEADROOM);
        if needed <= self.memory() {
            return Ok(());
        }
        Err(Failure::new(
            Code::Limit,
            format_args!(
                "the memory is limited to {} bytes, and up to {needed} may be needed; close runs, or raise the limit",
                self.memory()
            ),
        ))
    }
}
