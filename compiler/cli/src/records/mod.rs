//! Records answered from JSON files, as a host would answer them from its systems of record.
//!
#![doc = include_str!("../../records.md")]

mod effects;
mod mapping;
mod path;

use crate::failure::Failure;
use agentc_compiler::diagnostic::did_you_mean;
use agentc_runtime::event::Found;
use agentc_runtime::json::Json;
use agentc_runtime::program::Program;
use mapping::{Given, LongTable, Mapping, Table};
use path::{Place, key_text, member};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is wrong with a mapping, with the data it names, or with an effect on them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {why}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A file is not what it must be.
    #[error("`{}`: {why}", file.display())]
    Shape {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// An effect of the mapping cannot be applied to what a write brought.
    #[error("the effect on `{place}` cannot be applied: {why}")]
    Effect {
        /// The place as the mapping writes it.
        place: String,
        /// What is wrong.
        why: &'static str,
    },
}

impl RecordsError {
    fn effect(place: &Place, why: &'static str) -> Self {
        Self::Effect { place: place.to_string(), why }
    }
}

/// How a recorded run is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The job, where the mapping names it.
    pub job: Option<String>,
    /// The job's input.
    pub input: Json,
    /// The environment.
    pub environment: Json,
    /// The attributes of the person served.
    pub user: Json,
    /// The attributes of the agent.
    pub agent: Json,
    /// When a run begins whose events do not say it.
    pub at: Option<String>,
}

/// A world of records: the files, and what writes have changed since. A clone is a world of its own, and cheap before it changes.
#[derive(Debug, Clone)]
pub struct Records {
    mapping: Arc<Mapping>,
    tables: Arc<BTreeMap<String, BTreeMap<String, Json>>>,
    changed: BTreeMap<(String, String), Option<Json>>,
}

impl Records {
    /// Reads the mapping at `path`, or `records.json` in it where it is a folder, and the files it names, which lie in `data`, or beside the mapping.
    ///
    /// # Errors
    /// [`RecordsError`] with the file that cannot be read or is not what it must be.
    pub fn open(path: &Path, data: Option<&Path>) -> Result<Self, RecordsError> {
        let file = if path.is_dir() { path.join("records.json") } else { path.to_owned() };
        let text = read_file(&file)?;
        let mapping: Mapping =
            serde_json::from_str(&text).map_err(|error| RecordsError::Shape { file: file.clone(), why: error.to_string() })?;
        let beside = file.parent().unwrap_or(Path::new("")).to_owned();
        let folder = data.unwrap_or(&beside);
        let mut tables = BTreeMap::new();
        for (record, table) in &mapping.records {
            let long = match table {
                Table::File(file) => LongTable { file: file.clone(), at: None, key: Vec::new() },
                Table::Long(long) => long.clone(),
            };
            tables.insert(record.clone(), read_table(&folder.join(&long.file), &long)?);
        }
        Ok(Self { mapping: Arc::new(mapping), tables: Arc::new(tables), changed: BTreeMap::new() })
    }

    /// Opens a mapping for a policy: each record that it names must be one that the policy declares.
    ///
    /// # Errors
    /// A [`Failure`] that names the record and the nearest declared one, or what [`Records::open`] says.
    pub fn open_for(program: &Program, path: &Path, data: Option<&Path>) -> Result<Self, Failure> {
        let records = Self::open(path, data).map_err(|error| Failure::said(error.to_string()))?;
        let declared: Vec<&str> = program.records.iter().map(|record| record.name.as_str()).collect();
        let Some(unknown) = records.mapping.records.keys().find(|name| !declared.contains(&name.as_str())) else {
            return Ok(records);
        };
        let help = did_you_mean(unknown, declared.iter().copied());
        Err(Failure::with_help(
            format!("the mapping in `{}` names a record `{unknown}` that the policy does not declare", path.display()),
            help.unwrap_or_else(|| format!("the policy declares: {}", declared.join(", "))),
        ))
    }

    /// What the files say of the record under a key, which is a list of its parts where it is composite: unavailable where the mapping
    /// names no file for records of this name.
    #[must_use]
    pub fn get(&self, record: &str, key: &Json) -> Found {
        let Some(key) = key_name(key) else {
            return Found::Absent;
        };
        let at = (record.to_owned(), key);
        match (self.changed.get(&at), self.tables.get(record)) {
            (Some(Some(row)), _) => Found::Value(row.clone()),
            (Some(None), _) => Found::Absent,
            (None, Some(table)) => table.get(&at.1).map_or(Found::Absent, |row| Found::Value(row.clone())),
            (None, None) => Found::Unavailable,
        }
    }

