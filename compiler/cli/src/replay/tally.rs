//! What a replay counts: calls by verb and outcome, what each rule stopped, which right calls would have been allowed.

use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The answers that a call can end with, in the order they are printed.
pub(super) const OUTCOMES: [&str; 5] = ["allow", "approval", "deny", "escalate", "paused"];

/// The rule that decided a call, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Rule {
    /// Its name; `no_allow` for the default.
    pub name: String,
    /// `stop`, `deny`, `ask` or `allow`.
    pub effect: String,
    /// The policy file and the line, where it stands in one.
    pub place: Option<Place>,
    /// The author's reason.
    pub because: Option<String>,
}

/// A line of a policy file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
}

/// One recorded call and what the policy answers to it.
#[derive(Debug, Clone, Serialize)]
pub struct Decided {
    /// The run's name.
    pub run: String,
    /// The run's group, where the replay groups them.
    pub group: Option<String>,
    /// The call's id.
    pub call: String,
    /// The verb.
    pub verb: String,
    /// Whether the verb writes; an undeclared one counts as a write.
    pub write: bool,
    /// Whether the agent hands over to people with it.
    pub handover: bool,
    /// The first final answer.
    pub outcome: String,
    /// The rule that decided it, if one did.
    pub rule: Option<Rule>,
    /// Every rule that fired, by name.
    pub fired: Vec<String>,
    /// The sentence for a person.
    pub why: String,
    /// Whether the recorded tool refused the call.
    pub refused_by_tool: bool,
}

impl Decided {
    /// Whether the policy lets the call happen, by itself or once somebody has said yes; a handover happens by escalating.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self.outcome.as_str(), "allow" | "approval") || (self.handover && self.outcome == "escalate")
    }
}

/// How long decisions took: the time inside the runtime, needs answered included, files and reports not.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    spent: Vec<Duration>,
}

/// The times of all decisions, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// How many events were decided.
    pub decisions: usize,
    /// The mean.
    pub mean: f64,
    /// Half were faster.
    pub median: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
}

impl Clock {
    /// Takes one decision's time.
    pub fn add(&mut self, spent: Duration) {
        self.spent.push(spent);
    }

    /// The times of all so far; zero where there was none.
    #[must_use]
    pub fn times(&self) -> Times {
        let mut sorted: Vec<f64> = self.spent.iter().map(|spent| spent.as_secs_f64() * 1e6).collect();
        sorted.sort_by(f64::total_cmp);
        let decisions = sorted.len();
        let at = |percent: usize| sorted.get(decisions.saturating_mul(percent) / 100).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a count of calls is far below 2^52")]
        let mean = if decisions == 0 { 0.0 } else { sorted.iter().sum::<f64>() / decisions as f64 };
        Times { decisions, mean, median: at(50), p99: at(99) }
    }
}

/// How many calls ended how: by outcome, and within it by group (empty text where runs are not grouped).
pub type Counts = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// One line of the table by verb.
#[derive(Debug, Clone, Serialize)]
pub struct VerbLine {
    /// The verb.
    pub verb: String,
    /// Whether it writes.
    pub write: bool,
    /// How its calls ended.
    pub outcomes: Counts,
}

/// One line of the table by rule.
#[derive(Debug, Clone, Serialize)]
pub struct RuleLine {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// What it answered.
    pub outcome: &'static str,
    /// How many calls, by verb.
    pub verbs: BTreeMap<String, u64>,
    /// How many calls, by group.
    pub groups: BTreeMap<String, u64>,
    /// How many calls.
    pub calls: u64,
    /// How many of them the recorded tool refused as well.
    pub refused_by_tool: u64,
}

