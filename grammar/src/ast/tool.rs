//! Tools and their verbs, as written.

use super::*;
use crate::span::{Span, Spanned};

/// A tool and its verbs.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: Name,
    /// `on mcp "shopify"`: kind of connection and its name.
    pub on: Option<(Name, Spanned<String>)>,
    /// Its verbs.
    pub verbs: Vec<Verb>,
    /// Records that its results have.
    pub records: Vec<Record>,
    /// `ignore list_locations, "count-orders"`: real tools that this policy deliberately leaves out, by wire name.
    pub ignores: Vec<Spanned<String>>,
}

/// `read` or `write`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// It changes nothing.
    Read,
    /// It changes something.
    Write,
}

/// `write refund(order: Key<Order> from "order_id", claim reason: Text) -> Refund as "create_refund" { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Verb {
    /// Documentation comment.
    pub docs: Option<String>,
    /// Read or write.
    pub access: Access,
    /// Its name in the policy.
    pub name: Name,
    /// Its parameters.
    pub params: Vec<Field>,
    /// What it answers.
    pub result: Option<TypeExpr>,
    /// `untrusted` or `claim` after the result type: results written by outsiders.
    pub result_marks: Vec<Spanned<Mark>>,
    /// Its name on the wire.
    pub wire: Option<Spanned<String>>,
    /// What stands in its braces.
    pub clauses: Vec<VerbClause>,
    /// The whole declaration.
    pub span: Span,
}

/// A clause in a verb's braces.
#[derive(Debug, Clone, PartialEq)]
pub struct VerbClause {
    /// What it says.
    pub kind: VerbClauseKind,
    /// Where.
    pub span: Span,
}

/// What a verb says of itself.
#[derive(Debug, Clone, PartialEq)]
pub enum VerbClauseKind {
    /// `risk money, permission`
    Risk(Vec<Name>),
    /// `changes Order[order], Invoice[order]`; an entry without a key changes every record of that name.
    Changes(Vec<Change>),
    /// `changes nothing`
    ChangesNothing,
    /// `undo void_refund(refund: result.id) within 24h by role lead`
    Undo(Undo),
    /// `irreversible`
    Irreversible,
    /// `compensates refund`
    Compensates(Path),
    /// `no effect on ["declined"]`
    NoEffectOn(Vec<Spanned<String>>),
    /// `retain 30d`
    Retain(Spanned<Duration>),
}

/// One entry of `changes`.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The record.
    pub record: Name,
    /// Its key, over the parameters; empty: all of them.
    pub key: Vec<Expr>,
    /// Where.
    pub span: Span,
}

/// How a write is reversed.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The compensating verb; one part means the same tool.
    pub verb: Path,
    /// Its arguments over `result`, the parameters and records.
    pub args: Vec<(Name, Expr)>,
    /// Until when it can.
    pub within: Option<Spanned<Duration>>,
    /// Who may ask for it; the job's `undo by` where empty.
    pub by: Vec<Approver>,
}
