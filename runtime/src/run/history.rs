//! What the run's earlier calls say.

use super::{CallEntry, Reported, Run};
use crate::eval::Requirement;
use crate::policy::Policy;
use crate::program::VerbId;
use crate::value::Value;
use jiff::SignedDuration;
use std::sync::Arc;

impl Run {
    /// How many calls of these verbs were last reported refused or unclear, since the last of them that was reported ok.
    pub(crate) fn failures(&self, verbs: &[VerbId]) -> i64 {
        let reported = self.calls.values().filter_map(|call| {
            let allowed = call.allowed()?;
            let of_verbs = call.bound.as_ref().is_some_and(|bound| verbs.contains(&bound.verb));
            of_verbs.then_some((allowed.reported_order, &allowed.reported))
        });
        let mut last_ok = 0;
        let mut failed = Vec::new();
        for (order, reported) in reported {
            match reported {
                Reported::Ok | Reported::Misfit => last_ok = last_ok.max(order),
                Reported::Refused(_) | Reported::Unclear => failed.push(order),
                Reported::Nothing => {}
            }
        }
        i64::try_from(failed.into_iter().filter(|order| *order > last_ok).count()).unwrap_or(i64::MAX)
    }

    /// Whether the call asked for was made: an ok result, or the host's own fetch of the same record.
    pub(crate) fn required(&self, policy: &Policy, asked: &Requirement<'_>) -> bool {
        let barrier = asked.since_last.and_then(|verb| self.last_sent(verb));
        let in_time = |sent: jiff::Timestamp| asked.within.is_none_or(|within| self.now.duration_since(sent) <= within);
        let made = self.calls.values().any(|call| {
            call.allowed().is_some_and(|allowed| {
                allowed.reported == Reported::Ok
                    && in_time(allowed.sent)
                    && barrier.is_none_or(|barrier| allowed.order > barrier)
                    && self.has_args(policy, call, asked)
            })
        });
        made || self.fetched(policy, asked, barrier, in_time)
    }

    fn last_sent(&self, verb: VerbId) -> Option<u64> {
        let of_verb = self.calls.values().filter(|call| call.bound.as_ref().is_some_and(|bound| bound.verb == verb));
        of_verb.filter_map(|call| call.allowed().map(|allowed| allowed.order)).max()
    }

    fn has_args(&self, policy: &Policy, call: &CallEntry, asked: &Requirement<'_>) -> bool {
        let Some(bound) = call.bound.as_ref().filter(|bound| bound.verb == asked.verb) else { return false };
        let Some(shape) = policy.program().verbs.get(asked.verb.index()) else { return false };
        asked.args.iter().all(|(param, wanted)| {
            let slot = shape.params.get(*param as usize).map(|(slot, _)| *slot);
            bound.args.iter().any(|(arg, value)| Some(*arg) == slot && value == wanted)
        })
    }

    /// Whether the host itself fetched a record that this verb fetches, with a key that says the same as the arguments asked for.
    fn fetched(
        &self,
        policy: &Policy,
        asked: &Requirement<'_>,
        barrier: Option<u64>,
        in_time: impl Fn(jiff::Timestamp) -> bool,
    ) -> bool {
        let plans = policy.program().records.iter().zip(0u32..).filter_map(|(shape, at)| {
            let (verb, parts) = shape.fetch.as_ref()?.verb.as_ref()?;
            (*verb == asked.verb).then_some((crate::types::RecordId(at), parts))
        });
        plans.into_iter().any(|(record, parts)| {
            let counts = |key: &Arc<[Value]>| {
                asked.args.iter().all(|(param, wanted)| {
                    let part = parts.iter().find(|(passed, _)| passed == param).map(|(_, part)| *part as usize);
                    part.and_then(|part| key.get(part)) == Some(wanted)
                })
            };
            self.readings
                .fetches(record)
                .any(|(key, mark)| counts(key) && in_time(mark.at) && barrier.is_none_or(|barrier| mark.order > barrier))
        })
    }

    /// The age of something, never negative.
    pub(crate) fn age(&self, at: jiff::Timestamp) -> SignedDuration {
        self.now.duration_since(at).max(SignedDuration::ZERO)
    }
}
