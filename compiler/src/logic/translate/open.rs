//! Values that come from outside: which variables stand for a value of a type.

use super::Translator;
use crate::logic::formula::{Term, TermId};
use crate::logic::linear::Linear;
use crate::logic::rational::Rational;
use crate::logic::value::{Datum, Symbolic};
use crate::logic::variable::{Numbers, Place, Root, Sort, Step, TextKind};
use crate::typed::{ArgId, Encoding, EnumId, Expr, Field, Loc, RecordId, Type};
use agentc_runtime::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;

const NANOSECONDS: i128 = 1_000_000_000;
/// The bounds of a duration: 64 bits of seconds.
pub(super) const SHORTEST: i128 = (i64::MIN as i128) * NANOSECONDS;
/// The bounds of a duration: 64 bits of seconds.
pub(super) const LONGEST: i128 = (i64::MAX as i128) * NANOSECONDS + (NANOSECONDS - 1);
const DAY: i128 = 86_400 * NANOSECONDS;

/// 2026-01-05T12:00:00Z, a Monday: the time of models where nothing speaks against it.
const USUAL_TIME: i128 = 1_767_614_400 * NANOSECONDS;

impl Translator<'_> {
    /// A value from outside, of a type, at a place.
    pub(crate) fn open(&mut self, place: &Place, ty: &Type, encoding: Option<&Encoding>) -> Symbolic {
        self.open_as(place, ty, encoding, None)
    }

    pub(super) fn open_as(&mut self, place: &Place, ty: &Type, encoding: Option<&Encoding>, loose: Option<Loc>) -> Symbolic {
        match ty {
            Type::Optional(inner) => {
                let none = self.space.variable_at(place.then(Step::IsNone), || Sort::Flag, loose);
                let none = self.space.flag(none);
                let value = self.open_as(place, inner, encoding, loose).where_true(!none, self.space);
                let absent = Symbolic::none().where_true(none, self.space);
                Symbolic::join(vec![absent, value], self.space)
            }
            Type::Bool => {
                let variable = self.space.variable_at(place.clone(), || Sort::Flag, loose);
                Symbolic::one(Datum::Flag(self.space.flag(variable)))
            }
            Type::Text => self.text(place, TextKind::Any, loose),
            Type::Email => self.text(place, TextKind::Email, loose),
            Type::Url => self.text(place, TextKind::Url, loose),
            Type::Path => self.text(place, TextKind::Path, loose),
            Type::Zone => self.text(place, TextKind::Zone, loose),
            Type::Enum(id) => {
                let typed = self.typed;
                let Some(shape) = typed.enums.get(id.0 as usize) else { return Symbolic::none() };
                let sort = || Sort::Enum {
                    name: shape.name.clone(),
                    variants: shape.variants.iter().map(|variant| variant.name.clone()).collect(),
                };
                let variable = self.space.variable_at(place.clone(), sort, loose);
                Symbolic::one(Datum::Term(self.space.intern_term(Term::Variable(variable))))
            }
            Type::Key(record) => {
                let types = self.key_types(*record);
                match types.as_slice() {
                    [only] => self.open_as(place, only, None, loose),
                    parts => {
                        let parts: Vec<Symbolic> = (0_u32..)
                            .zip(parts)
                            .map(|(at, ty)| self.open_as(&place.then(Step::Part(at)), ty, None, loose))
                            .collect();
                        Symbolic::one(Datum::Items(parts))
                    }
                }
            }
            Type::Record(_) => Symbolic::one(Datum::Record(place.clone())),
            Type::List(_) | Type::Set(_) => Symbolic::one(Datum::List(place.clone())),
            Type::Map(..) => Symbolic::one(Datum::Map(place.clone())),
            Type::Zoned => {
                let time = self.number(place, &Type::Time, None, loose);
                let zone = self.space.variable_at(place.then(Step::Part(0)), || Sort::Text(TextKind::Zone), loose);
                let zone = self.space.intern_term(Term::Variable(zone));
                Symbolic::one(Datum::Zoned(time, zone))
            }
            Type::Int
            | Type::Decimal
            | Type::Money(_)
            | Type::Time
            | Type::Date
            | Type::TimeOfDay
            | Type::Duration
            | Type::Weekday => {
                let number = self.number(place, ty, encoding, loose);
                Symbolic::one(Datum::Number(number))
            }
        }
    }

    fn text(&mut self, place: &Place, kind: TextKind, loose: Option<Loc>) -> Symbolic {
        let variable = self.space.variable_at(place.clone(), || Sort::Text(kind), loose);
        Symbolic::one(Datum::Term(self.space.intern_term(Term::Variable(variable))))
    }

    fn number(&mut self, place: &Place, ty: &Type, encoding: Option<&Encoding>, loose: Option<Loc>) -> Linear {
        let numbers = numbers(ty, encoding);
        let unit = numbers.unit.clone();
        let variable = self.space.variable_at(place.clone(), || Sort::Number(Box::new(numbers)), loose);
        // Two policies may read one place in different units: the variable's own counts.
        let unit = match self.space.variable(variable).map(|variable| &variable.sort) {
            Some(Sort::Number(numbers)) => numbers.unit.clone(),
            _ => unit,
        };
        Linear::variable(variable, unit)
    }

    /// An argument of a call.
    pub(super) fn arg(&mut self, arg: ArgId, call: u32) -> Symbolic {
        let typed = self.typed;
        let Some(slot) = typed.args.get(arg.index()) else { return Symbolic::none() };
        let place = Place::root(Root::Arg { call, name: slot.name.clone() });
        let encoding =
            typed.verbs.iter().flat_map(|verb| &verb.params).find(|param| param.arg == arg).map(|param| &param.field.encoding);
        self.open(&place, &slot.ty, encoding)
    }

    pub(super) fn field_at(&mut self, field: Option<&Field>, root: fn(String) -> Root, expr: &Expr) -> Symbolic {
        match field {
            Some(field) => self.open(&Place::root(root(field.name.clone())), &field.ty, Some(&field.encoding)),
            None => self.loose(&expr.ty, expr.loc),
        }
    }

    pub(super) fn variant(&mut self, id: EnumId, at: u32) -> TermId {
        let shape = self.typed.enums.get(id.0 as usize);
        let variant = shape.and_then(|shape| shape.variants.get(at as usize));
        let term = Term::Variant(
            shape.map(|shape| shape.name.clone()).unwrap_or_default(),
            variant.map(|variant| variant.name.clone()).unwrap_or_default(),
        );
        self.space.intern_term(term)
    }

    /// The types of a key's parts.
    pub(crate) fn key_types(&self, record: RecordId) -> Vec<Type> {
        let Some(record) = self.typed.records.get(record.0 as usize) else { return Vec::new() };
        record.key.iter().filter_map(|at| record.fields.get(*at as usize)).map(|field| field.ty.clone()).collect()
    }

    /// The type that a key of one part has; other types as they are.
    pub(super) fn key_type(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        for _ in 0..16 {
            let Type::Key(record) = ty else { return ty };
            match self.key_types(record).as_slice() {
                [only] => ty = only.clone(),
                _ => return Type::Key(record),
            }
        }
        ty
    }
}

