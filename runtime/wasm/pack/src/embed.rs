//! Puts a policy into the runtime's module: one self-contained file.
//!
//! The policy's bytes become a data segment behind everything that the linker laid out, on pages that the memory did not have
//! before; the allocator takes new pages only. A second segment writes their address and length where the module looks for them.

use crate::sections::{Section, copy, exported_constant, reencoded};
use crate::{ABI, PackError};
use agentc_runtime::artifact;
use std::borrow::Cow;
use wasm_encoder::reencode::Reencode as _;
use wasm_encoder::{ConstExpr, CustomSection, DataCountSection, DataSection, MemorySection};
use wasmparser::Payload;

/// The name of the custom section that says, as JSON, which policy a module holds. Nothing reads it while the module runs.
pub const POLICY_SECTION: &str = "agentc.policy";

/// The size of a page of memory.
const PAGE: u64 = 64 * 1024;

/// The most pages that a memory can have.
const MAX_PAGES: u64 = 65_536;

/// The runtime's module with a policy in it: `artifact` as `agentc build` makes it, `info` as [`agentc_runtime::policy::Policy::info`]
/// writes it.
///
/// # Errors
/// [`PackError`] where the bytes are no such module, hold a policy already, or the policy does not fit.
pub fn embed(module: &[u8], artifact: &[u8], info: &str) -> Result<Vec<u8>, PackError> {
    let number = |name, what| exported_constant(module, name)?.ok_or(PackError::Foreign(what));
    let abi = number("agentc_abi", "exported global `agentc_abi`")?;
    if abi != ABI {
        return Err(PackError::OtherAbi { found: abi });
    }
    let format = number("agentc_artifact_format", "exported global `agentc_artifact_format`")?;
    if format != artifact::FORMAT {
        return Err(PackError::OtherFormat { found: format });
    }
    let slot = number("agentc_embedded", "exported global `agentc_embedded`")?;
    let length = u32::try_from(artifact.len()).map_err(|_| PackError::TooLarge)?;
    let pages = u64::from(length).div_ceil(PAGE);
    let (mut address, mut has_data) = (None, false);
    let mut out = copy(module, |payload, out| match payload {
        Payload::CustomSection(custom) if custom.name() == POLICY_SECTION => Err(PackError::Taken),
        Payload::MemorySection(memories) => {
            let mut section = MemorySection::new();
            for memory in memories.clone() {
                let mut memory = memory.map_err(crate::sections::no_module)?;
                if address.is_none() {
                    address = memory.initial.checked_mul(PAGE).and_then(|address| u32::try_from(address).ok());
                    memory.initial = memory.initial.saturating_add(pages);
                    memory.maximum = memory.maximum.map(|most| most.saturating_add(pages).min(MAX_PAGES));
                    if memory.initial > memory.maximum.unwrap_or(MAX_PAGES) {
                        return Err(PackError::TooLarge);
                    }
                }
                section.memory(memory.into());
            }
            out.section(&section);
            Ok(Section::Written)
        }
        Payload::DataCountSection { count, .. } => {
            out.section(&DataCountSection { count: count.saturating_add(2) });
            Ok(Section::Written)
        }
        Payload::DataSection(data) => {
            has_data = true;
            let address = address.ok_or(PackError::Foreign("memory"))?;
            let mut section: DataSection = reencoded(|encoder, section| encoder.parse_data_section(section, data.clone()))?;
            let at = |address: u32| ConstExpr::i32_const(address.cast_signed());
            section.active(0, &at(address), artifact.iter().copied());
            section.active(0, &at(slot), [address.to_le_bytes(), length.to_le_bytes()].concat());
            out.section(&section);
            Ok(Section::Written)
        }
        _ => Ok(Section::Kept),
    })?;
    if !has_data {
        return Err(PackError::Foreign("data"));
    }
    out.section(&CustomSection { name: Cow::Borrowed(POLICY_SECTION), data: Cow::Borrowed(info.as_bytes()) });
    Ok(out.finish())
}
