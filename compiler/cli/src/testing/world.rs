//! The systems of record of a test: what its `given`s say they answer.

use super::encode::{constant, place};
use agentc_compiler::typed::{Encoding, Expr, Field, Given, Record, RecordId, Type, Typed};
use agentc_runtime::json::Json;
use std::collections::BTreeMap;

/// What a source answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// This record.
    Value(Json),
    /// There is none.
    Absent,
    /// It does not answer.
    Unavailable,
}

/// Every record that was given, by name and canonical key.
#[derive(Debug, Default)]
pub(super) struct World {
    given: BTreeMap<(String, String), Answer>,
}

impl World {
    /// From here on the source answers this; fields are laid over earlier ones.
    pub(super) fn give(&mut self, typed: &Typed, record: RecordId, key: &[Expr], state: &Given) {
        let Some(declared) = typed.records.get(record.0 as usize) else { return };
        let parts = key_json(typed, declared, record, key);
        let name = (declared.name.clone(), key_name(&parts));
        let answer = match state {
            Given::Absent => Answer::Absent,
            Given::Unavailable => Answer::Unavailable,
            Given::Fields(fields) => {
                let mut object = match self.given.remove(&name) {
                    Some(Answer::Value(Json::Object(members))) => members,
                    _ => with_key(declared, &parts),
                };
                for (at, value) in fields {
                    if let Some(field) = declared.fields.get(*at as usize) {
                        place(&mut object, &field.path, constant(typed, value, &field.ty, &field.encoding));
                    }
                }
                Answer::Value(Json::Object(object))
            }
        };
        self.given.insert(name, answer);
    }

    /// What the source answers for a record's key, which is JSON as a `need` carries it: the part, or the list of parts.
    pub(super) fn get(&self, record: &str, key: &Json) -> Option<&Answer> {
        self.given.get(&(record.to_owned(), key.canonical()))
    }
}

/// The record's key as JSON: the part, or the list of parts.
fn key_json(typed: &Typed, record: &Record, id: RecordId, key: &[Expr]) -> Json {
    let fields: Vec<&Field> = record.key.iter().filter_map(|at| record.fields.get(*at as usize)).collect();
    match (key, fields.as_slice()) {
        ([whole], [only]) => constant(typed, whole, &only.ty, &Encoding::Plain),
        ([whole], _) => constant(typed, whole, &Type::Key(id), &Encoding::Plain),
        (parts, fields) => {
            Json::List(parts.iter().zip(fields).map(|(part, field)| constant(typed, part, &field.ty, &Encoding::Plain)).collect())
        }
    }
}

fn key_name(key: &Json) -> String {
    key.canonical()
}

/// A record holds its own key: what a test says of its key it need not say again.
fn with_key(record: &Record, key: &Json) -> Vec<(String, Json)> {
    let mut object = Vec::new();
    let fields = record.key.iter().filter_map(|at| record.fields.get(*at as usize));
    match (record.key.len(), key) {
        (1, part) => fields.for_each(|field| place(&mut object, &field.path, part.clone())),
        (_, Json::List(parts)) => fields.zip(parts).for_each(|(field, part)| place(&mut object, &field.path, part.clone())),
        _ => {}
    }
    object
}
