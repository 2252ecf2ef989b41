//! Events as the trace holds them: with secrets masked.

use crate::bind::MASK;
use crate::decide::verb_named;
use crate::event::{Event, EventKind, Found, ResultOutcome};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, RecordShape, VerbId};
use crate::run::{Run, mask_fields, mask_value};

/// The event as JSON without secrets.
pub(super) fn event(policy: &Policy, run: &Run, event: &Event) -> Json {
    let mut event = event.clone();
    let program = policy.program();
    let job = program.jobs.get(run.fixed.job.index());
    match &mut event.kind {
        EventKind::Open(open) => {
            if let Some(job) = job {
                mask_fields(policy, &job.input, &mut open.input);
                mask_fields(policy, &job.environment, &mut open.environment);
            }
            mask_fields(policy, &program.agent, &mut open.agent);
            if let Some(user) = &mut open.user {
                mask_fields(policy, &program.user, user);
            }
        }
        EventKind::Call(call) => match verb_named(policy, &call.verb) {
            Some(verb) => mask_args(policy, verb, &mut call.args),
            // What an undeclared verb was to be sent may hold anything.
            None => call.args = Json::text(MASK),
        },
        EventKind::Result(result) => {
            let bound = run.call(&result.id).and_then(|call| call.bound.as_ref());
            let ty = bound.and_then(|bound| program.verbs.get(bound.verb.index())).and_then(|shape| shape.result);
            if let (ResultOutcome::Ok(value), Some(ty)) = (&mut result.outcome, ty) {
                mask_value(policy, ty, value);
            }
        }
        EventKind::Record(record) => {
            let shape = program.records.iter().find(|shape| shape.name == record.record && shape.source.is_some());
            if let Some(shape) = shape {
                if let Found::Value(value) = &mut record.found {
                    mask_fields(policy, &shape.fields, value);
                }
                if has_secret_key(shape) {
                    record.key = Json::text(MASK);
                }
            }
        }
        EventKind::Signal(signal) => {
            for (name, value) in &mut signal.signals {
                let field = job.and_then(|job| job.signals.iter().find(|field| field.name == *name));
                match field {
                    Some(FieldShape { secret: true, .. }) => *value = Json::text(MASK),
                    Some(field) => mask_value(policy, field.ty, value),
                    None => {}
                }
            }
        }
        EventKind::Approval(_)
        | EventKind::Usage(_)
        | EventKind::Tick
        | EventKind::Pause(_)
        | EventKind::Resume(_)
        | EventKind::Undo(_)
        | EventKind::End => {}
    }
    event.to_json()
}

fn mask_args(policy: &Policy, verb: VerbId, args: &mut Json) {
    if let Some(shape) = policy.program().verbs.get(verb.index()) {
        shape.params.iter().for_each(|(_, field)| mask_fields(policy, std::slice::from_ref(field), args));
    }
}

fn has_secret_key(shape: &RecordShape) -> bool {
    shape.key.iter().any(|part| shape.fields.get(*part as usize).is_some_and(|field| field.secret))
}
