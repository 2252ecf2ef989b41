//! How long a preview and a decision take on the generated family, by number of rules, beside skipping the same bytes:
//! `cargo run --release -p agentc-tests --example preview_speed`.
//!
//! Arguments are the numbers of rules; without any, 20, 100, 1,000 and 10,000.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a command for those who work on the runtime"
)]

use agentc_compiler::compile;
use agentc_runtime::cell::Snapshot;
use agentc_runtime::decide::{Detail, Opening, Step, decide_in, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Prepared, Scratch, preview};
use agentc_tests::corpus::library;
use agentc_tests::family::{Shape, family};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const AT: &str = "2026-05-04T10:00:00Z";

/// Calls that are measured together.
const CALLS: usize = 256;

/// For how long each column is measured, best round by best round.
const LONG: Duration = Duration::from_millis(300);

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).map(|rules| rules.parse().expect("a number of rules")).collect();
    let series = if asked.is_empty() { vec![20, 100, 1_000, 10_000] } else { asked };
    println!("nanoseconds a call");
    println!(
        "{:<6} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}  outcomes",
        "shape", "rules", "skip", "bytes", "prepared", "brief", "full", "written"
    );
    for shape in [Shape::Wide, Shape::Deep] {
        for rules in &series {
            measure(shape, *rules);
        }
    }
}

fn measure(shape: Shape, rules: usize) {
    let written = family(shape, rules);
    let library = library();
    let program = compile(written.root.clone(), &written.modules, &library).program.expect("the family is right");
    let policy = Policy::new(program, &library).expect("it loads");
    let cells = Snapshot::whole();
    let read = |text: &str| Event::read(text.as_bytes()).expect("it is an event");
    let opening = read(&format!(
        r#"{{"event":"open","run":"r","job":"desk","input":{{"customer":"c-9"}},"agent":{{"id":"bot","roles":[]}},"at":"{AT}"}}"#
    ));
    let Opening::Opened(opened) = open(&policy, &cells, &opening) else { panic!("the run opens") };
    let mut run = opened.run;
    let desks = rules.div_ceil(20);
    // Items of desks all over the policy, in regions that allow, deny, ask, stop and count.
    let items: Vec<(usize, usize)> = (0..CALLS).map(|at| (at.wrapping_mul(7919) % desks, at % 12)).collect();
    for (at, (desk, region)) in items.iter().enumerate() {
        let value = format!(
            r#"{{"id":"I-{at}","region":"d{desk}_{region}","status":"open","score":{},"owner":"c-9"}}"#,
            at.wrapping_mul(37) % 1000
        );
        let event = read(&format!(
            r#"{{"event":"record","source":"records","record":"Item","key":"I-{at}","value":{value},"at":"{AT}"}}"#
        ));
        if let Step::Done(decision) = decide_in(&policy, &run, &cells, &event, Detail::Brief) {
            run = decision.run;
        }
    }
    let calls: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(at, (desk, _))| {
            let tool = if shape == Shape::Wide { *desk } else { 0 };
            let args = format!(r#"{{"item":"I-{at}","amount":{}}}"#, at.wrapping_mul(13) % 200);
            format!(r#"{{"event":"call","id":"c{at}","verb":"desk_{tool}.pay","args":{args},"at":"2026-05-04T10:00:05Z"}}"#)
        })
        .collect();
    let mut scratch = Scratch::new();
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for call in &calls {
        let preview = preview(&policy, &run, &cells, call.as_bytes(), &mut scratch).expect("it is previewed");
        *outcomes.entry(preview.outcome.name()).or_default() += 1;
    }
    let prepared: Vec<Prepared> =
        calls.iter().map(|call| Prepared::read(&policy, call.as_bytes()).expect("it is a call")).collect();
    let events: Vec<Event> = calls.iter().map(|call| read(call)).collect();
    let decided = |at: usize, detail: Detail| decide_in(&policy, &run, &cells, &events[at], detail);
    let figures = [
        best(&mut |at| drop(black_box(serde_json::from_str::<serde::de::IgnoredAny>(&calls[at])))),
        best(&mut |at| drop(black_box(preview(&policy, &run, &cells, calls[at].as_bytes(), &mut scratch)))),
        best(&mut |at| drop(black_box(prepared[at].preview(&policy, &run, &cells, &mut scratch)))),
        best(&mut |at| drop(black_box(decided(at, Detail::Brief)))),
        best(&mut |at| drop(black_box(decided(at, Detail::Full)))),
        best(&mut |at| {
            if let Step::Done(decision) = decided(at, Detail::Full) {
                drop(black_box(decision.answer.to_json().to_string()));
            }
        }),
    ];
    let [skip, bytes, prepared, brief, full, written] = figures;
    println!(
        "{:<6} {rules:>7} {skip:>7.0} {bytes:>9.0} {prepared:>9.0} {brief:>9.0} {full:>9.0} {written:>9.0}  {outcomes:?}",
        format!("{shape:?}")
    );
}

/// Nanoseconds a call, in the best round.
fn best(call: &mut dyn FnMut(usize)) -> f64 {
    let began = Instant::now();
    let mut best = Duration::MAX;
    while began.elapsed() < LONG {
        let round = Instant::now();
        (0..CALLS).for_each(&mut *call);
        best = best.min(round.elapsed());
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure to be printed")]
    let calls = CALLS as f64;
    best.as_secs_f64() * 1e9 / calls
}
