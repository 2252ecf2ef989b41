//! Lists, records and maps as written.

use super::literal::plain;
use super::provenance::joined;
use super::scope::Place;
use super::{Checked, Checker};
use crate::diagnostic::codes::{DeclaredTwice, Thing, TypeUnclear, Unclear};
use crate::typed::{self, ExprKind, RecordId, Type};
use agentc_grammar::ast::{self, Name};
use agentc_grammar::span::Span;
use agentc_runtime::value::Value;
use std::collections::BTreeMap;

impl Checker<'_, '_> {
    /// `[a, b]`: a list, or a set where one is asked for.
    pub(super) fn list(&mut self, members: &[ast::Expr], span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        let (item, is_set) = match hint.map(plain) {
            Some(Type::List(item)) => (Some((**item).clone()), false),
            Some(Type::Set(item)) => (Some((**item).clone()), true),
            _ => (None, false),
        };
        let (members, item) = match item {
            Some(item) => {
                let members: Vec<_> = members.iter().map(|member| self.expect(member, &item)).collect();
                (members.into_iter().collect::<Checked<Vec<_>>>()?, item)
            }
            None if members.is_empty() => {
                let loc = self.loc(span);
                return Err(self.report(TypeUnclear { what: Unclear::List, loc }));
            }
            None => {
                let branches: Vec<_> = members.iter().map(|member| (Vec::new(), member)).collect();
                let (members, item) = self.branches(&branches, None)?;
                let members = members.into_iter().map(|member| self.needs_value(member)).collect::<Checked<Vec<_>>>()?;
                (members, item)
            }
        };
        let provenance = joined(&members) | typed::Provenance::CONST;
        let ty = if is_set { Type::Set(Box::new(item)) } else { Type::List(Box::new(item)) };
        Ok(self.node(ExprKind::List(members), ty, provenance, span))
    }

    /// `{ a: 1, b: 2 }`: a record or a map, in tests.
    pub(super) fn record(&mut self, members: &[(Name, ast::Expr)], span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        if self.here.scope.place != Place::Constant {
            return Err(self.not_here(Thing::Record, span));
        }
        match hint.map(plain) {
            Some(Type::Record(record)) => self.record_literal(*record, members, span),
            Some(Type::Map(key, value)) => self.map_literal(key, value, members, span),
            Some(other) => {
                let loc = self.loc(span);
                let expected = other.clone();
                Err(self.report(crate::diagnostic::codes::NotARecord { expected, loc }))
            }
            None => {
                let loc = self.loc(span);
                Err(self.report(TypeUnclear { what: Unclear::Record, loc }))
            }
        }
    }

    fn record_literal(&mut self, record: RecordId, members: &[(Name, ast::Expr)], span: Span) -> Checked<typed::Expr> {
        let hir = self.hir;
        let Some(decl) = hir.typed.records.get(record.0 as usize) else { return Err(super::Reported(())) };
        let whole = self.here.scope.whole_records;
        let owner = format!("the record `{}`", decl.name);
        let fields = self.named_values(decl.fields.iter(), &owner, members, whole, span)?;
        let provenance = fields.iter().fold(typed::Provenance::CONST, |sum, (_, value)| sum | value.provenance);
        Ok(self.node(ExprKind::RecordLiteral(fields), Type::Record(record), provenance, span))
    }

    fn map_literal(&mut self, key: &Type, value: &Type, members: &[(Name, ast::Expr)], span: Span) -> Checked<typed::Expr> {
        let mut first: BTreeMap<Value, Span> = BTreeMap::new();
        let entries: Vec<Checked<(Value, typed::Expr)>> = members
            .iter()
            .map(|(name, written)| {
                let at = self.key_of_text(&name.node, name.span, key);
                let entry = self.expect(written, value);
                let (at, entry) = (at?, entry?);
                if let Some(earlier) = first.insert(at.clone(), name.span) {
                    let (loc, first) = (self.loc(name.span), self.loc(earlier));
                    return Err(self.report(DeclaredTwice { what: "entry", name: name.node.clone(), loc, first }));
                }
                Ok((at, entry))
            })
            .collect();
        let entries = entries.into_iter().collect::<Checked<Vec<_>>>()?;
        let ty = Type::Map(Box::new(key.clone()), Box::new(value.clone()));
        Ok(self.node(ExprKind::MapLiteral(entries), ty, typed::Provenance::CONST, span))
    }

    /// The key of a map that a member's name stands for.
    pub(super) fn key_of_text(&mut self, name: &str, span: Span, key: &Type) -> Checked<Value> {
        match self.base(key) {
            Type::Enum(id) => match self.variant_of(id, name, span)?.kind {
                ExprKind::Const(value) => Ok(value),
                _ => Err(super::Reported(())),
            },
            Type::Date => self.date(name, span).map(Value::Date),
            Type::Int => {
                let number = name.parse();
                number.map(Value::Int).map_err(|_| self.too_large(span, "a 64-bit integer"))
            }
            Type::Weekday => {
                let day = Self::weekday(name);
                day.map(Value::Weekday).ok_or_else(|| {
                    let loc = self.loc(span);
                    let (kind, name) = (crate::diagnostic::codes::NameKind::Value, name.to_owned());
                    self.report(crate::diagnostic::codes::UnknownName { kind, name, loc, nearest: None, module: None })
                })
            }
            base => {
                let literal = ast::Literal::Text(name.to_owned());
                let found = self.literal(&literal, false, span, Some(&base))?;
                match self.coerce(found, &base)?.kind {
                    ExprKind::Const(value) => Ok(value),
                    _ => Err(super::Reported(())),
                }
            }
        }
    }
}
