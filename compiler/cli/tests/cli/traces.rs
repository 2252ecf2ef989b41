//! Traces that were cut or edited.

use crate::support::{agentc_in, file, folder, refunds, repository, run_refunds};
use std::fs;
use std::path::Path;

/// The trace of the refunds example.
fn trace(folder: &Path) -> String {
    let path = folder.join("trace.jsonl");
    let events = fs::read(repository().join("examples/refunds/events.jsonl")).expect("the example has events");
    let ran = run_refunds(&["--trace", path.to_str().expect("a plain path")], &events);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    fs::read_to_string(path).expect("the trace was written")
}

#[test]
fn a_whole_trace_is_told() {
    let folder = folder("traces_whole");
    trace(&folder);
    let ran = agentc_in(&folder, &["trace", "trace.jsonl", "--summary"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.contains("chain         ") && ran.out.contains(" lines, unbroken; policy sha256:"), "{}", ran.out);
}

#[test]
fn a_broken_trace_is_found_and_its_line_named() {
    let folder = folder("traces_broken");
    let whole = trace(&folder);
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n");
    let half = whole.get(..whole.len() / 2).expect("a trace is ASCII here").to_owned();
    let in_half = half.lines().count();
    let swapped = joined(&[&[lines[1], lines[0]], &lines[2..]].concat());
    let without = joined(&[&lines[..3], &lines[4..]].concat());
    let twice = joined(&[&lines[..3], &lines[2..]].concat());
    let edited = whole.replacen("\"amount\":40", "\"amount\":41", 1);
    let edited_line = lines.iter().position(|line| line.contains("\"amount\":40")).expect("a refund of 40") + 1;
    let cases = [
        ("half", half, format!("the trace is broken at line {in_half}: the line was cut or changed: ")),
        ("swapped", swapped, "the trace is broken at line 1: ".to_owned()),
        (
            "without",
            without,
            "the trace is broken at line 4: it says that it is line 5: lines were taken out, put in or moved".to_owned(),
        ),
        (
            "twice",
            twice,
            "the trace is broken at line 4: it says that it is line 3: lines were taken out, put in or moved".to_owned(),
        ),
        ("edited", edited, format!("the trace is broken at line {edited_line}: the line was changed after it was written")),
        ("empty", String::new(), "the trace is broken at line 1: it holds no line".to_owned()),
        ("foreign", "{\"a\":1}\n".to_owned(), "the trace is broken at line 1: ".to_owned()),
        ("text", "hello\n".to_owned(), "the trace is broken at line 1: the line was cut or changed: ".to_owned()),
        ("deep", "[".repeat(100_000), "the trace is broken at line 1: the line was cut or changed: nested more than ".to_owned()),
    ];
    for (name, text, said) in cases {
        file(&folder, name, text);
        let ran = agentc_in(&folder, &["trace", name], b"");
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{name}");
        assert!(ran.out.starts_with(&format!("{name}: {said}")), "{name}: {}", ran.out);
        assert_eq!(ran.out.lines().count(), 1, "{name}: nothing of a broken trace is told");
    }
}

#[test]
fn a_trace_that_lacks_its_last_lines_says_that_it_may() {
    let folder = folder("traces_short");
    let whole = trace(&folder);
    let lines: Vec<&str> = whole.lines().collect();
    file(&folder, "short", lines[..4].join("\n"));
    let ran = agentc_in(&folder, &["trace", "short", "--summary"], b"");
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("or the file was cut after its last line: nothing says that the run ended"), "{}", ran.out);
}

#[test]
fn the_trace_is_written_although_nobody_reads_the_answers() {
    let ran = refunds(b"{\"event\":\"tick\",\"at\":\"2026-05-04T10:00:01Z\"}\nnonsense\n");
    assert_eq!(ran.code, Some(2));
    let folder = folder("traces_unread");
    let path = folder.join("t");
    let ran = run_refunds(&["--trace", path.to_str().expect("a plain path")], b"nonsense\n");
    assert_eq!(ran.code, Some(2));
    assert_eq!(fs::read_to_string(path).expect("the trace was written").lines().count(), 1);
}
