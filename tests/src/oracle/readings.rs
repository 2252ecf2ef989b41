//! What the sources said: readings of records, and when they stop counting.

use super::decode::{Strictness, key, value};
use super::json::{Json, Member};
use super::scene::Scene;
use super::unknown::{Cause, Chosen, Known, RecordKey, because};
use super::value::Val;
use super::world::{Allowed, Ended, World};
use agentc_compiler::typed::{Encoding, FetchHow, Param, RecordId, Type, Typed, VerbId};
use agentc_runtime::event::{EventKind, Found};

/// One answer of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Where in the log it was read: its own event, or the `allow` of the call whose result it is.
    pub place: usize,
    /// When it was read.
    pub at: i128,
    /// What was found.
    pub found: State,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The record.
    Value(Val),
    /// There is none.
    Absent,
    /// The source did not answer.
    Unavailable,
    /// What came is no such record, or was read in the future.
    Malformed,
}

/// What counts of a record now.
pub fn current(scene: &Scene<'_>, key: &RecordKey, chosen: Chosen) -> Known {
    let until = |at: i128| fresh_for(scene.typed(), key.record).map(|length| at + length);
    let reading = match counting(scene, key) {
        Counting::Nothing => return Err(because(Cause::Unasked(key.clone()))),
        Counting::Conflict(at) => {
            scene.touch(at, until(at));
            return Err(because(Cause::Conflicting(key.clone())));
        }
        Counting::One(reading) => reading,
    };
    scene.touch(reading.at, until(reading.at));
    match reading.found {
        State::Value(record) => Ok(record),
        State::Absent => Err(because(Cause::Absent(key.clone(), chosen))),
        State::Unavailable => Err(because(Cause::Unavailable(key.clone()))),
        State::Malformed => Err(because(Cause::Malformed)),
    }
}

/// Which reading counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counting {
    /// None: never asked, stale, or changed by a write.
    Nothing,
    /// This one.
    One(Reading),
    /// Two of this time differ.
    Conflict(i128),
}

/// > the newest wins, equal times that differ are *conflicting*. A write makes what it `changes` unasked again
pub fn counting(scene: &Scene<'_>, key: &RecordKey) -> Counting {
    let changes = changes(scene.world, scene.run, key);
    // > readings are ordered by event, and two of equal time conflict only when no change lies between
    let standing: Vec<Reading> = readings(scene, key)
        .into_iter()
        .filter(|reading| !changes.iter().any(|(place, at)| *place > reading.place || *at > reading.at))
        .collect();
    let Some(newest) = standing.iter().map(|reading| reading.at).max() else { return Counting::Nothing };
    // > Fresh while age < D; expired at exactly D
    if let Some(limit) = fresh_for(scene.typed(), key.record)
        && scene.fresh_at - newest >= limit
    {
        return Counting::Nothing;
    }
    let mut latest = standing.into_iter().filter(|reading| reading.at == newest);
    let first = latest.next().expect("the newest is there");
    if latest.all(|other| same(scene.world, key.record, &first.found, &other.found)) {
        Counting::One(first)
    } else {
        Counting::Conflict(newest)
    }
}

/// How long a reading of it counts, in nanoseconds.
pub fn fresh_for(typed: &Typed, record: RecordId) -> Option<i128> {
    typed.records[record.0 as usize].fetch.as_ref().and_then(|fetch| fetch.fresh).map(i128::from)
}

/// Equal in the fields that rules read.
fn same(world: &World<'_>, record: RecordId, left: &State, right: &State) -> bool {
    match (left, right) {
        (State::Value(left), State::Value(right)) => {
            super::read::equal_in(world.typed, &world.read, &Type::Record(record), left, right)
        }
        (left, right) => left == right,
    }
}

