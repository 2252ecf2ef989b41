//! The expressions that an operator reads.

use super::{ApproverKind, ExprId, Gate, Limit, Measure, Op, Program, Show};

impl Op {
    /// Calls `visit` with each expression that stands in the operator itself: not the body of a function it calls, nor the parts of a limit.
    pub fn visit_own_operands(&self, visit: &mut dyn FnMut(ExprId)) {
        match self {
            Self::Constant(_)
            | Self::Arg(_)
            | Self::Local(_)
            | Self::Input(_)
            | Self::Environment(_)
            | Self::Agent(_)
            | Self::User(_)
            | Self::Signal(_)
            | Self::Run(_)
            | Self::Now
            | Self::PastArg(_)
            | Self::PastResult
            | Self::Failures(_)
            | Self::WouldExceed(_) => {}
            Self::Lookup(_, parts)
            | Self::CallFn(_, parts)
            | Self::Call(_, parts)
            | Self::And(parts)
            | Self::Or(parts)
            | Self::CompositeKey(parts)
            | Self::List(parts) => parts.iter().copied().for_each(visit),
            Self::Field(of, _)
            | Self::Not(of)
            | Self::Negate(of)
            | Self::ToDecimal(of)
            | Self::IsAbsent(of)
            | Self::Matches(of, _)
            | Self::ZonePart(_, of) => visit(*of),
            Self::Compare(_, a, b)
            | Self::In(a, b)
            | Self::Arithmetic(_, a, b)
            | Self::Coalesce(a, b)
            | Self::MapGet(a, b)
            | Self::Loop(_, _, a, b)
            | Self::InZone(a, b) => [*a, *b].into_iter().for_each(visit),
            Self::InRange(a, b, c) | Self::If(a, b, c) | Self::At(a, b, c) | Self::AllZip(_, _, a, b, c) => {
                [*a, *b, *c].into_iter().for_each(visit);
            }
            Self::Match(subjects, arms) => {
                subjects.iter().copied().chain(arms.iter().map(|arm| arm.value)).for_each(visit);
            }
            Self::Happened(_, filter) | Self::Failed(_, filter) | Self::Last(_, filter, _) => {
                filter.iter().copied().for_each(visit);
            }
            Self::Required { args, .. } => args.iter().map(|(_, value)| *value).for_each(visit),
        }
    }

    /// Calls `visit` with each expression that the operator reads, the body of a called function and the parts of a limit included.
    pub fn visit_operands(&self, program: &Program, visit: &mut dyn FnMut(ExprId)) {
        self.visit_own_operands(visit);
        match self {
            Self::CallFn(function, _) => {
                if let Some(function) = program.fns.get(function.index()) {
                    visit(function.body);
                }
            }
            Self::WouldExceed(limit) => {
                if let Some(limit) = program.limits.get(limit.index()) {
                    limit.visit_parts(visit);
                }
            }
            _ => {}
        }
    }
}

impl Limit {
    /// Calls `visit` with each expression of the limit.
    pub fn visit_parts(&self, visit: &mut dyn FnMut(ExprId)) {
        let measured = match self.measure {
            Measure::Count => None,
            Measure::Distinct(value) | Measure::Sum(value) => Some(value),
        };
        self.by.iter().copied().chain(measured).chain(self.when).chain([self.bound]).for_each(visit);
    }
}

impl Gate {
    /// Calls `visit` with each expression that a request for approval evaluates: who may approve, what it binds and what it shows.
    pub fn visit_parts(&self, visit: &mut dyn FnMut(ExprId)) {
        let named = self.stages.iter().flat_map(|stage| &stage.approvers).filter_map(|approver| match approver.who {
            ApproverKind::Identity(expr) => Some(expr),
            ApproverKind::Role(_) | ApproverKind::User => None,
        });
        let shown = self.show.iter().filter_map(|show| match show {
            Show::Value(_, expr) => Some(*expr),
            Show::Trace | Show::Arguments => None,
        });
        named.chain(self.binds.iter().map(|operand| operand.expr)).chain(shown).for_each(visit);
    }
}
