//! Linear arithmetic: is there a point within all bounds? The general simplex of Dutertre and de Moura (CAV 2006) over exact rationals, with
//! strict bounds as infinitesimals, and branching for whole numbers.

use super::rational::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// Digits after the point that values of decimals are brought to, where they are no decimals.
const DIGITS: i128 = 10_000;

/// The deepest branching for whole numbers.
const DEEPEST: u32 = 40;

/// `real + infinitesimal · δ` for some small positive δ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Near {
    pub(super) real: Rational,
    pub(super) infinitesimal: Rational,
}

impl Near {
    pub(super) fn exactly(real: Rational) -> Self {
        Self { real, infinitesimal: Rational::zero() }
    }

    fn plus(&self, other: &Self) -> Self {
        Self { real: self.real.plus(&other.real), infinitesimal: self.infinitesimal.plus(&other.infinitesimal) }
    }

    fn minus(&self, other: &Self) -> Self {
        Self { real: self.real.minus(&other.real), infinitesimal: self.infinitesimal.minus(&other.infinitesimal) }
    }

    fn times(&self, factor: &Rational) -> Self {
        Self { real: self.real.times(factor), infinitesimal: self.infinitesimal.times(factor) }
    }
}

/// Which literals a bound comes from; bounds that a variable has by its sort come from none.
pub(super) type Reasons = BTreeSet<usize>;

/// Stands among the reasons for a branch of the search.
const BRANCH: usize = usize::MAX;

#[derive(Debug, Clone)]
struct Bound {
    value: Near,
    reasons: Reasons,
}

/// Bounds that cannot all hold, or no answer within the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stuck {
    /// These literals contradict each other.
    Conflict(Reasons),
    /// It takes too long.
    TooHard,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Simplex {
    lower: Vec<Option<Bound>>,
    upper: Vec<Option<Bound>>,
    value: Vec<Near>,
    whole: Vec<bool>,
    /// Variables that stand for themselves, not for sums of others.
    original: Vec<bool>,
    /// Each basic variable as a sum of others.
    rows: BTreeMap<usize, BTreeMap<usize, Rational>>,
}

impl Simplex {
    /// A variable, and the value it has where nothing speaks against it.
    pub(super) fn variable(&mut self, whole: bool, usual: Rational) -> usize {
        self.push(whole, true, Near::exactly(usual))
    }

    fn push(&mut self, whole: bool, original: bool, value: Near) -> usize {
        self.lower.push(None);
        self.upper.push(None);
        self.value.push(value);
        self.whole.push(whole);
        self.original.push(original);
        self.value.len().saturating_sub(1)
    }

    /// A variable that is always this sum of original variables; `whole` where all of them and their factors are.
    pub(super) fn sum(&mut self, terms: &[(usize, Rational)], whole: bool) -> usize {
        let mut row: BTreeMap<usize, Rational> = BTreeMap::new();
        for (variable, factor) in terms {
            match self.rows.get(variable).cloned() {
                Some(inner) => {
                    for (of, by) in inner {
                        add(&mut row, of, &by.times(factor));
                    }
                }
                None => add(&mut row, *variable, factor),
            }
        }
        let value = self.evaluate(&row);
        let new = self.push(whole, false, value);
        self.rows.insert(new, row);
        new
    }

    fn evaluate(&self, row: &BTreeMap<usize, Rational>) -> Near {
        row.iter().fold(Near::exactly(Rational::zero()), |sum, (variable, factor)| sum.plus(&self.at(*variable).times(factor)))
    }

    fn at(&self, variable: usize) -> Near {
        self.value.get(variable).cloned().unwrap_or_else(|| Near::exactly(Rational::zero()))
    }

    pub(super) fn assert_upper(&mut self, variable: usize, value: Near, reasons: Reasons) -> Result<(), Stuck> {
        let value = self.rounded(variable, value, false);
        if self.upper.get(variable).and_then(Option::as_ref).is_some_and(|known| known.value <= value) {
            return Ok(());
        }
        if let Some(lower) = self.lower.get(variable).and_then(Option::as_ref)
            && lower.value > value
        {
            return Err(Stuck::Conflict(lower.reasons.union(&reasons).copied().collect()));
        }
        if let Some(slot) = self.upper.get_mut(variable) {
            *slot = Some(Bound { value: value.clone(), reasons });
        }
        if !self.rows.contains_key(&variable) && self.at(variable) > value {
            self.update(variable, value);
        }
        Ok(())
    }

