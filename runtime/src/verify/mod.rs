//! Verifies a program before anything walks it: every index is in bounds, nothing is cyclic or too deep, every expression has
//! the type that is used.
//!
//! A digest says that nobody changed an artifact after it was built; it does not say who built it. What is verified here is what
//! evaluation relies on, so that no artifact, however it was made, can make it panic, loop or overflow its stack.

mod expr;
mod free;
mod history;
mod library;
mod pins;
mod plan;
mod shapes;
mod typing;

use crate::library::Function;
use crate::program::Program;
use std::fmt;

/// The deepest that expressions may nest, calls of the file's own functions included.
pub const MAX_DEPTH: u16 = 256;

/// What is wrong with a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct Flaw {
    place: String,
    why: String,
}

impl Flaw {
    fn new(place: impl fmt::Display, why: impl Into<String>) -> Self {
        Self { place: place.to_string(), why: why.into() }
    }
}

type Checked<T = ()> = Result<T, Flaw>;

/// Where something stands, written out only where it is wrong.
type Place<'a> = fmt::Arguments<'a>;

/// Verifies a program with the functions that it calls, parallel to [`Program::functions`].
///
/// # Errors
/// [`Flaw`] says what is wrong first.
pub fn verify(program: &Program, functions: &[&'static Function]) -> Checked {
    pins::verify(program)?;
    shapes::verify(program)?;
    let exprs = expr::verify(program, functions)?;
    plan::verify(program, &exprs)
}

/// Fails where an index is not below the length of what it points into.
fn within(index: usize, len: usize, place: impl fmt::Display, what: &str) -> Checked {
    if index < len { Ok(()) } else { Err(Flaw::new(place, format!("it names {what} {index} of {len}"))) }
}

#[cfg(test)]
mod tests;
