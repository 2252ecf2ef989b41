//! Reads events from JSON and writes them back.

use super::*;
use crate::json::{JsonError, Number};

/// Where an event may hold a member twice: in the arguments of a call, which is denied for it.
pub const DOUBLES: &[&str] = &["args"];

/// Why an event cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It is no JSON.
    #[error("an event cannot be read: {0}")]
    Json(#[from] JsonError),
    /// It is no event.
    #[error("an event cannot be read: `{place}` {wrong}")]
    Shape {
        /// The member, `by.roles`.
        place: String,
        /// What is wrong, `is missing`.
        wrong: String,
    },
}

impl EventError {
    fn at(place: &str, wrong: impl Into<String>) -> Self {
        Self::Shape { place: place.to_owned(), wrong: wrong.into() }
    }
}

impl Event {
    /// Reads one event from JSON text.
    ///
    /// # Errors
    /// [`EventError`] names the place and says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, EventError> {
        Self::from_json(Self::read_json(bytes)?)
    }

    /// Reads the JSON text of an event, for a host that adds members of its own before [`Event::from_json`]. Doubled members are an error
    /// everywhere but in the arguments of a call, which is denied for them.
    ///
    /// # Errors
    /// [`JsonError`] says what is wrong and where.
    pub fn read_json(bytes: &[u8]) -> Result<Json, JsonError> {
        Json::read_keeping_doubles(bytes, DOUBLES)
    }

    /// Reads one event.
    ///
    /// # Errors
    /// [`EventError`] names the place and says what is wrong.
    pub fn from_json(json: Json) -> Result<Self, EventError> {
        let mut members = Members::new(json, "")?;
        let name = members.text("event")?;
        let at = members.time("at")?;
        let kind = kind(&name, at, &mut members)?;
        members.finish(&format!("is no member of the event `{name}`"))?;
        Ok(Self { at, kind })
    }

    /// The event as JSON: what [`Event::read`] reads as this event.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut members = vec![("event".to_owned(), Json::text(self.kind.name()))];
        let mut put = |name: &str, json: Json| members.push((name.to_owned(), json));
        match &self.kind {
            EventKind::Open(open) => {
                put("run", Json::text(&*open.run));
                put("job", Json::text(&*open.job));
                put("input", open.input.clone());
                put("agent", open.agent.clone());
                if let Some(user) = &open.user {
                    put("user", user.clone());
                }
                put("environment", open.environment.clone());
            }
            EventKind::Call(call) => {
                put("id", Json::text(&*call.id));
                put("verb", Json::text(&*call.verb));
                put("args", call.args.clone());
            }
            EventKind::Result(result) => {
                put("id", Json::text(&*result.id));
                match &result.outcome {
                    ResultOutcome::Ok(value) => put("value", value.clone()),
                    ResultOutcome::Refused(code) => put("refused", Json::text(&**code)),
                    ResultOutcome::Unclear => put("unclear", Json::Bool(true)),
                }
            }
            EventKind::Record(record) => {
                put("source", Json::text(&*record.source));
                put("record", Json::text(&*record.record));
                put("key", record.key.clone());
                match &record.found {
                    Found::Value(value) => put("value", value.clone()),
                    Found::Absent => put("absent", Json::Bool(true)),
                    Found::Unavailable => put("unavailable", Json::Bool(true)),
                }
                put("read_at", Json::text(record.read_at.to_string()));
            }
            EventKind::Approval(approval) => {
                put("request", Json::text(&*approval.request));
                put("by", approval.by.to_json());
                put("approve", Json::Bool(approval.answer == Vote::Approve));
            }
            EventKind::Usage(usage) => {
                put("cost", Json::Number(Number::from(usage.cost)));
                put("tokens", Json::int(usage.tokens));
            }
            EventKind::Signal(signal) => {
                if let Some(confidence) = signal.confidence {
                    put("confidence", Json::Number(Number::from(confidence)));
                }
                if !signal.signals.is_empty() {
                    put("signals", Json::Object(signal.signals.clone()));
                }
            }
            EventKind::Tick | EventKind::End => {}
            EventKind::Pause(stopper) | EventKind::Resume(stopper) => {
                put("scope", Json::text(stopper.scope.name()));
                if let Scope::Verb(verb) = &stopper.scope {
                    put("verb", Json::text(&**verb));
                }
                put("by", stopper.by.to_json());
            }
            EventKind::Undo(undo) => {
                if let Some(call) = &undo.call {
                    put("call", Json::text(&**call));
                }
                put("by", undo.by.to_json());
            }
        }
        put("at", Json::text(self.at.to_string()));
        Json::Object(members)
    }
}

