//! The state of one run.
//!
//! A run is a value: deciding an event gives the next one and leaves this one as it was, so that a refused commit can be decided
//! anew from it. Its parts share structure, so that a next state costs what changed, not what there is.
//!
//! What one run may hold is bounded, so that no agent can fill a host's memory: at most [`MAX_CALLS`] call ids,
//! [`MAX_READINGS`] records, [`MAX_REQUESTS`] open requests for approval, and [`MAX_HELD_BYTES`] bytes of arguments, results,
//! records and requests together; one call's arguments have at most [`MAX_ARGS_BYTES`]. Beyond that, calls are denied and records refused.

mod approval;
mod call;
mod history;
mod mask;
mod past_index;
mod readings;
mod untrusted;

pub(crate) use approval::{Asked, BoundValue, can_fill};
pub(crate) use call::{Allowed, Bound, CallEntry, CallPhase, Changes, Home, Reported, Reserved};
pub(crate) use mask::{hide_fields, mask_fields, mask_value};
pub(crate) use past_index::PastIndex;
pub(crate) use readings::{Content, Mark, Readings};
pub(crate) use untrusted::shows_untrusted;

use crate::answer::Happened;
use crate::cell::Counter;
use crate::decide::judge::By;
use crate::decimal::Decimal;
use crate::eval::PastCall;
use crate::event::Call;
use crate::index::Interned;
use crate::policy::Policy;
use crate::program::{JobId, LimitId, RuleId, VerbId};
use crate::value::Value;
use jiff::Timestamp;
use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync, VectorSync};
use std::sync::Arc;

/// The most call ids that a run may use.
pub const MAX_CALLS: usize = 10_000;

/// The most records that a run may hold.
pub const MAX_READINGS: usize = 20_000;

/// The most requests for approval that a run may hold open.
pub const MAX_REQUESTS: usize = 256;

/// The most bytes of JSON that a run may hold: arguments, results, records and requests together.
pub const MAX_HELD_BYTES: usize = 64 * 1024 * 1024;

/// The most bytes that the arguments of one call may have as canonical JSON.
pub const MAX_ARGS_BYTES: usize = 1024 * 1024;

/// The most records that one call may need.
pub const MAX_NEEDS: usize = 32;

/// The most people whose answers one request keeps.
pub const MAX_GRANTS: usize = 256;

/// The state of one run.
#[derive(Debug, Clone)]
pub struct Run {
    pub(crate) fixed: Arc<Fixed>,
    /// The latest time seen.
    pub(crate) now: Timestamp,
    /// How many events it took.
    pub(crate) order: u64,
    pub(crate) phase: Phase,
    /// Every call id used, with what became of it.
    pub(crate) calls: RedBlackTreeMapSync<Arc<str>, Arc<CallEntry>>,
    /// Their ids in the order of their first event.
    pub(crate) sequence: VectorSync<Arc<str>>,
    /// The calls that were allowed, in the order they were sent.
    pub(crate) past: VectorSync<Arc<PastCall>>,
    /// Their places among those, by what rules ask of them.
    pub(crate) past_index: PastIndex,
    /// The ids of the calls that were allowed, by verb, in the order they were sent.
    pub(crate) of_verb: RedBlackTreeMapSync<VerbId, VectorSync<Arc<str>>>,
    pub(crate) readings: Readings,
    /// Counters of windows `per run`, by limit and key.
    pub(crate) counters: RedBlackTreeMapSync<(LimitId, String), Counter>,
    /// Open requests for approval, by id.
    pub(crate) requests: RedBlackTreeMapSync<Arc<str>, Arc<Asked>>,
    /// How many requests were made.
    pub(crate) asked: u64,
    /// Gates refused or expired, each with verb and canonical arguments.
    pub(crate) refused: RedBlackTreeSetSync<(RuleId, VerbId, Arc<str>)>,
    pub(crate) cost: Decimal,
    pub(crate) tokens: i64,
    pub(crate) confidence: Option<Decimal>,
    pub(crate) signals: RedBlackTreeMapSync<u32, Value>,
    pub(crate) saw_untrusted: bool,
    /// Calls with a final answer.
    pub(crate) finals: i64,
    /// Calls finally denied.
    pub(crate) denials: i64,
    /// Calls allowed and not yet reported.
    pub(crate) unsettled: i64,
    /// Bytes of JSON held.
    pub(crate) held: usize,
    /// Bytes of the largest JSON value that anything in the run came from.
    pub(crate) largest: usize,
}

