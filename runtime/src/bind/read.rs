//! Reads JSON by the program's shapes.

use super::members;
use super::misfit::{Misfit, Misfits};
use super::scalar;
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, RecordShape, TypeId, TypeShape};
use crate::types::{Encoding, RecordId};
use crate::value::{Cell, Value};
use std::sync::Arc;

/// The most values that one reading may make.
pub(crate) const MAX_VALUES: u32 = 1_000_000;

/// How exactly JSON must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Every member of every object must be known, there where it must be, and of its type.
    Strict,
    /// Of a record, only the fields that some rule reads are read, each for itself.
    Lenient,
}

pub(super) struct Reader<'p> {
    pub(super) policy: &'p Policy,
    pub(super) manner: Manner,
    /// What is read is masked in messages.
    pub(super) secret: bool,
    /// How many more values may be made.
    pub(super) left: u32,
}

impl<'p> Reader<'p> {
    pub(super) fn new(policy: &'p Policy, manner: Manner) -> Self {
        Self { policy, manner, secret: false, left: MAX_VALUES }
    }

    pub(super) fn is_strict(&self) -> bool {
        self.manner == Manner::Strict
    }

    /// All fields of an object, and nothing else in it.
    pub(super) fn fields(&mut self, fields: &[&FieldShape], json: &Json) -> Result<Vec<Value>, Misfits> {
        if json.as_object().is_none() {
            return Err(Misfit::new(format!("must be an object, not {}", json.kind())).into());
        }
        let mut misfits = Vec::new();
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            match self.field(field, json) {
                Ok(value) => values.push(value),
                Err(misfit) => misfits.push(misfit),
            }
        }
        misfits.extend(members::unknown(fields, json));
        Misfits::found(misfits)?;
        Ok(values)
    }

    /// A field of an object.
    fn field(&mut self, field: &FieldShape, of: &Json) -> Result<Value, Misfit> {
        match members::at(of, &field.path)? {
            Some(json) => self.field_value(field, json).map_err(|misfit| misfit.in_path(&field.path)),
            None if matches!(self.policy.shape(field.ty), Some(TypeShape::Optional(_))) => Ok(Value::None),
            None => Err(Misfit::new("is missing").in_path(&field.path)),
        }
    }

    /// The value of a field.
    pub(super) fn field_value(&mut self, field: &FieldShape, json: &Json) -> Result<Value, Misfit> {
        let before = self.secret;
        self.secret |= field.secret;
        let value = self.value(field.ty, &field.encoding, json);
        self.secret = before;
        value
    }

    pub(super) fn value(&mut self, ty: TypeId, encoding: &Encoding, json: &Json) -> Result<Value, Misfit> {
        self.left = self.left.checked_sub(1).ok_or_else(|| Misfit::new("holds more values than are read at once"))?;
        let policy = self.policy;
        let shape = policy.shape(ty).ok_or_else(|| Misfit::new("has no type"))?;
        match shape {
            TypeShape::Optional(_) if *json == Json::Null => Ok(Value::None),
            TypeShape::Optional(inner) => self.value(*inner, encoding, json),
            TypeShape::List(inner) => self.elements(*inner, encoding, json).map(|members| Value::List(members.into())),
            TypeShape::Set(inner) => self.elements(*inner, encoding, json).map(Value::set),
            TypeShape::Map(key, value) => self.map(*key, *value, encoding, json),
            TypeShape::Record(record) => self.record(*record, json),
            TypeShape::Key(record) => {
                let mut parts = self.key_parts(*record, json)?;
                Ok(if parts.len() == 1 { parts.pop().unwrap_or(Value::None) } else { Value::List(parts.into()) })
            }
            scalar => scalar::read(self, scalar, encoding, json),
        }
    }

    fn elements(&mut self, inner: TypeId, encoding: &Encoding, json: &Json) -> Result<Vec<Value>, Misfit> {
        let members = json.as_list().ok_or_else(|| Misfit::new(format!("must be a list, not {}", json.kind())))?;
        members
            .iter()
            .enumerate()
            .map(|(i, member)| self.value(inner, encoding, member).map_err(|misfit| misfit.in_element(i)))
            .collect()
    }

    fn map(&mut self, key: TypeId, value: TypeId, encoding: &Encoding, json: &Json) -> Result<Value, Misfit> {
        let members = json.as_object().ok_or_else(|| Misfit::new(format!("must be an object, not {}", json.kind())))?;
        let mut entries = Vec::with_capacity(members.len());
        for (name, member) in members {
            let in_member = |misfit: Misfit| misfit.in_member(name);
            let name = self.map_key(key, name).map_err(in_member)?;
            entries.push((name, self.value(value, encoding, member).map_err(in_member)?));
        }
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        if entries.array_windows().any(|[(left, _), (right, _)]| left == right) {
            return Err(Misfit::new("has two members whose names mean the same"));
        }
        Ok(Value::Map(entries.into()))
    }

    /// A key of a map stands as a member name: numbers and truth values are then written as texts.
    fn map_key(&mut self, ty: TypeId, name: &str) -> Result<Value, Misfit> {
        let policy = self.policy;
        let mut shape = policy.shape(ty);
        while let Some(TypeShape::Key(record)) = shape {
            let key = policy.program().records.get(record.0 as usize).map(|record| record.key_types.as_slice());
            let Some([part]) = key else { break };
            shape = policy.shape(*part);
        }
        let json = match shape {
            Some(TypeShape::Bool | TypeShape::Int | TypeShape::Decimal) => {
                Json::read(name.as_bytes()).ok().filter(|json| json.as_number().is_some() || json.as_bool().is_some())
            }
            _ => None,
        };
        self.value(ty, &Encoding::Plain, &json.unwrap_or_else(|| Json::text(name)))
    }

    pub(super) fn record(&mut self, record: RecordId, json: &Json) -> Result<Value, Misfit> {
        let shape = self.shape_of(record)?;
        if json.as_object().is_none() {
            return Err(Misfit::new(format!("must be an object, not {}", json.kind())));
        }
        let count = u32::try_from(shape.fields.len()).unwrap_or(u32::MAX);
        self.left = self.left.checked_sub(count).ok_or_else(|| Misfit::new("holds more values than are read at once"))?;
        let cells: Vec<Cell> = match self.manner {
            Manner::Strict => {
                let cells =
                    shape.fields.iter().map(|field| self.field(field, json).map(Cell::Value)).collect::<Result<_, _>>()?;
                if let Some(misfit) = members::unknown(&shape.fields.iter().collect::<Vec<_>>(), json).into_iter().next() {
                    return Err(misfit);
                }
                cells
            }
            Manner::Lenient => shape
                .fields
                .iter()
                .zip(0u32..)
                .map(|(field, at)| {
                    if !field.read && !shape.key.contains(&at) {
                        return Cell::Unread;
                    }
                    match self.lenient_field(field, json) {
                        Ok(value) => Cell::Value(value),
                        Err(misfit) => Cell::Malformed(Arc::from(misfit.clause())),
                    }
                })
                .collect(),
        };
        Ok(Value::Record(cells.into()))
    }

    /// A field whose misfit is told without the field's own place: the reader names the field.
    fn lenient_field(&mut self, field: &FieldShape, of: &Json) -> Result<Value, Misfit> {
        match members::at(of, &field.path)? {
            Some(json) => self.field_value(field, json),
            None if matches!(self.policy.shape(field.ty), Some(TypeShape::Optional(_))) => Ok(Value::None),
            None => Err(Misfit::new("is missing")),
        }
    }

    pub(super) fn key_parts(&mut self, record: RecordId, json: &Json) -> Result<Vec<Value>, Misfit> {
        let shape = self.shape_of(record)?;
        if let [ty] = shape.key_types.as_slice() {
            return Ok(vec![self.value(*ty, &key_encoding(shape, 0), json)?]);
        }
        let width = shape.key_types.len();
        let parts = json.as_list().filter(|parts| parts.len() == width).ok_or_else(|| {
            Misfit::new(format!("must be a list of {width} parts, the key of `{}`, not {}", shape.name, json.kind()))
        })?;
        let mut values = Vec::with_capacity(width);
        for (i, (part, ty)) in parts.iter().zip(&shape.key_types).enumerate() {
            values.push(self.value(*ty, &key_encoding(shape, i), part).map_err(|misfit| misfit.in_element(i))?);
        }
        Ok(values)
    }

    pub(super) fn held_key(&mut self, record: RecordId, json: &Json) -> Result<Vec<Option<Value>>, Misfit> {
        let shape = self.shape_of(record)?;
        if json.as_object().is_none() {
            return Err(Misfit::new(format!("must be an object, not {}", json.kind())));
        }
        let fields = shape.key.iter().filter_map(|at| shape.fields.get(*at as usize));
        fields
            .map(|field| match members::at(json, &field.path)? {
                Some(part) => self.field_value(field, part).map(Some).map_err(|misfit| misfit.in_path(&field.path)),
                None => Ok(None),
            })
            .collect()
    }

    fn shape_of(&self, record: RecordId) -> Result<&'p RecordShape, Misfit> {
        self.policy.program().records.get(record.0 as usize).ok_or_else(|| Misfit::new("has no type"))
    }
}

/// How a part of a key stands in JSON: as its field does.
pub(super) fn key_encoding(shape: &RecordShape, part: usize) -> Encoding {
    let field = shape.key.get(part).and_then(|at| shape.fields.get(*at as usize));
    field.map_or(Encoding::Plain, |field| field.encoding.clone())
}
