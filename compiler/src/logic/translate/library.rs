//! Library functions and the parts of times in zones.
//!
//! Functions that the theories have are translated; all others give equal values for equal arguments, and no more is known of them.

use super::Translator;
use super::compare::{below, combinations};
use crate::logic::formula::{Formula, Term};
use crate::logic::linear::Linear;
use crate::logic::rational::Rational;
use crate::logic::value::{Datum, Symbolic};
use crate::logic::variable::{Place, Root};
use crate::typed::{Expr, LibraryFunction, Type, ZonePart};
use agentc_runtime::value::Value;
use std::sync::Arc;

/// What begins the family of a library function's calls.
pub(crate) const CALL: &str = "call ";

impl Translator<'_> {
    pub(super) fn call(&mut self, function: LibraryFunction, args: &[Expr], expr: &Expr) -> Symbolic {
        let values: Vec<Symbolic> = args.iter().map(|arg| self.value(arg)).collect();
        if let Some(known) = self.evaluated(function, &values, args, expr) {
            return known;
        }
        let (known, absent) = self.space.operands(&values.iter().collect::<Vec<_>>());
        let mut found = match self.defined_function(function.0.name, &values, args) {
            Some(found) => found,
            None => {
                self.space.know_function(function.0);
                let instance = self.space.instance(&format!("{CALL}{}", function.0.name), values, expr.loc);
                self.open_as(&Place::root(Root::Instance(instance)), &expr.ty, None, Some(expr.loc))
            }
        };
        found = found.where_true(known, self.space);
        found.absent = self.space.either(found.absent, absent);
        found
    }

    /// A call whose arguments are all constants.
    fn evaluated(&mut self, function: LibraryFunction, values: &[Symbolic], args: &[Expr], expr: &Expr) -> Option<Symbolic> {
        let constants: Vec<Value> =
            values.iter().zip(args).map(|(value, arg)| self.constant_of(value, &arg.ty)).collect::<Option<_>>()?;
        let result = (function.0.apply)(&constants).ok()?;
        Some(self.constant(&result, &expr.ty))
    }

    fn constant_of(&self, value: &Symbolic, ty: &Type) -> Option<Value> {
        let [(Formula::TRUE, datum)] = value.cases.as_slice() else { return None };
        match (datum, ty) {
            (Datum::Term(term), _) => match self.space.term(*term) {
                Some(Term::Text(text)) => Some(Value::text(text)),
                _ => None,
            },
            (Datum::Number(number), ty) => number_value(number.as_constant()?, ty),
            (Datum::Flag(Formula::TRUE), _) => Some(Value::Bool(true)),
            (Datum::Flag(Formula::FALSE), _) => Some(Value::Bool(false)),
            (Datum::Items(items), Type::List(of)) => {
                let items: Option<Vec<Value>> = items.iter().map(|item| self.constant_of(item, of)).collect();
                Some(Value::List(Arc::from(items?)))
            }
            (Datum::Items(items), Type::Set(of)) => {
                let items: Option<Vec<Value>> = items.iter().map(|item| self.constant_of(item, of)).collect();
                Some(Value::set(items?))
            }
            _ => None,
        }
    }

    /// Functions that formulas can say.
    fn defined_function(&mut self, name: &str, values: &[Symbolic], args: &[Expr]) -> Option<Symbolic> {
        let loc = args.first()?.loc;
        Some(match (name, values) {
            ("list.contains" | "set.contains", [list, item]) => self.contains(item, list, &args.first()?.ty, loc),
            ("list.is_empty" | "set.is_empty", [list]) => self.is_empty(list, &args.first()?.ty, loc),
            ("list.length" | "set.length", [list]) => self.length(list, &args.first()?.ty, loc),
            ("map.has", [map, key]) => self.contains(key, map, &args.first()?.ty, loc),
            ("int.max" | "decimal.max" | "money.max" | "time.later", [a, b]) => self.extremum(a, b, true),
            ("int.min" | "decimal.min" | "money.min" | "time.earlier", [a, b]) => self.extremum(a, b, false),
            ("int.abs" | "decimal.abs" | "money.abs" | "duration.abs", [a]) => self.absolute(a, &args.first()?.ty),
            ("money.amount" | "weekday.number", [same]) => same.clone(),
            ("weekday.is_weekend", [day]) => {
                let saturday = Linear::constant(Rational::whole(6));
                let truth = self.relate(&[day], |space, data| match data {
                    [Datum::Number(day)] => Some(below(space, &saturday, day, true)),
                    _ => None,
                });
                Symbolic::truth(truth, self.space)
            }
            ("text.is_empty", [text]) => {
                let empty = self.space.intern_term(Term::Text(String::new()));
                let empty = Symbolic::one(Datum::Term(empty));
                let truth = self.space.equal(text, &empty, loc);
                Symbolic::truth(truth, self.space)
            }
            ("text.starts_with", [text, part]) => self.fits_around(text, part, "", "(?s:.*)")?,
            ("text.ends_with", [text, part]) => self.fits_around(text, part, "(?s:.*)", "")?,
            ("text.contains", [text, part]) => self.fits_around(text, part, "(?s:.*)", "(?s:.*)")?,
            _ => return None,
        })
    }

    /// Whether a text has a constant part somewhere.
    fn fits_around(&mut self, text: &Symbolic, part: &Symbolic, before: &str, after: &str) -> Option<Symbolic> {
        let Some(Value::Text(part)) = self.constant_of(part, &Type::Text) else { return None };
        let pattern = format!("{before}{}{after}", regex_syntax::escape(&part));
        let truth = self.relate(&[text], |space, data| match data {
            [Datum::Term(text)] => Some(space.fits(*text, &pattern)),
            _ => None,
        });
        Some(Symbolic::truth(truth, self.space))
    }

    /// The greater or the smaller of two numbers.
    fn extremum(&mut self, a: &Symbolic, b: &Symbolic, greatest: bool) -> Symbolic {
        let mut found = Vec::new();
        for (when, data) in combinations(self.space, &[a, b]) {
            let [Datum::Number(one), Datum::Number(other)] = data.as_slice() else { continue };
            let less = if greatest { below(self.space, one, other, false) } else { below(self.space, other, one, false) };
            let (is_other, is_one) = (self.space.both(when, less), self.space.both(when, !less));
            let cases = vec![(is_one, Datum::Number(one.clone())), (is_other, Datum::Number(other.clone()))];
            found.push(Symbolic { cases, absent: Formula::FALSE });
        }
        Symbolic::join(found, self.space)
    }

    fn absolute(&mut self, a: &Symbolic, ty: &Type) -> Symbolic {
        let mut found = Vec::new();
        for (when, datum) in &a.cases {
            let Datum::Number(number) = datum else { continue };
            let negative = self.space.below_zero(number);
            let turned = number.times(&Rational::whole(-1));
            let fits = self.fits_type(&turned, ty);
            let is_turned = self.space.all([*when, negative, fits]);
            let is_same = self.space.both(*when, !negative);
            let cases = vec![(is_same, Datum::Number(number.clone())), (is_turned, Datum::Number(turned))];
            found.push(Symbolic { cases, absent: Formula::FALSE });
        }
        Symbolic::join(found, self.space)
    }

    pub(super) fn in_zone(&mut self, time: &Expr, zone: &Expr) -> Symbolic {
        let (time, zone) = (self.value(time), self.value(zone));
        let (_, absent) = self.space.operands(&[&time, &zone]);
        let mut cases = Vec::new();
        for (when, data) in combinations(self.space, &[&time, &zone]) {
            if let [Datum::Number(time), Datum::Term(zone)] = data.as_slice() {
                cases.push((when, Datum::Zoned(time.clone(), *zone)));
            }
        }
        Symbolic { cases, absent }
    }

    pub(super) fn zone_part(&mut self, part: ZonePart, of: &Expr, expr: &Expr) -> Symbolic {
        let of = self.value(of);
        let name = match part {
            ZonePart::Date => "date in zone",
            ZonePart::Time => "time in zone",
            ZonePart::Weekday => "weekday in zone",
        };
        self.each(&of, |this, datum| match datum {
            Datum::Zoned(time, zone) => {
                let args = vec![Symbolic::one(Datum::Number(time.clone())), Symbolic::one(Datum::Term(*zone))];
                let instance = this.space.instance(name, args, expr.loc);
                this.open_as(&Place::root(Root::Instance(instance)), &expr.ty, None, Some(expr.loc))
            }
            _ => this.loose(&expr.ty, expr.loc),
        })
    }

    pub(super) fn at(&mut self, parts: &[&Expr; 3], expr: &Expr) -> Symbolic {
        let values: Vec<Symbolic> = parts.iter().map(|part| self.value(part)).collect();
        let (known, absent) = self.space.operands(&values.iter().collect::<Vec<_>>());
        let instance = self.space.instance("instant", values, expr.loc);
        let value = self.open_as(&Place::root(Root::Instance(instance)), &expr.ty, None, Some(expr.loc));
        let mut value = value.where_true(known, self.space);
        value.absent = absent;
        value
    }
}

