//! Which cases a `match` leaves out, and which arms take none: pattern matrices, specialised column by column, all arms at once.

use super::literal::plain;
use crate::typed::{Pattern, Type, Typed};
use agentc_runtime::value::Value;
use std::collections::BTreeMap;

/// How many missing cases are named.
const NAMED: usize = 3;

/// How many arms may be looked at, over all cases that are told apart, before the `match` counts as too large: some tenths of a second.
const WORK: usize = 4_000_000;

/// The most subjects of a `match`, whose cases are told apart one within the other.
const SUBJECTS: usize = 64;

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

impl Case {
    fn value(&self) -> Option<Value> {
        match self {
            Self::None => Some(Value::None),
            Self::Value(value) => Some(value.clone()),
            Self::Other => None,
        }
    }
}

/// Examines the arms of a `match`; `None` where that takes too long.
pub(super) fn examine(typed: &Typed, types: &[Type], rows: &[&[Pattern]]) -> Option<Outcome> {
    if types.len() > SUBJECTS {
        return None;
    }
    let mut search = Search { typed, types, rows, work: 0, useful: vec![false; rows.len()], missing: Vec::new() };
    let all: Vec<usize> = (0..rows.len()).collect();
    search.walk(&all, &mut Vec::new())?;
    let unreachable = search.useful.iter().enumerate().filter(|(_, useful)| !**useful).map(|(at, _)| at).collect();
    let mut missing = search.missing;
    let more = missing.len() > NAMED;
    missing.truncate(NAMED);
    Some(Outcome { missing, more, unreachable })
}

struct Search<'s> {
    typed: &'s Typed,
    types: &'s [Type],
    rows: &'s [&'s [Pattern]],
    work: usize,
    /// Whether each row takes a case that none of the earlier ones takes.
    useful: Vec<bool>,
    /// Cases that no row takes, a few more than are named.
    missing: Vec<String>,
}

impl Search<'_> {
    fn count(&mut self, work: usize) -> Option<()> {
        self.work = self.work.saturating_add(work).saturating_add(1);
        (self.work <= WORK).then_some(())
    }

    /// Follows the rows that take the cases so far, in their order; a case for each column that was looked at, `None` where it may be any.
    fn walk(&mut self, rows: &[usize], so_far: &mut Vec<Option<Case>>) -> Option<()> {
        self.count(rows.len())?;
        let column = so_far.len();
        match rows.first() {
            // A `match` without arms lacks each case of its one subject by name.
            None if column > 0 || self.types.len() > 1 => {
                if self.missing.len() <= NAMED {
                    let case = self.written(so_far);
                    self.missing.push(case);
                }
                return Some(());
            }
            Some(first) if self.takes_all(*first, column) => {
                if let Some(useful) = self.useful.get_mut(*first) {
                    *useful = true;
                }
                return Some(());
            }
            _ => {}
        }
        let is_any = |row: &usize| self.pattern(*row, column) == Some(&Pattern::Any);
        let cases =
            if !rows.is_empty() && rows.iter().all(is_any) { vec![(None, rows.to_vec())] } else { self.cases(rows, column)? };
        for (case, left) in cases {
            so_far.push(case);
            self.walk(&left, so_far)?;
            so_far.pop();
        }
        Some(())
    }

    fn pattern(&self, row: usize, column: usize) -> Option<&Pattern> {
        self.rows.get(row)?.get(column)
    }

    /// Whether a row takes whatever the columns from this one on hold.
    fn takes_all(&self, row: usize, column: usize) -> bool {
        let patterns = self.rows.get(row).and_then(|row| row.get(column..)).unwrap_or_default();
        patterns.iter().all(|pattern| *pattern == Pattern::Any)
    }

    /// The cases that these rows tell apart in a column, and the rows that take each.
    fn cases(&mut self, rows: &[usize], column: usize) -> Option<Vec<(Option<Case>, Vec<usize>)>> {
        let Some(ty) = self.types.get(column) else { return Some(Vec::new()) };
        let mut cases = self.named(ty);
        let is_open = !matches!(plain(ty), Type::Bool | Type::Weekday | Type::Enum(_));
        let mut at: BTreeMap<Value, usize> = BTreeMap::new();
        for (place, case) in cases.iter().enumerate() {
            if let Some(value) = case.value() {
                at.insert(value, place);
            }
        }
        let mut taking: Vec<Vec<usize>> = vec![Vec::new(); cases.len()];
        // Rows that take every case, or every one but `none`.
        let mut most: Vec<usize> = Vec::new();
        for row in rows {
            match self.pattern(*row, column) {
                Some(Pattern::OneOf(values)) => {
                    for value in values {
                        if is_open && !at.contains_key(value) {
                            at.insert(value.clone(), cases.len());
                            cases.push(Case::Value(value.clone()));
                            taking.push(Vec::new());
                        }
                        let taken = at.get(value).and_then(|place| taking.get_mut(*place));
                        if let Some(taken) = taken.filter(|taken| taken.last() != Some(row)) {
                            taken.push(*row);
                        }
                    }
                }
                Some(Pattern::Any | Pattern::Bind(_)) => most.push(*row),
                None => {}
            }
        }
        if is_open {
            cases.push(Case::Other);
            taking.push(Vec::new());
        }
        let mut found = Vec::with_capacity(cases.len());
        for (case, taken) in cases.into_iter().zip(taking) {
            self.count(taken.len().saturating_add(most.len()))?;
            let others = most.iter().filter(|row| case != Case::None || self.pattern(**row, column) == Some(&Pattern::Any));
            let mut left: Vec<usize> = taken.into_iter().chain(others.copied()).collect();
            left.sort_unstable();
            found.push((Some(case), left));
        }
        Some(found)
    }

    /// The cases that a type has, whatever the rows say of it.
    fn named(&self, ty: &Type) -> Vec<Case> {
        let mut cases = if matches!(ty, Type::Optional(_)) { vec![Case::None] } else { Vec::new() };
        match plain(ty) {
            Type::Bool => cases.extend([true, false].map(|truth| Case::Value(Value::Bool(truth)))),
            Type::Weekday => cases.extend((1..=7).map(|day| Case::Value(Value::Weekday(day)))),
            Type::Enum(id) => {
                let count = self.typed.enums.get(id.0 as usize).map_or(0, |decl| decl.variants.len());
                cases.extend((0u32..).take(count).map(|variant| Case::Value(Value::Enum(variant))));
            }
            _ => {}
        }
        cases
    }

    /// A case as an author would write it.
    fn written(&self, so_far: &[Option<Case>]) -> String {
        let names = so_far.iter().enumerate().map(|(column, case)| match case {
            Some(case) => self.name(case, column),
            None => "_".to_owned(),
        });
        let rest = std::iter::repeat_n("_".to_owned(), self.types.len().saturating_sub(so_far.len()));
        let case: Vec<String> = names.chain(rest).collect();
        if case.len() == 1 { case.concat() } else { format!("({})", case.join(", ")) }
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
                let id = self.types.get(column).map(plain);
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
