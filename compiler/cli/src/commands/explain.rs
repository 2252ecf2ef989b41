//! `agentc explain WHAT`: the page of a diagnostic, or a function of the library.

use crate::failure::Failure;
use crate::functions::{entry, page};
use crate::outcome::Outcome;
use crate::terminal::{put, say};
use agentc_compiler::diagnostic::codes;
use clap::Args;

/// Explain a diagnostic (what it means, why it is refused, a wrong and a right example) or a function.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A code, `AP0101`; a function, `text.lower`; `functions` for all of them. Every code with its title where nothing is given.
    what: Option<String>,
}

impl Explain {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let Some(what) = self.what else {
            for code in codes::CODES {
                say(format_args!("{}  {:<7}  {}", code.id, code.severity.word(), code.title()))?;
            }
            return Ok(Outcome::Fine);
        };
        let library = agentc_stdlib::library();
        if what == "functions" {
            put(format_args!("{}", page(&library)))?;
        } else if let Some(function) = library.function(&what) {
            put(format_args!("{}", entry(function)))?;
        } else if let Some(code) = codes::code(&what.to_ascii_uppercase()) {
            say(format_args!("{}", code.page.trim_end()))?;
        } else {
            return Err(Failure::with_help(
                format!("there is no diagnostic and no function `{what}`"),
                "`agentc explain` lists all diagnostics, `agentc explain functions` all functions",
            ));
        }
        Ok(Outcome::Fine)
    }
}
