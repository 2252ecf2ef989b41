//! The functions that the module exports beside those of the evaluator.
#![expect(unsafe_code, reason = "exporting a function by its own name is called unsafe; nothing here touches memory")]

use crate::{compile, graphs, highlight};
use agentc_wasm::exported;
use serde::Serialize;

fn json(value: &impl Serialize) -> Vec<u8> {
    // Nothing here has a form that JSON lacks.
    serde_json::to_vec(value).unwrap_or_default()
}

#[unsafe(no_mangle)]
extern "C" fn agentc_tokens(address: i32, length: i32) -> i32 {
    exported(address, length, |text| Ok(json(&highlight(&String::from_utf8_lossy(text)))))
}

#[unsafe(no_mangle)]
extern "C" fn agentc_compile(address: i32, length: i32) -> i32 {
    exported(address, length, |source| {
        serde_json::from_slice(source).map(|source| json(&compile(source))).map_err(|error| error.to_string())
    })
}

#[unsafe(no_mangle)]
extern "C" fn agentc_graphs(address: i32, length: i32) -> i32 {
    exported(address, length, |source| {
        serde_json::from_slice(source).map(|source| json(&graphs(source))).map_err(|error| error.to_string())
    })
}
