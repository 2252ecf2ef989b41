//! Remembers where names were first declared, and reports the second place.

use crate::diagnostic::Sink;
use crate::diagnostic::codes::{DeclaredTwice, SaidTwice};
use crate::typed::Loc;
use std::collections::BTreeMap;

/// The names of one kind declared so far in one space.
#[derive(Debug)]
pub(crate) struct Duplicates {
    what: &'static str,
    first: BTreeMap<String, Loc>,
}

impl Duplicates {
    /// No names of that kind yet: `field`, `verb`.
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what, first: BTreeMap::new() }
    }

    /// Whether the name is new; where it is not, that is reported.
    pub(crate) fn declare(&mut self, name: &str, loc: Loc, sink: &mut Sink) -> bool {
        match self.first.get(name) {
            None => {
                self.first.insert(name.to_owned(), loc);
                true
            }
            Some(first) => {
                sink.report(DeclaredTwice { what: self.what, name: name.to_owned(), loc, first: *first });
                false
            }
        }
    }
}

/// The clauses said so far of one thing that may say each once.
#[derive(Debug, Default)]
pub(crate) struct Once {
    first: BTreeMap<&'static str, Loc>,
}

impl Once {
    /// Whether this is the first time; where it is not, that is reported.
    pub(crate) fn say(&mut self, what: &'static str, loc: Loc, sink: &mut Sink) -> bool {
        match self.first.get(what) {
            None => {
                self.first.insert(what, loc);
                true
            }
            Some(first) => {
                sink.report(SaidTwice { what, loc, first: *first });
                false
            }
        }
    }

    /// Where it was said.
    pub(crate) fn said(&self, what: &'static str) -> Option<Loc> {
        self.first.get(what).copied()
    }
}
