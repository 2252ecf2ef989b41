//! agentc-ledger
