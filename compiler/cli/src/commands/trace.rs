//! `agentc trace FILE`: a run's trace as a person reads it.

use crate::failure::Failure;
use crate::files::read_text;
use crate::outcome::Outcome;
use crate::story::{summary, told};
use crate::terminal::{put, say};
use agentc_runtime::trace::verify;
use clap::Args;
use std::path::PathBuf;

/// Print a run's trace as a person reads it, after checking its chain.
///
/// Exit code 1 where the chain is broken.
#[derive(Debug, Args)]
pub(super) struct Trace {
    /// The trace: one line a JSON object, as `agentc run --trace` or a host wrote it.
    file: PathBuf,
    /// Only what the run comes to.
    #[arg(long)]
    summary: bool,
}

impl Trace {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let text = read_text(&self.file)?;
        let verified = match verify(&text) {
            Ok(verified) => verified,
            Err(error) => {
                say(format_args!("{}: {error}", self.file.display()))?;
                return Ok(Outcome::Found);
            }
        };
        if !self.summary {
            for line in &verified.lines {
                put(format_args!("{}", told(&line.event, &line.answer)))?;
            }
            say(format_args!(""))?;
        }
        say(format_args!("{}", summary(&verified.lines)))?;
        say(format_args!("chain         {} lines, unbroken; policy sha256:{}", verified.lines.len(), verified.policy))?;
        Ok(Outcome::Fine)
    }
}
