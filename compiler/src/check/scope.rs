//! What an expression can speak of, by where it stands.

use crate::typed::{FileId, JobId, LocalId, Provenance, Type, VerbId};

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
    pub(super) rule_set: Option<String>,
    pub(super) verbs: Vec<VerbId>,
    pub(super) place: Place,
    pub(super) whole_records: bool,
}

/// The kinds of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// A rule or a proof of a job: conditions, limit keys and bounds, required arguments, what a gate shows. Without verbs there are
    /// no parameters.
    #[must_use]
    pub(crate) fn rule(file: FileId, job: JobId, verbs: &[VerbId]) -> Self {
        Self { job: Some(job), verbs: verbs.to_vec(), ..Self::of(file, Place::Job) }
    }

    /// What a job says outside its rules: `done when`, `handoff`.
    #[must_use]
    pub(crate) fn job(file: FileId, job: JobId) -> Self {
        Self::rule(file, job, &[])
    }

    /// The same, written in a rule set that the job includes: its `let`s take the place of the job's.
    #[must_use]
    pub(crate) fn in_rule_set(self, name: &str) -> Self {
        Self { rule_set: Some(name.to_owned()), ..self }
    }

    /// A clause of a verb, `changes Order[order]`, `undo … by identity x`.
    #[must_use]
    pub(crate) fn verb(file: FileId, verb: VerbId) -> Self {
        Self { verbs: vec![verb], ..Self::of(file, Place::Verb) }
    }

    /// The arguments of a verb's `undo`.
    #[must_use]
    pub(crate) fn undo(file: FileId, verb: VerbId) -> Self {
        Self { verbs: vec![verb], ..Self::of(file, Place::Undo) }
    }

    /// A test or a fixture: constants. Records written there must give every field that is not optional.
    #[must_use]
    pub(crate) fn constant(file: FileId) -> Self {
        Self::of(file, Place::Constant)
    }

    /// The same where records may leave fields out: `given`, `returns`, `showing`.
    #[must_use]
    pub(crate) fn partial(self) -> Self {
        Self { whole_records: false, ..self }
    }

    pub(super) fn of(file: FileId, place: Place) -> Self {
        Self { file, job: None, rule_set: None, verbs: Vec::new(), place, whole_records: true }
    }
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
