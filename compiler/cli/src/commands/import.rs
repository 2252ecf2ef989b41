//! `agentc import mcp FILE`: writes the declaration of real tools.

use crate::failure::Failure;
use crate::files::write;
use crate::outcome::Outcome;
use crate::terminal::{put, say};
use crate::tools::read_list;
use agentc_compiler::tools::import::{Import as How, declaration};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Write the `tool` declaration of real tools, with every guess marked.
///
/// Whether a verb reads or writes is taken from the server's hints, else guessed from its name; what nothing is said of is a write. The result passes
/// `agentc check --tools` with the same list.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// What the file is.
    #[arg(value_enum)]
    kind: Kind,
    /// The file.
    file: PathBuf,
    /// The server's name; the file's where nothing is said.
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    /// Write a module for other policies to `use`: without a `policy` declaration.
    #[arg(long)]
    module: bool,
    /// Where the declaration goes; standard output where nothing is said.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// Where tools come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A server's answer to MCP's `tools/list`.
    Mcp,
    /// An OpenAPI 3 document.
    Openapi,
}

impl Import {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let list = read_list(None, &self.file)?;
        let stem = self.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let server = self.server.or(stem).unwrap_or_else(|| "tools".to_owned());
        let kind = if self.kind == Kind::Mcp { "mcp" } else { "openapi" };
        let text = declaration(&list, &How { server, kind, module: self.module });
        match self.output {
            None => put(format_args!("{text}"))?,
            Some(output) => {
                if output.exists() {
                    return Err(Failure::Exists { path: output });
                }
                write(&output, text.as_bytes())?;
                say(format_args!("{}: {} tools; look at every line that says `guess`", output.display(), list.tools.len()))?;
            }
        }
        Ok(Outcome::Fine)
    }
}