/// What stays the same in a run.
#[derive(Debug)]
pub(crate) struct Fixed {
    pub(crate) id: Arc<str>,
    pub(crate) job: JobId,
    /// The policy's digest: a run is decided by the policy that opened it.
    pub(crate) digest: Arc<str>,
    pub(crate) input: Vec<Value>,
    /// Beside each, which of the policy's own texts it is.
    pub(crate) interned_input: Vec<Interned>,
    pub(crate) environment: Vec<Value>,
    pub(crate) agent: Vec<Value>,
    /// Empty where nobody is served.
    pub(crate) user: Vec<Value>,
    pub(crate) agent_id: String,
    pub(crate) user_id: Option<String>,
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It goes on.
    Open,
    /// People took over, because of this.
    Escalated(By),
    /// It has ended, perhaps after people took over because of this.
    Ended(Option<By>),
}

impl Run {
    /// The run's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.fixed.id
    }

    /// Whether calls are still decided: the run has neither escalated nor ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    /// What made people take over, where they did.
    pub(crate) fn stopped_by(&self) -> Option<By> {
        match self.phase {
            Phase::Escalated(by) | Phase::Ended(Some(by)) => Some(by),
            Phase::Open | Phase::Ended(None) => None,
        }
    }

    /// The latest time seen.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The digest of the policy that decides this run.
    #[must_use]
    pub fn policy_digest(&self) -> &str {
        &self.fixed.digest
    }

    /// The call of that id, where it waits for records: sent again as it is, it goes on.
    #[must_use]
    pub fn waiting_call(&self, policy: &Policy, id: &str) -> Option<Call> {
        let entry = self.calls.get(id).filter(|entry| matches!(entry.phase, CallPhase::Needs))?;
        let bound = entry.bound.as_ref()?;
        let shape = policy.program().verbs.get(bound.verb.index())?;
        // The full name says the same verb where two tools have one of that name.
        let verb = format!("{}.{}", shape.tool, shape.wire);
        let unique = policy.program().verbs.iter().filter(|other| other.wire == shape.wire).count() == 1;
        Some(Call { id: id.to_owned(), verb: if unique { shape.wire.clone() } else { verb }, args: bound.json.clone() })
    }

    /// The name of a call in cells that runs share.
    pub(crate) fn shared_name(&self, call: &str) -> String {
        format!("{}/{call}", self.fixed.id)
    }

    /// Whether so many more bytes of JSON fit.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.held.saturating_add(bytes) <= MAX_HELD_BYTES
    }

    /// Counts bytes of JSON that are to be held; false where the run is full.
    pub(crate) fn hold(&mut self, bytes: usize) -> bool {
        let fits = self.has_room(bytes);
        if fits {
            self.held = self.held.saturating_add(bytes);
            self.largest = self.largest.max(bytes);
        }
        fits
    }

    /// Bytes of JSON that are no longer held.
    pub(crate) fn release(&mut self, bytes: usize) {
        self.held = self.held.saturating_sub(bytes);
    }

    pub(crate) fn call(&self, id: &str) -> Option<&Arc<CallEntry>> {
        self.calls.get(id)
    }

    /// Puts a call back after a change, or a new one at the end.
    pub(crate) fn put_call(&mut self, entry: CallEntry) {
        let id = Arc::clone(&entry.id);
        let before = self.calls.get(&id);
        let was_allowed = before.is_some_and(|before| before.allowed().is_some());
        if before.is_none() {
            self.sequence.push_back_mut(Arc::clone(&id));
        }
        if let (Some(_), false, Some(bound)) = (entry.allowed(), was_allowed, &entry.bound) {
            let mut ids = self.of_verb.get(&bound.verb).cloned().unwrap_or_else(VectorSync::new_sync);
            ids.push_back_mut(Arc::clone(&id));
            self.of_verb.insert_mut(bound.verb, ids);
        }
        self.calls.insert_mut(id, Arc::new(entry));
    }

    /// Every call as a person reads it.
    pub(crate) fn happened(&self, policy: &Policy) -> Vec<Happened> {
        self.in_sequence().map(|call| call.happened(policy)).collect()
    }

    /// The allowed calls of a verb, in the order they were sent.
    pub(crate) fn calls_of(&self, verb: VerbId) -> impl Iterator<Item = &Arc<CallEntry>> {
        let ids = self.of_verb.get(&verb).into_iter().flat_map(|ids| ids.iter());
        ids.filter_map(|id| self.calls.get(id))
    }

    /// Calls in the order of their first event.
    pub(crate) fn in_sequence(&self) -> impl DoubleEndedIterator<Item = &Arc<CallEntry>> {
        self.sequence.iter().filter_map(|id| self.calls.get(id))
    }
}
