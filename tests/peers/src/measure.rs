//! Measures engines on one case: all must decide the same, then rounds of all engines are interleaved.

use crate::driver::{Form, Peer, Worker};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// How long measuring may take.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Rounds of all engines.
    pub rounds: usize,
    /// For one engine's decisions of one kind in one round.
    pub slice: Duration,
    /// For the decisions of one engine that are compared with the first engine's.
    pub compare: Duration,
    /// How often a policy is loaded, within one slice of time or once.
    pub loads: usize,
}

/// The fewest decisions that are compared, however slow an engine is.
const FEWEST: usize = 4;

/// What was measured of one engine on one case. Times in nanoseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The engine's name.
    pub engine: String,
    /// Requests as JSON bytes.
    pub bytes: Option<Times>,
    /// Requests parsed before.
    pub prepared: Option<Times>,
    /// The fastest loading of the policy.
    pub load: u64,
    /// Bytes of what was loaded.
    pub source: u64,
    /// Resident memory in kilobytes: what loading the policy added, and the peak of the process.
    pub added_kb: u64,
    /// The peak of the process.
    pub peak_kb: u64,
    /// How many of its decisions were compared with the first engine's.
    pub compared: usize,
    /// Why it does not take the policy, where it does not: then nothing else is known.
    pub refused: Option<String>,
}

impl Row {
    fn refused(engine: &str, why: String) -> Self {
        let engine = engine.to_owned();
        Self { engine, bytes: None, prepared: None, load: 0, source: 0, added_kb: 0, peak_kb: 0, compared: 0, refused: Some(why) }
    }
}

/// Times of a decision in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// The mean over short stretches of decisions, each timed as a whole and by its best round, so that other processes disturb it little.
    pub mean: f64,
    /// Decisions timed one by one, the clock's own time included.
    pub p50: u64,
    /// The same.
    pub p99: u64,
    /// How many were timed one by one.
    pub samples: usize,
}

/// An engine being measured.
struct Subject {
    worker: Worker,
    name: &'static str,
    forms: Vec<Measured>,
    load: u64,
    compared: usize,
}

struct Measured {
    form: Form,
    /// Decisions that fit into a slice.
    count: usize,
    /// Decisions to a stretch.
    stretch: usize,
    /// The best time of each stretch.
    best: Vec<u64>,
    each: Vec<u64>,
}

/// How long a stretch of decisions takes: less than the system lets a process run.
const STRETCH: Duration = Duration::from_millis(1);

/// What a case showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// A row an engine, in the order given.
    pub rows: Vec<Row>,
    /// What the first engine decided, a letter a request.
    pub decisions: String,
}

/// Measures these engines on a case. The first one's decisions are what the others' are compared with; the engines of `floors` decide nothing
/// and are only timed on bytes.
///
/// # Errors
/// The first decision that differs; what went wrong with an engine.
pub fn measure(folder: &Path, peers: &[Peer], floors: &[Peer], budget: Budget) -> Result<Shown, String> {
    let mut subjects = Vec::new();
    let mut refusals = Vec::new();
    let mut decisions = String::new();
    for peer in peers {
        let mut worker = match Worker::start(peer, folder)? {
            Ok(worker) => worker,
            Err(why) => {
                refusals.push(Row::refused(peer.name, why));
                continue;
            }
        };
        let mut forms = Vec::new();
        let mut compared = worker.started.requests;
        for form in [Form::Bytes, Form::Prepared] {
            let count = fitting(&mut worker, form, budget.compare)?.max(FEWEST).min(worker.started.requests);
            let decided = worker.decide(form, 0, count)?;
            if decisions.is_empty() {
                decisions.clone_from(&decided);
            }
            agree(peer.name, form, &decisions, &decided)?;
            compared = compared.min(count);
            forms.push(Measured::fitting(&mut worker, form, budget.slice)?);
        }
        let load = worker.started.load_ns;
        subjects.push(Subject { worker, name: peer.name, forms, load, compared });
    }
    for peer in floors {
        let mut worker = Worker::start(peer, folder)??;
        let forms = vec![Measured::fitting(&mut worker, Form::Bytes, budget.slice)?];
        let load = worker.started.load_ns;
        subjects.push(Subject { worker, name: peer.name, forms, load, compared: 0 });
    }
    for round in 0..budget.rounds {
        for subject in &mut subjects {
            subject.round(round)?;
        }
    }
    for _ in 1..budget.loads {
        for subject in subjects.iter_mut().filter(|subject| u128::from(subject.load) < budget.compare.as_nanos()) {
            subject.load = subject.load.min(subject.worker.load()?);
        }
    }
    let mut rows = subjects.into_iter().map(Subject::row).collect::<Result<Vec<_>, _>>()?;
    rows.extend(refusals);
    Ok(Shown { rows, decisions })
}

