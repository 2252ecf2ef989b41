//! A model as a scene: the input, the records and the calls of a run.

use super::told::Tree;
use crate::logic::{Datum, Model, Place, READING, Rational, Root, Space, Step, Translator, number_value};
use crate::logic::{Found, PastCall, Symbolic};
use crate::typed::{Encoding, Field, RecordId, RunFact, Type, Typed, VerbId};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::json::Json;
use jiff::Timestamp;

/// The most members that a made up list has.
const MOST_MEMBERS: i128 = 64;

/// Everything that a run needs to be replayed.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) input: Tree,
    pub(crate) environment: Tree,
    pub(crate) agent: Tree,
    pub(crate) user: Tree,
    pub(super) confidence: Option<Decimal>,
    pub(crate) signals: Vec<(String, Tree)>,
    pub(super) cost: Option<Decimal>,
    pub(super) tokens: Option<i64>,
    pub(crate) records: Vec<Read>,
    /// Earlier calls, then the one that is decided.
    pub(crate) calls: Vec<Made>,
}

/// A record as its source answers it.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(super) record: RecordId,
    pub(super) key: Tree,
    /// `None`: there is none.
    pub(super) value: Option<Tree>,
}

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) verb: VerbId,
    pub(crate) args: Tree,
    pub(crate) at: Timestamp,
    /// What the tool answers: `None`, it refuses.
    pub(crate) result: Option<Tree>,
}

impl Scene {
    /// The scene of a model.
    pub(crate) fn new(translator: &mut Translator<'_>, model: &Model, verb: VerbId, calls: &[PastCall]) -> Self {
        let typed = translator.policy();
        let mut reader = Reader { translator, model, typed };
        let job = typed.jobs.get(reader.translator.job().index());
        let fields = |which: Option<&[Field]>| which.map(<[Field]>::to_vec).unwrap_or_default();
        let input = reader.object(&fields(job.map(|job| job.input.as_slice())), &|name| Root::Input(name));
        let environment = reader.object(&fields(job.map(|job| job.environment.as_slice())), &|name| Root::Environment(name));
        let agent = reader.object(&typed.agent, &|name| Root::Agent(name));
        let user = reader.object(&typed.user, &|name| Root::User(name));
        let mut signals = Vec::new();
        for signal in job.map(|job| job.signals.as_slice()).unwrap_or_default() {
            let place = Place::root(Root::Signal(signal.name.clone()));
            let given = reader.speaks(&place) && reader.flag(&place.then(Step::IsAbsent)) != Some(true);
            if given {
                let ty = match &signal.ty {
                    Type::Optional(inner) => inner.as_ref(),
                    other => other,
                };
                let value = reader.tree(&[place], ty, &signal.encoding, 0);
                signals.push((signal.name.clone(), value));
            }
        }
        let confidence = Place::root(Root::Fact(RunFact::Confidence));
        let stated = reader.speaks(&confidence) && reader.flag(&confidence.then(Step::IsAbsent)) != Some(true);
        let confidence = if stated { reader.number(&confidence).and_then(|number| number.to_decimal()) } else { None };
        let cost = reader.number(&Place::root(Root::Fact(RunFact::Cost))).and_then(|number| number.to_decimal());
        let tokens = reader.number(&Place::root(Root::Fact(RunFact::Tokens))).and_then(|number| number.to_i128());
        let mut made: Vec<Made> = calls.iter().filter_map(|call| reader.call(call.verb, call.call)).collect();
        made.extend(reader.call(verb, 0));
        let records = reader.records();
        Self {
            input,
            environment,
            agent,
            user,
            confidence,
            signals,
            cost: cost.filter(|cost| *cost > Decimal::ZERO),
            tokens: tokens.and_then(|tokens| i64::try_from(tokens).ok()).filter(|tokens| *tokens > 0),
            records,
            calls: made,
        }
    }
}

