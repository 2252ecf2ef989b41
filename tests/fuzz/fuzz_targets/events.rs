//! Events, a line each, or in the binary form.
#![no_main]

#[path = "../../src/inputs.rs"]
#[allow(dead_code, reason = "each target is one of its functions")]
mod inputs;

use std::sync::LazyLock;

static DESK: LazyLock<agentc_runtime::policy::Policy> = LazyLock::new(|| inputs::desk().1);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::events(bytes, &DESK));
