//! What a reviewer is given: `audit`, `graph` and `brief`.

use crate::support::{agentc_in, file, folder, repository};
use std::fs;

const OPEN: &str = r#"policy acme.open { version "1" }
tool desk { read look() -> Text }
job first  { purpose "Look."; allow read desk.look }
job second { purpose "Look."; allow read desk.look }
"#;

fn refunds(arguments: &[&str]) -> crate::support::Ran {
    agentc_in(&repository().join("examples/refunds"), arguments, b"")
}

#[test]
fn an_audit_says_by_its_exit_code_whether_a_question_is_open() {
    let fine = refunds(&["audit", "refunds.agentpolicy"]);
    assert_eq!(fine.code, Some(0), "{}", fine.both());
    assert!(fine.out.ends_with("9 of 9 questions are answered\n"), "{}", fine.out);
    let folder = folder("audit_open");
    file(&folder, "open.agentpolicy", OPEN);
    let open = agentc_in(&folder, &["audit", "open.agentpolicy"], b"");
    assert_eq!(open.code, Some(1), "{}", open.both());
    assert!(open.out.contains("<- something is missing"), "{}", open.out);
}

#[test]
fn the_digest_of_an_audit_is_that_of_the_artifact() {
    let folder = folder("audit_digest");
    let out = folder.join("refunds.agentc");
    let built = refunds(&["build", "refunds.agentpolicy", "-o", out.to_str().expect("it is UTF-8")]);
    let digest = built.out.rsplit("digest ").next().unwrap_or_default().trim();
    assert!(digest.starts_with("sha256:"), "{}", built.out);
    for format in ["text", "json", "html"] {
        let audit = refunds(&["audit", "refunds.agentpolicy", "--format", format]);
        assert!(audit.out.contains(digest), "the {format} form names another digest");
    }
}

#[test]
fn the_ending_of_a_file_says_its_form() {
    let folder = folder("review_endings");
    let path = |name: &str| folder.join(name).to_str().expect("it is UTF-8").to_owned();
    let written = |command: &[&str], name: &str| {
        let path = path(name);
        let ran = refunds(&[command, &["-o", &path]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        fs::read_to_string(path).expect("it was written")
    };
    assert!(written(&["audit", "refunds.agentpolicy"], "audit.html").starts_with("<!DOCTYPE html>"));
    assert!(written(&["audit", "refunds.agentpolicy"], "audit.json").starts_with("{\n  \"policy\": \"acme.refunds\""));
    assert!(written(&["graph", "refunds.agentpolicy"], "graph.svg").starts_with("<svg "));
    assert!(written(&["graph", "refunds.agentpolicy"], "graph.dot").starts_with("digraph "));
    assert!(written(&["graph", "refunds.agentpolicy"], "graph.mmd").contains("\nflowchart TD\n"));
    assert!(written(&["graph", "refunds.agentpolicy", "--format", "dot"], "graph.txt").starts_with("digraph "));
    assert!(written(&["brief", "refunds.agentpolicy"], "brief.md").starts_with("# Your job: triage refunds\n"));
}

#[test]
fn an_ending_that_says_no_form_is_refused() {
    let folder = folder("review_no_form");
    for (command, name, known) in [("graph", "x.png", "`.svg`, `.dot`"), ("audit", "x.pdf", "`.html`, `.json`")] {
        let out = folder.join(name);
        let path = out.to_str().expect("it is UTF-8");
        let ran = refunds(&[command, "refunds.agentpolicy", "-o", path]);
        assert_eq!(ran.code, Some(2), "{}", ran.both());
        assert!(ran.err.contains(name) && ran.err.contains(known), "{}", ran.err);
        assert!(!out.exists(), "nothing is written");
    }
}

#[test]
fn a_graph_shows_one_verb_where_one_is_named() {
    let graph = refunds(&["graph", "refunds.agentpolicy", "--verb", "refund", "--format", "dot"]);
    assert!(graph.out.contains("large_refund") && !graph.out.contains("never_delete_customer"), "{}", graph.out);
    let large = agentc_in(&repository().join("examples/airline"), &["graph", "airline.agentpolicy"], b"");
    let whole = agentc_in(&repository().join("examples/airline"), &["graph", "airline.agentpolicy", "--unfold"], b"");
    assert!(large.out.contains("14 rules can forbid it") && !whole.out.contains("14 rules can forbid it"));
}

#[test]
fn a_person_is_told_what_the_model_is_not() {
    let model = refunds(&["brief", "refunds.agentpolicy", "triage_refunds"]);
    let person = refunds(&["brief", "refunds.agentpolicy", "triage_refunds", "--for", "person"]);
    assert!(
        person.out.contains("the amount is above 50 USD") && person.out.contains("(refunds.agentpolicy:70)"),
        "{}",
        person.out
    );
    assert!(model.out.contains("the amount is above a set limit") && !model.out.contains("50 USD"), "{}", model.out);
}

#[test]
fn jobs_and_verbs_that_are_not_there_are_named_with_those_that_are() {
    let folder = folder("review_names");
    file(&folder, "open.agentpolicy", OPEN);
    let run = |arguments: &[&str]| agentc_in(&folder, arguments, b"");
    let several = run(&["graph", "open.agentpolicy"]);
    assert_eq!(several.code, Some(2));
    assert!(several.err.contains("the policy has several jobs") && several.err.contains("first, second"), "{}", several.err);
    let job = run(&["brief", "open.agentpolicy", "third"]);
    assert!(job.code == Some(2) && job.err.contains("no job `third`") && job.err.contains("first, second"), "{}", job.err);
    let verb = run(&["graph", "open.agentpolicy", "--job", "first", "--verb", "desk.lok"]);
    assert!(verb.code == Some(2) && verb.err.contains("no verb `desk.lok`") && verb.err.contains("desk.look"), "{}", verb.err);
    let one = run(&["audit", "open.agentpolicy", "--job", "second"]);
    assert!(one.out.contains("JOB second") && !one.out.contains("JOB first"), "{}", one.out);
}

#[test]
fn a_policy_with_errors_is_not_drawn() {
    let folder = folder("review_errors");
    file(&folder, "wrong.agentpolicy", "policy a { }\njob j { allow read nothing.here }\n");
    for command in ["audit", "graph", "brief"] {
        let ran = agentc_in(&folder, &[command, "wrong.agentpolicy"], b"");
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{command}: {}", ran.err);
        assert!(ran.err.contains("nothing.here"), "{command}: {}", ran.err);
    }
}
