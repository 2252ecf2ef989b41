//! The command as a stranger and an attacker use it: whatever stands in a file or on standard input gets a clear answer; nothing
//! allows by mistake, nothing panics, nothing hangs.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    reason = "a test fails by panicking; nothing here is shipped"
)]

mod approvals;
mod artifacts;
mod determinism;
mod diff;
mod events;
mod files;
mod fmt;
mod mistakes;
mod nesting;
mod order;
mod pipeline;
mod review;
mod secrets;
mod support;
mod tools;
mod traces;
mod world;
