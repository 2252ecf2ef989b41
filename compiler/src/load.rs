//! From a root file to all files of the policy: `use` by `use`, each module once, circles refused.

use crate::diagnostic::codes::{ModuleCycle, UnknownModule, report_syntax};
use crate::diagnostic::{Sink, suggest};
use crate::source::Loader;
use crate::typed::{FileId, Loc, SourceFile};
use agentc_grammar::ast;
use agentc_grammar::parse::parse;
use agentc_runtime::library::Library;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::BTreeMap;

/// The files of a policy and their syntax, the root first.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Names and texts.
    pub(crate) files: Vec<SourceFile>,
    /// What is written in each.
    pub(crate) asts: Vec<ast::File>,
    /// What is not there although the policy speaks of it.
    pub(crate) unread: Unread,
}

/// What of a policy could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unread {
    /// Nothing: it is whole.
    Nothing,
    /// Parts of the files that are there.
    Parts,
    /// Whole modules.
    Modules,
}

/// Where modules come from.
struct Loading<'l> {
    loader: &'l dyn Loader,
    library: &'l Library,
    files: Vec<SourceFile>,
    asts: Vec<ast::File>,
    /// The files by module name; the root has none.
    modules: BTreeMap<String, FileId>,
    unread: Unread,
    uses: DiGraph<FileId, (String, Loc)>,
}

/// Reads the root and everything that it uses. Syntax errors, missing modules and circles are reported.
pub(crate) fn load(root: SourceFile, loader: &dyn Loader, library: &Library, sink: &mut Sink) -> Loaded {
    let mut loading = Loading {
        loader,
        library,
        files: Vec::new(),
        asts: Vec::new(),
        modules: BTreeMap::new(),
        unread: Unread::Nothing,
        uses: DiGraph::new(),
    };
    loading.read(root, sink);
    let mut next = 0;
    while next < loading.files.len() {
        loading.follow(next, sink);
        next = next.saturating_add(1);
    }
    loading.refuse_circles(sink);
    Loaded { files: loading.files, asts: loading.asts, unread: loading.unread }
}

impl Loading<'_> {
    fn read(&mut self, file: SourceFile, sink: &mut Sink) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let parsed = parse(&file.text);
        if !parsed.errors.is_empty() {
            self.unread = self.unread.max(Unread::Parts);
        }
        for error in parsed.errors {
            report_syntax(error, id, sink);
        }
        self.files.push(file);
        self.asts.push(parsed.file);
        self.uses.add_node(id);
        id
    }

    /// Reads what the file uses and has not been read.
    fn follow(&mut self, index: usize, sink: &mut Sink) {
        let from = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        let uses: Vec<(String, Loc)> = self.asts.get(index).map_or(Vec::new(), |file| {
            let used = file.items.iter().filter_map(|item| match &item.kind {
                ast::ItemKind::Use(path) => Some(path),
                _ => None,
            });
            used.map(|path| (dotted(path), Loc { file: from, span: path.span })).collect()
        });
        for (module, loc) in uses {
            if let Some(to) = self.module(&module, loc, sink) {
                self.uses.add_edge(NodeIndex::new(index), NodeIndex::new(to.index()), (module, loc));
            }
        }
    }

    fn module(&mut self, name: &str, loc: Loc, sink: &mut Sink) -> Option<FileId> {
        if let Some(known) = self.modules.get(name) {
            return Some(*known);
        }
        // `std` is the language's own: a file beside the policy cannot take its place.
        let file = if name == "std" || name.starts_with("std.") {
            self.library.module(name).map(|text| SourceFile { name: name.to_owned(), text: text.to_owned() })
        } else {
            self.loader.load(name)
        };
        let Some(file) = file else {
            let beside = self.loader.modules();
            let known = self.library.modules.iter().map(|(module, _)| *module).chain(beside.iter().map(String::as_str));
            let nearest = suggest::nearest(name, known).map(str::to_owned);
            self.unread = Unread::Modules;
            let unreadable = self.loader.unreadable(name);
            let standard = self.library.modules.iter().map(|(module, _)| (*module).to_owned()).collect();
            sink.report(UnknownModule { name: name.to_owned(), loc, nearest, unreadable, standard });
            return None;
        };
        let id = self.read(file, sink);
        self.modules.insert(name.to_owned(), id);
        Some(id)
    }

    fn refuse_circles(&self, sink: &mut Sink) {
        for circle in kosaraju_scc(&self.uses) {
            let mut uses: Vec<(String, String, Loc)> = self
                .uses
                .edge_references()
                .filter(|edge| circle.contains(&edge.source()) && circle.contains(&edge.target()))
                .map(|edge| {
                    let (module, loc) = edge.weight();
                    let file = self.files.get(loc.file.index()).map_or("", |file| file.name.as_str());
                    (file.to_owned(), module.clone(), *loc)
                })
                .collect();
            if !uses.is_empty() {
                uses.sort_by_key(|(_, _, loc)| *loc);
                sink.report(ModuleCycle { uses });
            }
        }
    }
}

fn dotted(path: &ast::Path) -> String {
    let parts: Vec<&str> = path.parts.iter().map(|part| part.node.as_str()).collect();
    parts.join(".")
}
