//! Where among the earlier calls those stand that a filter can ask for: by verb and argument, for the arguments that some filter compares.

use crate::policy::Policy;
use crate::program::{ArgId, VerbId};
use crate::value::Value;
use rpds::{RedBlackTreeMapSync, VectorSync};

/// Places among the earlier calls, ascending, by the value of an argument.
type ByValue = RedBlackTreeMapSync<Value, VectorSync<u32>>;

/// Places among the earlier calls, by verb and argument.
#[derive(Debug, Clone, Default)]
pub(crate) struct PastIndex {
    by_arg: RedBlackTreeMapSync<(VerbId, ArgId), ByValue>,
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
    }

    /// Where the calls of a verb with that argument stand; `None` where that was not noted.
    pub(crate) fn places(&self, policy: &Policy, verb: VerbId, arg: ArgId, value: &Value) -> Option<&VectorSync<u32>> {
        if !policy.index().asks_past(arg) {
            return None;
        }
        Some(self.by_arg.get(&(verb, arg)).and_then(|by_value| by_value.get(value)).unwrap_or(&self.none))
    }
}
