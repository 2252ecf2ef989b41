//! Results whose type is not known.

use crate::diagnostic::text::verb_name;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed, VerbId};

/// A result whose type is not one known type.
#[derive(Debug)]
pub(crate) struct ResultUnclear {
    /// Why.
    pub(crate) fault: ResultFault,
    /// Where.
    pub(crate) loc: Loc,
}

/// Why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultFault {
    /// The verb declares no result.
    Nothing(VerbId),
    /// The verb answers no records.
    NoRows(VerbId),
    /// Two verbs answer different things.
    Differ(VerbId, VerbId),
}

impl Problem for ResultUnclear {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (message, help) = match self.fault {
            ResultFault::Nothing(verb) => {
                let name = verb_name(verb, typed);
                let own = name.rsplit('.').next().unwrap_or_default();
                (format!("`{name}` declares no result"), format!("declare what it answers, `{own}(…) -> Type`"))
            }
            ResultFault::NoRows(verb) => (
                format!("`{}` answers no records", verb_name(verb, typed)),
                "declare what it answers as a record or a list of records".to_owned(),
            ),
            ResultFault::Differ(one, other) => (
                format!("`{}` and `{}` answer different things", verb_name(one, typed), verb_name(other, typed)),
                "speak of one verb at a time".to_owned(),
            ),
        };
        Self::CODE.says(message).at(self.loc, "its result is spoken of here").help(help)
    }
}
