//! JSON schemas as MCP servers and OpenAPI documents write them: what kinds of value fit, which members an object has.
//!
//! Only what decides whether a declared type can be right is read: types, enums, members, items, references and the connectives. Patterns,
//! ranges and formats narrow what a tool takes; a policy may say less than the tool checks.

use agentc_runtime::json::Json;
use std::ops::BitOr;

/// References and connectives followed inside each other.
const DEPTH: usize = 32;

/// Alternatives looked at; a schema with more of them is taken as open.
const ALTERNATIVES: usize = 64;

/// Kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOL: Self = Self(2);
    /// A number that is an integer.
    pub(super) const INTEGER: Self = Self(4);
    /// A number that is not.
    pub(super) const FRACTION: Self = Self(8);
    pub(super) const NUMBER: Self = Self(12);
    pub(super) const TEXT: Self = Self(16);
    pub(super) const LIST: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    const ANY: Self = Self(127);

    pub(super) fn meet(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOL,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::TEXT,
            "array" => Self::LIST,
            "object" => Self::OBJECT,
            // A word of some later draft: nothing is known, so nothing is held against the policy.
            _ => Self::ANY,
        }
    }

    fn of(value: &Json) -> Self {
        match value {
            Json::Null => Self::NULL,
            Json::Bool(_) => Self::BOOL,
            Json::Number(number) if number.to_decimal().is_some_and(|number| number.to_i64().is_some()) => Self::INTEGER,
            Json::Number(_) => Self::FRACTION,
            Json::Text(_) => Self::TEXT,
            Json::List(_) => Self::LIST,
            Json::Object(_) => Self::OBJECT,
        }
    }

    /// `a number or a text`, for messages.
    pub(super) fn words(self) -> String {
        let names = [
            (Self::NUMBER, "a number"),
            (Self::INTEGER, "an integer"),
            (Self::TEXT, "a text"),
            (Self::BOOL, "`true` or `false`"),
            (Self::LIST, "a list"),
            (Self::OBJECT, "an object"),
            (Self::NULL, "`null`"),
        ];
        let mut rest = self;
        let mut words = Vec::new();
        for (kind, word) in names {
            if rest.has(kind) {
                words.push(word);
                rest = rest.without(kind);
            }
        }
        words.join(" or ")
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A schema inside its document, which its references point into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema<'a> {
    root: &'a Json,
    node: &'a Json,
}

/// One way to fit a schema: all of these parts at once, none of which has a connective or a reference.
#[derive(Debug, Clone)]
pub(super) struct Alternative<'a> {
    parts: Vec<Schema<'a>>,
}

/// The members of an object.
#[derive(Debug, Default)]
pub(super) struct Members<'a> {
    /// The named ones in the order of the schema, and whether each must be there.
    pub(super) named: Vec<(&'a str, Schema<'a>, bool)>,
    /// The schema forbids every other member.
    pub(super) closed: bool,
    /// What any other member must be; absent where none is expected.
    pub(super) others: Option<Option<Schema<'a>>>,
}

impl<'a> Schema<'a> {
    /// The schema at the root of its document.
    pub(super) fn whole(root: &'a Json) -> Self {
        Self { root, node: root }
    }

    /// A schema somewhere in a document.
    pub(super) fn inside(root: &'a Json, node: &'a Json) -> Self {
        Self { root, node }
    }

    fn at(self, node: &'a Json) -> Self {
        Self { root: self.root, node }
    }