/// The calls by verb, writes first, each in alphabetical order.
#[must_use]
pub fn by_verb(decided: &[Decided]) -> Vec<VerbLine> {
    let mut lines: BTreeMap<(bool, &str), Counts> = BTreeMap::new();
    for call in decided {
        let outcomes = lines.entry((!call.write, &call.verb)).or_default();
        bump(outcomes.entry(outcome(call)).or_default().entry(call.group.clone().unwrap_or_default()).or_default());
    }
    lines.into_iter().map(|((read, verb), outcomes)| VerbLine { verb: verb.to_owned(), write: !read, outcomes }).collect()
}

/// What each rule answered other than `allow`, the busiest first.
#[must_use]
pub fn by_rule(decided: &[Decided]) -> Vec<RuleLine> {
    let mut lines: BTreeMap<(&Rule, &'static str), RuleLine> = BTreeMap::new();
    for call in decided.iter().filter(|call| call.outcome != "allow") {
        let Some(rule) = &call.rule else { continue };
        let line = lines.entry((rule, outcome(call))).or_insert_with(|| RuleLine {
            rule: rule.clone(),
            outcome: outcome(call),
            verbs: BTreeMap::new(),
            groups: BTreeMap::new(),
            calls: 0,
            refused_by_tool: 0,
        });
        bump(&mut line.calls);
        bump(line.verbs.entry(call.verb.clone()).or_default());
        bump(line.groups.entry(call.group.clone().unwrap_or_default()).or_default());
        if call.refused_by_tool {
            bump(&mut line.refused_by_tool);
        }
    }
    let mut lines: Vec<RuleLine> = lines.into_values().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.calls));
    lines
}

fn outcome(call: &Decided) -> &'static str {
    OUTCOMES.iter().find(|known| **known == call.outcome).copied().unwrap_or("other")
}

fn bump(count: &mut u64) {
    *count = count.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(verb: &str, outcome: &str, rule: &str, group: &str) -> Decided {
        Decided {
            run: "r".to_owned(),
            group: Some(group.to_owned()),
            call: "c".to_owned(),
            verb: verb.to_owned(),
            write: verb != "look",
            handover: false,
            outcome: outcome.to_owned(),
            rule: Some(Rule { name: rule.to_owned(), effect: "deny".to_owned(), place: None, because: None }),
            fired: Vec::new(),
            why: String::new(),
            refused_by_tool: false,
        }
    }

    #[test]
    fn verbs_are_counted_by_outcome_and_group_writes_first() {
        let lines = by_verb(&[
            call("look", "allow", "reads", "1"),
            call("send", "deny", "cap", "0"),
            call("send", "deny", "cap", "1"),
            call("send", "allow", "sends", "1"),
        ]);
        let verbs: Vec<_> = lines.iter().map(|line| (line.verb.as_str(), line.write)).collect();
        assert_eq!(verbs, [("send", true), ("look", false)]);
        let denied = lines.first().and_then(|line| line.outcomes.get("deny")).unwrap();
        assert_eq!(denied, &BTreeMap::from([("0".to_owned(), 1), ("1".to_owned(), 1)]));
    }

    #[test]
    fn rules_that_stop_are_counted_the_busiest_first() {
        let lines = by_rule(&[
            call("send", "deny", "late", "0"),
            call("send", "deny", "cap", "0"),
            call("post", "deny", "cap", "1"),
            call("send", "allow", "sends", "1"),
        ]);
        let rules: Vec<_> = lines.iter().map(|line| (line.rule.name.as_str(), line.calls)).collect();
        assert_eq!(rules, [("cap", 2), ("late", 1)]);
    }

    #[test]
    fn times_of_no_decision_are_zero() {
        assert_eq!(Clock::default().times(), Times { decisions: 0, mean: 0.0, median: 0.0, p99: 0.0 });
    }

    #[test]
    fn the_median_is_the_middle_one() {
        let mut clock = Clock::default();
        for microseconds in [1, 2, 300] {
            clock.add(Duration::from_micros(microseconds));
        }
        let times = clock.times();
        assert!((times.median - 2.0).abs() < 1e-6 && (times.mean - 101.0).abs() < 1e-6, "{times:?}");
    }
}
