//! Checks that nobody changed a trace.

use super::{NOTHING, hash};
use crate::json::{Json, JsonError};

/// A trace whose chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The digest of the policy that decided.
    pub policy: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// The last event is the run's `end`. Where it is not, the run goes on, or the file was cut after its last line.
    pub ended: bool,
}

/// An event and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The event.
    pub event: Json,
    /// The answer.
    pub answer: Json,
}

/// A trace whose chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the trace is broken at line {line}: {broken}")]
pub struct TraceError {
    /// The line, from 1.
    pub line: usize,
    /// How.
    pub broken: Broken,
}

/// How a trace is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There is no line at all.
    #[error("it holds no line")]
    Empty,
    /// The line is no JSON.
    #[error("the line was cut or changed: {0}")]
    Json(#[from] JsonError),
    /// The line is no line of a trace.
    #[error("`{0}` is missing, or not what it must be")]
    Member(&'static str),
    /// Lines were taken out, put in or moved.
    #[error("it says that it is line {0}: lines were taken out, put in or moved")]
    Number(String),
    /// It does not follow the line before it.
    #[error("it does not follow the line before it: one of the two was changed or put in")]
    Chain,
    /// The line was changed.
    #[error("the line was changed after it was written")]
    Hash,
}

/// Reads a trace and checks its chain.
///
/// # Errors
/// [`TraceError`] names the first line that does not fit.
pub fn verify(text: &str) -> Result<Verified, TraceError> {
    let mut lines = Vec::new();
    let mut policy = String::new();
    let mut prev = NOTHING.to_owned();
    for (number, text) in (1usize..).zip(text.lines()) {
        let broken = |broken: Broken| TraceError { line: number, broken };
        let read = check(number, text, &prev).map_err(broken)?;
        prev = read.hash;
        if let Some(digest) = read.policy {
            policy = digest;
        }
        lines.push(read.line);
    }
    let Some(last) = lines.last() else { return Err(TraceError { line: 1, broken: Broken::Empty }) };
    let ended = last.event.get("event").and_then(Json::as_text) == Some("end")
        && last.answer.get("outcome").and_then(Json::as_text) != Some("refused");
    Ok(Verified { policy, lines, ended })
}

/// Reads one line of a trace as JSON, without looking at its place in the chain.
///
/// # Errors
/// [`JsonError`] says what is wrong and where.
pub fn read_line(text: &str) -> Result<Json, JsonError> {
    Json::read_keeping_doubles(text.as_bytes(), &["event", "args"])
}

struct Read {
    line: Line,
    hash: String,
    policy: Option<String>,
}

fn check(number: usize, text: &str, prev: &str) -> Result<Read, Broken> {
    let json = read_line(text)?;
    let Json::Object(mut members) = json.clone() else { return Err(Broken::Member("line")) };
    let said = json.get("line").and_then(Json::as_number).ok_or(Broken::Member("line"))?;
    if said.as_str() != number.to_string() {
        return Err(Broken::Number(said.as_str().to_owned()));
    }
    let follows = json.get("prev").and_then(Json::as_text).ok_or(Broken::Member("prev"))?;
    if follows != prev {
        return Err(Broken::Chain);
    }
    let stated = match members.pop() {
        Some((name, Json::Text(hash))) if name == "hash" => hash,
        _ => return Err(Broken::Member("hash")),
    };
    // The text itself must be the one that was written, not only one that says the same.
    if hash(&members) != stated || json.to_string() != text {
        return Err(Broken::Hash);
    }
    let policy = json.get("policy").and_then(Json::as_text).map(str::to_owned);
    if policy.is_some() != (number == 1) {
        return Err(Broken::Member("policy"));
    }
    let part = |name: &'static str| json.get(name).cloned().ok_or(Broken::Member(name));
    Ok(Read { line: Line { event: part("event")?, answer: part("answer")? }, hash: stated, policy })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(events: &[&str]) -> Vec<String> {
        let mut prev = NOTHING.to_owned();
        let line = |(number, name): (i64, &&str)| {
            let mut members = vec![("line".to_owned(), Json::int(number))];
            if number == 1 {
                members.push(("policy".to_owned(), Json::text("d1")));
            }
            members.push(("prev".to_owned(), Json::text(&*prev)));
            members.push(("event".to_owned(), Json::object([("event", Json::text(*name))])));
            members.push(("answer".to_owned(), Json::object([("outcome", Json::text("taken"))])));
            prev = hash(&members);
            members.push(("hash".to_owned(), Json::text(&*prev)));
            Json::Object(members).to_string()
        };
        (1i64..).zip(events).map(line).collect()
    }

    fn wrong(lines: &[String]) -> String {
        verify(&lines.join("\n")).unwrap_err().to_string()
    }

    #[test]
    fn a_chain_that_holds_is_read() {
        let read = verify(&chain(&["open", "tick", "end"]).join("\n")).unwrap();
        assert_eq!((read.policy.as_str(), read.lines.len(), read.ended), ("d1", 3, true));
        assert!(!verify(&chain(&["open", "tick"]).join("\n")).unwrap().ended);
    }

    #[test]
    fn the_line_where_it_breaks_is_named() {
        let lines = chain(&["open", "tick", "tick", "end"]);
        let mut changed = lines.clone();
        changed[1] = changed[1].replace("taken", "moved");
        assert_eq!(wrong(&changed), "the trace is broken at line 2: the line was changed after it was written");
        let mut spaced = lines.clone();
        spaced[2] = spaced[2].replace("\"line\":3", "\"line\": 3");
        assert_eq!(wrong(&spaced), "the trace is broken at line 3: the line was changed after it was written");
        let without = [lines[0].clone(), lines[2].clone(), lines[3].clone()];
        assert_eq!(
            wrong(&without),
            "the trace is broken at line 2: it says that it is line 3: lines were taken out, put in or moved"
        );
        let other = chain(&["open", "usage"]);
        let mixed = [lines[0].clone(), other[1].clone(), lines[2].clone()];
        assert_eq!(
            wrong(&mixed),
            "the trace is broken at line 3: it does not follow the line before it: one of the two was changed or put in"
        );
        let text = lines.join("\n");
        let half: String = text.chars().take(text.len() / 2).collect();
        assert!(verify(&half).unwrap_err().to_string().contains("the line was cut or changed: "));
        assert_eq!(verify("").unwrap_err().to_string(), "the trace is broken at line 1: it holds no line");
    }
}
