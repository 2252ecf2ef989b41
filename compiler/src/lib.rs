//! What a policy means before it runs: names, types, provenance, lowering and diagnostics. Pure: text in, values out.

pub mod analyze;
pub mod audit;
pub mod brief;
mod check;
mod complete;
pub mod cost;
pub mod diagnostic;
pub mod diff;
mod english;
pub mod graph;
pub mod hir;
mod load;
pub mod logic;
pub mod lower;
pub mod prove;
pub mod regions;
mod resolve;
pub mod source;
pub mod tools;
pub mod typed;

use crate::diagnostic::report::Report;
use crate::diagnostic::{Diagnostic, Gaps, Sink};
use crate::load::Unread;
use crate::lower::Indexing;
use crate::prove::Proved;
use crate::source::{Loader, Places};
use crate::tools::{Mismatch, ToolList};
use crate::typed::{SourceFile, Typed};
use agentc_runtime::library::Library;
use agentc_runtime::program::{Program, ToolPin};

/// What compiling gives: every diagnostic that was found, and where none of them is an error, the policy.
#[derive(Debug)]
pub struct Compiled {
    /// All diagnostics, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were read, the root first; the places of diagnostics are in them.
    pub files: Vec<SourceFile>,
    /// The checked policy; absent where there is an error.
    pub typed: Option<Typed>,
    /// The decision graph; absent where there is an error.
    pub program: Option<Program>,
    /// What became of each statement of its proofs, also where one of them is refuted; empty where there is another error.
    pub proofs: Vec<Proved>,
    /// The policy as it was checked where nothing but its proofs is wrong: for writing their obligations out.
    pub asked: Option<Typed>,
}

/// Compiles a policy: its root file, and through the loader and the library whatever it uses.
#[must_use]
pub fn compile(root: SourceFile, loader: &dyn Loader, library: &Library) -> Compiled {
    let mut sink = Sink::default();
    let loaded = load::load(root, loader, library, &mut sink);
    let (files, unread) = (loaded.files.clone(), loaded.unread);
    let hir = resolve::resolve(&loaded.asts, loaded.files, library, &mut sink);
    let typed = complete::complete(hir, &mut sink);
    if unread != Unread::Nothing {
        sink.forget_unsure(&Gaps::new(&files, unread));
    }
    if !sink.has_errors() {
        analyze::analyze(&typed, &loaded.asts, &mut sink);
    }
    let proofs = if sink.has_errors() { Vec::new() } else { prove::prove(&typed, library) };
    prove::report(&typed, &proofs, &mut sink);
    let sound = !sink.has_errors();
    let diagnostics = sink.into_diagnostics(&typed);
    let program = sound.then(|| lower::lower(&typed, Indexing::On));
    let asked = (!sound && !proofs.is_empty()).then(|| typed.clone());
    Compiled { diagnostics, files, typed: sound.then_some(typed), program, proofs, asked }
}

/// Shows the resolved declarations of a policy, as far as its files can be read.
pub fn with_hir<T>(root: SourceFile, loader: &dyn Loader, library: &Library, look: impl FnOnce(&hir::Hir<'_>) -> T) -> T {
    let mut sink = Sink::default();
    let loaded = load::load(root, loader, library, &mut sink);
    look(&resolve::resolve(&loaded.asts, loaded.files, library, &mut sink))
}

impl Compiled {
    /// Lays the real tools beside the policy: what differs joins the diagnostics, and where nothing is wrong the program pins the tools as they are.
    /// A pinned tool that has changed is an error too. Nothing happens to a policy with errors.
    ///
    /// # Errors
    /// [`Mismatch`], where a list belongs to no tool of the policy.
    pub fn compare_tools(&mut self, lists: &[ToolList], pinned: &[ToolPin]) -> Result<(), Mismatch> {
        let Some(typed) = &self.typed else { return Ok(()) };
        let found = tools::check(typed, lists, pinned)?;
        if found.is_empty() {
            let pins = tools::pins(typed, lists)?;
            if let Some(program) = &mut self.program {
                program.tools = pins;
            }
            return Ok(());
        }
        self.diagnostics.extend(found);
        self.diagnostics.sort_by(|a, b| (a.loc(), a.code.id, &a.message).cmp(&(b.loc(), b.code.id, &b.message)));
        self.typed = None;
        self.program = None;
        Ok(())
    }

    /// Lines and columns in the files.
    #[must_use]
    pub fn places(&self) -> Places<'_> {
        Places::new(&self.files)
    }

    /// Whether the policy is unusable.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The program, or everything that stands in its way as one error for `?`.
    ///
    /// # Errors
    /// The diagnostics, where one of them is an error.
    pub fn into_program(self) -> Result<Program, Report> {
        let report = Report::new(&self.diagnostics, &Places::new(&self.files));
        self.program.ok_or(report)
    }
}
