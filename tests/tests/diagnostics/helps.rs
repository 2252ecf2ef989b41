//! What a help says to write can be written: its code reads as some part of a policy, and what it puts in the place of a mistake mends it.

use crate::{Modules, compile_text};
use crate::{pages, wrong};
use agentc_compiler::diagnostic::Diagnostic;
use agentc_grammar::parse::parse;

/// Where code may stand: each place a policy around `«»`.
const PLACES: &[&str] = &[
    "«»",
    "fn f() -> Bool = «»",
    "fn f() -> «» = x",
    "policy p { «» }",
    "use «»",
    "enum E { «» }",
    "record R { a: Text «» }",
    "record R { «» }",
    "source s { «» }",
    "source s { fetch R «» }",
    "tool t { «» }",
    "tool t { write w() { «» } }",
    "tool t { write w(a: Text) «» }",
    "rules r { «» }",
    "rules r { never v when a «» }",
    "rules r { never v when a «» b }",
    "rules r { never v when a «» { } }",
    "rules r { never v «» }",
    "rules r { never v when «» x }",
    "tool t { write «» }",
    "rules r { allow read v «» }",
    "rules r { allow «» v }",
    "rules r { gate g on v { «» } }",
    "rules r { gate g on v { approvers «» } }",
    "source s { fetch R with t.v(a: b) «» t.w }",
    "source s { «» { a: Text } }",
    "rules r { limit l on v: count() <= 1 «» else deny }",
    "rules r { limit l on v: count() <= 1 «» 7d capacity 9 else deny }",
    "rules r { limit l on v: count() <= 1 per run «» else deny }",
    "rules r { limit l on v: «» <= 1 per run else deny }",
    "rules r { handoff to \"h\" { «» } }",
    "rules r { pause by «» }",
    "rules r { never v when x «» y }",
    "rules r { never v when x.«» }",
    "rules r { never v when x in «» }",
    "rules r { never v when x matches \"«»\" }",
    "rules r { never v when match x { «» } }",
    "rules r { never v when match x { «» => a } }",
    "test \"t\" { «» }",
    "test \"t\" { call t.v() «» }",
    "test \"t\" { call t.v() expect «» }",
    "prove \"p\" { «» }",
    "prove \"p\" { every write where irreversible is «» }",
    "prove \"p\" «» { job j }",
];

/// What a help lists, and what is no part of a policy by itself.
const SIGNS: &[&str] = &["and or not == != < <= > >= in .. + - * / ??"];

/// Codes whose helps speak of characters, escapes and patterns, which stand inside of texts.
const OF_CHARACTERS: &[&str] = &["AP0006", "AP0007", "AP0008", "AP0010", "AP0910", "AP0911", "AP0912"];

/// The code in a help.
fn code(help: &str) -> Vec<&str> {
    help.split('`').skip(1).step_by(2).collect()
}

/// Every policy with a mistake that this project has: its name and text, the modules beside it.
fn policies() -> Vec<(String, String, Modules)> {
    let wrong = wrong::policies().into_iter().map(|(name, text)| (name, text, Modules::default()));
    wrong.chain(pages::wrong_examples()).collect()
}

#[test]
fn the_code_of_every_help_can_be_written_somewhere() {
    let (mut failed, mut read) = (Vec::new(), 0);
    for (name, text, modules) in policies() {
        let found = compile_text(&name, &text, &modules).diagnostics;
        for diagnostic in found.iter().filter(|found| !OF_CHARACTERS.contains(&found.code.id)) {
            for code in diagnostic.help.iter().flat_map(|help| code(help)) {
                let written = code
                    .replace("{ … }", "{ }")
                    .replace("(…)", "()")
                    .replace("fetch Note …", "fetch Note by host")
                    .replace("fetch Parcel …", "fetch Parcel by host")
                    .replace('…', "x");
                let reads = |place: &&str| parse(&place.replace("«»", &written)).errors.is_empty();
                if !SIGNS.contains(&code) && !PLACES.iter().any(reads) {
                    failed.push(format!("{name}: {}: `{code}`", diagnostic.code.id));
                }
                read += 1;
            }
        }
    }
    assert!(failed.is_empty(), "of {read} pieces of code these read as nothing:\n{}", failed.join("\n"));
    assert!(read > 300, "{read} pieces of code");
}

/// What the help writes in the place of one of the labels: the place, the text there with the help's code, which contains it, for it.
fn replacement(diagnostic: &Diagnostic, text: &str) -> Option<String> {
    let help = diagnostic.help.as_deref()?;
    let codes: Vec<&str> = code(help).into_iter().filter(|code| !code.contains('…') && !code.contains("NAME")).collect();
    diagnostic.labels.iter().filter(|label| label.loc.file.index() == 0).find_map(|label| {
        let (start, end) = (label.loc.span.start as usize, label.loc.span.end as usize);
        let there = text.get(start..end).filter(|there| there.len() > 1)?;
        let code = codes.iter().find(|code| code.len() > there.len() && code.contains(there))?;
        Some(format!("{}{code}{}", &text[..start], &text[end..]))
    })
}

#[test]
fn what_a_help_writes_around_a_mistake_mends_it() {
    let (mut failed, mut mended) = (Vec::new(), 0);
    for (name, text, modules) in policies() {
        let compiled = compile_text(&name, &text, &modules);
        // A value of another type is what a help puts right at its place; other helps speak of other places too.
        let misfits = compiled.diagnostics.iter().filter(|found| matches!(found.code.id, "AP0301" | "AP0303"));
        for diagnostic in misfits {
            let Some(replaced) = replacement(diagnostic, &text) else { continue };
            let now = compile_text(&name, &replaced, &modules).diagnostics;
            let count = |all: &[Diagnostic]| all.iter().filter(|other| other.is_error() || !diagnostic.is_error()).count();
            if count(&now) >= count(&compiled.diagnostics) {
                let said: Vec<String> = now.iter().map(|one| format!("    {}: {}", one.code.id, one.message)).collect();
                failed.push(format!("{name}: {}: {:?}\n{}", diagnostic.code.id, diagnostic.help, said.join("\n")));
            }
            mended += 1;
        }
    }
    assert!(failed.is_empty(), "of {mended} helps these mend nothing:\n{}", failed.join("\n"));
    assert!(mended >= 2, "{mended} helps");
}
