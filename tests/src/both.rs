//! Both evaluators behind one face: every event goes to both, every answer is compared as a whole.

use crate::compare::differences;
use crate::native::Native;
use crate::oracle::said::Said;
use crate::oracle::world::World;
use agentc::testing::Evaluator;
use agentc_compiler::typed::Typed;
use agentc_runtime::answer::Answer;
use agentc_runtime::event::{Event, EventKind};
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use std::collections::BTreeMap;

/// Both evaluators over one policy, sharing nothing.
#[derive(Debug)]
pub struct Both<'a> {
    native: Native<'a>,
    world: World<'a>,
    /// The runs by id: their index in the one and in the other.
    runs: BTreeMap<String, (usize, usize)>,
    /// The run that events without a run belong to.
    current: Option<String>,
    /// Where the answers differed: the event and the lines.
    pub disagreements: Vec<(String, Vec<String>)>,
    /// The runtime's answer to each event.
    pub answers: Vec<Answer>,
    /// Every event with its run, and what the reference evaluator said; nothing where a run was not opened.
    pub told: Vec<(String, Event, Option<Said>)>,
}

impl<'a> Both<'a> {
    /// No run yet.
    pub fn new(policy: &'a Policy, typed: &'a Typed) -> Self {
        Self {
            native: Native::new(policy),
            world: World::new(typed),
            runs: BTreeMap::new(),
            current: None,
            disagreements: Vec::new(),
            answers: Vec::new(),
            told: Vec::new(),
        }
    }

    /// Events that name no run go to this one from here on.
    pub fn turn_to(&mut self, run: &str) {
        self.current = Some(run.to_owned());
    }

    /// The runtime's answer, compared with the reference evaluator's.
    pub fn send(&mut self, event: &Event) -> Answer {
        if let EventKind::Open(opened) = &event.kind {
            return self.open(&opened.run.clone(), event);
        }
        let run = self.current.clone().expect("a run was opened first");
        let Some((native, slow)) = self.runs.get(&run).copied() else { panic!("`{run}` was not opened") };
        let answer = self.native.send(native, event);
        let said = self.world.send(slow, event).said.clone();
        let mut lines = differences(&answer, &said);
        lines.append(&mut self.native.brief);
        self.told.push((run, event.clone(), Some(said)));
        self.answers.push(answer.clone());
        self.note(event, lines);
        answer
    }

    /// What the runtime would answer to an event of a run that was opened; nothing changes.
    pub fn peek(&self, run: &str, event: &Event) -> Option<Answer> {
        let (native, _) = self.runs.get(run)?;
        Some(self.native.peek(*native, event))
    }

    /// An event of a run; `None` where that run is not open.
    pub fn tell(&mut self, run: &str, event: &Event) -> Option<Answer> {
        let opens = matches!(event.kind, EventKind::Open(_));
        if !opens && !self.runs.contains_key(run) {
            return None;
        }
        self.turn_to(run);
        Some(self.send(event))
    }

    fn open(&mut self, id: &str, event: &Event) -> Answer {
        let (native, answer) = self.native.open(event);
        let slow = self.world.open(event);
        let said = slow.map(|_| self.world.log.last().expect("it was entered").said.clone());
        self.told.push((id.to_owned(), event.clone(), said));
        self.answers.push(answer.clone());
        let lines = match (native, slow) {
            (Some(native), Some(slow)) => {
                self.runs.insert(id.to_owned(), (native, slow));
                self.current = Some(id.to_owned());
                differences(&answer, &self.world.log.last().expect("it was entered").said)
            }
            (None, None) => Vec::new(),
            (native, slow) => vec![format!("opened: runtime {}, reference {}", native.is_some(), slow.is_some())],
        };
        self.note(event, lines);
        answer
    }

    fn note(&mut self, event: &Event, lines: Vec<String>) {
        if !lines.is_empty() {
            self.disagreements.push((event.to_json().to_string(), lines));
        }
    }

    /// Panics with what differed.
    pub fn agree(&self, what: &str) {
        let mut text = String::new();
        for (event, lines) in &self.disagreements {
            text.push_str(&format!("\n{event}\n  {}", lines.join("\n  ")));
        }
        assert!(text.is_empty(), "{what}: the evaluators differ{text}");
    }
}

impl Evaluator for Both<'_> {
    fn answer(&mut self, event: &Json) -> Result<Json, String> {
        let event = Event::from_json(event.clone()).map_err(|error| error.to_string())?;
        Ok(self.send(&event).to_json())
    }
}
