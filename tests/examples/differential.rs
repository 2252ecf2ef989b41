//! Stories over random policies, as many as wanted: `differential FROM TO [STORIES]` tells 100 stories (or so many) over the policy of each
//! seed from FROM up to TO. A difference is printed at its smallest as soon as it is found, and the command then ends with an error; any range can be taken up later.
#![expect(clippy::arithmetic_side_effects, reason = "a command reads its arguments and the clock")]

use agentc_tests::campaign::{Report, tell};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

fn main() -> ExitCode {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.replace('_', "").parse().ok()).collect();
    let (from, to, stories) = match numbers.as_slice() {
        [] => (0, 11_000, 100),
        [from, to] => (*from, *to, 100),
        [from, to, stories] => (*from, *to, *stories),
        _ => {
            eprintln!("differential FROM TO [STORIES]: seeds of policies, and stories over each");
            return ExitCode::FAILURE;
        }
    };
    let begun = Instant::now();
    let shown = AtomicUsize::new(0);
    let show = |report: &Report| {
        // Only one thread at a time is here: the report is locked.
        let wrong = report.wrong.iter().skip(shown.swap(report.wrong.len(), Ordering::Relaxed));
        wrong.for_each(|wrong| println!("\n{wrong}\n"));
        let policies = report.policies.0 + report.policies.1;
        if policies.is_multiple_of(100) {
            println!(
                "{policies} policies, {} stories, {} events, {} differences, {:.0?}",
                report.stories,
                report.events,
                report.wrong.len(),
                begun.elapsed()
            );
        }
    };
    let report = tell(from..to, stories, &show);
    show(&report);
    println!("{} stories, {} events, {} differences, {:.0?}", report.stories, report.events, report.wrong.len(), begun.elapsed());
    println!(
        "{} policies, {} did not compile; {} of {} rules fired",
        report.policies.0, report.policies.1, report.rules.1, report.rules.0
    );
    for outcome in ["allow", "need", "approval", "deny", "escalate", "paused"] {
        println!("{:>6.1} %  {outcome}", report.percent(outcome));
    }
    if report.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