/// Which numbers a type has.
fn numbers(ty: &Type, encoding: Option<&Encoding>) -> Numbers {
    let between = |unit: i128, low: i128, high: i128, usual: i128| Numbers {
        whole: true,
        unit: Rational::whole(unit),
        low: Some(Rational::whole(low)),
        high: Some(Rational::whole(high)),
        usual: Rational::whole(usual),
    };
    let (earliest, latest) = (Timestamp::MIN.as_nanosecond(), Timestamp::MAX.as_nanosecond());
    match (ty, encoding) {
        (Type::Int, _) => between(1, i128::from(i64::MIN), i128::from(i64::MAX), 0),
        (Type::Time, _) => between(1, earliest, latest, USUAL_TIME),
        (Type::Date, _) => between(1, days(Date::MIN), days(Date::MAX), floor(USUAL_TIME, DAY)),
        (Type::TimeOfDay, _) => between(1, 0, DAY.saturating_sub(1), floor(DAY, 2)),
        (Type::Weekday, _) => between(1, 1, 7, 1),
        (Type::Duration, _) => between(1, SHORTEST, LONGEST, 0),
        (Type::Money(currency), Some(Encoding::MinorUnits)) => {
            Numbers { unit: Rational::step(currency.minor_digits()), low: None, high: None, ..between(1, 0, 0, 0) }
        }
        _ => Numbers { whole: false, low: None, high: None, ..between(1, 0, 0, 0) },
    }
}

/// The model's confidence.
pub(super) fn confidence() -> Numbers {
    Numbers {
        whole: false,
        unit: Rational::one(),
        low: Some(Rational::zero()),
        high: Some(Rational::one()),
        usual: Rational::one(),
    }
}

/// An amount that is never negative.
pub(crate) fn amount(whole: bool) -> Numbers {
    let high = whole.then(|| Rational::whole(i128::from(i64::MAX)));
    Numbers { whole, unit: Rational::one(), low: Some(Rational::zero()), high, usual: Rational::zero() }
}

fn floor(number: i128, by: i128) -> i128 {
    number.div_euclid(by)
}

/// Days since 1970.
pub(crate) fn days(date: Date) -> i128 {
    let zero = Date::constant(1970, 1, 1);
    date.since(zero).map_or(0, |span| i128::from(span.get_days()))
}

/// A constant as a number in the unit of its type.
pub(crate) fn number_of(value: &Value) -> Option<Rational> {
    Some(match value {
        Value::Int(number) => Rational::whole(i128::from(*number)),
        Value::Decimal(number) | Value::Money(number, _) => Rational::decimal(*number),
        Value::Time(time) => Rational::whole(time.as_nanosecond()),
        Value::Duration(duration) => Rational::whole(duration.as_nanos()),
        Value::Date(date) => Rational::whole(days(*date)),
        Value::TimeOfDay(time) => {
            let seconds =
                i128::from(time.hour()).saturating_mul(3600).saturating_add(i128::from(time.minute()).saturating_mul(60));
            let seconds = seconds.saturating_add(i128::from(time.second()));
            Rational::whole(seconds.saturating_mul(NANOSECONDS).saturating_add(i128::from(time.subsec_nanosecond())))
        }
        Value::Weekday(day) => Rational::whole(i128::from(*day)),
        _ => return None,
    })
}
