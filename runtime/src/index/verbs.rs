//! Verbs by name.

use crate::program::{Program, VerbId, VerbShape};
use crate::slots::{Slots, of_text};

/// The verb that a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// This one.
    One(VerbId),
    /// More than one tool has a verb of that name.
    Many,
    /// None.
    None,
}

/// Verbs by their name on the wire, and by `tool.name`.
#[derive(Debug, Default)]
pub(crate) struct Verbs {
    wires: Names,
    full: Names,
}

/// Verbs by one kind of name.
#[derive(Debug, Default)]
struct Names {
    slots: Slots,
    /// The first verb of each name, and whether there is another.
    verbs: Vec<(VerbId, bool)>,
}

impl Verbs {
    pub(crate) fn new(program: &Program) -> Self {
        let mut verbs = Self::default();
        for (shape, at) in program.verbs.iter().zip(0..) {
            verbs.wires.add(program, &shape.wire, VerbId(at), |shape, name| shape.wire == name);
            verbs.full.add(program, &format!("{}.{}", shape.tool, shape.wire), VerbId(at), has_full_name);
            if shape.wire != shape.name {
                verbs.full.add(program, &format!("{}.{}", shape.tool, shape.name), VerbId(at), has_full_name);
            }
        }
        verbs
    }

    /// The verb of that name on the wire, or of `tool.name` where no verb or more than one has it.
    pub(crate) fn named(&self, program: &Program, name: &str) -> Named {
        match self.wires.get(program, name, |shape, name| shape.wire == name) {
            Named::None => match self.full.get(program, name, has_full_name) {
                Named::One(verb) => Named::One(verb),
                Named::Many | Named::None => Named::None,
            },
            found => found,
        }
    }
}

fn has_full_name(shape: &VerbShape, name: &str) -> bool {
    let rest = name.strip_prefix(shape.tool.as_str()).and_then(|rest| rest.strip_prefix('.'));
    rest.is_some_and(|rest| rest == shape.wire || rest == shape.name)
}

type Has = fn(&VerbShape, &str) -> bool;

impl Names {
    fn place(&self, program: &Program, name: &str, has: Has) -> Option<u32> {
        let fits = |place: u32| {
            let verb = self.verbs.get(place as usize).and_then(|(verb, _)| program.verbs.get(verb.index()));
            verb.is_some_and(|shape| has(shape, name))
        };
        self.slots.find(of_text(name.as_bytes()), fits)
    }

    fn add(&mut self, program: &Program, name: &str, verb: VerbId, has: Has) {
        let known = self.place(program, name, has);
        if let Some((first, is_shared)) = known.and_then(|place| self.verbs.get_mut(place as usize)) {
            *is_shared |= *first != verb;
            return;
        }
        let place = u32::try_from(self.verbs.len()).unwrap_or(u32::MAX);
        if place == 0 {
            self.slots = Slots::with_room(program.verbs.len().saturating_mul(2));
        }
        self.verbs.push((verb, false));
        // There is room for every name of every verb, so the table never grows.
        self.slots.add(of_text(name.as_bytes()), place, |_| 0);
    }

    fn get(&self, program: &Program, name: &str, has: Has) -> Named {
        match self.place(program, name, has).and_then(|place| self.verbs.get(place as usize)) {
            Some((verb, false)) => Named::One(*verb),
            Some((_, true)) => Named::Many,
            None => Named::None,
        }
    }
}
