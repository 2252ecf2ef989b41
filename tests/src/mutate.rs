//! Programs that are broken on purpose, one place at a time: what the comparison of both evaluators must notice.

use agentc_runtime::program::{
    Arithmetic, Comparison, Constant, Edge, Effect, LeafState, Loop, Node, NodeId, Op, Program, RuleKind, Step, Window,
};
use agentc_runtime::types::Encoding;

/// A broken program.
#[derive(Debug)]
pub struct Mutant {
    /// What is broken, in words, with its place.
    pub what: String,
    /// The kind of damage: the first word of that.
    pub kind: &'static str,
    /// The program.
    pub program: Program,
}

/// Every way of this module to break the decision graph of a program in one place.
pub fn of_graph(program: &Program) -> Vec<Mutant> {
    let mut all = Breaker { program, found: Vec::new() };
    all.nodes();
    all.found
}

/// Every way of this module to break what a program says, but for its graph, in one place. An indexed program does not ask again what its graph has settled:
/// there such damage may do nothing.
pub fn of_meaning(program: &Program) -> Vec<Mutant> {
    let mut all = Breaker { program, found: Vec::new() };
    all.expressions();
    all.rules();
    all.limits();
    all.gates();
    all.verbs();
    all.records();
    all.jobs();
    all.found
}

struct Breaker<'a> {
    program: &'a Program,
    found: Vec<Mutant>,
}

