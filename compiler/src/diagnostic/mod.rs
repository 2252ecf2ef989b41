//! What is wrong with a policy, where, and what to write instead.

pub mod codes;
mod gaps;
mod json;
pub mod render;
pub mod report;
mod sink;
pub(crate) mod suggest;

pub use suggest::did_you_mean;
pub(crate) mod text;

pub(crate) use gaps::{Gaps, RestsOn};
pub use json::{JsonDiagnostic, JsonLabel, JsonPlace};
pub(crate) use sink::Sink;

use crate::typed::{Loc, Typed};
use serde::Serialize;

/// How much a diagnostic weighs. It belongs to the code: one code never has two severities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy is not usable.
    Error,
    /// The policy is usable, and its author should know.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A kind of diagnostic, its weight and its page.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `AP0101`: never given to anything else, also when the diagnostic is gone.
    pub id: &'static str,
    /// Its weight.
    pub severity: Severity,
    /// Its page in Markdown, as `agentc explain` prints it.
    pub page: &'static str,
}

impl Code {
    /// Begins a diagnostic of this code.
    fn says(&'static self, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code: self, message: message.into(), labels: Vec::new(), notes: Vec::new(), help: None }
    }

    /// The headline of its page, without the code.
    #[must_use]
    pub fn title(&self) -> &'static str {
        let line = self.page.lines().next().unwrap_or_default();
        line.trim_start_matches('#').trim_start().strip_prefix(self.id).unwrap_or(line).trim_start_matches(':').trim()
    }
}

/// One diagnostic, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Its code.
    pub code: &'static Code,
    /// One sentence that stands alone: lowercase, no full stop, the author's text in backticks.
    pub message: String,
    /// Where, and what is there. The first is the place to mend; the others explain it.
    pub labels: Vec<Label>,
    /// Why it is refused.
    pub notes: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A place and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub loc: Loc,
    /// A few words; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// Adds a place; the first one is the primary.
    pub(crate) fn at(mut self, loc: Loc, text: impl Into<String>) -> Self {
        self.labels.push(Label { loc, text: text.into() });
        self
    }

    /// Adds a reason.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to write instead.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to write instead, where that is known.
    pub(crate) fn help_if(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }

    /// The place to mend.
    #[must_use]
    pub fn loc(&self) -> Option<Loc> {
        self.labels.first().map(|label| label.loc)
    }

    /// Whether it is a mistake in the writing, found before anything is known of what is meant.
    #[must_use]
    pub fn is_of_writing(&self) -> bool {
        self.code.id.starts_with("AP00")
    }

    /// Whether the policy is unusable because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code.severity == Severity::Error
    }
}

/// Something that is wrong, as ids and places; its words come late, when everything that they may name is known.
pub(crate) trait Problem: std::fmt::Debug {
    /// Puts it into words.
    fn render(&self, typed: &Typed) -> Diagnostic;

    /// What must have been read for it to be sure.
    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Itself
    }
}

/// A problem's code, given to it by the registry in [`codes`].
pub(crate) trait Coded {
    /// Its code.
    const CODE: &'static Code;
}
