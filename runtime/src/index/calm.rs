//! Up to which extent of the facts a decision certainly ends within its steps, whatever it evaluates.
//!
//! A full judgement evaluates every rule of a verb, and what goes beyond the steps of one decision is unknown. A preview stops at the
//! rule that decides; so that it never answers what the full judgement would not, it takes the short way only where even everything
//! together certainly stays within the steps. What is counted here is a bound from above, without the memory for what was
//! evaluated before.

use crate::eval::{BYTES_A_STEP, MAX_STEPS};
use crate::program::{Constant, Expr, ExprId, Node, NodeId, Op, Program, Rule, RuleId, RuleKind, TypeId, TypeShape};
use std::collections::BTreeMap;

/// How large the facts of a decision are: no single value among them has more bytes of JSON, and no more earlier calls were allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Extent(pub(crate) u32);

/// The extents that are looked at.
const EXTENTS: [u32; 4] = [1 << 8, 1 << 11, 1 << 14, 1 << 17];

/// How often a full judgement evaluates a condition at most: in the graph, for its causes, for what it needs.
const TIMES: u32 = 4;

/// Bytes that were sent and are walked in one step: a text in normal form has at most four times as many.
const SENT_A_STEP: u32 = BYTES_A_STEP / 4;

/// For each job and verb, the largest extent at which all that a decision on it may evaluate stays within its steps.
pub(super) fn extents(program: &Program) -> Vec<Vec<Extent>> {
    let mut extents: Vec<Vec<Extent>> = program.jobs.iter().map(|job| vec![Extent(0); job.verbs.len()]).collect();
    // From the largest, so that most policies are looked at once.
    for extent in EXTENTS.into_iter().rev() {
        let costs = Costs::new(program, extent);
        let walks = Walks::new(program, &costs);
        let mut is_settled = true;
        for (job, extents) in program.jobs.iter().zip(&mut extents) {
            // Rules on failures, and those that name no verb, are judged whatever is called.
            let of_all = (job.rules.0..job.rules.1).filter_map(|at| Some((at, program.rules.get(at as usize)?)));
            let of_all = of_all.filter(|(_, rule)| rule.verbs.is_empty() || rule.kind == RuleKind::OnFailure);
            let of_all = of_all.fold(walks.of(job.stops), |sum, (at, rule)| {
                sum.saturating_add(costs.of_condition(rule)).saturating_add(walks.parts(RuleId(at)))
            });
            for ((plan, verb), held) in job.verbs.iter().zip(&program.verbs).zip(extents) {
                if *held != Extent(0) {
                    continue;
                }
                let entries = [plan.denies, plan.allows, plan.stops, plan.asks, plan.shadows];
                let mut all = entries.iter().fold(of_all, |sum, entry| sum.saturating_add(walks.of(*entry)));
                for limit in plan.limits.iter().filter_map(|limit| program.limits.get(limit.index())) {
                    all = all.saturating_add(walks.parts(limit.rule));
                }
                let undo = verb.undo.iter().flat_map(|undo| &undo.frozen);
                for part in verb.changes.iter().flat_map(|change| &change.key).chain(undo) {
                    all = all.saturating_add(costs.of(*part));
                }
                if all.saturating_mul(TIMES) <= MAX_STEPS {
                    *held = Extent(extent);
                } else {
                    is_settled = false;
                }
            }
        }
        if is_settled {
            break;
        }
    }
    extents
}

/// What the dearest walk from each node of the decision graph evaluates.
struct Walks<'c> {
    of: Vec<u32>,
    parts: BTreeMap<u32, u32>,
    costs: &'c Costs,
}

impl<'c> Walks<'c> {
    /// Looks at every node once, from the end: successors stand after their node.
    fn new(program: &Program, costs: &'c Costs) -> Self {
        let mut walks = Self { of: vec![0; program.nodes.len()], parts: costs.by_rule(program), costs };
        for (at, node) in program.nodes.iter().enumerate().rev() {
            let dearest = walks.own(program, node).saturating_add(walks.dearest(program, node));
            if let Some(place) = walks.of.get_mut(at) {
                *place = dearest;
            }
        }
        walks
    }

    /// What comes after a node. No walk leaves a node as unknown whose operand is always known.
    fn dearest(&self, program: &Program, node: &Node) -> u32 {
        let certain = match node {
            Node::Switch { subject, arms, otherwise, .. } if is_known(program, *subject) => {
                Some(arms.iter().map(|(_, next)| self.of(*next)).fold(self.of(*otherwise), u32::max))
            }
            Node::Range { subject, below, steps, .. } if is_known(program, *subject) => {
                Some(steps.iter().map(|step| self.of(step.next)).fold(self.of(*below), u32::max))
            }
            _ => None,
        };
        certain.unwrap_or_else(|| {
            let mut dearest = 0;
            node.visit_successors(&mut |next| dearest = self.of(next).max(dearest));
            dearest
        })
    }

