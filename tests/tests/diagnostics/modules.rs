//! Policies of several files.

use crate::{Modules, compile_text};
use agentc_compiler::Compiled;
use agentc_compiler::diagnostic::render::{self, Colour};

const ROOT: &str = "policy acme.desk { version \"1\" }\n";

fn compiled(root: &str, modules: &[(&str, &str)]) -> Compiled {
    let modules = Modules(modules.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
    compile_text("desk.agentpolicy", &format!("{ROOT}{root}"), &modules)
}

fn lines(compiled: &Compiled) -> Vec<String> {
    compiled.diagnostics.iter().map(|found| render::short(found, &compiled.places())).collect()
}

fn names(compiled: &Compiled) -> Vec<&str> {
    compiled.files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn modules_share_one_space_of_names() {
    let compiled = compiled(
        "use acme.tools\njob close { allow write desk.close_ticket when ticket != \"\"\nlimit few on desk.close_ticket: count() <= 5 per run else deny }",
        &[
            (
                "acme.tools",
                "use acme.roles\nuse std.risk\ntool desk { write close_ticket(ticket: Text) { risk customer_facing; irreversible } }",
            ),
            ("acme.roles", "role clerk"),
        ],
    );
    assert!(!compiled.has_errors(), "{:?}", lines(&compiled));
    assert_eq!(names(&compiled), ["desk.agentpolicy", "acme/tools.agentpolicy", "acme/roles.agentpolicy", "std.risk"]);
    assert_eq!(compiled.typed.unwrap().roles.len(), 1);
}

#[test]
fn a_module_that_is_used_twice_is_read_once() {
    let compiled =
        compiled("use acme.one\nuse acme.two\nuse acme.one", &[("acme.one", "use acme.two"), ("acme.two", "role clerk")]);
    assert_eq!(lines(&compiled), Vec::<String>::new());
    assert_eq!(compiled.files.len(), 3);
}

#[test]
fn a_name_declared_in_two_files_names_both_places() {
    let compiled = compiled("use acme.roles\nrole clerk", &[("acme.roles", "role clerk")]);
    assert_eq!(lines(&compiled), ["acme/roles.agentpolicy:1:6: error[AP0102]: the role `clerk` is declared twice"]);
    let drawn = render::human(&compiled.diagnostics, &compiled.places(), Colour::Plain);
    assert!(drawn.contains("acme/roles.agentpolicy:1:6") && drawn.contains("desk.agentpolicy:3:6"), "{drawn}");
}

#[test]
fn a_file_cannot_take_the_place_of_a_module_of_the_language() {
    let compiled = compiled("use std.risk\nuse std.rules", &[("std.risk", "role clerk"), ("std.rules", "role clerk")]);
    assert_eq!(lines(&compiled), ["desk.agentpolicy:3:5: error[AP0110]: there is no module `std.rules`"]);
    assert_eq!(names(&compiled), ["desk.agentpolicy", "std.risk"]);
}

#[test]
fn a_module_has_no_policy_block() {
    let compiled = compiled("use acme.roles", &[("acme.roles", "policy acme.roles { version \"2\" }\nrole clerk")]);
    assert_eq!(
        lines(&compiled),
        ["acme/roles.agentpolicy:1:1: error[AP0113]: a policy has one `policy` block, in its first file"]
    );
}

#[test]
fn mistakes_in_a_module_are_told_in_the_module() {
    let compiled = compiled("use acme.tools\nrole clerk clerk", &[("acme.tools", "tool desk { read get(ticket: Txet) }")]);
    assert_eq!(
        lines(&compiled),
        [
            "desk.agentpolicy:3:12: error[AP0001]: `clerk` cannot stand here after `role clerk`",
            "acme/tools.agentpolicy:1:30: error[AP0101]: there is no type `Txet`",
        ]
    );
}

#[test]
fn rules_of_a_module_speak_of_the_job_that_includes_them() {
    let compiled = compiled(
        "use acme.rules\ntool desk { write close(ticket: Text) { irreversible } }\njob close { input { ticket: Text }\nallow write close\ninclude own }\njob other { allow write close\ninclude own }",
        &[("acme.rules", "rules own { never desk.close when ticket != input.ticket }")],
    );
    assert_eq!(lines(&compiled), ["acme/rules.agentpolicy:1:51: error[AP0318]: the job's input has no `ticket`"]);
}
