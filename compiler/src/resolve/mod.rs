//! Names become ids: what every file declares, its types and its shapes. Expressions stay syntax.

mod declare;
mod duplicates;
mod fields;
mod jobs;
mod names;
mod records;
mod sources;
mod standard;
mod tools;
mod types;
mod vocabulary;

pub(crate) use duplicates::{Duplicates, Once};
pub(crate) use names::{Target, target, targets, verb};
pub(crate) use standard::declaring;
pub(crate) use types::{SCALARS, WITH_ARGUMENTS};
pub(crate) use vocabulary::{LATER_TYPES, VALUES, currency, zone};

use crate::diagnostic::Sink;
use crate::hir::{Hir, Names, Syntax};
use crate::typed::{EnumId, FileId, Loc, SourceFile, SourceId, ToolId, Typed};
use agentc_grammar::ast;
use agentc_grammar::span::Span;
use agentc_runtime::library::Library;
use std::collections::BTreeMap;

/// The attribute of an identity that holds its roles.
pub(crate) const ROLES: &str = "roles";

/// Resolves the declarations of all files; `sources` are their names and texts, beside `files`.
pub(crate) fn resolve<'a>(files: &'a [ast::File], sources: Vec<SourceFile>, library: &'a Library, sink: &mut Sink) -> Hir<'a> {
    let mut resolver = Resolver::new(files, sources, library, sink);
    resolver.declare();
    resolver.fill_enums();
    resolver.fill_records();
    resolver.fill_identities();
    resolver.fill_verbs();
    resolver.fill_sources();
    resolver.fill_fns();
    resolver.fill_jobs();
    resolver.hir
}

/// The state of resolving: what is declared so far, and the syntax that is still to be read.
struct Resolver<'a, 's> {
    hir: Hir<'a>,
    sink: &'s mut Sink,
    enums: Vec<(EnumId, FileId, &'a ast::Enum)>,
    records: Vec<DeclaredRecord<'a>>,
    sources: Vec<(SourceId, FileId, &'a ast::Source)>,
    identities: Vec<(FileId, &'a ast::IdentityAttributes)>,
    tools: Vec<(ToolId, FileId, &'a ast::Tool)>,
}

/// A record and where it stands; beside [`Typed::records`].
struct DeclaredRecord<'a> {
    file: FileId,
    syntax: &'a ast::Record,
    /// Everything in its source is written by outsiders.
    untrusted: bool,
}

impl<'a, 's> Resolver<'a, 's> {
    fn new(files: &'a [ast::File], sources: Vec<SourceFile>, library: &'a Library, sink: &'s mut Sink) -> Self {
        let hir = Hir { library, files, typed: nothing(sources), names: Names::default(), syntax: Syntax::default() };
        Self { hir, sink, enums: Vec::new(), records: Vec::new(), sources: Vec::new(), identities: Vec::new(), tools: Vec::new() }
    }
}

/// A policy of these files that declares nothing yet.
pub(crate) fn nothing(files: Vec<SourceFile>) -> Typed {
    Typed {
        name: String::new(),
        version: String::new(),
        owner: String::new(),
        files,
        enums: Vec::new(),
        records: Vec::new(),
        sources: Vec::new(),
        roles: Vec::new(),
        risks: Vec::new(),
        agent: Vec::new(),
        user: Vec::new(),
        tools: Vec::new(),
        verbs: Vec::new(),
        args: Vec::new(),
        fns: Vec::new(),
        lets: Vec::new(),
        notes: BTreeMap::new(),
        jobs: Vec::new(),
        tests: Vec::new(),
        proofs: Vec::new(),
    }
}

/// A place in a file.
pub(crate) fn loc(file: FileId, span: Span) -> Loc {
    Loc { file, span }
}

/// The next index of a vector, as ids count.
pub(crate) fn next_index<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
