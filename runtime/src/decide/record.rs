//! Records that the host read from their sources.

use super::{Deciding, Reply};
use crate::bind;
use crate::event::{Found, Record};
use crate::json::Json;
use crate::run::{Content, MAX_READINGS, Mark};
use crate::types::RecordId;
use crate::value::Value;
use std::sync::Arc;

impl Deciding<'_> {
    pub(super) fn record(&mut self, event: &Record) -> Reply {
        let Some(record) = self.find_record(&event.source, &event.record) else {
            let (source, record) = (cut(&event.source), cut(&event.record));
            return Reply::refused(format!("the policy declares no record `{record}` of a source `{source}`"));
        };
        let key: Arc<[Value]> = match bind::key(self.policy, record, &event.key) {
            Ok(parts) => parts.into(),
            Err(misfits) => return Reply::refused(format!("the key of `{}` does not fit: {misfits}", event.record)),
        };
        let size = if let Found::Value(value) = &event.found { value.to_string().len() } else { 0 };
        if self.run.readings.len() >= MAX_READINGS || !self.run.hold(size) {
            return Reply::refused("the run holds as many records or as much data as one run may");
        }
        let content = if event.read_at > self.run.now {
            Content::Malformed(Arc::from(format!("`{}` was read in the future", event.record)))
        } else {
            self.content(record, &key, &event.found)
        };
        let mark = Mark { at: event.read_at.min(self.run.now), order: self.run.order };
        if matches!(content, Content::Value(_)) {
            self.run.readings.fetched(record, &key, mark);
        }
        let words = match &content {
            Content::Malformed(why) => format!("`{}` is taken, but it is malformed: {why}", event.record),
            _ => format!("`{}` is taken", event.record),
        };
        let unheld = self.run.readings.take(record, &key, mark, content, size);
        self.run.release(unheld);
        Reply::taken(words)
    }

    fn content(&self, record: RecordId, key: &[Value], found: &Found) -> Content {
        let name = self.policy.program().records.get(record.0 as usize).map_or("", |shape| shape.name.as_str());
        match found {
            Found::Absent => Content::Absent,
            Found::Unavailable => Content::Unavailable,
            Found::Value(json) if !self.holds_key(record, key, json) => {
                Content::Malformed(Arc::from(format!("`{name}` holds another key than the one it was asked for by")))
            }
            Found::Value(json) => match bind::record(self.policy, record, json) {
                Ok(value) => Content::Value(value),
                Err(misfits) => Content::Malformed(Arc::from(format!("`{name}` does not fit: {misfits}"))),
            },
        }
    }

    /// Whether what a value holds of its key is this key; what it does not hold does not speak against it.
    pub(super) fn holds_key(&self, record: RecordId, key: &[Value], json: &Json) -> bool {
        match bind::held_key(self.policy, record, json) {
            Ok(held) => held.iter().zip(key).all(|(held, asked)| held.as_ref().is_none_or(|held| held == asked)),
            Err(_) => false,
        }
    }

    fn find_record(&self, source: &str, record: &str) -> Option<RecordId> {
        let program = self.policy.program();
        let source = (0u32..).zip(&program.sources).find(|(_, name)| *name == source)?.0;
        let fits = |(_, shape): &(u32, &crate::program::RecordShape)| shape.name == record && shape.source == Some(source);
        (0u32..).zip(&program.records).find(fits).map(|(at, _)| RecordId(at))
    }
}

fn cut(name: &str) -> String {
    name.chars().take(100).collect()
}
