//! Values that a policy's own tests speak of: what random events are made of, so that they meet its rules.

use crate::aim::Aim;
use crate::chance::Chance;
use crate::native::Native;
use crate::oracle::json::Json as Raw;
use agentc::testing::{Evaluator, run_test};
use agentc_compiler::typed::{Encoding, Type, Typed};
use agentc_runtime::event::Event;
use agentc_runtime::json::{Json, Number};
use agentc_runtime::policy::Policy;
use std::collections::BTreeMap;

/// What a policy's tests speak of.
#[derive(Debug, Default)]
pub struct Pool {
    /// The openings of runs.
    pub openings: Vec<Json>,
    /// Values by the name of the member that they stand under.
    by_name: BTreeMap<String, Vec<Json>>,
    /// Records by name: key and value.
    records: BTreeMap<String, Vec<(Json, Json)>>,
    /// Calls: verb and arguments.
    pub calls: Vec<(String, Json)>,
    /// Results by verb.
    results: BTreeMap<String, Vec<Json>>,
    /// By record, the member that repeats its key, where one member is the key.
    key_members: BTreeMap<String, String>,
}

/// A host that only runs the tests.
struct Alone<'a>(Native<'a>);

impl Evaluator for Alone<'_> {
    fn answer(&mut self, event: &Json) -> Result<Json, String> {
        let event = Event::from_json(event.clone()).map_err(|error| error.to_string())?;
        let answer = match &event.kind {
            agentc_runtime::event::EventKind::Open(_) => self.0.open(&event).1,
            _ => self.0.send(0, &event),
        };
        Ok(answer.to_json())
    }
}

impl Pool {
    /// What the tests of a policy speak of.
    pub fn of(policy: &Policy, typed: &Typed) -> Self {
        let mut pool = Self::default();
        for test in &typed.tests {
            let ran = run_test(typed, test, &mut Alone(Native::new(policy)));
            let mut verbs: BTreeMap<String, String> = BTreeMap::new();
            for (event, _) in &ran.log {
                pool.take(event, &mut verbs);
            }
        }
        pool
    }

    /// What hosts and agents might say under a policy, aimed at what its rules compare with.
    #[must_use]
    pub fn aimed(typed: &Typed, seed: u64) -> Self {
        let mut pool = Self::default();
        let mut verbs = BTreeMap::new();
        for event in Aim::new(typed, seed).events() {
            pool.take(&event, &mut verbs);
        }
        for record in typed.records.iter().filter(|record| record.key.len() == 1) {
            let field = &record.fields[record.key[0] as usize];
            pool.key_members.insert(record.name.clone(), field.name.clone());
        }
        pool
    }

    fn take(&mut self, event: &Json, verbs: &mut BTreeMap<String, String>) {
        let text = |name: &str| event.get(name).and_then(Json::as_text).unwrap_or_default().to_owned();
        match text("event").as_str() {
            "open" => {
                self.openings.push(event.clone());
                event.get("input").into_iter().for_each(|input| self.note("", input));
            }
            "call" => {
                verbs.insert(text("id"), text("verb"));
                if let Some(args) = event.get("args") {
                    self.note("", args);
                    self.calls.push((text("verb"), args.clone()));
                }
            }
            "record" => {
                if let (Some(key), Some(value)) = (event.get("key"), event.get("value")) {
                    self.note("", value);
                    self.records.entry(text("record")).or_default().push((key.clone(), value.clone()));
                }
            }
            "result" => {
                if let Some(value) = event.get("value") {
                    self.note("", value);
                    let verb = verbs.get(&text("id")).cloned().unwrap_or_default();
                    self.results.entry(verb).or_default().push(value.clone());
                }
            }
            _ => {}
        }
    }

    /// Notes every value under its name.
    fn note(&mut self, name: &str, value: &Json) {
        let known = self.by_name.entry(name.to_owned()).or_default();
        if !known.contains(value) {
            known.push(value.clone());
        }
        match value {
            Json::Object(members) => members.iter().for_each(|(name, value)| self.note(name, value)),
            Json::List(members) => members.iter().for_each(|member| self.note(name, member)),
            _ => {}
        }
    }

