//! Resolved declarations: every declared thing has an id, its types are known, its expressions are still syntax.

use crate::typed::{EnumId, FileId, FnId, JobId, RecordId, RoleId, SourceId, ToolId, Type, Typed, VerbId};
use agentc_grammar::ast;
use agentc_runtime::library::Library;
use std::collections::BTreeMap;

/// Stands where a declared type could not be resolved: an error was reported, and whoever meets it stays silent. It never leaves the
/// compiler, because a policy with an error gives no [`Typed`].
pub(crate) const UNRESOLVED: Type = Type::Enum(EnumId(u32::MAX));

/// What resolving gives and checking completes.
#[derive(Debug)]
pub struct Hir<'a> {
    /// Functions and modules.
    pub library: &'a Library,
    /// The syntax of each file, beside [`Typed::files`].
    pub files: &'a [ast::File],
    /// The policy with its declarations filled in: enums, records, sources, roles, risks, identities, tools, verbs and their
    /// parameters, functions' names and parameter types, jobs' inputs, environments and signals. Rules, bodies, `changes`, `undo`,
    /// tests and proofs are still empty: checking fills them.
    pub typed: Typed,
    /// What each name means.
    pub names: Names<'a>,
    /// The syntax of what checking completes.
    pub syntax: Syntax<'a>,
}

/// The syntax behind declarations that resolving leaves unfinished: each with its file.
#[derive(Debug, Default)]
pub struct Syntax<'a> {
    /// Beside [`Typed::verbs`]: `changes` and `undo` are still to be checked.
    pub verbs: Vec<(FileId, &'a ast::Verb)>,
    /// Beside [`Typed::fns`]: until a body is checked, a constant of the declared result type stands in for it.
    pub fns: Vec<(FileId, &'a ast::Fn)>,
    /// Beside [`Typed::jobs`].
    pub jobs: Vec<(FileId, &'a ast::Job)>,
    /// All tests, in order.
    pub tests: Vec<(FileId, &'a ast::Test)>,
    /// All proofs, in order.
    pub proofs: Vec<(FileId, &'a ast::Prove)>,
}

/// The declared names of all files: `use` brings every declaration of a module into one space, where a name has one meaning for
/// each kind of thing.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Enums by name.
    pub enums: BTreeMap<String, EnumId>,
    /// The enums that have a variant of that name, and its index.
    pub variants: BTreeMap<String, Vec<(EnumId, u32)>>,
    /// Records by name.
    pub records: BTreeMap<String, RecordId>,
    /// Sources by name.
    pub sources: BTreeMap<String, SourceId>,
    /// Roles by name.
    pub roles: BTreeMap<String, RoleId>,
    /// Risk classes by name: index into [`Typed::risks`].
    pub risks: BTreeMap<String, u32>,
    /// Tools by name.
    pub tools: BTreeMap<String, ToolId>,
    /// Verbs by tool and name.
    pub verbs: BTreeMap<(ToolId, String), VerbId>,
    /// Functions by name.
    pub fns: BTreeMap<String, FnId>,
    /// `let`s outside jobs: their file and syntax.
    pub lets: BTreeMap<String, (FileId, &'a ast::Let)>,
    /// Rule sets: their file and syntax.
    pub rule_sets: BTreeMap<String, (FileId, &'a ast::RuleSet)>,
    /// Jobs by name.
    pub jobs: BTreeMap<String, JobId>,
    /// Fixtures: their file and syntax.
    pub fixtures: BTreeMap<String, (FileId, &'a ast::Fixture)>,
}
