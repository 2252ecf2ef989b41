//! Every `test` block of every policy, through both evaluators: what it expects holds, and their whole answers agree.

use agentc::testing::run_test;
use agentc_tests::both::Both;
use agentc_tests::corpus::{all, compiled};

#[test]
fn the_tests_of_every_policy_pass_and_the_evaluators_agree() {
    let only = std::env::var("AGENTC_ONLY").unwrap_or_default();
    let mut wrong: Vec<String> = Vec::new();
    let (mut policies, mut tests, mut events) = (0, 0, 0);
    for path in all().into_iter().filter(|path| path.to_string_lossy().contains(&only)) {
        let sound = match compiled(&path) {
            Ok(sound) => sound,
            Err(why) => {
                wrong.push(why);
                continue;
            }
        };
        policies += 1;
        let policy = sound.policy();
        if sound.typed.tests.is_empty() {
            wrong.push(format!("{}: it has no `test` block", sound.name));
        }
        for test in &sound.typed.tests {
            let mut both = Both::new(&policy, &sound.typed);
            let ran = run_test(&sound.typed, test, &mut both);
            tests += 1;
            events += ran.log.len();
            if let Some(mismatch) = ran.mismatch {
                let details: String = mismatch.details.iter().chain(&mismatch.help).map(|line| format!("\n    {line}")).collect();
                wrong.push(format!("{}: test \"{}\": {}{details}", sound.line(mismatch.loc), test.name, mismatch.message));
            }
            for (event, lines) in both.disagreements {
                wrong.push(format!(
                    "{}: test \"{}\": the evaluators differ\n  {event}\n    {}",
                    sound.name,
                    test.name,
                    lines.join("\n    ")
                ));
            }
        }
    }
    println!("{policies} policies, {tests} tests, {events} events");
    assert!(wrong.is_empty(), "{} of {tests} tests in {policies} policies:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tests > 0, "no policy was found");
}
