//! Reads JSON into the program's values and writes values back.
//!
//! Arguments, inputs, environments and identities are read strictly and wholly: an unknown, missing or ill-typed member is an
//! error. Records are read field by field, and only the fields that some rule reads: what is misshapen in one harms only the
//! rules that read it.

mod date_time;
mod members;
mod misfit;
mod normal;
mod read;
mod scalar;
mod words;
mod write;

pub use misfit::{Misfit, Misfits};
pub use words::words;
pub use write::{Audience, MASK, write, write_fields, write_key};

use crate::json::Json;
use crate::policy::Policy;
use crate::program::{ArgId, FieldShape, VerbId};
use crate::types::RecordId;
use crate::value::Value;
pub(crate) use read::MAX_VALUES;
use read::{Manner, Reader};

/// The arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// Their values, sorted by slot; a missing optional one is [`Value::None`].
    pub values: Vec<(ArgId, Value)>,
    /// The arguments as they were sent, with e-mail addresses, URLs and paths in the normal form that was decided about.
    pub canonical: Json,
}

/// Reads the arguments of a call.
///
/// # Errors
/// [`Misfits`] names every member that does not fit.
pub fn arguments(policy: &Policy, verb: VerbId, json: &Json) -> Result<Arguments, Misfits> {
    let Some(shape) = policy.program().verbs.get(verb.index()) else { return Err(Misfit::new("is not declared").into()) };
    Misfits::found(members::doubled(json))?;
    let fields: Vec<&FieldShape> = shape.params.iter().map(|(_, field)| field).collect();
    let values = Reader::new(policy, Manner::Strict).fields(&fields, json)?;
    let mut values: Vec<(ArgId, Value)> = shape.params.iter().map(|(slot, _)| *slot).zip(values).collect();
    values.sort_by_key(|(slot, _)| *slot);
    let mut canonical = json.clone();
    normal::fields(policy, &fields, &mut canonical);
    Ok(Arguments { values, canonical })
}

/// Reads an input, an environment or an identity.
///
/// # Errors
/// [`Misfits`] names every member that does not fit.
pub fn fields(policy: &Policy, fields: &[FieldShape], json: &Json) -> Result<Vec<Value>, Misfits> {
    Reader::new(policy, Manner::Strict).fields(&fields.iter().collect::<Vec<_>>(), json)
}

/// Reads the value of one field, such as a signal.
///
/// # Errors
/// [`Misfits`] says what does not fit.
pub fn field(policy: &Policy, field: &FieldShape, json: &Json) -> Result<Value, Misfits> {
    Ok(Reader::new(policy, Manner::Strict).field_value(field, json)?)
}

/// Reads one argument of a call whose arguments together may make so many values still; `None` where it does not fit.
pub(crate) fn argument(policy: &Policy, field: &FieldShape, json: &Json, left: &mut u32) -> Option<Value> {
    let mut reader = Reader { left: *left, ..Reader::new(policy, Manner::Strict) };
    let value = reader.field_value(field, json).ok()?;
    *left = reader.left;
    Some(value)
}

/// Reads a record: a [`Value::Record`] whose misshapen fields are [`Cell::Malformed`](crate::value::Cell::Malformed).
///
/// # Errors
/// [`Misfits`] where it is no object at all, or too large.
pub fn record(policy: &Policy, record: RecordId, json: &Json) -> Result<Value, Misfits> {
    Ok(Reader::new(policy, Manner::Lenient).record(record, json)?)
}

/// Reads the result of a verb, records in it as [`record`] does; [`Value::None`] where the verb answers nothing.
///
/// # Errors
/// [`Misfits`] says what does not fit.
pub fn result(policy: &Policy, verb: VerbId, json: &Json) -> Result<Value, Misfits> {
    let Some(shape) = policy.program().verbs.get(verb.index()) else { return Err(Misfit::new("is not declared").into()) };
    let Some(ty) = shape.result else { return Ok(Value::None) };
    Ok(Reader::new(policy, Manner::Lenient).value(ty, &shape.result_encoding, json)?)
}

/// Reads a key: its parts. A composite one is a JSON array.
///
/// # Errors
/// [`Misfits`] says what does not fit.
pub fn key(policy: &Policy, record: RecordId, json: &Json) -> Result<Vec<Value>, Misfits> {
    Ok(Reader::new(policy, Manner::Strict).key_parts(record, json)?)
}

/// The parts of its key that a record holds, in key order; `None` for a part that is not there.
///
/// # Errors
/// [`Misfits`] where it is no object, or a part is misshapen.
pub fn held_key(policy: &Policy, record: RecordId, json: &Json) -> Result<Vec<Option<Value>>, Misfits> {
    Ok(Reader::new(policy, Manner::Lenient).held_key(record, json)?)
}

#[cfg(test)]
mod tests;
