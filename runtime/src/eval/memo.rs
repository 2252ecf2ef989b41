//! Values that one decision keeps: an expression that occurs twice is evaluated once.

use super::cause::Evaluated;
use crate::program::ExprId;
use crate::slots::Slots;

/// Scratch for evaluators: values by expression. Making one anew for each decision is right too, only slower. It costs what is kept, not
/// what the policy holds.
#[derive(Debug, Default)]
pub struct Memo {
    /// The places in `kept`, by expression.
    places: Slots,
    kept: Vec<(ExprId, Evaluated)>,
}

impl Memo {
    /// Forgets every value.
    pub(super) fn forget(&mut self) {
        self.places.clear(self.kept.drain(..).map(|(id, _)| u64::from(id.0)));
    }

    pub(super) fn get(&self, id: ExprId) -> Option<&Evaluated> {
        let kept = |place: u32| self.kept.get(place as usize);
        let place = self.places.find(u64::from(id.0), |place| kept(place).is_some_and(|(other, _)| *other == id))?;
        kept(place).map(|(_, evaluated)| evaluated)
    }

    /// Keeps a value; a later one of the same expression takes the place of the one before.
    pub(super) fn keep(&mut self, id: ExprId, evaluated: Evaluated) {
        let fits = |place: u32| self.kept.get(place as usize).is_some_and(|(other, _)| *other == id);
        let known = self.places.find(u64::from(id.0), fits);
        if let Some((_, kept)) = known.and_then(|place| self.kept.get_mut(place as usize)) {
            *kept = evaluated;
            return;
        }
        let place = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        self.kept.push((id, evaluated));
        let kept = &self.kept;
        self.places.add(u64::from(id.0), place, |place| kept.get(place as usize).map_or(0, |(id, _)| u64::from(id.0)));
    }
}
