//! What ARCHITECTURE.md promises of the crates: which know which, and where a package may be named.

use agentc_tests::corpus::{files_below, repository};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// The crates of this workspace and those of them that each depends on (not for its tests).
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let name = |json: &Value| json["name"].as_str().expect("a name").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    packages
        .iter()
        .map(|package| {
            let used = package["dependencies"].as_array().expect("a list of dependencies").iter();
            let used = used.filter(|one| one["kind"].as_str() != Some("dev")).map(name).filter(|name| ours.contains(name));
            (name(package), used.collect())
        })
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    // Whom each crate may know. A crate that is not listed fails: say here where it stands.
    let may_know: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("agentc-grammar", vec![]),
        ("agentc-runtime", vec![]),
        ("agentc-ledger", vec!["agentc-runtime"]),
        ("agentc-wasm", vec!["agentc-runtime", "agentc-ledger", "agentc-stdlib"]),
        ("agentc-compiler-wasm", vec!["agentc-compiler", "agentc-grammar", "agentc-runtime", "agentc-stdlib", "agentc-wasm"]),
        ("agentc-wasm-pack", vec!["agentc-runtime"]),
        ("agentc-host", vec!["agentc-runtime", "agentc-ledger", "agentc-stdlib", "agentc-wasm-pack"]),
        ("agentc-stdlib", vec!["agentc-runtime"]),
        ("agentc-compiler", vec!["agentc-grammar", "agentc-runtime"]),
        (
            "agentc",
            vec!["agentc-grammar", "agentc-compiler", "agentc-runtime", "agentc-ledger", "agentc-stdlib", "agentc-wasm-pack"],
        ),
        ("agentc-instructions", vec!["agentc-compiler", "agentc-runtime", "agentc-stdlib"]),
        ("agentc-tests", vec!["agentc", "agentc-grammar", "agentc-compiler", "agentc-runtime", "agentc-ledger", "agentc-stdlib"]),
    ]);
    for (name, used) in dependencies() {
        let allowed = may_know.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` has no place in the list of this test"));
        for other in used {
            assert!(allowed.contains(&other.as_str()), "`{name}` may not depend on `{other}`");
        }
    }
}

/// Where a package may be named in code: path prefixes from the repository's root.
const HOMES: [(&str, &[&str]); 9] = [
    ("batsat", &["compiler/src/logic/solve"]),
    ("pest", &["grammar/src/parse"]),
    ("pest_derive", &["grammar/src/parse"]),
    ("logos", &["grammar/src/token"]),
    ("maud", &["compiler/src/audit/html", "compiler/src/graph/svg"]),
    ("codespan_reporting", &["compiler/src/diagnostic/render"]),
    ("wasmtime", &["runtime/hosts/rust/src/wasm", "runtime/hosts/rust/tests"]),
    ("minicbor", &["runtime/src/json/binary"]),
    ("miette", &["compiler/src/diagnostic/report", "compiler/cli/src", "tests/tests"]),
];

#[test]
fn packages_are_named_only_where_their_role_is() {
    let root = repository();
    let folders = ["grammar", "compiler", "runtime", "stdlib", "tests"];
    let files: Vec<_> = folders.iter().flat_map(|folder| files_below(&root.join(folder), "rs")).collect();
    assert!(files.len() > 100, "only {} files were found", files.len());
    let mut homes_found: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        let path = file.strip_prefix(&root).expect("it is below the root").display().to_string();
        if path.contains("/target/") || path == "tests/suite/architecture.rs" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("it can be read");
        for (package, homes) in HOMES {
            let named = regex::Regex::new(&format!(r"\b{package}(::|;| as )")).unwrap();
            if !text.lines().any(|line| !line.trim_start().starts_with("//") && named.is_match(line)) {
                continue;
            }
            assert!(homes.iter().any(|home| path.starts_with(home)), "`{path}` names `{package}`, which is for {homes:?}");
            homes_found.insert(package);
        }
    }
    assert!(homes_found.contains("logos") && homes_found.contains("pest"), "the search finds nothing: {homes_found:?}");
}

#[test]
fn a_host_that_only_evaluates_ships_no_parser() {
    let all = dependencies();
    let mut reached = BTreeSet::from(["agentc-ledger".to_owned(), "agentc-stdlib".to_owned()]);
    while let Some(next) = reached.iter().flat_map(|name| &all[name]).find(|name| !reached.contains(*name)).cloned() {
        reached.insert(next);
    }
    let parser = ["agentc-grammar", "agentc-compiler"].iter().find(|name| reached.contains(**name));
    assert_eq!(parser, None, "through {reached:?}");
}
