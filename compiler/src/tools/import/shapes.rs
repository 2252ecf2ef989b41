//! JSON schemas as types of the language: what is narrower or wider than the tool's own is said in a comment.

use super::naming::{Distinct, literal, plain, type_name};
use crate::tools::fits::Way;
use crate::tools::schema::{Alternative, Kinds, Members, Schema};
use std::collections::BTreeMap;

/// Records inside records; deeper ones are declared as maps.
const DEPTH: usize = 5;

/// The enums and records that types need, while they are gathered.
pub(super) struct Shapes {
    /// Names of types that are taken.
    names: Distinct,
    /// Declared shapes by what they say, so that equal ones are declared once.
    known: BTreeMap<String, String>,
    /// The enums, as they are written, in order.
    pub(super) enums: Vec<String>,
    /// The records, as they are written, in order.
    pub(super) records: Vec<String>,
}

/// A type as it is written.
pub(super) struct Written {
    /// Without `?`.
    pub(super) ty: String,
    /// The schema takes `null`, or gives it.
    pub(super) nullable: bool,
    /// What the type leaves out, for a comment.
    pub(super) note: Option<&'static str>,
}

/// A member of an object as a field.
pub(super) struct WrittenField {
    /// `order: Text? from "order-id"`
    pub(super) text: String,
    /// What its type leaves out.
    pub(super) note: Option<&'static str>,
}

impl Shapes {
    pub(super) fn new() -> Self {
        Self { names: Distinct::types(), known: BTreeMap::new(), enums: Vec::new(), records: Vec::new() }
    }

    /// The members of an object's schema as fields; the names of those that no field can stand for come after.
    pub(super) fn fields(&mut self, schema: Schema<'_>, name: &[&str], way: Way) -> (Vec<WrittenField>, Vec<String>) {
        let object = schema.alternatives().into_iter().find(|one| one.kinds().has(Kinds::OBJECT));
        object.map(|object| self.members(&object.members(), name, way, 0)).unwrap_or_default()
    }

    fn members(&mut self, members: &Members<'_>, name: &[&str], way: Way, depth: usize) -> (Vec<WrittenField>, Vec<String>) {
        let (mut fields, mut left_out) = (Vec::new(), Vec::new());
        let mut names = Distinct::default();
        for (wire, schema, required) in &members.named {
            let parts: Vec<&str> = name.iter().copied().chain([*wire]).collect();
            // A dot separates the members of a place, so a name that has one is no place.
            let is_place = !wire.contains('.') && !wire.is_empty();
            let Some(Written { ty, nullable, note }) = is_place.then(|| self.ty(*schema, &parts, way, depth)).flatten() else {
                left_out.push((*wire).to_owned());
                continue;
            };
            let own = names.take(plain(wire));
            let optional = if !required || (nullable && way == Way::Out) { "?" } else { "" };
            let from = if own == *wire { String::new() } else { format!(" from {}", literal(wire)) };
            fields.push(WrittenField { text: format!("{own}: {ty}{optional}{from}"), note });
        }
        (fields, left_out)
    }

    /// The type of a schema; `None` where a result may be anything, of which nothing can be said.
    pub(super) fn ty(&mut self, schema: Schema<'_>, name: &[&str], way: Way, depth: usize) -> Option<Written> {
        let alternatives = schema.alternatives();
        let nullable = alternatives.iter().any(|one| one.kinds().has(Kinds::NULL));
        let mut real: Vec<&Alternative<'_>> =
            alternatives.iter().filter(|one| !one.kinds().without(Kinds::NULL).is_none()).collect();
        // The one that says most comes first.
        real.sort_by_key(|one| RANKS.iter().position(|kind| !one.kinds().meet(*kind).is_none()));
        let Some(first) = real.first() else {
            return (way == Way::In).then(|| Written {
                ty: "Text".to_owned(),
                nullable,
                note: Some("the tool takes anything here"),
            });
        };
        let (ty, mut note) = self.plain_type(first, name, way, depth)?;
        let kinds = real.iter().fold(Kinds::NONE, |all, one| all | one.kinds().without(Kinds::NULL));
        let alone = RANKS.iter().filter(|kind| !kinds.meet(**kind).is_none()).count() <= 1;
        if real.len() > 1 || !alone {
            if way == Way::Out {
                return None;
            }
            note = note.or(Some("the tool takes other forms too"));
        }
        Some(Written { ty, nullable, note })
    }

