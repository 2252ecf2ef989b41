//! Values aimed at a policy's rules: the constants that it compares with, and what lies right beside them.

use crate::chance::Chance;
use crate::oracle::encode::{self, Secrets};
use crate::oracle::json::Json as Raw;
use crate::oracle::number::Number;
use crate::oracle::value::Val;
use agentc_compiler::typed::{Encoding, Expr, ExprKind, Field, Measure, RuleKind, Type, Typed};
use agentc_runtime::json::Json;
use agentc_runtime::types::RecordId;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// When every story begins.
const BEGIN: &str = "2026-05-04T10:00:00Z";
const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

/// What is drawn of each thing that a story needs.
const OPENINGS: usize = 3;
const CALLS: usize = 8;
const RECORDS: usize = 6;
const RESULTS: usize = 3;

/// Values aimed at the rules of one policy.
#[derive(Debug)]
pub struct Aim<'a> {
    typed: &'a Typed,
    chance: Chance,
    constants: BTreeMap<Type, Vec<Val>>,
    begin: i128,
}

impl<'a> Aim<'a> {
    /// Takes what the rules compare with from the policy.
    #[must_use]
    pub fn new(typed: &'a Typed, seed: u64) -> Self {
        let begin = BEGIN.parse::<Timestamp>().expect("it is a time").as_nanosecond();
        let mut aim = Self { typed, chance: Chance::new(seed), constants: BTreeMap::new(), begin };
        let lets = typed.lets.iter().map(|one| &one.value);
        lets.chain(typed.fns.iter().map(|one| &one.body)).for_each(|expr| aim.note(expr));
        for job in &typed.jobs {
            job.done.iter().for_each(|done| aim.note(done));
            for rule in &job.rules {
                rule.condition.iter().for_each(|condition| aim.note(condition));
                match &rule.kind {
                    RuleKind::Allow { rows: Some((_, condition)), .. } => aim.note(condition),
                    RuleKind::Limit(limit) => {
                        aim.note(&limit.bound);
                        if let Measure::Sum(measured) | Measure::CountDistinct(measured) | Measure::Value(measured) =
                            &limit.measure
                        {
                            aim.note(measured);
                        }
                    }
                    RuleKind::Require { args, .. } => args.iter().for_each(|(_, value)| aim.note(value)),
                    _ => {}
                }
            }
        }
        aim
    }

    fn note(&mut self, expr: &Expr) {
        if let ExprKind::Const(value) = &expr.kind {
            let known = self.constants.entry(expr.ty.clone()).or_default();
            let value = Val::from_shared(value);
            if !known.contains(&value) {
                known.push(value);
            }
        }
        expr.kind.operands().into_iter().for_each(|operand| self.note(operand));
    }

    /// Openings, calls, records and results, as hosts write them.
    pub fn events(&mut self) -> Vec<Json> {
        let typed = self.typed;
        let mut events = Vec::new();
        for job in &typed.jobs {
            for _ in 0..OPENINGS {
                let mut members = vec![("event", Json::text("open")), ("job", Json::text(&*job.name)), ("at", Json::text(BEGIN))];
                members.push(("input", self.object(&job.input)));
                members.push(("environment", self.object(&job.environment)));
                members.push(("agent", self.person("agent", &typed.agent)));
                if self.chance.percent(80) {
                    let id = *self.chance.one(&["user", "ann", "a"]);
                    members.push(("user", self.person(id, &typed.user)));
                }
                events.push(Json::object(members));
            }
        }
        for verb in &typed.verbs {
            let name = format!("{}.{}", typed.tools[verb.tool.index()].name, verb.wire);
            for number in 0..CALLS {
                let fields: Vec<&Field> = verb.params.iter().map(|param| &param.field).collect();
                let id = format!("{name} {number}");
                let members =
                    [("event", "call"), ("id", &id), ("verb", &name)].map(|(member, value)| (member, Json::text(value)));
                events.push(Json::object(members.into_iter().chain([("args", self.fields(&fields))])));
                if let Some(ty) = verb.result.as_ref().filter(|_| number < RESULTS) {
                    let value = self.json(ty, &verb.result_encoding);
                    let members = [("event", Json::text("result")), ("id", Json::text(id)), ("value", value)];
                    events.push(Json::object(members));
                }
            }
        }
        for (at, record) in (0..).zip(&typed.records) {
            for _ in 0..if record.fetch.is_some() { RECORDS } else { 0 } {
                let key = self.json(&Type::Key(RecordId(at)), &Encoding::Plain);
                let value = self.json(&Type::Record(RecordId(at)), &Encoding::Plain);
                let members =
                    [("event", Json::text("record")), ("record", Json::text(&*record.name)), ("key", key), ("value", value)];
                events.push(Json::object(members));
            }
        }
        events
    }

    fn person(&mut self, id: &str, attributes: &[Field]) -> Json {
        let roles = if self.chance.percent(40) { vec![Json::text("clerk")] } else { Vec::new() };
        let own = [("id".to_owned(), Json::text(id)), ("roles".to_owned(), Json::List(roles))];
        // The first two attributes are those.
        let Json::Object(further) = self.object(attributes.get(2..).unwrap_or_default()) else { return Json::Null };
        Json::Object(own.into_iter().chain(further).collect())
    }

    fn object(&mut self, fields: &[Field]) -> Json {
        self.fields(&fields.iter().collect::<Vec<_>>())
    }

    fn fields(&mut self, fields: &[&Field]) -> Json {
        let mut object = Vec::new();
        for field in fields {
            let value = self.json(&field.ty, &field.encoding);
            encode::put(&mut object, &field.path, Raw::of(&value));
        }
        Raw::Object(object).to_answer()
    }

