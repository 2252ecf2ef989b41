//! Colour, where the reader's terminal shows it.

use agentc_compiler::diagnostic::render::Colour;
use std::io::IsTerminal as _;

/// Whether what goes to standard output is coloured: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
#[must_use]
pub fn colour() -> Colour {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain }
}
