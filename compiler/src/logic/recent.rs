//! Whether a formula is never true, where nobody asks what makes it true: most such questions are answered by what made a former one true.

use super::formula::Formula;
use super::model::Model;
use super::solve::{Answer, Budget};
use super::space::Space;
use std::collections::{BTreeMap, VecDeque};

/// So many models are kept.
const MOST: usize = 8;

/// The models of one space that were found last, the latest first.
#[derive(Debug, Default)]
pub(crate) struct Recent(VecDeque<Model>);

impl Space {
    /// Whether a formula is certainly never true; not where the budget does not suffice to say so.
    pub(crate) fn is_never(&mut self, formula: Formula, recent: &mut Recent, budget: &mut Budget) -> bool {
        let parts = self.with_axioms(formula);
        if recent.has_model_of(self, &parts) {
            return false;
        }
        match self.decide_all(&parts, budget) {
            Answer::Never => true,
            Answer::TooHard => false,
            Answer::Model(model) => {
                recent.keep(*model);
                false
            }
        }
    }
}

impl Recent {
    fn has_model_of(&mut self, space: &Space, parts: &[Formula]) -> bool {
        let is_model = |model: &Model| {
            let mut known = BTreeMap::new();
            parts.iter().all(|part| model.holds(space, *part, &mut known))
        };
        let found = self.0.iter().position(is_model).and_then(|at| self.0.remove(at));
        found.map(|model| self.0.push_front(model)).is_some()
    }

    fn keep(&mut self, model: Model) {
        self.0.truncate(MOST.saturating_sub(1));
        self.0.push_front(model);
    }
}
