//! `undo` and `compensates` that do not name each other.

use crate::diagnostic::text::verb_name;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Typed, VerbId};

/// A write and what is said to reverse it disagree.
#[derive(Debug)]
pub(crate) struct ReversalMismatch {
    /// The write that is reversed.
    pub(crate) verb: VerbId,
    /// The one that reverses it.
    pub(crate) by: VerbId,
    /// Which of the two says so.
    pub(crate) side: ReversalSide,
}

/// Which side says what the other does not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ReversalSide {
    /// `undo`; the reversing verb says that it compensates another write.
    Undo {
        /// That other write.
        other: VerbId,
    },
    /// `compensates`; the reversed verb names another `undo`, or none.
    Compensates {
        /// What it names.
        named: Option<VerbId>,
    },
}

impl Problem for ReversalMismatch {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (verb, by) = (verb_name(self.verb, typed), verb_name(self.by, typed));
        let decl = |id: VerbId| typed.verbs.get(id.index()).map(|decl| decl.loc);
        let (message, help, places) = match self.side {
            ReversalSide::Undo { other } => {
                let other = verb_name(other, typed);
                (
                    format!("`{verb}` is undone by `{by}`, which says that it compensates `{other}`"),
                    format!("write `compensates {verb}` in `{by}`, or name another `undo`"),
                    [(self.verb, "its `undo` names the other"), (self.by, "compensates something else")],
                )
            }
            ReversalSide::Compensates { named: Some(named) } => {
                let named = verb_name(named, typed);
                (
                    format!("`{by}` says that it compensates `{verb}`, which is undone by `{named}`"),
                    format!("write `undo {by}(…)` in `{verb}`, or remove `compensates`"),
                    [(self.by, "says so"), (self.verb, "names another `undo`")],
                )
            }
            ReversalSide::Compensates { named: None } => (
                format!("`{by}` says that it compensates `{verb}`, which has no `undo`"),
                format!("write `undo {by}(…)` in `{verb}`, so that the runtime knows how to reverse it"),
                [(self.by, "says so"), (self.verb, "no `undo`")],
            ),
        };
        places.into_iter().fold(Self::CODE.says(message).help(help), |diagnostic, (verb, label)| match decl(verb) {
            Some(loc) => diagnostic.at(loc, label),
            None => diagnostic,
        })
    }
}