/// A number as a value of its type.
pub(crate) fn number_value(number: &Rational, ty: &Type) -> Option<Value> {
    Some(match ty {
        Type::Int => Value::Int(i64::try_from(number.to_i128()?).ok()?),
        Type::Decimal => Value::Decimal(number.to_decimal()?),
        Type::Money(currency) => Value::Money(number.to_decimal()?, *currency),
        Type::Time => Value::Time(jiff::Timestamp::from_nanosecond(number.to_i128()?).ok()?),
        Type::Duration => Value::Duration(jiff::SignedDuration::try_from_nanos_i128(number.to_i128()?)?),
        Type::Weekday => Value::Weekday(u8::try_from(number.to_i128()?).ok()?),
        Type::Date => {
            let days = i64::try_from(number.to_i128()?).ok()?;
            let span = jiff::Span::new().try_days(days).ok()?;
            Value::Date(jiff::civil::Date::constant(1970, 1, 1).checked_add(span).ok()?)
        }
        Type::TimeOfDay => {
            let nanoseconds = i64::try_from(number.to_i128()?).ok()?;
            Value::TimeOfDay(jiff::civil::Time::midnight().checked_add(jiff::SignedDuration::from_nanos(nanoseconds)).ok()?)
        }
        _ => return None,
    })
}
