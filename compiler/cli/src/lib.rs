//! What the binary `agentc` is made of, for it and for the test suites.

pub mod records;
pub mod replay;
