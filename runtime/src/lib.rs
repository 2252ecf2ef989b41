//! agentc-runtime
