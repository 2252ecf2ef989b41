//! The engines that are there: what they are called, and how each is started.

use crate::driver::Peer;
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

/// The engines of the agents' workload, agentc first: the others' decisions are compared with its.
pub const AGENTS: [&str; 9] = ["agentc", "agentc-full", "cedar", "regorus", "regorus-rvm", "cel", "opa", "cel-go", "sapl"];

/// Every engine: its name, the package whose version it has, what it is called.
const ENGINES: [(&str, &str, &str); 13] = [
    ("agentc", "agentc-runtime", "agentc"),
    ("agentc-full", "agentc-runtime", "agentc with whole answers,"),
    ("check", "agentc-compiler", "agentc check"),
    ("skip", "serde_json", "skipping the bytes: serde_json"),
    ("cedar", "cedar-policy", "Cedar"),
    ("cedar-parse", "cedar-policy", "Cedar, parse only:"),
    ("regorus", "regorus", "Regorus"),
    ("regorus-rvm", "regorus", "Regorus, bytecode,"),
    ("cel", "cel", "CEL in Rust"),
    ("dogwood", "dogwood-local-engine", "Dogwood in memory"),
    ("opa", "github.com/open-policy-agent/opa", "OPA"),
    ("cel-go", "cel.dev/cel-go", "cel-go"),
    ("sapl", "sapl.version", "SAPL"),
];

/// How to start an engine; `None` where what serves it was not built.
#[must_use]
pub fn peer(name: &'static str) -> Option<Peer> {
    let built = |path: &str| Some(PathBuf::from(path)).filter(|path| path.exists());
    let (program, args) = match name {
        "opa" | "cel-go" => (built("target/go/peers")?, vec![name.to_owned()]),
        "sapl" => (built("target/java/peers")?, vec![name.to_owned()]),
        "dogwood" => (built("target/dogwood/release/agentc-peers-dogwood")?, Vec::new()),
        _ => return serving(name, name),
    };
    Some(Peer { name, program, args })
}

/// An engine of this program on another workload than the agents': its name in tables, and what serves it.
#[must_use]
pub fn serving(name: &'static str, worker: &str) -> Option<Peer> {
    let args = vec!["worker".to_owned(), worker.to_owned()];
    Some(Peer { name, program: env::current_exe().ok()?, args })
}

/// What the engines are called, with the versions that the lock files hold.
#[must_use]
pub fn titles() -> BTreeMap<String, String> {
    let read = |path: &str| std::fs::read_to_string(Path::new(path)).unwrap_or_default();
    let (cargo, dogwood, go, java) = (read("Cargo.lock"), read("dogwood/Cargo.lock"), read("go/go.mod"), read("java/pom.xml"));
    let title = |(name, package, words): &(&str, &str, &str)| {
        let version = locked(&cargo, package).or_else(|| locked(&dogwood, package));
        let version = version.or_else(|| required(&go, package)).or_else(|| property(&java, package));
        let title = version.map_or_else(|| (*words).to_owned(), |version| format!("{words} {version}"));
        ((*name).to_owned(), title)
    };
    ENGINES.iter().map(title).collect()
}

/// The version of a package in a lock file of Cargo.
fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    rest.split('"').next().map(str::to_owned)
}

/// The version of a module in a `go.mod`.
fn required(module: &str, package: &str) -> Option<String> {
    let line = module.lines().find_map(|line| line.trim().strip_prefix(package))?;
    line.split_whitespace().next().map(|version| version.trim_start_matches('v').to_owned())
}

/// The value of a property in a `pom.xml`.
fn property(project: &str, name: &str) -> Option<String> {
    let (_, rest) = project.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock_files() {
        let lock = "[[package]]\nname = \"cel\"\nversion = \"0.15.0\"\n";
        assert_eq!(locked(lock, "cel").as_deref(), Some("0.15.0"));
        assert_eq!(locked(lock, "ce"), None);
        assert_eq!(
            required("require (\n\tgithub.com/google/cel-go v0.26.0\n)", "github.com/google/cel-go").as_deref(),
            Some("0.26.0")
        );
        assert_eq!(property("<properties>\n  <sapl.version>4.1.2</sapl.version>\n", "sapl.version").as_deref(), Some("4.1.2"));
        assert_eq!(property("<properties/>", "sapl.version"), None);
    }
}
