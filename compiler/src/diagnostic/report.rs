//! Diagnostics as `miette` errors, for programs that compile policies and use `?`.

use super::{Diagnostic, Label, Severity};
use crate::source::Places;
use miette::{LabeledSpan, NamedSource, SourceCode};
use std::fmt;

/// Every diagnostic of a policy that did not compile, errors before warnings: the first is the error itself, the others are related to
/// it.
#[derive(Debug)]
pub struct Report {
    entries: Vec<Entry>,
}

impl Report {
    /// The report of these diagnostics.
    #[must_use]
    pub fn new(diagnostics: &[Diagnostic], places: &Places) -> Self {
        let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            diagnostics.iter().partition(|diagnostic| diagnostic.is_error());
        let all = errors.into_iter().chain(warnings);
        Self { entries: all.map(|diagnostic| Entry::new(diagnostic, places)).collect() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entries.first() {
            Some(first) => first.fmt(f),
            None => f.write_str("the policy does not compile"),
        }
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.entries.first()?.code()
    }
    fn severity(&self) -> Option<miette::Severity> {
        self.entries.first()?.severity()
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.entries.first()?.help()
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.entries.first()?.source_code()
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.entries.first()?.labels()
    }
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let elsewhere = self.entries.iter().take(1).flat_map(|first| &first.elsewhere);
        Some(Box::new(elsewhere.chain(self.entries.iter().skip(1)).map(as_diagnostic)))
    }
}

fn as_diagnostic(entry: &Entry) -> &dyn miette::Diagnostic {
    entry
}

/// One diagnostic, owning the text of the file of its first place. Places in other files become entries of their own.
#[derive(Debug)]
struct Entry {
    message: String,
    code: Option<&'static str>,
    severity: miette::Severity,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    elsewhere: Vec<Entry>,
}

impl Entry {
    fn new(diagnostic: &Diagnostic, places: &Places) -> Self {
        let file = diagnostic.loc().map(|loc| loc.file);
        let (here, there): (Vec<&Label>, Vec<&Label>) = diagnostic.labels.iter().partition(|label| Some(label.loc.file) == file);
        let advice = diagnostic.notes.iter().cloned().chain(diagnostic.help.clone()).collect::<Vec<_>>().join("\n");
        Self {
            message: diagnostic.message.clone(),
            code: Some(diagnostic.code.id),
            severity: match diagnostic.code.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            labels: here.into_iter().map(labeled).collect(),
            help: (!advice.is_empty()).then_some(advice),
            source: file.map(|file| NamedSource::new(places.name(file), places.text(file).to_owned())),
            elsewhere: there.into_iter().map(|label| Self::elsewhere(label, places)).collect(),
        }
    }

    fn elsewhere(label: &Label, places: &Places) -> Self {
        Self {
            message: label.text.clone(),
            code: None,
            severity: miette::Severity::Advice,
            labels: vec![labeled(label)],
            help: None,
            source: Some(NamedSource::new(places.name(label.loc.file), places.text(label.loc.file).to_owned())),
            elsewhere: Vec::new(),
        }
    }
}

fn labeled(label: &Label) -> LabeledSpan {
    let start = label.loc.span.start as usize;
    let length = (label.loc.span.end as usize).saturating_sub(start);
    LabeledSpan::new(Some(label.text.clone()), start, length)
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Entry {}

impl miette::Diagnostic for Entry {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.elsewhere.iter().map(as_diagnostic)))
    }
}
