//! Conditions that are cheaper evaluated than kept: a few comparisons of values that are given.

use crate::program::{ExprId, Op, Program};

/// The most comparisons that such a condition holds.
const MOST: u8 = 8;

/// Which expressions are such conditions.
pub(super) fn conditions(program: &Program) -> Vec<bool> {
    // How many comparisons each holds; 0 for what is no such condition.
    let mut counts: Vec<u8> = Vec::with_capacity(program.exprs.len());
    for expr in &program.exprs {
        let of = |id: &ExprId| counts.get(id.index()).copied().unwrap_or(0);
        let count = match &expr.op {
            _ if expr.scoped => 0,
            Op::Compare(_, left, right) => u8::from(is_given(program, *left) && is_given(program, *right)),
            Op::In(item, list) => u8::from(is_given(program, *item) && is_short_list(program, *list)),
            Op::Not(inner) => of(inner),
            Op::And(parts) | Op::Or(parts) if parts.iter().all(|part| of(part) > 0) => {
                let sum = parts.iter().map(of).fold(0, u8::saturating_add);
                if sum <= MOST { sum } else { 0 }
            }
            _ => 0,
        };
        counts.push(count);
    }
    counts.into_iter().map(|count| count > 0).collect()
}

/// A value that is given, or a field of a record.
fn is_given(program: &Program, expr: ExprId) -> bool {
    let op = |expr: ExprId| program.exprs.get(expr.index()).map(|expr| &expr.op);
    match op(expr) {
        Some(Op::Field(of, _)) => matches!(op(*of), Some(Op::Lookup(..))),
        Some(Op::Constant(_) | Op::Arg(_) | Op::Input(_) | Op::Environment(_) | Op::Agent(_) | Op::User(_) | Op::Signal(_)) => {
            true
        }
        _ => false,
    }
}

fn is_short_list(program: &Program, list: ExprId) -> bool {
    match program.exprs.get(list.index()).map(|expr| &expr.op) {
        Some(Op::List(members)) => members.len() <= usize::from(MOST) && members.iter().all(|member| is_given(program, *member)),
        _ => false,
    }
}
