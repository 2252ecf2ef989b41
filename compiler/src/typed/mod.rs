//! The checked policy: every name resolved, every expression typed, every error already reported.
//!
//! Lowering, the reference evaluator, the analyses and the tests' scenarios all read this and nothing above it. Ids index the
//! vectors of [`Typed`]. It keeps the author's rules as written (a limit is still a limit); lowering reduces them to effects.

mod expr;
mod job;
mod scenario;

pub use agentc_runtime::types::{Encoding, EnumId, RecordId, Type};
pub use expr::*;
pub use job::*;
pub use scenario::*;

use agentc_grammar::span::Span;
use std::collections::BTreeMap;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The index into its vector.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Index into [`Typed::files`].
    FileId,
    /// Index into [`Typed::sources`].
    SourceId,
    /// Index into [`Typed::tools`].
    ToolId,
    /// Index into [`Typed::verbs`].
    VerbId,
    /// Index into [`Typed::roles`].
    RoleId,
    /// Index into [`Typed::jobs`].
    JobId,
    /// Index into [`Typed::args`].
    ArgId,
    /// Index into [`Typed::fns`].
    FnId,
    /// Index into [`Typed::lets`].
    LetId,
    /// A name bound inside one expression: a quantifier's, a pattern's, a function's parameter, a row. Unique in the policy.
    LocalId,
}

/// A place in one of the policy's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loc {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// A checked policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// Its dotted name.
    pub name: String,
    /// Its version, empty where it has none.
    pub version: String,
    /// Its owner, empty where it has none.
    pub owner: String,
    /// The files it was read from, the root first.
    pub files: Vec<SourceFile>,
    /// The enums.
    pub enums: Vec<Enum>,
    /// The records of sources, tools and plain shapes.
    pub records: Vec<Record>,
    /// The systems of record.
    pub sources: Vec<Source>,
    /// The roles.
    pub roles: Vec<Role>,
    /// The risk classes.
    pub risks: Vec<Risk>,
    /// Attributes of `agent`; the first two are always `id: Text` and `roles: Set<Text>`.
    pub agent: Vec<Field>,
    /// Attributes of `user`; the first two are always `id: Text` and `roles: Set<Text>`.
    pub user: Vec<Field>,
    /// The tools.
    pub tools: Vec<Tool>,
    /// The verbs of all tools.
    pub verbs: Vec<Verb>,
    /// Every parameter name and type in use: verbs that share both share the slot, so that one condition serves them all.
    pub args: Vec<ArgSlot>,
    /// The functions of the files.
    pub fns: Vec<Fn>,
    /// The uses of `let`s: one for each distinct meaning (a `let` that speaks of a parameter means another slot in another verb).
    pub lets: Vec<LetUse>,
    /// What the author wrote above `let`s and functions (`/// …`), by where their names stand.
    pub notes: BTreeMap<Loc, String>,
    /// The jobs.
    pub jobs: Vec<Job>,
    /// The tests, fixtures laid under.
    pub tests: Vec<Test>,
    /// The proofs asked for.
    pub proofs: Vec<Proof>,
}

/// A file of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name as the author knows it: a path or `std.risk`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// An enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// Its variants in order.
    pub variants: Vec<Variant>,
    /// Where it is declared.
    pub loc: Loc,
}

/// A variant of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name in the policy.
    pub name: String,
    /// The texts that mean it in JSON, at least one; the first is written back.
    pub texts: Vec<String>,
}

/// A record shape, and where it is one of a source, how it is fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Documentation.
    pub docs: Option<String>,
    /// Indices of the fields that make its key, in key order; empty for a plain shape.
    pub key: Vec<u32>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The source it belongs to.
    pub source: Option<SourceId>,
    /// The tool it was declared in.
    pub tool: Option<ToolId>,
    /// How it is fetched, where a source says so.
    pub fetch: Option<Fetch>,
    /// Where it is declared.
    pub loc: Loc,
}

/// A field, input, environment value, attribute, signal or parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in the policy.
    pub name: String,
    /// Documentation.
    pub docs: Option<String>,
    /// Its type.
    pub ty: Type,
    /// Where it stands in the JSON object: member names from the outside in; never empty.
    pub path: Vec<String>,
    /// How its scalar stands there (for lists, sets and maps: each member's).
    pub encoding: Encoding,
    /// The model says so.
    pub claim: bool,
    /// An outsider wrote it (its own mark, or its source's).
    pub untrusted: bool,
    /// Masked wherever it would be shown.
    pub secret: bool,
    /// Where it is declared.
    pub loc: Loc,
}

