//! Places in JSON as the mapping file writes them: `args.payment_id`, `User[args.user_id].reservations`.

use agentc_runtime::json::Json;
use std::fmt;
use std::str::FromStr;

/// How deep brackets may stand in brackets.
const MAX_DEPTH: usize = 16;

/// A place: a root, then members and entries from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// `args`, `result`, `each`, or the name of a record.
    pub(super) root: String,
    /// What is taken of it, in order.
    pub(super) steps: Vec<Step>,
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// `.name`: the member of that name.
    Member(String),
    /// `[key]` or `[key, key]`: the member named so; after a record's name, its key.
    Entry(Vec<Key>),
}

/// What names a member or a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// What stands at a place.
    At(Place),
    /// A text in quotes, or a whole number.
    Literal(Json),
}

/// Why a text is no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no place: {why}")]
pub(super) struct PlaceError {
    /// What was written.
    text: String,
    /// What is wrong with it.
    why: &'static str,
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rest = text;
        let place =
            read(&mut rest, 0).and_then(|place| if rest.is_empty() { Ok(place) } else { Err("it goes on after its end") });
        place.map_err(|why| PlaceError { text: text.to_owned(), why })
    }
}

/// Reads a place from the front of `rest` and leaves what follows.
fn read(rest: &mut &str, depth: usize) -> Result<Place, &'static str> {
    if depth > MAX_DEPTH {
        return Err("its brackets are nested too deeply");
    }
    let root = name(rest).ok_or("it must begin with `args`, `result`, `each` or a record's name")?;
    let mut steps = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix('.') {
            *rest = after;
            steps.push(Step::Member(name(rest).ok_or("a name must follow each `.`")?));
        } else if let Some(after) = rest.strip_prefix('[') {
            *rest = after;
            let mut entries = vec![key(rest, depth.saturating_add(1))?];
            while let Some(after) = rest.strip_prefix(',') {
                *rest = after.trim_start();
                entries.push(key(rest, depth.saturating_add(1))?);
            }
            *rest = rest.strip_prefix(']').ok_or("a `[` is not closed")?;
            steps.push(Step::Entry(entries));
        } else {
            return Ok(Place { root, steps });
        }
    }
}

/// Reads what stands in brackets: a text in quotes, which has none inside, a whole number, or a place.
fn key(rest: &mut &str, depth: usize) -> Result<Key, &'static str> {
    if let Some(after) = rest.strip_prefix('"') {
        let (text, after) = after.split_once('"').ok_or("a text is not closed")?;
        *rest = after;
        return Ok(Key::Literal(Json::text(text)));
    }
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    if let Some((number, after)) = rest.split_at_checked(digits).filter(|(_, after)| after.starts_with([',', ']']))
        && let Ok(number) = number.parse()
    {
        *rest = after;
        return Ok(Key::Literal(Json::int(number)));
    }
    read(rest, depth).map(Key::At)
}

/// Takes a name from the front: letters, digits, `_`, `-`, at least one.
fn name(rest: &mut &str) -> Option<String> {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
    let (name, after) = rest.split_at_checked(end)?;
    *rest = after;
    if name.is_empty() { None } else { Some(name.to_owned()) }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        for step in &self.steps {
            match step {
                Step::Member(name) => write!(f, ".{name}")?,
                Step::Entry(entries) => {
                    let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
                    write!(f, "[{}]", entries.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(place) => write!(f, "{place}"),
            Self::Literal(value) => write!(f, "{value}"),
        }
    }
}

/// The text by which a value names a member or a record: text as it is, a number or truth value in digits or letters, several
/// values as a JSON list. Lists, objects and `null` name nothing.
pub(super) fn key_text(values: &[Json]) -> Option<String> {
    match values {
        [] => None,
        [one] => scalar_text(one),
        several => {
            several.iter().map(scalar_text).collect::<Option<Vec<String>>>()?;
            Some(Json::List(several.to_vec()).to_string())
        }
    }
}

fn scalar_text(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.clone()),
        Json::Number(number) => Some(number.as_str().to_owned()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}

/// Follows a plain dotted path, `data.users`, into a value.
pub(super) fn member<'v>(value: &'v Json, dotted: &str) -> Option<&'v Json> {
    dotted.split('.').try_fold(value, |value, name| value.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_prints_as_it_was_written() {
        for text in [
            "result",
            "args.user_id",
            "User[args.user_id].payment_methods[each.payment_id].amount",
            "Pull[args.repo, args.number]",
            "Account[\"bank account\"].balance",
            "Calendar[7].events[result.id_]",
            "Pull[\"acme/web\", args.number]",
        ] {
            assert_eq!(text.parse::<Place>().map(|place| place.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_place_is_said_to_be_none() {
        for (text, why) in [
            ("", "it must begin with `args`, `result`, `each` or a record's name"),
            ("args.", "a name must follow each `.`"),
            ("User[args.id", "a `[` is not closed"),
            ("User[\"ann]", "a text is not closed"),
            ("args.a b", "it goes on after its end"),
        ] {
            assert_eq!(text.parse::<Place>().map_err(|error| error.to_string()), Err(format!("`{text}` is no place: {why}")));
        }
        let deep = "a[".repeat(20_000);
        assert!(deep.parse::<Place>().is_err_and(|error| error.to_string().ends_with("its brackets are nested too deeply")));
    }

    #[test]
    fn keys_of_one_value_are_its_text_and_of_several_a_list() {
        assert_eq!(key_text(&[Json::text("A-1")]), Some("A-1".to_owned()));
        assert_eq!(key_text(&[Json::int(7)]), Some("7".to_owned()));
        assert_eq!(key_text(&[Json::text("a"), Json::int(7)]), Some("[\"a\",7]".to_owned()));
        assert_eq!(key_text(&[Json::Null]), None);
    }
}
