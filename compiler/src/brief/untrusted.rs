//! What a job reads that outsiders wrote.

use crate::english::words::{spoken, with_article};
use crate::typed::{Access, Job, Loc, RecordId, RuleKind, Type, Typed};
use std::collections::BTreeSet;

/// A text that outsiders write and the agent may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Untrusted {
    /// What it is: `the request in the job's input`.
    pub(crate) what: String,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

/// What outsiders wrote and the job may read: inputs, results and the fields that are not hidden from it.
pub(crate) fn outsiders(typed: &Typed, job: &Job) -> Vec<Untrusted> {
    let mut found: Vec<Untrusted> = Vec::new();
    let mut add = |what: String, loc: Loc| {
        if !found.iter().any(|known| known.what == what) {
            found.push(Untrusted { what, loc });
        }
    };
    for field in job.input.iter().filter(|field| field.untrusted) {
        add(format!("`{}` in the job's input", field.name), field.loc);
    }
    for rule in job.rules.iter().filter(|rule| !rule.shadow) {
        let RuleKind::Allow { access: Access::Read, hiding, .. } = &rule.kind else { continue };
        for verb in rule.verbs.iter().filter_map(|verb| typed.verbs.get(verb.index())) {
            if verb.result_untrusted {
                add(format!("what `{}` answers", verb.name), verb.loc);
            }
            let Some(record) = verb.result.as_ref().and_then(record_of) else { continue };
            let hidden: Vec<u32> =
                hiding.iter().filter_map(|path| if let [at] = path.as_slice() { Some(*at) } else { None }).collect();
            for (name, loc) in fields(typed, record, &hidden) {
                add(name, loc);
            }
        }
    }
    found
}

/// The untrusted fields of a record and of the records in it, without those hidden at its top.
fn fields(typed: &Typed, record: RecordId, hidden: &[u32]) -> Vec<(String, Loc)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([record]);
    let mut open = vec![(record, hidden)];
    while let Some((record, hidden)) = open.pop() {
        let Some(decl) = typed.records.get(record.0 as usize) else { continue };
        for (at, field) in (0_u32..).zip(&decl.fields) {
            if hidden.contains(&at) {
                continue;
            }
            if field.untrusted {
                found.push((format!("the {} of {}", spoken(&field.name), with_article(&spoken(&decl.name))), field.loc));
            }
            if let Some(inner) = record_of(&field.ty).filter(|inner| seen.insert(*inner)) {
                open.push((inner, &[]));
            }
        }
    }
    found
}

/// The record that a value is or holds; a key only names one.
fn record_of(ty: &Type) -> Option<RecordId> {
    match ty {
        Type::Record(record) => Some(*record),
        Type::List(inner) | Type::Set(inner) | Type::Optional(inner) | Type::Map(_, inner) => record_of(inner),
        _ => None,
    }
}
