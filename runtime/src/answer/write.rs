//! Answers as JSON.

use super::*;

/// For whom an answer is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// The host, which must pass some secrets on.
    Host,
    /// The trace, which holds none.
    Trace,
}

impl Answer {
    /// The answer for the host.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.write(For::Host)
    }

    /// The answer for the trace: all secrets are masked.
    #[must_use]
    pub fn to_trace(&self) -> Json {
        self.write(For::Trace)
    }

    fn write(&self, whom: For) -> Json {
        let mut out = Object::new();
        out.text("answer", self.event);
        out.text("run", &self.run);
        out.time("at", self.at);
        if let Some(call) = &self.call {
            out.text("call", call);
        }
        out.text("outcome", self.outcome.name());
        if let Some(by) = &self.by {
            out.put("by", by.write());
        }
        out.filled("fired", self.fired.iter().map(Fired::write));
        out.filled("shadow", self.shadow.iter().map(Fired::write));
        out.filled("values", self.values.iter().map(Decided::write));
        // Only a brief answer has no sentences.
        for (name, sentence) in [("model", &self.model), ("person", &self.person)] {
            if !sentence.is_empty() {
                out.text(name, sentence);
            }
        }
        out.text("retry", &self.retry.to_string());
        match &self.outcome {
            Outcome::Allow(allow) => out.put("allow", allow.write(whom)),
            Outcome::Need(needs) => out.list("needs", needs.iter().map(|need| need.write(whom))),
            Outcome::Approval(requests) => out.list("approvals", requests.iter().map(Request::write)),
            Outcome::Shown(Some(shown)) => out.put("shows", shown.write(whom)),
            Outcome::Undo(calls) => out.list("undo", calls.iter().map(|call| call.write(whom))),
            Outcome::Verdict(verdict) => out.put("verdict", verdict.write(whom)),
            Outcome::Deny | Outcome::Escalate | Outcome::Paused | Outcome::Taken | Outcome::Shown(None) | Outcome::Refused => {}
        }
        out.filled("settled", self.settled.iter().map(Settled::write));
        if let Some(handoff) = &self.escalated {
            out.put("escalated", handoff.write());
        }
        out.json()
    }
}

impl std::fmt::Display for Retry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::No => f.write_str("no"),
            Self::AfterApproval => f.write_str("after approval"),
            Self::AfterResume => f.write_str("after resume"),
            Self::After(time) => write!(f, "after {time}"),
            Self::AfterData => f.write_str("after data"),
            Self::WithOtherArguments => f.write_str("with other arguments"),
        }
    }
}

impl Sealed {
    fn write(&self, whom: For) -> Json {
        match whom {
            For::Host => self.open.clone(),
            For::Trace => self.masked.clone(),
        }
    }
}

impl Fired {
    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("rule", &self.rule);
        out.text("effect", self.effect.name());
        if let Some(because) = &self.because {
            out.text("because", because);
        }
        if let Some((file, line)) = &self.place {
            out.text("file", file);
            out.put("line", Json::int(i64::from(*line)));
        }
        out.json()
    }
}

impl Decided {
    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("label", &self.label);
        out.known(&self.value);
        out.text("provenance", self.provenance.name());
        if let Some(read_at) = self.read_at {
            out.time("read_at", read_at);
        }
        if let Some(age) = self.age_seconds {
            out.put("age_seconds", Json::int(age));
        }
        out.json()
    }
}

impl Allow {
    fn write(&self, whom: For) -> Json {
        let mut out = Object::new();
        out.text("verb", &self.verb);
        out.put("args", self.args.write(whom));
        out.time_or_none("valid_until", self.valid_until);
        if let Some(compensation) = &self.compensation {
            let mut inner = Object::new();
            inner.text("verb", &compensation.verb);
            inner.put("args", Json::Object(compensation.args.clone()));
            inner.filled("from_result", compensation.from_result.iter().map(|name| Json::text(&**name)));
            inner.time_or_none("until", compensation.until);
            out.put("compensation", inner.json());
        }
        out.filled("reserve", self.reserve.iter().map(Reservation::write));
        out.time_or_none("retain_until", self.retain_until);
        out.json()
    }
}

impl Reservation {
    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("rule", &self.rule);
        out.filled("key", self.key.iter().cloned());
        out.text("window", &self.window);
        out.put("adds", self.adds.clone());
        out.json()
    }
}

impl Need {
    fn write(&self, whom: For) -> Json {
        let mut out = Object::new();
        out.text("source", &self.source);
        out.text("record", &self.record);
        out.put("key", self.key.write(whom));
        if let Some(verb) = &self.verb {
            out.text("verb", verb);
        }
        out.put("args", self.args.write(whom));
        out.text("why", self.why);
        out.json()
    }
}

impl Request {
    /// The request as it stands in answers.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.write()
    }

    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("request", &self.request);
        out.put("gate", self.gate.write());
        out.text("run", &self.run);
        out.text("call", &self.call);
        out.text("requester", &self.requester);
        out.text("verb", &self.verb);
        out.put("args", self.args.clone());
        out.text("binds", &self.binds);
        out.filled("show", self.show.iter().map(labelled));
        out.filled("values", self.values.iter().map(labelled));
        out.list("approvers", self.approvers.iter().map(Group::write));
        out.filled("approved_by", self.approved_by.iter().map(|id| Json::text(&**id)));
        out.time_or_none("expires", self.expires);
        let difference = self.difference.iter().map(|(label, before, after)| {
            Json::object([("label", Json::text(&**label)), ("before", before.clone()), ("after", after.clone())])
        });
        out.filled("difference", difference);
        out.json()
    }
}

