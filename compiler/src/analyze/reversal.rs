//! `undo` and `compensates` that do not name each other.

use super::Subject;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{ReversalMismatch, ReversalSide};
use crate::typed::VerbId;

/// Reports a write whose `undo` is declared to compensate another one, and one that compensates a write that does not name it.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let verbs = &subject.typed.verbs;
    for (id, verb) in (0_u32..).map(VerbId).zip(verbs) {
        if let Some(undo) = &verb.undo {
            let other = verbs.get(undo.verb.index()).and_then(|decl| decl.compensates);
            if let Some(other) = other.filter(|other| *other != id) {
                sink.report(ReversalMismatch { verb: id, by: undo.verb, side: ReversalSide::Undo { other } });
            }
        }
        let Some(of) = verb.compensates else { continue };
        let named = verbs.get(of.index()).and_then(|decl| decl.undo.as_ref()).map(|undo| undo.verb);
        match named {
            // A mismatch of the other's `undo` is said there, where it names a verb that compensates something else.
            Some(named) if named == id => {}
            named => sink.report(ReversalMismatch { verb: of, by: id, side: ReversalSide::Compensates { named } }),
        }
    }
}
