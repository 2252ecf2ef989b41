//! `agentc test PATH…`: runs the `test` blocks of policies.

use crate::coverage::{self, Coverage, Covered, Percent};
use crate::failure::Failure;
use crate::files::{compile_file, roots, show_errors, write};
use crate::native::Native;
use crate::outcome::Outcome;
use crate::report::{Deny, annotate, announce, is_refused};
use crate::terminal::{complain, put, say};
use crate::testing::{Mismatch, Ran, run_test};
use agentc_compiler::diagnostic::render;
use agentc_compiler::source::Places;
use agentc_compiler::typed::Typed;
use agentc_runtime::policy::Policy;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Run the `test` blocks of policies.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Policy files, or folders whose policies are all tested.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only tests whose name holds this text.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Show every event and answer of the tests that fail.
    #[arg(long)]
    verbose: bool,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Form::Human)]
    format: Form,
    /// What is refused besides errors and failing tests.
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Vec<Deny>,
    /// Say which rules, and which of their outcomes, no test shows.
    #[arg(long)]
    coverage: bool,
    /// Fail where fewer percent of the outcomes are shown (rounded down).
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = clap::value_parser!(u8).range(..=100))]
    min: Option<u8>,
    /// Write the coverage to a file too: JSON, or an lcov trace where its name ends in `.info`.
    #[arg(long, value_name = "FILE", requires = "coverage")]
    coverage_file: Option<PathBuf>,
}

/// How the tests are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// One JSON object.
    Json,
    /// Annotations of a GitHub workflow for what failed and what is not covered.
    Github,
}

/// What the tests came to.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    unusable: usize,
    tests: Vec<Value>,
    covered: Vec<Covered>,
}

impl Tally {
    /// The last line for people.
    fn told(&self) -> String {
        let unused = match self.unusable {
            0 => String::new(),
            1 => "the policy cannot be used".to_owned(),
            many => format!("{many} policies cannot be used"),
        };
        match (self.passed, self.failed, self.unusable) {
            (passed, failed, 0) => format!("{passed} passed, {failed} failed"),
            (0, 0, _) => format!("no test ran: {unused}"),
            (passed, failed, 1) => {
                format!("{passed} passed, {failed} failed; the tests of 1 policy did not run: it cannot be used")
            }
            (passed, failed, many) => {
                format!("{passed} passed, {failed} failed; the tests of {many} policies did not run: they cannot be used")
            }
        }
    }

    /// What is wrong, for an annotation.
    fn failing(&self) -> String {
        if self.failed == 0 {
            return self.told();
        }
        let all = self.passed.saturating_add(self.failed);
        format!("{} of {all} test{} failed", self.failed, if all == 1 { "" } else { "s" })
    }
}

