//! `agentc explain CODE`: the page of a diagnostic.

use crate::failure::Failure;
use crate::outcome::Outcome;
use agentc_compiler::diagnostic::codes;
use clap::Args;

/// Explain a diagnostic: what it means, why it is refused, a wrong and a right example.
#[derive(Debug, Args)]
pub struct Explain {
    /// Its code, `AP0101`; every code with its title where none is given.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let Some(code) = self.code else {
            for code in codes::CODES {
                println!("{}  {:<7}  {}", code.id, code.severity.word(), code.title());
            }
            return Ok(Outcome::Fine);
        };
        match codes::code(&code.to_ascii_uppercase()) {
            Some(code) => {
                println!("{}", code.page.trim_end());
                Ok(Outcome::Fine)
            }
            None => Err(Failure::with_help(format!("there is no diagnostic `{code}`"), "`agentc explain` lists them all")),
        }
    }
}