    /// What a source might answer for a key: as a test says, as one says of another key, or something near.
    pub fn record(&self, chance: &mut Chance, record: &str, key: &Json) -> Option<Json> {
        let known = self.records.get(record)?;
        let exact: Vec<&(Json, Json)> = known.iter().filter(|(known, _)| known.canonical() == key.canonical()).collect();
        let value = if exact.is_empty() { &chance.one(known).1 } else { &chance.one(&exact).1 };
        let value = if chance.percent(25) { self.near(chance, value) } else { value.clone() };
        let own = self.key_members.get(record).filter(|_| chance.percent(96));
        Some(match (own, value) {
            (Some(own), Json::Object(members)) => {
                let others = members.into_iter().filter(|(name, _)| name != own);
                Json::Object([(own.clone(), key.clone())].into_iter().chain(others).collect())
            }
            (_, value) => value,
        })
    }

    /// A result that a verb might give.
    pub fn result(&self, chance: &mut Chance, verb: &str, typed: &Typed, ty: Option<&Type>, encoding: &Encoding) -> Json {
        if let Some(known) = self.results.get(verb).filter(|_| chance.percent(70)) {
            let value = chance.one(known).clone();
            return if chance.percent(20) { self.near(chance, &value) } else { value };
        }
        ty.map_or(Json::Null, |ty| self.value(chance, typed, "", ty, encoding, 0))
    }

    /// A value near this one: one member in it is another.
    pub fn near(&self, chance: &mut Chance, value: &Json) -> Json {
        self.near_in(chance, "", value)
    }

    fn near_in(&self, chance: &mut Chance, name: &str, value: &Json) -> Json {
        match value {
            Json::Object(members) if !members.is_empty() && !chance.percent(3) => {
                let at = chance.below(members.len());
                let mut members = members.clone();
                match chance.below(20) {
                    0 => {
                        members.remove(at);
                    }
                    1 => members[at].1 = Json::Null,
                    2 => members.push(("unlisted".to_owned(), Json::Bool(true))),
                    _ => members[at].1 = self.near_in(chance, &members[at].0.clone(), &members[at].1.clone()),
                }
                Json::Object(members)
            }
            Json::List(members) => {
                let mut members = members.clone();
                match chance.below(4) {
                    0 if !members.is_empty() => {
                        members.remove(chance.below(members.len()));
                    }
                    1 if !members.is_empty() => members.push(chance.one(&members).clone()),
                    _ if !members.is_empty() => {
                        let at = chance.below(members.len());
                        members[at] = self.near_in(chance, name, &members[at].clone());
                    }
                    _ => {}
                }
                Json::List(members)
            }
            Json::Number(number) => {
                let steps = ["0", "-1", "1", "0.01", "0.005", "1e3", "9223372036854775807", "50.00", "50.01", "0.1"];
                if chance.percent(50) {
                    self.named(chance, name).unwrap_or(Json::Null)
                } else {
                    read(&near_number(chance, number, &steps))
                }
            }
            Json::Bool(truth) => Json::Bool(!truth),
            _ if chance.percent(4) => read(chance.one::<&str>(&["7", "null", "[]", "{}", "true", "\"\"", "\" \""])),
            _ => self.named(chance, name).unwrap_or_else(|| Json::text("other")),
        }
    }

    fn named(&self, chance: &mut Chance, name: &str) -> Option<Json> {
        self.by_name.get(name).filter(|known| !known.is_empty()).map(|known| chance.one(known).clone())
    }