    /// What a node itself evaluates.
    fn own(&self, program: &Program, node: &Node) -> u32 {
        let cost = match node {
            Node::End => return 0,
            Node::Test { condition, .. } => self.costs.of(*condition),
            Node::Switch { subject, .. } | Node::Range { subject, .. } => self.costs.of(*subject),
            Node::Leaf { rule, .. } => {
                let condition = program.rules.get(rule.index()).map_or(u32::MAX, |rule| self.costs.of_condition(rule));
                condition.saturating_add(self.parts(*rule))
            }
        };
        cost.saturating_add(2)
    }

    fn of(&self, node: NodeId) -> u32 {
        self.of.get(node.index()).copied().unwrap_or(u32::MAX)
    }

    /// What the limits and gates of a rule cost beside its condition.
    fn parts(&self, rule: RuleId) -> u32 {
        self.parts.get(&rule.0).copied().unwrap_or(0)
    }
}

/// Whether an operand is known in every decision on a call that fits its verb.
fn is_known(program: &Program, operand: ExprId) -> bool {
    let op = program.exprs.get(operand.index()).map(|expr| &expr.op);
    matches!(op, Some(Op::Constant(_) | Op::Arg(_) | Op::Input(_) | Op::Environment(_) | Op::Agent(_)))
}

/// What evaluating each expression costs at most, and how heavy its value is.
struct Costs {
    /// Steps and weight, by expression.
    of: Vec<(u32, u32)>,
    /// The heaviest value that is no scalar.
    widest: u32,
    extent: u32,
}

impl Costs {
    fn new(program: &Program, extent: u32) -> Self {
        // A record weighs as much as it has fields, those that its JSON leaves out included.
        let fields = program.records.iter().map(|record| record.fields.len()).max().unwrap_or(0);
        let fields = u32::try_from(fields).unwrap_or(u32::MAX).saturating_add(2);
        let mut costs = Self { of: Vec::with_capacity(program.exprs.len()), widest: extent.saturating_mul(fields), extent };
        for expr in &program.exprs {
            let weight = costs.weight(program, expr);
            let steps = costs.steps(program, expr);
            costs.of.push((steps, weight));
        }
        costs
    }

    fn of(&self, expr: ExprId) -> u32 {
        self.of.get(expr.index()).map_or(u32::MAX, |(steps, _)| *steps)
    }

    fn weight_of(&self, expr: ExprId) -> u32 {
        self.of.get(expr.index()).map_or(u32::MAX, |(_, weight)| *weight)
    }

    fn of_condition(&self, rule: &Rule) -> u32 {
        rule.condition.map_or(1, |condition| self.of(condition)).saturating_add(2)
    }

    /// What the limits and gates cost beside the conditions of their rules.
    fn by_rule(&self, program: &Program) -> BTreeMap<u32, u32> {
        let mut costs: BTreeMap<u32, u32> = BTreeMap::new();
        let mut add = |rule: u32, part: ExprId| {
            let cost = costs.entry(rule).or_default();
            *cost = cost.saturating_add(self.of(part));
        };
        for limit in &program.limits {
            limit.visit_parts(&mut |part| add(limit.rule.0, part));
        }
        for gate in &program.gates {
            gate.visit_parts(&mut |part| add(gate.rule.0, part));
        }
        costs
    }

    /// How heavy the value of an expression can be.
    fn weight(&self, program: &Program, expr: &Expr) -> u32 {
        match &expr.op {
            Op::Constant(id) => match program.constants.get(id.index()) {
                Some(Constant::Text(text)) => u32::try_from(text.len()).unwrap_or(u32::MAX).saturating_add(1),
                _ => 1,
            },
            Op::List(parts) | Op::CompositeKey(parts) => {
                parts.iter().fold(1, |sum: u32, part| sum.saturating_add(self.weight_of(*part)))
            }
            Op::If(_, then, otherwise) => self.weight_of(*then).max(self.weight_of(*otherwise)),
            Op::Coalesce(first, second) => self.weight_of(*first).max(self.weight_of(*second)),
            Op::Match(_, arms) => arms.iter().map(|arm| self.weight_of(arm.value)).max().unwrap_or(1),
            Op::CallFn(function, _) => {
                program.fns.get(function.index()).map_or(u32::MAX, |function| self.weight_of(function.body))
            }
            // What a function of the library makes is not known here.
            Op::Call(..) => u32::MAX,
            _ => self.weight_of_type(program, expr.ty),
        }
    }

    /// How heavy a given value of a type can be.
    fn weight_of_type(&self, program: &Program, ty: TypeId) -> u32 {
        match program.types.get(ty.index()) {
            Some(
                TypeShape::Bool
                | TypeShape::Int
                | TypeShape::Decimal
                | TypeShape::Money(_)
                | TypeShape::Time
                | TypeShape::Date
                | TypeShape::TimeOfDay
                | TypeShape::Duration
                | TypeShape::Weekday
                | TypeShape::Enum(_),
            ) => 1,
            Some(TypeShape::Text | TypeShape::Email | TypeShape::Url | TypeShape::Path | TypeShape::Zone) => {
                self.extent.checked_div(SENT_A_STEP).unwrap_or(0).saturating_add(1)
            }
            Some(TypeShape::Optional(inner)) => self.weight_of_type(program, *inner),
            _ => self.widest,
        }
    }

