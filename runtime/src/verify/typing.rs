//! Which type may stand where another is wanted.

use crate::program::{Program, TypeId, TypeShape};
use crate::types::RecordId;

/// The deepest walk through types and keys; deeper ones were refused before.
const MAX_WALK: u8 = 80;

/// The shape, with keys of one part replaced by the type of that part.
pub(super) fn shape(program: &Program, ty: TypeId) -> Option<&TypeShape> {
    let mut shape = program.types.get(ty.index())?;
    for _ in 0..MAX_WALK {
        let TypeShape::Key(record) = shape else { break };
        let [part] = key_types(program, *record) else { break };
        shape = program.types.get(part.index())?;
    }
    Some(shape)
}

/// The types of a record's key.
pub(super) fn key_types(program: &Program, record: RecordId) -> &[TypeId] {
    program.records.get(record.0 as usize).map_or(&[], |record| record.key_types.as_slice())
}

/// The inner type of an optional; another type itself.
pub(super) fn bare(program: &Program, ty: TypeId) -> TypeId {
    match program.types.get(ty.index()) {
        Some(TypeShape::Optional(inner)) => *inner,
        _ => ty,
    }
}

/// Whether a type is an optional one.
pub(super) fn is_optional(program: &Program, ty: TypeId) -> bool {
    matches!(program.types.get(ty.index()), Some(TypeShape::Optional(_)))
}

/// Whether a value of one type may stand where the other is wanted: a value for an optional, a key for its own type and the other
/// way round.
pub(super) fn fits(program: &Program, have: TypeId, want: TypeId) -> bool {
    fits_at(program, have, want, MAX_WALK)
}

/// Whether two types may be compared.
pub(super) fn same(program: &Program, left: TypeId, right: TypeId) -> bool {
    fits(program, left, right) || fits(program, right, left)
}

fn fits_at(program: &Program, have: TypeId, want: TypeId, left: u8) -> bool {
    if have == want {
        return true;
    }
    let Some(left) = left.checked_sub(1) else { return false };
    let fits = |have: TypeId, want: TypeId| fits_at(program, have, want, left);
    match (program.types.get(have.index()), program.types.get(want.index())) {
        (Some(TypeShape::Optional(have)), Some(TypeShape::Optional(want))) => fits(*have, *want),
        (_, Some(TypeShape::Optional(want))) => fits(have, *want),
        (Some(TypeShape::Optional(_)), _) => false,
        (Some(TypeShape::List(have)), Some(TypeShape::List(want))) | (Some(TypeShape::Set(have)), Some(TypeShape::Set(want))) => {
            fits(*have, *want)
        }
        (Some(TypeShape::Map(have_key, have)), Some(TypeShape::Map(want_key, want))) => {
            fits(*have_key, *want_key) && fits(*have, *want)
        }
        (Some(TypeShape::Key(have_record)), Some(TypeShape::Key(want_record))) if have_record == want_record => true,
        (Some(TypeShape::Key(record)), Some(_)) if let [part] = key_types(program, *record) => fits(*part, want),
        (Some(_), Some(TypeShape::Key(record))) if let [part] = key_types(program, *record) => fits(have, *part),
        (Some(have), Some(want)) => have == want,
        _ => false,
    }
}

/// Types whose values have an order.
pub(super) fn is_ordered(shape: &TypeShape) -> bool {
    matches!(
        shape,
        TypeShape::Int
            | TypeShape::Decimal
            | TypeShape::Money(_)
            | TypeShape::Time
            | TypeShape::Date
            | TypeShape::TimeOfDay
            | TypeShape::Duration
            | TypeShape::Weekday
    )
}

/// Types whose values can be summed and negated.
pub(super) fn is_number(shape: &TypeShape) -> bool {
    matches!(shape, TypeShape::Int | TypeShape::Decimal | TypeShape::Money(_) | TypeShape::Duration)
}

/// What a loop over a value of that type walks.
pub(super) fn element(program: &Program, ty: TypeId) -> Option<TypeId> {
    match program.types.get(ty.index())? {
        TypeShape::List(inner) | TypeShape::Set(inner) | TypeShape::Map(_, inner) => Some(*inner),
        _ => None,
    }
}

/// A type for messages.
pub(super) fn name(program: &Program, ty: TypeId) -> String {
    named(program, ty, MAX_WALK)
}

fn named(program: &Program, ty: TypeId, left: u8) -> String {
    let Some(left) = left.checked_sub(1) else { return "…".into() };
    let inner = |ty: TypeId| named(program, ty, left);
    let record = |id: RecordId| program.records.get(id.0 as usize).map_or("?", |record| record.name.as_str());
    match program.types.get(ty.index()) {
        None => "?".into(),
        Some(TypeShape::Money(currency)) => format!("Money({currency})"),
        Some(TypeShape::Enum(id)) => program.enums.get(id.0 as usize).map_or("?", |shape| &shape.name).to_owned(),
        Some(TypeShape::Key(id)) => format!("Key<{}>", record(*id)),
        Some(TypeShape::Record(id)) => record(*id).to_owned(),
        Some(TypeShape::List(part)) => format!("List<{}>", inner(*part)),
        Some(TypeShape::Set(part)) => format!("Set<{}>", inner(*part)),
        Some(TypeShape::Map(key, value)) => format!("Map<{}, {}>", inner(*key), inner(*value)),
        Some(TypeShape::Optional(part)) => format!("{}?", inner(*part)),
        Some(plain) => format!("{plain:?}"),
    }
}
