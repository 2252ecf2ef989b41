//! A policy's worst case: for each job and verb, the most that deciding one call can take.
//!
//! The bound holds for every run and every call whose lists, texts and history are no larger than the [`World`] says; whatever they are,
//! a decision ends after [`MAX_STEPS`] steps, and what it has not found out by then is unknown and allows nothing.

mod size;
mod steps;

use agentc_runtime::eval::MAX_STEPS;
use agentc_runtime::program::{ApproverKind, ExprId, JobPlan, LeafState, Node, NodeId, Program, RuleKind, Show, VerbPlan};
use agentc_runtime::run::MAX_NEEDS;
use serde::Serialize;
use std::collections::BTreeMap;
use steps::{Counter, Seen, Work};

/// The verbs that no rule of a job names.
pub const OTHER: &str = "any other";

/// How large what comes from outside is at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct World {
    /// Members of a list, a set or a map.
    pub items: u64,
    /// Bytes of a text.
    pub bytes: u64,
    /// Earlier calls of a run.
    pub calls: u64,
}

impl Default for World {
    fn default() -> Self {
        Self { items: 100, bytes: 1_000, calls: 100 }
    }
}

/// The worst case of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// For values of this size.
    pub world: World,
    /// The steps after which any decision ends.
    pub most_steps: u64,
    /// By job, in the order of the file.
    pub jobs: Vec<JobCost>,
}

/// The worst case of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobCost {
    /// Its name.
    pub job: String,
    /// By verb, in the order of the file; last the worst of those that no rule of the job names, as [`OTHER`].
    pub verbs: Vec<VerbCost>,
}

/// The worst case of one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerbCost {
    /// `tool.verb`
    pub verb: String,
    /// Rules that speak of the verb or of every call.
    pub rules: u64,
    /// Rules and questions shared by rules that one decision meets.
    pub visited: u64,
    /// Steps that deciding takes.
    pub steps: u64,
    /// Records that it asks for; beyond 32 a call is denied.
    pub records: u64,
}

/// Works out the worst case of each job and verb.
#[must_use]
pub fn cost(program: &Program, world: World) -> Cost {
    let mut walker = Walker { program, counter: Counter::new(program, world), paths: BTreeMap::new(), seen: Seen::new(program) };
    let jobs = program.jobs.iter().map(|job| JobCost { job: job.name.clone(), verbs: walker.verbs(job) }).collect();
    Cost { world, most_steps: u64::from(MAX_STEPS), jobs }
}

struct Walker<'p> {
    program: &'p Program,
    counter: Counter<'p>,
    /// The most that a walk takes from a node on.
    paths: BTreeMap<NodeId, Path>,
    seen: Seen,
}

/// The longest way from a node to the end.
#[derive(Debug, Clone, Copy, Default)]
struct Path {
    visited: u64,
    work: Work,
}

