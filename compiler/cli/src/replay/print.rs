//! A replay's report, for a person.

use super::tally::{Counts, Decided, OUTCOMES, RuleLine, VerbLine};
use super::{Replay, Right};
use comfy_table::{CellAlignment, Table, presets};
use std::collections::BTreeSet;
use std::fmt::{self, Write};

/// How many calls that should have been allowed are listed one by one.
const LISTED: usize = 50;

/// The whole report.
///
/// # Errors
/// None of its own: writing to text cannot fail.
pub(super) fn report(replay: &Replay) -> Result<String, fmt::Error> {
    let mut text = String::new();
    if let Some(runs) = &replay.runs {
        let groups = groups(&runs.decided);
        writeln!(text, "{} runs, {} calls\n", runs.runs, runs.decided.len())?;
        writeln!(text, "{}\n", verbs(&runs.by_verb, &groups))?;
        if let Some(by) = replay.by.as_ref().filter(|_| groups.len() > 1) {
            writeln!(text, "in brackets: the calls of runs with {by} {}\n", groups.join(" + "))?;
        }
        if !runs.by_rule.is_empty() {
            writeln!(
                text,
                "what each rule stopped or held back\n\n{}\n",
                rules(&runs.by_rule, replay.by.as_deref().unwrap_or_default(), &groups)
            )?;
        }
    }
    if let Some(right) = &replay.right {
        right_calls(&mut text, right)?;
    }
    let times = &replay.times;
    writeln!(
        text,
        "{} decisions: mean {:.1} µs, median {:.1} µs, 99 of 100 under {:.1} µs",
        times.decisions, times.mean, times.median, times.p99
    )?;
    Ok(text)
}

fn right_calls(text: &mut String, right: &Right) -> fmt::Result {
    let writes = right.decided.iter().filter(|call| call.write);
    let (all, passed) =
        writes.fold((0u64, 0u64), |(all, passed), call| (all.saturating_add(1), passed.saturating_add(u64::from(call.passes()))));
    let passing = right.decided.iter().filter(|call| call.passes()).count();
    writeln!(
        text,
        "calls known to be right: {passing} of {} would have been allowed, {passed} of {all} writes among them (approvals and handovers count)\n",
        right.decided.len()
    )?;
    writeln!(text, "{}\n", verbs(&right.by_verb, &[]))?;
    let stopped: Vec<&Decided> = right.decided.iter().filter(|call| !call.passes()).collect();
    if stopped.is_empty() {
        return Ok(());
    }
    let mut table = table(&["run", "call", "verb", "outcome", "rule", "line"]);
    for call in stopped.iter().take(LISTED) {
        let (rule, line) = rule_and_line(call);
        table.add_row([call.run.as_str(), &call.call, &call.verb, &call.outcome, &rule, &line]);
    }
    writeln!(text, "stopped among them\n\n{}", drawn(table, usize::MAX))?;
    if let Some(more) = stopped.len().checked_sub(LISTED).filter(|more| *more > 0) {
        writeln!(text, "and {more} more: `--format json` lists them all")?;
    }
    writeln!(text)
}

fn rule_and_line(call: &Decided) -> (String, String) {
    let Some(rule) = &call.rule else { return (String::new(), String::new()) };
    let line = rule.place.as_ref().map_or_else(String::new, |place| format!("{}:{}", place.file, place.line));
    (rule.name.clone(), line)
}

/// The groups in use, where runs are grouped at all.
fn groups(decided: &[Decided]) -> Vec<String> {
    decided.iter().filter_map(|call| call.group.clone()).collect::<BTreeSet<String>>().into_iter().collect()
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(head.iter().copied());
    table
}

/// The table as lines; numbers stand to the right, from that column on.
fn drawn(mut table: Table, numbers_from: usize) -> String {
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if at >= numbers_from {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

fn verbs(lines: &[VerbLine], groups: &[String]) -> String {
    let used: Vec<&str> =
        OUTCOMES.iter().copied().filter(|outcome| lines.iter().any(|line| line.outcomes.contains_key(outcome))).collect();
    let mut head = vec!["verb"];
    head.extend(&used);
    head.push("calls");
    let mut table = table(&head);
    for (title, write) in [("all writes", true), ("all reads", false)] {
        let mut sums = Counts::new();
        for line in lines.iter().filter(|line| line.write == write) {
            for (outcome, counts) in &line.outcomes {
                for (group, count) in counts {
                    let sum = sums.entry(outcome).or_default().entry(group.clone()).or_default();
                    *sum = sum.saturating_add(*count);
                }
            }
            table.add_row(row(&line.verb, &line.outcomes, &used, groups));
        }
        if !sums.is_empty() {
            table.add_row(row(title, &sums, &used, groups));
        }
    }
    drawn(table, 1)
}

fn row(title: &str, outcomes: &Counts, used: &[&str], groups: &[String]) -> Vec<String> {
    let mut row = vec![title.to_owned()];
    let mut all = 0u64;
    for outcome in used {
        let counts = outcomes.get(outcome);
        let sum = counts.map_or(0, |counts| counts.values().fold(0u64, |sum, count| sum.saturating_add(*count)));
        all = all.saturating_add(sum);
        row.push(match (sum, groups.len()) {
            (0, _) => "-".to_owned(),
            (sum, 0 | 1) => sum.to_string(),
            (sum, _) => {
                let of = |group: &String| counts.and_then(|counts| counts.get(group)).copied().unwrap_or_default().to_string();
                format!("{sum} ({})", groups.iter().map(of).collect::<Vec<_>>().join("+"))
            }
        });
    }
    row.push(all.to_string());
    row
}

fn rules(lines: &[RuleLine], by: &str, groups: &[String]) -> String {
    let titles: Vec<String> = groups.iter().map(|group| format!("{by} {group}")).collect();
    let mut head = vec!["rule", "outcome", "line", "calls", "tool refused"];
    head.extend(titles.iter().map(String::as_str));
    let mut table = table(&head);
    for line in lines {
        let place = line.rule.place.as_ref().map_or_else(String::new, |place| format!("{}:{}", place.file, place.line));
        let mut row = vec![
            line.rule.name.clone(),
            line.outcome.to_owned(),
            place,
            line.calls.to_string(),
            line.refused_by_tool.to_string(),
        ];
        row.extend(groups.iter().map(|group| line.groups.get(group).copied().unwrap_or_default().to_string()));
        table.add_row(row);
    }
    drawn(table, 3)
}