impl Person {
    fn to_json(&self) -> Json {
        let roles = self.roles.iter().map(|role| Json::text(&**role)).collect();
        Json::object([("id", Json::text(&*self.id)), ("roles", Json::List(roles))])
    }
}

impl Scope {
    /// Its name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Verb(_) => "verb",
            Self::Job => "job",
            Self::Policy => "policy",
        }
    }
}

fn kind(name: &str, at: Timestamp, members: &mut Members) -> Result<EventKind, EventError> {
    Ok(match name {
        "open" => EventKind::Open(Box::new(Open {
            run: members.id("run")?,
            job: members.id("job")?,
            input: members.object_or_empty("input")?,
            agent: members.object("agent")?,
            user: members.take("user").map(|user| object(user, "user")).transpose()?,
            environment: members.object_or_empty("environment")?,
        })),
        "call" => EventKind::Call(Call { id: members.id("id")?, verb: members.text("verb")?, args: members.object("args")? }),
        "result" => EventKind::Result(CallResult { id: members.id("id")?, outcome: result_outcome(members)? }),
        "record" => EventKind::Record(Record {
            source: members.text("source")?,
            record: members.text("record")?,
            key: members.need("key")?,
            found: found(members)?,
            read_at: if members.has("read_at") { members.time("read_at")? } else { at },
        }),
        "approval" => EventKind::Approval(Approval {
            request: members.text("request")?,
            by: members.person("by")?,
            answer: if members.truth("approve")? { Vote::Approve } else { Vote::Refuse },
        }),
        "usage" => EventKind::Usage(usage(members)?),
        "signal" => EventKind::Signal(signal(members)?),
        "tick" => EventKind::Tick,
        "pause" => EventKind::Pause(stopper(members)?),
        "resume" => EventKind::Resume(stopper(members)?),
        "undo" => EventKind::Undo(Undo {
            call: if members.has("call") { Some(members.id("call")?) } else { None },
            by: members.person("by")?,
        }),
        "end" => EventKind::End,
        other => return Err(EventError::at("event", format!("is `{other}`, which is no event"))),
    })
}

fn result_outcome(members: &mut Members) -> Result<ResultOutcome, EventError> {
    match members.one_of(&["value", "refused", "unclear"])? {
        ("value", value) => Ok(ResultOutcome::Ok(value)),
        ("refused", Json::Text(code)) => Ok(ResultOutcome::Refused(code)),
        ("refused", _) => Err(EventError::at("refused", "must be the code as a text")),
        (_, Json::Bool(true)) => Ok(ResultOutcome::Unclear),
        (name, _) => Err(EventError::at(name, "can only be `true`")),
    }
}

fn found(members: &mut Members) -> Result<Found, EventError> {
    match members.one_of(&["value", "absent", "unavailable"])? {
        ("value", value) => Ok(Found::Value(value)),
        ("absent", Json::Bool(true)) => Ok(Found::Absent),
        ("unavailable", Json::Bool(true)) => Ok(Found::Unavailable),
        (name, _) => Err(EventError::at(name, "can only be `true`")),
    }
}

fn usage(members: &mut Members) -> Result<Usage, EventError> {
    if !members.has("cost") && !members.has("tokens") {
        return Err(EventError::at("cost", "is missing, and so is `tokens`: one of them must be there"));
    }
    let cost = if members.has("cost") { members.decimal("cost")? } else { Decimal::ZERO };
    if cost.is_negative() {
        return Err(EventError::at("cost", "is negative"));
    }
    let tokens = if members.has("tokens") {
        let number = members.decimal("tokens")?.to_i64();
        number
            .filter(|tokens| *tokens >= 0)
            .ok_or_else(|| EventError::at("tokens", "must be a whole number that is not negative"))?
    } else {
        0
    };
    Ok(Usage { cost, tokens })
}

fn signal(members: &mut Members) -> Result<Signal, EventError> {
    let confidence = if members.has("confidence") {
        let confidence = members.decimal("confidence")?;
        if confidence.is_negative() || confidence > Decimal::from(1) {
            return Err(EventError::at("confidence", "must be a number from 0 to 1"));
        }
        Some(confidence)
    } else {
        None
    };
    let signals = match members.object_or_empty("signals")? {
        Json::Object(signals) => signals,
        _ => Vec::new(),
    };
    if confidence.is_none() && signals.is_empty() {
        return Err(EventError::at("confidence", "is missing, and so is `signals`: one of them must be there"));
    }
    Ok(Signal { confidence, signals })
}

fn stopper(members: &mut Members) -> Result<Stopper, EventError> {
    let scope = match members.text("scope")?.as_str() {
        "verb" => Scope::Verb(members.text("verb")?),
        "job" => Scope::Job,
        "policy" => Scope::Policy,
        other => return Err(EventError::at("scope", format!("is `{other}`; it must be `verb`, `job` or `policy`"))),
    };
    Ok(Stopper { scope, by: members.person("by")? })
}