    fn plain_type(
        &mut self,
        one: &Alternative<'_>,
        name: &[&str],
        way: Way,
        depth: usize,
    ) -> Option<(String, Option<&'static str>)> {
        let kinds = one.kinds().without(Kinds::NULL);
        let plain = |ty: &str| Some((ty.to_owned(), None));
        if !kinds.meet(Kinds::OBJECT).is_none() {
            return self.object(one, name, way, depth);
        }
        if !kinds.meet(Kinds::LIST).is_none() {
            let Some(items) = one.items() else {
                return (way == Way::In).then(|| ("List<Text>".to_owned(), Some("the tool takes a list of anything")));
            };
            let Written { ty, nullable, note } = self.ty(items, name, way, depth)?;
            if nullable && way == Way::Out {
                return None;
            }
            return Some((format!("List<{ty}>"), note));
        }
        if !kinds.meet(Kinds::TEXT).is_none() {
            return match one.texts() {
                Some(texts) if !texts.is_empty() && !texts.contains(&"") => plain(&self.enumeration(&texts, name)),
                _ => plain("Text"),
            };
        }
        if kinds.has(Kinds::FRACTION) {
            return plain("Decimal");
        }
        if kinds.has(Kinds::INTEGER) {
            return plain("Int");
        }
        plain("Bool")
    }

    fn object(&mut self, one: &Alternative<'_>, name: &[&str], way: Way, depth: usize) -> Option<(String, Option<&'static str>)> {
        let members = one.members();
        if members.named.is_empty() || depth >= DEPTH {
            let below = depth.saturating_add(1);
            let item = members
                .others
                .flatten()
                .filter(|_| members.named.is_empty())
                .and_then(|others| self.ty(others, name, way, below));
            return match item {
                Some(Written { ty, nullable: false, note }) => Some((format!("Map<Text, {ty}>"), note)),
                _ if way == Way::In => Some(("Map<Text, Text>".to_owned(), Some("the tool takes any object here"))),
                _ => None,
            };
        }
        let (fields, left_out) = self.members(&members, name, way, depth.saturating_add(1));
        let needed = |left: &String| members.get(left).is_some_and(|(_, required)| required);
        if way == Way::In && left_out.iter().any(needed) {
            return Some(("Map<Text, Text>".to_owned(), Some("the tool takes an object here")));
        }
        if fields.is_empty() {
            return None;
        }
        let note = fields.iter().find_map(|field| field.note);
        let fields: Vec<String> = fields.into_iter().map(|field| field.text).collect();
        Some((self.record(&fields, name), note))
    }

    /// The record of these fields, declared where there is none yet.
    pub(super) fn record(&mut self, fields: &[String], name: &[&str]) -> String {
        let says = format!("{{ {} }}", fields.join(", "));
        if let Some(known) = self.known.get(&says) {
            return known.clone();
        }
        let name = self.names.take(type_name(name));
        let whole = format!("record {name} {says}");
        let whole = if whole.len() > 120 { format!("record {name} {{\n    {}\n  }}", fields.join("\n    ")) } else { whole };
        self.records.push(whole);
        self.known.insert(says, name.clone());
        name
    }

    fn enumeration(&mut self, texts: &[&str], name: &[&str]) -> String {
        let mut names = Distinct::default();
        let variants: Vec<String> = texts
            .iter()
            .map(|text| {
                let lower: String = text.chars().flat_map(char::to_lowercase).collect();
                let own = names.take(plain(&lower));
                if own == *text { own } else { format!("{own} as {}", literal(text)) }
            })
            .collect();
        let says = format!("{{ {} }}", variants.join(", "));
        if let Some(known) = self.known.get(&says) {
            return known.clone();
        }
        let name = self.names.take(type_name(name));
        let whole = format!("enum {name} {says}");
        let whole = if whole.len() > 120 { format!("enum {name} {{\n  {}\n}}", variants.join("\n  ")) } else { whole };
        self.enums.push(whole);
        self.known.insert(says, name.clone());
        name
    }
}

/// Which kind is declared where a schema takes several.
const RANKS: &[Kinds] = &[Kinds::OBJECT, Kinds::LIST, Kinds::TEXT, Kinds::NUMBER, Kinds::BOOL];
