//! Diagnostics: every page's examples, and a folder of policies with one mistake each.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod helps;
mod hostile;
mod modules;
mod pages;
mod reports;
mod silent;
mod wrong;

use agentc_compiler::source::Loader;
use agentc_compiler::typed::SourceFile;
use agentc_compiler::{Compiled, compile};
use std::collections::BTreeMap;

/// Modules held in memory, by dotted name.
#[derive(Default)]
struct Modules(BTreeMap<String, String>);

impl Loader for Modules {
    fn load(&self, module: &str) -> Option<SourceFile> {
        let text = self.0.get(module)?.clone();
        Some(SourceFile { name: format!("{}.agentpolicy", module.replace('.', "/")), text })
    }

    fn modules(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// Compiles a text under that file name.
fn compile_text(name: &str, text: &str, modules: &Modules) -> Compiled {
    let root = SourceFile { name: name.to_owned(), text: text.to_owned() };
    compile(root, modules, &agentc_stdlib::library())
}
