//! The three kinds of text that have a normal form: e-mail addresses, URLs and paths.
//!
//! They are strict on purpose: a text that two readers could take for two different things is malformed, so that the thing
//! that was decided is the thing that is done. The normal form is what policies compare and what the canonical arguments
//! carry; normalising it again changes nothing.

pub mod email;
pub mod host;
pub mod path;
pub mod url;