    /// The ways to fit it; none of them where it is open (`{}`, `true`, too large, or a reference that leads nowhere).
    pub(super) fn alternatives(self) -> Vec<Alternative<'a>> {
        let found = self.expand(0).unwrap_or_default();
        let open = found.iter().any(|alternative| alternative.parts.is_empty());
        if open || found.len() > ALTERNATIVES { Vec::new() } else { found }
    }

    /// `None` where it is nested too deep to say.
    fn expand(self, depth: usize) -> Option<Vec<Alternative<'a>>> {
        if depth > DEPTH {
            return None;
        }
        let below = depth.saturating_add(1);
        let Some(members) = self.node.as_object() else { return Some(vec![Alternative { parts: Vec::new() }]) };
        if let Some(target) = self.node.get("$ref").and_then(Json::as_text) {
            return match pointed(self.root, target) {
                Some(node) => self.at(node).expand(below),
                None => Some(vec![Alternative { parts: Vec::new() }]),
            };
        }
        let says_itself = members.iter().any(|(name, _)| {
            matches!(name.as_str(), "type" | "enum" | "const" | "properties" | "required" | "items" | "additionalProperties")
        });
        let own = if says_itself { vec![self] } else { Vec::new() };
        let mut all = vec![Alternative { parts: own }];
        for (name, value) in members {
            let factors: Vec<Vec<Alternative<'a>>> = match (name.as_str(), value.as_list()) {
                ("allOf", Some(parts)) => parts.iter().map(|part| self.at(part).expand(below)).collect::<Option<_>>()?,
                ("anyOf" | "oneOf", Some(branches)) => {
                    let branches = branches.iter().map(|branch| self.at(branch).expand(below)).collect::<Option<Vec<_>>>()?;
                    vec![branches.into_iter().flatten().collect()]
                }
                _ => continue,
            };
            for factor in factors {
                if all.len().saturating_mul(factor.len()) > ALTERNATIVES {
                    return None;
                }
                all = all.iter().flat_map(|left| factor.iter().map(|right| left.and(right))).collect();
            }
        }
        Some(all)
    }
}

/// The place in a document that a reference names; `None` where it names another document or nothing.
pub(super) fn pointed<'a>(root: &'a Json, target: &str) -> Option<&'a Json> {
    let mut node = root;
    for step in target.strip_prefix('#')?.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        node = node.get(&step)?;
    }
    Some(node)
}

impl<'a> Alternative<'a> {
    fn and(&self, other: &Self) -> Self {
        Self { parts: self.parts.iter().chain(&other.parts).copied().collect() }
    }

    /// The kinds of value that fit.
    pub(super) fn kinds(&self) -> Kinds {
        self.parts.iter().map(|part| part.own_kinds()).fold(Kinds::ANY, Kinds::meet)
    }

    /// The values that fit, where they are listed: the texts among them.
    pub(super) fn texts(&self) -> Option<Vec<&'a str>> {
        self.parts.iter().find_map(|part| Some(part.values()?.into_iter().filter_map(Json::as_text).collect()))
    }

    /// What the items of a list must be, where that is said.
    pub(super) fn items(&self) -> Option<Schema<'a>> {
        self.parts.iter().find_map(|part| {
            let items = part.node.get("items").or_else(|| part.node.get("prefixItems"))?;
            match items.as_list() {
                Some(items) => items.first().map(|item| part.at(item)),
                None => Some(part.at(items)),
            }
        })
    }

    /// The members of an object.
    pub(super) fn members(&self) -> Members<'a> {
        let mut members = Members::default();
        let mut listed = false;
        let mut required: Vec<&str> = Vec::new();
        for part in &self.parts {
            required
                .extend(part.node.get("required").and_then(Json::as_list).unwrap_or_default().iter().filter_map(Json::as_text));
            for (name, node) in part.node.get("properties").and_then(Json::as_object).unwrap_or_default() {
                listed = true;
                if members.get(name).is_none() {
                    members.named.push((name, part.at(node), false));
                }
            }
            match part.node.get("additionalProperties") {
                Some(Json::Bool(false)) => members.closed = true,
                Some(other) => members.others = Some(other.as_object().is_some().then(|| part.at(other))),
                None => {}
            }
        }
        for (name, _, must) in &mut members.named {
            *must = required.contains(name);
        }
        if members.closed {
            members.others = None;
        } else if members.others.is_none() && !listed {
            members.others = Some(None);
        }
        members
    }
}

