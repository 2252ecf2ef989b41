//! What was promised, against what was measured.

use super::table::{OURS, digits, number};
use crate::measure::{Row, Times};
use crate::results::{Case, Results};
use std::fmt::Write;

/// A promise and what became of it.
struct Verdict {
    promise: String,
    measured: String,
    /// How the measured figure stands to the promised one: at least 1 where it is kept.
    share: Option<f64>,
}

/// The table of verdicts.
#[must_use]
pub fn table(results: &Results) -> String {
    let mut text = "| promised | measured | |\n|---|---|---|\n".to_owned();
    for verdict in verdicts(results) {
        let word = match verdict.share {
            None => "not measured".to_owned(),
            Some(share) if share >= 1.0 => "met".to_owned(),
            Some(share) => format!("**missed**, by a factor of {}", digits(1.0 / share)),
        };
        let _ = writeln!(text, "| {} | {} | {word} |", verdict.promise, verdict.measured);
    }
    text
}

fn verdicts(results: &Results) -> Vec<Verdict> {
    let mut verdicts = vec![
        times_of(&results.agents, 10, "from JSON bytes, 10 rules: at least 50 times faster than Cedar", 50.0, |case| {
            Some(bytes(case, "cedar")? / bytes(case, "agentc")?)
        }),
        at_most(
            &results.agents,
            "from JSON bytes, 10 rules: at most 3 times validating and skipping the same bytes",
            3.0,
            |cases| {
                let case = of_size(cases, 10)?;
                Some(bytes(case, "agentc")? / bytes(case, "skip")?)
            },
        ),
        at_most(&results.agents, "10,000 rules at most 1.5 times 10, from JSON bytes", 1.5, |cases| {
            Some(bytes(of_size(cases, 10_000)?, "agentc")? / bytes(of_size(cases, 10)?, "agentc")?)
        }),
        at_most(&results.agents, "10,000 rules at most 1.5 times 10, prepared", 1.5, |cases| {
            Some(prepared(of_size(cases, 10_000)?, "agentc")? / prepared(of_size(cases, 10)?, "agentc")?)
        }),
    ];
    verdicts.extend(results.agents.iter().map(|case| nearest(case, results)));
    for case in &results.history {
        let promise = format!("{} rules about history: at least 100 times faster than Dogwood in memory", number(case.size));
        verdicts.push(times_of(&results.history, case.size, &promise, 100.0, |case| {
            Some(prepared(case, "dogwood")? / prepared(case, "agentc")?)
        }));
    }
    verdicts.push(loads(
        &results.checking,
        "check of 1,000 rules: at least 5 times faster than Cedar's parse and validation",
        5.0,
        "cedar",
        "check",
    ));
    verdicts.push(loads(
        &results.loading,
        "loading an artifact of 10,000 rules: under a tenth of Cedar's parse",
        10.0,
        "cedar-parse",
        "agentc",
    ));
    verdicts
}

/// Prepared, the fastest of the peers must be slower.
fn nearest(case: &Case, results: &Results) -> Verdict {
    let promise = format!("prepared and brief, {} rules: faster than every peer", number(case.size));
    let peers = case.rows.iter().filter(|row| !OURS.contains(&row.engine.as_str()));
    let times = peers.filter_map(|row| Some((row, mean(row.prepared.as_ref())?)));
    let fastest = times.min_by(|(_, one), (_, other)| one.total_cmp(other));
    let found = fastest.zip(prepared(case, "agentc")).map(|((row, time), own)| (row, time / own));
    let measured = found.map_or_else(String::new, |(row, ratio)| {
        format!(
            "{} times the speed of {}, the fastest of them",
            digits(ratio),
            results.titles.get(&row.engine).unwrap_or(&row.engine)
        )
    });
    Verdict { promise, measured, share: found.map(|(_, ratio)| ratio) }
}

fn times_of(cases: &[Case], size: usize, promise: &str, least: f64, ratio: impl Fn(&Case) -> Option<f64>) -> Verdict {
    faster(promise, least, of_size(cases, size).and_then(ratio))
}

fn loads(rows: &[Row], promise: &str, least: f64, theirs: &str, ours: &str) -> Verdict {
    let load = |engine: &str| rows.iter().find(|row| row.engine == engine).map(|row| row.load as f64);
    faster(promise, least, load(theirs).zip(load(ours)).map(|(theirs, ours)| theirs / ours))
}

fn faster(promise: &str, least: f64, ratio: Option<f64>) -> Verdict {
    let measured = ratio.map_or_else(String::new, |ratio| format!("{} times", digits(ratio)));
    Verdict { promise: promise.to_owned(), measured, share: ratio.map(|ratio| ratio / least) }
}

fn at_most(cases: &[Case], promise: &str, most: f64, ratio: impl Fn(&[Case]) -> Option<f64>) -> Verdict {
    let ratio = ratio(cases);
    let measured = ratio.map_or_else(String::new, |ratio| format!("{} times", digits(ratio)));
    Verdict { promise: promise.to_owned(), measured, share: ratio.map(|ratio| most / ratio) }
}

fn of_size(cases: &[Case], size: usize) -> Option<&Case> {
    cases.iter().find(|case| case.size == size)
}

fn bytes(case: &Case, engine: &str) -> Option<f64> {
    mean(case.row(engine)?.bytes.as_ref())
}

fn prepared(case: &Case, engine: &str) -> Option<f64> {
    mean(case.row(engine)?.prepared.as_ref())
}

fn mean(times: Option<&Times>) -> Option<f64> {
    times.map(|times| times.mean)
}
