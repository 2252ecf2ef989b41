//! The nine questions that a reviewer asks of a job, what the policy answers to each, and what it leaves open.
//!
//! [`answers`] is the one place where they are computed: `agentc check` reports the gaps, `agentc audit` prints both.

mod bounds;
mod facts;
mod report;

pub(super) use bounds::writes;
pub(super) use report::check;
pub use report::diagnostic;

use crate::typed::{JobId, Loc, RecordId, SourceId, Typed, VerbId};

/// What a reviewer asks before an agent ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// What exact job does this agent own?
    Job,
    /// What system is the source of truth?
    Truth,
    /// What can it read?
    Reads,
    /// What can it write?
    Writes,
    /// Which actions require approval?
    Approvals,
    /// What failures force escalation?
    Escalations,
    /// What does a human reviewer see when something goes wrong?
    Handoff,
    /// Who can pause it?
    Pause,
    /// How do you reverse a bad action?
    Reversal,
}

impl Question {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Job,
        Self::Truth,
        Self::Reads,
        Self::Writes,
        Self::Approvals,
        Self::Escalations,
        Self::Handoff,
        Self::Pause,
        Self::Reversal,
    ];

    /// Its number, from one.
    #[must_use]
    pub fn number(self) -> u32 {
        (1_u32..).zip(Self::ALL).find(|(_, question)| *question == self).map_or(0, |(number, _)| number)
    }

    /// As a reviewer asks it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Job => "What exact job does this agent own?",
            Self::Truth => "What system is the source of truth?",
            Self::Reads => "What can it read?",
            Self::Writes => "What can it write?",
            Self::Approvals => "Which actions require approval?",
            Self::Escalations => "What failures force escalation?",
            Self::Handoff => "What does a human reviewer see when something goes wrong?",
            Self::Pause => "Who can pause it?",
            Self::Reversal => "How do you reverse a bad action?",
        }
    }
}

/// The answer of one job to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// What the policy says, in the order in which it says it.
    pub said: Vec<Said>,
    /// What it leaves open. A question with nothing said and no gap is answered: nothing (it writes nothing, nothing needs approval).
    pub gaps: Vec<Gap>,
}

/// A part of an answer and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// What it is.
    pub what: What,
    /// Where.
    pub loc: Loc,
}

/// What answers a question. Rules are indices into the job's rules, the others as they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The job's purpose.
    Purpose,
    /// A field of the job's input, by index.
    Input(u32),
    /// When the job is done.
    Done,
    /// A source that a rule of the job reads, or whose records its writes change.
    Source(SourceId),
    /// An `allow read`.
    Reads(u32),
    /// An `allow write`.
    Writes(u32),
    /// A rule that denies what an `allow` lets pass: a `never`, a `require`, a limit that ends in a denial or a pause.
    Forbids(u32),
    /// A gate, or a limit that asks one.
    Gate(u32),
    /// A rule that ends the run and hands it to a person: an `escalate`, an `on failure`, a limit or a gate that ends in one.
    Stop(u32),
    /// The handoff.
    Handoff,
    /// What a gate shows to whom it asks.
    Shows(u32),
    /// Who may pause: index into the job's `pause_by`.
    Pause(u32),
    /// Who may resume: index into the job's `resume_by`.
    Resume(u32),
    /// A write of the job that another one undoes.
    Undo(VerbId),
    /// A write of the job that undoes another one.
    Compensates(VerbId),
    /// A write of the job that cannot be undone.
    Irreversible(VerbId),
    /// Who may undo: index into the job's `undo_by`.
    UndoBy(u32),
}

/// What a job leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// No purpose.
    NoPurpose,
    /// No input.
    NoInput,
    /// No `done when`.
    NoEnd,
    /// A purpose with next to nothing behind it.
    Slogan {
        /// There is no input.
        no_input: bool,
        /// There is no `done when`.
        no_end: bool,
        /// There is no source behind the writes.
        no_source: bool,
    },
    /// Writes, and no system of record that any rule looks at before them.
    NoSource {
        /// The writes.
        writes: Vec<VerbId>,
    },
    /// Writes on records that the job may not read.
    NothingToRead {
        /// The records.
        records: Vec<RecordId>,
    },
    /// No `allow` at all.
    NothingAllowed,
    /// A write that cannot be undone and that nothing but its `allow` stands before.
    Unasked {
        /// The write.
        verb: VerbId,
        /// The `allow`, by index.
        rule: u32,
    },
    /// A write with a risk that nothing bounds.
    Unbounded {
        /// The write.
        verb: VerbId,
        /// Index into [`Typed::risks`].
        risk: u32,
        /// The `allow`, by index.
        rule: u32,
    },
    /// Nothing ends a run and hands it to a person.
    NoEscalation,
    /// No handoff.
    NoHandoff,
    /// The handoff shows nothing.
    HandoffShowsNothing,
    /// A gate shows nothing of what it asks for.
    GateShowsNothing {
        /// The gate, by index.
        rule: u32,
    },
    /// Nobody may pause the job.
    NobodyPauses,
    /// Nobody may pause the job, and nothing ends a run: it replaces [`Gap::NobodyPauses`] and [`Gap::NoEscalation`].
    NoWayToStop,
    /// A write that does not say whether it can be undone.
    NoWayBack {
        /// The write.
        verb: VerbId,
    },
    /// A write has an `undo`, and nobody may ask the runtime for it. `agentc check` leaves it to the audit: a person may call the
    /// undoing verb by other means.
    NobodyUndoes {
        /// The write.
        verb: VerbId,
    },
}

/// The answers of a job to the nine questions, in order.
#[must_use]
pub fn answers(typed: &Typed, job: JobId) -> Vec<Answer> {
    let Some(decl) = typed.jobs.get(job.index()) else { return Vec::new() };
    let facts = facts::Facts::new(typed, decl);
    Question::ALL.iter().map(|question| facts.answer(*question)).collect()
}
