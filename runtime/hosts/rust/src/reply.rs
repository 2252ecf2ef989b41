//! An answer as a host reads it.

use crate::error::HostError;
use agentc_runtime::json::Json;

/// What a run says to an event: the JSON of `runtime/events.md`, numbers as their exact text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply(Json);

impl Reply {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, HostError> {
        Json::read(bytes).map(Self).map_err(|error| HostError::Misused(format!("an answer cannot be read: {error}")))
    }

    /// All of it.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.0
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Json::as_text).unwrap_or_default()
    }

    /// `allow`, `need`, `approval`, `deny`, `escalate`, `paused`, `taken`, `refused`, `done` or `not_done`.
    #[must_use]
    pub fn outcome(&self) -> &str {
        self.text("outcome")
    }

    /// The host executes the call. Nothing else says so.
    #[must_use]
    pub fn is_allow(&self) -> bool {
        self.outcome() == "allow"
    }

    /// The name of the rule that decided; empty where none did.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.0.get("by").and_then(|by| by.get("rule")).and_then(Json::as_text).unwrap_or_default()
    }

    /// One sentence for the model: what it may do next.
    #[must_use]
    pub fn model(&self) -> &str {
        self.text("model")
    }

    /// One sentence for a person.
    #[must_use]
    pub fn person(&self) -> &str {
        self.text("person")
    }

    /// The arguments that were allowed; the tool gets exactly these.
    #[must_use]
    pub fn allowed_args(&self) -> Option<&Json> {
        self.0.get("allow").and_then(|allow| allow.get("args"))
    }

    /// Records to fetch.
    #[must_use]
    pub fn needs(&self) -> &[Json] {
        self.0.get("needs").and_then(Json::as_list).unwrap_or_default()
    }

    /// Requests for approval that wait.
    #[must_use]
    pub fn approvals(&self) -> &[Json] {
        self.0.get("approvals").and_then(Json::as_list).unwrap_or_default()
    }

    /// What the agent may see of a result; nothing where it may see nothing.
    #[must_use]
    pub fn shows(&self) -> Option<&Json> {
        self.0.get("shows")
    }
}
