//! Cells as JSON: what a ledger outside this process keeps, and what crosses the ABI.

use super::{CellChange, CellKey, CellKind, CellValue, Commit, Counter, Entry, OpenRequest, Pause, Snapshot, Versioned, Write};
use crate::decimal::Decimal;
use crate::json::Json;
use jiff::Timestamp;

/// Why JSON is no cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a cell cannot be read: `{place}` {wrong}")]
pub struct CellError {
    place: &'static str,
    wrong: String,
}

type Read<T> = Result<T, CellError>;

fn wrong<T>(place: &'static str, wrong: impl Into<String>) -> Read<T> {
    Err(CellError { place, wrong: wrong.into() })
}

impl CellKind {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Counter, "counter"), (Self::Pause, "pause"), (Self::Approval, "approval"), (Self::Unclear, "unclear")];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

impl CellKey {
    /// The key as one text, the same for the same cell on every host: the JSON of its six parts.
    #[must_use]
    pub fn to_text(&self) -> String {
        let parts = [&*self.policy, &*self.job, self.kind.name(), &*self.rule, &*self.key, &*self.window];
        Json::List(parts.into_iter().map(Json::text).collect()).to_string()
    }

    /// Reads what [`CellKey::to_text`] wrote.
    ///
    /// # Errors
    /// [`CellError`] where the text is no key.
    pub fn from_text(text: &str) -> Read<Self> {
        let Ok(Json::List(parts)) = Json::read(text.as_bytes()) else { return wrong("key", "is no key of a cell") };
        let parts: Vec<&str> = parts.iter().filter_map(Json::as_text).collect();
        let [policy, job, kind, rule, key, window] = parts[..] else { return wrong("key", "is no key of a cell") };
        let Some((kind, _)) = CellKind::ALL.into_iter().find(|(_, name)| *name == kind) else {
            return wrong("key", format!("says `{kind}`, which no cell keeps"));
        };
        let [policy, job, rule, key, window] = [policy, job, rule, key, window].map(str::to_owned);
        let cell = Self { policy, job, kind, rule, key, window };
        // A ledger compares keys as texts, so that a key must not come in two spellings.
        if cell.to_text() == text { Ok(cell) } else { wrong("key", "is not written as it was given") }
    }
}

impl CellValue {
    /// The value as JSON: an object with one member, which says what the cell keeps.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let (name, json) = match self {
            Self::Counter(counter) => ("counter", counter_json(counter)),
            Self::Pause(pause) => {
                ("pause", Json::object([("by", Json::text(&*pause.by)), ("at", Json::text(pause.at.to_string()))]))
            }
            Self::Approval(open) => {
                ("approval", Json::object([("binds", Json::text(&*open.binds)), ("at", Json::text(open.at.to_string()))]))
            }
            Self::Unclear(calls) => ("unclear", Json::List(calls.iter().map(|call| Json::text(&**call)).collect())),
        };
        Json::object([(name, json)])
    }

    /// Reads what [`CellValue::to_json`] wrote.
    ///
    /// # Errors
    /// [`CellError`] names the member that does not fit.
    pub fn from_json(json: &Json) -> Read<Self> {
        let Some([(name, inner)]) = json.as_object() else { return wrong("value", "must be an object with one member") };
        match name.as_str() {
            "counter" => read_counter(inner).map(Self::Counter),
            "pause" => Ok(Self::Pause(Pause { by: text(inner, "by")?, at: time(inner, "at")? })),
            "approval" => Ok(Self::Approval(OpenRequest { binds: text(inner, "binds")?, at: time(inner, "at")? })),
            "unclear" => {
                let calls: Option<Vec<String>> =
                    inner.as_list().and_then(|calls| calls.iter().map(|call| call.as_text().map(str::to_owned)).collect());
                calls.map(Self::Unclear).map_or_else(|| wrong("unclear", "must be a list of texts"), Ok)
            }
            other => wrong("value", format!("says `{other}`, which no cell keeps")),
        }
    }
}