    fn json(&mut self, ty: &Type, encoding: &Encoding) -> Json {
        let value = self.value(ty, 0);
        encode::value(self.typed, ty, encoding, &value, Secrets::Open).to_answer()
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Val {
        if let Some(known) = self.constants.get(ty).filter(|_| self.chance.percent(70)) {
            let constant = self.chance.one(known).clone();
            return self.beside(constant);
        }
        let few = |chance: &mut Chance| if depth > 2 { 0 } else { chance.below(4) };
        match ty {
            Type::Optional(_) if self.chance.percent(30) => Val::None,
            Type::Optional(inner) => self.value(inner, depth),
            Type::Bool => Val::Bool(self.chance.percent(50)),
            Type::Int if self.chance.percent(2) => Val::Int(i64::MAX),
            Type::Int => Val::Int(self.chance.below(6) as i64),
            Type::Decimal => Val::Decimal(number(self.chance.one::<&str>(&["0", "0.5", "1", "2.25"]))),
            Type::Money(currency) => Val::Money(number(self.chance.one::<&str>(&["0", "10", "50", "100", "5000"])), *currency),
            Type::Text => Val::Text((*self.chance.one(&["a", "b", "A-1", "b c"])).to_owned()),
            Type::Zone => Val::Text("Europe/Berlin".to_owned()),
            Type::Time => {
                let mut away: Vec<i128> = vec![0, DAY, 30 * DAY];
                let spans = self.constants.get(&Type::Duration).into_iter().flatten();
                away.extend(spans.filter_map(|span| if let Val::Duration(span) = span { Some(*span) } else { None }));
                let (away, beside) = (*self.chance.one(&away), *self.chance.one(&[0, 0, SECOND, -SECOND]));
                Val::Time(self.begin - away.clamp(-400 * DAY, 400 * DAY) + beside)
            }
            Type::Date => {
                Val::Date((*self.chance.one(&["2026-05-04", "2026-05-01", "2024-02-29"])).parse().expect("it is a day"))
            }
            Type::TimeOfDay => Val::TimeOfDay((*self.chance.one(&["08:00", "12:30", "23:59"])).parse().expect("it is a time")),
            Type::Duration => Val::Duration(*self.chance.one(&[0, 900 * SECOND, 3600 * SECOND, DAY])),
            Type::Weekday => Val::Weekday(1 + self.chance.below(7) as u8),
            Type::Zoned => Val::None,
            Type::Email => Val::Text((*self.chance.one(&["ann@acme.example", "bob@other.example"])).to_owned()),
            Type::Url => Val::Text((*self.chance.one(&["https://acme.example/x", "http://127.0.0.1:8080/"])).to_owned()),
            Type::Path => Val::Text((*self.chance.one(&["/srv/data", "/srv/data/x.txt", "/srv", "/etc"])).to_owned()),
            Type::Enum(id) => Val::Enum(self.chance.below(self.typed.enums[id.0 as usize].variants.len()) as u32),
            Type::Key(record) => {
                let shape = &self.typed.records[record.0 as usize];
                let mut parts: Vec<Val> = shape.key.iter().map(|at| self.value(&shape.fields[*at as usize].ty, depth)).collect();
                if parts.len() == 1 { parts.remove(0) } else { Val::List(parts) }
            }
            Type::List(inner) => Val::List((0..few(&mut self.chance)).map(|_| self.value(inner, depth + 1)).collect()),
            Type::Set(inner) => Val::set((0..few(&mut self.chance)).map(|_| self.value(inner, depth + 1)).collect()),
            Type::Map(key, inner) => {
                let mut entries: Vec<(Val, Val)> =
                    (0..few(&mut self.chance)).map(|_| (self.value(key, depth + 1), self.value(inner, depth + 1))).collect();
                entries.sort();
                entries.dedup_by(|one, other| one.0 == other.0);
                Val::Map(entries)
            }
            Type::Record(record) => {
                let shape = &self.typed.records[record.0 as usize];
                Val::Record(shape.fields.iter().map(|field| Ok(self.value(&field.ty, depth + 1))).collect())
            }
        }
    }

    /// The value itself, or the next one below or above it.
    fn beside(&mut self, value: Val) -> Val {
        let step = self.chance.below(5);
        let by = |span: i128| if step == 3 { span } else { -span };
        if step < 3 {
            return value;
        }
        match value {
            Val::Int(number) => Val::Int(number.saturating_add(by(1) as i64)),
            Val::Decimal(number) => Val::Decimal(moved(number, step)),
            Val::Money(amount, currency) => Val::Money(moved(amount, step), currency),
            Val::Time(time) => Val::Time(time + by(SECOND)),
            Val::Duration(span) => Val::Duration(span + by(SECOND)),
            Val::Date(date) => Val::Date(if step == 3 { date.tomorrow() } else { date.yesterday() }.unwrap_or(Date::ZERO)),
            Val::TimeOfDay(time) => Val::TimeOfDay(time.wrapping_add(jiff::Span::new().minutes(by(1) as i64))),
            Val::Weekday(day) => Val::Weekday(if step == 3 { day % 7 + 1 } else { (day + 5) % 7 + 1 }),
            other => other,
        }
    }
}

fn number(text: &str) -> Number {
    Number::read(text).ok().flatten().expect("it is a number")
}

fn moved(value: Number, step: usize) -> Number {
    let cent = number("0.01");
    let moved = if step == 3 { value.plus(&cent) } else { value.minus(&cent) };
    moved.unwrap_or(value)
}
