//! What an expression can speak of, by where it stands.

use crate::typed::{FileId, JobId, LocalId, Provenance, RecordId, Type, VerbId};

/// Where an expression stands, and so what its names can mean.
///
/// A bare name is looked up in this order, and the first meaning wins: the names bound around it (innermost first); inside a history
/// filter or an `undo` the words `args` and `result`; inside a row filter the fields of the row; the parameters of the rule's verbs;
/// the `let`s of the rule set or job, then those of the files; `input`, `run`, `user`, `agent`, `signal` and `now`; enum variants
/// and weekdays (the expected type settles which enum).
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(super) file: FileId,
    pub(super) job: Option<JobId>,
    pub(super) reach: Reach,
    pub(super) verbs: Vec<VerbId>,
    pub(super) place: Place,
    /// Records written here must give every field that is not optional.
    pub(super) whole_records: bool,
    /// A parameter that any of the verbs has will do: for `let`s that no rule uses.
    pub(super) any_parameter: bool,
}

/// Whose `let`s are in reach.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// None.
    Nothing,
    /// Those of the files.
    Files,
    /// Those of a job, then those of the files.
    Job(JobId),
    /// Those of a rule set, then those of the files.
    RuleSet(String),
}

/// The kinds of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A rule, a proof, or what a job says outside its rules.
    Job,
    /// A clause of a verb: its parameters and records.
    Verb,
    /// The arguments of an `undo`: also `result`.
    Undo,
    /// The body of a function: its parameters and records.
    Function,
    /// A test or fixture: constants only.
    Constant,
}

impl Scope {
    /// A rule or a proof of a job, or what it says outside its rules: conditions, limit keys and bounds, required arguments, what a
    /// gate shows. Without verbs there are no parameters.
    pub(crate) fn rule(file: FileId, job: JobId, verbs: &[VerbId]) -> Self {
        Self { job: Some(job), reach: Reach::Job(job), verbs: verbs.to_vec(), ..Self::of(file, Place::Job) }
    }

    /// The same, written in a rule set that the job includes: its `let`s take the place of the job's.
    pub(crate) fn in_rule_set(self, name: &str) -> Self {
        Self { reach: Reach::RuleSet(name.to_owned()), ..self }
    }

    /// A clause of a verb, `changes Order[order]`, `undo … by identity x`.
    pub(crate) fn verb(file: FileId, verb: VerbId) -> Self {
        Self { verbs: vec![verb], reach: Reach::Files, ..Self::of(file, Place::Verb) }
    }

    /// The arguments of a verb's `undo`.
    pub(crate) fn undo(file: FileId, verb: VerbId) -> Self {
        Self { verbs: vec![verb], reach: Reach::Files, ..Self::of(file, Place::Undo) }
    }

    /// A test or a fixture: constants. Records written there must give every field that is not optional.
    pub(crate) fn constant(file: FileId) -> Self {
        Self::of(file, Place::Constant)
    }

    /// The same where records may leave fields out: `given`, `returns`, `showing`.
    pub(crate) fn partial(self) -> Self {
        Self { whole_records: false, ..self }
    }

    pub(super) fn of(file: FileId, place: Place) -> Self {
        Self { file, job: None, reach: Reach::Nothing, verbs: Vec::new(), place, whole_records: true, any_parameter: false }
    }
}

/// What an expression stands in.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    /// Where it stands.
    pub(super) scope: Scope,
    /// The names bound around it, the innermost last.
    pub(super) locals: Vec<Binding>,
    /// The earlier call that `args` and `result` speak of.
    pub(super) past: Option<Past>,
    /// The row whose fields are in reach by name.
    pub(super) row: Option<Row>,
}

impl Default for Surroundings {
    fn default() -> Self {
        let scope = Scope::of(FileId(0), Place::Constant);
        Self { scope, locals: Vec::new(), past: None, row: None }
    }
}

/// An earlier call: those that a history filter looks at, or the one that an `undo` reverses.
#[derive(Debug, Clone)]
pub(super) struct Past {
    /// Of these verbs.
    pub(super) verbs: Vec<VerbId>,
    /// It has a result.
    pub(super) answered: bool,
}

/// A row of a result.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its name.
    pub(super) local: LocalId,
    /// Its shape.
    pub(super) record: RecordId,
    /// Where its values come from.
    pub(super) provenance: Provenance,
}

/// A name bound inside an expression.
#[derive(Debug, Clone)]
pub(super) struct Binding {
    /// As written.
    pub(super) name: String,
    /// Its id.
    pub(super) local: LocalId,
    /// Its type; `None` where an error was reported about what it is bound to.
    pub(super) ty: Option<Type>,
    /// Where its value comes from.
    pub(super) provenance: Provenance,
}
