//! `in zone Z` reads the whole of the zone after it, and `zone` stays a name of its own.

use agentc_grammar::ast::{ExprKind, ItemKind};
use agentc_grammar::parse::parse;

/// The expression of `let x = …`, without a mistake in it.
fn value(expr: &str) -> Option<ExprKind> {
    let parsed = parse(&format!("let x = {expr}"));
    assert_eq!(parsed.errors, [], "{expr}");
    parsed.file.items.into_iter().find_map(|item| match item.kind {
        ItemKind::Let(found) => Some(found.value.kind),
        _ => None,
    })
}

#[test]
fn a_zone_is_a_name_a_field_or_a_text() {
    for (expr, zone) in [
        ("now in zone person.zone", "person.zone"),
        ("now in zone z", "z"),
        ("now in zone \"Europe/Berlin\"", "\"Europe/Berlin\""),
    ] {
        let source = format!("let x = {expr}");
        match value(expr) {
            Some(ExprKind::InZone(_, found)) => assert_eq!(found.span.text(&source), zone, "{expr}"),
            other => panic!("`{expr}` is read as {other:?}"),
        }
    }
}

#[test]
fn zone_alone_is_a_name() {
    assert!(matches!(value("a in zone"), Some(ExprKind::Binary(..))));
    assert!(matches!(value("a in zone and b"), Some(ExprKind::And(_))));
}
