//! Adds the exported globals that say which ABI and which artifacts a module speaks.

use crate::sections::{Section, copy, exported_constant, reencoded};
use crate::{ABI, ABI_MINOR, PackError};
use agentc_runtime::artifact;
use wasm_encoder::reencode::Reencode as _;
use wasm_encoder::{ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, ValType};
use wasmparser::Payload;

/// The globals and what they say.
const VERSIONS: [(&str, u32); 3] =
    [("agentc_abi", ABI), ("agentc_abi_minor", ABI_MINOR), ("agentc_artifact_format", artifact::FORMAT)];

/// The module with its version globals.
///
/// # Errors
/// [`PackError`] where the bytes are no module of agentc, or have them already.
pub fn finish(module: &[u8]) -> Result<Vec<u8>, PackError> {
    if exported_constant(module, "agentc_embedded")?.is_none() {
        return Err(PackError::Foreign("exported global `agentc_embedded`"));
    }
    if exported_constant(module, "agentc_abi")?.is_some() {
        return Err(PackError::Finished);
    }
    let mut first = 0;
    let out = copy(module, |payload, out| match payload {
        Payload::GlobalSection(globals) => {
            first = globals.count();
            let mut section: GlobalSection =
                reencoded(|encoder, section| encoder.parse_global_section(section, globals.clone()))?;
            let constant = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
            for (_, value) in VERSIONS {
                section.global(constant, &ConstExpr::i32_const(value.cast_signed()));
            }
            out.section(&section);
            Ok(Section::Written)
        }
        Payload::ExportSection(exports) => {
            let mut section: ExportSection =
                reencoded(|encoder, section| encoder.parse_export_section(section, exports.clone()))?;
            for (index, (name, _)) in (first..).zip(VERSIONS) {
                section.export(name, ExportKind::Global, index);
            }
            out.section(&section);
            Ok(Section::Written)
        }
        _ => Ok(Section::Kept),
    })?;
    Ok(out.finish())
}
