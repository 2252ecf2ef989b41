//! Random policies of every construct, and stories over them that hit their rules: the reference evaluator, the runtime at both levels of
//! detail, the artifact written and loaded, and the formatted source give the same answers.
//!
//! `cargo run --release -p agentc-tests --example differential` tells a million.

use agentc_tests::campaign::tell;

/// Policies; `AGENTC_POLICIES` and `AGENTC_SEED` take others.
const POLICIES: u64 = 145;
/// Stories over each.
const STORIES: u64 = 72;
/// Outcomes that calls must meet, each at least so often in a hundred: else the stories prove little.
const OUTCOMES: [&str; 5] = ["allow", "need", "approval", "deny", "escalate"];
const LEAST: f64 = 5.0;

#[test]
fn every_way_to_decide_gives_the_same_answers() {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let (first, policies) = (number("AGENTC_SEED").unwrap_or(0), number("AGENTC_POLICIES").unwrap_or(POLICIES));
    let report = tell(first..first + policies, STORIES, &|_| {});
    let (good, refused) = report.policies;
    println!("{good} policies ({refused} do not compile), {} stories, {} events", report.stories, report.events);
    println!("{} of {} rules fired", report.rules.1, report.rules.0);
    report.outcomes.iter().for_each(|(name, times)| println!("{times:>8}  {name}"));
    OUTCOMES.iter().for_each(|name| println!("{:>7.1} %  {name}", report.percent(name)));
    assert!(report.wrong.is_empty(), "{} policies:\n{}", report.wrong.len(), report.wrong.join("\n\n"));
    let seldom: Vec<&str> = OUTCOMES.into_iter().filter(|name| report.percent(name) < LEAST).collect();
    assert!(seldom.is_empty(), "below {LEAST} % of the answers to calls: {seldom:?}");
    assert!(refused * 10 < good, "{refused} policies do not compile, {good} do");
    assert!(report.rules.1 * 2 > report.rules.0, "only {} of {} rules fired", report.rules.1, report.rules.0);
    assert!(policies < POLICIES || report.stories >= 10_000, "{} stories", report.stories);
}