impl Walker<'_> {
    fn verbs(&mut self, job: &JobPlan) -> Vec<VerbCost> {
        let mut listed = Vec::new();
        let mut other: Option<VerbCost> = None;
        for (verb, plan) in job.verbs.iter().enumerate() {
            let entries = [plan.denies, plan.allows, plan.stops, plan.asks, plan.shadows];
            let empty = entries.iter().all(|entry| matches!(self.program.nodes.get(entry.index()), None | Some(Node::End)));
            let Some(cost) = self.verb(job, plan, verb) else { continue };
            if !empty || !plan.limits.is_empty() {
                listed.push(cost);
            } else {
                let most = other.map_or(cost.clone(), |most| VerbCost {
                    rules: most.rules.max(cost.rules),
                    visited: most.visited.max(cost.visited),
                    steps: most.steps.max(cost.steps),
                    records: most.records.max(cost.records),
                    ..most
                });
                other = Some(VerbCost { verb: OTHER.to_owned(), ..most });
            }
        }
        listed.extend(other);
        listed
    }

    fn verb(&mut self, job: &JobPlan, plan: &VerbPlan, verb: usize) -> Option<VerbCost> {
        let shape = self.program.verbs.get(verb)?;
        let (start, end) = job.rules;
        let all = start..end;
        let speaks =
            |rule: &&agentc_runtime::program::Rule| rule.verbs.is_empty() || rule.verbs.iter().any(|named| named.index() == verb);
        let rules: Vec<_> = all.filter_map(|at| self.program.rules.get(at as usize)).filter(speaks).collect();
        let mut visited = 0_u64;
        let mut along = Work::default();
        let entries = [job.stops, plan.denies, plan.allows, plan.stops, plan.asks, plan.shadows];
        for entry in entries {
            let path = self.path(entry);
            visited = visited.saturating_add(path.visited);
            along = along.and(path.work);
        }
        // Beside the walks: counters, what undoing and changing will need, what approvers are shown, and what is asked for of unknown rules.
        let mut beside: Vec<ExprId> = Vec::new();
        for limit in &plan.limits {
            beside.extend(self.counter.limit(*limit));
        }
        beside.extend(shape.undo.iter().flat_map(|undo| undo.frozen.iter().copied()));
        beside.extend(shape.changes.iter().flat_map(|change| change.key.iter().copied()));
        for rule in &rules {
            let gate = match rule.kind {
                RuleKind::Gate(gate) | RuleKind::Limit(_, Some(gate)) | RuleKind::ValueLimit(Some(gate)) => gate,
                _ => continue,
            };
            let Some(gate) = self.program.gates.get(gate.index()) else { continue };
            beside.extend(gate.binds.iter().map(|bind| bind.expr));
            beside.extend(gate.show.iter().filter_map(|show| if let Show::Value(_, expr) = show { Some(*expr) } else { None }));
            let asked = gate.stages.iter().flat_map(|stage| &stage.approvers);
            beside.extend(asked.filter_map(|asked| if let ApproverKind::Identity(expr) = asked.who { Some(expr) } else { None }));
            beside.extend(self.program.rules.get(gate.rule.index()).and_then(|rule| rule.condition));
        }
        beside.extend(rules.iter().filter_map(|rule| rule.condition));
        // Each expression once, however often it is met: one step for each meeting.
        self.seen.forget();
        let mut once = Work { steps: visited, lookups: 0 };
        for entry in entries {
            once = once.and(self.everything(entry));
        }
        let mut rest = Work::default();
        for expr in &beside {
            rest = rest.and(self.counter.first(*expr, &mut self.seen));
        }
        let mut alone = Work::default();
        self.seen.forget();
        for expr in &beside {
            alone = alone.and(self.counter.first(*expr, &mut self.seen));
        }
        // Both bound the work: one way with nothing shared between its rules, and all ways with everything shared.
        let work = along.and(alone).least(once.and(rest));
        Some(VerbCost {
            verb: format!("{}.{}", shape.tool, shape.name),
            rules: u64::try_from(rules.len()).unwrap_or(u64::MAX),
            visited,
            steps: work.steps,
            records: work.lookups.min(u64::try_from(MAX_NEEDS).unwrap_or(u64::MAX)),
        })
    }

    /// What a node asks.
    fn asked(&self, node: &Node) -> Option<ExprId> {
        match node {
            Node::Test { condition, .. } => Some(*condition),
            Node::Switch { subject, .. } | Node::Range { subject, .. } => Some(*subject),
            Node::Leaf { rule, state: LeafState::Unknown, .. } => self.program.rules.get(rule.index())?.condition,
            Node::Leaf { .. } | Node::End => None,
        }
    }

    /// The longest way from a node; nodes come before their successors, so the last are worked out first.
    fn path(&mut self, entry: NodeId) -> Path {
        let mut open = vec![entry];
        while let Some(&at) = open.last() {
            if self.paths.contains_key(&at) {
                open.pop();
                continue;
            }
            let Some(node) = self.program.nodes.get(at.index()) else {
                self.paths.insert(at, Path::default());
                continue;
            };
            let mut longest = Path::default();
            let depth = open.len();
            node.visit_successors(&mut |next| match self.paths.get(&next) {
                Some(path) => {
                    longest.visited = longest.visited.max(path.visited);
                    longest.work = longest.work.most(path.work);
                }
                None => open.push(next),
            });
            if open.len() > depth {
                continue;
            }
            let own = self.asked(node).map_or(Work::default(), |expr| {
                self.seen.forget();
                self.counter.first(expr, &mut self.seen)
            });
            let counts = u64::from(!matches!(node, Node::End));
            let path = Path { visited: longest.visited.saturating_add(counts), work: longest.work.and(own) };
            self.paths.insert(at, path);
        }
        self.paths.get(&entry).copied().unwrap_or_default()
    }

    /// What all nodes from an entry on ask, each expression once.
    fn everything(&mut self, entry: NodeId) -> Work {
        let mut met = std::collections::BTreeSet::new();
        let mut open = vec![entry];
        let mut work = Work::default();
        while let Some(at) = open.pop() {
            if !met.insert(at) {
                continue;
            }
            let Some(node) = self.program.nodes.get(at.index()) else { continue };
            if let Some(expr) = self.asked(node) {
                work = work.and(self.counter.first(expr, &mut self.seen));
            }
            node.visit_successors(&mut |next| open.push(next));
        }
        work
    }
}

impl Cost {
    /// As a table, and what it holds for.
    #[must_use]
    pub fn text(&self) -> String {
        let mut rows: Vec<[String; 5]> = Vec::new();
        let words = ["", "rules", "visited", "steps", "records"].map(str::to_owned);
        for job in &self.jobs {
            let mut head = words.clone();
            if let Some(first) = head.first_mut() {
                first.clone_from(&job.job);
            }
            rows.push(head);
            rows.extend(job.verbs.iter().map(|verb| {
                // More than a decision can take is not worth a figure.
                let steps = if verb.steps > self.most_steps { format!("> {}", self.most_steps) } else { verb.steps.to_string() };
                [format!("  {}", verb.verb), verb.rules.to_string(), verb.visited.to_string(), steps, verb.records.to_string()]
            }));
        }
        let width =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..5).map(width).collect();
        let mut text = String::new();
        for row in &rows {
            let cells = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(at, (cell, width))| if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") });
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        let World { items, bytes, calls } = self.world;
        text.push_str(&format!(
            "\nrules: that name the call or every call; visited: the most of them that one call looks at, the others are left out by an index; \
             steps: the most values and conditions that are worked out; records: the most that are asked for\n\
             the most that deciding one call takes, for lists of up to {items} members, texts of up to {bytes} bytes and {calls} earlier \
             calls; whatever they are, a decision ends after {} steps and then allows nothing\n",
            self.most_steps
        ));
        text
    }
}
