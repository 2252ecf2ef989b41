//! Markdown tables of results.

use crate::measure::{Row, Times};
use crate::results::Case;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is no peer: other ways of using agentc, and floors.
pub const OURS: [&str; 3] = ["agentc", "agentc-full", "skip"];

/// A number with commas: `10,000`.
#[must_use]
pub fn number(number: usize) -> String {
    let digits = number.to_string();
    let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|digits| std::str::from_utf8(digits).ok()).collect();
    grouped.join(",")
}

/// Nanoseconds for people, with three digits that count.
#[must_use]
pub fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    format!("{} {unit}", digits(value))
}

/// A ratio for people.
#[must_use]
pub fn digits(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => number(value.round() as usize),
    }
}

fn title<'a>(titles: &'a BTreeMap<String, String>, engine: &'a str) -> &'a str {
    titles.get(engine).map_or(engine, String::as_str)
}

/// The four outcomes of each case.
#[must_use]
pub fn mixes(cases: &[Case], unit: &str) -> String {
    let mut text = format!(
        "| {unit} | requests | bytes each | allow | approval | deny | escalate |\n|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for case in cases {
        let [allow, approval, deny, escalate] = case.mix;
        let (size, requests) = (number(case.size), number(case.requests));
        let _ = writeln!(
            text,
            "| {size} | {requests} | {} | {allow:.1} % | {approval:.1} % | {deny:.1} % | {escalate:.1} % |",
            case.request_bytes
        );
    }
    text
}

/// Every figure of a case.
#[must_use]
pub fn decisions(case: &Case, titles: &BTreeMap<String, String>) -> String {
    let mut text =
        "| engine | from bytes | p50 | p99 | prepared | p50 | p99 | load | its source | memory for it | peak | compared |\n\
                    |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for row in &case.rows {
        if let Some(why) = &row.refused {
            let _ = writeln!(text, "| {} | refuses the policy: {why} |", title(titles, &row.engine));
            continue;
        }
        let cells = [
            title(titles, &row.engine).to_owned(),
            times(row.bytes.as_ref()),
            times(row.prepared.as_ref()),
            loaded(row),
            if row.compared == 0 { "".to_owned() } else { number(row.compared) },
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn times(times: Option<&Times>) -> String {
    times
        .map_or_else(|| " | | ".to_owned(), |it| format!("{} | {} | {}", time(it.mean), time(it.p50 as f64), time(it.p99 as f64)))
}

fn loaded(row: &Row) -> String {
    if row.source == 0 {
        return format!(" | | | {}", size(row.peak_kb as f64));
    }
    format!(
        "{} | {} | {} | {}",
        time(row.load as f64),
        size(row.source as f64 / 1024.0),
        size(row.added_kb as f64),
        size(row.peak_kb as f64)
    )
}

/// Kilobytes for people.
fn size(kb: f64) -> String {
    if kb < 1024.0 { format!("{} kB", digits(kb)) } else { format!("{} MB", digits(kb / 1024.0)) }
}

/// One line a case: the engine against each other engine.
#[must_use]
pub fn ratios(cases: &[Case], titles: &BTreeMap<String, String>, unit: &str) -> String {
    let mut text = format!(
        "| workload | {unit} | allow | engine | from bytes | prepared | p99 prepared | agentc is faster |\n|---|---:|---:|---|---:|---:|---:|---:|\n"
    );
    for case in cases {
        let mean = |row: &Row| row.prepared.as_ref().map(|times| times.mean);
        let own = case.row(OURS[0]).and_then(mean);
        for row in &case.rows {
            let bytes = row.bytes.as_ref().map_or_else(String::new, |times| time(times.mean));
            let prepared = row.prepared.as_ref().map_or_else(String::new, |times| time(times.mean));
            let p99 = row.prepared.as_ref().map_or_else(String::new, |times| time(times.p99 as f64));
            let ratio = own
                .zip(mean(row))
                .filter(|_| row.engine != OURS[0])
                .map_or_else(String::new, |(own, mean)| format!("{} times", digits(mean / own)));
            let (name, size, allow) = (&case.name, number(case.size), case.mix[0]);
            let _ = writeln!(
                text,
                "| {name} | {size} | {allow:.0} % | {} | {bytes} | {prepared} | {p99} | {ratio} |",
                title(titles, &row.engine)
            );
        }
    }
    text
}

/// How long loading takes.
#[must_use]
pub fn loads(rows: &[Row], titles: &BTreeMap<String, String>) -> String {
    let mut text = "| what | time | its source | memory for it |\n|---|---:|---:|---:|\n".to_owned();
    for row in rows {
        let (load, source, memory) = (time(row.load as f64), size(row.source as f64 / 1024.0), size(row.added_kb as f64));
        let _ = writeln!(text, "| {} | {load} | {source} | {memory} |", title(titles, &row.engine));
    }
    text
}

/// A column a size, both forms of requests.
#[must_use]
pub fn overview(cases: &[Case], titles: &BTreeMap<String, String>) -> String {
    let sizes: Vec<String> = cases.iter().map(|case| format!("{} rules", number(case.size))).collect();
    let mut text =
        format!("| a decision, from JSON bytes / prepared | {} |\n|---|{}\n", sizes.join(" | "), "---:|".repeat(cases.len()));
    let mut engines: Vec<&str> = Vec::new();
    for row in cases.iter().flat_map(|case| &case.rows) {
        if !engines.contains(&row.engine.as_str()) {
            engines.push(&row.engine);
        }
    }
    for engine in engines {
        let cell = |case: &Case| {
            let mean = |times: Option<&Times>| times.map_or_else(|| "–".to_owned(), |times| time(times.mean));
            let shown = |row: &Row| match &row.refused {
                Some(_) => "refused".to_owned(),
                None => format!("{} / {}", mean(row.bytes.as_ref()), mean(row.prepared.as_ref())),
            };
            case.row(engine).map_or_else(String::new, shown)
        };
        let cells: Vec<String> = cases.iter().map(cell).collect();
        let _ = writeln!(text, "| {} | {} |", title(titles, engine), cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_for_people() {
        assert_eq!(number(100_000), "100,000");
        assert_eq!(number(7), "7");
        assert_eq!(time(123.4), "123 ns");
        assert_eq!(time(1_234.0), "1.23 µs");
        assert_eq!(time(56_780_000.0), "56.8 ms");
    }
}