/// Every reading of a record in this run, in the order of the log.
pub fn readings(scene: &Scene<'_>, wanted: &RecordKey) -> Vec<Reading> {
    let typed = scene.typed();
    let mut found = Vec::new();
    for (place, entry) in scene.world.of_run(scene.run) {
        let EventKind::Record(event) = &entry.event.kind else { continue };
        if !entry.said.taken || record_named(typed, &event.source, &event.record) != Some(wanted.record) {
            continue;
        }
        let Some(asked) = key(typed, wanted.record, &Json::of(&event.key)).ok() else { continue };
        if parts(typed, wanted.record, &asked) != wanted.key {
            continue;
        }
        let read_at = event.read_at.as_nanosecond();
        let reading = if read_at > entry.at {
            // > read times in the future are malformed
            Reading { place, at: entry.at, found: State::Malformed }
        } else {
            let found = match &event.found {
                Found::Absent => State::Absent,
                Found::Unavailable => State::Unavailable,
                Found::Value(json) => record_value(typed, wanted, &Json::of(json)),
            };
            Reading { place, at: read_at, found }
        };
        found.push(reading);
    }
    for call in scene.world.allowed(scene.run) {
        for (_, ended) in &call.reports {
            let Ended::Well(json, Some(_)) = ended else { continue };
            let rows = given(typed, &call, json).into_iter().filter(|(key, _)| key == wanted);
            found.extend(rows.map(|(_, row)| Reading { place: call.place, at: call.at, found: State::Value(row) }));
        }
    }
    found
}

/// The record of that name in that source.
pub fn record_named(typed: &Typed, source: &str, record: &str) -> Option<RecordId> {
    let found = typed.records.iter().position(|declared| {
        declared.name == record && declared.source.is_some_and(|id| typed.sources[id.index()].name == source)
    })?;
    Some(RecordId(found as u32))
}

/// The parts of a key.
pub fn parts(typed: &Typed, record: RecordId, key: &Val) -> Vec<Val> {
    match key {
        Val::List(parts) if typed.records[record.0 as usize].key.len() > 1 => parts.clone(),
        one => vec![one.clone()],
    }
}

/// What the host read under a key.
pub fn record_value(typed: &Typed, wanted: &RecordKey, json: &Json) -> State {
    let record = Type::Record(wanted.record);
    let Ok(read) = value(typed, &record, &Encoding::Plain, json, Strictness::FieldByField) else { return State::Malformed };
    // > when the key in the value equals the key asked … A fetch of one key needs no key in the value.
    if holds(typed, wanted, json) { State::Value(read) } else { State::Malformed }
}

/// The parts of its key that a record holds; `None` for one that is not there.
fn held_key(typed: &Typed, record: RecordId, json: &Json) -> Result<Vec<Option<Val>>, String> {
    let declared = &typed.records[record.0 as usize];
    let part = |index: &u32| {
        let field = &declared.fields[*index as usize];
        match json.at(&field.path) {
            Member::Missing | Member::One(Json::Null) => Ok(None),
            _ => super::decode::field(typed, field, json, Strictness::FieldByField).map(Some),
        }
    };
    declared.key.iter().map(part).collect()
}

/// What a value holds of its key is this key; what it does not hold does not speak against it.
fn holds(typed: &Typed, wanted: &RecordKey, json: &Json) -> bool {
    held_key(typed, wanted.record, json)
        .is_ok_and(|held| held.iter().zip(&wanted.key).all(|(held, asked)| held.as_ref().is_none_or(|held| held == asked)))
}

/// > **Results become records** only through the verbs that the source names, when the key in the value equals the key asked
/// > (lists: each row under its own key)
fn given(typed: &Typed, call: &Allowed<'_>, result: &Json) -> Vec<(RecordKey, Val)> {
    let Some((record, is_list)) = typed.verbs[call.verb.index()].result.as_ref().and_then(record_of) else { return Vec::new() };
    let Some(asked) = asked(typed, call, record) else { return Vec::new() };
    let asked = if is_list { None } else { asked };
    let rows: Vec<&Json> = match result {
        Json::List(rows) if is_list => rows.iter().collect(),
        one => vec![one],
    };
    let mut given = Vec::new();
    for row in rows.into_iter().filter(|row| matches!(row, Json::Object(_))) {
        let own = || held_key(typed, record, row).ok()?.into_iter().collect::<Option<Vec<Val>>>();
        let Some(key) = asked.clone().or_else(own) else { continue };
        let key = RecordKey { record, key };
        let read = value(typed, &Type::Record(record), &Encoding::Plain, row, Strictness::FieldByField);
        if let (true, Ok(read)) = (holds(typed, &key, row), read) {
            given.push((key, read));
        }
    }
    given
}

