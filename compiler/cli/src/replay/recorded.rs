//! Recorded runs: one run a line, with the calls an agent made and what its tools answered.

use agentc_runtime::json::Json;
use std::path::{Path, PathBuf};

/// One recorded run.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its name: the line's `run` or `task`, or else its number.
    pub name: String,
    /// The whole line, for the members that open the run or group it.
    pub line: Json,
    /// Its events in order.
    pub events: Vec<Event>,
}

/// One event of a recorded run.
#[derive(Debug, Clone)]
pub enum Event {
    /// The agent made a call.
    Call {
        /// Its id, once in a run.
        id: String,
        /// When, with its offset from UTC, where the recording says so.
        at: Option<String>,
        /// The verb, by its name on the wire.
        verb: String,
        /// Its arguments.
        args: Json,
    },
    /// A tool answered.
    Result {
        /// The call it answers.
        id: String,
        /// When, where the recording says so.
        at: Option<String>,
        /// How it ended.
        end: End,
    },
    /// What was said, and whatever else a recording holds: no call, so nothing to decide.
    Other,
}

/// How a recorded call ended.
#[derive(Debug, Clone)]
pub enum End {
    /// It did what it was asked, and gave this.
    Value(Json),
    /// The tool refused, in these words.
    Refused(String),
    /// Nobody can tell.
    Unclear,
}

/// Why a file is no recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordedError {
    /// It cannot be read.
    #[error("`{}` cannot be read: {why}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A line is no recorded run.
    #[error("`{}`, line {line}: {why}", file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

/// Reads a file of recorded runs. Empty lines are left out.
///
/// # Errors
/// [`RecordedError`], with the line.
pub fn read(file: &Path) -> Result<Vec<Recorded>, RecordedError> {
    let text =
        std::fs::read_to_string(file).map_err(|error| RecordedError::Read { file: file.to_owned(), why: error.to_string() })?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| parse(line, number).map_err(|why| RecordedError::Line { file: file.to_owned(), line: number, why }))
        .collect()
}

fn parse(text: &str, number: usize) -> Result<Recorded, String> {
    let line = Json::read(text.as_bytes()).map_err(|error| error.to_string())?;
    let events = line.get("events").and_then(Json::as_list).ok_or("there is no list `events`")?;
    let events = (1..).zip(events).map(|(at, written)| event(written).map_err(|why| format!("event {at}: {why}")));
    let events = events.collect::<Result<_, String>>()?;
    let name = match line.get("run").or_else(|| line.get("task")) {
        Some(Json::Text(name)) => name.clone(),
        Some(Json::Number(name)) => name.as_str().to_owned(),
        _ => number.to_string(),
    };
    Ok(Recorded { name, line, events })
}

fn event(written: &Json) -> Result<Event, String> {
    let text = |name: &str| {
        let text = written.get(name).and_then(Json::as_text).map(str::to_owned);
        text.ok_or_else(|| format!("there is no text `{name}`"))
    };
    match text("event")?.as_str() {
        "call" => Ok(Event::Call {
            id: text("id")?,
            at: time(written)?,
            verb: text("verb")?,
            args: written.get("args").ok_or("there are no `args`")?.clone(),
        }),
        "result" => {
            let end = match (written.get("value"), written.get("refused")) {
                (Some(value), None) => End::Value(value.clone()),
                (None, Some(Json::Text(words))) => End::Refused(words.clone()),
                (None, None) => End::Unclear,
                _ => return Err("a result has a `value`, or `refused` with the tool's words, or neither".to_owned()),
            };
            Ok(Event::Result { id: text("id")?, at: time(written)?, end })
        }
        _ => Ok(Event::Other),
    }
}

fn time(written: &Json) -> Result<Option<String>, String> {
    match written.get("at") {
        None => Ok(None),
        Some(Json::Text(at)) => Ok(Some(at.clone())),
        Some(_) => Err("`at` is no text".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_run_with_its_calls() {
        let run = parse(
            r#"{"run": "0-1", "reward": 1.0, "events": [
                {"event": "message", "from": "user", "text": "hi", "at": "2024-05-15T15:00:00-05:00"},
                {"event": "call", "id": "c0", "at": "2024-05-15T15:00:01-05:00", "verb": "think", "args": {"thought": "x"}},
                {"event": "result", "id": "c0", "at": "2024-05-15T15:00:02-05:00", "refused": "no"}]}"#,
            7,
        )
        .unwrap();
        assert_eq!(run.name, "0-1");
        assert!(
            matches!(&run.events[..], [Event::Other, Event::Call { verb, .. }, Event::Result { end: End::Refused(words), .. }]
            if verb == "think" && words == "no")
        );
    }

    #[test]
    fn a_line_that_is_no_run_says_why() {
        let why = |text: &str| parse(text, 1).map(|run| run.name).unwrap_err();
        assert_eq!(why("{}"), "there is no list `events`");
        assert_eq!(why(r#"{"events": [{"event": "call", "id": "c"}]}"#), "event 1: there is no text `verb`");
        assert_eq!(why(r#"{"events": [{"event": "result", "id": "c", "at": 7}]}"#), "event 1: `at` is no text");
        assert_eq!(
            why(r#"{"events": [{"event": "result", "id": "c", "at": "x", "value": 1, "refused": "no"}]}"#),
            "event 1: a result has a `value`, or `refused` with the tool's words, or neither"
        );
    }
}
