//! A name that nothing declares.

use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Typed};

/// A name that nothing declares.
#[derive(Debug)]
pub(crate) struct UnknownName {
    /// What was looked for.
    pub(crate) kind: NameKind,
    /// As written.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
    /// The declared name that is probably meant.
    pub(crate) nearest: Option<String>,
    /// The module of the library that declares it.
    pub(crate) module: Option<&'static str>,
}

/// What a name was to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// A type.
    Type,
    /// A record.
    Record,
    /// A verb of any tool.
    Verb,
    /// A tool.
    Tool,
    /// A role.
    Role,
    /// A risk class.
    Risk,
    /// A job.
    Job,
    /// A rule set.
    RuleSet,
    /// A fixture.
    Fixture,
    /// A function.
    Function,
    /// A value in an expression.
    Value,
    /// A gate of the job.
    Gate,
    /// A limit of the job.
    Limit,
    /// A rule of the job.
    Rule,
    /// A signal of the job.
    Signal,
}

impl NameKind {
    /// What it is called, with its article.
    fn words(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Record => "record",
            Self::Verb => "verb",
            Self::Tool => "tool",
            Self::Role => "role",
            Self::Risk => "risk class",
            Self::Job => "job",
            Self::RuleSet => "rule set",
            Self::Fixture => "fixture",
            Self::Function => "function",
            Self::Value => "value",
            Self::Gate => "gate",
            Self::Limit => "limit",
            Self::Rule => "rule",
            Self::Signal => "signal",
        }
    }

    /// How to bring such a thing into being.
    fn declare(self) -> &'static str {
        match self {
            Self::Type => "declare an `enum` or `record` of that name",
            Self::Record => "declare `record` of that name in a source or tool",
            Self::Verb => "declare it as `read` or `write` in a `tool`",
            Self::Tool => "declare it with `tool`",
            Self::Role => "declare it with `role`",
            Self::Risk => "declare it with `risk`",
            Self::Job => "declare it with `job`",
            Self::RuleSet => "declare it with `rules`",
            Self::Fixture => "declare it with `fixture`",
            Self::Function => "declare it with `fn`",
            Self::Value => "declare it with `let`, or as an `input` of the job",
            Self::Gate => "declare it with `gate` in the job",
            Self::Limit => "declare it with `limit` in the job",
            Self::Rule => "write the name of a rule of the job, or `no_allow` for the default",
            Self::Signal => "declare it with `signal` in the job",
        }
    }
}

impl Problem for UnknownName {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let what = self.kind.words();
        let help = match (self.module, &self.nearest) {
            (Some(module), _) => format!("write `use {module}`, which has it, or {}", self.kind.declare()),
            (None, Some(nearest)) => format!("did you mean `{nearest}`?"),
            (None, None) => self.kind.declare().to_owned(),
        };
        Self::CODE.says(format!("there is no {what} `{}`", self.name)).at(self.loc, format!("no {what} has this name")).help(help)
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Name(&self.name)
    }
}