    /// Puts a record under a key, or takes it away, in this world only. A key that names nothing changes nothing.
    pub fn put(&mut self, record: &str, key: &Json, row: Option<Json>) {
        if let Some(key) = key_name(key) {
            self.overlay(record, &key, row);
        }
    }

    /// Applies what the mapping says a finished write changes. The verb may be written with its tool before it or without.
    /// Gives the names of the records that changed, each with its key's name ([`key_name`]).
    ///
    /// # Errors
    /// [`RecordsError::Effect`] where the write did not bring what an effect needs; effects before it stay.
    pub fn apply(&mut self, verb: &str, args: &Json, result: &Json) -> Result<Vec<(String, String)>, RecordsError> {
        let mapping = Arc::clone(&self.mapping);
        let short = verb.rsplit_once('.').map_or(verb, |(_, short)| short);
        let mut changed = Vec::new();
        for effect in mapping.after.get(verb).or_else(|| mapping.after.get(short)).into_iter().flatten() {
            effects::apply(self, effect, args, result, &mut changed)?;
        }
        Ok(changed)
    }

    /// How a line of a runs file opens a run; a member that the line does not have is left out.
    #[must_use]
    pub fn opening(&self, line: &Json) -> Opened {
        let take = |places: &BTreeMap<String, Given>| {
            let given = |given: &Given| match given {
                Given::At(at) => member(line, at).cloned(),
                Given::Always(value) => Some(value.0.clone()),
            };
            Json::object(places.iter().filter_map(|(name, place)| Some((name.clone(), given(place)?))))
        };
        let run = &self.mapping.run;
        Opened {
            job: run.job.clone(),
            input: take(&run.input),
            environment: take(&run.environment),
            user: take(&run.user),
            agent: take(&run.agent),
            at: run.at.clone(),
        }
    }

    fn row(&self, record: &str, key: &str) -> Option<Json> {
        match self.changed.get(&(record.to_owned(), key.to_owned())) {
            Some(row) => row.clone(),
            None => self.tables.get(record)?.get(key).cloned(),
        }
    }

    fn overlay(&mut self, record: &str, key: &str, row: Option<Json>) {
        self.changed.insert((record.to_owned(), key.to_owned()), row);
    }
}

/// The text by which files name a key: its own text, or the JSON list of its parts where it is composite; `None` where it is no key.
#[must_use]
pub fn key_name(key: &Json) -> Option<String> {
    match key {
        Json::List(parts) => key_text(parts),
        one => key_text(std::slice::from_ref(one)),
    }
}

fn read_file(file: &Path) -> Result<String, RecordsError> {
    fs::read_to_string(file).map_err(|error| RecordsError::Read { file: file.to_owned(), why: error.to_string() })
}

fn read_table(file: &Path, table: &LongTable) -> Result<BTreeMap<String, Json>, RecordsError> {
    let shape = |why: String| RecordsError::Shape { file: file.to_owned(), why };
    let text = read_file(file)?;
    let whole = if file.extension().is_some_and(|extension| extension == "jsonl") {
        let lines = (1u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let rows =
            lines.map(|(number, line)| Json::read(line.as_bytes()).map_err(|error| shape(format!("line {number}: {error}"))));
        Json::List(rows.collect::<Result<_, _>>()?)
    } else {
        Json::read(text.as_bytes()).map_err(|error| shape(error.to_string()))?
    };
    let inside = match &table.at {
        None => &whole,
        Some(at) => member(&whole, at).ok_or_else(|| shape(format!("there is nothing at `{at}`")))?,
    };
    if table.key.is_empty() {
        let members = inside.as_object();
        let members =
            members.ok_or_else(|| shape("it is no object; a list needs `key`, the members that make a row's key".to_owned()))?;
        return Ok(members.iter().cloned().collect());
    }
    let rows = inside.as_list().ok_or_else(|| shape("it is no list, though `key` is given".to_owned()))?;
    let mut keyed = BTreeMap::new();
    for (at, row) in (1u64..).zip(rows) {
        let parts = table.key.iter().map(|part| member(row, part).cloned()).collect::<Option<Vec<Json>>>();
        let key = parts.as_deref().and_then(key_text).ok_or_else(|| shape(format!("row {at} has no key")))?;
        if keyed.insert(key.clone(), row.clone()).is_some() {
            return Err(shape(format!("two rows have the key `{key}`")));
        }
    }
    Ok(keyed)
}

#[cfg(test)]
mod tests;
