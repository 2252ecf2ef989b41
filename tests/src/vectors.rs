//! Conformance vectors as files: what is sent to which run, and the exact bytes of what comes back. `tests/conformance/README.md` says
//! how to read them.

use agentc_ledger::{ByEvents, MemoryLedger, Session, SessionError};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// One step of a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The run that the event is sent to.
    pub run: String,
    /// The event's bytes.
    pub event: String,
    /// The answer's bytes, or the sentence that says why there is none.
    pub answer: Result<String, String>,
}

/// A sequence of events that starts with an empty ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector {
    /// What it is called.
    pub name: String,
    /// What is sent and answered, in order.
    pub steps: Vec<Step>,
}

/// The vectors of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The policy that the artifact was compiled from, relative to the repository.
    pub policy: String,
    /// Its vectors.
    pub vectors: Vec<Vector>,
}

impl File {
    /// Reads a file of vectors.
    ///
    /// # Errors
    /// The line that is none, and why.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut file = Self { policy: String::new(), vectors: Vec::new() };
        let mut sent: Option<(String, String)> = None;
        for (number, line) in (1..).zip(text.lines()) {
            let Some((mark, rest)) = line.split_once(' ') else { return Err(format!("line {number} has no mark")) };
            let answer = match mark {
                "%" => {
                    file.policy = rest.to_owned();
                    continue;
                }
                "#" => {
                    file.vectors.push(Vector { name: rest.to_owned(), steps: Vec::new() });
                    continue;
                }
                ">" => {
                    let (run, event) = rest.split_once(' ').ok_or_else(|| format!("line {number} names no run"))?;
                    if sent.replace((run.to_owned(), event.to_owned())).is_some() {
                        return Err(format!("line {number}: the event before has no answer"));
                    }
                    continue;
                }
                "<" => Ok(rest.to_owned()),
                "!" => Err(rest.to_owned()),
                _ => return Err(format!("line {number} begins with no mark")),
            };
            let (run, event) = sent.take().ok_or_else(|| format!("line {number} answers nothing"))?;
            let vector = file.vectors.last_mut().ok_or_else(|| format!("line {number} belongs to no vector"))?;
            vector.steps.push(Step { run, event, answer });
        }
        if sent.is_some() { Err("the last event has no answer".to_owned()) } else { Ok(file) }
    }

    /// The file's text.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!("% {}\n", self.policy);
        for vector in &self.vectors {
            let _ = writeln!(text, "# {}", vector.name);
            for step in &vector.steps {
                let (mark, said) = match &step.answer {
                    Ok(answer) => ("<", answer),
                    Err(why) => ("!", why),
                };
                let _ = writeln!(text, "> {} {}\n{mark} {said}", step.run, step.event);
            }
        }
        text
    }
}

/// The native host of one vector: a policy, an empty ledger in memory, its runs.
pub struct Host {
    policy: Arc<Policy>,
    ledger: Arc<MemoryLedger>,
    runs: BTreeMap<String, Session<Arc<MemoryLedger>, ByEvents>>,
}

impl Host {
    /// Nothing is open, nothing counted.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { policy, ledger: Arc::new(MemoryLedger::new()), runs: BTreeMap::new() }
    }

    /// The answer's bytes, or the sentence that says why there is none.
    ///
    /// # Errors
    /// That sentence.
    pub fn send(&mut self, run: &str, event: &[u8]) -> Result<String, String> {
        let event = Event::read(event).map_err(|error| error.to_string())?;
        if let Some(session) = self.runs.get_mut(run) {
            let answer = session.send(&event).map_err(|error| error.to_string())?;
            return Ok(answer.to_json().to_string());
        }
        match Session::open(Arc::clone(&self.policy), Arc::clone(&self.ledger), ByEvents, &event) {
            Ok((session, answer)) => {
                self.runs.insert(run.to_owned(), session);
                Ok(answer.to_json().to_string())
            }
            // The run still waits to be opened.
            Err(SessionError::Refused(answer)) => Ok(answer.to_json().to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Sends events to an empty host, and writes down what came back.
    #[must_use]
    pub fn record(policy: &Arc<Policy>, name: &str, events: &[(String, String)]) -> Vector {
        let mut host = Self::new(Arc::clone(policy));
        let told = events.iter().map(|(run, event)| Step {
            run: run.clone(),
            event: event.clone(),
            answer: host.send(run, event.as_bytes()),
        });
        Vector { name: name.to_owned(), steps: told.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let steps = vec![
            Step { run: "r1".into(), event: "{\"a\": 1}".into(), answer: Ok("{}".into()) },
            Step { run: "r2".into(), event: "nonsense".into(), answer: Err("an event cannot be read".into()) },
        ];
        let file = File { policy: "p/q.agentpolicy".into(), vectors: vec![Vector { name: "one, two".into(), steps }] };
        assert_eq!(File::read(&file.write()), Ok(file));
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        let cut = |text: &str| File::read(text).expect_err("it is cut");
        assert_eq!(cut("% p\n# v\n> r {}\n"), "the last event has no answer");
        assert_eq!(cut("% p\n# v\n< {}\n"), "line 3 answers nothing");
        assert_eq!(cut("% p\n# v\n> r {}\n> r {}\n"), "line 4: the event before has no answer");
        assert_eq!(cut("% p\n> r {}\n< {}\n"), "line 3 belongs to no vector");
    }
}
