//! What a policy looks up while it decides, built once when it is loaded: nothing here says anything that the program does not say.

mod arguments;
mod calm;
mod reach;
mod texts;
mod verbs;

pub(crate) use arguments::{Param, Scalar, Use};
pub(crate) use calm::Extent;
pub(crate) use reach::Reach;
pub use texts::Interned;
pub(crate) use texts::Texts;
pub(crate) use verbs::{Named, Verbs};

use crate::program::{Approver, ApproverKind, Gate, JobId, Program, VerbId};

/// The look-ups of a policy.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) verbs: Verbs,
    pub(crate) texts: Texts,
    pub(crate) reach: Reach,
    /// For each verb, how its arguments are read in one pass; `None` where they are read as a tree.
    params: Vec<Option<Vec<Param>>>,
    /// Some gate is approved by whoever an expression names.
    pub(crate) names_approvers: bool,
    /// The most values that a gate shows and binds.
    pub(crate) widest_gate: usize,
    /// For each job and verb, up to which extent of the facts a decision certainly ends within its steps.
    calm: Vec<Vec<Extent>>,
}

impl Index {
    pub(crate) fn new(program: &Program) -> Self {
        let names = |approver: &Approver| matches!(approver.who, ApproverKind::Identity(_));
        let width = |gate: &Gate| gate.show.len().saturating_add(gate.binds.len());
        Self {
            names_approvers: program.gates.iter().flat_map(|gate| &gate.stages).flat_map(|stage| &stage.approvers).any(names),
            widest_gate: program.gates.iter().map(width).max().unwrap_or(0),
            verbs: Verbs::new(program),
            texts: Texts::new(program),
            reach: Reach::new(&program.nodes),
            params: arguments::params(program),
            calm: calm::extents(program),
        }
    }

    /// How a verb's arguments are read in one pass, in the order of its parameters; `None` where they are read as a tree.
    pub(crate) fn params(&self, verb: VerbId) -> Option<&[Param]> {
        self.params.get(verb.index())?.as_deref()
    }

    /// Up to which extent of the facts a decision on this verb certainly ends within its steps, whatever is evaluated.
    pub(crate) fn calm(&self, job: JobId, verb: VerbId) -> Extent {
        self.calm.get(job.index()).and_then(|verbs| verbs.get(verb.index())).copied().unwrap_or_default()
    }
}
