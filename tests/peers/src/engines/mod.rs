//! The engines in Rust, each behind one file.

pub mod agentc;
pub mod cedar;
pub mod cel;
pub mod regorus;
pub mod skip;

use agentc_peers_worker::serve;
use std::path::Path;

/// Serves the engine of that name on a case.
///
/// # Errors
/// What the engine says; that there is none of that name.
pub fn serve_named(name: &str, folder: &Path) -> Result<(), String> {
    match name {
        "agentc" => serve::<agentc::Agentc>(folder),
        "agentc-full" => serve::<agentc::Full>(folder),
        "check" => serve::<agentc::Check>(folder),
        "skip" => serve::<skip::Skip>(folder),
        "cedar" => serve::<cedar::Cedar>(folder),
        "cedar-parse" => serve::<cedar::Parse>(folder),
        "regorus" => serve::<regorus::Interpreter>(folder),
        "regorus-rvm" => serve::<regorus::Bytecode>(folder),
        "history" => serve::<crate::history::engine::Agentc>(folder),
        "paper" => serve::<crate::paper::engine::Agentc>(folder),
        "paper-cedar" => serve::<crate::paper::engine::PaperCedar>(folder),
        "cel" => serve::<cel::Cel>(folder),
        _ => Err(format!("no engine: {name}")),
    }
}
