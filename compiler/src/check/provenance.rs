//! Where values come from.

use super::Checker;
use crate::typed::{Expr, FetchHow, Field, Provenance, VerbId};

/// What a field's own marks add to where its value comes from.
pub(super) fn marks(field: &Field) -> Provenance {
    let mut marks = Provenance::empty();
    marks.set(Provenance::CLAIM, field.claim);
    marks.set(Provenance::UNTRUSTED, field.untrusted);
    marks.set(Provenance::SECRET, field.secret);
    marks
}

/// What all of these bring along.
pub(super) fn joined<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Provenance {
    exprs.into_iter().fold(Provenance::empty(), |sum, expr| sum | expr.provenance)
}

impl Checker<'_, '_> {
    /// Where the results of these verbs come from: a source, where one of its records is fetched with the verb; else the tool says so.
    pub(super) fn of_results(&self, verbs: &[VerbId]) -> Provenance {
        let mut sum = Provenance::empty();
        for verb in verbs {
            sum |= if self.fetches(*verb) { Provenance::RECORD } else { Provenance::CLAIM };
            if let Some(decl) = self.hir.typed.verbs.get(verb.index()) {
                sum.set(Provenance::CLAIM, sum.contains(Provenance::CLAIM) || decl.result_claim);
                sum.set(Provenance::UNTRUSTED, sum.contains(Provenance::UNTRUSTED) || decl.result_untrusted);
            }
        }
        sum
    }

    fn fetches(&self, verb: VerbId) -> bool {
        self.hir.typed.records.iter().filter_map(|record| record.fetch.as_ref()).any(|fetch| {
            let with = matches!(&fetch.how, FetchHow::Verb { verb: with, .. } if *with == verb);
            with || fetch.also.contains(&verb)
        })
    }
}
