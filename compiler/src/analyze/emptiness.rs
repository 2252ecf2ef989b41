//! `all x in xs: …` over a list that may be empty, where an empty list allows: the condition is then true of nothing.

use super::Subject;
use super::everywhere::Everywhere;
use super::numbers::{Number, Numbers};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::EmptyAllows;
use crate::typed::{CompareOp, Expr, ExprKind, Quantifier, RuleKind, Typed};
use agentc_runtime::value::Value;

/// Library functions that say how many members there are.
const LENGTHS: &[&str] = &["list.length", "set.length", "map.length"];
/// Library functions that say whether there are none.
const EMPTY: &[&str] = &["list.is_empty", "set.is_empty", "map.is_empty"];
/// Library functions that are false of no members.
const HOLDS: &[&str] = &["list.contains", "list.contains_any", "set.contains", "map.has"];

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    let mut found = Everywhere::new(typed);
    for job in &typed.jobs {
        let mut numbers = Numbers::new(typed);
        for rule in &job.rules {
            let Some(condition) = &rule.condition else { continue };
            let widens = match rule.kind {
                RuleKind::Allow { .. } => true,
                RuleKind::Never | RuleKind::Gate(_) | RuleKind::Escalate => false,
                RuleKind::OnFailure { .. } | RuleKind::Require { .. } | RuleKind::Limit(_) => continue,
            };
            let mut loops = Vec::new();
            loops_where(typed, condition, widens, &mut loops);
            for one in loops {
                let lists: Vec<&Expr> = over(one);
                if lists.iter().any(|list| never_empty(typed, list)) {
                    continue;
                }
                let lists: Vec<Number> = lists.into_iter().map(|list| numbers.of(list)).collect();
                let empty = Empty { typed, lists: &lists };
                // Where an empty list makes the condition what restricts, somebody thought of it.
                if empty.decides(condition, &mut numbers) == Decided::Unknown
                    || empty.decides(condition, &mut numbers) == of(widens)
                {
                    let list = over(one).first().map_or(one.loc, |list| list.loc);
                    found.note(rule.loc, EmptyAllows { rule: rule.name.clone(), loc: one.loc, list, allows: widens });
                    break;
                }
            }
        }
    }
    found.report(sink);
}

/// The lists of a loop.
fn over(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Quantified(_, _, over, _) => vec![over],
        ExprKind::AllZip { over, .. } => vec![&over.0, &over.1],
        _ => Vec::new(),
    }
}

/// The `all` loops that make the condition allow more where they are true.
fn loops_where<'t>(typed: &'t Typed, expr: &'t Expr, widens: bool, found: &mut Vec<&'t Expr>) {
    match &expr.kind {
        ExprKind::Quantified(Quantifier::All, ..) | ExprKind::AllZip { .. } if widens => found.push(expr),
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(|part| loops_where(typed, part, widens, found)),
        ExprKind::Not(inner) => loops_where(typed, inner, !widens, found),
        ExprKind::If(_, yes, no) => [yes, no].into_iter().for_each(|branch| loops_where(typed, branch, widens, found)),
        ExprKind::Let(id) => {
            if let Some(used) = typed.lets.get(id.index()) {
                loops_where(typed, &used.value, widens, found);
            }
        }
        _ => {}
    }
}

/// Whether a list has members whatever is called.
fn never_empty(typed: &Typed, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::List(members) => !members.is_empty(),
        ExprKind::Const(Value::List(members) | Value::Set(members)) => !members.is_empty(),
        ExprKind::Let(id) => typed.lets.get(id.index()).is_some_and(|used| never_empty(typed, &used.value)),
        _ => false,
    }
}

/// What is known of a condition while some lists are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decided {
    True,
    False,
    /// It follows other values.
    Unknown,
    /// A function or a form that this does not look into is given one of the lists: it may well think of emptiness.
    Unseen,
}

fn of(truth: bool) -> Decided {
    if truth { Decided::True } else { Decided::False }
}

/// Lists, by number, that are empty.
struct Empty<'l, 't> {
    typed: &'t Typed,
    lists: &'l [Number],
}

