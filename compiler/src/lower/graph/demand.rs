//! What a condition demands of one operand, where that can be looked up instead of tested.

use agentc_runtime::program::{Comparison, ConstId, Constant, Edge, ExprId, Op, Program};

/// Alternatives of more ranges than these are tested.
const MAX_ALTERNATIVES: usize = 16;

/// A condition of more alternatives than these is tested. A `let` stands once and may be looked at often.
const MOST_LOOKS: usize = 4096;

/// What a condition demands of one operand; it is true exactly where a known operand meets the demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Demand<'p> {
    /// It equals one of these: sorted by id, without doubles.
    Points(Vec<ConstId>),
    /// It lies in one of these: sorted, and apart from each other.
    Spans(Vec<Span<'p>>),
}

/// A stretch of an ordered operand's values, from one cut to before another; without end where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span<'p> {
    pub(super) from: Option<Cut<'p>>,
    pub(super) to: Option<Cut<'p>>,
}

/// A place between two values: just before a bound, or just after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut<'p> {
    value: &'p Constant,
    pub(super) edge: Edge,
    pub(super) bound: ConstId,
}

impl Demand<'_> {
    /// How much text stands for it, counted in constants.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Points(constants) => constants.len(),
            Self::Spans(spans) => spans.len(),
        }
    }
}

impl<'p> Span<'p> {
    const ALL: Self = Self { from: None, to: None };

    fn from(cut: Cut<'p>) -> Self {
        Self { from: Some(cut), ..Self::ALL }
    }

    fn to(cut: Cut<'p>) -> Self {
        Self { to: Some(cut), ..Self::ALL }
    }

    /// What both cover.
    fn both(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
        let is_empty = from.zip(to).is_some_and(|(from, to)| from >= to);
        (!is_empty).then_some(Self { from, to })
    }
}

/// The operand of a condition and what is demanded of it.
pub(super) fn of(program: &Program, condition: ExprId) -> Option<(ExprId, Demand<'_>)> {
    look(program, condition, &mut { MOST_LOOKS })
}

fn look<'p>(program: &'p Program, condition: ExprId, left: &mut usize) -> Option<(ExprId, Demand<'p>)> {
    *left = left.checked_sub(1)?;
    match &program.exprs.get(condition.index())?.op {
        Op::Compare(Comparison::Equal, left, right) => match (constant(program, *left), constant(program, *right)) {
            (None, Some(constant)) => Some((*left, Demand::Points(vec![constant]))),
            (Some(constant), None) => Some((*right, Demand::Points(vec![constant]))),
            _ => None,
        },
        Op::Compare(comparison, left, right) => match (constant(program, *left), constant(program, *right)) {
            (None, Some(bound)) => Some((*left, beyond(program, *comparison, bound)?)),
            (Some(bound), None) => Some((*right, beyond(program, turned(*comparison), bound)?)),
            _ => None,
        },
        Op::In(item, list) => match &program.exprs.get(list.index())?.op {
            Op::List(members) if constant(program, *item).is_none() => {
                let mut constants = members.iter().map(|member| constant(program, *member)).collect::<Option<Vec<_>>>()?;
                constants.sort_unstable();
                constants.dedup();
                Some((*item, Demand::Points(constants)))
            }
            _ => None,
        },
        Op::InRange(item, low, high) if constant(program, *item).is_none() => {
            Some((*item, between(program, constant(program, *low)?, constant(program, *high)?)?))
        }
        Op::Not(inner) => match look(program, *inner, left)? {
            (subject, Demand::Spans(spans)) => Some((subject, Demand::Spans(outside(&spans)))),
            (_, Demand::Points(_)) => None,
        },
        Op::Or(parts) => any(program, parts, left),
        _ => None,
    }
    .filter(|(_, demand)| *demand != Demand::Spans(vec![Span::ALL]))
}

/// What both demand of one operand, where it is ordered.
pub(super) fn both<'p>(left: &[Span<'p>], right: &[Span<'p>]) -> Vec<Span<'p>> {
    left.iter().flat_map(|left| right.iter().filter_map(|right| left.both(*right))).collect()
}

/// What one of several demands of one operand asks for.
fn any<'p>(program: &'p Program, parts: &[ExprId], left: &mut usize) -> Option<(ExprId, Demand<'p>)> {
    let mut subject = None;
    let (mut points, mut spans) = (Vec::new(), Vec::new());
    for part in parts {
        let (operand, demand) = look(program, *part, left)?;
        if *subject.get_or_insert(operand) != operand {
            return None;
        }
        *left = left.checked_sub(demand.size())?;
        match demand {
            Demand::Points(more) => points.extend(more),
            Demand::Spans(more) => spans.push(more),
        }
    }
    match (points.is_empty(), spans.len()) {
        (false, 0) => {
            points.sort_unstable();
            points.dedup();
            Some((subject?, Demand::Points(points)))
        }
        (true, 1..=MAX_ALTERNATIVES) => {
            // Outside of what is outside of all.
            let none_of_them = spans.iter().fold(vec![Span::ALL], |left, spans| both(&left, &outside(spans)));
            Some((subject?, Demand::Spans(outside(&none_of_them))))
        }
        _ => None,
    }
}

/// What the spans leave out.
fn outside<'p>(spans: &[Span<'p>]) -> Vec<Span<'p>> {
    let mut left = vec![Span::ALL];
    for span in spans {
        let before = span.from.map(Span::to);
        let after = span.to.map(Span::from);
        let around: Vec<Span<'p>> = before.into_iter().chain(after).collect();
        left = both(&left, &around);
    }
    left
}

fn beyond(program: &Program, comparison: Comparison, bound: ConstId) -> Option<Demand<'_>> {
    let cut = |edge| cut(program, bound, edge);
    Some(Demand::Spans(vec![match comparison {
        Comparison::Less => Span::to(cut(Edge::From)?),
        Comparison::LessEqual => Span::to(cut(Edge::Beyond)?),
        Comparison::Greater => Span::from(cut(Edge::Beyond)?),
        Comparison::GreaterEqual => Span::from(cut(Edge::From)?),
        Comparison::Equal | Comparison::NotEqual => return None,
    }]))
}

/// From low to high, ends included. Clocks and weeks go round: `22:00..06:00` is the night.
fn between(program: &Program, low: ConstId, high: ConstId) -> Option<Demand<'_>> {
    let (from, to) = (cut(program, low, Edge::From)?, cut(program, high, Edge::Beyond)?);
    let wraps = matches!(from.value, Constant::TimeOfDay(_) | Constant::Weekday(_)) && from.value > to.value;
    let spans = if wraps { vec![Span::to(to), Span::from(from)] } else { both(&[Span::from(from)], &[Span::to(to)]) };
    Some(Demand::Spans(spans))
}

fn cut(program: &Program, bound: ConstId, edge: Edge) -> Option<Cut<'_>> {
    Some(Cut { value: program.constants.get(bound.index())?, edge, bound })
}

/// The comparison with its operands turned round.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        same => same,
    }
}

/// The constant that an expression is; `none` is left out, since a lookup is for values.
fn constant(program: &Program, expr: ExprId) -> Option<ConstId> {
    match program.exprs.get(expr.index())?.op {
        Op::Constant(id) => (program.constants.get(id.index())? != &Constant::None).then_some(id),
        _ => None,
    }
}