/// The record that a result is, and whether it is a list of them.
fn record_of(ty: &Type) -> Option<(RecordId, bool)> {
    match ty {
        Type::Record(record) => Some((*record, false)),
        Type::Optional(inner) => record_of(inner),
        Type::List(inner) => match inner.as_ref() {
            Type::Record(record) => Some((*record, true)),
            _ => None,
        },
        _ => None,
    }
}

/// `Some(Some(key))`: the verb fetches that one; `Some(None)`: it gives records under their own keys; `None`: it is not named.
fn asked(typed: &Typed, call: &Allowed<'_>, record: RecordId) -> Option<Option<Vec<Val>>> {
    let declared = &typed.records[record.0 as usize];
    let fetch = declared.fetch.as_ref()?;
    let verb = &typed.verbs[call.verb.index()];
    let argument = |param: &Param| call.args.iter().find(|(slot, _)| *slot == param.arg).map(|(_, value)| value.clone());
    if let FetchHow::Verb { verb: fetcher, args } = &fetch.how
        && *fetcher == call.verb
    {
        let part = |index: usize| args.iter().find(|(_, part)| *part as usize == index).map(|(param, _)| *param as usize);
        let params: Vec<usize> = (0..declared.key.len()).filter_map(part).collect();
        if let ([one], true) = (params.as_slice(), declared.key.len() > 1) {
            return Some(argument(&verb.params[*one]).map(|key| parts(typed, record, &key)));
        }
        return Some(params.into_iter().map(|param| argument(&verb.params[param])).collect());
    }
    if !fetch.also.contains(&call.verb) {
        return None;
    }
    let keys: Vec<&Param> = verb.params.iter().filter(|param| param.field.ty == Type::Key(record)).collect();
    match keys.as_slice() {
        [only] => Some(argument(only).map(|key| parts(typed, record, &key))),
        _ => Some(None),
    }
}

/// Where in the log, and when, a write changed this record.
///
/// > `changes` takes effect at the `allow` and again at the result
fn changes(world: &World<'_>, run: usize, key: &RecordKey) -> Vec<(usize, i128)> {
    let mut found = Vec::new();
    for call in world.allowed(run) {
        let changed = changed_by(world, run, call.verb, call.args);
        if changed.iter().any(|change| change.record == key.record && change.key.as_ref().is_none_or(|own| *own == key.key)) {
            found.push((call.place, call.at));
            found.extend(call.reports.iter().map(|(place, _)| (*place, world.log[*place].at)));
        }
    }
    found
}

/// Records that a call changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The record.
    pub record: RecordId,
    /// Its key; `None`: all of them.
    pub key: Option<Vec<Val>>,
}

/// What a call with these arguments changes.
pub fn changed_by(world: &World<'_>, run: usize, verb: VerbId, args: &[(agentc_compiler::typed::ArgId, Val)]) -> Vec<Changed> {
    let call = super::scene::Wanted { id: "", verb, args, canonical: "" };
    let scene = Scene { call: Some(call), ..Scene::of(world, run, 0) };
    world.typed.verbs[verb.index()]
        .changes
        .iter()
        .map(|change| {
            let values: Result<Vec<Val>, _> =
                change.key.iter().map(|part| scene.value(part, &super::expression::Names::default())).collect();
            // What cannot be said could be any of them.
            let key = values.ok().filter(|values| !values.is_empty()).map(|values| match values.as_slice() {
                [one] => parts(world.typed, change.record, one),
                _ => values,
            });
            Changed { record: change.record, key }
        })
        .collect()
}
