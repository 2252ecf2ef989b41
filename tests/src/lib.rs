//! The suites' own tools: the reference evaluator, and what runs it beside the runtime.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking, and the reference evaluator must be plain to read; nothing here is shipped"
)]

pub mod aim;
pub mod author;
pub mod both;
pub mod brute;
pub mod campaign;
pub mod cases;
pub mod chance;
pub mod compare;
pub mod corpus;
pub mod examples;
pub mod family;
pub mod generate;
pub mod inputs;
pub mod judge;
pub mod modes;
pub mod mutate;
pub mod native;
pub mod oracle;
pub mod pool;
pub mod random;
pub mod small;
pub mod vectors;