fn counter_json(counter: &Counter) -> Json {
    let entry = |entry: &Entry| {
        let mut members = vec![
            ("at", Json::text(entry.at.to_string())),
            ("call", Json::text(&*entry.call)),
            ("amount", Json::text(entry.amount.to_string())),
        ];
        if let Some(value) = &entry.value {
            members.push(("value", Json::text(&**value)));
        }
        Json::object(members)
    };
    Json::object([
        ("total", Json::text(counter.total.to_string())),
        ("entries", Json::List(counter.entries.iter().map(entry).collect())),
    ])
}

fn read_counter(json: &Json) -> Read<Counter> {
    let Some(entries) = json.get("entries").and_then(Json::as_list) else { return wrong("entries", "must be a list") };
    let entry = |json: &Json| {
        let value = match json.get("value") {
            None => None,
            Some(_) => Some(text(json, "value")?),
        };
        Ok(Entry { at: time(json, "at")?, call: text(json, "call")?, amount: decimal(json, "amount")?, value })
    };
    let entries: Vec<Entry> = entries.iter().map(entry).collect::<Read<_>>()?;
    // Windows slide over them from the front.
    if !entries.is_sorted_by_key(|entry| entry.at) {
        return wrong("entries", "must stand in the order of their times");
    }
    Ok(Counter { total: decimal(json, "total")?, entries })
}

fn text(json: &Json, name: &'static str) -> Read<String> {
    json.get(name).and_then(Json::as_text).map(str::to_owned).map_or_else(|| wrong(name, "must be there, a text"), Ok)
}

fn time(json: &Json, name: &'static str) -> Read<Timestamp> {
    text(json, name)?.parse().or_else(|_| wrong(name, "must be a time as RFC 3339 writes it"))
}

fn decimal(json: &Json, name: &'static str) -> Read<Decimal> {
    text(json, name)?.parse().or_else(|_| wrong(name, "must be a decimal number as a text"))
}

impl Snapshot {
    /// Reads cells as a ledger gives them: a list of `key`, `version` and, where the cell holds something, `value`.
    ///
    /// # Errors
    /// [`CellError`] names the member that does not fit.
    pub fn from_json(json: &Json) -> Read<Self> {
        let Some(cells) = json.as_list() else { return wrong("cells", "must be a list") };
        let mut snapshot = Self::new();
        for cell in cells {
            let key = CellKey::from_text(&text(cell, "key")?)?;
            let version = version(cell, "version")?;
            let value = cell.get("value").map(CellValue::from_json).transpose()?;
            let kind = value.as_ref().map(CellValue::kind);
            if kind.is_some_and(|kind| kind != key.kind) {
                return wrong("value", "is not what a cell with this key keeps");
            }
            // Version 0 says that nothing is there: a ledger that mixes them up would have its commits refused for ever.
            if value.is_some() == (version == 0) {
                return wrong("version", "must be 0 for a cell that holds nothing, and for no other");
            }
            if snapshot.get(&key).is_some() {
                return wrong("cells", "hold one cell twice");
            }
            snapshot.insert(key, Versioned { version, value });
        }
        Ok(snapshot)
    }
}

impl Snapshot {
    /// The cells as [`Snapshot::from_json`] reads them.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let cell = |(key, cell): (&CellKey, &Versioned)| {
            let mut members = vec![("key", Json::text(key.to_text())), ("version", version_json(cell.version))];
            if let Some(value) = &cell.value {
                members.push(("value", value.to_json()));
            }
            Json::object(members)
        };
        Json::List(self.iter().map(cell).collect())
    }
}

fn version_json(version: u64) -> Json {
    Json::int(i64::try_from(version).unwrap_or(i64::MAX))
}

impl CellValue {
    /// What kind of cell holds it.
    #[must_use]
    pub fn kind(&self) -> CellKind {
        match self {
            Self::Counter(_) => CellKind::Counter,
            Self::Pause(_) => CellKind::Pause,
            Self::Approval(_) => CellKind::Approval,
            Self::Unclear(_) => CellKind::Unclear,
        }
    }
}

