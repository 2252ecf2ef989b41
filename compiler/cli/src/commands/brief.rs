//! `agentc brief FILE [JOB]`: the job description of an agent, made from the policy that binds it.

use crate::chosen;
use crate::failure::Failure;
use crate::files::{compile_file, show_errors, write};
use crate::outcome::Outcome;
use crate::terminal::put;
use agentc_compiler::brief::{self, For};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Write an agent's job description from its policy, as Markdown.
///
/// For the model: what it may do, must never do, when it stops and what people must approve, without the thresholds. For a person: everything, with
/// lines.
#[derive(Debug, Args)]
pub(super) struct Brief {
    /// The root file of the policy.
    file: PathBuf,
    /// The job; needed where the policy has several.
    job: Option<String>,
    /// Who reads it.
    #[arg(long = "for", value_enum, default_value_t = Reader::Model)]
    reader: Reader,
    /// The file to write; standard output where none is given.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reader {
    /// The model, to be put into its instructions.
    Model,
    /// A person.
    Person,
}

impl Brief {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let compiled = compile_file(&self.file)?;
        show_errors(&compiled);
        let Some(typed) = &compiled.typed else { return Ok(Outcome::Found) };
        let job = chosen::job(typed, self.job.as_deref())?;
        let reader = match self.reader {
            Reader::Model => For::Model,
            Reader::Person => For::Person,
        };
        let text = brief::brief(typed, job, reader);
        match &self.output {
            Some(out) => write(out, text.as_bytes())?,
            None => put(format_args!("{text}"))?,
        }
        Ok(Outcome::Fine)
    }
}
