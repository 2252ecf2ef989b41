//! Shapes: how JSON is read into values.

use super::{Approver, ArgId, ExprId, TypeId, VerbId};
use crate::types::{Currency, Encoding, EnumId, RecordId};
use serde::{Deserialize, Serialize};

/// A type; parts by index, always less than the type's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are those of `types::Type`, documented there")]
pub enum TypeShape {
    Bool,
    Int,
    Decimal,
    Text,
    Money(Currency),
    Time,
    Date,
    TimeOfDay,
    Duration,
    Weekday,
    Zone,
    Zoned,
    Email,
    Url,
    Path,
    Enum(EnumId),
    Key(RecordId),
    Record(RecordId),
    List(TypeId),
    Set(TypeId),
    Map(TypeId, TypeId),
    Optional(TypeId),
}

/// An enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumShape {
    /// Its name.
    pub name: String,
    /// Its variants.
    pub variants: Vec<VariantShape>,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantShape {
    /// Its name in the policy.
    pub name: String,
    /// The texts that mean it in JSON, at least one; the first is written back.
    pub texts: Vec<String>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordShape {
    /// Its name.
    pub name: String,
    /// Indices of the fields that make its key, in key order.
    pub key: Vec<u32>,
    /// Types of the key's parts, in key order.
    pub key_types: Vec<TypeId>,
    /// Its fields.
    pub fields: Vec<FieldShape>,
    /// Index into the program's sources.
    pub source: Option<u32>,
    /// How it is fetched.
    pub fetch: Option<FetchPlan>,
}

/// A field, input, environment value, attribute, signal or parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldShape {
    /// Its name in the policy.
    pub name: String,
    /// Its type.
    pub ty: TypeId,
    /// Member names from the outside in; never empty.
    pub path: Vec<String>,
    /// How its scalar stands there.
    pub encoding: Encoding,
    /// Some rule reads it: only such fields of records are decoded. Arguments, inputs and identities are decoded wholly.
    pub read: bool,
    /// A claim of the model.
    pub claim: bool,
    /// Written by outsiders.
    pub untrusted: bool,
    /// Masked wherever it would be shown.
    pub secret: bool,
}

/// How a record comes from its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchPlan {
    /// The read verb and, for each of its parameters that is passed, the part of the key; `None`: the host's own means.
    pub verb: Option<(VerbId, Vec<(u32, u32)>)>,
    /// A reading counts while its age is less than this, in nanoseconds; `None`: while the run lasts.
    pub fresh: Option<i64>,
}

/// A parameter name and type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArgShape {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: TypeId,
}

/// A verb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerbShape {
    /// Its tool.
    pub tool: String,
    /// Its name in the policy.
    pub name: String,
    /// Its name on the wire; `tool.wire` tells two tools with the same apart.
    pub wire: String,
    /// It changes something.
    pub is_write: bool,
    /// Its parameters, each with the slot it binds. One whose type is optional may be missing.
    pub params: Vec<(ArgId, FieldShape)>,
    /// What it answers.
    pub result: Option<TypeId>,
    /// How a scalar result stands in JSON.
    pub result_encoding: Encoding,
    /// Its results are written by outsiders as a whole: showing one sets `run saw untrusted`, as showing an untrusted field does.
    pub result_untrusted: bool,
    /// The records that its results hold.
    pub gives: Vec<Gives>,
    /// What it changes.
    pub changes: Vec<Change>,
    /// How it is reversed.
    pub undo: Option<UndoPlan>,
    /// It cannot be reversed.
    pub irreversible: bool,
    /// It reverses that verb.
    pub compensates: Option<VerbId>,
    /// Codes of refusals that had no effect.
    pub no_effect_on: Vec<String>,
    /// What it wrote must be forgotten after so many nanoseconds.
    pub retain: Option<i64>,
}

/// A result becomes records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gives {
    /// The record.
    pub record: RecordId,
    /// The result is a list of them, each under its own key.
    pub list: bool,
    /// The key asked, one expression over the arguments for each part; where it is given, a value that holds its key must hold this
    /// one, and one that does not hold its key stands under it. Empty: the value's own key.
    pub asked: Vec<ExprId>,
}

/// A write makes records unasked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The record.
    pub record: RecordId,
    /// Its key over the arguments, one expression for each part; empty: all of them.
    pub key: Vec<ExprId>,
}

/// How a write is reversed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoPlan {
    /// The compensating verb.
    pub verb: VerbId,
    /// Its arguments: index into its parameters and the expression.
    pub args: Vec<(u32, ExprId)>,
    /// The parts of those expressions that are evaluated and frozen when the write is allowed: what does not need its result.
    pub frozen: Vec<ExprId>,
    /// For how long after the write, in nanoseconds.
    pub within: Option<i64>,
    /// Who may ask for it; the job's `undo_by` where empty.
    pub by: Vec<Approver>,
}
