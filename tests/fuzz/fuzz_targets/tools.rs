//! A list of tools: MCP or OpenAPI.
#![no_main]

#[path = "../../src/inputs.rs"]
#[allow(dead_code, reason = "each target is one of its functions")]
mod inputs;

use std::sync::LazyLock;

static DESK: LazyLock<agentc_compiler::typed::Typed> = LazyLock::new(|| inputs::desk().0);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::tool_list(bytes, &DESK));
