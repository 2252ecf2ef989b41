//! Records to be fetched.
//!
//! > **need** names source, record, key and the read verb that fetches it.

use super::encode::{self, Secrets};
use super::json::Json;
use super::readings::{self, Counting};
use super::scene::Scene;
use super::unknown::RecordKey;
use super::value::Val;
use super::{arguments, world::World};
use agentc_compiler::typed::{Encoding, FetchHow, Type};
use agentc_runtime::answer::{Need, Sealed};

/// A record to be fetched.
pub fn need(scene: &Scene<'_>, wanted: &RecordKey) -> Need {
    let typed = scene.typed();
    let record = &typed.records[wanted.record.0 as usize];
    let fetch = record.fetch.as_ref().expect("a lookup without a fetch is refused");
    let is_secret = key_is_secret(scene, wanted);
    let (verb, args) = match &fetch.how {
        FetchHow::Host if is_secret => (None, sealed(&Json::Object(Vec::new()), &mask())),
        FetchHow::Host => (None, sealed(&Json::Object(Vec::new()), &Json::Object(Vec::new()))),
        FetchHow::Verb { verb, args } => {
            let values: Vec<(u32, Val)> = args.iter().map(|(param, part)| (*param, wanted.key[*part as usize].clone())).collect();
            let write = |secrets| arguments::write(typed, *verb, &values, secrets);
            let masked = if is_secret { mask() } else { write(Secrets::Masked) };
            (Some(wire(scene.world, *verb)), sealed(&write(Secrets::Open), &masked))
        }
    };
    let key = match wanted.key.as_slice() {
        [one] => one.clone(),
        parts => Val::List(parts.to_vec()),
    };
    let write = |secrets| encode::value(typed, &Type::Key(wanted.record), &Encoding::Plain, &key, secrets);
    Need {
        source: record.source.map(|source| typed.sources[source.index()].name.clone()).unwrap_or_default(),
        record: record.name.clone(),
        key: sealed(&write(Secrets::Open), &if is_secret { mask() } else { write(Secrets::Masked) }),
        verb,
        args,
        why: why(scene, wanted),
    }
}

fn mask() -> Json {
    Json::Text(encode::MASK.to_owned())
}

/// Whether a part of the key came from a secret argument.
fn key_is_secret(scene: &Scene<'_>, wanted: &RecordKey) -> bool {
    let Some(call) = scene.call else { return false };
    let secret = scene.typed().verbs[call.verb.index()].params.iter().filter(|param| param.field.secret);
    secret.into_iter().any(|param| {
        call.args.iter().any(|(slot, value)| *slot == param.arg && *value != Val::None && wanted.key.contains(value))
    })
}

/// > unasked (not yet supplied in this evaluation's terms: never, or stale, or changed by a write)
fn why(scene: &Scene<'_>, wanted: &RecordKey) -> &'static str {
    let still_fresh = Scene { fresh_at: i128::MIN / 2, ..*scene };
    if readings::readings(scene, wanted).is_empty() {
        "was not asked for"
    } else if readings::counting(&still_fresh, wanted) == Counting::Nothing {
        "may have changed since it was read"
    } else {
        "was read too long ago"
    }
}

/// A verb's name on the wire, with its tool where two tools have it.
pub fn wire(world: &World<'_>, verb: agentc_compiler::typed::VerbId) -> String {
    world.typed.verbs[verb.index()].wire.clone()
}

/// What the host gets, and what the trace gets.
pub fn sealed(open: &Json, masked: &Json) -> Sealed {
    Sealed { open: open.to_answer(), masked: masked.to_answer() }
}