    pub(super) fn assert_lower(&mut self, variable: usize, value: Near, reasons: Reasons) -> Result<(), Stuck> {
        let value = self.rounded(variable, value, true);
        if self.lower.get(variable).and_then(Option::as_ref).is_some_and(|known| known.value >= value) {
            return Ok(());
        }
        if let Some(upper) = self.upper.get(variable).and_then(Option::as_ref)
            && upper.value < value
        {
            return Err(Stuck::Conflict(upper.reasons.union(&reasons).copied().collect()));
        }
        if let Some(slot) = self.lower.get_mut(variable) {
            *slot = Some(Bound { value: value.clone(), reasons });
        }
        if !self.rows.contains_key(&variable) && self.at(variable) < value {
            self.update(variable, value);
        }
        Ok(())
    }

    /// A bound of a whole number is a whole number.
    fn rounded(&self, variable: usize, value: Near, is_lower: bool) -> Near {
        if !self.whole.get(variable).copied().unwrap_or(false) {
            return value;
        }
        let one = Rational::one();
        Near::exactly(match (is_lower, value.real.is_whole()) {
            (true, true) if value.infinitesimal.is_positive() => value.real.plus(&one),
            (false, true) if value.infinitesimal.is_negative() => value.real.minus(&one),
            (true, _) => value.real.ceil(),
            (false, _) => value.real.floor(),
        })
    }

    fn update(&mut self, variable: usize, value: Near) {
        let by = value.minus(&self.at(variable));
        for (basic, row) in &self.rows {
            if let Some(factor) = row.get(&variable)
                && let Some(slot) = self.value.get_mut(*basic)
            {
                *slot = slot.plus(&by.times(factor));
            }
        }
        if let Some(slot) = self.value.get_mut(variable) {
            *slot = value;
        }
    }

    /// Finds a point within all bounds.
    pub(super) fn check(&mut self, steps: &mut u64) -> Result<(), Stuck> {
        loop {
            *steps = steps.checked_sub(1).ok_or(Stuck::TooHard)?;
            // The least variable out of bounds, and the least that can help: so that no state comes again (Bland).
            let Some((basic, wanted, too_low)) = self.out_of_bounds() else { return Ok(()) };
            let Some(row) = self.rows.get(&basic) else { return Ok(()) };
            let helps = |(variable, factor): (&usize, &Rational)| {
                let up = factor.is_positive() == too_low;
                let free = if up { self.can_rise(*variable) } else { self.can_fall(*variable) };
                free.then_some(*variable)
            };
            match row.iter().find_map(helps) {
                Some(other) => self.pivot(basic, other, wanted),
                None => return Err(Stuck::Conflict(self.explain(basic, too_low))),
            }
        }
    }

    fn out_of_bounds(&self) -> Option<(usize, Near, bool)> {
        self.rows.keys().find_map(|basic| {
            let value = self.at(*basic);
            if let Some(lower) = self.lower.get(*basic).and_then(Option::as_ref)
                && value < lower.value
            {
                return Some((*basic, lower.value.clone(), true));
            }
            if let Some(upper) = self.upper.get(*basic).and_then(Option::as_ref)
                && value > upper.value
            {
                return Some((*basic, upper.value.clone(), false));
            }
            None
        })
    }

    fn can_rise(&self, variable: usize) -> bool {
        self.upper.get(variable).and_then(Option::as_ref).is_none_or(|bound| self.at(variable) < bound.value)
    }

    fn can_fall(&self, variable: usize) -> bool {
        self.lower.get(variable).and_then(Option::as_ref).is_none_or(|bound| self.at(variable) > bound.value)
    }

    fn explain(&self, basic: usize, too_low: bool) -> Reasons {
        let mut reasons = Reasons::new();
        let mut take = |bound: Option<&Option<Bound>>| {
            if let Some(Some(bound)) = bound {
                reasons.extend(bound.reasons.iter().copied());
            }
        };
        take(if too_low { self.lower.get(basic) } else { self.upper.get(basic) });
        for (variable, factor) in self.rows.get(&basic).into_iter().flatten() {
            let at_upper = factor.is_positive() == too_low;
            take(if at_upper { self.upper.get(*variable) } else { self.lower.get(*variable) });
        }
        reasons
    }

    /// Makes `other` basic instead of `basic`, which takes its wanted value.
    fn pivot(&mut self, basic: usize, other: usize, wanted: Near) {
        let Some(mut row) = self.rows.remove(&basic) else { return };
        let Some(factor) = row.remove(&other) else { return };
        let by = wanted.minus(&self.at(basic)).times(&Rational::one().over(&factor));
        let risen = self.at(other).plus(&by);
        if let Some(slot) = self.value.get_mut(basic) {
            *slot = wanted;
        }
        if let Some(slot) = self.value.get_mut(other) {
            *slot = risen;
        }
        // basic = factor·other + rest, so other = basic/factor - rest/factor
        let inverse = Rational::one().over(&factor);
        let mut turned: BTreeMap<usize, Rational> =
            row.iter().map(|(variable, by)| (*variable, by.times(&inverse).negated())).collect();
        turned.insert(basic, inverse);
        for row in self.rows.values_mut() {
            if let Some(factor) = row.remove(&other) {
                for (variable, by) in &turned {
                    add(row, *variable, &by.times(&factor));
                }
            }
        }
        self.rows.insert(other, turned);
        let basics: Vec<usize> = self.rows.keys().copied().collect();
        for basic in basics {
            if let Some(row) = self.rows.get(&basic) {
                let value = self.evaluate(row);
                if let Some(slot) = self.value.get_mut(basic) {
                    *slot = value;
                }
            }
        }
    }

