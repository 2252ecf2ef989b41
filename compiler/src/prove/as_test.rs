//! A run that refutes a statement, as a `test` that can be pasted into the policy: there it ends as the run did.

use super::told::{Tree, quoted};
use super::witness::{Made, Read, Scene};
use crate::diagnostic::text::verb_name;
use crate::typed::{Encoding, Field, RecordId, Type, Typed};
use agentc_runtime::event::Person;
use agentc_runtime::json::Json;
use jiff::Timestamp;

/// One thing that was done with a call until it was decided, and the outcome that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Did {
    /// It was made.
    Called,
    /// This person approved by this gate.
    Approved { gate: String, by: Person },
}

/// A test in the making. What no test can say makes an end of it.
pub(super) struct AsTest<'t> {
    typed: &'t Typed,
    now: Timestamp,
    lines: Option<Vec<String>>,
}

impl<'t> AsTest<'t> {
    /// Everything before the first call. `absent` are records that are not there, beside those of the scene.
    pub(super) fn new(typed: &'t Typed, scene: &Scene, job: &str, absent: &[(RecordId, Json)]) -> Option<Self> {
        let now = scene.calls.iter().map(|call| call.at).min()?;
        let mut test = Self { typed, now, lines: Some(Vec::new()) };
        test.push(format!("job {job}"));
        for (word, tree) in [("input", &scene.input), ("environment", &scene.environment)] {
            if !tree.is_empty() {
                test.push(format!("{word} {}", tree.literal()));
            }
        }
        for (word, tree) in [("agent", &scene.agent), ("user", &scene.user)] {
            if tree.says_more_than(&["id", "roles"]) {
                test.push(format!("{word} {}", tree.literal()));
            }
        }
        test.push(format!("at {now}"));
        for read in &scene.records {
            test.given(read);
        }
        for (record, key) in absent {
            test.absent(*record, key);
        }
        if let Some(confidence) = scene.confidence {
            test.push(format!("signal confidence {confidence}"));
        }
        for (name, value) in &scene.signals {
            test.push(format!("signal {name} {}", value.literal()));
        }
        let cost = scene.cost.map(|cost| format!("cost: {cost} USD"));
        let tokens = scene.tokens.map(|tokens| format!("tokens: {tokens}"));
        let used: Vec<String> = cost.into_iter().chain(tokens).collect();
        if !used.is_empty() {
            test.push(format!("usage {{ {} }}", used.join(", ")));
        }
        Some(test)
    }

    /// A call with what was done until it was decided, the rule that decided it, and what the tool then answered.
    pub(super) fn call(&mut self, made: &Made, done: &[(Did, &'static str)], by: Option<&str>, answers: Option<&str>) {
        self.wait_until(made.at);
        let args = match &made.args {
            Tree::Object(members) => {
                let given = members.iter().filter(|(_, _, value)| *value != Tree::Null);
                given.map(|(name, _, value)| format!("{name}: {}", value.literal())).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        let call = format!("call {}({args})", verb_name(made.verb, self.typed));
        let last = done.len().saturating_sub(1);
        for (at, (did, outcome)) in done.iter().enumerate() {
            let what = match did {
                Did::Called => call.clone(),
                Did::Approved { gate, by } => approval(gate, by),
            };
            let by = by.filter(|by| at == last && by.split(", ").all(is_name)).map(|by| format!(" by {by}")).unwrap_or_default();
            let answers = answers.filter(|_| *did == Did::Called).map(|answers| format!(" {answers}")).unwrap_or_default();
            self.push(format!("{what} expect {outcome}{by}{answers}"));
        }
    }

    /// The whole block.
    pub(super) fn finish(self, proof: &str) -> Option<Vec<String>> {
        let name = quoted(&format!("against: {proof}"));
        let inner = self.lines?.into_iter().map(|line| format!("  {line}"));
        Some(std::iter::once(format!("test {name} {{")).chain(inner).chain(["}".to_owned()]).collect())
    }

    fn push(&mut self, line: String) {
        if let Some(lines) = &mut self.lines {
            lines.push(line);
        }
    }

    fn wait_until(&mut self, at: Timestamp) {
        let wait = at.duration_since(self.now).as_nanos();
        if wait <= 0 {
            return;
        }
        self.now = at;
        match super::told::duration_literal(wait.unsigned_abs()) {
            Some(wait) => self.push(format!("after {wait}")),
            // A test has no words for less than a millisecond.
            None => self.lines = None,
        }
    }

    fn given(&mut self, read: &Read) {
        let Some(record) = self.typed.records.get(read.record.0 as usize) else { return };
        let key = match &read.key {
            Tree::List(parts) => parts.iter().map(Tree::literal).collect::<Vec<_>>().join(", "),
            other => other.literal(),
        };
        let state = match &read.value {
            // A record holds its own key without being told.
            Some(Tree::Object(members)) => {
                let of_key = |at: &usize| record.key.iter().any(|part| *part as usize == *at);
                let rest = members.iter().enumerate().filter(|(at, _)| !of_key(at)).map(|(_, member)| member.clone());
                Tree::Object(rest.collect()).literal()
            }
            Some(other) => other.literal(),
            None => "absent".to_owned(),
        };
        self.push(format!("given {}[{key}] {state}", record.name));
    }

    fn absent(&mut self, record: RecordId, key: &Json) {
        let Some(shape) = self.typed.records.get(record.0 as usize) else { return };
        let fields: Vec<&Field> = shape.key.iter().filter_map(|at| shape.fields.get(*at as usize)).collect();
        let parts = match (key, fields.as_slice()) {
            (Json::List(parts), [_, _, ..]) => parts.clone(),
            (only, _) => vec![only.clone()],
        };
        let parts: Option<Vec<String>> =
            parts.iter().zip(&fields).map(|(part, field)| literal(self.typed, &field.ty, &field.encoding, part)).collect();
        match parts {
            Some(parts) => self.push(format!("given {}[{}] absent", shape.name, parts.join(", "))),
            None => self.lines = None,
        }
    }
}

fn approval(gate: &str, by: &Person) -> String {
    let roles: Vec<&str> = by.roles.iter().map(String::as_str).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(" as {}", roles.join(", ")) };
    format!("approve {gate} by {}{roles}", quoted(&by.id))
}

/// A part of a key as the language writes it, where its JSON says enough.
fn literal(typed: &Typed, ty: &Type, encoding: &Encoding, json: &Json) -> Option<String> {
    if *encoding != Encoding::Plain {
        return None;
    }
    match (ty, json) {
        (Type::Text | Type::Email | Type::Url | Type::Path | Type::Zone, Json::Text(text)) => Some(quoted(text)),
        (Type::Int | Type::Decimal, Json::Number(number)) => Some(number.as_str().to_owned()),
        (Type::Money(currency), Json::Number(number)) => Some(format!("{} {currency}", number.as_str())),
        (Type::Time | Type::Date | Type::TimeOfDay | Type::Weekday, Json::Text(text)) => Some(text.clone()),
        (Type::Enum(id), Json::Text(text)) => {
            let variants = &typed.enums.get(id.0 as usize)?.variants;
            Some(variants.iter().find(|variant| variant.texts.iter().any(|known| known == text))?.name.clone())
        }
        _ => None,
    }
}

/// Whether an `expect … by` can name it.
fn is_name(rule: &str) -> bool {
    let mut characters = rule.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    starts && characters.all(|next| next.is_ascii_alphanumeric() || next == '_')
}
