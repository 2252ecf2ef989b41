//! Lowering: from the checked policy to the program. Total: what was checked can be lowered.

mod expr;
mod graph;
mod operands;
mod rules;
mod shapes;
mod zones;

use crate::source::Places;
use crate::typed;
use agentc_runtime::program::{self as ir, ExprId, JobPlan, NodeId, Program, VerbPlan};
use agentc_runtime::types::RecordId;
use std::collections::{BTreeMap, BTreeSet};

/// Whether rules are looked up by what they ask, or each is tested by itself. The answers are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Indexing {
    /// Rules that ask the same are walked together: the cost of a decision follows the rules that can still matter.
    #[default]
    On,
    /// Every rule of a verb is tested: to compare with.
    Off,
}

/// Lowers a checked policy to its program. The program pins no tools.
#[must_use]
pub fn lower(typed: &typed::Typed, indexing: Indexing) -> Program {
    let mut lowering = Lowering::new(typed, indexing);
    lowering.shapes();
    lowering.verbs();
    for index in 0..typed.jobs.len() {
        lowering.job(index);
    }
    lowering.finish()
}

/// The program while it grows.
struct Lowering<'a> {
    typed: &'a typed::Typed,
    program: Program,
    types: BTreeMap<ir::TypeShape, ir::TypeId>,
    constants: BTreeMap<ir::Constant, ir::ConstId>,
    exprs: BTreeMap<ir::Expr, ExprId>,
    /// For each expression, the bound names (and [`expr::PAST`]) that it depends on, sorted.
    free: Vec<Vec<u32>>,
    lets: BTreeMap<typed::LetId, ExprId>,
    fns: BTreeMap<typed::FnId, ir::FnId>,
    graph: graph::Builder,
    zones: zones::Zones,
    places: Places<'a>,
    /// The records that are looked at with all that is inside them.
    whole_records: BTreeSet<RecordId>,
}

impl<'a> Lowering<'a> {
    fn new(typed: &'a typed::Typed, indexing: Indexing) -> Self {
        let program = Program {
            name: typed.name.clone(),
            version: typed.version.clone(),
            owner: typed.owner.clone(),
            files: names(&typed.files),
            ..Program::default()
        };
        Self {
            typed,
            program,
            types: BTreeMap::new(),
            constants: BTreeMap::new(),
            exprs: BTreeMap::new(),
            free: Vec::new(),
            lets: BTreeMap::new(),
            fns: BTreeMap::new(),
            graph: graph::Builder::new(indexing),
            zones: zones::Zones::default(),
            places: Places::new(&typed.files),
            whole_records: BTreeSet::new(),
        }
    }

    fn place(&self, loc: typed::Loc) -> ir::Place {
        let (line, _) = self.places.line_and_column(loc.file, loc.span.start);
        ir::Place { file: loc.file.0, line: index(line) }
    }

    fn job(&mut self, index: usize) {
        let typed = self.typed;
        let Some(job) = typed.jobs.get(index) else { return };
        let done = job.done.as_ref().map(|done| self.expr(done));
        let first = self.next_rule();
        let effects = self.job_rules(job);
        let last = self.next_rule();
        let plan = JobPlan {
            name: job.name.clone(),
            purpose: job.purpose.clone().unwrap_or_default(),
            input: self.fields(&job.input, true),
            environment: self.fields(&job.environment, true),
            signals: self.fields(&job.signals, true),
            done,
            stops: self.chain(&effects.stops_of_the_job(&self.program)),
            verbs: (0..typed.verbs.len()).map(|verb| self.verb_plan(&effects, verb)).collect(),
            rules: (first, last),
            handoff: job.handoff.as_ref().map(|handoff| self.handoff(handoff)),
            pause_by: self.approvers(&job.pause_by),
            resume_by: self.approvers(if job.resume_by.is_empty() { &job.pause_by } else { &job.resume_by }),
            undo_by: self.approvers(&job.undo_by),
        };
        self.program.jobs.push(plan);
    }

    fn verb_plan(&mut self, effects: &rules::JobRules, verb: usize) -> VerbPlan {
        let verb = ir::VerbId(u32::try_from(verb).unwrap_or(u32::MAX));
        let chosen = effects.of_verb(&self.program, verb);
        VerbPlan {
            has_allow: !chosen.allows.is_empty(),
            is_handover: chosen.is_handover,
            denies: self.chain(&chosen.denies),
            allows: self.chain(&chosen.allows),
            stops: self.chain(&chosen.stops),
            asks: self.chain(&chosen.asks),
            shadows: self.chain(&chosen.shadows),
            limits: chosen.limits,
        }
    }

    fn chain(&mut self, rules: &[ir::RuleId]) -> NodeId {
        self.graph.chain(&self.program, rules)
    }

    fn finish(mut self) -> Program {
        let (nodes, last) = self.graph.finish();
        for job in &mut self.program.jobs {
            job.stops = last.flip(job.stops);
            for plan in &mut job.verbs {
                for entry in [&mut plan.denies, &mut plan.allows, &mut plan.stops, &mut plan.asks, &mut plan.shadows] {
                    *entry = last.flip(*entry);
                }
            }
        }
        self.program.nodes = nodes;
        self.program.zones = self.zones.rules();
        self.program
    }
}

/// The files' names as a program holds them: from the folder of the root, so that a policy has one digest wherever it is built.
fn names(files: &[typed::SourceFile]) -> Vec<String> {
    let folder = files.first().and_then(|root| root.name.rfind(['/', '\\'])).map_or(0, |at| at.saturating_add(1));
    let folder = files.first().and_then(|root| root.name.get(..folder)).unwrap_or("");
    files.iter().map(|file| file.name.strip_prefix(folder).unwrap_or(&file.name).to_owned()).collect()
}

/// An index of a vector that cannot hold more than the source has bytes, which the grammar bounds.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
