//! Comparisons that types and constants decide before any call is made.

use super::Subject;
use super::limits::never_negative;
use super::numbers::Numbers;
use super::written;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{Decided, Why};
use crate::typed::{CompareOp, Expr, ExprKind, Loc, Typed};
use agentc_runtime::value::Value;

/// Library functions whose texts are always in lower case.
const LOWER: &[&str] = &["text.lower", "email.domain", "url.host", "url.scheme"];

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    all(subject.typed).into_iter().for_each(|problem| sink.report(problem));
}

/// Where they stand.
pub(super) fn places(typed: &Typed) -> Vec<Loc> {
    all(typed).into_iter().map(|problem| problem.loc).collect()
}

fn all(typed: &Typed) -> Vec<Decided> {
    let mut found = Vec::new();
    let mut numbers = Numbers::new(typed);
    written::each(typed, &mut |expr| found.extend(decided(typed, expr, &mut numbers)));
    found
}

/// What is always the same about a comparison, if anything is.
fn decided(typed: &Typed, expr: &Expr, numbers: &mut Numbers<'_>) -> Option<Decided> {
    let (holds, why, at) = match &expr.kind {
        ExprKind::Compare(op, left, right) => comparison(typed, *op, left, right, numbers)?,
        ExprKind::In(item, list) => match &list.kind {
            ExprKind::List(members) if members.is_empty() => (false, Why::EmptyList, list.loc),
            ExprKind::Const(Value::List(members) | Value::Set(members)) if members.is_empty() => {
                (false, Why::EmptyList, list.loc)
            }
            ExprKind::List(members) => {
                let never = members.iter().find(|member| upper(member) && only_lower(typed, item))?;
                (false, Why::LowerCase, never.loc)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(Decided { loc: expr.loc, at, holds, why })
}

fn comparison(typed: &Typed, op: CompareOp, left: &Expr, right: &Expr, numbers: &mut Numbers<'_>) -> Option<(bool, Why, Loc)> {
    use CompareOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    let constants = [left, right].map(|side| matches!(side.kind, ExprKind::Const(_)));
    if constants == [false, false] && numbers.of(left) == numbers.of(right) {
        return Some((matches!(op, Equal | LessEqual | GreaterEqual), Why::BothSides, right.loc));
    }
    // With the constant on the right.
    let (op, value, bound) = match (constants, op) {
        ([false, true], _) => (op, left, right),
        ([true, false], Less) => (Greater, right, left),
        ([true, false], LessEqual) => (GreaterEqual, right, left),
        ([true, false], Greater) => (Less, right, left),
        ([true, false], GreaterEqual) => (LessEqual, right, left),
        ([true, false], Equal | NotEqual) => (op, right, left),
        _ => return None,
    };
    if matches!(op, Equal | NotEqual) && upper(bound) && only_lower(typed, value) {
        return Some((op == NotEqual, Why::LowerCase, bound.loc));
    }
    let sign = super::limits::sign(bound)?;
    if !never_negative(value) {
        return None;
    }
    let holds = match (op, sign) {
        (Less | LessEqual | Equal, std::cmp::Ordering::Less) | (Less, std::cmp::Ordering::Equal) => false,
        (Greater | GreaterEqual | NotEqual, std::cmp::Ordering::Less) | (GreaterEqual, std::cmp::Ordering::Equal) => true,
        _ => return None,
    };
    Some((holds, Why::NeverNegative, value.loc))
}

/// Whether a constant text has capital letters.
fn upper(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(Value::Text(text)) => text.chars().any(char::is_uppercase),
        ExprKind::ToOptional(inner) => upper(inner),
        _ => false,
    }
}

/// Whether the text is in lower case whatever it was made of.
fn only_lower(typed: &Typed, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(function, _) => LOWER.contains(&function.0.name),
        ExprKind::ToOptional(inner) => only_lower(typed, inner),
        ExprKind::Coalesce(value, default) => only_lower(typed, value) && (only_lower(typed, default) || !upper(default)),
        ExprKind::Let(used) => typed.lets.get(used.index()).is_some_and(|used| only_lower(typed, &used.value)),
        ExprKind::Match(_, arms) => match arms.as_slice() {
            // `x?.domain` is a match on whether there is one.
            [some, none] => only_lower(typed, &some.value) && matches!(none.value.kind, ExprKind::Const(Value::None)),
            _ => false,
        },
        _ => false,
    }
}
