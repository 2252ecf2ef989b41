//! What deny.toml says of licences and sources, held without cargo-deny; and that nothing but the ABI crate is unsafe.

use agentc_tests::corpus::{files_below, repository};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// The licences that deny.toml allows.
fn allowed() -> BTreeSet<String> {
    let text = fs::read_to_string(repository().join("deny.toml")).expect("it is there");
    let list = text.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).expect("it allows some licences").0;
    list.split(',').map(|entry| entry.trim().trim_matches('"').to_owned()).filter(|entry| !entry.is_empty()).collect()
}

/// Every package that is built, with the workspace's own.
fn packages() -> Vec<Value> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("cargo writes JSON");
    metadata["packages"].as_array().expect("a list of packages").clone()
}

/// Whether what is allowed satisfies a licence expression: `A OR B`, `(A OR B) AND C`, and the old `A/B`.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let parts = expression.split(" AND ");
    parts.into_iter().all(|part| {
        let part = part.trim().trim_start_matches('(').trim_end_matches(')');
        part.split(" OR ").any(|one| allowed.contains(one.trim()))
    })
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed_and_comes_from_the_registry() {
    let allowed = allowed();
    let packages = packages();
    assert!(packages.len() > 200, "only {} packages are seen", packages.len());
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(satisfied(licence, &allowed), "`{name}` has the licence `{licence}`, which deny.toml does not allow");
        let source = package["source"].as_str();
        let known = source.is_none_or(|source| source == "registry+https://github.com/rust-lang/crates.io-index");
        assert!(known, "`{name}` comes from {source:?}");
    }
}

#[test]
fn licences_that_are_not_allowed_are_seen() {
    let allowed = allowed();
    for refused in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "(GPL-2.0 OR LGPL-3.0) AND MIT", ""] {
        assert!(!satisfied(refused, &allowed), "{refused}");
    }
    for fine in ["MIT", "GPL-3.0-only OR MIT", "(Apache-2.0 OR MIT) AND BSD-3-Clause", "Apache-2.0/MIT"] {
        assert!(satisfied(fine, &allowed), "{fine}");
    }
}

/// The crate that gives hosts memory and functions.
const ABI: &str = "runtime/wasm";

/// The crate that adds the compiler's functions to its module; to export a function by its own name is all that may be called unsafe there.
const EXPORTS: &str = "compiler/wasm";

#[test]
fn only_the_abi_crate_may_be_unsafe() {
    let root = repository();
    let workspace = fs::read_to_string(root.join("Cargo.toml")).expect("it is there");
    assert!(workspace.contains("unsafe_code = \"forbid\""), "the workspace forbids unsafe code");
    let ours = packages().into_iter().filter(|package| package["source"].is_null());
    let manifests: Vec<_> = ours.map(|package| package["manifest_path"].as_str().expect("a path").to_owned()).collect();
    assert!(manifests.len() >= 10, "{manifests:?}");
    for manifest in manifests {
        let text = fs::read_to_string(&manifest).expect("it can be read");
        let inherits = text.contains("[lints]\nworkspace = true");
        let excepted = [ABI, EXPORTS].iter().any(|folder| manifest.ends_with(&format!("{folder}/Cargo.toml")));
        let denies = text.contains("unsafe_code = \"deny\"");
        assert!(inherits || (excepted && denies), "`{manifest}` does not take the workspace's lints");
    }
    let word = regex::Regex::new(r"\bunsafe\b *(\{|fn|impl|extern|\()").expect("it is a pattern");
    let mut found = 0;
    for folder in ["grammar", "compiler", "runtime", "stdlib", "tests"] {
        for file in files_below(&root.join(folder), "rs") {
            let path = file.strip_prefix(&root).expect("it is below the root").display().to_string();
            let text = fs::read_to_string(&file).expect("it can be read");
            let named = |line: &str| path.starts_with(EXPORTS) && line.trim() == "#[unsafe(no_mangle)]";
            let code = |line: &str| !line.trim_start().starts_with("//") && word.is_match(line) && !named(line);
            if path.contains("/target/") || path == "tests/suite/dependencies.rs" || !text.lines().any(code) {
                continue;
            }
            assert!(path.starts_with(ABI), "`{path}` holds unsafe code");
            found += 1;
        }
    }
    assert!(found > 0, "the search finds nothing, not even in the ABI");
}
