//! The policies that the suites run: those of the examples and those of `tests/policies/right`.

use agentc::files::compile_file;
use agentc_compiler::diagnostic::render;
use agentc_compiler::typed::Typed;
use agentc_runtime::library::Library;
use agentc_runtime::policy::Policy;
use agentc_runtime::program::Program;
use std::fs;
use std::path::{Path, PathBuf};

/// A policy that compiles.
#[derive(Debug)]
pub struct Sound {
    /// Its root file, relative to the repository.
    pub name: String,
    /// Where that is.
    pub path: PathBuf,
    /// As it was checked.
    pub typed: Typed,
    /// As it was lowered.
    pub program: Program,
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate stands in the repository").to_owned()
}

/// The library that every policy can use.
pub fn library() -> Library {
    agentc_stdlib::library()
}

/// Every file with that ending below a folder, sorted.
pub fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|known| known == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The policies in files that say `policy …`; the others are modules.
pub fn policies_below(folder: &Path) -> Vec<PathBuf> {
    let files = files_below(folder, agentc::files::ENDING);
    let is_root = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().any(|line| line.starts_with("policy "))
    };
    files.into_iter().filter(is_root).collect()
}

/// Compiles a policy that must be right.
///
/// # Errors
/// What the compiler has against it.
pub fn compiled(path: &Path) -> Result<Sound, String> {
    let name = path.strip_prefix(repository()).unwrap_or(path).display().to_string();
    let result = compile_file(path).map_err(|failure| format!("{name}: {failure}"))?;
    let places = result.places();
    let said: Vec<String> = result.diagnostics.iter().map(|diagnostic| render::short(diagnostic, &places)).collect();
    match (result.typed, result.program) {
        (Some(typed), Some(program)) => Ok(Sound { name, path: path.to_owned(), typed, program }),
        _ => Err(said.join("\n")),
    }
}

impl Sound {
    /// The policy as a host loads it.
    pub fn policy(&self) -> Policy {
        Policy::new(self.program.clone(), &library()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// A line of the policy's own file, for messages.
    pub fn line(&self, loc: agentc_compiler::typed::Loc) -> String {
        let file = &self.typed.files[loc.file.index()];
        let line = file.text[..loc.span.start as usize].matches('\n').count() + 1;
        format!("{}:{line}", file.name)
    }
}

/// All policies of the examples and of `tests/policies/right`.
pub fn all() -> Vec<PathBuf> {
    let mut found = policies_below(&repository().join("examples"));
    found.extend(policies_below(&repository().join("tests/policies/right")));
    found
}
