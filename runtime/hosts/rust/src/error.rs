//! What goes wrong between a call and its decision. None of it is ever an allow.

/// Nothing was decided: the call is not allowed, and the run is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The bytes are no event.
    #[error("{0}")]
    Input(String),
    /// The bytes are no policy, or no module, that can be loaded.
    #[error("{0}")]
    Load(String),
    /// A limit is in the way.
    #[error("{0}")]
    Limit(String),
    /// The ledger failed.
    #[error("{0}")]
    Ledger(String),
    /// The module trapped, because it ran out of fuel or of memory: its runs are lost, and new ones get a new instance.
    #[error("the sandbox was stopped: {0}")]
    Broken(String),
    /// The host and the module do not understand each other.
    #[error("{0}")]
    Misused(String),
}
