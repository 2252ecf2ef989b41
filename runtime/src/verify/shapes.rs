//! Types, enums, records, fields, verbs: what JSON is read by.

use super::{Checked, Flaw, Place, within};
use crate::program::{Constant, FieldShape, Program, TypeId, TypeShape};
use crate::types::{Encoding, RecordId};

/// The deepest that types may nest, and keys that are made of keys.
const MAX_NESTING: usize = 32;

pub(super) fn verify(program: &Program) -> Checked {
    types(program)?;
    enums(program)?;
    zones(program)?;
    records(program)?;
    let place = |i: usize| format!("constant {i}");
    for (i, constant) in program.constants.iter().enumerate() {
        if let Constant::Weekday(day) = constant
            && !(1..=7).contains(day)
        {
            return Err(Flaw::new(place(i), "it is no day of the week"));
        }
    }
    fields(program, &program.agent, &format_args!("the agent's attributes"))?;
    fields(program, &program.user, &format_args!("the user's attributes"))?;
    for (i, arg) in program.args.iter().enumerate() {
        within(arg.ty.index(), program.types.len(), format_args!("argument {i}"), "type")?;
    }
    verbs(program)?;
    for job in &program.jobs {
        let place = format_args!("job `{}`", job.name);
        fields(program, &job.input, &place)?;
        fields(program, &job.environment, &place)?;
        fields(program, &job.signals, &place)?;
    }
    Ok(())
}

fn types(program: &Program) -> Checked {
    let mut depths: Vec<usize> = Vec::with_capacity(program.types.len());
    for (i, shape) in program.types.iter().enumerate() {
        let place = format_args!("type {i}");
        let part = |ty: TypeId| -> Checked<usize> {
            let depth = depths.get(ty.index()).copied();
            depth.ok_or_else(|| Flaw::new(place, format!("its part, type {}, does not stand before it", ty.0)))
        };
        let record = |id: RecordId| within(id.0 as usize, program.records.len(), place, "record");
        let depth = match shape {
            TypeShape::Enum(id) => within(id.0 as usize, program.enums.len(), place, "enum").map(|()| 0)?,
            TypeShape::Key(id) | TypeShape::Record(id) => record(*id).map(|()| 0)?,
            TypeShape::List(inner) | TypeShape::Set(inner) | TypeShape::Optional(inner) => part(*inner)?,
            TypeShape::Map(key, value) => part(*key)?.max(part(*value)?),
            _ => 0,
        };
        if depth >= MAX_NESTING {
            return Err(Flaw::new(place, format!("it is nested more than {MAX_NESTING} levels deep")));
        }
        depths.push(depth.saturating_add(1));
    }
    Ok(())
}

fn enums(program: &Program) -> Checked {
    for shape in &program.enums {
        if let Some(variant) = shape.variants.iter().find(|variant| variant.texts.is_empty()) {
            return Err(Flaw::new(format!("enum `{}`", shape.name), format!("its variant `{}` has no text", variant.name)));
        }
    }
    Ok(())
}

fn zones(program: &Program) -> Checked {
    if program.zones.array_windows().all(|[left, right]| left.name < right.name) {
        return Ok(());
    }
    Err(Flaw::new("the time zones", "they are not sorted by name"))
}

fn records(program: &Program) -> Checked {
    for record in &program.records {
        let place = format_args!("record `{}`", record.name);
        fields(program, &record.fields, &place)?;
        if record.key.len() != record.key_types.len() {
            return Err(Flaw::new(place, "its key has more parts than types, or fewer"));
        }
        for (at, ty) in record.key.iter().zip(&record.key_types) {
            within(*at as usize, record.fields.len(), place, "field")?;
            within(ty.index(), program.types.len(), place, "type")?;
        }
        if let Some(source) = record.source {
            within(source as usize, program.sources.len(), place, "source")?;
        }
        if let Some((verb, params)) = record.fetch.as_ref().and_then(|fetch| fetch.verb.as_ref()) {
            within(verb.index(), program.verbs.len(), place, "verb")?;
            let verb = program.verbs.get(verb.index()).map_or(0, |verb| verb.params.len());
            for (param, part) in params {
                within(*param as usize, verb, place, "parameter")?;
                within(*part as usize, record.key.len(), place, "part of the key")?;
            }
        }
    }
    key_nesting(program)
}

