//! What a call *would* be answered now: outcome and deciding rule, straight from the event's bytes.
//!
//! A preview is a question, **not a permission**. It changes nothing: the run stays as it is, the call's id is not used, nothing is counted
//! and nothing reserved, so two previews that both say `allow` may not both come to be. Only [`decide`](crate::decide::decide) with its
//! commit allows. A host previews to grey out a button, to choose among plans, or to put a policy in front of traffic that it does not
//! rule yet.
//!
//! The outcome and the rule are those that `decide` gives for the same event over the same run and cells: where what is asked lies
//! outside the short way, `decide` itself is asked.
//!
//! ```
//! # use agentc_runtime::{cell::Snapshot, policy::Policy, preview::{preview, PreviewError, Scratch}, run::Run};
//! # fn ask(policy: &Policy, run: &Run, cells: &Snapshot) -> Result<(), PreviewError> {
//! let mut scratch = Scratch::new();
//! let event = br#"{"event":"call","id":"c1","verb":"refund","args":{"amount":40},"at":"2026-05-04T10:00:00Z"}"#;
//! let preview = preview(policy, run, cells, event, &mut scratch)?;
//! println!("{} by {}", preview.outcome.name(), preview.rule);
//! # Ok(())
//! # }
//! ```

mod bind;
mod scan;
mod short;
mod sight;

use crate::answer::Outcome;
use crate::cell::{CellKey, Snapshot};
use crate::decide::{Detail, Step, decide_in};
use crate::eval::Memo;
use crate::event::{Event, EventError, EventKind};
use crate::policy::Policy;
use crate::program::{Effect, VerbId};
use crate::run::Run;
use std::sync::Arc;

/// What a call would be answered. It permits nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview<'p> {
    /// The outcome.
    pub outcome: Foreseen,
    /// The name of the deciding rule, as `by.rule` of an answer gives it.
    pub rule: &'p str,
    /// Its effect.
    pub effect: Effect,
}

/// The outcome of a call, without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Foreseen {
    /// It would be allowed.
    Allow,
    /// Records would have to be fetched first.
    Need,
    /// People would be asked.
    Approval,
    /// It would be denied.
    Deny,
    /// The run would escalate.
    Escalate,
    /// It would be held back by a pause.
    Paused,
}

impl Foreseen {
    /// Its name in JSON, as `outcome` of an answer gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Need => "need",
            Self::Approval => "approval",
            Self::Deny => "deny",
            Self::Escalate => "escalate",
            Self::Paused => "paused",
        }
    }
}

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The event cannot be read.
    #[error(transparent)]
    Event(#[from] EventError),
    /// Only calls can be previewed.
    #[error("only a `call` can be previewed, not the event `{0}`")]
    NoCall(&'static str),
    /// The run was opened by another policy.
    #[error("this run was opened by another policy")]
    Foreign,
    /// These cells must be in the snapshot.
    #[error("cells of the ledger must be loaded first")]
    Load(Vec<CellKey>),
}

/// Memory that one preview leaves to the next. It holds nothing that a preview depends on.
#[derive(Debug, Default)]
pub struct Scratch {
    memo: Memo,
    slots: bind::Slots,
    recent: bind::Recent,
}

impl Scratch {
    /// Nothing kept yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// What the call in the JSON text of this event would be answered now. Nothing changes.
///
/// # Errors
/// [`PreviewError`] where there is no answer.
pub fn preview<'p>(
    policy: &'p Policy,
    run: &Run,
    cells: &Snapshot,
    event: &[u8],
    scratch: &mut Scratch,
) -> Result<Preview<'p>, PreviewError> {
    let Scratch { memo, slots, recent } = scratch;
    if let Some(call) = bind::read(policy, event, slots, recent)
        && let Some(preview) = short::preview(policy, run, cells, call, slots, memo)
    {
        return preview;
    }
    asked(policy, run, cells, &call(event)?)
}

/// A call that was read and bound once, to be previewed often.
#[derive(Debug, Clone)]
pub struct Prepared {
    event: Event,
    /// What it is bound to, with the digest of the policy; `None` where it does not fit, or cannot be bound in one pass.
    bound: Option<(Arc<str>, Bound)>,
}

/// A call that fits its verb.
#[derive(Debug, Clone)]
struct Bound {
    id: String,
    verb: VerbId,
    bytes: usize,
    slots: bind::Slots,
}

impl Prepared {
    /// Reads the JSON text of a `call` event for this policy.
    ///
    /// # Errors
    /// [`PreviewError`] where it is none. Arguments that do not fit are no error: the call would be denied.
    pub fn read(policy: &Policy, event: &[u8]) -> Result<Self, PreviewError> {
        let mut slots = bind::Slots::default();
        let bound = bind::read(policy, event, &mut slots, &mut bind::Recent::default()).map(|call| Bound {
            id: call.id.to_owned(),
            verb: call.verb,
            bytes: call.bytes,
            slots,
        });
        Ok(Self { event: call(event)?, bound: bound.map(|bound| (policy.shared_digest(), bound)) })
    }

    /// What the call would be answered now. Nothing changes.
    ///
    /// # Errors
    /// [`PreviewError`] where there is no answer.
    pub fn preview<'p>(
        &self,
        policy: &'p Policy,
        run: &Run,
        cells: &Snapshot,
        scratch: &mut Scratch,
    ) -> Result<Preview<'p>, PreviewError> {
        if let Some((_, bound)) = self.bound.as_ref().filter(|(digest, _)| policy.has_digest(digest)) {
            let call = bind::Call { id: &bound.id, at: self.event.at, verb: bound.verb, bytes: bound.bytes };
            if let Some(preview) = short::preview(policy, run, cells, call, &bound.slots, &mut scratch.memo) {
                return preview;
            }
        }
        asked(policy, run, cells, &self.event)
    }
}

/// Reads a call.
fn call(event: &[u8]) -> Result<Event, PreviewError> {
    let event = Event::read(event)?;
    match event.kind {
        EventKind::Call(_) => Ok(event),
        other => Err(PreviewError::NoCall(other.name())),
    }
}

/// What `decide` says.
fn asked<'p>(policy: &'p Policy, run: &Run, cells: &Snapshot, event: &Event) -> Result<Preview<'p>, PreviewError> {
    let decision = match decide_in(policy, run, cells, event, Detail::Brief) {
        Step::Load(keys) => return Err(PreviewError::Load(keys)),
        Step::Done(decision) => decision,
    };
    let outcome = match &decision.answer.outcome {
        Outcome::Allow(_) => Foreseen::Allow,
        Outcome::Need(_) => Foreseen::Need,
        Outcome::Approval(_) => Foreseen::Approval,
        Outcome::Deny => Foreseen::Deny,
        Outcome::Escalate => Foreseen::Escalate,
        Outcome::Paused => Foreseen::Paused,
        Outcome::Taken | Outcome::Shown(_) | Outcome::Refused | Outcome::Undo(_) | Outcome::Verdict(_) => {
            return Err(PreviewError::Foreign);
        }
    };
    let by = decision.answer.by.ok_or(PreviewError::Foreign)?;
    let rule = policy.rule_name(run, &by.rule).ok_or(PreviewError::Foreign)?;
    Ok(Preview { outcome, rule, effect: by.effect })
}
