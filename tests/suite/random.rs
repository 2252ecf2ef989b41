//! Random policies of every construct, and stories over them that hit their rules: the reference evaluator, the runtime at both levels of
//! detail, the artifact written and loaded, and the formatted source give the same answers.
//!
//! `cargo run --release -p agentc-tests --example differential` tells a million.

use agentc_runtime::event::Event;
use agentc_tests::campaign::tell;
use agentc_tests::corpus::library;
use agentc_tests::modes::replay;
use agentc_tests::random::Ready;

/// Policies; `AGENTC_POLICIES` and `AGENTC_SEED` take others.
const POLICIES: u64 = 30;
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
    assert!(policies < POLICIES || report.stories >= 2000, "{} stories", report.stories);
}

/// Found by these stories: a limit in shadow denied what it could not take.
#[test]
fn a_limit_in_shadow_decides_nothing() {
    const POLICY: &str = r#"policy found.shadow { version "1" }
tool bank { write pay(to: Text, amount: Money(USD)) { changes nothing; irreversible } }
job work {
  purpose "Pay."
  allow write bank.pay
  shadow limit whole on bank.pay: sum(amount) <= 100 USD per run by to else deny
}
"#;
    let ready = Ready::of(POLICY.to_owned(), &library()).expect("it compiles");
    let events: Vec<(String, Event)> = [
        r#"{"event":"open","run":"r1","job":"work","agent":{"id":"agent","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
        r#"{"event":"call","id":"c1","verb":"bank.pay","args":{"to":"b","amount":-1},"at":"2026-05-04T10:00:01Z"}"#,
    ]
    .iter()
    .map(|event| ("r1".to_owned(), Event::read(event.as_bytes()).expect("it is an event")))
    .collect();
    assert_eq!(ready.differences(&events), Vec::<String>::new());
    let answers = replay(&ready.policy, &events).expect("the run is open");
    assert_eq!(answers.last().expect("it is answered").outcome.name(), "allow");
}
