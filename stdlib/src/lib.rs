//! agentc-stdlib
