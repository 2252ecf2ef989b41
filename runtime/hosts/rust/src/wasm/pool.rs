//! Instances side by side: a run stays on one, and one that broke is replaced.

use super::instance::{Instance, Recipe};
use crate::error::HostError;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An instance that several runs use in turn.
pub(super) type Shared = Arc<Mutex<Instance>>;

/// The instances of a policy.
pub(super) struct Pool {
    recipe: Recipe,
    instances: Mutex<Vec<Shared>>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("options", &self.recipe.options).finish_non_exhaustive()
    }
}

pub(super) fn lock(instance: &Shared) -> MutexGuard<'_, Instance> {
    // A thread that panicked was not inside the module: a trap is an error, not a panic.
    instance.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    pub(super) fn new(recipe: Recipe, first: Instance) -> Self {
        Self { recipe, instances: Mutex::new(vec![Arc::new(Mutex::new(first))]) }
    }

    pub(super) fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The instance with the fewest runs; a new one while there are fewer than there may be and all have some.
    pub(super) fn least_used(&self) -> Result<Shared, HostError> {
        let mut instances = self.instances.lock().unwrap_or_else(PoisonError::into_inner);
        instances.retain(|instance| !lock(instance).is_broken());
        let least = instances.iter().min_by_key(|instance| Arc::strong_count(instance)).cloned();
        let most = usize::try_from(self.recipe.options.instances).unwrap_or(usize::MAX);
        match least {
            // Two: the pool's own, and the one just taken.
            Some(instance) if Arc::strong_count(&instance) <= 2 || instances.len() >= most => Ok(instance),
            _ => {
                let instance = Arc::new(Mutex::new(self.recipe.instance()?));
                instances.push(Arc::clone(&instance));
                Ok(instance)
            }
        }
    }
}
