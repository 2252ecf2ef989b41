//! Lists of real tools from files: `--tools FILE`, `--tools SERVER=FILE`, and what an artifact pinned of them.

use crate::failure::Failure;
use agentc_compiler::Compiled;
use agentc_compiler::tools::{ListError, Mismatch, ToolList};
use agentc_runtime::artifact;
use agentc_runtime::program::ToolPin;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// The real tools that a policy is compared with.
#[derive(Debug, Clone, Args)]
pub struct Tools {
    /// The real tools: a server's answer to MCP's `tools/list`, or an OpenAPI document. Where the policy has several servers, one for each: `SERVER=FILE`.
    #[arg(id = "tools", long = "tools", value_name = "[SERVER=]FILE")]
    files: Vec<String>,
}

impl Tools {
    /// Whether any are given.
    #[must_use]
    pub fn are_given(&self) -> bool {
        !self.files.is_empty()
    }

    /// The lists.
    ///
    /// # Errors
    /// A [`Failure`] where a file cannot be read or is no list of tools.
    pub fn lists(&self) -> Result<Vec<ToolList>, Failure> {
        self.files.iter().map(|given| list(given)).collect()
    }
}

/// Compares a policy with the real tools, and with what was pinned of them before.
///
/// # Errors
/// A [`Failure`] where a list belongs to no tool of the policy.
pub fn compare(compiled: &mut Compiled, lists: &[ToolList], pinned: &[ToolPin]) -> Result<(), Failure> {
    compiled.compare_tools(lists, pinned).map_err(|error: Mismatch| Failure::with_help(error.to_string(), error.help()))
}

/// What an artifact pinned; nothing where there is no such file.
///
/// # Errors
/// A [`Failure`] where it cannot be read, or is no artifact.
pub fn pinned(artifact: &Path) -> Result<Vec<ToolPin>, Failure> {
    if !artifact.exists() {
        return Ok(Vec::new());
    }
    let bytes = fs::read(artifact).map_err(|why| Failure::Read { path: artifact.to_owned(), why })?;
    let (program, _) = artifact::decode(&bytes).map_err(|error| {
        Failure::with_help(
            format!("`{}` does not say which tools were pinned: {error}", artifact.display()),
            "build it anew with `agentc build --tools … --repin`",
        )
    })?;
    Ok(program.tools)
}

/// `SERVER=FILE`, or `FILE`. A file whose own name has a `=` is given as `./a=b.json`.
fn list(given: &str) -> Result<ToolList, Failure> {
    let named = given.split_once('=').filter(|(server, _)| !server.is_empty() && !server.contains(['/', '\\']));
    let (server, file) = named.map_or((None, given), |(server, file)| (Some(server.to_owned()), file));
    read_list(server, Path::new(file))
}

/// A list from a file.
///
/// # Errors
/// A [`Failure`] where it cannot be read or is no list of tools.
pub fn read_list(server: Option<String>, file: &Path) -> Result<ToolList, Failure> {
    let bytes = fs::read(file).map_err(|why| Failure::Read { path: PathBuf::from(file), why })?;
    ToolList::read(server, file.display().to_string(), &bytes).map_err(|error: ListError| {
        let message = format!("`{}` is no list of tools: {error}", file.display());
        match error.help() {
            Some(help) => Failure::with_help(message, help),
            None => Failure::said(message),
        }
    })
}
