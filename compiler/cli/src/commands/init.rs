//! `agentc init`: a starting policy that passes its own check and its own tests.

use crate::failure::Failure;
use crate::files::write;
use crate::outcome::Outcome;
use crate::terminal::say;
use clap::Args;
use std::path::PathBuf;

/// Write a starting policy.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Where it goes.
    #[arg(default_value = "policy.agentpolicy")]
    file: PathBuf,
}

/// The policy that `init` writes.
const START: &str = include_str!("../start.agentpolicy");

impl Init {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        if self.file.exists() {
            return Err(Failure::Exists { path: self.file });
        }
        write(&self.file, START.as_bytes())?;
        let file = self.file.display();
        say(format_args!("{file}: a policy to start from\n\nnext:\n  agentc check {file}\n  agentc test {file}"))?;
        Ok(Outcome::Fine)
    }
}
