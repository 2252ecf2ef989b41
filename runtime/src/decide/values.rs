//! Values as answers tell them: what decided, where it comes from, how old it is, or why it is unknown.

use super::judge::Ground;
use super::view::View;
use crate::answer::Decided;
use crate::bind::{Audience, MASK, write, write_key};
use crate::eval::{Cause, Causes, Evaluated, Evaluator, Memo, Unasked};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{ArgId, ExprId, Operand, Provenance};
use crate::types::{Encoding, RecordId};
use crate::value::Value;

/// These operands with their values.
pub(crate) fn decided(ground: Ground<'_>, call: Option<&[(ArgId, Value)]>, operands: Vec<&Operand>) -> Vec<Decided> {
    let Ground { policy, run, cells, .. } = ground;
    let view = View::new(policy, run, cells, call);
    let mut memo = Memo::default();
    let told = operands.into_iter().map(|operand| {
        // A fresh evaluator for each, so that what it reads of records is known.
        let evaluated = Evaluator::new(policy, &view, &mut memo).value(operand.expr);
        let read_at = view.take_touched().oldest.filter(|_| operand.provenance == Provenance::Record);
        Decided {
            label: operand.label.clone(),
            value: shown(policy, operand.expr, &evaluated),
            provenance: operand.provenance,
            read_at,
            age_seconds: read_at.map(|at| run.age(at).as_secs()),
        }
    });
    told.collect()
}

/// A value as it may be shown, or why it is unknown.
pub(crate) fn shown(policy: &Policy, expr: ExprId, evaluated: &Evaluated) -> Result<Json, String> {
    told(policy, expr, evaluated, Audience::Person)
}

/// A value as JSON, or why it is unknown.
pub(crate) fn told(policy: &Policy, expr: ExprId, evaluated: &Evaluated, audience: Audience) -> Result<Json, String> {
    let Some(shape) = policy.program().exprs.get(expr.index()) else { return Err("it is not there".to_owned()) };
    match evaluated {
        Ok(_) if shape.secret && audience != Audience::Host => Ok(Json::text(MASK)),
        Ok(value) => Ok(write(policy, shape.ty, &Encoding::Plain, value, audience)),
        Err(_) if shape.secret => Err("it is unknown".to_owned()),
        Err(causes) => Err(words(policy, causes)),
    }
}

/// A value as an approval binds it: as it is, or the causes of its being unknown, whatever words tell them. That a record was never asked
/// for, is stale or may have changed is one cause.
pub(crate) fn bound(policy: &Policy, expr: ExprId, evaluated: &Evaluated) -> Result<Json, String> {
    let Err(causes) = evaluated else { return told(policy, expr, evaluated, Audience::Host) };
    let mut all: Vec<String> = causes.iter().map(|cause| bound_cause(policy, cause)).collect();
    all.dedup();
    Err(all.join("\n"))
}

fn bound_cause(policy: &Policy, cause: &Cause) -> String {
    let of = |kind: &str, record: &RecordId, key: &[Value]| {
        let name = policy.program().records.get(record.0 as usize).map_or("", |shape| shape.name.as_str());
        format!("{kind} {name}[{}]", write_key(policy, *record, key, Audience::Host))
    };
    match cause {
        Cause::Unasked { record, key, .. } => of("unasked", record, key),
        Cause::Absent { record, key, .. } => of("absent", record, key),
        Cause::Unavailable { record, key } => of("unavailable", record, key),
        Cause::Conflicting { record, key } => of("conflicting", record, key),
        Cause::NoConfidence | Cause::NoSignal(_) => "absent".to_owned(),
        Cause::Malformed(_) => "malformed".to_owned(),
        Cause::Overflow => "overflow".to_owned(),
        Cause::NoCall => "no call".to_owned(),
    }
}

/// Why something is unknown.
pub(crate) fn words(policy: &Policy, causes: &Causes) -> String {
    let mut all: Vec<String> = causes.iter().map(|cause| cause_words(policy, cause)).collect();
    all.dedup();
    let more = all.len().saturating_sub(4);
    all.truncate(4);
    let listed = all.join("; ");
    if more > 0 { format!("{listed}; and {more} more") } else { listed }
}

fn cause_words(policy: &Policy, cause: &Cause) -> String {
    match cause {
        Cause::Unasked { record, key, why } => {
            format!("{} {}", record_words(policy, *record, key), unasked_words(*why))
        }
        Cause::Absent { record, key, .. } => format!("there is no {}", record_words(policy, *record, key)),
        Cause::NoConfidence => "no confidence was signalled".to_owned(),
        Cause::NoSignal(_) => "a signal was not given".to_owned(),
        Cause::Unavailable { record, key } => format!("{} could not be read", record_words(policy, *record, key)),
        Cause::Conflicting { record, key } => {
            format!("{} was read twice at one time with two contents", record_words(policy, *record, key))
        }
        Cause::Malformed(why) => why.to_string(),
        Cause::Overflow => "a number is too large, or the decision takes too many steps".to_owned(),
        Cause::NoCall => "no call is being decided".to_owned(),
    }
}

pub(crate) fn unasked_words(why: Unasked) -> &'static str {
    match why {
        Unasked::Never => "was not asked for",
        Unasked::Stale => "was read too long ago",
        Unasked::Changed => "may have changed since it was read",
    }
}

fn record_words(policy: &Policy, record: RecordId, key: &[Value]) -> String {
    let name = policy.program().records.get(record.0 as usize).map_or("record", |shape| shape.name.as_str());
    format!("`{name}[{}]`", write_key(policy, record, key, Audience::Trace))
}
