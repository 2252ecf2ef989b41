//! One call of a run: what was asked, what was decided, what became of it.

use super::mask::mask_fields;
use crate::answer::{Changed, Happened};
use crate::bind::{Audience, MASK, write_fields, write_key};
use crate::cell::{CellKey, Share};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{ArgId, ExprId, LimitId, RuleId, VerbId};
use crate::types::RecordId;
use crate::value::Value;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct CallEntry {
    pub(crate) id: Arc<str>,
    /// The verb as it was called.
    pub(crate) name: String,
    /// What it was bound to; `None` where it did not fit.
    pub(crate) bound: Option<Arc<Bound>>,
    /// When it was decided last.
    pub(crate) at: Timestamp,
    pub(crate) phase: CallPhase,
    /// The name of what decided.
    pub(crate) by: Option<String>,
    /// Every record it was found to need.
    pub(crate) needs: BTreeSet<(RecordId, Arc<[Value]>)>,
    /// The call that this one undoes.
    pub(crate) undoes: Option<Arc<str>>,
}

/// A call whose verb is declared and whose arguments fit.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) verb: VerbId,
    /// Sorted by slot.
    pub(crate) args: Vec<(ArgId, Value)>,
    /// Members ordered as in RFC 8785.
    pub(crate) json: Json,
    /// The same as text.
    pub(crate) canonical: Arc<str>,
}

impl Bound {
    /// The arguments with secrets masked.
    pub(crate) fn masked(&self, policy: &Policy) -> Json {
        let mut json = self.json.clone();
        if let Some(shape) = policy.program().verbs.get(self.verb.index()) {
            shape.params.iter().for_each(|(_, field)| mask_fields(policy, std::slice::from_ref(field), &mut json));
        }
        json
    }

    /// The arguments for a person who judges them: secrets masked, amounts with their currencies, what is `none` left out.
    pub(crate) fn told(&self, policy: &Policy) -> Json {
        let Some(shape) = policy.program().verbs.get(self.verb.index()) else { return Json::text(MASK) };
        let given = shape.params.iter().filter_map(|(slot, field)| {
            let (_, value) = self.args.iter().find(|(arg, _)| arg == slot)?;
            Some((field, value.clone()))
        });
        let (fields, values): (Vec<_>, Vec<_>) = given.unzip();
        write_fields(policy, &fields, &values, Audience::Person)
    }
}

/// How far a call is.
#[derive(Debug, Clone)]
pub(crate) enum CallPhase {
    /// Records are needed: the identical call goes on.
    Needs,
    /// People are asked.
    Asked,
    /// It was finally answered with a denial.
    Denied,
    /// It was finally answered with a pause.
    Paused,
    /// The run escalated on it.
    Escalated,
    /// It was allowed.
    Allowed(Box<Allowed>),
}

/// What an allowed call keeps.
#[derive(Debug, Clone)]
pub(crate) struct Allowed {
    /// When it was sent: the time of its allow.
    pub(crate) sent: Timestamp,
    /// Which event that was.
    pub(crate) order: u64,
    /// Its place among the past calls.
    pub(crate) past: usize,
    pub(crate) reported: Reported,
    /// Which event reported it last.
    pub(crate) reported_order: u64,
    pub(crate) shares: Vec<Reserved>,
    pub(crate) changes: Vec<Changes>,
    /// The marks that it leaves while it is unclear.
    pub(crate) marks: Vec<CellKey>,
    /// Values frozen for its compensation.
    pub(crate) frozen: Vec<(ExprId, Value)>,
    /// The allows that fired.
    pub(crate) allows: Vec<RuleId>,
    /// The compensating call was allowed: its id.
    pub(crate) undone_by: Option<Arc<str>>,
    /// What it wrote must be forgotten then.
    pub(crate) retain_until: Option<Timestamp>,
}

/// What was reported of an allowed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reported {
    /// Nothing yet.
    Nothing,
    /// It went well.
    Ok,
    /// It went well, but what it answered does not fit its type: for reads.
    Misfit,
    /// The tool refused with this code.
    Refused(String),
    /// Nobody knows.
    Unclear,
}

/// A share of a counter.
#[derive(Debug, Clone)]
pub(crate) struct Reserved {
    pub(crate) home: Home,
    pub(crate) share: Share,
}

/// Where a counter lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// In the run.
    Run(LimitId, String),
    /// In a cell; it may be dropped after that time.
    Cell(Box<CellKey>, Option<Timestamp>),
}

/// A record that a write changes; all of them where there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) record: RecordId,
    pub(crate) key: Option<Arc<[Value]>>,
}

impl CallEntry {
    pub(crate) fn allowed(&self) -> Option<&Allowed> {
        if let CallPhase::Allowed(allowed) = &self.phase { Some(allowed) } else { None }
    }

    /// The verb's name on the wire, or what was called.
    pub(crate) fn wire<'a>(&'a self, policy: &'a Policy) -> &'a str {
        let shape = self.bound.as_ref().and_then(|bound| policy.program().verbs.get(bound.verb.index()));
        shape.map_or(self.name.as_str(), |shape| shape.wire.as_str())
    }

    /// The call as a person reads it.
    pub(crate) fn happened(&self, policy: &Policy) -> Happened {
        Happened {
            call: self.id.to_string(),
            verb: self.wire(policy).to_owned(),
            args: self.bound.as_ref().map_or(Json::Null, |bound| bound.masked(policy)),
            at: self.at,
            outcome: self.outcome(),
            by: self.by.clone(),
        }
    }

    /// What the call may have changed; nothing where it was refused without effect.
    pub(crate) fn changed(&self, policy: &Policy) -> Vec<Changed> {
        let Some((allowed, bound)) = self.allowed().zip(self.bound.as_ref()) else { return Vec::new() };
        let Some(shape) = policy.program().verbs.get(bound.verb.index()).filter(|shape| shape.is_write) else {
            return Vec::new();
        };
        if matches!(&allowed.reported, Reported::Refused(code) if shape.no_effect_on.contains(code)) {
            return Vec::new();
        }
        let changed = allowed.changes.iter().map(|change| Changed {
            call: self.id.to_string(),
            record: policy.program().records.get(change.record.0 as usize).map(|record| record.name.clone()).unwrap_or_default(),
            key: change.key.as_ref().map(|key| write_key(policy, change.record, key, Audience::Trace)),
        });
        changed.collect()
    }

    /// What was decided and reported, in words.
    pub(crate) fn outcome(&self) -> String {
        match &self.phase {
            CallPhase::Needs => "need".to_owned(),
            CallPhase::Asked => "approval".to_owned(),
            CallPhase::Denied => "deny".to_owned(),
            CallPhase::Paused => "paused".to_owned(),
            CallPhase::Escalated => "escalate".to_owned(),
            CallPhase::Allowed(allowed) => match &allowed.reported {
                Reported::Nothing => "allow, not reported".to_owned(),
                Reported::Ok => "allow, ok".to_owned(),
                Reported::Misfit => "allow, ok with a value that does not fit".to_owned(),
                Reported::Refused(code) => format!("allow, refused with `{code}`"),
                Reported::Unclear => "allow, unclear".to_owned(),
            },
        }
    }
}
