//! Walks a module's sections: each is copied as it is unless it is rewritten.

use crate::PackError;
use wasm_encoder::reencode::{self, RoundtripReencoder};
use wasm_encoder::{Module, RawSection};
use wasmparser::{Parser, Payload};

/// What a rewriter makes of one section.
pub(crate) enum Section {
    /// The same.
    Kept,
    /// Another one is already written.
    Written,
}

pub(crate) fn no_module(error: impl std::fmt::Display) -> PackError {
    PackError::NoModule(error.to_string())
}

/// Copies a module section by section. `rewrite` is shown each and may write another one in its place.
pub(crate) fn copy(
    module: &[u8],
    mut rewrite: impl FnMut(&Payload<'_>, &mut Module) -> Result<Section, PackError>,
) -> Result<Module, PackError> {
    let mut out = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(no_module)?;
        if let Payload::Version { encoding: wasmparser::Encoding::Component, .. } = payload {
            return Err(no_module("it is a component"));
        }
        let Some((id, range)) = payload.as_section() else { continue };
        if let Section::Kept = rewrite(&payload, &mut out)? {
            let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            let data = module.get(place(range.start)..place(range.end));
            let data = data.ok_or_else(|| no_module("a section ends too early"))?;
            out.section(&RawSection { id, data });
        }
    }
    Ok(out)
}

/// A section as the encoder writes it, to be added to.
pub(crate) fn reencoded<S: Default>(
    fill: impl FnOnce(&mut RoundtripReencoder, &mut S) -> Result<(), reencode::Error>,
) -> Result<S, PackError> {
    let mut section = S::default();
    fill(&mut RoundtripReencoder, &mut section).map_err(no_module)?;
    Ok(section)
}

/// The value of a constant global `i32` that is exported under that name.
pub(crate) fn exported_constant(module: &[u8], name: &str) -> Result<Option<u32>, PackError> {
    let mut values = Vec::new();
    let mut index = None;
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(no_module)? {
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let init = global.map_err(no_module)?.init_expr;
                    let first = init.get_operators_reader().read().map_err(no_module)?;
                    values.push(if let wasmparser::Operator::I32Const { value } = first { Some(value) } else { None });
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(no_module)?;
                    if export.name == name && export.kind == wasmparser::ExternalKind::Global {
                        index = usize::try_from(export.index).ok();
                    }
                }
            }
            _ => {}
        }
    }
    Ok(index.and_then(|index| values.get(index).copied().flatten()).map(i32::cast_unsigned))
}