impl<'a> Members<'a> {
    /// A named member, and whether it must be there.
    pub(super) fn get(&self, name: &str) -> Option<(Schema<'a>, bool)> {
        self.named.iter().find(|(known, ..)| *known == name).map(|(_, schema, required)| (*schema, *required))
    }
}

impl<'a> Schema<'a> {
    fn own_kinds(self) -> Kinds {
        let typed = match self.node.get("type") {
            Some(Json::Text(name)) => Kinds::named(name),
            Some(Json::List(names)) => names.iter().filter_map(Json::as_text).map(Kinds::named).fold(Kinds::NONE, Kinds::bitor),
            _ if self.node.get("properties").is_some() => Kinds::OBJECT,
            _ if self.node.get("items").is_some() => Kinds::LIST,
            _ => Kinds::ANY,
        };
        // OpenAPI 3.0 says `nullable` beside a type; JSON Schema lists `null` among the types.
        let nullable = self.node.get("nullable").and_then(Json::as_bool).unwrap_or(false);
        let typed = if nullable { typed | Kinds::NULL } else { typed };
        let listed = self.values().map(|values| values.into_iter().map(Kinds::of).fold(Kinds::NONE, Kinds::bitor));
        listed.map_or(typed, |listed| typed.meet(listed))
    }

    fn values(self) -> Option<Vec<&'a Json>> {
        match (self.node.get("enum").and_then(Json::as_list), self.node.get("const")) {
            (Some(values), _) => Some(values.iter().collect()),
            (None, Some(value)) => Some(vec![value]),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let json = Json::read(text.as_bytes()).unwrap();
        Schema::whole(&json).alternatives().iter().map(|alternative| alternative.kinds().words()).collect()
    }

    #[test]
    fn types_enums_and_unions_say_what_fits() {
        assert_eq!(kinds(r#"{"type": "integer"}"#), ["an integer"]);
        assert_eq!(kinds(r#"{"type": ["number", "null"]}"#), ["a number or `null`"]);
        assert_eq!(kinds(r#"{"enum": ["a", 1]}"#), ["an integer or a text"]);
        assert_eq!(kinds(r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#), ["a text", "`null`"]);
        assert_eq!(kinds(r#"{"properties": {}}"#), ["an object"]);
        assert_eq!(kinds(r#"{"type": "string", "nullable": true}"#), ["a text or `null`"]);
    }

    #[test]
    fn an_open_schema_has_no_alternatives() {
        for open in
            ["{}", "true", r#"{"description": "x"}"#, r##"{"$ref": "#/nowhere"}"##, r#"{"anyOf": [{"type": "string"}, {}]}"#]
        {
            assert_eq!(kinds(open), Vec::<String>::new(), "{open}");
        }
    }

    #[test]
    fn a_reference_to_itself_ends() {
        assert_eq!(kinds(r##"{"$ref": "#"}"##), Vec::<String>::new());
        assert_eq!(kinds(r##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}"##), Vec::<String>::new());
    }

    #[test]
    fn members_are_gathered_over_all_parts() {
        let text = r##"{"$defs": {"b": {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}},
            "allOf": [{"$ref": "#/$defs/b"}, {"properties": {"y": {"type": "integer"}}, "additionalProperties": false}]}"##;
        let json = Json::read(text.as_bytes()).unwrap();
        let alternatives = Schema::whole(&json).alternatives();
        let members = alternatives[0].members();
        let named: Vec<(&str, bool)> = members.named.iter().map(|(name, _, must)| (*name, *must)).collect();
        assert_eq!(named, [("x", true), ("y", false)]);
        assert!(members.others.is_none());
    }

    #[test]
    fn requirements_beside_an_alternative_do_not_hide_the_members() {
        let text = r#"{"type": "object", "properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}"#;
        let json = Json::read(text.as_bytes()).unwrap();
        let alternatives = Schema::whole(&json).alternatives();
        assert_eq!(alternatives.len(), 2);
        assert!(alternatives.iter().all(|alternative| alternative.members().named.len() == 2));
    }
}
