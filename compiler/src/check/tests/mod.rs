//! Expressions, each with its type and provenance or with what is said about it.
//!
//! The inputs stand in `expressions/*.txt`, one on a line, grouped by where they stand; the snapshots beside them say what comes of
//! each, for a person to review.

use super::{Checker, Effect, Firm, Scope};
use crate::diagnostic::text::type_name;
use crate::diagnostic::{Diagnostic, Sink};
use crate::hir::Hir;
use crate::resolve;
use crate::source::Places;
use crate::typed::{self, FileId, JobId, Provenance, SourceFile, Type, Typed, VerbId};
use agentc_grammar::ast::{self, ItemKind};
use std::fmt::Write;

mod cases;
mod depth;
mod tables;
mod typed_forms;

const PRELUDE: &str = include_str!("prelude.agentpolicy");

/// The prelude with probes behind it, each an expression in a fixture, where all forms may stand.
struct World {
    asts: Vec<ast::File>,
    library: agentc_runtime::library::Library,
    files: Vec<SourceFile>,
}

impl World {
    fn new<'s>(probes: impl IntoIterator<Item = &'s str>, more: &str) -> Self {
        let mut text = format!("{PRELUDE}\n{more}\n");
        for (at, probe) in probes.into_iter().enumerate() {
            let _ = writeln!(text, "fixture probe_{at} {{ input {{ x: {probe} }} }}");
        }
        let parse = agentc_grammar::parse::parse(&text);
        let told: Vec<_> = parse.errors.iter().map(|error| (error, error.span.text(&text))).collect();
        assert!(told.is_empty(), "{told:?}");
        let files = vec![SourceFile { name: "probe".into(), text }];
        Self { asts: vec![parse.file], library: agentc_stdlib::library(), files }
    }

    /// Does something with a checker; gives its answer and what was said.
    fn run<T>(&self, act: impl FnOnce(&mut Checker<'_, '_>, &Hir<'_>) -> T) -> (T, Vec<Diagnostic>) {
        let mut sink = Sink::default();
        let hir = resolve::resolve(&self.asts, self.files.clone(), &self.library, &mut sink);
        assert!(!sink.has_errors(), "{:?}", sink.into_diagnostics(&hir.typed));
        let mut sink = Sink::default();
        let mut checker = Checker::new(&hir, &mut sink);
        let answer = act(&mut checker, &hir);
        (answer, sink.into_diagnostics(&hir.typed))
    }

    /// The probe of that number.
    fn probe(&self, at: usize) -> &ast::Expr {
        let mut fixtures = self.asts[0].items.iter().filter_map(|item| match &item.kind {
            ItemKind::Fixture(fixture) if fixture.name.node.starts_with("probe_") => fixture.setup.first(),
            _ => None,
        });
        match &fixtures.nth(at).unwrap().kind {
            ast::SetupKind::Input(members) => &members[0].1,
            other => panic!("{other:?}"),
        }
    }
}

fn verb(hir: &Hir<'_>, name: &str) -> VerbId {
    let (tool, verb) = name.split_once('.').unwrap();
    hir.names.verbs[&(hir.names.tools[tool], verb.to_owned())]
}

/// Where an expression stands, as a table names it: `rule shop.refund`, `job`, `undo shop.refund`, `test`, `partial test`, `fn`.
fn scope(hir: &Hir<'_>, words: &str) -> Scope {
    let file = FileId(0);
    let (kind, verbs) = words.split_once(' ').unwrap_or((words, ""));
    let verbs: Vec<VerbId> = verbs.split_whitespace().map(|name| verb(hir, name)).collect();
    match kind {
        "rule" | "allow" | "rows" | "restrict" | "show" | "key" | "amount" | "approver" => Scope::rule(file, JobId(0), &verbs),
        "job" => Scope::rule(file, JobId(0), &[]),
        "verb" => Scope::verb(file, verbs[0]),
        "undo" => Scope::undo(file, verbs[0]),
        "test" => Scope::constant(file),
        "given" => Scope::constant(file).partial(),
        other => panic!("no scope {other}"),
    }
}

fn provenance(provenance: Provenance) -> String {
    provenance.iter_names().map(|(name, _)| name.to_lowercase().replace('_', " ")).collect::<Vec<_>>().join(", ")
}

/// A diagnostic on few lines: code, message, the text under each label, notes and help.
fn words(diagnostic: &Diagnostic, places: &Places<'_>) -> String {
    let mut out = format!("{}: {}", diagnostic.code.id, diagnostic.message);
    for label in &diagnostic.labels {
        let text = label.loc.span.text(places.text(label.loc.file)).split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(out, "\n      at `{text}`: {}", label.text);
    }
    for note in &diagnostic.notes {
        let _ = write!(out, "\n      note: {note}");
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(out, "\n      help: {help}");
    }
    out
}

/// What comes of one probe.
fn outcome(world: &World, at: usize, scope_words: &str, expected: Option<&str>) -> String {
    let (found, said) = world.run(|checker, hir| {
        let scope = scope(hir, scope_words);
        let expected = expected.map(|name| named_type(hir, name));
        let found = match scope_words.split(' ').next() {
            Some("show") => checker.shown(world.probe(at), &scope),
            Some("rows") => checker.rows(world.probe(at), &scope).map(|(_, filter)| filter),
            _ => checker.check(world.probe(at), &scope, expected.as_ref()),
        };
        if let Ok(found) = &found {
            match scope_words.split(' ').next() {
                Some("allow") => checker.judge(found, Effect::Allow),
                Some("rows") => checker.judge(found, Effect::Rows),
                Some("restrict") => checker.judge(found, Effect::Restriction),
                Some("key") => checker.forbid_claims(found, Firm::LimitKey),
                Some("amount") => checker.forbid_claims(found, Firm::LimitAmount),
                Some("approver") => checker.forbid_claims(found, Firm::Approver),
                _ => {}
            }
        }
        found.map(|found| (type_name(&found.ty, &hir.typed), provenance(found.provenance)))
    });
    let places = Places::new(&world.files);
    let mut out = String::new();
    if let Ok((ty, provenance)) = &found {
        let _ = write!(out, "    {ty} from {provenance}");
    }
    assert!(found.is_ok() || said.iter().any(Diagnostic::is_error), "probe {at} refused without a word");
    for diagnostic in said {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = write!(out, "    {}", words(&diagnostic, &places));
    }
    out
}

/// A type by the name that the prelude's record `Types` gives to a field of it.
fn named_type(hir: &Hir<'_>, name: &str) -> Type {
    let types = &hir.typed.records[hir.names.records["Types"].0 as usize];
    types.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no type {name}")).ty.clone()
}

/// The typed form of an expression.
fn typed_form(scope_words: &str, source: &str) -> (typed::Expr, Typed) {
    let world = World::new([source], "");
    let ((found, typed), said) = world.run(|checker, hir| {
        let scope = scope(hir, scope_words);
        (checker.check(world.probe(0), &scope, None), hir.typed.clone())
    });
    (found.unwrap_or_else(|_| panic!("{said:?}")), typed)
}