impl Commit {
    /// What a ledger is to do, as JSON: a list of `key`, `expected`, `write` (`keep`, `clear` or `set`) and, where it is set,
    /// `value` and `keep_until`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let change = |change: &CellChange| {
            let mut members = vec![("key", Json::text(change.key.to_text())), ("expected", version_json(change.expected))];
            match &change.write {
                Write::Keep => members.push(("write", Json::text("keep"))),
                Write::Clear => members.push(("write", Json::text("clear"))),
                Write::Set { value, keep_until } => {
                    members.push(("write", Json::text("set")));
                    members.push(("value", value.to_json()));
                    if let Some(until) = keep_until {
                        members.push(("keep_until", Json::text(until.to_string())));
                    }
                }
            }
            Json::object(members)
        };
        Json::List(self.cells.iter().map(change).collect())
    }

    /// Reads what [`Commit::to_json`] wrote.
    ///
    /// # Errors
    /// [`CellError`] names the member that does not fit.
    pub fn from_json(json: &Json) -> Read<Self> {
        let Some(changes) = json.as_list() else { return wrong("commit", "must be a list") };
        changes.iter().map(read_change).collect::<Read<_>>().map(|cells| Self { cells })
    }
}

fn read_change(json: &Json) -> Read<CellChange> {
    let key = CellKey::from_text(&text(json, "key")?)?;
    let write = match text(json, "write")?.as_str() {
        "keep" => Write::Keep,
        "clear" => Write::Clear,
        "set" => {
            let Some(value) = json.get("value") else { return wrong("value", "must be there for what is set") };
            let keep_until = json.get("keep_until").map(|_| time(json, "keep_until")).transpose()?;
            Write::Set { value: CellValue::from_json(value)?, keep_until }
        }
        _ => return wrong("write", "must be `keep`, `clear` or `set`"),
    };
    Ok(CellChange { key, expected: version(json, "expected")?, write })
}

