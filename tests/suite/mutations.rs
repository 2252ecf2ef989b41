//! A broken lowering is noticed: programs broken in one place at a time, held against what the reference evaluator said.

use agentc_compiler::lower::{Indexing, lower};
use agentc_runtime::event::{Event, EventKind};
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;
use agentc_tests::compare::differences;
use agentc_tests::corpus::{Sound, compiled, library, policies_below, repository};
use agentc_tests::generate::Story;
use agentc_tests::mutate::{Mutant, of_graph, of_meaning};
use agentc_tests::native::Native;
use agentc_tests::oracle::said::Said;
use agentc_tests::pool::Pool;
use std::collections::BTreeMap;

/// Stories that each broken program is held against, on top of the policy's own tests.
const STORIES: u64 = 10;

/// About so many events in a story.
const LENGTH: usize = 30;

/// Damage that must be noticed wherever it is done. The other kinds are only counted, with `AGENTC_MUTANTS=all`: much of what they touch cannot matter, as the text of
/// a variant that no test of a policy speaks of, or what an unknown does to a rule that is never unknown.
const MUST_BE_NOTICED: [&str; 42] = [
    "swap true and false",
    "drop a rule",
    "drop an arm",
    "drop a step",
    "move a bound",
    "fall below a step",
    "start at a step",
    "widen a comparison",
    "narrow a comparison",
    "turn a comparison",
    "and becomes or",
    "or becomes and",
    "drop a condition",
    "drop a not",
    "add becomes subtract",
    "subtract becomes add",
    "any becomes all",
    "all becomes any",
    "swap the branches",
    "forget the lower bound",
    "forget the upper bound",
    "forget a filter",
    "forget within",
    "forget since last",
    "forget arguments",
    "forget an encoding",
    "another strictness",
    "one counter for all keys",
    "another window",
    "drop a limit",
    "forget the gate of a limit",
    "another quorum",
    "never expires",
    "bind nothing",
    "show nothing",
    "show everything",
    "tell a secret",
    "keep for ever",
    "never done",
    "no handover",
    "nobody pauses",
    "nobody resumes",
];

/// Damage of those kinds that changes nothing, and why.
const HARMLESS: [(&str, &str); 5] = [
    ("limit_distinct.agentpolicy another strictness: `full`", "the capacity is reached before the bound"),
    ("text_encodings.agentpolicy forget an encoding: `Item.local`", "tests write times with their zone"),
    ("times.agentpolicy forget the lower bound: expression 6", "no day comes before Monday"),
    ("switch_on_constants.agentpolicy drop a rule", "the arms of an argument that is never unknown"),
    ("switch_on_constants.agentpolicy swap true and false", "the arms of an argument that is never unknown"),
];

/// What happened in one story, and what the reference evaluator said.
type Told = Vec<(String, Event, Option<Said>)>;

#[test]
fn every_broken_program_is_noticed() {
    let only = std::env::var("AGENTC_ONLY").unwrap_or_default();
    let paths = policies_below(&repository().join("tests/policies/right"));
    let sound: Vec<Sound> =
        paths.into_iter().filter(|path| path.to_string_lossy().contains(&only)).map(|path| compiled(&path).unwrap()).collect();
    let halves: Vec<Vec<&Sound>> = vec![sound.iter().step_by(2).collect(), sound.iter().skip(1).step_by(2).collect()];
    let counts: Vec<Half> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(|| break_all(half))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut survivors: Vec<String> = Vec::new();
    for half in counts {
        for (kind, (made, noticed)) in half.kinds {
            let all = kinds.entry(kind).or_default();
            *all = (all.0 + made, all.1 + noticed);
        }
        survivors.extend(half.survivors);
    }
    let (made, noticed) = kinds.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("{made} broken programs, {noticed} noticed, {:.1} %", noticed as f64 * 100.0 / made as f64);
    kinds.iter().for_each(|(kind, (made, noticed))| println!("{noticed:>6} of {made:>6}  {kind}"));
    survivors.retain(|survivor| !HARMLESS.iter().any(|(known, _)| survivor.contains(known)));
    let unseen: Vec<&str> =
        MUST_BE_NOTICED.iter().copied().filter(|kind| kinds.get(kind).is_none_or(|counts| counts.1 == 0)).collect();
    assert!(survivors.is_empty(), "{} broken programs pass:\n{}", survivors.len(), survivors.join("\n"));
    assert!(!only.is_empty() || unseen.is_empty(), "no program is broken so that this is noticed: {unseen:?}");
}

#[derive(Default)]
struct Half {
    kinds: BTreeMap<&'static str, (usize, usize)>,
    survivors: Vec<String>,
}

fn break_all(policies: &[&Sound]) -> Half {
    let mut half = Half::default();
    for sound in policies {
        let stories = stories(sound);
        let all = std::env::var("AGENTC_MUTANTS").is_ok_and(|which| which == "all");
        let mutants = of_graph(&sound.program).into_iter().chain(of_meaning(&lower(&sound.typed, Indexing::Off)));
        for mutant in mutants.filter(|mutant| all || MUST_BE_NOTICED.contains(&mutant.kind)) {
            let noticed = is_noticed(&mutant, &stories);
            let count = half.kinds.entry(mutant.kind).or_default();
            count.0 += 1;
            if noticed {
                count.1 += 1;
            } else if MUST_BE_NOTICED.contains(&mutant.kind) {
                half.survivors.push(format!("{} {}", sound.name, mutant.what));
            }
        }
    }
    half
}

/// The policy's own tests, and random stories.
fn stories(sound: &Sound) -> Vec<Told> {
    let policy = sound.policy();
    let mut all = Vec::new();
    for test in &sound.typed.tests {
        let mut both = Both::new(&policy, &sound.typed);
        let _ = agentc::testing::run_test(&sound.typed, test, &mut both);
        all.push(both.told);
    }
    let pool = Pool::of(&policy, &sound.typed);
    for seed in 0..STORIES {
        let mut both = Both::new(&policy, &sound.typed);
        Story::new(&sound.typed, &pool, 1_000_000 + seed).tell(&mut both, LENGTH);
        all.push(both.told);
    }
    all
}

/// The program is refused when it is loaded, or some answer of it is not the reference evaluator's.
fn is_noticed(mutant: &Mutant, stories: &[Told]) -> bool {
    let Ok(policy) = Policy::new(mutant.program.clone(), &library()) else { return true };
    stories.iter().any(|told| differs(&policy, told))
}

fn differs(policy: &Policy, told: &Told) -> bool {
    let mut native = Native::new(policy);
    let mut runs: BTreeMap<&str, usize> = BTreeMap::new();
    for (run, event, said) in told {
        let answer = if matches!(event.kind, EventKind::Open(_)) {
            let (index, answer) = native.open(event);
            if index.is_some() != said.is_some() {
                return true;
            }
            index.map(|index| runs.insert(run, index));
            answer
        } else {
            native.send(runs[run.as_str()], event)
        };
        if said.as_ref().is_some_and(|said| !differences(&answer, said).is_empty()) {
            return true;
        }
    }
    false
}
