//! Diagnostics as JSON. The form is stable: members are added, never renamed or removed.

use super::{Diagnostic, Label, Severity};
use crate::source::Places;
use serde::Serialize;

/// A diagnostic as programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JsonDiagnostic {
    /// `AP0101`
    pub code: &'static str,
    /// `error` or `warning`
    pub severity: Severity,
    /// One sentence that stands alone.
    pub message: String,
    /// Where; the first is the place to mend.
    pub labels: Vec<JsonLabel>,
    /// Why it is refused.
    pub notes: Vec<String>,
    /// What to write instead; absent where nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A place and what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JsonLabel {
    /// The file as its author knows it.
    pub file: String,
    /// The first character.
    pub start: JsonPlace,
    /// Just past the last character.
    pub end: JsonPlace,
    /// A few words; may be empty.
    pub text: String,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct JsonPlace {
    /// From 1.
    pub line: usize,
    /// From 1, in characters (Unicode scalar values).
    pub column: usize,
    /// From 0, in bytes of the UTF-8 text.
    pub offset: usize,
}

impl JsonDiagnostic {
    /// The JSON form of a diagnostic about these files.
    #[must_use]
    pub fn new(diagnostic: &Diagnostic, places: &Places) -> Self {
        Self {
            code: diagnostic.code.id,
            severity: diagnostic.code.severity,
            message: diagnostic.message.clone(),
            labels: diagnostic.labels.iter().map(|label| JsonLabel::new(label, places)).collect(),
            notes: diagnostic.notes.clone(),
            help: diagnostic.help.clone(),
        }
    }
}

impl JsonLabel {
    fn new(label: &Label, places: &Places) -> Self {
        let place = |offset: u32| {
            let (line, column) = places.line_and_column(label.loc.file, offset);
            JsonPlace { line, column, offset: offset as usize }
        };
        Self {
            file: places.name(label.loc.file).to_owned(),
            start: place(label.loc.span.start),
            end: place(label.loc.span.end),
            text: label.text.clone(),
        }
    }
}
