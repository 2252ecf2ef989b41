//! Draws diagnostics for people: whole with the source beside them, or one line each.

use super::{Diagnostic, Severity};
use crate::source::Places;
use codespan_reporting::diagnostic as drawn;
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use codespan_reporting::term::{self, Config};

/// Whether a drawing has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Terminal escapes.
    Ansi,
    /// Plain text.
    Plain,
}

/// The diagnostics drawn with their source, each followed by a blank line.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], places: &Places, colour: Colour) -> String {
    let mut files = SimpleFiles::new();
    for file in places.files() {
        files.add(file.name.as_str(), file.text.as_str());
    }
    match colour {
        Colour::Ansi => draw(diagnostics, &files, Ansi::new(Vec::new()), Ansi::into_inner),
        Colour::Plain => draw(diagnostics, &files, NoColor::new(Vec::new()), NoColor::into_inner),
    }
}

fn draw<W: WriteColor>(
    diagnostics: &[Diagnostic],
    files: &SimpleFiles<&str, &str>,
    mut out: W,
    bytes: impl FnOnce(W) -> Vec<u8>,
) -> String {
    let config = Config::default();
    for diagnostic in diagnostics {
        // Writing into memory fails only for a place outside the files; the line form then says what is wrong.
        if term::emit_to_write_style(&mut out, &config, files, &drawing(diagnostic)).is_err() {
            let _ = std::io::Write::write_fmt(&mut out, format_args!("{}\n", headline(diagnostic)));
        }
    }
    String::from_utf8_lossy(&bytes(out)).into_owned()
}

fn drawing(diagnostic: &Diagnostic) -> drawn::Diagnostic<usize> {
    let severity = match diagnostic.code.severity {
        Severity::Error => drawn::Severity::Error,
        Severity::Warning => drawn::Severity::Warning,
    };
    let labels = diagnostic.labels.iter().enumerate().map(|(index, label)| {
        let range = label.loc.span.start as usize..label.loc.span.end as usize;
        let file = label.loc.file.index();
        let place = if index == 0 { drawn::Label::primary(file, range) } else { drawn::Label::secondary(file, range) };
        place.with_message(&label.text)
    });
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    drawn::Diagnostic::new(severity)
        .with_code(diagnostic.code.id)
        .with_message(&diagnostic.message)
        .with_labels(labels.collect())
        .with_notes(notes.chain(help).collect())
}

/// One line: `refunds.agentpolicy:12:5: error[AP0101]: …`.
#[must_use]
pub fn short(diagnostic: &Diagnostic, places: &Places) -> String {
    match diagnostic.loc() {
        None => headline(diagnostic),
        Some(loc) => {
            let (line, column) = places.line_and_column(loc.file, loc.span.start);
            format!("{}:{line}:{column}: {}", places.name(loc.file), headline(diagnostic))
        }
    }
}

fn headline(diagnostic: &Diagnostic) -> String {
    format!("{}[{}]: {}", diagnostic.code.severity.word(), diagnostic.code.id, diagnostic.message)
}
