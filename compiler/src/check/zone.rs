//! Times in zones.

use super::{Checked, Checker, Reported};
use crate::resolve;
use crate::typed::{self, ExprKind, Type, ZonePart};
use agentc_grammar::ast;
use agentc_grammar::span::Span;

impl Checker<'_, '_> {
    /// `now in zone "Europe/Berlin"`
    pub(super) fn in_zone(&mut self, time: &ast::Expr, zone: &ast::Expr, span: Span) -> Checked<typed::Expr> {
        let time = self.expect(time, &Type::Time);
        let zone = self.expect(zone, &Type::Zone);
        let (time, zone) = (time?, zone?);
        let provenance = time.provenance | zone.provenance;
        Ok(self.node(ExprKind::InZone(Box::new(time), Box::new(zone)), Type::Zoned, provenance, span))
    }

    /// `at(date, time, zone)`
    pub(super) fn at(&mut self, args: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        let wanted = [Type::Date, Type::TimeOfDay, Type::Zone];
        if args.len() != wanted.len() {
            return Err(self.argument_count("at", &["date", "time", "zone"], args.len(), span));
        }
        let parts: Vec<_> = args.iter().zip(&wanted).map(|(arg, ty)| self.expect(arg, ty)).collect();
        let parts = parts.into_iter().collect::<Checked<Vec<_>>>()?;
        let provenance = parts.iter().fold(typed::Provenance::empty(), |sum, part| sum | part.provenance);
        let Ok([date, time, zone]) = <[typed::Expr; 3]>::try_from(parts) else {
            return Err(self.argument_count("at", &["date", "time", "zone"], args.len(), span));
        };
        Ok(self.node(ExprKind::At(Box::new(date), Box::new(time), Box::new(zone)), Type::Time, provenance, span))
    }

    /// The part of a time in a zone that has this name.
    pub(super) fn zone_part(name: &str) -> Option<(ZonePart, Type)> {
        match name {
            "date" => Some((ZonePart::Date, Type::Date)),
            "time" => Some((ZonePart::Time, Type::TimeOfDay)),
            "weekday" => Some((ZonePart::Weekday, Type::Weekday)),
            _ => None,
        }
    }

    /// Whether the IANA database has such a zone; an error where it has not.
    pub(super) fn zone_name(&mut self, name: &str, span: Span) -> Checked<String> {
        let loc = self.loc(span);
        if resolve::zone(name, loc, self.problems) { Ok(name.to_owned()) } else { Err(Reported(())) }
    }
}
