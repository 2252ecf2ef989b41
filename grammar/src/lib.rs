//! agentc-grammar