/// How a record comes from its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// By which means.
    pub how: FetchHow,
    /// Further verbs whose results hold it.
    pub also: Vec<VerbId>,
    /// A reading counts while its age is less than this, in nanoseconds; `None` where nothing is declared.
    pub fresh: Option<i64>,
    /// Where it is declared.
    pub loc: Loc,
}

/// The means of a fetch.
#[derive(Debug, Clone, PartialEq)]
pub enum FetchHow {
    /// A read verb: each parameter with the index into the record's key of what is passed for it.
    Verb {
        /// The verb.
        verb: VerbId,
        /// Parameter (index into the verb's `params`) and key part (index into the record's `key`).
        args: Vec<(u32, u32)>,
    },
    /// The host, by its own means.
    Host,
}

/// A system of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The system's own name.
    pub title: Option<String>,
    /// Documentation.
    pub docs: Option<String>,
    /// Where it is declared.
    pub loc: Loc,
}

/// A role.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub loc: Loc,
}

/// A risk class.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// Its name.
    pub name: String,
    /// What bounds it, any one: `gate`, `limit`, `escalate`, `never`, `undo`.
    pub bounded_by: Vec<String>,
    /// Where it is declared.
    pub loc: Loc,
}

/// A tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Documentation.
    pub docs: Option<String>,
    /// Kind of connection and its name: `mcp`, `shopify`.
    pub on: Option<(String, String)>,
    /// Real tools deliberately left out.
    pub ignores: Vec<Ignored>,
    /// Where it is declared.
    pub loc: Loc,
}

/// A real tool that is deliberately left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Its name on the wire.
    pub wire: String,
    /// Where it is named.
    pub loc: Loc,
}

pub use agentc_grammar::ast::Access;

/// A verb.
#[derive(Debug, Clone, PartialEq)]
pub struct Verb {
    /// The tool.
    pub tool: ToolId,
    /// Its name in the policy.
    pub name: String,
    /// Its name on the wire.
    pub wire: String,
    /// Documentation.
    pub docs: Option<String>,
    /// Read or write.
    pub access: Access,
    /// Its parameters: the slot each binds, and how it stands in the arguments. An optional one may be missing.
    pub params: Vec<Param>,
    /// What it answers; `None` where nothing is declared.
    pub result: Option<Type>,
    /// How a scalar result stands in JSON.
    pub result_encoding: Encoding,
    /// The result is a claim. (Results of reads that are no source's fetch count as claims anyway.)
    pub result_claim: bool,
    /// The result is written by outsiders.
    pub result_untrusted: bool,
    /// Indices into [`Typed::risks`].
    pub risks: Vec<u32>,
    /// What it changes; for a write that says nothing, every record fetched by its tool, with no key.
    pub changes: Vec<Change>,
    /// How it is reversed.
    pub undo: Option<Undo>,
    /// It cannot be.
    pub irreversible: bool,
    /// The write that it reverses.
    pub compensates: Option<VerbId>,
    /// Codes of refusals that had no effect.
    pub no_effect_on: Vec<String>,
    /// What it wrote must be forgotten after this long, in nanoseconds.
    pub retain: Option<i64>,
    /// Where it is declared.
    pub loc: Loc,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// The slot it binds.
    pub arg: ArgId,
    /// Name, type, place in the arguments, marks.
    pub field: Field,
}

/// A parameter name and type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArgSlot {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Type,
}

/// What a write changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The record.
    pub record: RecordId,
    /// Its key, one expression for each part, over the parameters; empty: all of them.
    pub key: Vec<Expr>,
}

/// How a write is reversed.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The compensating verb.
    pub verb: VerbId,
    /// Its arguments (index into its `params`), over [`ExprKind::PastResult`], the original call's arguments and records.
    pub args: Vec<(u32, Expr)>,
    /// For how long, in nanoseconds.
    pub within: Option<i64>,
    /// Who may ask for it; the job's `undo by` where empty.
    pub by: Vec<Approver>,
}

/// A function of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Fn {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub params: Vec<(LocalId, String, Type)>,
    /// Its body; it may read records, never history, counters or the call.
    pub body: Expr,
    /// Where it is declared.
    pub loc: Loc,
}

/// One meaning of a `let`.
#[derive(Debug, Clone, PartialEq)]
pub struct LetUse {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub value: Expr,
    /// Where it is declared.
    pub loc: Loc,
}
