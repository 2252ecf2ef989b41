//! The syntax tree: what was written, nothing decided yet.
//!
//! Every node keeps the span it was written at. Names are unresolved, literals are already read into exact values or kept as
//! text where reading needs a type. The tree never holds something that the author did not write.

mod expr;
mod job;
mod scenario;
mod source;
mod tool;

pub use expr::*;
pub use job::*;
pub use scenario::*;
pub use source::*;
pub use tool::*;

use crate::span::{Span, Spanned};

/// A name as written: one identifier.
pub type Name = Spanned<String>;

/// A dotted name, `acme.refunds` or `shop.refund`; at least one part. The last part may be `*` in a [`Target`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The parts from left to right, never empty.
    pub parts: Vec<Name>,
    /// From the first part to the last.
    pub span: Span,
}

/// One whole file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// The declarations in source order.
    pub items: Vec<Item>,
}

/// A declaration at the top of a file. `docs` are the `///` lines before it, joined by newlines, without the slashes.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Documentation comment, if any.
    pub docs: Option<String>,
    /// What is declared.
    pub kind: ItemKind,
    /// The whole declaration.
    pub span: Span,
}

/// The kinds of declaration.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `policy acme.refunds { version "1" owner "x" }`
    Policy(Policy),
    /// `use std.risk`
    Use(Path),
    /// `enum Status { open, closed as "CLOSED" }`
    Enum(Enum),
    /// `role support_lead, sre`
    Role(Vec<Name>),
    /// `risk money bounded by gate, limit` (one line for each class; `bounded by` may be absent)
    Risk(Risk),
    /// `identity { user { tier: Tier } agent { team: Text } }`: further attributes of the identities.
    Identity(Vec<IdentityAttributes>),
    /// `source shop_records "Shopify" { … }`
    Source(Source),
    /// `record Line { … }` outside any source or tool: a shape only.
    Record(Record),
    /// `tool shop on mcp "shopify" { … }`
    Tool(Tool),
    /// `let name = expr` for every job.
    Let(Let),
    /// `fn fits(order: Order, amount: Money(USD)) -> Bool = amount <= order.total`
    Fn(Fn),
    /// `rules NAME { … }`
    Rules(RuleSet),
    /// `job NAME { … }`
    Job(Job),
    /// `fixture NAME { … }`
    Fixture(Fixture),
    /// `test "…" with fixture { … }`
    Test(Test),
    /// `prove "…" { … }`
    Prove(Prove),
}

/// `policy acme.refunds { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The policy's dotted name.
    pub name: Path,
    /// `version "3.1.0"`
    pub version: Option<Spanned<String>>,
    /// `owner "ops@acme.example"`
    pub owner: Option<Spanned<String>>,
}

/// An enum and its variants.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// In source order.
    pub variants: Vec<Variant>,
}

/// `yes as "yes", "Y"`: a variant and the texts that stand for it in JSON (its own name where none is given).
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name in the policy.
    pub name: Name,
    /// Its texts in JSON; empty means the name itself.
    pub aliases: Vec<Spanned<String>>,
}

/// A risk class and what must bound a write that bears it.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// Its name.
    pub name: Name,
    /// Any one of these bounds it: `gate`, `limit`, `escalate`, `never`, `undo`. Empty: nothing need bound it.
    pub bounded_by: Vec<Name>,
}

/// `user { tier: Tier }` inside `identity { … }`; also `agent`.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityAttributes {
    /// `agent` or `user`.
    pub who: Name,
    /// The attributes.
    pub fields: Vec<Field>,
}