    /// A value of that type, preferably one that stands under this name somewhere.
    pub fn value(&self, chance: &mut Chance, typed: &Typed, name: &str, ty: &Type, encoding: &Encoding, depth: usize) -> Json {
        if chance.percent(75)
            && let Some(known) = self.named(chance, name)
        {
            return known;
        }
        let again = |chance: &mut Chance, ty: &Type| self.value(chance, typed, "", ty, encoding, depth + 1);
        match ty {
            Type::Optional(_) if chance.percent(40) => Json::Null,
            Type::Optional(inner) => again(chance, inner),
            Type::Bool => Json::Bool(chance.percent(50)),
            Type::Int => Json::int(chance.below(12) as i64 - 2),
            Type::Decimal => read(chance.one::<&str>(&["0", "0.5", "0.7", "1", "1.50", "-0.1"])),
            Type::Money(_) if *encoding == Encoding::MinorUnits => Json::int(chance.below(20_000) as i64),
            Type::Money(_) => read(chance.one::<&str>(&["0", "10", "50", "50.01", "90", "200.5", "\"40.00\"", "-5"])),
            Type::Text | Type::Zone => Json::text(*chance.one(&["A-1", "A-2", "c-9", "x", "", "UTC"])),
            Type::Time => {
                read(chance.one::<&str>(&["\"2026-05-04T10:00:00Z\"", "\"2026-05-01T00:00:00+02:00\"", "\"yesterday\""]))
            }
            Type::Date => Json::text(*chance.one(&["2026-05-04", "2026-02-30"])),
            Type::TimeOfDay => Json::text(*chance.one(&["08:00", "23:59:59", "24:00"])),
            Type::Duration => Json::text(*chance.one(&["PT15M", "P1D", "P1M"])),
            Type::Weekday => Json::text(*chance.one(&["monday", "sunday", "holiday"])),
            Type::Zoned => Json::Null,
            Type::Email => Json::text(*chance.one(&["ann@acme.example", "Bob@ACME.example", "nobody"])),
            Type::Url => Json::text(*chance.one(&["https://acme.example/x", "HTTP://Acme.Example:80/../x", "ftp:x"])),
            Type::Path => Json::text(*chance.one(&["/srv/data/x", "/srv/data/../secret", "srv"])),
            Type::Enum(id) => {
                let variants = &typed.enums[id.0 as usize].variants;
                let texts: Vec<&String> = variants.iter().flat_map(|variant| &variant.texts).collect();
                Json::text(chance.one(&texts).as_str())
            }
            Type::Key(record) => {
                let shape = &typed.records[record.0 as usize];
                let mut parts: Vec<Json> = shape
                    .key
                    .iter()
                    .map(|at| {
                        let field = &shape.fields[*at as usize];
                        self.value(chance, typed, &field.name, &field.ty, &field.encoding, depth + 1)
                    })
                    .collect();
                if parts.len() == 1 { parts.remove(0) } else { Json::List(parts) }
            }
            Type::List(inner) | Type::Set(inner) => {
                let length = if depth > 3 { 0 } else { chance.below(4) };
                Json::List((0..length).map(|_| again(chance, inner)).collect())
            }
            Type::Map(key, inner) => {
                let length = if depth > 3 { 0 } else { chance.below(3) };
                let mut members: Vec<(String, Json)> = Vec::new();
                for _ in 0..length {
                    let name = match again(chance, key) {
                        Json::Text(text) => text,
                        other => other.to_string(),
                    };
                    if members.iter().all(|(known, _)| *known != name) {
                        members.push((name, again(chance, inner)));
                    }
                }
                Json::Object(members)
            }
            Type::Record(record) => {
                let shape = &typed.records[record.0 as usize];
                let mut object = Vec::new();
                for field in &shape.fields {
                    let value = self.value(chance, typed, &field.name, &field.ty, &field.encoding, depth + 1);
                    let raw = Raw::of(&value);
                    if depth < 5 {
                        crate::oracle::encode::put(&mut object, &field.path, raw);
                    }
                }
                Raw::Object(object).to_answer()
            }
        }
    }
}

fn near_number(chance: &mut Chance, number: &Number, steps: &[&str]) -> String {
    use crate::oracle::number::Number as Exact;
    let step = *chance.one(steps);
    let (Ok(Some(number)), Ok(Some(step_by))) = (Exact::read(number.as_str()), Exact::read(step)) else { return step.to_owned() };
    match chance.below(3) {
        0 => number.plus(&step_by).map_or_else(|_| step.to_owned(), |sum| sum.to_string()),
        1 => number.minus(&step_by).map_or_else(|_| step.to_owned(), |difference| difference.to_string()),
        _ => step.to_owned(),
    }
}

fn read(text: &str) -> Json {
    Json::read(text.as_bytes()).expect("it is JSON")
}
