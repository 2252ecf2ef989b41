//! Types as written become types.

use super::{Resolver, currency, loc};
use crate::diagnostic::codes::{NameKind, TypeFault, TypeForm, UnknownName};
use crate::diagnostic::suggest;
use crate::hir::UNRESOLVED;
use crate::typed::{FileId, Type};
use agentc_grammar::ast::{Name, TypeExpr, TypeExprKind};
use agentc_grammar::span::{Span, Spanned};

/// The types without arguments.
pub(crate) const SCALARS: &[(&str, Type)] = &[
    ("Bool", Type::Bool),
    ("Date", Type::Date),
    ("Decimal", Type::Decimal),
    ("Duration", Type::Duration),
    ("Email", Type::Email),
    ("Int", Type::Int),
    ("Path", Type::Path),
    ("Text", Type::Text),
    ("Time", Type::Time),
    ("TimeOfDay", Type::TimeOfDay),
    ("Url", Type::Url),
    ("Weekday", Type::Weekday),
    ("Zone", Type::Zone),
];

/// The types with arguments, as they are written.
pub(crate) const WITH_ARGUMENTS: &[(&str, &str)] =
    &[("Key", "Key<Order>"), ("List", "List<Text>"), ("Map", "Map<Text, Int>"), ("Money", "Money(USD)"), ("Set", "Set<Text>")];

impl Resolver<'_, '_> {
    /// The type, and the zone of a `Time in zone "…"` in it; [`UNRESOLVED`] where an error was reported.
    pub(super) fn type_and_zone<'e>(&mut self, file: FileId, ty: &'e TypeExpr) -> (Type, Option<&'e Spanned<String>>) {
        let mut zone = None;
        let ty = self.read_type(file, ty, &mut zone);
        (ty, zone)
    }

    /// The type where no JSON is read, so that no zone can be said.
    pub(super) fn plain_type(&mut self, file: FileId, written: &TypeExpr) -> Type {
        let (ty, zone) = self.type_and_zone(file, written);
        match zone {
            None => ty,
            Some(zone) => self.type_fault(file, zone.span, TypeFault::ZoneHere),
        }
    }

    fn read_type<'e>(&mut self, file: FileId, ty: &'e TypeExpr, zone: &mut Option<&'e Spanned<String>>) -> Type {
        match &ty.kind {
            TypeExprKind::Named(name) => self.named(file, name),
            TypeExprKind::Money(code) => currency(&code.node, loc(file, code.span), self.sink).map_or(UNRESOLVED, Type::Money),
            TypeExprKind::TimeInZone(name) => {
                if !super::zone(&name.node, loc(file, name.span), self.sink) {
                    return UNRESOLVED;
                }
                *zone = Some(name);
                Type::Time
            }
            TypeExprKind::Optional(inner) => match self.read_type(file, inner, zone) {
                UNRESOLVED => UNRESOLVED,
                Type::Optional(_) => self.type_fault(file, ty.span, TypeFault::OptionalInside("an optional type")),
                inner => Type::Optional(Box::new(inner)),
            },
            TypeExprKind::Generic(name, args) => self.generic(file, name, args, ty.span, zone),
        }
    }

    fn named(&mut self, file: FileId, name: &Name) -> Type {
        if let Some((_, ty)) = SCALARS.iter().find(|(scalar, _)| *scalar == name.node) {
            return ty.clone();
        }
        if let Some(id) = self.hir.names.enums.get(&name.node) {
            return Type::Enum(*id);
        }
        if let Some(id) = self.hir.names.records.get(&name.node) {
            return Type::Record(*id);
        }
        if let Some((_, form)) = WITH_ARGUMENTS.iter().find(|(generic, _)| *generic == name.node) {
            return self.type_fault(file, name.span, TypeFault::Bare(form));
        }
        let scalars = SCALARS.iter().map(|(scalar, _)| *scalar);
        let declared = self.hir.names.enums.keys().chain(self.hir.names.records.keys()).map(String::as_str);
        let nearest = suggest::nearest(&name.node, scalars.chain(declared)).map(str::to_owned);
        self.sink.report(UnknownName {
            kind: NameKind::Type,
            name: name.node.clone(),
            loc: loc(file, name.span),
            nearest,
            module: None,
        });
        UNRESOLVED
    }

    fn generic<'e>(
        &mut self,
        file: FileId,
        name: &Name,
        args: &'e [TypeExpr],
        span: Span,
        zone: &mut Option<&'e Spanned<String>>,
    ) -> Type {
        match (name.node.as_str(), args) {
            ("Key", [record]) => self.key_type(file, record),
            ("List", [item]) => match self.read_type(file, item, zone) {
                UNRESOLVED => UNRESOLVED,
                Type::Optional(_) => self.type_fault(file, item.span, TypeFault::OptionalInside("a list")),
                item => Type::List(Box::new(item)),
            },
            ("Set", [item]) => match self.read_type(file, item, zone) {
                UNRESOLVED => UNRESOLVED,
                Type::Optional(_) => self.type_fault(file, item.span, TypeFault::OptionalInside("a set")),
                ty @ (Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Map(..)) => {
                    self.type_fault(file, item.span, TypeFault::SetOf(ty))
                }
                item => Type::Set(Box::new(item)),
            },
            ("Map", [key, value]) => {
                let (key_type, value_type) = (self.plain_type(file, key), self.read_type(file, value, zone));
                match (key_type, value_type) {
                    (UNRESOLVED, _) | (_, UNRESOLVED) => UNRESOLVED,
                    (_, Type::Optional(_)) => self.type_fault(file, value.span, TypeFault::OptionalInside("a map")),
                    (ty, value) if self.can_key_a_map(&ty) => Type::Map(Box::new(ty), Box::new(value)),
                    (ty, _) => self.type_fault(file, key.span, TypeFault::MapKey(ty)),
                }
            }
            (known, _) => {
                let fault = match WITH_ARGUMENTS.iter().find(|(generic, _)| *generic == known) {
                    Some((generic, form)) => TypeFault::Arguments(generic, form),
                    None => TypeFault::NoSuchGeneric(name.node.clone()),
                };
                self.type_fault(file, if args.is_empty() { name.span } else { span }, fault)
            }
        }
    }

    fn key_type(&mut self, file: FileId, record: &TypeExpr) -> Type {
        match self.plain_type(file, record) {
            UNRESOLVED => UNRESOLVED,
            Type::Record(id) => match self.records.get(id.0 as usize) {
                Some(declared) if declared.syntax.key.is_empty() => {
                    let name = declared.syntax.name.node.clone();
                    self.type_fault(file, record.span, TypeFault::KeyOfUnkeyed(name))
                }
                _ => Type::Key(id),
            },
            _ => self.type_fault(file, record.span, TypeFault::KeyOfNoRecord),
        }
    }

    /// Whether values of the type can be written as the name of a JSON member.
    fn can_key_a_map(&self, ty: &Type) -> bool {
        match ty {
            Type::Text | Type::Enum(_) | Type::Date | Type::Email | Type::Url | Type::Path => true,
            Type::Key(id) => self.records.get(id.0 as usize).is_some_and(|record| record.syntax.key.len() == 1),
            _ => false,
        }
    }

    fn type_fault(&mut self, file: FileId, span: Span, fault: TypeFault) -> Type {
        self.sink.report(TypeForm { fault, loc: loc(file, span) });
        UNRESOLVED
    }
}
