//! How the arguments of each verb are read in one pass over the bytes, and what rules do with them.

use super::texts::argument;
use crate::program::{ArgId, Comparison, ExprId, FieldShape, Node, Op, Program, TypeId, TypeShape};
use crate::types::{Currency, Encoding, EnumId};

/// The most parameters that are read in one pass.
const MAX_PARAMS: usize = 64;

/// One parameter.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    /// The member that holds it.
    pub(crate) member: Box<str>,
    /// How the member begins where nothing in it is blank or escaped: `"name":`.
    pub(crate) opening: Box<str>,
    /// Its place among the verb's arguments, sorted by slot.
    pub(crate) place: usize,
    pub(crate) scalar: Scalar,
    /// It may be missing.
    pub(crate) is_optional: bool,
    pub(crate) usage: Use,
}

/// The parameters of a verb.
#[derive(Debug, Clone)]
pub(crate) struct Params {
    /// Their slots, sorted.
    pub(crate) slots: Vec<ArgId>,
    /// In the order in which the verb declares them.
    pub(crate) params: Vec<Param>,
    /// A bit for each that must be given, in that order.
    pub(crate) required: u64,
}

/// How the value of a parameter is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    Int,
    Decimal,
    Bool,
    Money(Currency),
    MinorUnits(Currency),
    Enum(EnumId),
    /// As a tree.
    Tree,
}

/// What the policy does with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// Nothing.
    Unread,
    /// It asks whether it equals texts that the policy writes down.
    Compared,
    /// Anything.
    Read,
}

/// For each verb, how its arguments are read; `None` where the members do not lie side by side, or are too many.
pub(crate) fn params(program: &Program) -> Vec<Option<Params>> {
    let uses = uses(program);
    let of_verb = |params: &[(ArgId, FieldShape)]| {
        let mut slots: Vec<ArgId> = params.iter().map(|(slot, _)| *slot).collect();
        slots.sort_unstable();
        let param = |(slot, field): &(ArgId, FieldShape)| {
            let [member] = field.path.as_slice() else { return None };
            let (scalar, is_optional) = scalar(program, field.ty, &field.encoding);
            let place = slots.binary_search(slot).ok()?;
            let usage = uses.get(slot.index()).copied().unwrap_or(Use::Read);
            let opening = format!("\"{member}\":").into();
            Some(Param { member: member.as_str().into(), opening, place, scalar, is_optional, usage })
        };
        let mut members: Vec<&str> = params.iter().filter_map(|(_, field)| field.path.first()).map(String::as_str).collect();
        members.sort_unstable();
        // Two parameters in one member, or in one slot, are read by the way that looks at them one by one.
        let is_plain = params.len() <= MAX_PARAMS
            && members.array_windows().all(|[one, other]| one != other)
            && slots.array_windows().all(|[one, other]| one != other);
        let params = params.iter().map(param).collect::<Option<Vec<Param>>>().filter(|_| is_plain)?;
        let required = params.iter().rev().fold(0, |bits: u64, param| bits.wrapping_shl(1) | u64::from(!param.is_optional));
        Some(Params { slots, params, required })
    };
    program.verbs.iter().map(|verb| of_verb(&verb.params)).collect()
}

fn scalar(program: &Program, ty: TypeId, encoding: &Encoding) -> (Scalar, bool) {
    match program.types.get(ty.index()) {
        Some(TypeShape::Optional(inner)) => (required(program, *inner, encoding), true),
        _ => (required(program, ty, encoding), false),
    }
}