    /// How many steps evaluating an expression takes at most.
    fn steps(&self, program: &Program, expr: &Expr) -> u32 {
        let mut operands = 1_u32;
        expr.op.visit_operands(program, &mut |operand| operands = operands.saturating_add(self.of(operand)));
        let weights = |parts: &[ExprId]| parts.iter().fold(0_u32, |sum, part| sum.saturating_add(self.weight_of(*part)));
        let walked = match &expr.op {
            Op::Compare(_, left, _) => self.weight_of(*left),
            Op::In(item, container) => self.weight_of(*item).max(self.weight_of(*container)),
            Op::MapGet(_, key) => self.weight_of(*key),
            Op::Matches(text, _) => self.weight_of(*text),
            Op::List(parts) => weights(parts).saturating_add(1),
            Op::Match(subjects, arms) => weights(subjects).saturating_add(u32::try_from(arms.len()).unwrap_or(u32::MAX)),
            Op::Call(..) => u32::MAX,
            // The body is evaluated for each member, the filter for each earlier call.
            Op::Loop(_, _, over, body) => self.for_each(self.weight_of(*over), *body),
            Op::AllZip(_, _, left, right, body) => self.for_each(self.weight_of(*left).min(self.weight_of(*right)), *body),
            Op::Happened(_, filter) | Op::Failed(_, filter) | Op::Last(_, filter, _) => {
                filter.map_or(self.extent, |filter| self.for_each(self.extent, filter))
            }
            _ => 0,
        };
        operands.saturating_add(walked)
    }

    fn for_each(&self, times: u32, body: ExprId) -> u32 {
        self.of(body).saturating_add(1).saturating_mul(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Comparison, ConstId, Loop};
    use crate::testing::Build;

    fn steps(build: &Build, extent: u32, expr: ExprId) -> u32 {
        Costs::new(&build.program, extent).of(expr)
    }

    #[test]
    fn comparing_numbers_costs_the_same_whatever_the_facts_and_texts_cost_their_length() {
        let mut build = Build::default();
        let (one, two) = (build.int(1), build.int(2));
        let numbers = build.bool(Op::Compare(Comparison::Less, one, two));
        let text = build.expr(Op::Input(0), TypeShape::Text);
        let texts = build.bool(Op::Compare(Comparison::Equal, text, text));
        assert_eq!(steps(&build, 256, numbers), steps(&build, 1 << 17, numbers));
        assert!(steps(&build, 1 << 17, texts) > (1 << 17) / SENT_A_STEP);
    }

    #[test]
    fn loops_multiply_and_functions_of_the_library_have_no_bound() {
        let mut build = Build::default();
        let shape = build.list_of(TypeShape::Int);
        let list = build.expr(Op::Input(0), shape);
        let (one, local) = (build.int(1), build.local());
        let member = build.scoped(Op::Local(local), TypeShape::Int);
        let body = build.scoped(Op::Compare(Comparison::Equal, member, one), TypeShape::Bool);
        let inner = build.scoped(Op::Loop(Loop::Any, local, list, body), TypeShape::Bool);
        let outer = build.bool(Op::Loop(Loop::Any, local, list, inner));
        assert!(steps(&build, 256, inner) >= 256 * 4);
        assert!(steps(&build, 256, outer) >= 256 * 256 * 4);
        let called = build.bool(Op::Call(0, vec![one]));
        let holds = build.bool(Op::Not(called));
        assert_eq!(steps(&build, 256, holds), u32::MAX);
    }

    /// Many rules in the arms of a switch over what is known: a walk meets one arm. Where the operand may be unknown, all that it then meets.
    #[test]
    fn a_walk_costs_what_its_dearest_arm_costs() {
        let mut build = Build::default();
        let text = build.expr(Op::Input(0), TypeShape::Text);
        let condition = build.bool(Op::Compare(Comparison::Equal, text, text));
        let test = |next: u32| Node::Test { condition, yes: NodeId(next), no: NodeId(next), unknown: NodeId(next) };
        let switch = |subject: ExprId| Node::Switch {
            subject,
            arms: vec![(ConstId(0), NodeId(1)), (ConstId(1), NodeId(2))],
            otherwise: NodeId(7),
            unknown: NodeId(3),
        };
        let signal = build.expr(Op::Signal(0), TypeShape::Text);
        // One arm asks once, the other twice, and what is unknown three times.
        let mut walk = |subject: ExprId| {
            build.program.nodes = vec![switch(subject), test(7), test(4), test(5), test(7), test(6), test(7), Node::End];
            let costs = Costs::new(&build.program, 256);
            let asking = costs.of(condition) + 2;
            let asked = Walks::new(&build.program, &costs).of(NodeId(0)) - costs.of(subject) - 2;
            (asked, asking)
        };
        let (asked, asking) = walk(text);
        assert_eq!(asked, 2 * asking);
        let (asked, asking) = walk(signal);
        assert_eq!(asked, 3 * asking);
    }
}
