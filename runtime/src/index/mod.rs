//! What a policy looks up while it decides, built once when it is loaded: nothing here says anything that the program does not say.

mod arguments;
mod arms;
mod calm;
mod glance;
mod reach;
mod texts;
mod verbs;

pub(crate) use arguments::{Param, Params, Scalar, Use};
pub(crate) use arms::Arms;
pub(crate) use calm::Extent;
pub(crate) use glance::{Atom, Glance, Glances, Source, at_hand};
pub(crate) use reach::Reach;
pub use texts::Interned;
pub(crate) use texts::Texts;
pub(crate) use verbs::{Named, Verbs};

use crate::program::{
    Approver, ApproverKind, ArgId, Effect, Gate, JobId, JobPlan, LimitId, Operand, Program, Rule, RuleId, RuleKind, VerbId,
};
use std::collections::BTreeSet;

/// The look-ups of a policy.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) verbs: Verbs,
    pub(crate) texts: Texts,
    pub(crate) arms: Arms,
    pub(crate) glances: Glances,
    pub(crate) reach: Reach,
    /// For each verb, how its arguments are read in one pass; `None` where they are read as a tree.
    params: Vec<Option<Params>>,
    /// Some gate is approved by whoever an expression names.
    pub(crate) names_approvers: bool,
    /// The most values that a gate shows and binds.
    pub(crate) widest_gate: usize,
    /// For each argument, whether some filter of earlier calls asks that it equals something.
    asks_past: Vec<bool>,
    /// For each job, the limits without verbs.
    of_all: Vec<Vec<LimitId>>,
    /// For each job and verb, the operands of the allows that name it, but shadow ones, each once: the rule, and the place among its own.
    of_allows: Vec<Vec<Vec<(RuleId, usize)>>>,
    /// For each job and verb, up to which extent of the facts a decision certainly ends within its steps.
    calm: Vec<Vec<Extent>>,
}

impl Index {
    pub(crate) fn new(program: &Program) -> Self {
        let names = |approver: &Approver| matches!(approver.who, ApproverKind::Identity(_));
        let width = |gate: &Gate| gate.show.len().saturating_add(gate.binds.len());
        let texts = Texts::new(program);
        let arms = Arms::new(program, &texts);
        Self {
            glances: Glances::new(program, &texts, &arms),
            texts,
            arms,
            names_approvers: program.gates.iter().flat_map(|gate| &gate.stages).flat_map(|stage| &stage.approvers).any(names),
            widest_gate: program.gates.iter().map(width).max().unwrap_or(0),
            verbs: Verbs::new(program),
            reach: Reach::new(&program.nodes),
            params: arguments::params(program),
            asks_past: arguments::asked_of_the_past(program),
            of_all: program.jobs.iter().map(|job| limits_of_all(program, job)).collect(),
            of_allows: program.jobs.iter().map(|job| operands_of_allows(program, job)).collect(),
            calm: calm::extents(program),
        }
    }

    /// Whether some filter of earlier calls asks that this argument equals something.
    pub(crate) fn asks_past(&self, arg: ArgId) -> bool {
        self.asks_past.get(arg.index()).copied().unwrap_or(false)
    }

    /// The limits of a job without verbs.
    pub(crate) fn limits_of_all(&self, job: JobId) -> &[LimitId] {
        self.of_all.get(job.index()).map_or(&[], Vec::as_slice)
    }

    /// The operands of a job's allows that name a verb, but shadow ones: in source order, each once.
    pub(crate) fn operands_of_allows<'p>(
        &self,
        program: &'p Program,
        job: JobId,
        verb: VerbId,
    ) -> impl Iterator<Item = &'p Operand> {
        let told = self.of_allows.get(job.index()).and_then(|verbs| verbs.get(verb.index())).map_or(&[][..], Vec::as_slice);
        told.iter().filter_map(|(rule, at)| program.rules.get(rule.index())?.operands.get(*at))
    }

    /// How a verb's arguments are read in one pass, in the order of its parameters; `None` where they are read as a tree.
    pub(crate) fn params(&self, verb: VerbId) -> Option<&Params> {
        self.params.get(verb.index())?.as_ref()
    }

    /// Up to which extent of the facts a decision on this verb certainly ends within its steps, whatever is evaluated.
    pub(crate) fn calm(&self, job: JobId, verb: VerbId) -> Extent {
        self.calm.get(job.index()).and_then(|verbs| verbs.get(verb.index())).copied().unwrap_or_default()
    }
}

fn rules<'p>(program: &'p Program, job: &JobPlan) -> impl Iterator<Item = (RuleId, &'p Rule)> {
    let (start, end) = job.rules;
    (start..end).map(RuleId).filter_map(|id| Some((id, program.rules.get(id.index())?)))
}

fn limits_of_all(program: &Program, job: &JobPlan) -> Vec<LimitId> {
    let of_all = rules(program, job).filter(|(_, rule)| rule.verbs.is_empty());
    of_all.filter_map(|(_, rule)| if let RuleKind::Limit(limit, _) = rule.kind { Some(limit) } else { None }).collect()
}

fn operands_of_allows(program: &Program, job: &JobPlan) -> Vec<Vec<(RuleId, usize)>> {
    let mut told = vec![(Vec::new(), BTreeSet::new()); job.verbs.len()];
    for (id, rule) in rules(program, job).filter(|(_, rule)| rule.effect == Effect::Allow && !rule.shadow) {
        for verb in &rule.verbs {
            let Some((told, known)) = told.get_mut(verb.index()) else { continue };
            for (at, operand) in rule.operands.iter().enumerate() {
                if known.insert((operand.label.as_str(), operand.expr)) {
                    told.push((id, at));
                }
            }
        }
    }
    told.into_iter().map(|(told, _)| told).collect()
}
