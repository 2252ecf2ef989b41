//! The mapping file `records.json`: which file holds which record, how a recorded run is opened, and what each write changes.

use super::path::Place;
use agentc_runtime::json::Json;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The whole mapping file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// For each record of the policy, where it is.
    pub(super) records: BTreeMap<String, Table>,
    /// How each line of a runs file opens a run; not needed by `agentc run` and `agentc test`.
    #[serde(default)]
    pub(super) run: Opening,
    /// For each write, by the name it has on the wire, what its result changes, in order.
    #[serde(default)]
    pub(super) after: BTreeMap<String, Vec<Effect>>,
}

/// Where the records of one name are.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Table {
    /// `"users.json"`: an object whose members are named by the key.
    File(String),
    /// The long form.
    Long(LongTable),
}

/// Where the records of one name are, in full.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LongTable {
    /// The file, beside the mapping unless a data folder was given. A name that ends in `.jsonl` is read as a list of its lines.
    pub(super) file: String,
    /// The dotted path to the object or list inside the file; the whole file where left out.
    pub(super) at: Option<String>,
    /// For a list: the dotted paths, in each row, of the key's parts, in the order of the record's key.
    #[serde(default)]
    pub(super) key: Vec<String>,
}

/// How a line of a runs file opens a run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    /// The job, where the policy has several.
    pub(super) job: Option<String>,
    /// For each input, where the line has it.
    #[serde(default)]
    pub(super) input: BTreeMap<String, Given>,
    /// For each environment value, where the line has it.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, Given>,
    /// For each attribute of the person served (`id` first of all), where the line has it.
    #[serde(default)]
    pub(super) user: BTreeMap<String, Given>,
    /// For each attribute of the agent, where the line has it.
    #[serde(default)]
    pub(super) agent: BTreeMap<String, Given>,
    /// When a run begins whose events say no times, RFC 3339; each event is then a second after the one before.
    pub(super) at: Option<String>,
}

/// Where a member of an opening comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Given {
    /// The dotted path to it in the line.
    At(String),
    /// The same for every line.
    Always(Constant),
}

/// `{ "value": … }`
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "WrittenConstant")]
pub(super) struct Constant(pub(super) Json);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenConstant {
    value: Value,
}

impl TryFrom<WrittenConstant> for Constant {
    type Error = String;

    fn try_from(written: WrittenConstant) -> Result<Self, String> {
        exact(&written.value).map(Self)
    }
}

/// One change that a write makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Effect {
    /// Repeated for each item of this list, named `each`; for the items past the length of the second list where there is one.
    pub(super) each: Option<(Place, Option<Place>)>,
    /// Made only where each of these places holds this value.
    pub(super) only: Vec<(Place, Json)>,
    /// What is changed.
    pub(super) change: Change,
}

/// What an effect does to a place in the records.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// The place now holds that value.
    Set(Place, Place),
    /// The list at the first place gets that value as its last.
    Append(Place, Place),
    /// The number at the first place grows by the second, or shrinks where `true`.
    Add {
        /// The number that changes.
        target: Place,
        /// By how much.
        by: Place,
        /// Whether it shrinks.
        subtract: bool,
    },
    /// The place is gone.
    Remove(Place),
}

/// An effect as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    each: Option<String>,
    beyond: Option<String>,
    #[serde(default, rename = "where")]
    only: BTreeMap<String, Value>,
    set: Option<String>,
    append: Option<String>,
    add: Option<String>,
    subtract: Option<String>,
    remove: Option<String>,
    to: Option<String>,
    from: Option<String>,
}

impl TryFrom<Written> for Effect {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let place = |text: &str| text.parse::<Place>().map_err(|error| error.to_string());
        let Written { each, beyond, only, set, append, add, subtract, remove, to, from } = written;
        let change = match (set, append, add, subtract, remove, to, from) {
            (Some(target), None, None, None, None, Some(value), None) => Change::Set(record(&target)?, place(&value)?),
            (None, Some(value), None, None, None, Some(target), None) => Change::Append(record(&target)?, place(&value)?),
            (None, None, Some(by), None, None, Some(target), None) => {
                Change::Add { target: record(&target)?, by: place(&by)?, subtract: false }
            }
            (None, None, None, Some(by), None, None, Some(target)) => {
                Change::Add { target: record(&target)?, by: place(&by)?, subtract: true }
            }
            (None, None, None, None, Some(target), None, None) => Change::Remove(record(&target)?),
            _ => {
                return Err("a change is one of `set … to`, `append … to`, `add … to`, `subtract … from` and `remove`".to_owned());
            }
        };
        let each = match (each, beyond) {
            (Some(list), beyond) => Some((place(&list)?, beyond.as_deref().map(place).transpose()?)),
            (None, None) => None,
            (None, Some(_)) => return Err("`beyond` needs an `each`".to_owned()),
        };
        let only = only.into_iter().map(|(at, value)| Ok((place(&at)?, exact(&value)?))).collect::<Result<_, String>>()?;
        Ok(Self { each, only, change })
    }
}

fn exact(value: &Value) -> Result<Json, String> {
    Json::read(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

/// A place inside a record: a record's name and its key come first.
fn record(text: &str) -> Result<Place, String> {
    let place = text.parse::<Place>().map_err(|error| error.to_string())?;
    let keyed = matches!(place.steps.first(), Some(super::path::Step::Entry(_)));
    if keyed && !matches!(place.root.as_str(), "args" | "result" | "each") {
        Ok(place)
    } else {
        Err(format!(
            "`{text}` is no place in a record; write the record's name and its key first, such as `Order[args.order_id]`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(text: &str) -> Result<Effect, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_effect_is_one_of_five_changes() {
        assert!(matches!(effect(r#"{"set": "Order[args.id]", "to": "result"}"#).unwrap().change, Change::Set(..)));
        assert!(matches!(effect(r#"{"remove": "Order[args.id].note"}"#).unwrap().change, Change::Remove(_)));
        let both = effect(r#"{"set": "Order[args.id]", "remove": "Order[args.id]", "to": "result"}"#);
        assert!(both.is_err_and(|error| error.contains("a change is one of `set … to`")));
    }

    #[test]
    fn what_changes_is_a_record() {
        let error = effect(r#"{"set": "args.id", "to": "result"}"#).unwrap_err();
        assert!(error.contains("`args.id` is no place in a record"), "{error}");
    }

    #[test]
    fn a_member_that_nobody_knows_is_refused() {
        let error = effect(r#"{"set": "Order[args.id]", "too": "result"}"#).unwrap_err();
        assert!(error.contains("unknown field `too`"), "{error}");
    }

    #[test]
    fn the_mapping_of_the_documentation_is_one() {
        let documentation = include_str!("../../records.md");
        let (_, after) = documentation.split_once("```json").unwrap();
        let (mapping, _) = after.split_once("```").unwrap();
        let mapping: Mapping = serde_json::from_str(mapping).unwrap();
        assert_eq!(mapping.records.len(), 2);
        assert!(matches!(mapping.run.input.get("customer"), Some(Given::At(at)) if at == "who.id"));
        assert!(matches!(mapping.run.agent.get("id"), Some(Given::Always(Constant(Json::Text(id)))) if id == "triage-bot"));
        assert_eq!(mapping.after.get("refund").map(Vec::len), Some(2));
    }
}
