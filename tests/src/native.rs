//! A host of the runtime: one policy, cells in memory, any number of runs. Whatever is sent is decided briefly and previewed too, and
//! must come out the same.

use agentc_runtime::answer::{Answer, Fired};
use agentc_runtime::cell::{CellKey, Snapshot, Versioned, Write};
use agentc_runtime::decide::{Decision, Detail, Opening, Step, decide, decide_in, open};
use agentc_runtime::event::{Event, EventKind};
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Prepared, PreviewError, Scratch, preview};
use agentc_runtime::run::Run;
use std::collections::BTreeMap;

/// A host of the runtime.
#[derive(Debug)]
pub struct Native<'a> {
    policy: &'a Policy,
    cells: BTreeMap<CellKey, Versioned>,
    runs: Vec<Run>,
    scratch: Scratch,
    /// Whether every event is decided briefly and previewed too.
    doubts: bool,
    /// Where the brief answer or the preview of the last event differed from its full answer, line by line.
    pub brief: Vec<String>,
    /// The steps that judging a call took at the last event; 0 where none was judged.
    pub steps: u32,
}

impl<'a> Native<'a> {
    /// No run yet, nothing counted.
    pub fn new(policy: &'a Policy) -> Self {
        Self {
            policy,
            cells: BTreeMap::new(),
            runs: Vec::new(),
            scratch: Scratch::new(),
            doubts: true,
            brief: Vec::new(),
            steps: 0,
        }
    }

    /// The same, but nothing is decided briefly or previewed beside the full answer.
    pub fn in_full(policy: &'a Policy) -> Self {
        Self { doubts: false, ..Self::new(policy) }
    }

    /// Opens a run; its index where it could be opened.
    pub fn open(&mut self, event: &Event) -> (Option<usize>, Answer) {
        let mut snapshot = Snapshot::new();
        loop {
            match open(self.policy, &snapshot, event) {
                Opening::Load(cells) => self.load(&mut snapshot, cells),
                Opening::Refused(answer) => return (None, *answer),
                Opening::Opened(decision) => {
                    self.runs.push(decision.run);
                    return (Some(self.runs.len() - 1), decision.answer);
                }
            }
        }
    }

    /// Answers an event of a run, and commits what the decision asks of the ledger.
    pub fn send(&mut self, run: usize, event: &Event) -> Answer {
        let mut snapshot = Snapshot::new();
        loop {
            match decide(self.policy, &self.runs[run], &snapshot, event) {
                Step::Load(cells) => self.load(&mut snapshot, cells),
                Step::Done(decision) => {
                    if self.doubts {
                        self.brief = self.told_briefly(run, &snapshot, event, &decision);
                    }
                    for change in decision.commit.cells {
                        let cell = self.cells.entry(change.key).or_default();
                        assert_eq!(cell.version, change.expected, "nobody else writes here");
                        match change.write {
                            Write::Keep => {}
                            Write::Set { value, .. } => *cell = Versioned { version: cell.version + 1, value: Some(value) },
                            Write::Clear => *cell = Versioned { version: cell.version + 1, value: None },
                        }
                    }
                    self.runs[run] = decision.run;
                    self.steps = decision.steps;
                    return decision.answer;
                }
            }
        }
    }

    /// How the brief answer and the previews of an event differ from the full answer.
    fn told_briefly(&mut self, run: usize, snapshot: &Snapshot, event: &Event, full: &Decision) -> Vec<String> {
        let mut lines = Vec::new();
        match decide_in(self.policy, &self.runs[run], snapshot, event, Detail::Brief) {
            Step::Load(cells) => lines.push(format!("brief: asks for {cells:?}")),
            Step::Done(brief) => {
                let (told, wanted) = (brief.answer.to_json().to_string(), without_words(&full.answer).to_json().to_string());
                if told != wanted {
                    lines.push(format!("brief: {told}, full without words: {wanted}"));
                }
                if brief.commit != full.commit {
                    lines.push(format!("brief: commits {:?}, full {:?}", brief.commit, full.commit));
                }
            }
        }
        if matches!(event.kind, EventKind::Call(_)) {
            let wanted = full.answer.by.as_ref().map(|by| (full.answer.outcome.name(), by.rule.clone(), by.effect));
            let mut whole = Snapshot::whole();
            self.cells.iter().for_each(|(key, cell)| whole.insert(key.clone(), cell.clone()));
            let text = event.to_json().to_string();
            let run = &self.runs[run];
            let prepared = Prepared::read(self.policy, text.as_bytes()).expect("it is a call");
            let foreseen = [
                ("over the cells it reads", preview(self.policy, run, snapshot, text.as_bytes(), &mut self.scratch)),
                ("over all cells", preview(self.policy, run, &whole, text.as_bytes(), &mut self.scratch)),
                ("prepared", prepared.preview(self.policy, run, &whole, &mut self.scratch)),
            ];
            for (how, preview) in foreseen {
                let told = match preview {
                    Ok(preview) => Some((preview.outcome.name(), preview.rule.to_owned(), preview.effect)),
                    // A run of another policy has no preview.
                    Err(PreviewError::Foreign) => None,
                    Err(error) => {
                        lines.push(format!("preview {how}: {error}"));
                        continue;
                    }
                };
                if told != wanted {
                    lines.push(format!("preview {how}: {told:?}, decided: {wanted:?}"));
                }
            }
        }
        lines
    }

    /// A run as it is now.
    pub fn run(&self, run: usize) -> &Run {
        &self.runs[run]
    }

    /// What the answer to an event would be; nothing changes.
    pub fn peek(&self, run: usize, event: &Event) -> Answer {
        let mut snapshot = Snapshot::new();
        loop {
            match decide(self.policy, &self.runs[run], &snapshot, event) {
                Step::Load(cells) => self.load(&mut snapshot, cells),
                Step::Done(decision) => return decision.answer,
            }
        }
    }

    fn load(&self, snapshot: &mut Snapshot, cells: Vec<CellKey>) {
        for key in cells {
            let cell = self.cells.get(&key).cloned().unwrap_or_default();
            snapshot.insert(key, cell);
        }
    }
}

/// What a brief answer holds of a full one.
fn without_words(answer: &Answer) -> Answer {
    let by = answer.by.clone().map(|by| Fired { because: None, place: None, ..by });
    let (fired, shadow, values) = (Vec::new(), Vec::new(), Vec::new());
    Answer { by, fired, shadow, values, model: String::new(), person: String::new(), ..answer.clone() }
}
