//! The binary `agentc`.
fn main() {}
