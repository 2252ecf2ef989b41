//! How large values are at most, in the evaluator's own measure, by their types and by what makes them.

use super::World;
use agentc_runtime::eval::BYTES_A_STEP;
use agentc_runtime::program::{Program, TypeId, TypeShape};
use std::sync::Arc;

/// An upper bound of a value's size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    /// Members of the outermost list, set or map.
    pub(super) length: u64,
    /// Steps that walking the whole of it takes.
    pub(super) weight: u64,
    /// Bytes of all texts in it.
    pub(super) bytes: u64,
    /// One member, where it has any.
    pub(super) member: Option<Arc<Size>>,
}

impl Size {
    /// A number, a time, a truth value.
    pub(super) fn scalar() -> Self {
        Self { length: 0, weight: 1, bytes: 0, member: None }
    }

    pub(super) fn text(bytes: u64) -> Self {
        let walked = bytes.checked_div(u64::from(BYTES_A_STEP)).unwrap_or(0);
        Self { length: 0, weight: walked.saturating_add(1), bytes, member: None }
    }

    /// So many members of that size.
    pub(super) fn list(length: u64, member: Self) -> Self {
        let weight = length.saturating_mul(member.weight).saturating_add(1);
        let bytes = length.saturating_mul(member.bytes);
        Self { length, weight, bytes, member: Some(Arc::new(member)) }
    }

    /// Several values in one: a list literal, a record, the arguments of a function.
    pub(super) fn together<'s>(parts: impl Iterator<Item = &'s Self>) -> Self {
        let mut whole = Self { length: 0, weight: 1, bytes: 0, member: None };
        let mut member: Option<Self> = None;
        for part in parts {
            whole.length = whole.length.saturating_add(1);
            whole.weight = whole.weight.saturating_add(part.weight);
            whole.bytes = whole.bytes.saturating_add(part.bytes);
            member = Some(member.map_or_else(|| part.clone(), |known| known.or(part)));
        }
        whole.member = member.map(Arc::new);
        whole
    }

    /// The larger of two, in every measure.
    pub(super) fn or(&self, other: &Self) -> Self {
        let member = match (&self.member, &other.member) {
            (Some(one), Some(two)) => Some(Arc::new(one.or(two))),
            (one, two) => one.clone().or_else(|| two.clone()),
        };
        Self {
            length: self.length.max(other.length),
            weight: self.weight.max(other.weight),
            bytes: self.bytes.max(other.bytes),
            member,
        }
    }

    /// One member of it, or all of it where nothing closer is known.
    pub(super) fn one(&self) -> Self {
        self.member.as_ref().map_or_else(|| self.clone(), |member| member.as_ref().clone())
    }
}

/// The largest value of a type in a world.
pub(super) fn of_type(program: &Program, world: World, ty: TypeId) -> Size {
    let Some(shape) = program.types.get(ty.index()) else { return Size::scalar() };
    match shape {
        TypeShape::Text | TypeShape::Email | TypeShape::Url | TypeShape::Path | TypeShape::Zone => Size::text(world.bytes),
        TypeShape::Zoned => Size::together([Size::scalar(), Size::text(world.bytes)].iter()),
        TypeShape::Key(record) => match program.records.get(record.0 as usize).map(|record| record.key_types.as_slice()) {
            Some([one]) => of_type(program, world, *one),
            Some(parts) => Size::together(parts.iter().map(|part| of_type(program, world, *part)).collect::<Vec<_>>().iter()),
            None => Size::scalar(),
        },
        TypeShape::Record(record) => {
            let fields = program.records.get(record.0 as usize).map_or(&[][..], |record| record.fields.as_slice());
            // A field that no rule reads is not decoded in a record; an argument is decoded wholly.
            Size::together(fields.iter().map(|field| of_type(program, world, field.ty)).collect::<Vec<_>>().iter())
        }
        TypeShape::List(of) | TypeShape::Set(of) => Size::list(world.items, of_type(program, world, *of)),
        TypeShape::Map(key, value) => {
            let (key, value) = (of_type(program, world, *key), of_type(program, world, *value));
            let weight = key.weight.saturating_add(value.weight).saturating_mul(world.items).saturating_add(1);
            let bytes = key.bytes.saturating_add(value.bytes).saturating_mul(world.items);
            Size { length: world.items, weight, bytes, member: Some(Arc::new(value)) }
        }
        TypeShape::Optional(of) => of_type(program, world, *of),
        TypeShape::Bool
        | TypeShape::Int
        | TypeShape::Decimal
        | TypeShape::Money(_)
        | TypeShape::Time
        | TypeShape::Date
        | TypeShape::TimeOfDay
        | TypeShape::Duration
        | TypeShape::Weekday
        | TypeShape::Enum(_) => Size::scalar(),
    }
}

/// The largest result of a library function: of its type, and made of no more than its arguments hold. `text.join` and `text.replace` can
/// put one argument between, or in place of, every byte of another; a change of case makes at most three bytes of one; a number is
/// written in at most 64 bytes.
pub(super) fn of_call(program: &Program, name: &str, ty: TypeId, args: &[Size]) -> Size {
    let whole = Size::together(args.iter());
    let bytes = match name {
        "text.join" | "text.replace" => {
            let parts = args.iter().map(|arg| arg.bytes.saturating_add(arg.length)).max().unwrap_or(0).saturating_add(1);
            whole.bytes.saturating_add(whole.bytes.saturating_mul(parts))
        }
        _ => whole.bytes.saturating_mul(3).saturating_add(64),
    };
    let items = args.iter().fold(whole.bytes.saturating_add(1), |items, arg| items.saturating_add(arg.length));
    let mut ty = ty;
    while let Some(TypeShape::Optional(of)) = program.types.get(ty.index()) {
        ty = *of;
    }
    match program.types.get(ty.index()) {
        Some(TypeShape::Text | TypeShape::Email | TypeShape::Url | TypeShape::Path | TypeShape::Zone) => Size::text(bytes),
        Some(TypeShape::List(_) | TypeShape::Set(_) | TypeShape::Map(..)) => {
            let member = args.iter().filter(|arg| arg.length > 0).map(Size::one).reduce(|one, other| one.or(&other));
            // The keys of a map are no members of it, and a part of a text is a text.
            let text = Size::text(whole.bytes);
            let member = member.map_or_else(|| text.clone(), |member| member.or(&text));
            let weight = whole.weight.saturating_add(items).saturating_mul(2);
            Size { length: items, weight, bytes, member: Some(Arc::new(member)) }
        }
        Some(TypeShape::Record(_) | TypeShape::Key(_) | TypeShape::Zoned) => Size { bytes, ..whole },
        _ => Size::scalar(),
    }
}
