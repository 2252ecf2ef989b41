//! What an expression needs from around it: bound names, and the earlier call being looked at.

use super::typing;
use super::{Checked, Flaw, Place};
use crate::program::{ArgId, LocalId, Program, TypeId, VerbId};
use std::collections::BTreeSet;

/// The most such things that one expression may need.
const MAX_FREE: usize = 256;

/// A thing that an expression needs from around it, with the type it takes it to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Free {
    Local(LocalId, TypeId),
    PastArg(ArgId),
    PastResult(TypeId),
}

/// All that one expression needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Needs(BTreeSet<Free>);

impl Needs {
    pub(super) fn one(free: Free) -> Self {
        Self(BTreeSet::from([free]))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, other: &Self, place: &Place<'_>) -> Checked {
        self.0.extend(other.0.iter().copied());
        if self.0.len() > MAX_FREE {
            return Err(Flaw::new(place, format!("it depends on more than {MAX_FREE} bound names")));
        }
        Ok(())
    }

    /// With a name bound to a value of that type: what is left.
    pub(super) fn bind(&self, program: &Program, local: LocalId, ty: TypeId, place: &Place<'_>) -> Checked<Self> {
        let mut left = BTreeSet::new();
        for free in &self.0 {
            match free {
                Free::Local(name, wanted) if *name == local => {
                    if !typing::fits(program, ty, *wanted) {
                        let (ty, wanted) = (typing::name(program, ty), typing::name(program, *wanted));
                        return Err(Flaw::new(place, format!("name {} is bound to {ty} and used as {wanted}", local.0)));
                    }
                }
                other => {
                    left.insert(*other);
                }
            }
        }
        Ok(Self(left))
    }

    /// Looking at earlier calls of these verbs: what is left.
    pub(super) fn look_at(&self, program: &Program, verbs: &[VerbId], place: &Place<'_>) -> Checked<Self> {
        let mut left = BTreeSet::new();
        for free in &self.0 {
            for verb in verbs {
                let Some(verb) = program.verbs.get(verb.index()) else { continue };
                let fits = match free {
                    Free::Local(..) => true,
                    Free::PastArg(arg) => verb.params.iter().any(|(slot, _)| slot == arg),
                    Free::PastResult(wanted) => verb.result.is_some_and(|result| typing::fits(program, result, *wanted)),
                };
                if !fits {
                    return Err(Flaw::new(
                        place,
                        format!("it asks of a call of `{}.{}` what that does not have", verb.tool, verb.name),
                    ));
                }
            }
            if let Free::Local(..) = free {
                left.insert(*free);
            }
        }
        Ok(Self(left))
    }
}
