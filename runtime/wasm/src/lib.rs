//! The ABI of the WASM build, as `ABI.md` describes it: it hands bytes to the runtime and answers back, and decides nothing.

mod embedded;
mod failure;
mod instance;
mod limits;
mod memory;

pub use failure::{Code, Failure};
pub use instance::{Given, Instance};

#[cfg(target_arch = "wasm32")]
mod exports;

#[cfg(target_arch = "wasm32")]
pub use exports::exported;
