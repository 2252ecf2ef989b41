//! Lists of real tools, as servers give them: the answer to MCP's `tools/list`, or an OpenAPI document.

use super::openapi;
use agentc_runtime::json::{Json, JsonError};
use agentc_runtime::program::ToolPin;
use std::collections::BTreeSet;

/// The tools of a server.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolList {
    /// The server that has them, where that was said: the name after `on mcp`, or the tool's own in the policy.
    pub server: Option<String>,
    /// The file they were read from, for messages.
    pub file: String,
    /// The tools, in the order of the list.
    pub tools: Vec<RealTool>,
}

/// A real tool.
#[derive(Debug, Clone, PartialEq)]
pub struct RealTool {
    /// Its name on the wire.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// The JSON schema of its arguments, an object's.
    pub input: Json,
    /// The JSON schema of its result, where it has one.
    pub output: Option<Json>,
    /// What it says of its effects.
    pub hints: Hints,
    /// The whole entry, for its digest.
    pub(super) entry: Json,
}

/// What a tool says of its effects (MCP's tool annotations). A server may say anything: these are hints, no facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hints {
    /// It changes nothing.
    pub read_only: Option<bool>,
    /// What it changes may not come back.
    pub destructive: Option<bool>,
    /// Calling it again with the same arguments changes nothing more.
    pub idempotent: Option<bool>,
}

/// Why a text is no list of tools.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It is no JSON.
    #[error("it is no JSON: line {line}: {why}")]
    NoJson {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        why: String,
    },
    /// It is JSON, and no list of tools.
    #[error("it is neither an MCP `tools/list` answer, an object with a list `tools`, nor an OpenAPI document")]
    NoList,
    /// The server answered with an error.
    #[error("it is an error of the server: {0}")]
    ServerError(String),
    /// There are more tools than it shows.
    #[error("it is one page of several: `nextCursor` says that the server has more tools")]
    OnePage,
    /// An entry is no tool.
    #[error("{place}: {why}")]
    Entry {
        /// `tool 3`, `the tool `refund``, `GET /orders`.
        place: String,
        /// What is wrong with it.
        why: String,
    },
}

impl ListError {
    pub(super) fn entry(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Entry { place: place.into(), why: why.into() }
    }

    /// What to do about it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoList => Some("record the server's answer to `tools/list`: `{ \"tools\": [ … ] }`"),
            Self::OnePage => Some("ask for the other pages too, and put the tools of all of them into one list"),
            Self::NoJson { .. } | Self::ServerError(_) | Self::Entry { .. } => None,
        }
    }
}

impl ToolList {
    /// Reads a list: `{"tools": […]}`, the same inside a JSON-RPC answer, the bare array, or an OpenAPI 3 document.
    ///
    /// # Errors
    /// [`ListError`] says what is wrong with it.
    pub fn read(server: Option<String>, file: impl Into<String>, bytes: &[u8]) -> Result<Self, ListError> {
        let json = Json::read(bytes).map_err(|error| no_json(bytes, &error))?;
        let tools = if openapi::is_document(&json) { openapi::tools(&json)? } else { mcp(&json)? };
        let mut names = BTreeSet::new();
        for tool in &tools {
            if !names.insert(tool.name.as_str()) {
                return Err(ListError::entry(format!("the tool `{}`", tool.name), "it is listed twice"));
            }
        }
        Ok(Self { server, file: file.into(), tools })
    }
}

fn no_json(bytes: &[u8], error: &JsonError) -> ListError {
    let before = bytes.get(..error.offset).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    ListError::NoJson { line, why: error.kind.to_string() }
}

fn mcp(json: &Json) -> Result<Vec<RealTool>, ListError> {
    if let Some(error) = json.get("error") {
        let message = error.get("message").and_then(Json::as_text).map_or_else(|| error.to_string(), str::to_owned);
        return Err(ListError::ServerError(message));
    }
    let answer = json.get("result").unwrap_or(json);
    if answer.get("nextCursor").is_some_and(|cursor| *cursor != Json::Null) {
        return Err(ListError::OnePage);
    }
    let tools = answer.get("tools").unwrap_or(answer).as_list().ok_or(ListError::NoList)?;
    (1u64..).zip(tools).map(|(at, tool)| entry(at, tool)).collect()
}

