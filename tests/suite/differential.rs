//! Random stories over every policy, told to both evaluators: their whole answers agree, whatever happens.

use agentc_runtime::event::Event;
use agentc_tests::both::Both;
use agentc_tests::corpus::{Sound, all, compiled};
use agentc_tests::generate::Story;
use agentc_tests::pool::Pool;
use std::collections::BTreeMap;

/// Stories over each policy; `AGENTC_STORIES` tells more of them.
const STORIES: usize = 60;

/// About so many events in a story.
const LENGTH: usize = 24;

/// Outcomes that all stories together must reach, each so often: else they prove little.
const REACHED: [(&str, usize); 16] = [
    ("call allow", 300),
    ("call need", 300),
    ("call deny", 300),
    ("call approval", 100),
    ("call escalate", 50),
    ("call paused", 20),
    ("approval allow", 20),
    ("approval deny", 10),
    ("approval refused", 10),
    ("result taken", 200),
    ("record taken", 300),
    ("pause taken", 20),
    ("undo taken", 5),
    ("undo refused", 20),
    ("(escalated)", 50),
    ("(expired)", 10),
];

#[test]
fn the_evaluators_agree_on_random_stories() {
    let only = std::env::var("AGENTC_ONLY").unwrap_or_default();
    let stories = std::env::var("AGENTC_STORIES").ok().and_then(|number| number.parse().ok()).unwrap_or(STORIES);
    let sound: Vec<Sound> =
        all().into_iter().filter(|path| path.to_string_lossy().contains(&only)).filter_map(|path| compiled(&path).ok()).collect();
    assert!(!sound.is_empty(), "no policy was found");
    let halves: Vec<Vec<&Sound>> = vec![sound.iter().step_by(2).collect(), sound.iter().skip(1).step_by(2).collect()];
    let told: Vec<Half> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(move || tell(half, stories))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no evaluator panics")).collect()
    });
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    for half in told {
        half.outcomes.into_iter().for_each(|(name, times)| *outcomes.entry(name).or_default() += times);
        wrong.extend(half.wrong);
    }
    let events: usize = outcomes.values().sum();
    println!("{} policies, {} stories, {events} events", sound.len(), sound.len() * stories);
    outcomes.iter().for_each(|(name, times)| println!("{times:>8}  {name}"));
    assert!(wrong.is_empty(), "{} policies:\n{}", wrong.len(), wrong.join("\n"));
    if only.is_empty() {
        let missing: Vec<_> = REACHED.iter().filter(|(name, times)| outcomes.get(*name).copied().unwrap_or(0) < *times).collect();
        assert!(missing.is_empty(), "too seldom reached: {missing:?}");
    }
}

#[derive(Default)]
struct Half {
    outcomes: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

fn tell(policies: &[&Sound], stories: usize) -> Half {
    let mut half = Half::default();
    for sound in policies {
        let policy = sound.policy();
        let pool = Pool::of(&policy, &sound.typed);
        if pool.openings.is_empty() {
            continue;
        }
        for seed in 0..stories as u64 {
            let mut both = Both::new(&policy, &sound.typed);
            let told = Story::new(&sound.typed, &pool, seed).tell(&mut both, LENGTH);
            told.outcomes.into_iter().for_each(|(name, times)| *half.outcomes.entry(name).or_default() += times);
            if !both.disagreements.is_empty() {
                half.wrong.push(smallest(sound, &policy, seed, told.events));
                break;
            }
        }
    }
    half
}

/// The shortest story that still shows a difference, found by leaving out events one by one.
fn smallest(sound: &Sound, policy: &agentc_runtime::policy::Policy, seed: u64, mut events: Vec<(String, Event)>) -> String {
    let differs = |events: &[(String, Event)]| -> Option<Vec<String>> {
        let mut both = Both::new(policy, &sound.typed);
        for (run, event) in events {
            both.tell(run, event)?;
            if let Some((_, lines)) = both.disagreements.first() {
                return Some(lines.clone());
            }
        }
        None
    };
    let mut lines = differs(&events).unwrap_or_default();
    let mut at = events.len();
    while at > 0 {
        at -= 1;
        let mut fewer = events.clone();
        fewer.remove(at);
        if let Some(still) = differs(&fewer) {
            events = fewer;
            lines = still;
        }
    }
    let told: Vec<String> = events.iter().map(|(run, event)| format!("  {run} {}", event.to_json())).collect();
    format!("{} with seed {seed}:\n{}\n    {}", sound.name, told.join("\n"), lines.join("\n    "))
}
