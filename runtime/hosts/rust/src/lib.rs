//! Runs agent policies in Rust: natively, or as the WASM build under wasmtime, with one interface.
//!
//! An [`Engine`] decides: [`Native`] with the runtime compiled in, [`Wasm`] with the module, in a sandbox whose fuel and memory
//! are bounded. A [`Run`] is what a host uses: it fetches what a decision needs, asks people, and gives answers that hold. A
//! [`GuardLayer`] wraps a tool so that it cannot be called around the policy.
#![doc = include_str!("../README.md")]

mod engine;
mod error;
mod guard;
mod native;
mod reply;
mod run;
mod wasm;

pub use engine::{Decider, Engine, Preview, SharedLedger};
pub use error::HostError;
pub use guard::{Allowed, GuardError, GuardLayer, Guarded, ToolError};
pub use native::Native;
pub use reply::Reply;
pub use run::{Host, OpenError, Run, Said};
pub use wasm::{Wasm, WasmOptions};

pub use agentc_ledger::{Ledger, MemoryLedger, Tracing};
pub use agentc_runtime::decide::Detail;
pub use agentc_runtime::event::{Event, EventKind, Found, Open, Person, Vote};
pub use agentc_runtime::json::Json;
pub use agentc_runtime::preview::Foreseen;
pub use jiff::Timestamp;
