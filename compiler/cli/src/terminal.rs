//! Standard output and standard error: what is written there, and its colour where the reader's terminal shows it.

use crate::failure::Failure;
use agentc_compiler::diagnostic::render::Colour;
use std::fmt::Arguments;
use std::io::{IsTerminal as _, Write as _};

/// Whether what goes to standard output is coloured: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
#[must_use]
pub fn colour() -> Colour {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain }
}

/// Writes to standard output.
///
/// # Errors
/// [`Failure::Output`] where nobody reads it any more, as behind `| head -1`.
pub fn put(text: Arguments<'_>) -> Result<(), Failure> {
    std::io::stdout().lock().write_fmt(text).map_err(Failure::Output)
}

/// Writes a line to standard output.
///
/// # Errors
/// [`Failure::Output`] where nobody reads it any more.
pub fn say(line: Arguments<'_>) -> Result<(), Failure> {
    put(format_args!("{line}\n"))
}

/// Writes to standard error. Where nobody reads that there is nobody left to tell, and the exit code says it still.
pub fn complain(text: Arguments<'_>) {
    let _ = std::io::stderr().lock().write_fmt(text);
}
