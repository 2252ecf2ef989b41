//! Policies from files: reading them, finding what they `use`, compiling them.

use crate::failure::Failure;
use crate::terminal::complain;
use agentc_compiler::diagnostic::render;
use agentc_compiler::source::Loader;
use agentc_compiler::typed::SourceFile;
use agentc_compiler::{Compiled, compile};
use agentc_runtime::policy::{LoadError, Policy};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The ending of artifacts.
pub const ARTIFACT_ENDING: &str = "agentc";

/// The ending of policy files.
pub const ENDING: &str = "agentpolicy";

/// Reads a text file.
///
/// # Errors
/// [`Failure::Read`] or [`Failure::NotUtf8`].
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|why| Failure::Read { path: path.to_owned(), why })?;
    String::from_utf8(bytes).map_err(|error| Failure::NotUtf8 { path: path.to_owned(), at: error.utf8_error().valid_up_to() })
}

/// Writes a file.
///
/// # Errors
/// [`Failure::Write`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|why| Failure::Write { path: path.to_owned(), why })
}

/// Finds the modules that a policy uses: `use acme.roles` is `acme/roles.agentpolicy` beside the root file.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder of a root file.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self { root: root.parent().map_or_else(PathBuf::new, Path::to_path_buf) }
    }

    fn path(&self, module: &str) -> PathBuf {
        let mut path = self.root.clone();
        path.extend(module.split('.'));
        path.with_extension(ENDING)
    }
}

impl Loader for Folder {
    fn load(&self, module: &str) -> Option<SourceFile> {
        let path = self.path(module);
        let text = fs::read_to_string(&path).ok()?;
        Some(SourceFile { name: path.display().to_string(), text })
    }

    fn unreadable(&self, module: &str) -> Option<String> {
        let path = self.path(module);
        match fs::read(&path) {
            Err(why) if why.kind() == ErrorKind::NotFound => None,
            Err(why) => Some(why.to_string()),
            Ok(bytes) => String::from_utf8(bytes).is_err().then(|| "it is no UTF-8 text".to_owned()),
        }
    }

    fn modules(&self) -> Vec<String> {
        let mut found = Vec::new();
        modules_in(&self.root, "", 0, &mut found);
        found.sort();
        found
    }
}

/// Folders below the root that are looked into for the names of modules.
const DEPTH: usize = 3;

fn modules_in(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<String>) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let name = format!("{prefix}{stem}");
        if path.is_dir() && depth < DEPTH {
            modules_in(&path, &format!("{name}."), depth.saturating_add(1), found);
        } else if path.extension().is_some_and(|ending| ending == ENDING) {
            found.push(name);
        }
    }
}

/// The policies under paths: each file itself, and of each folder the policies in it and below that are roots (have a `policy` block).
///
/// # Errors
/// [`Failure::Read`] or [`Failure::NotUtf8`]; a folder without a policy, which must not look like one whose policies are fine.
pub fn roots(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let files = policy_files(path)?;
            if files.is_empty() {
                return Err(no_policy(path));
            }
            let before = found.len();
            for file in files {
                if is_root(&file)? {
                    found.push(file);
                }
            }
            if found.len() == before {
                let message = format!("no file in `{}` has a `policy` block", path.display());
                return Err(Failure::with_help(message, "name a folder with the root file of a policy in it or below"));
            }
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

/// That a folder has no policy file in it or below.
#[must_use]
pub fn no_policy(folder: &Path) -> Failure {
    Failure::with_help(
        format!("there is no .{ENDING} file in `{}`", folder.display()),
        "name a policy, or a folder with policies in it or below",
    )
}

/// Every policy file in a folder and below, in order; hidden folders are left out.
///
/// # Errors
/// [`Failure::Read`].
pub fn policy_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = |why| Failure::Read { path: folder.to_owned(), why };
    let entries = fs::read_dir(folder).map_err(read)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(read)?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if entry.is_dir() && !entry.is_symlink() && !hidden {
            found.extend(policy_files(&entry)?);
        } else if entry.is_file() && entry.extension().is_some_and(|ending| ending == ENDING) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Whether a file is the root of a policy rather than a module: it has a `policy` block.
fn is_root(path: &Path) -> Result<bool, Failure> {
    let parse = agentc_grammar::parse::parse(&read_text(path)?);
    // One that cannot be read without errors counts, so that its errors are shown.
    let named = parse.file.items.iter().any(|item| matches!(item.kind, agentc_grammar::ast::ItemKind::Policy(_)));
    Ok(named || !parse.errors.is_empty())
}

/// Compiles the policy whose root is this file.
///
/// # Errors
/// A [`Failure`] where the file cannot be read; what is wrong with the policy is in [`Compiled::diagnostics`].
pub fn compile_file(path: &Path) -> Result<Compiled, Failure> {
    Ok(compile(root(path)?, &Folder::of(path), &agentc_stdlib::library()))
}

/// The root file of a policy.
///
/// # Errors
/// A [`Failure`] where it cannot be read.
pub fn root(path: &Path) -> Result<SourceFile, Failure> {
    Ok(SourceFile { name: path.display().to_string(), text: read_text(path)? })
}

/// The policy in a file, ready to decide: an artifact, or a policy that is compiled; `None` where the policy has errors, which are shown on
/// standard error.
///
/// # Errors
/// A [`Failure`] where the file cannot be read, or is a corrupt artifact.
pub fn load_policy(path: &Path) -> Result<Option<Policy>, Failure> {
    let library = agentc_stdlib::library();
    let unusable = |error: LoadError| Failure::said(format!("`{}` cannot be used: {error}", path.display()));
    if path.extension().is_some_and(|ending| ending == ARTIFACT_ENDING) {
        let bytes = fs::read(path).map_err(|why| Failure::Read { path: path.to_owned(), why })?;
        return Policy::load(&bytes, &library).map(Some).map_err(unusable);
    }
    let compiled = compile_file(path)?;
    show_errors(&compiled);
    compiled.program.map(|program| Policy::new(program, &library).map_err(unusable)).transpose()
}

/// Shows what is wrong with a policy on standard error, for commands that need one without errors.
pub fn show_errors(compiled: &Compiled) {
    if compiled.has_errors() {
        complain(format_args!("{}", render::human(&compiled.diagnostics, &compiled.places(), render::Colour::Plain)));
    }
}
