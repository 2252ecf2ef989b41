//! Declarations that nothing uses.

use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Typed};

/// A declaration that nothing uses.
#[derive(Debug)]
pub(crate) struct Unused {
    /// What it is.
    pub(crate) kind: UnusedKind,
    /// Its name.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
}

/// What is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnusedKind {
    Role,
    Risk,
    Enum,
    Fn,
    Let,
    Source,
    Record,
    Tool,
    Signal,
    Environment,
    Attribute,
    Fixture,
}

impl Problem for Unused {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let name = &self.name;
        let (message, help) = match self.kind {
            UnusedKind::Role => (
                format!("nothing asks for the role `{name}`"),
                format!("name it where it decides, as in `approvers role {name}` or `pause by role {name}`, or remove it"),
            ),
            UnusedKind::Risk => (
                format!("no write bears the risk `{name}`"),
                format!("write `risk {name}` in the declaration of each write that bears it, or remove the class"),
            ),
            UnusedKind::Enum => {
                (format!("nothing is of the type `{name}`"), "give it to a field or a parameter, or remove it".to_owned())
            }
            UnusedKind::Fn => (format!("nothing calls the function `{name}`"), "call it in a condition, or remove it".to_owned()),
            UnusedKind::Let => (
                format!("nothing uses `{name}`"),
                format!("name `{name}` in a condition, or remove it: a `let` by itself decides nothing"),
            ),
            UnusedKind::Source => (
                format!("no rule looks at a record of the source `{name}`"),
                "read one of its records in a condition, as in `when order.status == delivered`, or remove the source".to_owned(),
            ),
            UnusedKind::Record => (
                format!("nothing uses the record `{name}`"),
                "read it in a condition, give it to a verb as its result, or remove it".to_owned(),
            ),
            UnusedKind::Tool => (
                format!("no rule speaks of the tool `{name}`, so all its calls are denied"),
                "allow the calls that are meant, or forbid them in the open with `never`".to_owned(),
            ),
            UnusedKind::Signal => (
                format!("no rule looks at the signal `{name}`"),
                format!("use it in a condition, as in `escalate NAME when (signal.{name} ?? …) == …`, or remove it"),
            ),
            UnusedKind::Environment => (
                format!("no rule looks at the environment value `{name}`"),
                format!("use it in a condition as `run.env.{name}`, or remove it: the host must supply it for every run"),
            ),
            UnusedKind::Attribute => (
                format!("no rule looks at the identity's attribute `{name}`"),
                "use it in a condition, or remove it: the host must supply it for every run".to_owned(),
            ),
            UnusedKind::Fixture => (
                format!("no test starts from the fixture `{name}`"),
                format!("write a test with it, `test \"…\" with {name} {{ … }}`, or remove it"),
            ),
        };
        Self::CODE.says(message).at(self.loc, "declared and not used").help(help)
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// `ignore` of a verb that is declared.
#[derive(Debug)]
pub(crate) struct IgnoredDeclared {
    /// The name on the wire.
    pub(crate) name: String,
    /// The tool.
    pub(crate) tool: String,
    /// Where the verb is declared.
    pub(crate) verb: Loc,
    /// Where it is ignored.
    pub(crate) loc: Loc,
}

impl Problem for IgnoredDeclared {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the tool `{}` declares `{}` and ignores it", self.tool, self.name))
            .at(self.loc, "said to be left out")
            .at(self.verb, "declared here")
            .note("`ignore` lists calls of the real tool that the policy leaves out")
            .help("remove one of the two")
    }
}

/// One name ignored twice.
#[derive(Debug)]
pub(crate) struct IgnoredTwice {
    /// The name on the wire.
    pub(crate) name: String,
    /// The tool.
    pub(crate) tool: String,
    /// The first time.
    pub(crate) first: Loc,
    /// The second.
    pub(crate) loc: Loc,
}

impl Problem for IgnoredTwice {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the tool `{}` ignores `{}` twice", self.tool, self.name))
            .at(self.loc, "once more")
            .at(self.first, "ignored here already")
            .help("remove one of the two")
    }
}