impl Breaker<'_> {
    fn add(&mut self, kind: &'static str, place: impl std::fmt::Display, change: impl FnOnce(&mut Program)) {
        let mut program = self.program.clone();
        change(&mut program);
        if program != *self.program {
            self.found.push(Mutant { what: format!("{kind}: {place}"), kind, program });
        }
    }

    fn nodes(&mut self) {
        for (at, node) in self.program.nodes.iter().enumerate() {
            match node {
                Node::Test { yes, no, .. } => {
                    let (yes, no) = (*yes, *no);
                    self.add("swap true and false", format!("node {at}"), |program| {
                        if let Node::Test { yes: first, no: second, .. } = &mut program.nodes[at] {
                            (*first, *second) = (no, yes);
                        }
                    });
                    self.add("take unknown for false", format!("node {at}"), |program| {
                        if let Node::Test { unknown, .. } = &mut program.nodes[at] {
                            *unknown = no;
                        }
                    });
                    self.add("take unknown for true", format!("node {at}"), |program| {
                        if let Node::Test { unknown, .. } = &mut program.nodes[at] {
                            *unknown = yes;
                        }
                    });
                }
                Node::Switch { arms, .. } => {
                    for arm in 0..arms.len() {
                        self.add("drop an arm", format!("node {at} arm {arm}"), |program| {
                            if let Node::Switch { arms, .. } = &mut program.nodes[at] {
                                arms.remove(arm);
                            }
                        });
                    }
                    self.add("take unknown for another constant", format!("node {at}"), |program| {
                        if let Node::Switch { otherwise, unknown, .. } = &mut program.nodes[at] {
                            *unknown = *otherwise;
                        }
                    });
                }
                Node::Range { below, steps, .. } => {
                    let below = *below;
                    for (step, Step { edge, next, .. }) in steps.iter().copied().enumerate() {
                        let place = format!("node {at} step {step}");
                        self.add("drop a step", &place, |program| {
                            if let Node::Range { steps, .. } = &mut program.nodes[at] {
                                steps.remove(step);
                            }
                        });
                        self.add("move a bound", &place, |program| {
                            if let Node::Range { steps, .. } = &mut program.nodes[at] {
                                steps[step].edge = if edge == Edge::From { Edge::Beyond } else { Edge::From };
                            }
                        });
                        self.add("fall below a step", &place, |program| {
                            if let Node::Range { steps, .. } = &mut program.nodes[at] {
                                steps[step].next = below;
                            }
                        });
                        self.add("start at a step", &place, |program| {
                            if let Node::Range { below, .. } = &mut program.nodes[at] {
                                *below = next;
                            }
                        });
                    }
                    self.add("take an unknown operand for a low one", format!("node {at}"), |program| {
                        if let Node::Range { below, unknown, .. } = &mut program.nodes[at] {
                            *unknown = *below;
                        }
                    });
                }
                Node::Leaf { rule, state, next } => {
                    let name = self.program.rules[rule.index()].name.clone();
                    let next = *next;
                    let kind = if *state == LeafState::Fires { "drop a rule" } else { "drop what is unknown of a rule" };
                    self.add(kind, format!("`{name}` at node {at}"), |program| redirect(program, NodeId(at as u32), next));
                }
                Node::End => {}
            }
        }
    }

    fn expressions(&mut self) {
        for (at, expr) in self.program.exprs.iter().enumerate() {
            let mut change = |kind: &'static str, op: Op| {
                self.add(kind, format!("expression {at}"), |program| program.exprs[at].op = op);
            };
            match &expr.op {
                Op::Compare(comparison, left, right) => {
                    for (kind, other) in other_comparisons(*comparison) {
                        change(kind, Op::Compare(other, *left, *right));
                    }
                }
                Op::And(parts) => {
                    change("and becomes or", Op::Or(parts.clone()));
                    for part in 0..parts.len() {
                        let mut fewer = parts.clone();
                        fewer.remove(part);
                        change("drop a condition", Op::And(fewer));
                    }
                }
                Op::Or(parts) => change("or becomes and", Op::And(parts.clone())),
                Op::Not(inner) => change("drop a not", Op::And(vec![*inner])),
                Op::Arithmetic(Arithmetic::Add, left, right) => {
                    change("add becomes subtract", Op::Arithmetic(Arithmetic::Subtract, *left, *right));
                }
                Op::Arithmetic(Arithmetic::Subtract, left, right) => {
                    change("subtract becomes add", Op::Arithmetic(Arithmetic::Add, *left, *right));
                }
                Op::Loop(Loop::Any, local, over, body) => change("any becomes all", Op::Loop(Loop::All, *local, *over, *body)),
                Op::Loop(Loop::All, local, over, body) => change("all becomes any", Op::Loop(Loop::Any, *local, *over, *body)),
                Op::If(condition, then, otherwise) => change("swap the branches", Op::If(*condition, *otherwise, *then)),
                Op::InRange(item, low, high) => {
                    change("forget the lower bound", Op::Compare(Comparison::LessEqual, *item, *high));
                    change("forget the upper bound", Op::Compare(Comparison::GreaterEqual, *item, *low));
                }
                Op::Happened(verbs, Some(_)) => change("forget a filter", Op::Happened(verbs.clone(), None)),
                Op::Required { verb, args, within, since_last } => {
                    if within.is_some() {
                        let op = Op::Required { verb: *verb, args: args.clone(), within: None, since_last: *since_last };
                        change("forget within", op);
                    }
                    if since_last.is_some() {
                        let op = Op::Required { verb: *verb, args: args.clone(), within: *within, since_last: None };
                        change("forget since last", op);
                    }
                    let op = Op::Required { verb: *verb, args: Vec::new(), within: *within, since_last: *since_last };
                    change("forget arguments", op);
                }
                _ => {}
            }
        }
        for (at, constant) in self.program.constants.iter().enumerate() {
            let other = match constant {
                Constant::Int(number) => Constant::Int(number.saturating_add(1)),
                Constant::Bool(truth) => Constant::Bool(!truth),
                Constant::Money(amount, currency) => {
                    let cent = "0.01".parse().expect("a number");
                    Constant::Money(amount.checked_add(cent).expect("it fits"), *currency)
                }
                Constant::Duration(nanoseconds) => Constant::Duration(nanoseconds.saturating_add(1_000_000_000)),
                Constant::Text(text) => Constant::Text(format!("{text}x")),
                _ => continue,
            };
            self.add("another constant", format!("{constant:?}"), |program| program.constants[at] = other);
        }
    }

    fn rules(&mut self) {
        for (at, rule) in self.program.rules.iter().enumerate() {
            let name = rule.name.clone();
            if rule.shows.is_some() {
                self.add("show everything", format!("`{name}`"), |program| program.rules[at].shows = None);
            }
            if rule.because.is_some() {
                self.add("forget a reason", format!("`{name}`"), |program| program.rules[at].because = None);
            }
            self.add("another line", format!("`{name}`"), |program| program.rules[at].place.line += 1);
            if rule.effect == Effect::Stop {
                self.add("stop becomes pause", format!("`{name}`"), |program| program.rules[at].effect = Effect::Pause);
            }
            if let RuleKind::Limit(id, Some(_)) = rule.kind {
                self.add("forget the gate of a limit", format!("`{name}`"), |program| {
                    program.rules[at].kind = RuleKind::Limit(id, None);
                });
            }
        }
    }

    fn limits(&mut self) {
        for (at, limit) in self.program.limits.iter().enumerate() {
            let name = self.program.rules[limit.rule.index()].name.clone();
            self.add("another strictness", format!("`{name}`"), |program| program.limits[at].strict = !limit.strict);
            if !limit.by.is_empty() {
                self.add("one counter for all keys", format!("`{name}`"), |program| program.limits[at].by.clear());
            }
            if limit.when.is_some() {
                self.add("count every call", format!("`{name}`"), |program| program.limits[at].when = None);
            }
            if limit.window != Window::Run {
                self.add("another window", format!("`{name}`"), |program| program.limits[at].window = Window::Run);
            }
            for job in 0..self.program.jobs.len() {
                for verb in 0..self.program.jobs[job].verbs.len() {
                    let own = &self.program.jobs[job].verbs[verb].limits;
                    if let Some(place) = own.iter().position(|id| id.index() == at) {
                        self.add("drop a limit", format!("`{name}`"), |program| {
                            program.jobs[job].verbs[verb].limits.remove(place);
                        });
                    }
                }
            }
        }
    }

    fn gates(&mut self) {
        for (at, gate) in self.program.gates.iter().enumerate() {
            let name = self.program.rules[gate.rule.index()].name.clone();
            self.add("the requester may approve", format!("`{name}`"), |program| {
                program.gates[at].may_be_requester = !gate.may_be_requester;
            });
            for (stage, group) in
                gate.stages.iter().enumerate().flat_map(|(stage, all)| (0..all.approvers.len()).map(move |group| (stage, group)))
            {
                self.add("another quorum", format!("`{name}`"), |program| {
                    program.gates[at].stages[stage].approvers[group].quorum += 1;
                });
            }
            for stage in (0..gate.stages.len()).filter(|stage| gate.stages[*stage].expires.is_some()) {
                self.add("never expires", format!("`{name}`"), |program| program.gates[at].stages[stage].expires = None);
                self.add("another expiry", format!("`{name}`"), |program| program.gates[at].escalates = !gate.escalates);
            }
            if !gate.binds.is_empty() {
                self.add("bind nothing", format!("`{name}`"), |program| program.gates[at].binds.clear());
            }
            if !gate.show.is_empty() {
                self.add("show nothing", format!("`{name}`"), |program| program.gates[at].show.clear());
            }
        }
    }

    fn verbs(&mut self) {
        for (at, verb) in self.program.verbs.iter().enumerate().filter(|(at, _)| is_allowed(self.program, *at)) {
            let name = verb.name.clone();
            for change in
                (0..verb.changes.len()).filter(|change| is_looked_up(self.program, verb.changes[*change].record.0 as usize))
            {
                self.add("forget a change", format!("`{name}` {change}"), |program| {
                    program.verbs[at].changes.remove(change);
                });
            }
            if !verb.no_effect_on.is_empty() {
                self.add("forget what has no effect", format!("`{name}`"), |program| program.verbs[at].no_effect_on.clear());
            }
            if verb.gives.iter().any(|gives| is_looked_up(self.program, gives.record.0 as usize)) {
                self.add("results are no records", format!("`{name}`"), |program| program.verbs[at].gives.clear());
            }
            if verb.undo.is_some() {
                self.add("cannot be undone", format!("`{name}`"), |program| program.verbs[at].undo = None);
                self.add("undo at any time", format!("`{name}`"), |program| {
                    if let Some(undo) = &mut program.verbs[at].undo {
                        undo.within = None;
                    }
                });
            }
            for (index, (_, field)) in verb.params.iter().enumerate() {
                if field.secret {
                    self.add("tell a secret", format!("`{name}.{}`", field.name), |program| {
                        program.verbs[at].params[index].1.secret = false;
                    });
                }
            }
            if verb.retain.is_some() {
                self.add("keep for ever", format!("`{name}`"), |program| program.verbs[at].retain = None);
            }
        }
    }

    fn records(&mut self) {
        for (at, record) in self.program.records.iter().enumerate().filter(|(at, _)| is_looked_up(self.program, *at)) {
            if let Some(fetch) = &record.fetch
                && fetch.fresh.is_some()
            {
                self.add("fresh for ever", format!("`{}`", record.name), |program| {
                    if let Some(fetch) = &mut program.records[at].fetch {
                        fetch.fresh = None;
                    }
                });
            }
            for (index, field) in record.fields.iter().enumerate().filter(|(_, field)| field.read) {
                let place = format!("`{}.{}`", record.name, field.name);
                if field.encoding != Encoding::Plain {
                    self.add("forget an encoding", &place, |program| {
                        program.records[at].fields[index].encoding = Encoding::Plain;
                    });
                }
                self.add("another place", &place, |program| {
                    program.records[at].fields[index].path[0].push('_');
                });
            }
        }
        for (at, shape) in self.program.enums.iter().enumerate() {
            for variant in 0..shape.variants.len() {
                self.add("another text", format!("`{}` {variant}", shape.name), |program| {
                    program.enums[at].variants[variant].texts[0].push('_');
                });
            }
        }
    }

    fn jobs(&mut self) {
        for (at, job) in self.program.jobs.iter().enumerate() {
            let name = job.name.clone();
            if job.done.is_some() {
                self.add("never done", format!("`{name}`"), |program| program.jobs[at].done = None);
            }
            if job.handoff.is_some() {
                self.add("no handoff", format!("`{name}`"), |program| program.jobs[at].handoff = None);
            }
            if !job.pause_by.is_empty() {
                self.add("nobody pauses", format!("`{name}`"), |program| program.jobs[at].pause_by.clear());
            }
            if !job.resume_by.is_empty() {
                self.add("nobody resumes", format!("`{name}`"), |program| program.jobs[at].resume_by.clear());
            }
            if !job.undo_by.is_empty() {
                self.add("nobody undoes", format!("`{name}`"), |program| program.jobs[at].undo_by.clear());
            }
            for (index, verb) in job.verbs.iter().enumerate() {
                let place = format!("`{name}` `{}`", self.program.verbs[index].name);
                if verb.is_handover {
                    self.add("no handover", &place, |program| program.jobs[at].verbs[index].is_handover = false);
                }
            }
        }
    }
}