impl Test {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let files = roots(&self.paths)?;
        let mut tally = Tally::default();
        for file in &files {
            self.file(file, &mut tally)?;
        }
        match self.format {
            Form::Human => say(format_args!("{}", tally.told()))?,
            Form::Github if tally.failed > 0 || tally.unusable > 0 => {
                say(format_args!("{}", announce("error", "test", &tally.failing())))?;
            }
            Form::Github | Form::Json => {}
        }
        if tally.passed == 0 && tally.failed == 0 && tally.unusable == 0 {
            // A run that tested nothing must not look like one that passed.
            return Err(Failure::with_help("there is no test here", "write a `test \"…\" { … }` block, or loosen `--filter`"));
        }
        let covered = self.show_coverage(&tally)?;
        if self.format == Form::Json {
            let mut document = json!({ "passed": tally.passed, "failed": tally.failed, "tests": tally.tests });
            if let (true, Some(members)) = (self.coverage, document.as_object_mut()) {
                members.insert("coverage".to_owned(), coverage::json(&tally.covered));
            }
            say(format_args!("{document:#}"))?;
        }
        Ok(covered.and(Outcome::found_if(tally.failed > 0 || tally.unusable > 0)))
    }

    fn file(&self, file: &Path, tally: &mut Tally) -> Result<(), Failure> {
        let compiled = compile_file(file)?;
        let refused = is_refused(&compiled, &self.deny);
        if refused && !compiled.has_errors() {
            complain(format_args!("{}", render::human(&compiled.diagnostics, &compiled.places(), render::Colour::Plain)));
        }
        show_errors(&compiled);
        let (Some(typed), Some(program), false) = (&compiled.typed, compiled.program, refused) else {
            tally.unusable = tally.unusable.saturating_add(1);
            return Ok(());
        };
        let policy = Policy::new(program, &agentc_stdlib::library()).map_err(|error| Failure::said(error.to_string()))?;
        let places = Places::new(&compiled.files);
        if self.format == Form::Human {
            say(format_args!("{}", file.display()))?;
        }
        let wanted = |name: &str| self.filter.as_ref().is_none_or(|text| name.contains(text.as_str()));
        let mut coverage = Coverage::new(typed);
        for test in typed.tests.iter().filter(|test| wanted(&test.name)) {
            let ran = run_test(typed, test, &mut Native::new(&policy));
            coverage.add(test, &ran);
            let count = if ran.mismatch.is_none() { &mut tally.passed } else { &mut tally.failed };
            *count = count.saturating_add(1);
            match self.format {
                Form::Human => self.show(typed, &places, &test.name, &ran)?,
                Form::Github => {
                    if let Some(mismatch) = &ran.mismatch {
                        say(format_args!("{}", annotated(&places, &test.name, mismatch)))?;
                    }
                }
                Form::Json => tally.tests.push(as_json(&places, file, &test.name, &ran)),
            }
        }
        tally.covered.extend(coverage.finish());
        Ok(())
    }

    /// One test, for people.
    fn show(&self, typed: &Typed, places: &Places, name: &str, ran: &Ran) -> Result<(), Failure> {
        let Some(mismatch) = &ran.mismatch else { return say(format_args!("  ok      {name}")) };
        say(format_args!("  FAILED  {name}"))?;
        put(format_args!("{}", explained(typed, places, mismatch)))?;
        if self.verbose {
            for (event, answer) in &ran.log {
                say(format_args!("          > {event}\n          < {answer}"))?;
            }
        }
        Ok(())
    }

    /// Reports the coverage, where it is asked for; found where it is below the least that is wanted.
    fn show_coverage(&self, tally: &Tally) -> Result<Outcome, Failure> {
        if !self.coverage {
            return Ok(Outcome::Fine);
        }
        match self.format {
            Form::Human => put(format_args!("{}", coverage::text(&tally.covered)))?,
            Form::Github => {
                for (rule, message) in coverage::uncovered(&tally.covered) {
                    say(format_args!("{}", annotate("warning", &rule.file, rule.line, "coverage", &message)))?;
                }
            }
            Form::Json => {}
        }
        if let Some(path) = &self.coverage_file {
            let is_lcov = path.extension().is_some_and(|ending| ending == "info");
            let text = if is_lcov { coverage::lcov(&tally.covered) } else { format!("{:#}\n", coverage::json(&tally.covered)) };
            write(path, text.as_bytes())?;
        }
        let shown = Percent::of_outcomes(&tally.covered).floored();
        let least = self.min.map_or(0, usize::from);
        if shown < least {
            let message = format!("coverage is {shown}%, and {least}% is the least that is wanted");
            match self.format {
                Form::Github => say(format_args!("{}", announce("error", "coverage", &message)))?,
                Form::Human | Form::Json => complain(format_args!("{message}\n")),
            }
        }
        Ok(Outcome::found_if(shown < least))
    }
}

/// A failed test as an annotation.
fn annotated(places: &Places, name: &str, mismatch: &Mismatch) -> String {
    let (line, _) = places.line_and_column(mismatch.loc.file, mismatch.loc.span.start);
    let details = mismatch.details.iter().map(|detail| format!("\n{detail}"));
    let help = mismatch.help.iter().map(|help| format!("\nhelp: {help}"));
    let message: String = std::iter::once(format!("{name}: {}", mismatch.message)).chain(details).chain(help).collect();
    annotate("error", places.name(mismatch.loc.file), line, "test", &message)
}

/// A test for programs.
fn as_json(places: &Places, file: &Path, name: &str, ran: &Ran) -> Value {
    let mut test = json!({ "file": file.display().to_string(), "name": name, "passed": ran.mismatch.is_none() });
    if let (Some(mismatch), Some(members)) = (&ran.mismatch, test.as_object_mut()) {
        let (line, column) = places.line_and_column(mismatch.loc.file, mismatch.loc.span.start);
        let at = json!({ "file": places.name(mismatch.loc.file), "line": line, "column": column });
        members.insert("at".to_owned(), at);
        members.insert("message".to_owned(), json!(mismatch.message));
        members.insert("details".to_owned(), json!(mismatch.details));
    }
    test
}

/// A mismatch as a person reads it: where, what, and the values behind it.
fn explained(typed: &Typed, places: &Places, mismatch: &Mismatch) -> String {
    let (line, column) = places.line_and_column(mismatch.loc.file, mismatch.loc.span.start);
    let file = typed.files.get(mismatch.loc.file.index());
    let source = file.and_then(|file| file.text.lines().nth(line.saturating_sub(1))).unwrap_or_default().trim();
    let mut text = format!("          {}:{line}:{column}: {}\n", places.name(mismatch.loc.file), mismatch.message);
    text.push_str(&format!("            {source}\n"));
    for detail in &mismatch.details {
        text.push_str(&format!("            {detail}\n"));
    }
    if let Some(help) = &mismatch.help {
        text.push_str(&format!("            help: {help}\n"));
    }
    text
}
