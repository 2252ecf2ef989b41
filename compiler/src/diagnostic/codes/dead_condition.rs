//! Conditions that do not say what their author means.

use crate::diagnostic::text::snippet;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// `all` over a list that may be empty, where that allows.
#[derive(Debug)]
pub(crate) struct EmptyAllows {
    /// The rule.
    pub(crate) rule: String,
    /// The loop.
    pub(crate) loc: Loc,
    /// Its list.
    pub(crate) list: Loc,
    /// The rule is an `allow`; otherwise one that restricts.
    pub(crate) allows: bool,
}

impl Problem for EmptyAllows {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let list = snippet(self.list, typed);
        let note = if self.allows {
            "`all` is true of an empty list, so the rule allows the call although there is nothing that was checked"
        } else {
            "`all` is true of an empty list, so the rule lets the call pass although there is nothing that was checked"
        };
        Self::CODE
            .says(format!("an empty `{list}` passes this condition of `{}`", self.rule))
            .at(self.loc, "true where the list is empty")
            .at(self.list, "may be empty")
            .note(note)
            .help(match (self.allows, self.none_that_differs(typed)) {
                (true, Some(none)) => format!(
                    "add `and not list.is_empty({list})`, write `any` if one member is enough, or, where an empty list is meant to pass, `{none}`"
                ),
                (true, None) => format!("add `and not list.is_empty({list})`, or write `any` if one member is enough"),
                (false, Some(none)) => format!(
                    "let the rule hold where `list.is_empty({list})` too, or, where an empty list is meant to pass, write `{none}`"
                ),
                (false, None) => format!("let the rule hold where `list.is_empty({list})` too"),
            })
    }
}

impl EmptyAllows {
    /// The loop said the other way round, which nobody takes for a check of at least one: `not (any x in xs: not (…))`.
    fn none_that_differs(&self, typed: &Typed) -> Option<String> {
        let text = snippet(self.loc, typed);
        let (binder, rest) = text.strip_prefix("all ")?.split_once(" in ")?;
        let (list, body) = rest.split_once(": ")?;
        let plain = !binder.contains(',') && list == snippet(self.list, typed) && !body.ends_with('…');
        plain.then(|| format!("not (any {binder} in {list}: not ({body}))"))
    }
}

/// A comparison that comes out the same for every call.
#[derive(Debug)]
pub(crate) struct Decided {
    /// The comparison.
    pub(crate) loc: Loc,
    /// What decides it.
    pub(crate) at: Loc,
    /// It is true; otherwise false.
    pub(crate) holds: bool,
    /// Why.
    pub(crate) why: Why,
}

/// Why a comparison is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// A count, a length or a total is compared with what is below zero.
    NeverNegative,
    /// Both sides are the same.
    BothSides,
    /// Nothing is in an empty list.
    EmptyList,
    /// A text that is always in lower case is compared with capitals.
    LowerCase,
}

impl Problem for Decided {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.loc, typed);
        let truth = if self.holds { "true" } else { "false" };
        let (label, note, help) = match self.why {
            Why::NeverNegative => {
                ("never below zero", "counts, lengths and totals begin at zero", "compare it with a number above zero".to_owned())
            }
            Why::BothSides => {
                ("the same on both sides", "a value is compared with itself", "compare it with another value".to_owned())
            }
            Why::EmptyList => ("an empty list", "nothing is in it", "name the values that are meant".to_owned()),
            Why::LowerCase => {
                let lower = snippet(self.at, typed).to_lowercase();
                ("has capital letters", "what it is compared with is always in lower case", format!("write `{lower}`"))
            }
        };
        Self::CODE
            .says(format!("`{text}` is always {truth}, whatever is called"))
            .at(self.loc, format!("always {truth}"))
            .at(self.at, label)
            .note(note)
            .help(help)
    }
}

/// A pattern that no text fits.
#[derive(Debug)]
pub(crate) struct FitsNothing {
    /// The pattern.
    pub(crate) pattern: String,
    /// Where it is used.
    pub(crate) loc: Loc,
}

impl Problem for FitsNothing {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("no text fits the pattern `{}`", self.pattern))
            .at(self.loc, "always false")
            .note("`^` is the beginning of the text and `$` its end, so nothing can stand before or after them")
            .help("leave out `^` and `$`: the whole text must fit anyway; a `$` that is meant is written `\\\\$`")
    }
}

/// A class of characters that is spelt like a text.
#[derive(Debug)]
pub(crate) struct ClassForText {
    /// The class.
    pub(crate) class: String,
    /// Where the pattern is used.
    pub(crate) loc: Loc,
}

impl Problem for ClassForText {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let class = &self.class;
        let text = class.trim_start_matches('[').trim_end_matches(']').replace('.', "\\\\.");
        Self::CODE
            .says(format!("`{class}` stands for one character of those listed, not for the text"))
            .at(self.loc, "a class of characters in the pattern")
            .note("brackets list characters, any one of which fits, in any order")
            .help(format!("write `({text})` for the text itself"))
    }
}

/// A dot between two names in a pattern.
#[derive(Debug)]
pub(crate) struct DotForAnything {
    /// The pattern.
    pub(crate) pattern: String,
    /// What stands before the dot.
    pub(crate) before: String,
    /// What stands after it.
    pub(crate) after: String,
    /// Where the pattern is used.
    pub(crate) loc: Loc,
}

impl Problem for DotForAnything {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (before, after) = (&self.before, &self.after);
        Self::CODE
            .says(format!("the dot in `{before}.{after}` stands for any character, so `{before}x{after}` fits the pattern too"))
            .at(self.loc, format!("in the pattern `{}`", self.pattern))
            .help(format!("write `{before}\\\\.{after}` for a dot"))
    }
}
