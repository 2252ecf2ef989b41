//! What the variables of a formula stand for, so that a model reads back as the values of a call.

use super::rational::Rational;
use crate::typed::{Loc, RunFact};

/// Index of a variable in its [`super::Space`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub(super) u32);

/// Index of an instance in its [`super::Space`]: a lookup, a library call, an entry of a map; equal arguments give equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub(super) u32);

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it stands for.
    pub place: Place,
    /// What values it takes.
    pub sort: Sort,
    /// It stands for an expression that is not decided exactly: any value is possible here, fewer may be in truth.
    pub loose: Option<Loc>,
}

/// Where a value comes from: a root and the way inwards. Names, not indices, so that two policies can share a space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Where the way begins.
    pub root: Root,
    /// The steps from there.
    pub path: Vec<Step>,
}

impl Place {
    /// A root by itself.
    #[must_use]
    pub fn root(root: Root) -> Self {
        Self { root, path: Vec::new() }
    }

    /// One step further.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { root: self.root.clone(), path }
    }
}

/// Where a value comes from. `call` is 0 for the call that is decided, and counts earlier calls of the run from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// An argument of a call.
    Arg {
        /// Which call.
        call: u32,
        /// The parameter's name.
        name: String,
    },
    /// The result of an earlier call.
    Result {
        /// Which call.
        call: u32,
    },
    /// When a call is sent.
    Now {
        /// Which call.
        call: u32,
    },
    /// How an earlier call ended: a flag, true where it ended well.
    EndedWell {
        /// Which call.
        call: u32,
    },
    /// A field of the input.
    Input(String),
    /// A value of the environment.
    Environment(String),
    /// An attribute of the agent.
    Agent(String),
    /// An attribute of the user.
    User(String),
    /// A signal.
    Signal(String),
    /// A fact of the run.
    Fact(RunFact),
    /// A lookup or an application of something with equal values for equal arguments.
    Instance(InstanceId),
    /// History that is left open, by its text: `happened(…)`.
    History(String),
    /// A number that formulas define: a sum, a count, the least of several.
    Defined(u32),
    /// What an expression that cannot be decided may be.
    Loose(u32),
}

/// A step inwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field.
    Field(String),
    /// A member of a list or set, from 0.
    Member(u32),
    /// How many members a list or set has.
    Length,
    /// Whether an optional is `none`.
    IsNone,
    /// Whether the source has no such record, or nobody gave that signal.
    IsAbsent,
    /// Whether the source did not answer, or answered nonsense.
    IsBroken,
    /// A part of a composite key.
    Part(u32),
}

/// What values a variable takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// True or false.
    Flag,
    /// A number.
    Number(Box<Numbers>),
    /// A text of a kind.
    Text(TextKind),
    /// One of an enum's variants, by name.
    Enum {
        /// The enum.
        name: String,
        /// Its variants.
        variants: Vec<String>,
    },
}

/// Which numbers. The value of the place is `unit` times the variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Only whole ones.
    pub whole: bool,
    /// What one stands for.
    pub unit: Rational,
    /// The least, included.
    pub low: Option<Rational>,
    /// The greatest, included.
    pub high: Option<Rational>,
    /// A value that a reader finds ordinary; models take it where nothing speaks against it.
    pub usual: Rational,
}

/// Kinds of text. Values of the three last are in normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextKind {
    /// Any text.
    Any,
    /// E-mail addresses.
    Email,
    /// URLs.
    Url,
    /// Absolute paths.
    Path,
    /// Time zone names.
    Zone,
}
