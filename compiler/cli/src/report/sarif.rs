//! A SARIF 2.1.0 log: what code scanning services read.

use super::portable;
use agentc_compiler::diagnostic::{Code, Diagnostic, JsonDiagnostic, JsonLabel, Severity};
use serde_sarif::sarif;

/// Where the meaning of the format is written down; readers check it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log that grows.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The codes that occur, in the order in which they first do.
    codes: Vec<&'static Code>,
    results: Vec<sarif::Result>,
}

impl Log {
    /// Adds a diagnostic and its place.
    pub(super) fn add(&mut self, diagnostic: &Diagnostic, places: &JsonDiagnostic) {
        let known = self.codes.iter().position(|code| code.id == diagnostic.code.id);
        let index = known.unwrap_or_else(|| {
            self.codes.push(diagnostic.code);
            self.codes.len().saturating_sub(1)
        });
        let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
        let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
        let text: String = std::iter::once(diagnostic.message.clone()).chain(notes).chain(help).collect();
        let mut labels = places.labels.iter();
        let locations: Vec<sarif::Location> = labels.next().map(location).into_iter().collect();
        let related: Vec<sarif::Location> = labels.map(location).collect();
        let result = sarif::Result::builder()
            .rule_id(diagnostic.code.id)
            .rule_index(i64::try_from(index).unwrap_or(-1))
            .level(level(diagnostic.code.severity))
            .message(sarif::Message::builder().text(text).build())
            .locations(locations)
            .related_locations(related)
            .build();
        self.results.push(result);
    }

    /// The whole log.
    pub(super) fn finish(self) -> sarif::Sarif {
        let rules: Vec<sarif::ReportingDescriptor> = self.codes.iter().map(|code| rule(code)).collect();
        let driver = sarif::ToolComponent::builder()
            .name("agentc")
            .version(env!("CARGO_PKG_VERSION"))
            .information_uri(env!("CARGO_PKG_REPOSITORY"))
            .rules(rules)
            .build();
        let run = sarif::Run::builder()
            .tool(sarif::Tool::builder().driver(driver).build())
            .column_kind(sarif::ResultColumnKind::UnicodeCodePoints.to_string())
            .results(self.results)
            .build();
        sarif::Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build()
    }
}

fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Error => sarif::ResultLevel::Error,
        Severity::Warning => sarif::ResultLevel::Warning,
    }
}

/// A code and its page.
fn rule(code: &'static Code) -> sarif::ReportingDescriptor {
    sarif::ReportingDescriptor::builder()
        .id(code.id)
        .short_description(sarif::MultiformatMessageString::builder().text(code.title()).build())
        .help(sarif::MultiformatMessageString::builder().text(code.page).markdown(code.page).build())
        .default_configuration(sarif::ReportingConfiguration::builder().level(level(code.severity).to_string()).build())
        .build()
}

/// A place and what is there. Lines and columns count from 1, columns in characters; the end is just past the last.
fn location(label: &JsonLabel) -> sarif::Location {
    let number = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let region = sarif::Region::builder()
        .start_line(number(label.start.line))
        .start_column(number(label.start.column))
        .end_line(number(label.end.line))
        .end_column(number(label.end.column))
        .build();
    let file = sarif::ArtifactLocation::builder().uri(uri(&portable(&label.file))).build();
    let physical = sarif::PhysicalLocation::builder().artifact_location(file).region(region).build();
    let place = sarif::Location::builder().physical_location(physical);
    if label.text.is_empty() {
        place.build()
    } else {
        place.message(sarif::Message::builder().text(label.text.as_str()).build()).build()
    }
}

/// A file's name as a URI reference, relative to the folder that the command runs in unless the name is absolute.
fn uri(file: &str) -> String {
    let mut uri = String::from(if file.starts_with('/') { "file://" } else { "" });
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_references() {
        assert_eq!(uri("a b/ü.agentpolicy"), "a%20b/%C3%BC.agentpolicy");
        assert_eq!(uri("/srv/p.agentpolicy"), "file:///srv/p.agentpolicy");
    }
}
