//! Records, their fields, and entries of maps.

use super::Translator;
use crate::logic::formula::Formula;
use crate::logic::value::{Datum, Symbolic};
use crate::logic::variable::{InstanceId, Place, Root, Sort, Step};
use crate::typed::{Expr, Loc, Record, RecordId, Type};

/// What begins the family of the readings of a record.
pub(crate) const READING: &str = "record ";

impl Translator<'_> {
    pub(super) fn lookup(&mut self, record: RecordId, key: &[Expr], loc: Loc) -> Symbolic {
        let key: Vec<Symbolic> = key.iter().map(|part| self.value(part)).collect();
        let typed = self.typed;
        let Some(shape) = typed.records.get(record.0 as usize) else { return Symbolic::none() };
        match key.as_slice() {
            // One expression may give the whole of a composite key.
            [whole] if shape.key.len() != 1 => {
                let whole = whole.clone();
                self.each(&whole, |this, datum| match datum {
                    Datum::Items(parts) => this.reading(shape, parts.clone(), loc),
                    Datum::None => Symbolic::none(),
                    _ => this.loose(&Type::Record(record), loc),
                })
            }
            _ => self.reading(shape, key, loc),
        }
    }

    /// The record under a key.
    pub(super) fn reading(&mut self, shape: &Record, key: Vec<Symbolic>, loc: Loc) -> Symbolic {
        let (known, absent_key) = self.space.operands(&key.iter().collect::<Vec<_>>());
        let nones: Vec<Formula> = key.iter().map(|part| part.is_none(self.space)).collect();
        let none = self.space.any(nones);
        let parts: Vec<Symbolic> = key.iter().map(Symbolic::without_none).collect();
        let instance = self.space.instance(&format!("{READING}{}", shape.name), parts, loc);
        let place = Place::root(Root::Instance(instance));
        let absent = self.space.variable_at(place.then(Step::IsAbsent), || Sort::Flag, None);
        let absent = self.space.flag(absent);
        let broken = if self.setting.broken_sources {
            let broken = self.space.variable_at(place.then(Step::IsBroken), || Sort::Flag, None);
            self.space.flag(broken)
        } else {
            Formula::FALSE
        };
        let no_record = self.space.both(known, none);
        let held = self.space.all([known, !none, !absent, !broken]);
        let is_absent = self.space.all([known, !none, absent, !broken]);
        let mut cases = vec![(held, Datum::Record(place))];
        if no_record != Formula::FALSE {
            cases.push((no_record, Datum::None));
        }
        Symbolic { cases, absent: self.space.either(absent_key, is_absent) }
    }

    pub(super) fn field(&mut self, of: &Expr, field: u32, expr: &Expr) -> Symbolic {
        let record = match &of.ty {
            Type::Record(record) => Some(*record),
            Type::Optional(inner) => match inner.as_ref() {
                Type::Record(record) => Some(*record),
                _ => None,
            },
            _ => None,
        };
        let typed = self.typed;
        let shape = record.and_then(|record| typed.records.get(record.0 as usize));
        let Some((shape, declared)) = shape.and_then(|shape| Some((shape, shape.fields.get(field as usize)?))) else {
            return self.loose(&expr.ty, expr.loc);
        };
        let of = self.value(of);
        self.each(&of, |this, datum| match datum {
            Datum::None => Symbolic::none(),
            Datum::Record(place) => match this.key_part(shape, field, place) {
                Some(part) => part,
                None => {
                    let place = place.then(Step::Field(declared.name.clone()));
                    this.open(&place, &declared.ty, Some(&declared.encoding))
                }
            },
            _ => this.loose(&expr.ty, expr.loc),
        })
    }

    /// A reading holds the key that it was asked for by.
    fn key_part(&self, shape: &Record, field: u32, place: &Place) -> Option<Symbolic> {
        let Root::Instance(instance) = place.root else { return None };
        if !place.path.is_empty() {
            return None;
        }
        let at = shape.key.iter().position(|key| *key == field)?;
        self.reading_key(instance)?.get(at).cloned()
    }

    fn reading_key(&self, instance: InstanceId) -> Option<&[Symbolic]> {
        let instance = self.space.instance_of(instance)?;
        instance.family.starts_with(READING).then_some(instance.args.as_slice())
    }

    pub(super) fn map_get(&mut self, map: &Expr, key: &Expr, expr: &Expr) -> Symbolic {
        let map = self.value(map);
        let key = self.value(key);
        let value_ty = match &expr.ty {
            Type::Optional(_) => expr.ty.clone(),
            other => Type::Optional(Box::new(other.clone())),
        };
        let (known, absent) = self.space.operands(&[&key]);
        let mut value = self.each(&map, |this, datum| match datum {
            Datum::None => Symbolic::none(),
            Datum::Map(place) => {
                let instance = this.space.instance(&format!("entry of {place:?}"), vec![key.clone()], expr.loc);
                this.open(&Place::root(Root::Instance(instance)), &value_ty, None)
            }
            _ => this.loose(&expr.ty, expr.loc),
        });
        value = value.where_true(known, self.space);
        value.absent = self.space.either(value.absent, absent);
        value
    }
}
