//! `agentc audit FILE`: the nine questions that a reviewer asks, answered from the policy.

use crate::chosen;
use crate::failure::Failure;
use crate::files::{compile_file, show_errors, write};
use crate::outcome::Outcome;
use crate::terminal::put;
use agentc_compiler::audit::audit;
use agentc_runtime::artifact;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Answer the nine questions that a reviewer asks of each job, with lines; say what is missing.
///
/// Exit code: 0 where every question is answered, 1 where one is open.
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// The root file of the policy.
    file: PathBuf,
    /// One job; all of them where none is named.
    #[arg(long)]
    job: Option<String>,
    /// The form; where nothing is said, what the ending of OUT says (.html, .json), else text.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write; standard output where none is given.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// One page to read, print and sign; it loads nothing and has no scripts.
    Html,
}

impl Audit {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let format = match (self.format, &self.output) {
            (Some(format), _) => format,
            (None, Some(out)) => by_ending(out)?,
            (None, None) => Format::Text,
        };
        let compiled = compile_file(&self.file)?;
        show_errors(&compiled);
        let (Some(typed), Some(program)) = (&compiled.typed, &compiled.program) else { return Ok(Outcome::Found) };
        let digest = artifact::digest(program).map_err(|error| Failure::said(error.to_string()))?;
        let mut page = audit(typed, &digest.to_string(), &compiled.diagnostics, &compiled.proofs);
        if let Some(name) = &self.job {
            chosen::job(typed, Some(name))?;
            page.jobs.retain(|job| job.job == *name);
        }
        let text = match format {
            Format::Text => page.text(),
            Format::Html => page.html(),
            Format::Json => {
                let json = serde_json::to_string_pretty(&page).map_err(|error| Failure::said(error.to_string()))?;
                format!("{json}\n")
            }
        };
        match &self.output {
            Some(out) => write(out, text.as_bytes())?,
            None => put(format_args!("{text}"))?,
        }
        let (answered, all) = page.answered();
        Ok(Outcome::found_if(answered < all))
    }
}

/// The form that the ending of a file says; the usual one where it has none.
fn by_ending(out: &Path) -> Result<Format, Failure> {
    let Some(ending) = out.extension() else { return Ok(Format::Text) };
    match ending.to_str().unwrap_or_default() {
        "html" | "htm" => Ok(Format::Html),
        "json" => Ok(Format::Json),
        "txt" => Ok(Format::Text),
        _ => Err(Failure::with_help(
            format!("no form of an audit ends as `{}` does", out.display()),
            "end the name in `.html`, `.json` or `.txt`, or say the form with `--format`",
        )),
    }
}