/// Reads a model.
struct Reader<'r, 'a> {
    translator: &'r mut Translator<'a>,
    model: &'r Model,
    typed: &'a Typed,
}

impl Reader<'_, '_> {
    fn space(&self) -> &Space {
        self.translator.space
    }

    fn speaks(&self, place: &Place) -> bool {
        self.model.speaks_of(self.space(), place)
            || self.model.speaks_of(self.space(), &place.then(Step::IsAbsent))
            || self.model.speaks_of(self.space(), &place.then(Step::IsNone))
    }

    fn flag(&self, place: &Place) -> Option<bool> {
        match self.model.at(self.space(), place)? {
            Found::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn number(&self, place: &Place) -> Option<Rational> {
        match self.model.at(self.space(), place)? {
            Found::Number(number) => Some(number),
            _ => None,
        }
    }

    fn object(&mut self, fields: &[Field], root: &dyn Fn(String) -> Root) -> Tree {
        let members = fields
            .iter()
            .map(|field| {
                let place = Place::root(root(field.name.clone()));
                let value = self.tree(&[place], &field.ty, &field.encoding, 0);
                (field.name.clone(), field.path.clone(), value)
            })
            .collect();
        Tree::Object(members)
    }

    fn call(&mut self, verb: VerbId, call: u32) -> Option<Made> {
        let shape = self.typed.verbs.get(verb.index())?;
        let mut members = Vec::new();
        for param in &shape.params {
            let place = Place::root(Root::Arg { call, name: param.field.name.clone() });
            let value = self.tree(&[place], &param.field.ty, &param.field.encoding, 0);
            if value != Tree::Null {
                members.push((param.field.name.clone(), param.field.path.clone(), value));
            }
        }
        let now = self.translator.open(&Place::root(Root::Now { call }), &Type::Time, None);
        let at = self.concrete(&now).and_then(|found| match found {
            Concrete::Number(number) => Timestamp::from_nanosecond(number.to_i128()?).ok(),
            _ => None,
        })?;
        let well = self.flag(&Place::root(Root::EndedWell { call }));
        let result = if well == Some(false) {
            None
        } else {
            Some(match &shape.result {
                Some(ty) => self.tree(&[Place::root(Root::Result { call })], ty, &shape.result_encoding, 0),
                None => Tree::Null,
            })
        };
        Some(Made { verb, args: Tree::Object(members), at, result })
    }

    /// Every record that the formula reads, once for each key.
    fn records(&mut self) -> Vec<Read> {
        let instances: Vec<(String, Vec<Symbolic>, Place)> = self
            .space()
            .instances()
            .filter_map(|(id, found)| {
                let name = found.family.strip_prefix(READING)?;
                Some((name.to_owned(), found.args.clone(), Place::root(Root::Instance(id))))
            })
            .collect();
        let mut groups: Vec<(RecordId, Vec<Concrete>, Vec<Place>)> = Vec::new();
        for (name, args, place) in instances {
            let found = (0_u32..).map(RecordId).zip(&self.typed.records).find(|(_, record)| record.name == name);
            let Some((record, _)) = found else { continue };
            let Some(key) = args.iter().map(|arg| self.concrete(arg)).collect::<Option<Vec<_>>>() else { continue };
            match groups.iter_mut().find(|(known, keys, _)| *known == record && *keys == key) {
                Some((_, _, places)) => places.push(place),
                None => groups.push((record, key, vec![place])),
            }
        }
        groups.into_iter().filter_map(|(record, key, places)| self.reading(record, &key, &places)).collect()
    }

    fn reading(&mut self, record: RecordId, key: &[Concrete], places: &[Place]) -> Option<Read> {
        let shape = self.typed.records.get(record.0 as usize)?;
        let mut parts = Vec::new();
        for (at, value) in shape.key.iter().zip(key) {
            let field = shape.fields.get(*at as usize)?;
            parts.push((*at, self.scalar(value, &field.ty, &field.encoding)?));
        }
        let whole = match parts.as_slice() {
            [(_, only)] => only.clone(),
            parts => Tree::List(parts.iter().map(|(_, part)| part.clone()).collect()),
        };
        let is_absent = places.iter().any(|place| self.flag(&place.then(Step::IsAbsent)) == Some(true));
        if is_absent {
            return Some(Read { record, key: whole, value: None });
        }
        let Tree::Object(mut members) = self.record(places, record, 0) else { return None };
        for (at, part) in parts {
            if let (Some(field), Some(member)) = (shape.fields.get(at as usize), members.get_mut(at as usize)) {
                member.0.clone_from(&field.name);
                member.2 = part;
            }
        }
        Some(Read { record, key: whole, value: Some(Tree::Object(members)) })
    }

    fn record(&mut self, places: &[Place], record: RecordId, depth: u32) -> Tree {
        let Some(shape) = self.typed.records.get(record.0 as usize) else { return Tree::Null };
        let members = shape
            .fields
            .iter()
            .map(|field| {
                let places: Vec<Place> = places.iter().map(|place| place.then(Step::Field(field.name.clone()))).collect();
                (field.name.clone(), field.path.clone(), self.tree(&places, &field.ty, &field.encoding, depth))
            })
            .collect();
        Tree::Object(members)
    }

    /// The value at a place that may be written in several ways.
    fn tree(&mut self, places: &[Place], ty: &Type, encoding: &Encoding, depth: u32) -> Tree {
        let depth = depth.saturating_add(1);
        if depth > 12 {
            return Tree::Null;
        }
        match ty {
            Type::Optional(inner) => {
                let none = places.iter().map(|place| place.then(Step::IsNone)).find(|place| self.speaks(place));
                match none {
                    Some(place) if self.flag(&place) == Some(false) => self.tree(places, inner, encoding, depth),
                    _ => Tree::Null,
                }
            }
            Type::Record(record) => self.record(places, *record, depth),
            Type::List(of) | Type::Set(of) => self.members(places, of, encoding, depth),
            Type::Map(key, of) => self.entries(places, key, of, depth),
            Type::Key(record) => {
                let parts = self.translator.key_types(*record);
                match parts.as_slice() {
                    [only] => self.tree(places, only, encoding, depth),
                    parts => Tree::List(
                        (0_u32..)
                            .zip(parts)
                            .map(|(at, ty)| {
                                let places: Vec<Place> = places.iter().map(|place| place.then(Step::Part(at))).collect();
                                self.tree(&places, ty, &Encoding::Plain, depth)
                            })
                            .collect(),
                    ),
                }
            }
            _ => {
                let spoken = places.iter().find(|place| self.speaks(place)).cloned();
                let said = spoken.is_some();
                let Some(place) = spoken.or_else(|| places.first().cloned()) else { return Tree::Null };
                let value = self.translator.open(&place, ty, Some(encoding));
                let scalar = self.concrete(&value).and_then(|value| self.scalar(&value, ty, encoding));
                match scalar {
                    Some(Tree::Scalar { json, text, .. }) => Tree::Scalar { json, text, said },
                    Some(other) => other,
                    None => Tree::Null,
                }
            }
        }
    }

    fn members(&mut self, places: &[Place], of: &Type, encoding: &Encoding, depth: u32) -> Tree {
        let spoken = places.iter().find(|place| self.speaks(&place.then(Step::Length))).cloned();
        let mut members = Vec::new();
        if let Some(place) = spoken {
            let length = self.number(&place.then(Step::Length)).and_then(|length| length.to_i128()).unwrap_or(0);
            let length = u32::try_from(length.clamp(0, MOST_MEMBERS)).unwrap_or(0);
            for at in 0..length {
                members.push(self.tree(&[place.then(Step::Member(at))], of, encoding, depth));
            }
        }
        for place in places {
            let family = format!("member of {place:?}");
            for (value, there) in self.applied(&family) {
                if self.flag(&there) == Some(true)
                    && let Some(member) = self.scalar(&value, of, encoding)
                    && !members.contains(&member)
                {
                    members.push(member);
                }
            }
        }
        Tree::List(members)
    }

    fn entries(&mut self, places: &[Place], key: &Type, of: &Type, depth: u32) -> Tree {
        let mut entries: Vec<(String, Vec<String>, Tree)> = Vec::new();
        for place in places {
            for (found, there) in self.applied(&format!("entry of {place:?}")) {
                if self.flag(&there.then(Step::IsNone)) != Some(false) {
                    continue;
                }
                let Some(Tree::Scalar { json, .. }) = self.scalar(&found, key, &Encoding::Plain) else { continue };
                let name = match json {
                    Json::Text(name) => name,
                    other => other.to_string(),
                };
                if entries.iter().all(|(known, _, _)| *known != name) {
                    let value = self.tree(&[there], of, &Encoding::Plain, depth);
                    entries.push((name.clone(), vec![name], value));
                }
            }
        }
        Tree::Object(entries)
    }

    /// What a family was applied to, and the place of what it gives.
    fn applied(&mut self, family: &str) -> Vec<(Concrete, Place)> {
        let found: Vec<(Symbolic, Place)> = self
            .space()
            .instances()
            .filter(|(_, instance)| instance.family == family)
            .filter_map(|(id, instance)| Some((instance.args.first()?.clone(), Place::root(Root::Instance(id)))))
            .collect();
        found.into_iter().filter_map(|(arg, place)| Some((self.concrete(&arg)?, place))).collect()
    }

    fn concrete(&self, value: &Symbolic) -> Option<Concrete> {
        concrete(self.space(), self.model, value)
    }

    fn scalar(&self, value: &Concrete, ty: &Type, encoding: &Encoding) -> Option<Tree> {
        super::told::scalar(self.translator.policy(), value, ty, encoding)
    }
}

/// A value that is not made of places.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Concrete {
    None,
    Flag(bool),
    /// In the unit of its type.
    Number(Rational),
    /// A text, or a variant's name.
    Text(String),
    Items(Vec<Concrete>),
}

/// The value that a model gives.
pub(super) fn concrete(space: &Space, model: &Model, value: &Symbolic) -> Option<Concrete> {
    Some(match value.in_model(space, model)? {
        Datum::None => Concrete::None,
        Datum::Flag(flag) => Concrete::Flag(model.satisfies(space, *flag)),
        Datum::Number(linear) => Concrete::Number(model.number(space, linear)),
        Datum::Term(term) => Concrete::Text(model.text(space, *term)),
        Datum::Items(items) => Concrete::Items(items.iter().map(|item| concrete(space, model, item)).collect::<Option<_>>()?),
        Datum::Record(_) | Datum::List(_) | Datum::Map(_) | Datum::Zoned(..) => return None,
    })
}

impl Concrete {
    /// As a value of the runtime, for library functions.
    pub(super) fn to_value(&self, ty: &Type) -> Option<agentc_runtime::value::Value> {
        use agentc_runtime::value::Value;
        let inner = match ty {
            Type::Optional(inner) => inner.as_ref(),
            other => other,
        };
        Some(match (self, inner) {
            (Self::None, _) => Value::None,
            (Self::Flag(flag), _) => Value::Bool(*flag),
            (Self::Text(text), Type::Text | Type::Email | Type::Url | Type::Path | Type::Zone) => Value::text(text),
            (Self::Number(number), ty) => number_value(number, ty)?,
            (Self::Items(items), Type::List(of)) => {
                Value::List(items.iter().map(|item| item.to_value(of)).collect::<Option<Vec<_>>>()?.into())
            }
            (Self::Items(items), Type::Set(of)) => {
                Value::set(items.iter().map(|item| item.to_value(of)).collect::<Option<Vec<_>>>()?)
            }
            _ => return None,
        })
    }
}