fn entry(at: u64, tool: &Json) -> Result<RealTool, ListError> {
    let name = tool.get("name").and_then(Json::as_text).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ListError::entry(format!("tool {at}"), "it has no text `name`"))?;
    let schema = |member: &str| match tool.get(member) {
        Some(schema) if schema.as_object().is_none() => Err(ListError::entry(
            format!("the tool `{name}`"),
            format!("its `{member}` is {}, and a schema is an object", schema.kind()),
        )),
        schema => Ok(schema.cloned()),
    };
    let input = schema("inputSchema")?.ok_or_else(|| {
        ListError::entry(format!("the tool `{name}`"), "it has no `inputSchema`, so nobody knows what it takes")
    })?;
    let hint = |member: &str| tool.get("annotations").and_then(|hints| hints.get(member)).and_then(Json::as_bool);
    Ok(RealTool {
        name: name.to_owned(),
        description: tool.get("description").and_then(Json::as_text).map(str::to_owned),
        input,
        output: schema("outputSchema")?,
        hints: Hints {
            read_only: hint("readOnlyHint"),
            destructive: hint("destructiveHint"),
            idempotent: hint("idempotentHint"),
        },
        entry: tool.clone(),
    })
}

impl RealTool {
    /// Its digests, as the artifact keeps them.
    pub(super) fn pin(&self, server: &str) -> Option<ToolPin> {
        ToolPin::of(server, &self.entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let list = ToolList::read(None, "tools.json", text.as_bytes()).map_err(|error| error.to_string())?;
        Ok(list.tools.into_iter().map(|tool| tool.name).collect())
    }

    #[test]
    fn a_list_stands_alone_in_an_answer_or_bare() {
        let tools = r#"[{"name": "a", "inputSchema": {"type": "object"}}, {"name": "b-c", "inputSchema": {}}]"#;
        let names = Ok(vec!["a".to_owned(), "b-c".to_owned()]);
        assert_eq!(read(&format!(r#"{{"tools": {tools}}}"#)), names);
        assert_eq!(read(&format!(r#"{{"jsonrpc": "2.0", "id": 1, "result": {{"tools": {tools}, "nextCursor": null}}}}"#)), names);
        assert_eq!(read(tools), names);
    }

    #[test]
    fn what_is_no_list_says_why() {
        for (text, why) in [
            ("{\n\"tools\": [}\n", "it is no JSON: line 2: expected a value"),
            ("7", "it is neither an MCP `tools/list` answer, an object with a list `tools`, nor an OpenAPI document"),
            (r#"{"tools": {}}"#, "it is neither an MCP"),
            (r#"{"error": {"code": -32601, "message": "Method not found"}}"#, "it is an error of the server: Method not found"),
            (r#"{"tools": [], "nextCursor": "p2"}"#, "it is one page of several"),
            (r#"{"tools": [{}]}"#, "tool 1: it has no text `name`"),
            (r#"{"tools": [{"name": ""}]}"#, "tool 1: it has no text `name`"),
            (r#"{"tools": [{"name": "a"}]}"#, "the tool `a`: it has no `inputSchema`, so nobody knows what it takes"),
            (
                r#"{"tools": [{"name": "a", "inputSchema": 7}]}"#,
                "the tool `a`: its `inputSchema` is a number, and a schema is an object",
            ),
            (
                r#"{"tools": [{"name": "a", "inputSchema": {}}, {"name": "a", "inputSchema": {}}]}"#,
                "the tool `a`: it is listed twice",
            ),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.starts_with(why), "{text}: {said}");
        }
    }

    #[test]
    fn hints_are_read_as_they_stand() {
        let text = r#"[{"name": "a", "inputSchema": {}, "annotations": {"readOnlyHint": false, "destructiveHint": true}}]"#;
        let list = ToolList::read(None, "t", text.as_bytes()).unwrap();
        assert_eq!(list.tools[0].hints, Hints { read_only: Some(false), destructive: Some(true), idempotent: None });
    }
}
