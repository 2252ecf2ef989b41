//! Annotations of a GitHub workflow, as its runner reads them from the output of a step
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use super::portable;
use agentc_compiler::diagnostic::{JsonDiagnostic, Severity};

/// One diagnostic as an annotation: one line, whatever it says.
#[must_use]
pub fn annotation(diagnostic: &JsonDiagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut properties = Vec::new();
    if let Some(label) = diagnostic.labels.first() {
        properties.push(("file", portable(&label.file)));
        properties.push(("line", label.start.line.to_string()));
        properties.push(("endLine", label.end.line.to_string()));
        // The runner takes columns only where the place is on one line.
        if label.start.line == label.end.line {
            properties.push(("col", label.start.column.to_string()));
            properties.push(("endColumn", label.end.column.to_string()));
        }
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> = properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let message: String = std::iter::once(diagnostic.message.clone()).chain(notes).chain(help).collect();
    format!("::{command} {}::{}", properties.join(","), data(&message))
}

/// A message about a line as an annotation; `command` is `error` or `warning`.
#[must_use]
pub fn annotate(command: &str, file: &str, line: usize, title: &str, message: &str) -> String {
    format!("::{command} file={},line={line},title={}::{}", property(&portable(file)), property(title), data(message))
}

/// A message about no line as an annotation; `command` is `error` or `warning`.
#[must_use]
pub fn announce(command: &str, title: &str, message: &str) -> String {
    format!("::{command} title={}::{}", property(title), data(message))
}

/// A message, as it may stand after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a colon or a comma would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_compiler::diagnostic::{JsonLabel, JsonPlace};

    fn diagnostic(file: &str, message: &str, end: JsonPlace) -> JsonDiagnostic {
        let start = JsonPlace { line: 3, column: 7, offset: 40 };
        let label = JsonLabel { file: file.to_owned(), start, end, text: String::new() };
        JsonDiagnostic {
            code: "AP0101",
            severity: Severity::Error,
            message: message.to_owned(),
            labels: vec![label],
            notes: vec!["a note".to_owned()],
            help: None,
        }
    }

    #[test]
    fn what_ends_an_annotation_or_a_property_is_escaped() {
        let end = JsonPlace { line: 3, column: 9, offset: 42 };
        assert_eq!(
            annotation(&diagnostic("./a,b:c%.agentpolicy", "100% of\r\n::error::this", end)),
            "::error file=a%2Cb%3Ac%25.agentpolicy,line=3,endLine=3,col=7,endColumn=9,title=AP0101::\
             100%25 of%0D%0A::error::this%0Anote: a note"
        );
    }

    #[test]
    fn a_place_of_several_lines_has_no_columns() {
        let end = JsonPlace { line: 5, column: 2, offset: 60 };
        assert_eq!(
            annotation(&diagnostic("a.agentpolicy", "no", end)),
            "::error file=a.agentpolicy,line=3,endLine=5,title=AP0101::no%0Anote: a note"
        );
    }
}
