//! What the binary `agentc` is made of, for it and for the test suites.

pub mod chosen;
pub mod commands;
pub mod coverage;
pub mod explained;
pub mod failure;
pub mod files;
pub mod functions;
pub mod native;
pub mod outcome;
pub mod records;
pub mod replay;
pub mod report;
pub mod story;
pub mod terminal;
pub mod testing;
pub mod tools;