fn required(program: &Program, ty: TypeId, encoding: &Encoding) -> Scalar {
    let Some(shape) = program.types.get(ty.index()) else { return Scalar::Tree };
    match (shape, encoding) {
        (TypeShape::Text, _) => Scalar::Text,
        (TypeShape::Int, _) => Scalar::Int,
        (TypeShape::Decimal, _) => Scalar::Decimal,
        (TypeShape::Bool, _) => Scalar::Bool,
        (TypeShape::Money(currency), Encoding::MinorUnits) => Scalar::MinorUnits(*currency),
        (TypeShape::Money(currency), _) => Scalar::Money(*currency),
        (TypeShape::Enum(id), _) => Scalar::Enum(*id),
        (TypeShape::Key(record), _) => {
            let record = program.records.get(record.0 as usize);
            match record.map(|record| (record.key_types.as_slice(), record.key.as_slice())) {
                Some(([part], _)) => match program.types.get(part.index()) {
                    Some(TypeShape::Text) => Scalar::Text,
                    Some(TypeShape::Int) => Scalar::Int,
                    _ => Scalar::Tree,
                },
                _ => Scalar::Tree,
            }
        }
        _ => Scalar::Tree,
    }
}

/// What the policy does with each argument.
fn uses(program: &Program) -> Vec<Use> {
    let mut uses = vec![Use::Unread; program.args.len()];
    let mut note = |expr: ExprId, usage: Use| {
        if let Some(known) = argument(program, expr).and_then(|arg| uses.get_mut(arg.index())) {
            *known = usage.max(*known);
        }
    };
    for expr in &program.exprs {
        match &expr.op {
            Op::Compare(Comparison::Equal | Comparison::NotEqual, left, right) if is_constant(program, *right) => {
                note(*left, Use::Compared);
            }
            Op::Compare(Comparison::Equal | Comparison::NotEqual, left, right) if is_constant(program, *left) => {
                note(*right, Use::Compared);
            }
            Op::In(item, list) if is_list_of_constants(program, *list) => note(*item, Use::Compared),
            op => op.visit_own_operands(&mut |operand| note(operand, Use::Read)),
        }
    }
    for node in &program.nodes {
        match node {
            Node::Switch { subject, .. } => note(*subject, Use::Compared),
            Node::Test { condition, .. } => note(*condition, Use::Read),
            Node::Range { subject, .. } => note(*subject, Use::Read),
            Node::End | Node::Leaf { .. } => {}
        }
    }
    direct(program, &mut |expr| note(expr, Use::Read));
    uses
}

/// For each argument, whether some filter of earlier calls asks that it equals something.
pub(super) fn asked_of_the_past(program: &Program) -> Vec<bool> {
    let mut asked = vec![false; program.args.len()];
    for expr in &program.exprs {
        let Op::Compare(Comparison::Equal, left, right) = expr.op else { continue };
        for operand in [left, right] {
            if let Some(Op::PastArg(arg)) = program.exprs.get(operand.index()).map(|expr| &expr.op)
                && let Some(asked) = asked.get_mut(arg.index())
            {
                *asked = true;
            }
        }
    }
    asked
}

fn is_constant(program: &Program, expr: ExprId) -> bool {
    matches!(program.exprs.get(expr.index()).map(|expr| &expr.op), Some(Op::Constant(_)))
}

fn is_list_of_constants(program: &Program, list: ExprId) -> bool {
    match program.exprs.get(list.index()).map(|expr| &expr.op) {
        Some(Op::List(members)) => members.iter().all(|member| is_constant(program, *member)),
        _ => false,
    }
}

/// Calls `visit` with each expression that something else than an expression or a node of the graph evaluates for a decision.
pub(super) fn direct(program: &Program, visit: &mut dyn FnMut(ExprId)) {
    for rule in &program.rules {
        rule.condition.into_iter().for_each(&mut *visit);
    }
    for limit in &program.limits {
        limit.visit_parts(visit);
    }
    for gate in &program.gates {
        gate.visit_parts(visit);
    }
    for verb in &program.verbs {
        verb.changes.iter().flat_map(|change| change.key.iter().copied()).for_each(&mut *visit);
        verb.undo.iter().flat_map(|undo| undo.frozen.iter().copied()).for_each(&mut *visit);
    }
}
