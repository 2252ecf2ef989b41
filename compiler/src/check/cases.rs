//! Which cases a `match` leaves out, and which arms take none: pattern matrices, specialised column by column.

use crate::typed::{Pattern, Type, Typed};
use agentc_runtime::value::Value;

/// How many missing cases are named.
const NAMED: usize = 3;

/// How many steps an examination may take before the `match` counts as too large.
const STEPS: usize = 200_000;

/// What an examination finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Cases that no arm takes, as an author would write them.
    pub(super) missing: Vec<String>,
    /// There are more than those.
    pub(super) more: bool,
    /// Arms that take no case that the earlier ones leave.
    pub(super) unreachable: Vec<usize>,
}

/// What a value can be, as far as patterns tell values apart.
#[derive(Debug, Clone, PartialEq)]
enum Case {
    /// `none`
    None,
    /// This value.
    Value(Value),
    /// Any value that no pattern names.
    Other,
}

/// Examines the arms of a `match`; `None` where that takes too long.
pub(super) fn examine(typed: &Typed, types: &[Type], rows: &[&[Pattern]]) -> Option<Outcome> {
    let mut search = Search { typed, types, steps: 0 };
    let mut unreachable = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let earlier: Vec<&[Pattern]> = rows.iter().take(at).copied().collect();
        if !search.useful(&earlier, row, 0)? {
            unreachable.push(at);
        }
    }
    let mut missing = Vec::new();
    search.missing(rows, 0, &mut Vec::new(), &mut missing)?;
    let more = missing.len() > NAMED;
    missing.truncate(NAMED);
    Some(Outcome { missing, more, unreachable })
}

struct Search<'s> {
    typed: &'s Typed,
    types: &'s [Type],
    steps: usize,
}

impl Search<'_> {
    fn step(&mut self) -> Option<()> {
        self.steps = self.steps.saturating_add(1);
        (self.steps <= STEPS).then_some(())
    }

    /// Whether the row takes a case, from this column on, that none of the earlier rows takes.
    fn useful(&mut self, earlier: &[&[Pattern]], row: &[Pattern], column: usize) -> Option<bool> {
        self.step()?;
        let Some(pattern) = row.get(column) else { return Some(earlier.is_empty()) };
        if earlier.is_empty() {
            return Some(true);
        }
        for case in self.cases(earlier.iter().filter_map(|row| row.get(column)).chain([pattern]), column) {
            if !takes(pattern, &case) {
                continue;
            }
            let left: Vec<&[Pattern]> = taking(earlier, column, &case);
            if self.useful(&left, row, column.saturating_add(1))? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Collects the cases that no row takes, a few more than are named.
    fn missing(&mut self, rows: &[&[Pattern]], column: usize, so_far: &mut Vec<String>, found: &mut Vec<String>) -> Option<()> {
        self.step()?;
        if found.len() > NAMED {
            return Some(());
        }
        if column >= self.types.len() {
            if rows.is_empty() {
                found.push(if so_far.len() == 1 { so_far.concat() } else { format!("({})", so_far.join(", ")) });
            }
            return Some(());
        }
        if rows.is_empty() {
            let rest = std::iter::repeat_n("_".to_owned(), self.types.len().saturating_sub(column));
            let case: Vec<String> = so_far.iter().cloned().chain(rest).collect();
            // A `match` without arms lacks each case of its first subject by name.
            if column > 0 || self.types.len() > 1 {
                found.push(if case.len() == 1 { case.concat() } else { format!("({})", case.join(", ")) });
                return Some(());
            }
        }
        let all_wild = rows.iter().filter_map(|row| row.get(column)).all(|pattern| *pattern == Pattern::Any) && !rows.is_empty();
        let cases = if all_wild {
            vec![None]
        } else {
            self.cases(rows.iter().filter_map(|row| row.get(column)), column).into_iter().map(Some).collect()
        };
        for case in cases {
            let (left, name) = match &case {
                None => (rows.to_vec(), "_".to_owned()),
                Some(case) => (taking(rows, column, case), self.name(case, column)),
            };
            so_far.push(name);
            self.missing(&left, column.saturating_add(1), so_far, found)?;
            so_far.pop();
        }
        Some(())
    }

    /// The cases that these patterns tell apart in a column.
    fn cases<'p>(&self, patterns: impl Iterator<Item = &'p Pattern>, column: usize) -> Vec<Case> {
        let Some(ty) = self.types.get(column) else { return Vec::new() };
        let (mut cases, inner) = match ty {
            Type::Optional(inner) => (vec![Case::None], &**inner),
            other => (Vec::new(), other),
        };
        match inner {
            Type::Bool => cases.extend([true, false].map(|truth| Case::Value(Value::Bool(truth)))),
            Type::Weekday => cases.extend((1..=7).map(|day| Case::Value(Value::Weekday(day)))),
            Type::Enum(id) => {
                let count = self.typed.enums.get(id.0 as usize).map_or(0, |decl| decl.variants.len());
                cases.extend((0u32..).take(count).map(|variant| Case::Value(Value::Enum(variant))));
            }
            _ => {
                for pattern in patterns {
                    let Pattern::OneOf(values) = pattern else { continue };
                    for value in values.iter().filter(|value| **value != Value::None) {
                        let case = Case::Value(value.clone());
                        if !cases.contains(&case) {
                            cases.push(case);
                        }
                    }
                }
                cases.push(Case::Other);
            }
        }
        cases
    }

    fn name(&self, case: &Case, column: usize) -> String {
        match case {
            Case::None => "none".to_owned(),
            Case::Other | Case::Value(Value::None) => "_".to_owned(),
            Case::Value(Value::Bool(truth)) => truth.to_string(),
            Case::Value(Value::Weekday(day)) => {
                WEEKDAYS.get(usize::from(day.saturating_sub(1))).map_or("_", |day| day).to_owned()
            }
            Case::Value(Value::Enum(variant)) => {
                let id = self.types.get(column).map(super::literal::plain);
                let decl = match id {
                    Some(Type::Enum(id)) => self.typed.enums.get(id.0 as usize),
                    _ => None,
                };
                decl.and_then(|decl| decl.variants.get(*variant as usize)).map_or("_", |variant| &variant.name).to_owned()
            }
            Case::Value(Value::Int(number)) => number.to_string(),
            Case::Value(Value::Text(text)) => format!("{text:?}"),
            Case::Value(_) => "_".to_owned(),
        }
    }
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The rows whose pattern in the column takes the case.
fn taking<'p>(rows: &[&'p [Pattern]], column: usize, case: &Case) -> Vec<&'p [Pattern]> {
    rows.iter().filter(|row| row.get(column).is_some_and(|pattern| takes(pattern, case))).copied().collect()
}

fn takes(pattern: &Pattern, case: &Case) -> bool {
    match (pattern, case) {
        (Pattern::Any, _) => true,
        (Pattern::Bind(_), case) => *case != Case::None,
        (Pattern::OneOf(values), Case::None) => values.contains(&Value::None),
        (Pattern::OneOf(values), Case::Value(value)) => values.contains(value),
        (Pattern::OneOf(_), Case::Other) => false,
    }
}
