//! `agentc build FILE -o OUT`: compiles a policy to the artifact that hosts load.

use crate::failure::Failure;
use crate::files::{compile_file, show_errors, write};
use crate::outcome::Outcome;
use crate::terminal::say;
use agentc_runtime::artifact;
use clap::Args;
use std::path::PathBuf;

/// Compile a policy to the artifact that hosts load.
#[derive(Debug, Args)]
pub(super) struct Build {
    /// The root file of the policy.
    file: PathBuf,
    /// Where the artifact goes; beside the policy, ending in `.agentc`, where nothing is said.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

impl Build {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let compiled = compile_file(&self.file)?;
        show_errors(&compiled);
        let Some(program) = &compiled.program else { return Ok(Outcome::Found) };
        let failed = |error: artifact::ArtifactError| Failure::said(error.to_string());
        let bytes = artifact::encode(program).map_err(failed)?;
        let digest = artifact::digest(program).map_err(failed)?;
        let output = self.output.unwrap_or_else(|| self.file.with_extension("agentc"));
        if output == self.file {
            return Err(Failure::with_help("the artifact would take the place of its policy", "give it another name with `-o`"));
        }
        write(&output, &bytes)?;
        say(format_args!("{}: {} bytes, digest sha256:{digest}", output.display(), bytes.len()))?;
        Ok(Outcome::Fine)
    }
}