fn object(json: Json, place: &str) -> Result<Json, EventError> {
    match json {
        Json::Object(_) => Ok(json),
        other => Err(EventError::at(place, format!("must be an object, not {}", other.kind()))),
    }
}

/// The members of an object, each taken once.
struct Members {
    members: Vec<(String, Json)>,
    inside: String,
}

impl Members {
    fn new(json: Json, inside: &str) -> Result<Self, EventError> {
        match json {
            Json::Object(members) => Ok(Self { members, inside: inside.to_owned() }),
            other if inside.is_empty() => {
                Err(EventError::at("event", format!("must stand in an object, not in {}", other.kind())))
            }
            other => Err(EventError::at(inside, format!("must be an object, not {}", other.kind()))),
        }
    }

    fn place(&self, name: &str) -> String {
        if self.inside.is_empty() { name.to_owned() } else { format!("{}.{name}", self.inside) }
    }

    fn wrong(&self, name: &str, wrong: impl Into<String>) -> EventError {
        EventError::at(&self.place(name), wrong)
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, _)| member == name)
    }

    fn take(&mut self, name: &str) -> Option<Json> {
        let at = self.members.iter().position(|(member, _)| member == name)?;
        Some(self.members.remove(at).1)
    }

    fn need(&mut self, name: &str) -> Result<Json, EventError> {
        self.take(name).ok_or_else(|| self.wrong(name, "is missing"))
    }

    fn text(&mut self, name: &str) -> Result<String, EventError> {
        match self.need(name)? {
            Json::Text(text) => Ok(text),
            other => Err(self.wrong(name, format!("must be a text, not {}", other.kind()))),
        }
    }

    fn id(&mut self, name: &str) -> Result<String, EventError> {
        let id = self.text(name)?;
        if id.is_empty() || id.len() > MAX_ID_BYTES {
            return Err(self.wrong(name, format!("must have 1 to {MAX_ID_BYTES} bytes")));
        }
        Ok(id)
    }

    fn truth(&mut self, name: &str) -> Result<bool, EventError> {
        match self.need(name)? {
            Json::Bool(truth) => Ok(truth),
            other => Err(self.wrong(name, format!("must be `true` or `false`, not {}", other.kind()))),
        }
    }

    fn decimal(&mut self, name: &str) -> Result<Decimal, EventError> {
        let json = self.need(name)?;
        let text = match &json {
            Json::Number(number) => number.as_str(),
            Json::Text(text) => text,
            other => return Err(self.wrong(name, format!("must be a number, not {}", other.kind()))),
        };
        text.parse().map_err(|error| self.wrong(name, format!("cannot be read: {error}")))
    }

    fn time(&mut self, name: &str) -> Result<Timestamp, EventError> {
        let text = self.text(name)?;
        let no_time = || self.wrong(name, format!("is `{text}`, which is no RFC 3339 time such as `2026-05-04T10:00:00Z`"));
        text.parse().map_err(|_| no_time())
    }

    fn object(&mut self, name: &str) -> Result<Json, EventError> {
        let json = self.need(name)?;
        object(json, &self.place(name))
    }

    fn object_or_empty(&mut self, name: &str) -> Result<Json, EventError> {
        self.take(name).map_or_else(|| Ok(Json::Object(Vec::new())), |json| object(json, &self.place(name)))
    }

    fn one_of(&mut self, names: &[&'static str]) -> Result<(&'static str, Json), EventError> {
        let listed = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let found: Vec<&'static str> = names.iter().copied().filter(|name| self.has(name)).collect();
        match found.as_slice() {
            [name] => Ok((name, self.need(name)?)),
            [] => Err(self.wrong(names.first().copied().unwrap_or(""), format!("is missing: one of {} must be there", listed()))),
            [_, second, ..] => Err(self.wrong(second, format!("is too much: only one of {} may be there", listed()))),
        }
    }

    fn person(&mut self, name: &str) -> Result<Person, EventError> {
        let mut members = Self::new(self.need(name)?, &self.place(name))?;
        let id = members.id("id")?;
        let roles = members.take("roles").unwrap_or_else(|| Json::List(Vec::new()));
        let Json::List(roles) = roles else {
            return Err(members.wrong("roles", format!("must be a list of texts, not {}", roles.kind())));
        };
        let roles = roles
            .into_iter()
            .map(|role| match role {
                Json::Text(role) if role.len() <= MAX_ID_BYTES => Ok(role),
                _ => Err(members.wrong("roles", format!("must hold texts of at most {MAX_ID_BYTES} bytes"))),
            })
            .collect::<Result<_, _>>()?;
        members.finish("is no member of an identity")?;
        Ok(Person { id, roles })
    }

    fn finish(mut self, wrong: &str) -> Result<(), EventError> {
        match self.members.pop() {
            None => Ok(()),
            Some((name, _)) => Err(self.wrong(&name, wrong)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_read_and_written_back() {
        for text in [
            r#"{"event":"open","run":"r1","job":"j","input":{"t":1.50},"agent":{"id":"a","roles":[]},"user":{"id":"u","roles":["x"]},"environment":{},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"call","id":"c1","verb":"refund","args":{"order_id":"A-1"},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"result","id":"c1","value":null,"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"result","id":"c1","refused":"declined","at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"result","id":"c1","unclear":true,"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"record","source":"s","record":"R","key":["a",1],"value":{},"read_at":"2026-05-04T09:00:00Z","at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"record","source":"s","record":"R","key":"k","absent":true,"read_at":"2026-05-04T09:00:00Z","at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"record","source":"s","record":"R","key":"k","unavailable":true,"read_at":"2026-05-04T09:00:00Z","at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"approval","request":"q","by":{"id":"ann","roles":["lead"]},"approve":false,"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"usage","cost":0.25,"tokens":10,"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"signal","confidence":0.7,"signals":{"reason":"x"},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"tick","at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"pause","scope":"verb","verb":"refund","by":{"id":"ann","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"resume","scope":"policy","by":{"id":"ann","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"undo","call":"c1","by":{"id":"ann","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"undo","by":{"id":"ann","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
            r#"{"event":"end","at":"2026-05-04T10:00:00Z"}"#,
        ] {
            let event = Event::read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(event.to_json().to_string(), text);
        }
    }

    #[test]
    fn an_error_names_the_place() {
        for (text, message) in [
            ("[]", "`event` must stand in an object, not in a list"),
            (r#"{"at":"2026-05-04T10:00:00Z"}"#, "`event` is missing"),
            (r#"{"event":"tick"}"#, "`at` is missing"),
            (r#"{"event":"tick","at":"noon"}"#, "`at` is `noon`, which is no RFC 3339 time such as `2026-05-04T10:00:00Z`"),
            (r#"{"event":"tock","at":"2026-05-04T10:00:00Z"}"#, "`event` is `tock`, which is no event"),
            (r#"{"event":"tick","at":"2026-05-04T10:00:00Z","x":1}"#, "`x` is no member of the event `tick`"),
            (r#"{"event":"call","id":"","verb":"v","args":{},"at":"2026-05-04T10:00:00Z"}"#, "`id` must have 1 to 256 bytes"),
            (
                r#"{"event":"call","id":"c","verb":"v","args":[],"at":"2026-05-04T10:00:00Z"}"#,
                "`args` must be an object, not a list",
            ),
            (
                r#"{"event":"result","id":"c","at":"2026-05-04T10:00:00Z"}"#,
                "`value` is missing: one of `value`, `refused`, `unclear` must be there",
            ),
            (
                r#"{"event":"result","id":"c","value":1,"refused":"x","at":"2026-05-04T10:00:00Z"}"#,
                "`refused` is too much: only one of `value`, `refused`, `unclear` may be there",
            ),
            (r#"{"event":"result","id":"c","unclear":false,"at":"2026-05-04T10:00:00Z"}"#, "`unclear` can only be `true`"),
            (
                r#"{"event":"approval","request":"q","by":{"id":"ann","role":[]},"approve":true,"at":"2026-05-04T10:00:00Z"}"#,
                "`by.role` is no member of an identity",
            ),
            (r#"{"event":"usage","cost":-1,"at":"2026-05-04T10:00:00Z"}"#, "`cost` is negative"),
            (
                r#"{"event":"usage","tokens":1.5,"at":"2026-05-04T10:00:00Z"}"#,
                "`tokens` must be a whole number that is not negative",
            ),
            (r#"{"event":"signal","confidence":1.1,"at":"2026-05-04T10:00:00Z"}"#, "`confidence` must be a number from 0 to 1"),
            (
                r#"{"event":"pause","scope":"all","by":{"id":"a"},"at":"2026-05-04T10:00:00Z"}"#,
                "`scope` is `all`; it must be `verb`, `job` or `policy`",
            ),
        ] {
            let error = Event::read(text.as_bytes()).unwrap_err().to_string();
            assert_eq!(error, format!("an event cannot be read: {message}"), "{text}");
        }
        let error = Event::read(b"{\"event\":").unwrap_err().to_string();
        assert!(error.starts_with("an event cannot be read: "), "{error}");
    }
}