impl Group {
    fn write(&self) -> Json {
        let (kind, who) = match &self.who {
            Who::Role(role) => ("role", role),
            Who::User(id) => ("user", id),
            Who::Identity(id) => ("identity", id),
        };
        Json::object([("quorum", Json::int(i64::from(self.quorum))), (kind, Json::text(&**who))])
    }
}

impl Compensating {
    fn write(&self, whom: For) -> Json {
        let mut out = Object::new();
        out.text("call", &self.call);
        out.text("id", &self.id);
        if !self.verb.is_empty() {
            out.text("verb", &self.verb);
        }
        out.put("args", self.args.write(whom));
        out.put("allowed", Json::Bool(self.allowed));
        if let Some(by) = &self.by {
            out.put("by", by.write());
        }
        out.text("why", &self.why);
        out.filled("needs", self.needs.iter().map(|need| need.write(whom)));
        out.json()
    }
}

impl Verdict {
    fn write(&self, whom: For) -> Json {
        let texts = |ids: &[String]| Json::List(ids.iter().map(|id| Json::text(&**id)).collect());
        let mut out = Object::new();
        out.put("done", Json::Bool(self.done));
        out.text("why", &self.why);
        out.put("unsettled", texts(&self.unsettled));
        out.put("void", texts(&self.void));
        out.list("forget", self.forget.iter().map(|forget| forget.write(whom)));
        out.json()
    }
}

impl Forget {
    fn write(&self, whom: For) -> Json {
        let mut out = Object::new();
        out.text("call", &self.call);
        out.text("verb", &self.verb);
        out.time("until", self.until);
        if let Some((verb, args)) = &self.with {
            out.put("with", Json::object([("verb", Json::text(&**verb)), ("args", args.write(whom))]));
        }
        out.json()
    }
}

impl Settled {
    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("request", &self.request);
        out.text("call", &self.call);
        out.text("gate", &self.gate);
        match &self.then {
            Expired::Denied => out.text("then", "denied"),
            Expired::Escalated => out.text("then", "escalated"),
            Expired::NextStage(request) => {
                out.text("then", "next_stage");
                out.put("approval", request.write());
            }
        }
        out.json()
    }
}

impl Handoff {
    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("to", &self.to);
        out.put("by", self.by.write());
        out.text("why", &self.why);
        out.list("happened", self.happened.iter().map(Happened::to_json));
        out.list("changed", self.changed.iter().map(Changed::write));
        let undoable = self.undoable.iter().map(|(call, verb, until)| {
            let mut inner = Object::new();
            inner.text("call", call);
            inner.text("verb", verb);
            inner.time_or_none("until", *until);
            inner.json()
        });
        out.list("undoable", undoable);
        out.list("show", self.show.iter().map(labelled));
        if let Some(expect) = &self.expect {
            out.text("expect", expect);
        }
        out.json()
    }
}

impl Happened {
    /// The call as a JSON object.
    pub(crate) fn to_json(&self) -> Json {
        let mut out = Object::new();
        out.text("call", &self.call);
        out.text("verb", &self.verb);
        out.put("args", self.args.clone());
        out.time("at", self.at);
        out.text("outcome", &self.outcome);
        if let Some(by) = &self.by {
            out.text("by", by);
        }
        out.json()
    }
}

impl Changed {
    fn write(&self) -> Json {
        let mut out = Object::new();
        out.text("call", &self.call);
        out.text("record", &self.record);
        if let Some(key) = &self.key {
            out.put("key", key.clone());
        }
        out.json()
    }
}

fn labelled((label, value): &(String, Result<Json, String>)) -> Json {
    let mut out = Object::new();
    out.text("label", label);
    out.known(value);
    out.json()
}

/// A JSON object in the making.
struct Object(Vec<(String, Json)>);

impl Object {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn put(&mut self, name: &str, json: Json) {
        self.0.push((name.to_owned(), json));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.put(name, Json::text(text));
    }

    fn time(&mut self, name: &str, time: Timestamp) {
        self.put(name, Json::text(time.to_string()));
    }

    fn time_or_none(&mut self, name: &str, time: Option<Timestamp>) {
        if let Some(time) = time {
            self.time(name, time);
        }
    }

    fn list(&mut self, name: &str, members: impl Iterator<Item = Json>) {
        self.put(name, Json::List(members.collect()));
    }

    /// The list, where it holds something.
    fn filled(&mut self, name: &str, members: impl Iterator<Item = Json>) {
        let members: Vec<Json> = members.collect();
        if !members.is_empty() {
            self.put(name, Json::List(members));
        }
    }

    fn known(&mut self, value: &Result<Json, String>) {
        match value {
            Ok(value) => self.put("value", value.clone()),
            Err(why) => self.text("unknown", why),
        }
    }

    fn json(self) -> Json {
        Json::Object(self.0)
    }
}
