//! The real tools beside the declared ones: what a server lists, how it differs from the policy, and what of it is pinned.

mod drift;
mod fits;
pub mod import;
mod list;
mod openapi;
mod schema;

pub(crate) use fits::Fault;

pub use drift::{Mismatch, check, pins};
pub use list::{Hints, ListError, RealTool, ToolList};

#[cfg(test)]
mod tests;
