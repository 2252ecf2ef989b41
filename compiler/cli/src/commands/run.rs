//! `agentc run POLICY --job J --input JSON`: an agent's events in, answers out.

use crate::chosen;
use crate::failure::Failure;
use crate::files::{load_policy, read_text, write};
use crate::outcome::Outcome;
use crate::records::Records;
use crate::story::told;
use crate::terminal::{complain, say};
use agentc_ledger::{Fetched, MemoryLedger, Records as Fetching, Session, SessionError};
use agentc_runtime::answer::{Answer, Need, Outcome as Decided};
use agentc_runtime::event::{Event, EventKind, ResultOutcome};
use agentc_runtime::json::Json;
use agentc_runtime::trace::read_line;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Run an agent's events through a policy: one JSON object a line on standard input, answers on standard output.
///
/// The events are those of `runtime/events.md`; one without `at` happens now, and one from before the run began counts as sent at that time.
/// Where no `--records` are given, an answer may be `need`: send the records as events, then the call again. A line that is no event is reported
/// and decides nothing.
///
/// Exit code: 0 whatever is decided, a denied call is an answer; 1 where the policy has errors or the run cannot be opened, 2 where a line was no
/// event.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// The root file of the policy, or its artifact.
    policy: PathBuf,
    /// The job.
    #[arg(long)]
    job: String,
    /// Its input: a JSON object, or a file that holds one.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    input: String,
    /// The agent's identity: `id`, `roles` and declared attributes; JSON or a file.
    #[arg(long, value_name = "JSON", default_value = r#"{"id":"agent","roles":[]}"#)]
    agent: String,
    /// The identity of the person served; JSON or a file.
    #[arg(long, value_name = "JSON")]
    user: Option<String>,
    /// What the host attests; JSON or a file.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    environment: String,
    /// Answer needs from files, and change what is read of them with each result: the mapping of records to files, or the folder with it
    /// as `records.json`.
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    /// The folder of the data files that the mapping names; beside it where nothing is said.
    #[arg(long, value_name = "DIR", requires = "records")]
    data: Option<PathBuf>,
    /// When the run begins, RFC 3339. Where nothing is said, at the first event's `at`, for which the run waits; now where that has none.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// The run's id.
    #[arg(long, value_name = "ID", default_value = "run")]
    id: String,
    /// Write the trace to this file.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// How answers are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// In words, each below its event.
    Human,
    /// One JSON object a line.
    Jsonl,
}

impl Run {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let Some(policy) = load_policy(&self.policy)? else { return Ok(Outcome::Found) };
        let jobs: Vec<&str> = policy.program().jobs.iter().map(|job| job.name.as_str()).collect();
        if !jobs.contains(&self.job.as_str()) {
            return Err(chosen::no_job(&self.job, &jobs));
        }
        let mut lines = (1usize..).zip(std::io::stdin().lock().split(b'\n')).peekable();
        // Who sends events and says when they happened means a run of that time.
        let at = match self.at {
            Some(at) => Some(at),
            None => {
                let is_blank = |line: &std::io::Result<Vec<u8>>| line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty());
                while lines.next_if(|(_, line)| is_blank(line)).is_some() {}
                lines.peek().and_then(|(_, line)| said_at(line.as_deref().ok()?))
            }
        };
        let begin = self.open(at.unwrap_or_else(Timestamp::now))?;
        let clock = Rc::new(Cell::new(begin.at));
        let records = match &self.records {
            Some(path) => Some(Records::open_for(policy.program(), path, self.data.as_deref())?),
            None => None,
        };
        let world = records.map(|records| Rc::new(RefCell::new(records)));
        let fetching = FromFiles { world: world.clone(), clock: Rc::clone(&clock) };
        let (session, answer) = match Session::open(Arc::new(policy), Arc::new(MemoryLedger::new()), fetching, &begin) {
            Ok(opened) => opened,
            Err(SessionError::Refused(answer)) => {
                say(format_args!("{}", answer.person))?;
                return Ok(Outcome::Found);
            }
            Err(error) => return Err(Failure::said(error.to_string())),
        };
        let mut running = Running {
            session,
            clock,
            world,
            allowed: BTreeMap::new(),
            format: self.format,
            trace: Vec::new(),
            began: Some(begin.at),
        };
        running.show(&answer.to_json())?;
        let unread = running.events(lines);
        if let Some(path) = &self.trace {
            // The trace is written whatever happened: what was decided before is what it is for.
            let text: String = running.trace.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            write(path, text.as_bytes())?;
        }
        match unread? {
            0 => Ok(Outcome::Fine),
            1 => Err(Failure::said("a line was no event, and decided nothing")),
            lines => Err(Failure::said(format!("{lines} lines were no events, and decided nothing"))),
        }
    }

    /// The event that opens the run.
    fn open(&self, at: Timestamp) -> Result<Event, Failure> {
        let mut members = vec![
            ("event", Json::text("open")),
            ("at", Json::text(at.to_string())),
            ("run", Json::text(&*self.id)),
            ("job", Json::text(&*self.job)),
            ("input", json("--input", &self.input)?),
            ("agent", json("--agent", &self.agent)?),
            ("environment", json("--environment", &self.environment)?),
        ];
        if let Some(user) = &self.user {
            members.push(("user", json("--user", user)?));
        }
        Event::from_json(Json::object(members)).map_err(|error| Failure::said(error.to_string()))
    }
}

