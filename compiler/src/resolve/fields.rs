//! Fields: of records, inputs, environments, identities, signals and the parameters of verbs.

use super::duplicates::Duplicates;
use super::{Resolver, loc};
use crate::diagnostic::codes::{BadPath, EncodingMismatch, SamePlace};
use crate::hir::UNRESOLVED;
use crate::typed::{Encoding, Field, FileId, Loc, Type};
use agentc_grammar::ast::{self, Mark};
use std::collections::BTreeMap;

impl<'a> Resolver<'a, '_> {
    /// The fields of one object, without those that repeat a name. `untrusted`: all of them are written by outsiders.
    pub(super) fn fields(
        &mut self,
        what: &'static str,
        file: FileId,
        fields: impl IntoIterator<Item = &'a ast::Field>,
        untrusted: bool,
    ) -> Vec<Field> {
        let mut names = Duplicates::of(what);
        let mut places: BTreeMap<Vec<String>, Loc> = BTreeMap::new();
        let mut resolved = Vec::new();
        for field in fields {
            let new = names.declare(&field.name.node, loc(file, field.name.span), self.sink);
            let field = self.field(file, field, untrusted);
            if !new {
                continue;
            }
            match places.get(&field.path) {
                Some(first) => {
                    let text = field.path.join(".");
                    self.sink.report(SamePlace { what: "fields", text, loc: field.loc, first: *first });
                }
                None => {
                    places.insert(field.path.clone(), field.loc);
                }
            }
            resolved.push(field);
        }
        resolved
    }

    /// One field.
    pub(super) fn field(&mut self, file: FileId, field: &ast::Field, untrusted: bool) -> Field {
        let (ty, zone) = self.type_and_zone(file, &field.ty);
        let marked = |mark: Mark| field.marks.iter().any(|said| said.node == mark);
        Field {
            name: field.name.node.clone(),
            docs: field.docs.clone(),
            path: self.path(file, field),
            encoding: self.encoding(file, field, &ty, zone.map(|zone| zone.node.as_str())),
            claim: marked(Mark::Claim),
            untrusted: untrusted || marked(Mark::Untrusted),
            secret: marked(Mark::Secret),
            loc: loc(file, field.name.span),
            ty,
        }
    }

    fn path(&mut self, file: FileId, field: &ast::Field) -> Vec<String> {
        let Some(from) = &field.from else { return vec![field.name.node.clone()] };
        let path: Vec<String> = from.node.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            self.sink.report(BadPath { path: from.node.clone(), loc: loc(file, from.span) });
            return vec![field.name.node.clone()];
        }
        path
    }

    fn encoding(&mut self, file: FileId, field: &ast::Field, ty: &Type, zone: Option<&str>) -> Encoding {
        let in_type = zone.map_or(Encoding::Plain, |zone| Encoding::InZone(zone.to_owned()));
        let Some(written) = &field.encoding else { return in_type };
        let (name, fits, encoding) = match &written.node {
            ast::Encoding::Cents => ("cents", "money", Encoding::MinorUnits),
            ast::Encoding::EpochSeconds => ("epoch seconds", "a time", Encoding::EpochSeconds),
            ast::Encoding::EpochMilliseconds => ("epoch milliseconds", "a time", Encoding::EpochMilliseconds),
            ast::Encoding::Zone(zone) => {
                if !super::zone(zone, loc(file, written.span), self.sink) {
                    return in_type;
                }
                ("in zone", "a time", Encoding::InZone(zone.clone()))
            }
        };
        let fitting = match scalar(ty) {
            Type::Money(_) => fits == "money",
            Type::Time => fits == "a time",
            other => *other == UNRESOLVED,
        };
        if fitting {
            return encoding;
        }
        let at = loc(file, written.span);
        self.sink.report(EncodingMismatch { encoding: name, fits, ty: ty.clone(), loc: at });
        in_type
    }
}

/// The type of the scalars in a value of this type.
fn scalar(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) | Type::Map(_, inner) => scalar(inner),
        other => other,
    }
}
