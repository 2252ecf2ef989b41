//! The decision graph of a job or a verb as a picture: SVG without any outside program, DOT, and Mermaid.
//!
//! A picture is what a call meets, in the order of the decision table: what stops the job, what forbids the call, what permits it, what stops it,
//! what must be known, who must approve. Within a job every verb has a lane of its own (verbs that meet the same rules share one), so the graph is
//! a fan of chains. It is placed by its ranks and lanes and needs no general layout: a rule stands where the table has it.

mod build;
mod dot;
mod fold;
mod measure;
mod mermaid;
mod place;
mod shape;
mod svg;
#[cfg(test)]
mod tests;

use crate::typed::{JobId, Typed, VerbId};

/// More boxes than this are folded, one for each rank of a lane.
pub const READABLE: usize = 40;

/// Whether a large picture is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Folding {
    /// Where it has more than [`READABLE`] boxes.
    #[default]
    Large,
    /// Never.
    Nothing,
}

/// Draws the decision of every call of a job, or of one verb.
#[must_use]
pub fn draw(typed: &Typed, job: JobId, verb: Option<VerbId>, folding: Folding) -> Picture {
    let picture = build::picture(typed, job, verb);
    if folding == Folding::Large && picture.boxes() > READABLE { fold::folded(picture) } else { picture }
}

/// What a picture shows, before it is placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The policy and its version.
    pub policy: String,
    /// The job, and the verb where it shows one.
    pub title: String,
    /// What a reader must know beside the picture.
    pub notes: Vec<String>,
    /// What every call meets.
    pub trunk: Vec<Step>,
    /// What the calls of each verb meet then.
    pub lanes: Vec<Lane>,
    /// It shows one verb.
    pub of_one_verb: bool,
}

/// What the calls of some verbs meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The verbs.
    pub verbs: Vec<String>,
    /// What they meet, in order.
    pub steps: Vec<Step>,
    /// Whether a call can get to the end and is allowed.
    pub allows: bool,
}

/// One box: a rule, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its row of the decision table.
    pub rank: Rank,
    /// The rules.
    pub rules: Vec<Shown>,
    /// Where calls go that it stops.
    pub exits: Vec<Exit>,
    /// Why a call goes on; `None` where none does.
    pub onward: Option<&'static str>,
    /// So many rules are folded into it; their names only are shown.
    pub folded: bool,
}

/// A rule in a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The word that it is written with; empty where the name says it, or the language itself decides.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// When it fires, in words.
    pub when: String,
    /// The reason in the author's words.
    pub because: Option<String>,
    /// What else follows: who is asked.
    pub then: Option<String>,
    /// Its line, and where it is not the root file's, the file; empty where the language itself decides.
    pub place: String,
}

/// A way out of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// In which case.
    pub label: &'static str,
    /// What the call is answered.
    pub outcome: Outcome,
}

/// What a call is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is made.
    Allow,
    /// People must say yes.
    Approval,
    /// Records must be fetched.
    Need,
    /// It is not made.
    Deny,
    /// The run is over.
    Escalate,
    /// The job is paused.
    Paused,
}

impl Outcome {
    /// All of them, as a legend lists them.
    pub const ALL: [Self; 6] = [Self::Allow, Self::Approval, Self::Need, Self::Deny, Self::Escalate, Self::Paused];

    /// The word of the answer.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Approval => "approval",
            Self::Need => "need",
            Self::Deny => "deny",
            Self::Escalate => "escalate",
            Self::Paused => "paused",
        }
    }

    /// What it means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Allow => "the call is made",
            Self::Approval => "people must say yes first",
            Self::Need => "records are fetched first",
            Self::Deny => "the call is not made",
            Self::Escalate => "the run ends, a person takes over",
            Self::Paused => "nothing is done during a pause",
        }
    }
}

/// A row of the decision table, or several that are drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Rows 1 to 3: the run is open, nothing is paused, the arguments fit.
    Open,
    /// Row 4: the stops of the job.
    JobStops,
    /// Row 5: what forbids.
    Forbids,
    /// Row 5: what permits.
    Permits,
    /// Row 6: the stops of the verb.
    Stops,
    /// Rows 7 to 9: what must be known.
    Known,
    /// Row 10: who must approve.
    Asks,
    /// Row 11.
    Allowed,
}

impl Rank {
    /// The heading of its band.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "Before any rule",
            Self::JobStops => "What stops the run",
            Self::Forbids => "What forbids it",
            Self::Permits => "What permits it",
            Self::Stops => "What hands it over",
            Self::Known => "What must be known",
            Self::Asks => "Who must approve",
            Self::Allowed => "Then it is made",
        }
    }

    /// Its rows of the decision table.
    #[must_use]
    pub fn rows(self) -> &'static str {
        match self {
            Self::Open => "rows 1–3",
            Self::JobStops => "row 4",
            Self::Forbids | Self::Permits => "row 5",
            Self::Stops => "row 6",
            Self::Known => "rows 7–9",
            Self::Asks => "row 10",
            Self::Allowed => "row 11",
        }
    }

    /// How many rules of this rank do what: `3 rules forbid it`.
    fn counted(self, count: usize) -> String {
        let (one, many) = match self {
            Self::Open => ("condition", "conditions"),
            Self::JobStops => ("rule can stop the run", "rules can stop the run"),
            Self::Forbids => ("rule can forbid it", "rules can forbid it"),
            Self::Permits => ("rule can permit it", "rules can permit it"),
            Self::Stops => ("rule can hand it over", "rules can hand it over"),
            Self::Known => ("record must be known", "records must be known"),
            Self::Asks => ("rule can ask for approval", "rules can ask for approval"),
            Self::Allowed => ("way on", "ways on"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

impl Picture {
    /// How many boxes it has, outcomes aside.
    #[must_use]
    pub fn boxes(&self) -> usize {
        let steps = self.trunk.iter().chain(self.lanes.iter().flat_map(|lane| &lane.steps));
        steps.map(|step| if step.folded { 1 } else { step.rules.len().max(1) }).sum::<usize>().saturating_add(self.lanes.len())
    }

    /// As an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::document(self)
    }

    /// As a graph in the language of Graphviz.
    #[must_use]
    pub fn dot(&self) -> String {
        dot::text(self)
    }

    /// As a Mermaid flowchart.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::text(self)
    }

    /// Whether some box is folded.
    #[must_use]
    pub fn is_folded(&self) -> bool {
        self.trunk.iter().chain(self.lanes.iter().flat_map(|lane| &lane.steps)).any(|step| step.folded)
    }
}