fn version(json: &Json, name: &'static str) -> Read<u64> {
    let number = json.get(name).and_then(Json::as_number).and_then(|number| number.as_str().parse().ok());
    number.map_or_else(|| wrong(name, "must be there, a whole number that is not negative"), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: CellKind) -> CellKey {
        let [policy, job, rule, key, window] =
            ["acme.refunds", "triage", "daily", "\"c-9\"", "day 2026-05-04 UTC"].map(str::to_owned);
        CellKey { policy, job, kind, rule, key, window }
    }

    fn values() -> Vec<CellValue> {
        let at: Timestamp = "2026-05-04T10:00:00Z".parse().unwrap();
        let entry = |value: Option<&str>| Entry {
            at,
            call: "r1/c1".into(),
            amount: "40.50".parse().unwrap(),
            value: value.map(str::to_owned),
        };
        vec![
            CellValue::Counter(Counter { total: "-0.5".parse().unwrap(), entries: vec![entry(None), entry(Some("\"a\""))] }),
            CellValue::Pause(Pause { by: "ann".into(), at }),
            CellValue::Approval(OpenRequest { binds: "d1".into(), at }),
            CellValue::Unclear(vec!["r1/c1".into(), "r1/c2".into()]),
        ]
    }

    #[test]
    fn what_is_written_is_read_back() {
        for value in values() {
            let text = value.to_json().to_string();
            assert_eq!(CellValue::from_json(&Json::read(text.as_bytes()).unwrap()), Ok(value.clone()), "{text}");
            let key = key(value.kind());
            assert_eq!(CellKey::from_text(&key.to_text()), Ok(key));
        }
        assert_eq!(
            key(CellKind::Counter).to_text(),
            r#"["acme.refunds","triage","counter","daily","\"c-9\"","day 2026-05-04 UTC"]"#
        );
    }

    #[test]
    fn a_commit_says_what_the_ledger_must_do() {
        let keep_until = Some("2026-05-05T00:00:00Z".parse().unwrap());
        let change = |kind, expected, write| CellChange { key: key(kind), expected, write };
        let commit = Commit {
            cells: vec![
                change(CellKind::Pause, 0, Write::Keep),
                change(CellKind::Approval, 3, Write::Clear),
                change(CellKind::Unclear, 4, Write::Set { value: values().pop().unwrap(), keep_until }),
            ],
        };
        let key = |kind: &str| format!(r#"["acme.refunds","triage","{kind}","daily","\"c-9\"","day 2026-05-04 UTC"]"#);
        let text = |kind: &str| Json::text(key(kind)).to_string();
        assert_eq!(
            commit.to_json().to_string(),
            format!(
                r#"[{{"key":{},"expected":0,"write":"keep"}},{{"key":{},"expected":3,"write":"clear"}},{{"key":{},"expected":4,"write":"set","value":{{"unclear":["r1/c1","r1/c2"]}},"keep_until":"2026-05-05T00:00:00Z"}}]"#,
                text("pause"),
                text("approval"),
                text("unclear")
            )
        );
        assert_eq!(Commit::from_json(&commit.to_json()), Ok(commit));
    }

    #[test]
    fn a_snapshot_is_read_back() {
        let mut snapshot = Snapshot::new();
        snapshot.insert(key(CellKind::Approval), Versioned::default());
        snapshot.insert(key(CellKind::Unclear), Versioned { version: 7, value: values().pop() });
        assert_eq!(Snapshot::from_json(&snapshot.to_json()), Ok(snapshot));
    }

    #[test]
    fn what_is_no_cell_is_refused_by_its_member() {
        let key = Json::text(key(CellKind::Pause).to_text()).to_string();
        for (cells, why) in [
            ("{}".to_owned(), "`cells` must be a list"),
            ("[{}]".to_owned(), "`key` must be there, a text"),
            (r#"[{"key":"x","version":0}]"#.to_owned(), "`key` is no key of a cell"),
            (
                r#"[{"key":"[\"p\",\"j\",\"sum\",\"\",\"\",\"\"]","version":0}]"#.to_owned(),
                "`key` says `sum`, which no cell keeps",
            ),
            (
                r#"[{"key":"[ \"p\",\"j\",\"pause\",\"\",\"\",\"\"]","version":0}]"#.to_owned(),
                "`key` is not written as it was given",
            ),
            (format!(r#"[{{"key":{key}}}]"#), "`version` must be there, a whole number that is not negative"),
            (format!(r#"[{{"key":{key},"version":-1}}]"#), "`version` must be there, a whole number that is not negative"),
            (format!(r#"[{{"key":{key},"version":1}}]"#), "`version` must be 0 for a cell that holds nothing, and for no other"),
            (format!(r#"[{{"key":{key},"version":0}},{{"key":{key},"version":0}}]"#), "`cells` hold one cell twice"),
            (format!(r#"[{{"key":{key},"version":1,"value":{{}}}}]"#), "`value` must be an object with one member"),
            (
                format!(r#"[{{"key":{key},"version":1,"value":{{"unclear":[]}}}}]"#),
                "`value` is not what a cell with this key keeps",
            ),
            (format!(r#"[{{"key":{key},"version":1,"value":{{"sum":1}}}}]"#), "`value` says `sum`, which no cell keeps"),
            (
                format!(r#"[{{"key":{key},"version":1,"value":{{"pause":{{"by":"ann","at":"noon"}}}}}}]"#),
                "`at` must be a time as RFC 3339 writes it",
            ),
            (
                format!(r#"[{{"key":{key},"version":1,"value":{{"counter":{{"total":"x","entries":[]}}}}}}]"#),
                "`total` must be a decimal number as a text",
            ),
            (
                format!(
                    r#"[{{"key":{key},"version":1,"value":{{"counter":{{"total":"0","entries":[{{"at":"2026-05-05T00:00:00Z","call":"c","amount":"1"}},{{"at":"2026-05-04T00:00:00Z","call":"c","amount":"1"}}]}}}}}}]"#
                ),
                "`entries` must stand in the order of their times",
            ),
        ] {
            let error = Snapshot::from_json(&Json::read(cells.as_bytes()).unwrap()).unwrap_err();
            assert_eq!(error.to_string(), format!("a cell cannot be read: {why}"), "{cells}");
        }
    }
}
