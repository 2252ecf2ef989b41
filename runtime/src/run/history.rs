//! What the run's earlier calls say.

use super::{CallEntry, Mark, Reported, Run};
use crate::eval::Requirement;
use crate::policy::Policy;
use crate::program::VerbId;
use crate::value::Value;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

impl Run {
    /// How many calls of these verbs were last reported refused or unclear, since the last of them that was reported ok.
    pub(crate) fn failures(&self, verbs: &[VerbId]) -> i64 {
        let calls = verbs.iter().flat_map(|verb| self.calls_of(*verb));
        let reported = calls.filter_map(|call| call.allowed().map(|allowed| (allowed.reported_order, &allowed.reported)));
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

    /// When the call asked for was made last: an ok result, or the host's own fetch of the same record.
    pub(crate) fn required(&self, policy: &Policy, now: Timestamp, asked: &Requirement<'_>) -> Option<Timestamp> {
        let barrier = asked.since_last.and_then(|verb| self.last_sent(verb));
        let counts = |made: &Mark| {
            asked.within.is_none_or(|within| now.duration_since(made.at) <= within)
                && barrier.is_none_or(|barrier| *made >= barrier)
        };
        let made = self.calls_of(asked.verb).filter_map(|call| {
            let allowed = call.allowed().filter(|allowed| allowed.reported == Reported::Ok)?;
            self.has_args(policy, call, asked).then_some(Mark { at: allowed.sent, order: allowed.order })
        });
        made.chain(self.fetched(policy, asked)).filter(counts).map(|made| made.at).max()
    }

    fn last_sent(&self, verb: VerbId) -> Option<Mark> {
        self.calls_of(verb).filter_map(|call| call.allowed().map(|allowed| Mark { at: allowed.sent, order: allowed.order })).max()
    }

    fn has_args(&self, policy: &Policy, call: &CallEntry, asked: &Requirement<'_>) -> bool {
        let Some(bound) = call.bound.as_ref().filter(|bound| bound.verb == asked.verb) else { return false };
        let Some(shape) = policy.program().verbs.get(asked.verb.index()) else { return false };
        // Equal arguments: what the prerequisite leaves out was left out of the call.
        (0u32..).zip(&shape.params).all(|(param, (slot, _))| {
            let wanted = asked.args.iter().find(|(named, _)| *named == param).map_or(&Value::None, |(_, wanted)| wanted);
            bound.args.iter().any(|(arg, value)| arg == slot && value == wanted)
        })
    }

    /// When the host itself fetched a record that this verb fetches, with a key that says the same as the arguments asked for.
    fn fetched(&self, policy: &Policy, asked: &Requirement<'_>) -> Vec<Mark> {
        let plans = policy.program().records.iter().zip(0u32..).filter_map(|(shape, at)| {
            let (verb, parts) = shape.fetch.as_ref()?.verb.as_ref()?;
            (*verb == asked.verb).then_some((crate::types::RecordId(at), parts))
        });
        let found = plans.flat_map(|(record, parts)| {
            let says_the_same = move |key: &Arc<[Value]>| {
                asked.args.iter().all(|(param, wanted)| {
                    let part = parts.iter().find(|(passed, _)| passed == param).map(|(_, part)| *part as usize);
                    part.and_then(|part| key.get(part)) == Some(wanted)
                })
            };
            self.readings.fetches(record).filter(move |(key, _)| says_the_same(key)).map(|(_, mark)| mark)
        });
        found.collect()
    }

    /// The age of something, never negative.
    pub(crate) fn age(&self, at: Timestamp) -> SignedDuration {
        self.now.duration_since(at).max(SignedDuration::ZERO)
    }
}
