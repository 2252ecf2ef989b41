//! Where among the earlier calls those stand that a filter can ask for: by verb and argument, for the arguments that some filter compares.

use crate::policy::Policy;
use crate::program::{ArgId, VerbId};
use crate::value::{Value, hash_of};
use rpds::{RedBlackTreeMapSync, VectorSync};

/// Places among the earlier calls, ascending, by the value of an argument.
type ByValue = RedBlackTreeMapSync<Value, VectorSync<u32>>;

/// Places among the earlier calls, by verb and argument.
#[derive(Debug, Clone, Default)]
pub(crate) struct PastIndex {
    by_arg: RedBlackTreeMapSync<(VerbId, ArgId), ByValue>,
    /// By a question of the policy and the hash of what it asks for.
    by_question: RedBlackTreeMapSync<(u32, u64), VectorSync<u32>>,
    none: VectorSync<u32>,
}

impl PastIndex {
    /// Notes where a call stands.
    pub(crate) fn note(&mut self, policy: &Policy, place: usize, verb: VerbId, args: &[(ArgId, Value)]) {
        let Ok(place) = u32::try_from(place) else { return };
        for (arg, value) in args.iter().filter(|(arg, _)| policy.index().asks_past(*arg)) {
            let mut by_value = self.by_arg.get(&(verb, *arg)).cloned().unwrap_or_else(ByValue::new_sync);
            let mut places = by_value.get(value).cloned().unwrap_or_else(VectorSync::new_sync);
            places.push_back_mut(place);
            by_value.insert_mut(value.clone(), places);
            self.by_arg.insert_mut((verb, *arg), by_value);
        }
        for (question, asked) in policy.index().glances.pasts_of(verb) {
            let values = asked.args.iter().filter_map(|arg| args.iter().find(|(slot, _)| slot == arg).map(|(_, value)| value));
            let key = (question, hash_of(values));
            let mut places = self.by_question.get(&key).cloned().unwrap_or_else(VectorSync::new_sync);
            places.push_back_mut(place);
            self.by_question.insert_mut(key, places);
        }
    }

    /// Where the calls stand that may be the answer to a question for values of that hash: all that are, and seldom others.
    pub(crate) fn asked(&self, question: u32, hash: u64) -> &VectorSync<u32> {
        self.by_question.get(&(question, hash)).unwrap_or(&self.none)
    }

    /// Where the calls of a verb with that argument stand; `None` where that was not noted.
    pub(crate) fn places(&self, policy: &Policy, verb: VerbId, arg: ArgId, value: &Value) -> Option<&VectorSync<u32>> {
        if !policy.index().asks_past(arg) {
            return None;
        }
        Some(self.by_arg.get(&(verb, arg)).and_then(|by_value| by_value.get(value)).unwrap_or(&self.none))
    }
}
