//! agentc-compiler
