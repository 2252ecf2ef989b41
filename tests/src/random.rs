//! A random policy, compiled, with everything that its stories are told from; and the smallest policy and story that still show a
//! difference.

use crate::author;
use crate::both::Both;
use crate::generate::{Story, Told};
use crate::modes::Modes;
use crate::pool::Pool;
use agentc_compiler::source::Loader;
use agentc_compiler::typed::{SourceFile, Typed};
use agentc_compiler::{Compiled, compile};
use agentc_runtime::event::Event;
use agentc_runtime::library::Library;
use agentc_runtime::policy::Policy;

/// Arguments that are tried before each call.
const TRIES: usize = 7;

/// About so many events in a story.
pub const LENGTH: usize = 20;

/// A policy of one file, ready for stories.
#[derive(Debug)]
pub struct Ready {
    /// Its text.
    pub text: String,
    /// As it was checked.
    pub typed: Typed,
    /// As a host loads it.
    pub policy: Policy,
    /// The same, by other ways.
    pub modes: Modes,
}

/// A single file uses no modules but those of the library.
struct Alone;

impl Loader for Alone {
    fn load(&self, _: &str) -> Option<SourceFile> {
        None
    }
}

/// Compiles a policy of one file.
#[must_use]
pub fn compile_text(text: &str, library: &Library) -> Compiled {
    compile(SourceFile { name: "random.agentpolicy".to_owned(), text: text.to_owned() }, &Alone, library)
}

impl Ready {
    /// The policy of a text; `None` where it does not compile.
    #[must_use]
    pub fn of(text: String, library: &Library) -> Option<Self> {
        let compiled = compile_text(&text, library);
        let (typed, program) = (compiled.typed?, compiled.program?);
        let modes = Modes::of(&text, &typed, &program, library);
        let policy = Policy::new(program, library).unwrap_or_else(|error| panic!("{error}\n{text}"));
        Some(Self { text, typed, policy, modes })
    }

    /// The policy of a seed; `None` where it does not compile.
    #[must_use]
    pub fn random(seed: u64, library: &Library) -> Option<Self> {
        Self::of(author::policy(seed, library), library)
    }

    /// What its stories are told from.
    #[must_use]
    pub fn pool(&self, seed: u64) -> Pool {
        Pool::aimed(&self.typed, seed)
    }

    /// The story of that seed, and how the ways to decide it differ.
    #[must_use]
    pub fn tell(&self, pool: &Pool, seed: u64) -> (Told, Vec<String>) {
        let mut both = Both::new(&self.policy, &self.typed);
        let told = Story::new(&self.typed, pool, seed).aiming(TRIES).tell(&mut both, LENGTH);
        let lines = self.against(&both, &told.events);
        (told, lines)
    }

    /// How the ways to decide these events differ; nothing where they do not, or where they are no story.
    #[must_use]
    pub fn differences(&self, events: &[(String, Event)]) -> Vec<String> {
        let mut both = Both::new(&self.policy, &self.typed);
        for (run, event) in events {
            if both.tell(run, event).is_none() {
                return Vec::new();
            }
            if !both.disagreements.is_empty() {
                break;
            }
        }
        self.against(&both, events)
    }

    fn against(&self, both: &Both<'_>, events: &[(String, Event)]) -> Vec<String> {
        if let Some((_, lines)) = both.disagreements.first() {
            return lines.clone();
        }
        self.modes.differences(events, &both.answers)
    }
}

/// The smallest policy and story that still show a difference, as a person reads them: lines of the policy and events are left out, one
/// after the other, as long as some difference remains.
#[must_use]
pub fn smallest(ready: Ready, events: Vec<(String, Event)>, library: &Library) -> String {
    let (mut ready, mut events) = (ready, events);
    loop {
        events = fewer_events(&ready, events);
        let before = ready.text.len();
        let mut at = 0;
        while let Some(left_out) = without_part(&ready.text, at) {
            match left_out.and_then(|text| Ready::of(text, library)).filter(|less| !less.differences(&events).is_empty()) {
                Some(less) => ready = less,
                None => at += 1,
            }
        }
        if ready.text.len() == before {
            break;
        }
    }
    let told: Vec<String> = events.iter().map(|(run, event)| format!("  {run} {}", event.to_json())).collect();
    format!("{}\n{}\n    {}", ready.text, told.join("\n"), ready.differences(&events).join("\n    "))
}

/// Events are left out, many at once first, then one by one.
fn fewer_events(ready: &Ready, mut events: Vec<(String, Event)>) -> Vec<(String, Event)> {
    let mut size = events.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < events.len() {
            let mut fewer = events.clone();
            fewer.drain(at..(at + size).min(events.len()));
            if ready.differences(&fewer).is_empty() {
                at += size;
            } else {
                events = fewer;
            }
        }
        size /= 2;
    }
    events
}

/// The text without the line at that index, or without the whole block that begins there; nothing inside where the line is no such part.
fn without_part(text: &str, at: usize) -> Option<Option<String>> {
    let lines: Vec<&str> = text.lines().collect();
    let rest = lines.get(at..).filter(|rest| !rest.is_empty())?;
    let mut open = 0;
    let ends = rest.iter().position(|line| {
        open += line.matches('{').count() as i64 - line.matches('}').count() as i64;
        open <= 0
    });
    let Some(length) = ends.filter(|_| open == 0).map(|end| end + 1) else { return Some(None) };
    let kept = lines[..at].iter().chain(&rest[length..]);
    Some(Some(kept.map(|line| format!("{line}\n")).collect()))
}
