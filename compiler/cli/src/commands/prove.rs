//! `agentc prove FILE`: what became of each proof of a policy, and the obligations for a solver of anybody's own.

use crate::failure::Failure;
use crate::files::{compile_file, write};
use crate::outcome::Outcome;
use crate::terminal::{colour, put, say};
use agentc_compiler::diagnostic::render;
use agentc_compiler::prove::{Proved, Script, Verdict, scripts};
use agentc_compiler::source::Places;
use agentc_compiler::{Compiled, typed::Typed};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say of each proof whether it holds, with the run that refutes it where it does not.
#[derive(Debug, Args)]
pub(super) struct Prove {
    /// The root file of the policy.
    file: PathBuf,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also write each obligation out, `smtlib`: a script for each statement and verb, unsatisfiable where the statement holds after any history.
    #[arg(long, num_args = 2, value_names = ["FORM", "DIR"])]
    emit: Vec<String>,
}

/// How verdicts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line each, with the runs that refute.
    Human,
    /// One JSON array.
    Json,
}

impl Prove {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let compiled = compile_file(&self.file)?;
        let places = Places::new(&compiled.files);
        if compiled.proofs.is_empty() && compiled.has_errors() {
            put(format_args!("{}", render::human(&compiled.diagnostics, &places, colour())))?;
            return Ok(Outcome::Found);
        }
        match self.format {
            Format::Human => {
                for proved in &compiled.proofs {
                    say(format_args!("{}", line(proved, &places)))?;
                }
                let errors: Vec<_> = compiled.diagnostics.iter().filter(|found| found.is_error()).cloned().collect();
                put(format_args!("{}", render::human(&errors, &places, colour())))?;
            }
            Format::Json => {
                let all: Vec<Value> = compiled.proofs.iter().map(|proved| data(proved, &places)).collect();
                let text = serde_json::to_string_pretty(&all).map_err(|error| Failure::said(error.to_string()))?;
                say(format_args!("{text}"))?;
            }
        }
        match self.emit.as_slice() {
            [] => {}
            [form, folder] if form == "smtlib" => emit(&compiled, Path::new(folder))?,
            _ => return Err(Failure::with_help("only `smtlib` can be emitted", "write `--emit smtlib DIR`")),
        }
        Ok(Outcome::found_if(compiled.proofs.iter().any(|proved| !matches!(proved.verdict, Verdict::Holds { .. }))))
    }
}

/// `holds      no refund without a lead: never allow …`
fn line(proved: &Proved, places: &Places<'_>) -> String {
    let (row, _) = places.line_and_column(proved.loc.file, proved.loc.span.start);
    let bound = match &proved.verdict {
        Verdict::Holds { lists_up_to: Some(bound) } => format!(" (for lists up to {bound})"),
        _ => String::new(),
    };
    format!("{:<10} {}:{row} {}: {}{bound}", proved.verdict.name(), places.name(proved.loc.file), proved.name, proved.says)
}

fn data(proved: &Proved, places: &Places<'_>) -> Value {
    let place = |loc: agentc_compiler::typed::Loc| {
        let (line, column) = places.line_and_column(loc.file, loc.span.start);
        json!({ "file": places.name(loc.file), "line": line, "column": column })
    };
    let mut out = json!({
        "proof": proved.name,
        "statement": proved.says,
        "place": place(proved.loc),
        "verdict": proved.verdict.name(),
    });
    let more = match &proved.verdict {
        Verdict::Holds { lists_up_to } => json!({ "lists_up_to": lists_up_to }),
        Verdict::Refuted(found) => {
            json!({ "run": found.told, "test": found.test.as_ref().map(|lines| lines.join("\n")), "outcome": found.outcome, "by": found.by })
        }
        Verdict::Undecided(obstacle) => json!({ "obstacle": place(obstacle.loc) }),
    };
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}

/// Writes each obligation into a file of its own.
fn emit(compiled: &Compiled, folder: &Path) -> Result<(), Failure> {
    let Some(typed) = proofs_of(compiled) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| Failure::said(format!("`{}` cannot be made: {error}", folder.display())))?;
    for Script { proof, statement, verb, text, .. } in scripts(typed) {
        let name = format!("{}-{}-{verb}.smt2", proof.saturating_add(1), statement.saturating_add(1));
        match text {
            Some(text) => {
                write(&folder.join(&name), text.as_bytes())?;
                say(format_args!("{}", folder.join(&name).display()))?;
            }
            None => say(format_args!("{name}: not written, it has a pattern that SMT-LIB has no words for"))?,
        }
    }
    Ok(())
}

fn proofs_of(compiled: &Compiled) -> Option<&Typed> {
    compiled.asked.as_ref().or(compiled.typed.as_ref())
}
