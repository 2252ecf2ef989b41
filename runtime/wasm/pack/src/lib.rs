//! Rewrites the module that the compiler made: [`finish`] adds the version globals, [`embed`] puts a policy into it.
//!
//! Both copy every section as it is but those that they must add to, and both give the same bytes for the same input.

mod embed;
mod finish;
mod sections;

pub use embed::{POLICY_SECTION, embed};
pub use finish::finish;

/// The number of the ABI that `runtime/wasm/ABI.md` describes.
pub const ABI: u32 = 1;

/// What was added to it since.
pub const ABI_MINOR: u32 = 2;

/// The name of the runtime's module as `runtime/wasm/build.sh` writes it.
pub const MODULE_NAME: &str = "agentc.wasm";

/// Why a module cannot be rewritten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The bytes are no module.
    #[error("it is no WebAssembly module: {0}")]
    NoModule(String),
    /// A part that is relied on is missing.
    #[error("it is no module of agentc: it has no {0}")]
    Foreign(&'static str),
    /// It was built for another ABI.
    #[error("it is a module of another version of agentc: its ABI is {found}, this program's is {ABI}")]
    OtherAbi {
        /// The number it says.
        found: u32,
    },
    /// The artifact is of another format than the module loads.
    #[error("the module loads artifacts of format {found}, and this program writes format {}", agentc_runtime::artifact::FORMAT)]
    OtherFormat {
        /// The number it says.
        found: u32,
    },
    /// It holds a policy already.
    #[error("it holds a policy already: take the runtime's own module")]
    Taken,
    /// It is finished already.
    #[error("it is finished already")]
    Finished,
    /// Its memory would be larger than 4 GiB.
    #[error("the policy is too large for a module's memory")]
    TooLarge,
}