/// Some job allows it: else nothing that it says can matter.
fn is_allowed(program: &Program, verb: usize) -> bool {
    program.jobs.iter().any(|job| job.verbs[verb].has_allow)
}

/// Some rule reads it.
fn is_looked_up(program: &Program, record: usize) -> bool {
    program.exprs.iter().any(|expr| matches!(&expr.op, Op::Lookup(id, _) if id.0 as usize == record))
}

fn other_comparisons(comparison: Comparison) -> Vec<(&'static str, Comparison)> {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    match comparison {
        Less => vec![("widen a comparison", LessEqual), ("turn a comparison", GreaterEqual)],
        LessEqual => vec![("narrow a comparison", Less), ("turn a comparison", Greater)],
        Greater => vec![("widen a comparison", GreaterEqual), ("turn a comparison", LessEqual)],
        GreaterEqual => vec![("narrow a comparison", Greater), ("turn a comparison", Less)],
        Equal => vec![("turn a comparison", NotEqual)],
        NotEqual => vec![("turn a comparison", Equal)],
    }
}

/// Whatever goes to this node goes to that one.
fn redirect(program: &mut Program, from: NodeId, to: NodeId) {
    let move_on = |node: &mut NodeId| {
        if *node == from {
            *node = to;
        }
    };
    program.nodes.iter_mut().for_each(|node| node.change_successors(&mut |next| move_on(next)));
    for job in &mut program.jobs {
        move_on(&mut job.stops);
        for verb in &mut job.verbs {
            let entries = [&mut verb.denies, &mut verb.allows, &mut verb.stops, &mut verb.asks, &mut verb.shadows];
            entries.into_iter().for_each(move_on);
        }
    }
}
