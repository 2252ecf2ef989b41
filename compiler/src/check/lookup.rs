//! `Order[order]`, `prices[cabin]`: records by key and entries of maps.

use super::literal::optional;
use super::name::Meaning;
use super::provenance::joined;
use super::scope::Place;
use super::{Checked, Checker, Reported, Scope};
use crate::diagnostic::codes::{KeyParts, NameKind, NotFetched, NotIndexed, Thing, UnknownName};
use crate::diagnostic::suggest;
use crate::typed::{self, ExprKind, Provenance, RecordId, Type};
use agentc_grammar::ast;
use agentc_grammar::span::Span;

impl Checker<'_, '_> {
    /// `base[keys]`
    pub(super) fn index(&mut self, base: &ast::Expr, keys: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        if let ast::ExprKind::Name(name) = &base.kind
            && self.meaning(name) == Meaning::Other
        {
            return match self.hir.names.records.get(name) {
                Some(record) => self.lookup(*record, keys, span),
                None => Err(self.unknown_record(name, base.span)),
            };
        }
        let base = self.infer(base, None)?;
        let (key, value) = match super::literal::plain(&base.ty) {
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            _ => {
                let loc = self.loc(span);
                return Err(self.report(NotIndexed { found: base.ty, loc }));
            }
        };
        let [wanted] = keys else {
            let loc = self.loc(span);
            return Err(self.report(KeyParts { record: None, wanted: vec![String::new()], found: keys.len(), loc }));
        };
        let entry = self.map_key(wanted, &key)?;
        let provenance = base.provenance | entry.provenance;
        Ok(self.node(ExprKind::MapGet(Box::new(base), Box::new(entry)), optional(value), provenance, span))
    }

    /// A key of a map; a date may be written as it is in JSON.
    fn map_key(&mut self, key: &ast::Expr, ty: &Type) -> Checked<typed::Expr> {
        if let (ast::ExprKind::Literal(ast::Literal::Text(content)), Type::Date | Type::Weekday | Type::Int) = (&key.kind, ty) {
            return self.key_of_text(content, key.span, ty).map(|value| self.constant(value, ty.clone(), key.span));
        }
        self.expect(key, ty)
    }

    fn unknown_record(&mut self, name: &str, span: Span) -> Reported {
        let nearest = suggest::nearest(name, self.hir.names.records.keys().map(String::as_str)).map(str::to_owned);
        let loc = self.loc(span);
        self.report(UnknownName { kind: NameKind::Record, name: name.to_owned(), loc, nearest, module: None })
    }

    /// `Order[key]`
    fn lookup(&mut self, record: RecordId, keys: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        if self.here.scope.place == Place::Constant {
            return Err(self.not_here(Thing::Lookup, span));
        }
        self.must_be_fetched(record, span)?;
        let parts = self.key_parts(record, keys, span)?;
        let provenance = Provenance::RECORD | joined(&parts);
        Ok(self.node(ExprKind::Lookup(record, parts), Type::Record(record), provenance, span))
    }

    /// The record that a key, or an optional key, names.
    pub(super) fn record_of(&mut self, key: typed::Expr, record: RecordId, span: Span) -> Checked<typed::Expr> {
        if self.here.scope.place == Place::Constant {
            return Err(self.not_here(Thing::Lookup, span));
        }
        self.must_be_fetched(record, key.loc.span)?;
        let whole = Type::Record(record);
        let ty = if matches!(key.ty, Type::Optional(_)) { optional(whole) } else { whole };
        let (provenance, loc) = (Provenance::RECORD | key.provenance, key.loc);
        Ok(typed::Expr { kind: ExprKind::Lookup(record, vec![key]), ty, provenance, loc })
    }

    fn must_be_fetched(&mut self, record: RecordId, span: Span) -> Checked<()> {
        let decl = self.hir.typed.records.get(record.0 as usize);
        if decl.is_some_and(|decl| decl.fetch.is_some()) {
            return Ok(());
        }
        let loc = self.loc(span);
        Err(self.report(NotFetched { record, loc }))
    }

    /// The key of a record, as in `changes Order[order]` and `given Order["A-1"]`: one expression for each part of the key, or one of
    /// the record's `Key` type. `at` is the place of the whole. The record need not be fetched by anything.
    pub(crate) fn key(&mut self, record: RecordId, parts: &[ast::Expr], at: Span, scope: &Scope) -> Checked<Vec<typed::Expr>> {
        self.within(scope, |checker| checker.key_parts(record, parts, at))
    }

    fn key_parts(&mut self, record: RecordId, keys: &[ast::Expr], span: Span) -> Checked<Vec<typed::Expr>> {
        let decl = self.hir.typed.records.get(record.0 as usize);
        let fields = decl.map_or_else(Vec::new, |decl| {
            decl.key
                .iter()
                .filter_map(|at| decl.fields.get(*at as usize))
                .map(|field| (field.name.clone(), field.ty.clone()))
                .collect()
        });
        match (keys, fields.as_slice()) {
            ([key], [(_, part)]) => {
                // A key of this record fits, and so does anything that fits the key's own type.
                let found = self.infer(key, Some(part))?;
                if found.ty == Type::Key(record) { Ok(vec![found]) } else { Ok(vec![self.coerce(found, part)?]) }
            }
            ([key], [_, _, ..]) => {
                let found = self.infer(key, Some(&Type::Key(record)))?;
                if found.ty == Type::Key(record) {
                    return Ok(vec![found]);
                }
                Err(self.key_count(record, fields, 1, span))
            }
            (keys, fields) if keys.len() == fields.len() && !fields.is_empty() => {
                let parts: Vec<_> = keys.iter().zip(fields).map(|(key, (_, ty))| self.expect(key, ty)).collect();
                parts.into_iter().collect()
            }
            (keys, _) => Err(self.key_count(record, fields, keys.len(), span)),
        }
    }

    fn key_count(&mut self, record: RecordId, fields: Vec<(String, Type)>, found: usize, span: Span) -> Reported {
        let loc = self.loc(span);
        let wanted = fields.into_iter().map(|(name, _)| name).collect();
        self.report(KeyParts { record: Some(record), wanted, found, loc })
    }

    /// An entry of `show`: a key that can be looked up shows the record.
    pub(crate) fn shown(&mut self, expr: &ast::Expr, scope: &Scope) -> Checked<typed::Expr> {
        self.within(scope, |checker| {
            let shown = checker.infer(expr, None)?;
            let Type::Key(record) = shown.ty else { return Ok(shown) };
            let fetched = checker.hir.typed.records.get(record.0 as usize).is_some_and(|decl| decl.fetch.is_some());
            if fetched { checker.record_of(shown, record, expr.span) } else { Ok(shown) }
        })
    }
}