    /// Finds a point within all bounds where whole numbers are whole and all others are decimals.
    pub(super) fn solve(&mut self, steps: &mut u64) -> Result<Vec<Rational>, Stuck> {
        self.branch(steps, 0)
    }

    fn branch(&mut self, steps: &mut u64, depth: u32) -> Result<Vec<Rational>, Stuck> {
        self.check(steps)?;
        if let Some((variable, value)) = self.not_whole() {
            return self.split(steps, depth, variable, &value.real.floor(), &Rational::one());
        }
        let point = self.concrete();
        let no_decimal = (0..point.len()).find(|at| {
            let is_real = self.original.get(*at) == Some(&true) && self.whole.get(*at) == Some(&false);
            is_real && point.get(*at).is_some_and(|value| value.to_decimal().is_none())
        });
        match no_decimal.and_then(|at| Some((at, point.get(at)?))) {
            None => Ok(point),
            Some((variable, value)) => {
                let scaled = value.times(&Rational::whole(DIGITS)).floor();
                let step = Rational::one().over(&Rational::whole(DIGITS));
                // That no such point is found does not mean that there is none with more digits.
                self.split(steps, depth, variable, &scaled.times(&step), &step).map_err(|_| Stuck::TooHard)
            }
        }
    }

    fn not_whole(&self) -> Option<(usize, Near)> {
        (0..self.value.len()).find_map(|at| {
            let value = self.at(at);
            let is_off = self.whole.get(at) == Some(&true) && !(value.real.is_whole() && value.infinitesimal.is_zero());
            is_off.then_some((at, value))
        })
    }

    /// At most `low`, or at least `low + step`.
    fn split(
        &self,
        steps: &mut u64,
        depth: u32,
        variable: usize,
        low: &Rational,
        step: &Rational,
    ) -> Result<Vec<Rational>, Stuck> {
        if depth >= DEEPEST {
            return Err(Stuck::TooHard);
        }
        let branch = Reasons::from([BRANCH]);
        let mut reasons = Reasons::new();
        for upper in [true, false] {
            let mut one = self.clone();
            let asserted = if upper {
                one.assert_upper(variable, Near::exactly(low.clone()), branch.clone())
            } else {
                one.assert_lower(variable, Near::exactly(low.plus(step)), branch.clone())
            };
            match asserted.and_then(|()| one.branch(steps, depth.saturating_add(1))) {
                Ok(point) => return Ok(point),
                Err(Stuck::TooHard) => return Err(Stuck::TooHard),
                Err(Stuck::Conflict(mut found)) => {
                    if !found.remove(&BRANCH) {
                        return Err(Stuck::Conflict(found));
                    }
                    reasons.extend(found);
                }
            }
        }
        // A deeper split takes out its own branch only; those around it are still among the reasons where they matter.
        if depth > 0 {
            reasons.insert(BRANCH);
        }
        Err(Stuck::Conflict(reasons))
    }

    /// A number for each variable: δ as a power of ten that is small enough.
    fn concrete(&self) -> Vec<Rational> {
        let mut delta = Rational::one();
        let mut bound = |low: &Near, high: &Near| {
            let room = high.real.minus(&low.real);
            let lost = low.infinitesimal.minus(&high.infinitesimal);
            if lost.is_positive() && room.is_positive() {
                let most = room.over(&lost);
                let tenth = Rational::one().over(&Rational::whole(10));
                while delta > most {
                    delta = delta.times(&tenth);
                }
            }
        };
        for at in 0..self.value.len() {
            let value = self.at(at);
            if let Some(lower) = self.lower.get(at).and_then(Option::as_ref) {
                bound(&lower.value, &value);
            }
            if let Some(upper) = self.upper.get(at).and_then(Option::as_ref) {
                bound(&value, &upper.value);
            }
        }
        self.value.iter().map(|value| value.real.plus(&value.infinitesimal.times(&delta))).collect()
    }
}

fn add(row: &mut BTreeMap<usize, Rational>, variable: usize, factor: &Rational) {
    let sum = row.get(&variable).map_or_else(|| factor.clone(), |known| known.plus(factor));
    if sum.is_zero() {
        row.remove(&variable);
    } else {
        row.insert(variable, sum);
    }
}
