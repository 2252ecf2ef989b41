//! Named values against what is declared: arguments of verbs, fields of records, inputs.

use super::{Checked, Checker, Reported, Scope};
use crate::diagnostic::codes::{DeclaredTwice, MissingMember, UnknownMember};
use crate::diagnostic::suggest;
use crate::diagnostic::text::verb_name;
use crate::typed::{self, Field, Type, VerbId};
use agentc_grammar::ast::{self, Name};
use agentc_grammar::span::Span;
use std::collections::BTreeMap;

impl Checker<'_, '_> {
    /// The arguments of a verb, as in `require … : shop.get_order(order: order)`, an `undo` or a test's `call`: each index into its
    /// `params` and the value. Unknown, double and missing ones are errors; `at` is the place of the call.
    pub(crate) fn arguments(
        &mut self,
        verb: VerbId,
        given: &[(Name, ast::Expr)],
        at: Span,
        scope: &Scope,
    ) -> Checked<Vec<(u32, typed::Expr)>> {
        let hir = self.hir;
        let Some(decl) = hir.typed.verbs.get(verb.index()) else { return Err(Reported(())) };
        let owner = format!("the verb `{}`", verb_name(verb, &hir.typed));
        let fields = decl.params.iter().map(|param| &param.field);
        self.within(scope, |checker| checker.named_values(fields, &owner, given, true, at))
    }

    /// Named values against declared fields, as in a test's `input { … }` or `given Order["A-1"] { … }`: each index and the value.
    /// `owner` says whose fields they are, ``the input of `triage_refunds` ``; missing ones are an error unless the scope is partial.
    pub(crate) fn members(
        &mut self,
        declared: &[Field],
        owner: &str,
        given: &[(Name, ast::Expr)],
        at: Span,
        scope: &Scope,
    ) -> Checked<Vec<(u32, typed::Expr)>> {
        self.within(scope, |checker| checker.named_values(declared.iter(), owner, given, scope.whole_records, at))
    }

    /// Each value against the field of its name.
    pub(super) fn named_values<'f>(
        &mut self,
        declared: impl Iterator<Item = &'f Field> + Clone,
        owner: &str,
        given: &[(Name, ast::Expr)],
        whole: bool,
        at: Span,
    ) -> Checked<Vec<(u32, typed::Expr)>> {
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        let mut values: Vec<Checked<(u32, typed::Expr)>> = Vec::with_capacity(given.len());
        for (name, value) in given {
            let loc = self.loc(name.span);
            let found = (0u32..).zip(declared.clone()).find(|(_, field)| field.name == name.node);
            let Some((index, field)) = found else {
                let nearest = suggest::nearest(&name.node, declared.clone().map(|field| field.name.as_str()));
                // A policy says its own names; who writes the one that stands in the JSON means the field that is there.
                let in_json = || declared.clone().find(|field| field.path.first() == Some(&name.node)).map(|field| &*field.name);
                let nearest = nearest.or_else(in_json).map(str::to_owned);
                let known = declared.clone().map(|field| field.name.clone()).collect();
                let owner = owner.to_owned();
                values.push(Err(self.report(UnknownMember { owner, name: name.node.clone(), nearest, known, loc })));
                continue;
            };
            if let Some(earlier) = first.insert(&name.node, name.span) {
                let first = self.loc(earlier);
                values.push(Err(self.report(DeclaredTwice { what: "member", name: name.node.clone(), loc, first })));
                continue;
            }
            values.push(self.expect(value, &field.ty).map(|value| (index, value)));
        }
        let missing: Vec<String> = declared
            .filter(|field| !matches!(field.ty, Type::Optional(_)) && !first.contains_key(field.name.as_str()))
            .map(|field| field.name.clone())
            .collect();
        if whole && !missing.is_empty() {
            let loc = self.loc(at);
            return Err(self.report(MissingMember { owner: owner.to_owned(), missing, loc }));
        }
        values.into_iter().collect()
    }
}
