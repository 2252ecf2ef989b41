//! The trace of a run: each event and its answer as one line of JSON, chained by SHA-256.
//!
//! A line is an object with these members, in this order, without blanks:
//!
//! | member | what it is |
//! |---|---|
//! | `line` | its number, from 1 |
//! | `policy` | in the first line only: the policy's digest, so that the chain says which policy decided |
//! | `prev` | the `hash` of the line before; 64 zeros in the first |
//! | `event` | the event, secrets masked |
//! | `answer` | the answer, secrets masked |
//! | `hash` | the SHA-256 digest of the line's text up to here, closed with `}` |
//!
//! So nobody can change, take out or add a line without every later line showing it. What is cut off at the end shows in that
//! no `end` was answered.

mod mask;
mod verify;

pub use verify::{Broken, Line, TraceError, Verified, read_line, verify};

use crate::answer::Answer;
use crate::digest::sha256;
use crate::event::Event;
use crate::json::Json;
use crate::policy::Policy;
use crate::run::Run;

/// What stands for the line before the first.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Writes the trace of one run.
#[derive(Debug, Clone)]
pub struct Trace {
    lines: u64,
    prev: String,
}

impl Default for Trace {
    fn default() -> Self {
        Self::new()
    }
}

impl Trace {
    /// The trace of a run that begins.
    #[must_use]
    pub fn new() -> Self {
        Self { lines: 0, prev: NOTHING.to_owned() }
    }

    /// The next line, without the newline at its end. `run` is the run after the event.
    pub fn line(&mut self, policy: &Policy, run: &Run, event: &Event, answer: &Answer) -> String {
        self.lines = self.lines.saturating_add(1);
        let mut members = vec![("line".to_owned(), Json::int(i64::try_from(self.lines).unwrap_or(i64::MAX)))];
        if self.lines == 1 {
            members.push(("policy".to_owned(), Json::text(policy.digest())));
        }
        members.push(("prev".to_owned(), Json::text(&*self.prev)));
        members.push(("event".to_owned(), mask::event(policy, run, event)));
        members.push(("answer".to_owned(), answer.to_trace()));
        self.prev = hash(&members);
        members.push(("hash".to_owned(), Json::text(&*self.prev)));
        Json::Object(members).to_string()
    }
}

/// The hash of a line's members but its last.
fn hash(members: &[(String, Json)]) -> String {
    sha256(Json::Object(members.to_vec()).to_string().as_bytes())
}