/// Keys that are made of keys must end somewhere.
fn key_nesting(program: &Program) -> Checked {
    let mut depths = vec![0usize; program.records.len()];
    for _ in 0..=MAX_NESTING {
        let mut changed = false;
        let next: Vec<usize> = program
            .records
            .iter()
            .map(|record| {
                let parts = record.key_types.iter().map(|ty| key_depth(program, &depths, *ty, 0));
                parts.max().unwrap_or(0)
            })
            .collect();
        changed |= next != depths;
        depths = next;
        if !changed {
            return Ok(());
        }
    }
    Err(Flaw::new("the records' keys", format!("they are made of one another, or more than {MAX_NESTING} levels deep")))
}

fn key_depth(program: &Program, depths: &[usize], ty: TypeId, level: usize) -> usize {
    if level > MAX_NESTING {
        return 0;
    }
    let inner = level.saturating_add(1);
    match program.types.get(ty.index()) {
        Some(TypeShape::Key(record)) => depths.get(record.0 as usize).map_or(0, |depth| depth.saturating_add(1)),
        Some(TypeShape::List(part) | TypeShape::Set(part) | TypeShape::Optional(part)) => {
            key_depth(program, depths, *part, inner)
        }
        Some(TypeShape::Map(key, value)) => {
            key_depth(program, depths, *key, inner).max(key_depth(program, depths, *value, inner))
        }
        _ => 0,
    }
}

fn fields(program: &Program, fields: &[FieldShape], place: &Place<'_>) -> Checked {
    fields.iter().try_for_each(|field| self::field(program, field, place))
}

fn field(program: &Program, field: &FieldShape, place: &Place<'_>) -> Checked {
    let place = format_args!("{place}, `{}`", field.name);
    within(field.ty.index(), program.types.len(), place, "type")?;
    if field.path.is_empty() {
        return Err(Flaw::new(place, "it has no place in JSON"));
    }
    encoding(program, &field.encoding, &place)
}

fn encoding(program: &Program, encoding: &Encoding, place: &Place<'_>) -> Checked {
    match encoding {
        Encoding::InZone(zone) if !program.zones.iter().any(|rules| rules.name == *zone) => {
            Err(Flaw::new(place, format!("the rules of its time zone `{zone}` are missing")))
        }
        _ => Ok(()),
    }
}

fn verbs(program: &Program) -> Checked {
    for verb in &program.verbs {
        let place = format_args!("verb `{}.{}`", verb.tool, verb.name);
        for (slot, param) in &verb.params {
            field(program, param, &place)?;
            within(slot.index(), program.args.len(), place, "argument")?;
            let same = program.args.get(slot.index()).is_some_and(|arg| super::typing::same(program, arg.ty, param.ty));
            if !same {
                return Err(Flaw::new(place, format!("its parameter `{}` has another type than its slot", param.name)));
            }
        }
        if let Some(result) = verb.result {
            within(result.index(), program.types.len(), place, "type")?;
        }
        encoding(program, &verb.result_encoding, &place)?;
        if let Some(compensated) = verb.compensates {
            within(compensated.index(), program.verbs.len(), place, "verb")?;
        }
        let given = verb.gives.iter().map(|gives| gives.record);
        for record in given.chain(verb.changes.iter().map(|change| change.record)) {
            within(record.0 as usize, program.records.len(), place, "record")?;
        }
        if let Some(undo) = &verb.undo {
            within(undo.verb.index(), program.verbs.len(), place, "verb")?;
        }
    }
    Ok(())
}
