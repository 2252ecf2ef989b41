//! The compiler for a browser: a policy's text in, JSON out. The module holds the evaluator's exports too (`runtime/wasm/ABI.md`), so one
//! file does for an editor that also runs what it compiles.
//!
//! | function | input | output |
//! |---|---|---|
//! | `agentc_tokens(ptr, len)` | the text | `[[class, length], …]`: every token of it, lengths in UTF-16 units |
//! | `agentc_compile(ptr, len)` | a [`Source`] | [`Compiled`]: what is wrong, and where nothing is, the artifact |
//! | `agentc_graphs(ptr, len)` | a [`Source`] | `[{"job", "svg"}, …]`: the decisions of each job as a picture |
//!
//! Buffers, results and errors are as in the evaluator's ABI.

mod compile;
mod highlight;

pub use compile::{Compiled, Graph, Job, Source, compile, graphs};
pub use highlight::{Class, highlight};

#[cfg(target_arch = "wasm32")]
mod exports;
