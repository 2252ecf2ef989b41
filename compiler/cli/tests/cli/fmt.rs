//! `agentc fmt`: files are rewritten, compared or refused.

use crate::support::{agentc_in, file, folder, repository};
use std::fs::read_to_string;

const UNTIDY: &str = "policy a.b {version \"1\"}\n\n\n// kept\nrole   lead // too\n";
const TIDY: &str = "policy a.b { version \"1\" }\n\n// kept\nrole lead // too\n";

#[test]
fn a_file_is_rewritten_and_then_left_alone() {
    let folder = folder("fmt_rewrites");
    let path = file(&folder, "p.agentpolicy", UNTIDY);
    let ran = agentc_in(&folder, &["fmt", "p.agentpolicy"], b"");
    assert_eq!((ran.code, ran.both().as_str()), (Some(0), "p.agentpolicy: formatted\n"));
    assert_eq!(read_to_string(&path).expect("it is there"), TIDY);
    let ran = agentc_in(&folder, &["fmt", "p.agentpolicy"], b"");
    assert_eq!((ran.code, ran.both().as_str()), (Some(0), ""));
}

#[test]
fn check_names_the_file_and_the_first_line_that_differs() {
    let folder = folder("fmt_check");
    let path = file(&folder, "p.agentpolicy", UNTIDY);
    file(&folder, "tidy.agentpolicy", TIDY);
    file(&folder, "short.agentpolicy", TIDY.trim_end());
    let ran = agentc_in(&folder, &["fmt", "--check", "p.agentpolicy", "tidy.agentpolicy", "short.agentpolicy"], b"");
    let said = "p.agentpolicy:1: not formatted: is `policy a.b {version \\\"1\\\"}`, would be `policy a.b { version \\\"1\\\" }`\n\
                short.agentpolicy:5: not formatted: is nothing, would be ``\n";
    assert_eq!((ran.code, ran.both().as_str()), (Some(1), said));
    assert_eq!(read_to_string(&path).expect("it is there"), UNTIDY);
    assert_eq!(agentc_in(&folder, &["fmt", "--check", "tidy.agentpolicy"], b"").code, Some(0));
}

#[test]
fn standard_input_is_answered_on_standard_output() {
    let folder = folder("fmt_input");
    let ran = agentc_in(&folder, &["fmt", "-"], UNTIDY.as_bytes());
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), TIDY, ""));
    let ran = agentc_in(&folder, &["fmt", "--check", "-"], UNTIDY.as_bytes());
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("standard input:1: not formatted"), "{}", ran.out);
}

#[test]
fn a_file_with_mistakes_stays_as_it_is_and_they_are_shown() {
    let folder = folder("fmt_mistakes");
    let text = "job j {\n  allow raed shop.get_order\n  never   shop.x when undeclared\n}\n";
    let path = file(&folder, "p.agentpolicy", text);
    let ran = agentc_in(&folder, &["fmt", "p.agentpolicy"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("p.agentpolicy:2:9") && ran.err.contains("AP0"), "{}", ran.err);
    assert!(!ran.err.contains("undeclared"), "what is meant is not its business: {}", ran.err);
    assert_eq!(read_to_string(&path).expect("it is there"), text);
    let ran = agentc_in(&folder, &["fmt", "nowhere.agentpolicy"], b"");
    assert_eq!(ran.code, Some(2));
}

#[test]
fn what_init_writes_the_examples_and_the_library_are_formatted() {
    let ran = agentc_in(&repository(), &["fmt", "--check", "compiler/cli/src/start.agentpolicy", "examples", "stdlib"], b"");
    assert_eq!((ran.code, ran.both().as_str()), (Some(0), ""));
}
