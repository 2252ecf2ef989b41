//! How long `check` takes on the generated family, by number of rules: `cargo run --release -p agentc-tests --example check_series`.
//!
//! Arguments are the numbers of rules; without any, 100, 1,000, 10,000 and 100,000.
#![expect(clippy::expect_used, reason = "a command for those who work on the compiler")]

use agentc_compiler::compile;
use agentc_compiler::diagnostic::render;
use agentc_tests::corpus::library;
use agentc_tests::family::{Shape, family};
use std::time::{Duration, Instant};

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).map(|rules| rules.parse().expect("a number of rules")).collect();
    let series = if asked.is_empty() { vec![100, 1_000, 10_000, 100_000] } else { asked };
    println!("{:<6} {:>8} {:>12} {:>14} {:>8}", "shape", "rules", "check", "µs/(n log₂ n)", "said");
    for shape in [Shape::Wide, Shape::Deep] {
        for rules in &series {
            let (took, said) = check(shape, *rules);
            #[expect(clippy::cast_precision_loss, reason = "a figure to be printed")]
            let n = *rules as f64;
            let per = took.as_secs_f64() * 1e6 / (n * n.log2());
            println!("{:<6} {rules:>8} {:>9.1} ms {per:>14.3} {said:>8}", format!("{shape:?}"), took.as_secs_f64() * 1e3);
        }
    }
}

/// The best time of three, one where it is long, and how many diagnostics there were.
fn check(shape: Shape, rules: usize) -> (Duration, usize) {
    let policy = family(shape, rules);
    let library = library();
    let mut best = Duration::MAX;
    let mut said = 0;
    for _ in 0..3 {
        let began = Instant::now();
        let compiled = compile(policy.root.clone(), &policy.modules, &library);
        let took = began.elapsed();
        best = best.min(took);
        said = compiled.diagnostics.len();
        if let Some(first) = compiled.diagnostics.first().filter(|_| best == took) {
            eprintln!("{}", render::short(first, &compiled.places()));
        }
        if took > Duration::from_secs(3) {
            break;
        }
    }
    (best, said)
}
