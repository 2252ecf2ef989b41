//! Loops over what cannot be walked.

use crate::diagnostic::text::{counted, type_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Type, Typed};

/// Something that has no members.
#[derive(Debug)]
pub(crate) struct NotAList {
    /// Its type.
    pub(crate) found: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NotAList {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let found = type_name(&self.found, typed);
        let help = match self.found {
            Type::Text => "to look inside a text, use `text.contains`",
            _ => "write a list in brackets, `[a, b]`, or a range after `in`, `a..b`",
        };
        Self::CODE
            .says(format!("a list, a set or a map is needed, and this is `{found}`"))
            .at(self.loc, format!("of type `{found}`"))
            .help(help)
    }
}

/// A loop that makes no sense.
#[derive(Debug)]
pub(crate) struct BadLoop {
    /// Why.
    pub(crate) fault: LoopFault,
    /// Where.
    pub(crate) loc: Loc,
}

/// What is wrong with a loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LoopFault {
    /// `zip` in another loop than `all`.
    ZipOutsideAll,
    /// `zip` of something that has no order.
    ZipNeedsLists(Type),
    /// Another number of names than lists.
    Binders {
        /// Lists.
        wanted: usize,
        /// Names.
        found: usize,
    },
    /// A sum of things that cannot be added.
    NoSum(Type),
}

impl Problem for BadLoop {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (message, help) = match &self.fault {
            LoopFault::ZipOutsideAll => (
                "`zip` stands only in `all (a, b) in zip(xs, ys): …`".to_owned(),
                "walk one list, and look up what belongs to each member".to_owned(),
            ),
            LoopFault::ZipNeedsLists(ty) => (
                format!("`zip` walks two lists in step, and this is `{}`", type_name(ty, typed)),
                "walk a list: sets and maps have no order".to_owned(),
            ),
            LoopFault::Binders { wanted, found } => (
                format!("the loop walks {} and binds {}", counted(*wanted, "list"), counted(*found, "name")),
                "bind one name for each list".to_owned(),
            ),
            LoopFault::NoSum(ty) => (
                format!("values of type `{}` cannot be added up", type_name(ty, typed)),
                "add up numbers, amounts or durations; to count members, use `count`".to_owned(),
            ),
        };
        Self::CODE.says(message).at(self.loc, "in this loop").help(help)
    }
}
