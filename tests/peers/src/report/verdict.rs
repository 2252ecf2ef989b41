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
    /// Why it is missed where it is.
    why: &'static str,
}

const BYTES: &str = "ten rules leave an index little to leave out. What is left is reading the call strictly (every argument by its type, unknown and doubled \
                     members refused), finding the account and its age, and comparing in place what the tenant's blocks ask";
const SCALE: &str = "larger policies have more tenants and accounts, and miss the processor's caches more often";
const NEAREST: &str = "the fastest peer evaluates a few short expressions over maps that were parsed before, and knows neither ages of records nor pauses nor types \
                       of arguments";
const HISTORY: &str = "agentc reads the call strictly and finds earlier calls by what is asked of them. Dogwood folds them in as they come and pays by rule, so \
                       the distance grows with the rules";
const PAPER: &str =
    "the closure of a large hierarchy is a sorted set of texts that agentc searches by halves; Cedar looks into a hash table";
const CHECK: &str = "`agentc check` decides formulas for all its analyses (what can never fire, what hides what, what bounds each risk); Cedar's validation \
                     checks types";
const LOAD: &str = "verifying, which trusts no byte of an artifact, is most of loading";

/// What was promised, and why it is missed where it is.
type Promise<'a> = (&'a str, &'static str);

/// The table of verdicts.
#[must_use]
pub fn table(results: &Results) -> String {
    let mut text = "| promised | measured | |\n|---|---|---|\n".to_owned();
    let mut reasons = Vec::new();
    for verdict in verdicts(results) {
        let word = match verdict.share {
            None => "not measured".to_owned(),
            Some(share) if share >= 1.0 => "met".to_owned(),
            Some(share) => format!("**missed**, by a factor of {}", digits(1.0 / share)),
        };
        let _ = writeln!(text, "| {} | {} | {word} |", verdict.promise, verdict.measured);
        if verdict.share.is_some_and(|share| share < 1.0) && !reasons.contains(&verdict.why) {
            reasons.push(verdict.why);
        }
    }
    if !reasons.is_empty() {
        let _ = writeln!(text, "\nWhy what is missed is missed:\n");
    }
    for why in reasons {
        let _ = writeln!(text, "- {why}.");
    }
    text
}

fn verdicts(results: &Results) -> Vec<Verdict> {
    let mut verdicts = vec![
        times_of(&results.agents, 10, ("from JSON bytes, 10 rules: at least 50 times faster than Cedar", BYTES), 50.0, |case| {
            Some(bytes(case, "cedar")? / bytes(case, "agentc")?)
        }),
        at_most(
            &results.agents,
            ("from JSON bytes, 10 rules: at most 3 times validating and skipping the same bytes", BYTES),
            3.0,
            |cases| {
                let case = of_size(cases, 10)?;
                Some(bytes(case, "agentc")? / bytes(case, "skip")?)
            },
        ),
        at_most(&results.agents, ("10,000 rules at most 1.5 times 10, from JSON bytes", SCALE), 1.5, |cases| {
            Some(bytes(of_size(cases, 10_000)?, "agentc")? / bytes(of_size(cases, 10)?, "agentc")?)
        }),
        at_most(&results.agents, ("10,000 rules at most 1.5 times 10, prepared", SCALE), 1.5, |cases| {
            Some(prepared(of_size(cases, 10_000)?, "agentc")? / prepared(of_size(cases, 10)?, "agentc")?)
        }),
    ];
    verdicts.extend(results.agents.iter().map(|case| nearest(case, results)));
    verdicts.push(papers(&results.paper));
    for case in &results.history {
        let promise = format!("{} rules about history: at least 100 times faster than Dogwood in memory", number(case.size));
        verdicts.push(times_of(&results.history, case.size, (&promise, HISTORY), 100.0, |case| {
            Some(prepared(case, "dogwood")? / prepared(case, "agentc")?)
        }));
    }
    verdicts.push(loads(
        &results.checking,
        ("check of 1,000 rules: at least 5 times faster than Cedar's parse and validation", CHECK),
        5.0,
        "cedar",
        "check",
    ));
    verdicts.push(loads(
        &results.loading,
        ("loading an artifact of 10,000 rules: under a tenth of Cedar's parse", LOAD),
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
    Verdict { promise, measured, share: found.map(|(_, ratio)| ratio), why: NEAREST }
}

/// The paper's workloads: the case where agentc is least ahead of Cedar.
fn papers(cases: &[Case]) -> Verdict {
    let ratio = |case: &Case| Some(prepared(case, "cedar")? / prepared(case, "agentc")?);
    let least = cases.iter().filter_map(|case| Some((case, ratio(case)?))).min_by(|(_, one), (_, other)| one.total_cmp(other));
    let at = least
        .map_or_else(String::new, |(case, _)| format!(", least at {} with {} entities of a kind", case.name, number(case.size)));
    let found = faster(
        ("the Cedar paper's workloads, prepared: faster than Cedar at every size", PAPER),
        1.0,
        least.map(|(_, ratio)| ratio),
    );
    Verdict { measured: format!("{}{at}", found.measured), ..found }
}

fn times_of(
    cases: &[Case],
    size: usize,
    (promise, why): Promise<'_>,
    least: f64,
    ratio: impl Fn(&Case) -> Option<f64>,
) -> Verdict {
    faster((promise, why), least, of_size(cases, size).and_then(ratio))
}

fn loads(rows: &[Row], promise: Promise<'_>, least: f64, theirs: &str, ours: &str) -> Verdict {
    let load = |engine: &str| rows.iter().find(|row| row.engine == engine).map(|row| row.load as f64);
    faster(promise, least, load(theirs).zip(load(ours)).map(|(theirs, ours)| theirs / ours))
}

fn faster((promise, why): Promise<'_>, least: f64, ratio: Option<f64>) -> Verdict {
    let measured = ratio.map_or_else(String::new, |ratio| format!("{} times", digits(ratio)));
    Verdict { promise: promise.to_owned(), measured, share: ratio.map(|ratio| ratio / least), why }
}

fn at_most(cases: &[Case], (promise, why): Promise<'_>, most: f64, ratio: impl Fn(&[Case]) -> Option<f64>) -> Verdict {
    let ratio = ratio(cases);
    let measured = ratio.map_or_else(String::new, |ratio| format!("{} times", digits(ratio)));
    Verdict { promise: promise.to_owned(), measured, share: ratio.map(|ratio| most / ratio), why }
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
