//! The tables of expressions.

use super::{World, outcome};
use std::fmt::Write;

/// Runs a table: `@ scope words` says where the lines after it stand, `@ scope words : type` also what they must be.
fn table(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let world = World::new(lines().filter(|line| !line.starts_with("@ ") && !line.starts_with("# ")), "");
    let mut out = String::new();
    let (mut scope, mut expected, mut probes) = ("job", None, 0..);
    for line in lines() {
        if let Some(place) = line.strip_prefix("@ ") {
            let (words, ty) = place.split_once(" : ").map_or((place, None), |(words, ty)| (words, Some(ty)));
            (scope, expected) = (words, ty);
            let _ = writeln!(out, "\n{line}\n");
        } else if let Some(comment) = line.strip_prefix("# ") {
            let _ = writeln!(out, "\n# {comment}\n");
        } else {
            let at = probes.next().unwrap();
            let _ = writeln!(out, "{line}\n{}", outcome(&world, at, scope, expected));
        }
    }
    out
}

macro_rules! tables {
    ($($name:ident),* $(,)?) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), table(include_str!(concat!("expressions/", stringify!($name), ".txt"))));
        }
    )*};
}

tables! {
    literals,
    names,
    fields,
    lookups,
    comparisons,
    arithmetic,
    membership,
    optionals,
    loops,
    branches,
    history,
    calls,
    times,
    constants,
    provenance,
    trust,
}
