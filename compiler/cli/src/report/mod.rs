//! Diagnostics in the forms that people and other programs read.

mod github;
mod sarif;

pub use github::{annotate, annotation, announce};

use crate::failure::Failure;
use crate::terminal::{colour, put, say};
use agentc_compiler::Compiled;
use agentc_compiler::diagnostic::{Diagnostic, JsonDiagnostic, render};
use agentc_compiler::source::Places;
use clap::ValueEnum;

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the source, for people.
    Human,
    /// One line each: `file:line:column: error[CODE]: message`.
    Short,
    /// One JSON array of all of them.
    Json,
    /// One SARIF 2.1.0 log, for code scanning.
    Sarif,
    /// Annotations of a GitHub workflow: `::error file=…,line=…::message`.
    Github,
}

/// What is besides errors an error for this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Every warning.
    Warnings,
}

/// Writes diagnostics: those forms that are one text for each file at once, those that are one document at the end.
#[derive(Debug)]
pub struct Report {
    format: Format,
    json: Vec<JsonDiagnostic>,
    sarif: sarif::Log,
}

impl Report {
    /// A report in a format.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self { format, json: Vec::new(), sarif: sarif::Log::default() }
    }

    /// Whether it is for people, who want a summary too.
    #[must_use]
    pub fn is_for_people(&self) -> bool {
        self.format == Format::Human
    }

    /// Adds what was found in one policy.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub fn add(&mut self, diagnostics: &[Diagnostic], places: &Places) -> Result<(), Failure> {
        match self.format {
            Format::Human => put(format_args!("{}", render::human(diagnostics, places, colour())))?,
            Format::Short => {
                for diagnostic in diagnostics {
                    say(format_args!("{}", render::short(diagnostic, places)))?;
                }
            }
            Format::Github => {
                for diagnostic in diagnostics {
                    say(format_args!("{}", annotation(&JsonDiagnostic::new(diagnostic, places))))?;
                }
            }
            Format::Json => self.json.extend(diagnostics.iter().map(|diagnostic| JsonDiagnostic::new(diagnostic, places))),
            Format::Sarif => {
                for diagnostic in diagnostics {
                    self.sarif.add(diagnostic, &JsonDiagnostic::new(diagnostic, places));
                }
            }
        }
        Ok(())
    }

    /// Writes what is one document.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub fn finish(self) -> Result<(), Failure> {
        let text = match self.format {
            Format::Json => serde_json::to_string_pretty(&self.json),
            Format::Sarif => serde_json::to_string_pretty(&self.sarif.finish()),
            Format::Human | Format::Short | Format::Github => return Ok(()),
        };
        let text = text.map_err(|error| Failure::said(error.to_string()))?;
        say(format_args!("{text}"))
    }
}

/// Whether a policy is to be refused: it has errors, or warnings that are denied.
#[must_use]
pub fn is_refused(compiled: &Compiled, deny: &[Deny]) -> bool {
    compiled.has_errors() || (deny.contains(&Deny::Warnings) && !compiled.diagnostics.is_empty())
}

/// The name of a file as other programs find it from the folder that the command runs in: with `/`, without a leading `./`.
fn portable(file: &str) -> String {
    let file = file.replace('\\', "/");
    let mut rest = file.as_str();
    while let Some(inner) = rest.strip_prefix("./") {
        rest = inner.trim_start_matches('/');
    }
    rest.to_owned()
}
