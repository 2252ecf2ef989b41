//! A trace.
#![no_main]

#[path = "../../src/inputs.rs"]
#[allow(dead_code, reason = "each target is one of its functions")]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::trace_text(bytes));
