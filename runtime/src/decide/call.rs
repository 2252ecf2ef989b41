//! Calls: rows 1 to 3 of the decision table, then the judgement.

use super::judge::{By, judge};
use super::words;
use super::{Deciding, Reply};
use crate::answer::{Builtin, Outcome, Retry};
use crate::bind;
use crate::event;
use crate::index::Named;
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{Effect, VerbId};
use crate::run::{Bound, CallEntry, CallPhase, MAX_ARGS_BYTES, MAX_CALLS, Phase, Run};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a call does not fit.
enum Unfit {
    /// The policy declares no such verb.
    Verb(String),
    /// The arguments are not those of the verb.
    Arguments(String),
}

impl Deciding<'_> {
    pub(super) fn call(&mut self, call: &event::Call) -> Reply {
        if self.run.phase != Phase::Open {
            return self.closed(&call.id);
        }
        let verb = find_verb(self.policy, &call.verb);
        let known = self.run.call(&call.id).cloned();
        if let Some(by) = self.paused(verb.as_ref().ok().copied()) {
            let reply = self.paused_reply(&call.id, &call.verb, by);
            if known.is_none() {
                self.finally(self.unbound(call), CallPhase::Paused, "paused");
            }
            return reply;
        }
        if let Some(entry) = known {
            return self.again(&entry, verb.ok(), call);
        }
        if self.run.calls.size() >= MAX_CALLS {
            return self.full(&call.id, &call.verb);
        }
        let bound = verb.and_then(|verb| bind(self.policy, verb, &call.args));
        match bound {
            Err(unfit) => self.unfit(call, &unfit),
            Ok(bound) if !self.run.hold(bound.canonical.len()) => {
                let reply = self.full(&call.id, &call.verb);
                self.finally(CallEntry { bound: Some(Arc::new(bound)), ..self.unbound(call) }, CallPhase::Denied, "run_full");
                reply
            }
            Ok(bound) => self.decide_call(CallEntry { bound: Some(Arc::new(bound)), ..self.unbound(call) }),
        }
    }

    /// Decides a call that fits, for the first time or anew.
    pub(super) fn decide_call(&mut self, entry: CallEntry) -> Reply {
        let Some(bound) = entry.bound.clone() else { return Reply::refused("the call does not fit its verb") };
        let judgement = judge(self.ground(), &entry, &bound, self.detail);
        self.steps = self.steps.max(judgement.steps);
        self.carry_out(entry, &bound, judgement)
    }

    /// A call under an id that was used before: only the identical call of a `need` goes on.
    fn again(&mut self, entry: &CallEntry, verb: Option<VerbId>, call: &event::Call) -> Reply {
        let same = matches!(entry.phase, CallPhase::Needs)
            && verb
                .and_then(|verb| bind(self.policy, verb, &call.args).ok())
                .zip(entry.bound.as_ref())
                .is_some_and(|(new, old)| new.verb == old.verb && new.canonical == old.canonical);
        if same {
            return self.decide_call(entry.clone());
        }
        let by = By::Builtin(Builtin::CallId, Effect::Deny);
        Reply {
            outcome: Outcome::Deny,
            by: Some(words::by(self.policy, by)),
            model: format!("the call id `{}` was used before; make the call under a new one", call.id),
            person: format!("the call id `{}` was used before, for `{}`", call.id, entry.name),
            retry: Retry::WithOtherArguments,
            ..Reply::taken("").about(&call.id)
        }
    }

    fn closed(&self, call: &str) -> Reply {
        let why = match self.run.stopped_by() {
            Some(by) => format!("was stopped {}; people take over", words::by_words(&words::by(self.policy, by))),
            None => "has ended".to_owned(),
        };
        Reply {
            outcome: Outcome::Deny,
            by: Some(words::by(self.policy, By::Builtin(Builtin::Closed, Effect::Deny))),
            model: "this run is over; make no more calls".to_owned(),
            person: format!("the run {why}, and no call is decided any more"),
            ..Reply::taken("").about(call)
        }
    }

    fn full(&self, call: &str, verb: &str) -> Reply {
        let by = By::Builtin(Builtin::RunFull, Effect::Deny);
        Reply {
            outcome: Outcome::Deny,
            by: Some(words::by(self.policy, by)),
            model: words::denied(self.policy, verb, by, Retry::No),
            person: format!("the run holds as many calls or as much data as one run may, so that `{verb}` is denied"),
            ..Reply::taken("").about(call)
        }
    }

    fn unfit(&mut self, call: &event::Call, unfit: &Unfit) -> Reply {
        let (builtin, why) = match unfit {
            Unfit::Verb(why) => (Builtin::UndeclaredVerb, why.clone()),
            Unfit::Arguments(why) => (Builtin::Arguments, why.clone()),
        };
        self.finally(self.unbound(call), CallPhase::Denied, builtin.name());
        Reply {
            outcome: Outcome::Deny,
            by: Some(words::by(self.policy, By::Builtin(builtin, Effect::Deny))),
            model: why.clone(),
            person: why,
            retry: Retry::WithOtherArguments,
            ..Reply::taken("").about(&call.id)
        }
    }

    fn unbound(&self, call: &event::Call) -> CallEntry {
        CallEntry {
            id: Arc::from(call.id.as_str()),
            name: words_of(&call.verb),
            bound: None,
            at: self.run.now,
            phase: CallPhase::Needs,
            by: None,
            needs: BTreeSet::new(),
            undoes: None,
        }
    }
}

/// A name as it is quoted: cut where it is long.
fn words_of(name: &str) -> String {
    name.chars().take(100).collect()
}

/// The verb of that name on the wire, or of `tool.name` where two tools have it.
fn find_verb(policy: &Policy, name: &str) -> Result<VerbId, Unfit> {
    match policy.index().verbs.named(policy.program(), name) {
        Named::One(verb) => Ok(verb),
        Named::Many => {
            let name = words_of(name);
            Err(Unfit::Verb(format!("more than one tool has a verb `{name}`; call it as `tool.{name}`")))
        }
        Named::None => Err(Unfit::Verb(format!("there is no verb `{}`", words_of(name)))),
    }
}

/// The verb of that name, where there is exactly one.
pub(crate) fn verb_named(policy: &Policy, name: &str) -> Option<VerbId> {
    find_verb(policy, name).ok()
}

fn bind(policy: &Policy, verb: VerbId, args: &Json) -> Result<Bound, Unfit> {
    let wire = policy.program().verbs.get(verb.index()).map_or("", |shape| shape.wire.as_str());
    let read = bind::arguments(policy, verb, args)
        .map_err(|misfits| Unfit::Arguments(format!("the arguments of `{wire}` do not fit: {misfits}")))?;
    let canonical = read.canonical.canonical();
    if canonical.len() > MAX_ARGS_BYTES {
        return Err(Unfit::Arguments(format!("the arguments of `{wire}` are larger than {MAX_ARGS_BYTES} bytes")));
    }
    let json = Json::read(canonical.as_bytes()).unwrap_or(read.canonical);
    Ok(Bound { verb, args: read.values, json, canonical: Arc::from(canonical) })
}

/// The canonical arguments of a call that the runtime makes itself.
pub(super) fn bind_own(policy: &Policy, verb: VerbId, args: &Json) -> Result<Bound, String> {
    bind(policy, verb, args).map_err(|unfit| match unfit {
        Unfit::Verb(why) | Unfit::Arguments(why) => why,
    })
}

impl Run {
    /// Whether so many more calls fit.
    pub(crate) fn has_room_for_calls(&self, more: usize) -> bool {
        self.calls.size().saturating_add(more) <= MAX_CALLS
    }
}