/// Measures only how long loading takes: rounds of all engines, interleaved.
///
/// # Errors
/// What went wrong with an engine.
pub fn loads(folder: &Path, peers: &[Peer], times: usize) -> Result<Vec<Row>, String> {
    let mut workers =
        peers.iter().map(|peer| Ok((peer.name, Worker::start(peer, folder)??))).collect::<Result<Vec<_>, String>>()?;
    let mut best: Vec<u64> = workers.iter().map(|(_, worker)| worker.started.load_ns).collect();
    for _ in 1..times {
        for ((_, worker), best) in workers.iter_mut().zip(&mut best) {
            *best = (*best).min(worker.load()?);
        }
    }
    let row = |((name, worker), load): ((&'static str, Worker), u64)| {
        Subject { worker, name, forms: Vec::new(), load, compared: 0 }.row()
    };
    workers.into_iter().zip(best).map(row).collect()
}

impl Subject {
    /// Every form once untimed, and once timed: what the engine before it left in the processor's caches is no part of what an engine takes.
    fn round(&mut self, round: usize) -> Result<(), String> {
        for measured in &mut self.forms {
            let (form, count) = (measured.form, measured.count);
            self.worker.pass(form, 0, count)?;
            for (at, best) in measured.best.iter_mut().enumerate() {
                *best = (*best).min(self.worker.pass(form, at * measured.stretch, measured.stretch)?);
            }
            measured.each.extend(self.worker.each(form, round * count, count)?);
        }
        Ok(())
    }

    fn row(self) -> Result<Row, String> {
        let times = |form: Form| self.forms.iter().find(|measured| measured.form == form).map(Measured::times);
        let (bytes, prepared) = (times(Form::Bytes), times(Form::Prepared));
        let started = self.worker.started;
        let added_kb = started.memory.loaded_kb.saturating_sub(started.memory.before_kb);
        let peak_kb = self.worker.quit()?;
        let (engine, load, compared) = (self.name.to_owned(), self.load, self.compared);
        Ok(Row { engine, bytes, prepared, load, source: started.bytes, added_kb, peak_kb, compared, refused: None })
    }
}

impl Measured {
    fn fitting(worker: &mut Worker, form: Form, slice: Duration) -> Result<Self, String> {
        let count = fitting(worker, form, slice)?;
        let stretch = count.min(fitting(worker, form, STRETCH)?);
        Ok(Self { form, count, stretch, best: vec![u64::MAX; count / stretch], each: Vec::new() })
    }

    fn times(&self) -> Times {
        let mut each = self.each.clone();
        each.sort_unstable();
        let at = |share: f64| each.get((each.len() as f64 * share) as usize).or(each.last()).copied().unwrap_or(0);
        let mean = self.best.iter().sum::<u64>() as f64 / (self.best.len() * self.stretch) as f64;
        Times { mean, p50: at(0.5), p99: at(0.99), samples: each.len() }
    }
}

/// How many decisions fit into that time: at least one, at most all requests.
fn fitting(worker: &mut Worker, form: Form, time: Duration) -> Result<usize, String> {
    let requests = worker.started.requests;
    let mut count = 1;
    loop {
        let spent = worker.pass(form, 0, count)?;
        let doubled = u128::from(spent) * 2;
        if doubled >= time.as_nanos() || count >= requests {
            return Ok(if doubled <= time.as_nanos() { requests } else { count });
        }
        count = (count * 2).min(requests);
    }
}

fn agree(name: &str, form: Form, expected: &str, decided: &str) -> Result<(), String> {
    match expected.chars().zip(decided.chars()).position(|(one, other)| one != other) {
        None => Ok(()),
        Some(at) => {
            let letter = |text: &str| text.chars().nth(at).unwrap_or('?');
            Err(format!("{name} ({form:?}) decides request {at} otherwise: `{}`, not `{}`", letter(decided), letter(expected)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_decision_that_differs_is_named() {
        assert_eq!(agree("cedar", Form::Bytes, "adpe", "adp"), Ok(()));
        let error = agree("cedar", Form::Prepared, "adpe", "adde").unwrap_err();
        assert_eq!(error, "cedar (Prepared) decides request 2 otherwise: `d`, not `p`");
    }
}
