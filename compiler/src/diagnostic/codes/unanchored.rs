//! A write whose record the agent picks freely.

use crate::diagnostic::text::{headline, listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{ArgId, Job, JobId, Loc, RecordId, Type, Typed, VerbId};

/// An argument that chooses the record of a write and that nothing ties to the input, the identity or another record.
#[derive(Debug)]
pub(crate) struct UnanchoredWrite {
    /// The writes.
    pub(crate) verbs: Vec<VerbId>,
    /// The argument.
    pub(crate) arg: ArgId,
    /// The job.
    pub(crate) job: JobId,
    /// The `allow`.
    pub(crate) rule: Loc,
    /// It has a condition already.
    pub(crate) conditioned: bool,
}

impl Problem for UnanchoredWrite {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let names: Vec<String> = self.verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
        let slot = typed.args.get(self.arg.index());
        let name = slot.map_or("", |slot| slot.name.as_str());
        let record = slot.and_then(|slot| record_of(&slot.ty)).and_then(|id| Some((id, typed.records.get(id.0 as usize)?)));
        let any = record.map_or_else(|| format!("any `{name}`"), |(_, record)| format!("any `{}`", record.name));
        Self::CODE
            .says(format!(
                "the agent may pick any `{name}` for {}: nothing ties it to the input, the identity or another record",
                listing(&names, "and")
            ))
            .at(headline(self.rule, typed), format!("allows the call on {any} there is"))
            .note(format!(
                "`{name}` is filled in by the agent, and whoever talks it into another one changes somebody else's record"
            ))
            .help(self.help(name, record.map(|(id, _)| id), typed))
    }
}

impl UnanchoredWrite {
    /// A condition that would tie it, from what the job has.
    fn help(&self, name: &str, record: Option<RecordId>, typed: &Typed) -> String {
        let job = typed.jobs.get(self.job.index());
        let slot = typed.args.get(self.arg.index());
        let word = if self.conditioned { "and" } else { "when" };
        let many = slot.is_some_and(|slot| matches!(slot.ty, Type::List(_) | Type::Set(_)));
        let one = if many { "one" } else { name };
        match record.and_then(|record| tie(one, record, job?, typed)) {
            Some(condition) if many => {
                format!("add `{word} (all one in {name}: {condition})` to the rule, if those are the ones that are meant")
            }
            Some(condition) => format!("add `{word} {condition}` to the rule, if that is the one that is meant"),
            None => {
                format!(
                    "take it into the job's `input` and add `{word} {name} == input.{name}` to the rule, or compare it with `user.id` or another record"
                )
            }
        }
    }
}

/// An input that is the record's key, or a field of the record that is called and typed like an input or holds the user's id.
fn tie(name: &str, record: RecordId, job: &Job, typed: &Typed) -> Option<String> {
    let firm = || job.input.iter().filter(|field| !field.claim && !field.untrusted);
    if let Some(input) = firm().find(|input| input.ty == Type::Key(record)) {
        return Some(format!("{name} == input.{}", input.name));
    }
    let fields = &typed.records.get(record.0 as usize)?.fields;
    fields.iter().filter(|field| !field.claim && !field.untrusted).find_map(|field| {
        let input = firm().find(|input| input.name == field.name && input.ty == field.ty)?;
        Some(format!("{name}.{} == input.{}", field.name, input.name))
    })
}

fn record_of(ty: &Type) -> Option<RecordId> {
    match ty {
        Type::Key(record) => Some(*record),
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => record_of(inner),
        _ => None,
    }
}
