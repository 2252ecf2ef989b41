//! Values that one decision keeps: an expression that occurs twice is evaluated once.

use super::cause::Evaluated;
use crate::program::ExprId;

/// Scratch for evaluators: values by expression. Making one anew for each decision is right too, only slower.
#[derive(Debug, Default)]
pub struct Memo {
    /// For each expression, the place of its value in `kept`, from 1; 0 where it has none.
    places: Vec<u32>,
    kept: Vec<(ExprId, Evaluated)>,
}

impl Memo {
    /// Forgets every value and makes room for so many expressions.
    pub(super) fn forget(&mut self, exprs: usize) {
        for (id, _) in self.kept.drain(..) {
            if let Some(place) = self.places.get_mut(id.index()) {
                *place = 0;
            }
        }
        self.places.resize(exprs, 0);
    }

    pub(super) fn get(&self, id: ExprId) -> Option<&Evaluated> {
        let place = self.places.get(id.index()).copied()?.checked_sub(1)?;
        self.kept.get(place as usize).map(|(_, evaluated)| evaluated)
    }

    pub(super) fn keep(&mut self, id: ExprId, evaluated: Evaluated) {
        if let Some(place) = self.places.get_mut(id.index()) {
            self.kept.push((id, evaluated));
            *place = u32::try_from(self.kept.len()).unwrap_or(0);
        }
    }
}
