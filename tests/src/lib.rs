//! agentc-tests
