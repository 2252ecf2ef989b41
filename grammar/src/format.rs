//! The formatter: one layout for every policy. It keeps every token and every comment, and where the author's line ends say how
//! something is grouped, it keeps those.
//!
//! The concrete tree says what belongs together; from it a document is built in which every gap between two tokens knows what may stand
//! there; printing fills lines up to [`WIDTH`]; then columns are aligned. The result is read again, and refused where it means anything
//! else.

mod align;
mod build;
mod columns;
mod document;
mod gaps;
mod glue;
mod print;

use crate::parse::SyntaxError;
use crate::parse::concrete::concrete;
use gaps::Gaps;

/// How long a line may be, in characters, where it can be broken at all; comments at its end do not count.
pub const WIDTH: usize = 130;

/// Why a source is not formatted.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It has mistakes in its writing; they come first.
    Mistakes(Vec<SyntaxError>),
    /// Its formatted text would not have meant the same: a fault of the formatter, and the source stays as it is.
    Changed(String),
}

/// The source in the one layout.
///
/// # Errors
/// [`Refusal`]: the source has mistakes, or what came out of it does not mean the same.
pub fn format(source: &str) -> Result<String, Refusal> {
    let before = concrete(source).map_err(Refusal::Mistakes)?;
    let gaps = Gaps::new(source, &before.tokens);
    let document = build::Builder::new(source, &before, &gaps).file();
    let formatted = print::print(source, &before, &gaps, &document);
    let after = concrete(&formatted).map_err(|_| Refusal::Changed(formatted.clone()))?;
    let kept = gaps.comments() == Gaps::new(&formatted, &after.tokens).comments();
    if kept && before.meaning == after.meaning { Ok(formatted) } else { Err(Refusal::Changed(formatted)) }
}
