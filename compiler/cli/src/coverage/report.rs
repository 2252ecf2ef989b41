//! Coverage as people and programs read it.

use super::{Covered, Outcome};
use serde_json::{Value, json as object};

/// A part of a whole in percent, rounded down: only all of it is 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent {
    /// How many were reached.
    pub reached: usize,
    /// How many there are.
    pub all: usize,
}

impl Percent {
    /// The rules that fired in some test.
    #[must_use]
    pub fn of_rules(rules: &[Covered]) -> Self {
        Self { reached: rules.iter().filter(|rule| rule.hits() > 0).count(), all: rules.len() }
    }

    /// The outcomes that some test shows.
    #[must_use]
    pub fn of_outcomes(rules: &[Covered]) -> Self {
        let seen = rules.iter().flat_map(|rule| rule.outcomes.values());
        Self { reached: seen.clone().filter(|seen| **seen > 0).count(), all: seen.count() }
    }

    /// From 0 to 100; of nothing, all is reached.
    #[must_use]
    pub fn floored(self) -> usize {
        self.reached.saturating_mul(100).checked_div(self.all).unwrap_or(100)
    }
}

impl Outcome {
    /// What it is called in reports that programs read.
    fn name(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Passed => "passed",
            Self::Approved => "approved",
        }
    }

    /// That no test shows it of a rule.
    fn missing(self, kind: &str) -> &'static str {
        match (self, kind) {
            (Self::Fired, "limit") => "never reached",
            (Self::Fired, "gate") => "never asks",
            (Self::Fired, _) => "never fires",
            (Self::Passed, "limit") => "no test in which it is not reached",
            (Self::Passed, "gate") => "no test in which it does not ask",
            (Self::Passed, _) => "no test in which it does not hold",
            (Self::Approved, _) => "never approved",
        }
    }
}

/// The rules of which some outcome is not shown, and what to say of each.
pub fn uncovered(rules: &[Covered]) -> impl Iterator<Item = (&Covered, String)> {
    rules.iter().filter_map(|rule| {
        let missing: Vec<&str> = if rule.outcomes.values().all(|seen| *seen == 0) {
            vec!["no test reaches it"]
        } else {
            rule.missing().map(|outcome| outcome.missing(rule.kind)).collect()
        };
        let says = format!("{} `{}`: {}", rule.kind, rule.name, missing.join(", "));
        (!missing.is_empty()).then_some((rule, says))
    })
}

/// What no test shows, a line each with the rule below it, and the sums.
#[must_use]
pub fn text(rules: &[Covered]) -> String {
    let mut out = String::new();
    for (rule, says) in uncovered(rules) {
        out.push_str(&format!("{}:{}: {says}\n    {}\n", rule.file, rule.line, rule.source));
    }
    let (fired, shown) = (Percent::of_rules(rules), Percent::of_outcomes(rules));
    out.push_str(&format!(
        "coverage: {} of {} rules fire ({}%), {} of {} outcomes are shown ({}%)\n",
        fired.reached,
        fired.all,
        fired.floored(),
        shown.reached,
        shown.all,
        shown.floored()
    ));
    out
}

/// The same for programs: every rule with how often each of its outcomes was seen.
#[must_use]
pub fn json(rules: &[Covered]) -> Value {
    let sum = |percent: Percent| object!({ "reached": percent.reached, "all": percent.all, "percent": percent.floored() });
    let list: Vec<Value> = rules
        .iter()
        .map(|rule| {
            let outcomes: serde_json::Map<String, Value> =
                rule.outcomes.iter().map(|(outcome, seen)| (outcome.name().to_owned(), object!(seen))).collect();
            object!({ "file": rule.file, "line": rule.line, "kind": rule.kind, "rule": rule.name, "outcomes": outcomes })
        })
        .collect();
    object!({ "rules": sum(Percent::of_rules(rules)), "outcomes": sum(Percent::of_outcomes(rules)), "list": list })
}

/// The same as an lcov trace: a rule is a line, its outcomes are the branches of that line.
#[must_use]
pub fn lcov(rules: &[Covered]) -> String {
    let mut out = String::new();
    let mut rest = rules;
    while let Some(first) = rest.first() {
        let here = rest.iter().take_while(|rule| rule.file == first.file).count().max(1);
        let (file, after) = rest.split_at_checked(here).unwrap_or((rest, &[]));
        rest = after;
        out.push_str(&format!("TN:agentc\nSF:{}\n", first.file));
        for rule in file {
            for (number, seen) in rule.outcomes.values().enumerate() {
                out.push_str(&format!("BRDA:{},0,{number},{seen}\n", rule.line));
            }
        }
        let (fired, shown) = (Percent::of_rules(file), Percent::of_outcomes(file));
        out.push_str(&format!("BRF:{}\nBRH:{}\n", shown.all, shown.reached));
        for rule in file {
            out.push_str(&format!("DA:{},{}\n", rule.line, rule.hits()));
        }
        out.push_str(&format!("LF:{}\nLH:{}\nend_of_record\n", fired.all, fired.reached));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_it_is_a_hundred() {
        let percent = |reached, all| Percent { reached, all }.floored();
        assert_eq!([percent(199, 200), percent(2, 3), percent(0, 5), percent(5, 5), percent(0, 0)], [99, 66, 0, 100, 100]);
    }
}
