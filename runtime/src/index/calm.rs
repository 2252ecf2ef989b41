//! Up to which extent of the facts a decision certainly ends within its steps, whatever it evaluates.
//!
//! A full judgement evaluates every rule of a verb, and what goes beyond the steps of one decision is unknown. A preview stops at the
//! rule that decides; so that it never answers what the full judgement would not, it takes the short way only where even everything
//! together certainly stays within the steps. What is counted here is a bound from above, without the memory for what was
//! evaluated before.

use crate::eval::MAX_STEPS;
use crate::program::{Constant, Expr, ExprId, Op, Program, TypeId, TypeShape};
use std::collections::BTreeMap;

/// How large the facts of a decision are: no single value among them has more bytes of JSON, and no more earlier calls were allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Extent(pub(crate) u32);

/// The extents that are looked at.
const EXTENTS: [u32; 4] = [1 << 8, 1 << 11, 1 << 14, 1 << 17];

/// How often a full judgement evaluates a condition at most: in the graph, for its causes, for what it needs.
const TIMES: u32 = 4;

/// Bytes of text that are walked in one step are 32; a text in normal form has at most four times the bytes that were sent.
const BYTES_A_STEP: u32 = 8;

/// For each job and verb, the largest extent at which all that a decision on it may evaluate stays within its steps.
pub(super) fn extents(program: &Program) -> Vec<Vec<Extent>> {
    let mut extents: Vec<Vec<Extent>> = program.jobs.iter().map(|job| vec![Extent(0); job.verbs.len()]).collect();
    for extent in EXTENTS {
        let costs = Costs::new(program, extent);
        let limits = costs.by_rule(program);
        let mut any = false;
        for (job, extents) in program.jobs.iter().zip(&mut extents) {
            let mut sums = vec![0_u32; extents.len()];
            let mut of_all = 0_u32;
            for at in job.rules.0..job.rules.1 {
                let Some(rule) = program.rules.get(at as usize) else { continue };
                let condition = rule.condition.map_or(1, |condition| costs.of(condition));
                let cost = condition.saturating_add(limits.get(&at).copied().unwrap_or(0)).saturating_add(2);
                // Rules on failures are judged whatever is called.
                if rule.verbs.is_empty() || rule.kind == crate::program::RuleKind::OnFailure {
                    of_all = of_all.saturating_add(cost);
                }
                for verb in &rule.verbs {
                    if let Some(sum) = sums.get_mut(verb.index()) {
                        *sum = sum.saturating_add(cost);
                    }
                }
            }
            for ((sum, verb), held) in sums.into_iter().zip(&program.verbs).zip(extents) {
                let mut parts = 0_u32;
                let undo = verb.undo.iter().flat_map(|undo| &undo.frozen);
                for part in verb.changes.iter().flat_map(|change| &change.key).chain(undo) {
                    parts = parts.saturating_add(costs.of(*part));
                }
                let all = sum.saturating_add(of_all).saturating_add(parts).saturating_mul(TIMES);
                if all <= MAX_STEPS {
                    *held = Extent(extent);
                    any = true;
                }
            }
        }
        if !any {
            break;
        }
    }
    extents
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
                self.extent.checked_div(BYTES_A_STEP).unwrap_or(0).saturating_add(1)
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
    use crate::program::{Comparison, Loop};
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
        assert!(steps(&build, 1 << 17, texts) > (1 << 17) / BYTES_A_STEP);
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
}
