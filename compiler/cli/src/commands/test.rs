//! `agentc test PATH…`: runs the `test` blocks of policies.

use crate::failure::Failure;
use crate::files::{ENDING, compile_file, show_errors};
use crate::native::Native;
use crate::outcome::Outcome;
use crate::terminal::{put, say};
use crate::testing::{Mismatch, run_test};
use agentc_compiler::source::Places;
use agentc_compiler::typed::Typed;
use agentc_runtime::policy::Policy;
use clap::Args;
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
}

/// How many tests there were.
#[derive(Debug, Default)]
struct Count {
    passed: usize,
    failed: usize,
    unusable: usize,
}

impl Test {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut files = Vec::new();
        for path in &self.paths {
            policies(path, &mut files)?;
        }
        let mut count = Count::default();
        for file in &files {
            self.file(file, &mut count)?;
        }
        say(format_args!("{} passed, {} failed", count.passed, count.failed))?;
        if count.passed == 0 && count.failed == 0 && count.unusable == 0 {
            // A run that tested nothing must not look like one that passed.
            return Err(Failure::with_help("there is no test here", "write a `test \"…\" { … }` block, or loosen `--filter`"));
        }
        Ok(Outcome::found_if(count.failed > 0 || count.unusable > 0))
    }

    fn file(&self, file: &Path, count: &mut Count) -> Result<(), Failure> {
        let compiled = compile_file(file)?;
        show_errors(&compiled);
        let (Some(typed), Some(program)) = (&compiled.typed, compiled.program) else {
            count.unusable = count.unusable.saturating_add(1);
            return Ok(());
        };
        let policy = Policy::new(program, &agentc_stdlib::library()).map_err(|error| Failure::said(error.to_string()))?;
        let places = Places::new(&compiled.files);
        say(format_args!("{}", file.display()))?;
        let wanted = |name: &str| self.filter.as_ref().is_none_or(|text| name.contains(text.as_str()));
        for test in typed.tests.iter().filter(|test| wanted(&test.name)) {
            let ran = run_test(typed, test, &mut Native::new(&policy));
            match &ran.mismatch {
                None => {
                    count.passed = count.passed.saturating_add(1);
                    say(format_args!("  ok      {}", test.name))?;
                }
                Some(mismatch) => {
                    count.failed = count.failed.saturating_add(1);
                    say(format_args!("  FAILED  {}", test.name))?;
                    put(format_args!("{}", explained(typed, &places, mismatch)))?;
                    if self.verbose {
                        for (event, answer) in &ran.log {
                            say(format_args!("          > {event}\n          < {answer}"))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
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

/// The policies under a path: the file itself, or every policy in a folder and below that is a root (has a `policy` block).
fn policies(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let read = |why| Failure::Read { path: path.to_owned(), why };
    let mut entries = std::fs::read_dir(path)
        .map_err(read)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(read)?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            policies(&entry, found)?;
        } else if entry.extension().is_some_and(|ending| ending == ENDING) && is_root(&entry)? {
            found.push(entry);
        }
    }
    Ok(())
}

/// Whether a file is the root of a policy rather than a module: it has a `policy` block.
fn is_root(path: &Path) -> Result<bool, Failure> {
    let parse = agentc_grammar::parse::parse(&crate::files::read_text(path)?);
    // One that cannot be read without errors is tested, so that its errors are shown.
    let named = parse.file.items.iter().any(|item| matches!(item.kind, agentc_grammar::ast::ItemKind::Policy(_)));
    Ok(named || !parse.errors.is_empty())
}