/// An option that is JSON, or names a file that holds it.
fn json(option: &str, value: &str) -> Result<Json, Failure> {
    let text = if value.trim_start().starts_with(['{', '[']) { value.to_owned() } else { read_text(Path::new(value))? };
    Json::read(text.as_bytes()).map_err(|error| Failure::said(format!("what `{option}` says is no JSON: {error}")))
}

/// Records from files, read at the time of the event that needs them.
struct FromFiles {
    world: Option<Rc<RefCell<Records>>>,
    clock: Rc<Cell<Timestamp>>,
}

impl Fetching for FromFiles {
    fn fetch(&mut self, need: &Need) -> Option<Fetched> {
        let found = self.world.as_ref()?.borrow().get(&need.record, &need.key.open);
        Some(Fetched { found, read_at: self.clock.get() })
    }
}

struct Running {
    session: Session<Arc<MemoryLedger>, FromFiles>,
    clock: Rc<Cell<Timestamp>>,
    /// The records of the files, as the writes of this run left them.
    world: Option<Rc<RefCell<Records>>>,
    /// The calls that were allowed and not reported yet: verb and arguments, by id.
    allowed: BTreeMap<String, (String, Json)>,
    format: Format,
    trace: Vec<String>,
    /// When the run began, until it was said that an event of before counts as sent later.
    began: Option<Timestamp>,
}

impl Running {
    /// Sends every line of standard input; how many were no events.
    fn events(&mut self, lines: impl Iterator<Item = (usize, std::io::Result<Vec<u8>>)>) -> Result<usize, Failure> {
        let mut unread = 0usize;
        for (number, line) in lines {
            let line = line.map_err(|error| Failure::said(format!("standard input cannot be read: {error}")))?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            match event(&line) {
                Ok(event) => {
                    if let Some(began) = self.began.filter(|began| event.at < *began) {
                        self.began = None;
                        complain(format_args!(
                            "line {number}: the run began at {began}, so that this event of {} counts as sent later, and so does every other \
                             one of before; `--at` says when a run begins\n",
                            event.at
                        ));
                    }
                    self.clock.set(self.clock.get().max(event.at));
                    let answer = self.session.send(&event).map_err(|error| Failure::said(error.to_string()))?;
                    self.show(&answer.to_json())?;
                    if let Err(why) = self.carry_on(event, answer) {
                        complain(format_args!("line {number}: {why}\n"));
                    }
                }
                Err(why) => {
                    unread = unread.saturating_add(1);
                    complain(format_args!("line {number}: {why}; nothing was decided\n"));
                }
            }
        }
        Ok(unread)
    }

    /// Later calls are decided in the world that the writes before them left: a result that was taken changes the records, as their
    /// mapping says.
    fn carry_on(&mut self, event: Event, answer: Answer) -> Result<(), String> {
        match (event.kind, answer.outcome) {
            (EventKind::Result(result), Decided::Taken | Decided::Shown(_)) => {
                let Some((verb, args)) = self.allowed.remove(&result.id) else { return Ok(()) };
                let (Some(world), ResultOutcome::Ok(value)) = (&self.world, result.outcome) else { return Ok(()) };
                let changed = world.borrow_mut().apply(&verb, &args, &value);
                changed.map(drop).map_err(|error| format!("the records do not show what `{}` changed: {error}", result.id))
            }
            (_, Decided::Allow(allow)) => {
                let call = answer.call.map(|id| (id, (allow.verb, allow.args.open)));
                self.allowed.extend(call);
                Ok(())
            }
            (_, Decided::Undo(calls)) => {
                let calls = calls.into_iter().filter(|call| call.allowed);
                self.allowed.extend(calls.map(|call| (call.id, (call.verb, call.args.open))));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Shows what happened since the last time: in words each event and answer, as JSON the answer that counts.
    fn show(&mut self, answer: &Json) -> Result<(), Failure> {
        let lines = self.session.take_trace();
        let mut out = std::io::stdout().lock();
        let shown = match self.format {
            Format::Jsonl => writeln!(out, "{answer}"),
            Format::Human => {
                let parts = lines.iter().filter_map(|line| read_line(line).ok());
                let told: String = parts.filter_map(|line| Some(told(line.get("event")?, line.get("answer")?))).collect();
                write!(out, "{told}")
            }
        };
        // Answers must not wait in a buffer: a host at the other end of the pipe waits for them.
        let flushed = shown.and_then(|()| out.flush());
        self.trace.extend(lines);
        flushed.map_err(Failure::Output)
    }
}

/// When a line says that its event happened.
fn said_at(line: &[u8]) -> Option<Timestamp> {
    Event::read_json(line).ok()?.get("at")?.as_text()?.parse().ok()
}

/// Reads an event; one that does not say when happens now.
fn event(line: &[u8]) -> Result<Event, String> {
    let mut json = Event::read_json(line).map_err(|error| error.to_string())?;
    if let Json::Object(members) = &mut json
        && !members.iter().any(|(name, _)| name == "at")
    {
        members.push(("at".to_owned(), Json::text(Timestamp::now().to_string())));
    }
    Event::from_json(json).map_err(|error| error.to_string())
}