impl Empty<'_, '_> {
    fn is(&self, expr: &Expr, numbers: &mut Numbers<'_>) -> bool {
        self.lists.contains(&numbers.of(expr))
    }

    /// The condition with the lists empty.
    fn decides(&self, expr: &Expr, numbers: &mut Numbers<'_>) -> Decided {
        match &expr.kind {
            ExprKind::Const(Value::Bool(truth)) => of(*truth),
            ExprKind::And(parts) => self.joined(parts, false, numbers),
            ExprKind::Or(parts) => self.joined(parts, true, numbers),
            ExprKind::Not(inner) => match self.decides(inner, numbers) {
                Decided::True => Decided::False,
                Decided::False => Decided::True,
                other => other,
            },
            ExprKind::Let(id) => {
                let typed = self.typed;
                typed.lets.get(id.index()).map_or(Decided::Unknown, |used| self.decides(&used.value, numbers))
            }
            ExprKind::Quantified(Quantifier::Any, _, list, _) if self.is(list, numbers) => Decided::False,
            ExprKind::Quantified(Quantifier::All, _, list, _) if self.is(list, numbers) => Decided::True,
            ExprKind::AllZip { over, .. } => match (self.is(&over.0, numbers), self.is(&over.1, numbers)) {
                (true, true) => Decided::True,
                (false, false) => Decided::Unknown,
                // The other one may be empty as well.
                _ => Decided::Unknown,
            },
            ExprKind::In(_, list) if self.is(list, numbers) => Decided::False,
            ExprKind::Call(function, arguments) => match arguments.first().filter(|list| self.is(list, numbers)) {
                Some(_) if EMPTY.contains(&function.0.name) => Decided::True,
                Some(_) if HOLDS.contains(&function.0.name) => Decided::False,
                _ => self.unseen(expr, numbers),
            },
            ExprKind::Compare(op, left, right) => match (self.count(left, numbers), self.count(right, numbers)) {
                (Some(left), Some(right)) => of(compared(*op, left, right)),
                _ => self.unseen(expr, numbers),
            },
            _ => self.unseen(expr, numbers),
        }
    }

    fn joined(&self, parts: &[Expr], decisive: bool, numbers: &mut Numbers<'_>) -> Decided {
        let parts: Vec<Decided> = parts.iter().map(|part| self.decides(part, numbers)).collect();
        if parts.contains(&of(decisive)) {
            of(decisive)
        } else if parts.contains(&Decided::Unseen) {
            Decided::Unseen
        } else if parts.contains(&Decided::Unknown) {
            Decided::Unknown
        } else {
            of(!decisive)
        }
    }

    /// How many members one of the lists has, or a constant.
    fn count(&self, expr: &Expr, numbers: &mut Numbers<'_>) -> Option<i64> {
        match &expr.kind {
            ExprKind::Const(Value::Int(number)) => Some(*number),
            ExprKind::Quantified(Quantifier::Count, _, list, _) if self.is(list, numbers) => Some(0),
            ExprKind::Call(function, arguments) if LENGTHS.contains(&function.0.name) => {
                arguments.first().filter(|list| self.is(list, numbers)).map(|_| 0)
            }
            _ => None,
        }
    }

    /// Unseen where one of the lists is somewhere inside.
    fn unseen(&self, expr: &Expr, numbers: &mut Numbers<'_>) -> Decided {
        let inside = expr.kind.operands().into_iter().any(|operand| {
            let is_loop_body = matches!(expr.kind, ExprKind::Quantified(..));
            (!is_loop_body && self.is(operand, numbers)) || self.unseen(operand, numbers) == Decided::Unseen
        });
        if inside { Decided::Unseen } else { Decided::Unknown }
    }
}

fn compared(op: CompareOp, left: i64, right: i64) -> bool {
    match op {
        CompareOp::Equal => left == right,
        CompareOp::NotEqual => left != right,
        CompareOp::Less => left < right,
        CompareOp::LessEqual => left <= right,
        CompareOp::Greater => left > right,
        CompareOp::GreaterEqual => left >= right,
    }
}
