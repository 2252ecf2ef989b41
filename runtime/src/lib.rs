//! What an agent's policy does while the agent runs: it decides every call. Pure: no files, no clock, no threads.

pub mod answer;
pub mod artifact;
pub mod bind;
pub mod cell;
pub mod decide;
pub mod decimal;
mod digest;
pub mod eval;
pub mod event;
pub mod json;
pub mod library;
pub mod pattern;
pub mod policy;
pub mod program;
pub mod run;
pub mod text;
pub mod trace;
pub mod types;
pub mod value;
pub mod verify;
pub mod zone;

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod testing;
