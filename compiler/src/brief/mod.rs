//! The job description of an agent, made from the policy that binds it, as Markdown: for the model itself, and for the people around it.

mod model;
mod person;
mod untrusted;

pub(crate) use person::reversed;
pub(crate) use untrusted::outsiders;

use crate::english::Term;
use crate::english::words::{capital, stopped};
use crate::typed::{JobId, Typed};

/// Whom a job description is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum For {
    /// The model: what it may do, must never do and must do first, when it stops. No thresholds, nothing that can be gamed.
    Model,
    /// A person: everything, with its lines.
    Person,
}

/// The job description, as Markdown.
#[must_use]
pub fn brief(typed: &Typed, job: JobId, reader: For) -> String {
    let Some(job) = typed.jobs.get(job.index()) else { return String::new() };
    match reader {
        For::Model => model::text(typed, job),
        For::Person => person::text(typed, job),
    }
}

/// Markdown while it grows.
#[derive(Debug, Default)]
struct Page(String);

impl Page {
    fn heading(&mut self, depth: usize, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(&format!("{} {text}\n\n", "#".repeat(depth)));
    }

    fn paragraph(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push_str("\n\n");
    }

    /// A point of a list; what must hold stands below it where there is more than one thing.
    fn point(&mut self, lead: &str, when: &[String], after: &str) {
        match when {
            [] => self.0.push_str(&format!("- {lead}{after}\n")),
            [one] => self.0.push_str(&format!("- {lead}, when {one}.{after}\n")),
            many => {
                self.0.push_str(&format!("- {lead}{after}, when all of these hold:\n"));
                for one in many {
                    self.0.push_str(&format!("  - {}\n", capital(one)));
                }
            }
        }
    }

    /// A name and what it means, the parts of that below it.
    fn term(&mut self, term: &Term, place: &str) {
        self.0.push_str(&format!("- {}{place}: {}\n", term.lead(), stopped(&term.told())));
        for part in &term.says.parts {
            self.0.push_str(&format!("  - {}\n", capital(part)));
        }
    }

    /// A section of points; nothing where there are none.
    fn section(&mut self, title: &str, intro: &str, write: impl FnOnce(&mut Page)) {
        let mut points = Page::default();
        write(&mut points);
        if points.0.is_empty() {
            return;
        }
        self.heading(2, title);
        if !intro.is_empty() {
            self.paragraph(intro);
        }
        self.0.push_str(&points.0);
    }

    /// The page, with one line end at its end and no empty lines in a row.
    fn finish(self) -> String {
        let mut text = String::with_capacity(self.0.len());
        let mut was_empty = false;
        for line in self.0.lines() {
            if line.is_empty() && was_empty {
                continue;
            }
            was_empty = line.is_empty();
            text.push_str(line);
            text.push('\n');
        }
        format!("{}\n", text.trim_end())
    }
}
