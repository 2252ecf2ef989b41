//! What a read may show: `showing rows where C` and `hiding f, g`.

use super::scope::Row;
use super::{Checked, Checker, Reported, Scope};
use crate::diagnostic::codes::{Owner, ResultFault, ResultUnclear};
use crate::diagnostic::suggest;
use crate::typed::{self, LocalId, RecordId, Type};
use agentc_grammar::ast;
use agentc_grammar::span::Span;

impl Checker<'_, '_> {
    /// `showing rows where C`: the name of the row and the condition over it. All verbs of the scope must answer rows of one record.
    pub(crate) fn rows(&mut self, filter: &ast::Expr, scope: &Scope) -> Checked<(LocalId, typed::Expr)> {
        self.within(scope, |checker| {
            let record = checker.row_record(filter.span)?;
            let local = checker.fresh_local();
            let provenance = checker.of_results(&scope.verbs);
            checker.here.row = Some(Row { local, record, provenance });
            let filter = checker.expect(filter, &Type::Bool)?;
            Ok((local, filter))
        })
    }

    /// `hiding phone, address.street`: paths of field indices from the row's record inwards.
    pub(crate) fn hiding(&mut self, fields: &[ast::Path], scope: &Scope) -> Checked<Vec<Vec<u32>>> {
        self.within(scope, |checker| {
            let hidden: Vec<Checked<Vec<u32>>> = fields.iter().map(|path| checker.hidden(path)).collect();
            hidden.into_iter().collect()
        })
    }

    fn hidden(&mut self, path: &ast::Path) -> Checked<Vec<u32>> {
        let hir = self.hir;
        let mut indices = Vec::with_capacity(path.parts.len());
        let mut ty = Type::Record(self.row_record(path.span)?);
        for part in &path.parts {
            let fields = match super::literal::plain(&ty) {
                Type::Record(record) => hir.typed.records.get(record.0 as usize).map_or(&[][..], |decl| &decl.fields),
                _ => &[],
            };
            let Some((at, field)) = (0u32..).zip(fields).find(|(_, field)| field.name == part.node) else {
                let nearest = suggest::nearest(&part.node, fields.iter().map(|field| field.name.as_str())).map(str::to_owned);
                return Err(self.no_such_field(Owner::Type(ty), part, nearest));
            };
            indices.push(at);
            ty = field.ty.clone();
        }
        Ok(indices)
    }

    /// The record of the rows that all verbs here answer.
    fn row_record(&mut self, span: Span) -> Checked<RecordId> {
        let loc = self.loc(span);
        let verbs = self.here.scope.verbs.clone();
        let mut common = None;
        for verb in &verbs {
            let result = self.hir.typed.verbs.get(verb.index()).and_then(|decl| decl.result.as_ref());
            let Some(record) = result.and_then(row_of) else {
                return Err(self.report(ResultUnclear { fault: ResultFault::NoRows(*verb), loc }));
            };
            match common {
                Some((first, other)) if other != record => {
                    return Err(self.report(ResultUnclear { fault: ResultFault::Differ(first, *verb), loc }));
                }
                _ => common = Some((*verb, record)),
            }
        }
        common.map(|(_, record)| record).ok_or(Reported(()))
    }
}

/// The record of a result's rows: of its members, or itself.
fn row_of(result: &Type) -> Option<RecordId> {
    match result {
        Type::Record(record) => Some(*record),
        Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => row_of(inner),
        _ => None,
    }
}
