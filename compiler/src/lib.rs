//! What a policy means before it runs: names, types, provenance, lowering and diagnostics. Pure: text in, values out.

mod check;
mod complete;
pub mod diagnostic;
pub mod hir;
mod lower;
mod resolve;
pub mod source;
pub mod typed;
