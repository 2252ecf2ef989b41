//! Audits: the nine answers, and that the page stands alone.

use crate::{examples, typed};
use agentc_compiler::audit::{Audit, Point, State, audit};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::{JobId, SourceFile};

/// In place of the artifact's digest, which changes with every version of its format.
const DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn of(compiled: &agentc_compiler::Compiled) -> Audit {
    audit(typed(compiled), DIGEST, &compiled.diagnostics, &compiled.proofs)
}

#[test]
fn audits_read_like_this() {
    for (name, compiled) in examples() {
        let audit = of(compiled);
        insta::assert_snapshot!(format!("audit_{name}"), audit.text());
        insta::assert_snapshot!(format!("audit_{name}_html"), audit.html());
        if name == "refunds" {
            insta::assert_snapshot!("audit_refunds_json", serde_json::to_string_pretty(&audit).expect("it is JSON"));
        }
    }
}

#[test]
fn every_question_of_every_example_is_answered() {
    for (name, compiled) in examples() {
        for job in of(compiled).jobs {
            assert_eq!(job.questions.len(), 9, "{name}");
            for asked in job.questions {
                assert_eq!(asked.state, State::Answered, "{name}, {}: {} {:?}", job.job, asked.question, asked.missing);
            }
        }
    }
}

#[test]
fn every_line_that_an_audit_names_says_what_it_is_named_for() {
    for (name, compiled) in examples() {
        for job in of(compiled).jobs {
            for point in job.questions.iter().flat_map(|asked| &asked.answers) {
                let file = compiled.files.iter().find(|file| file.name.ends_with(&point.place.file)).expect("the file was read");
                let line = file.text.lines().nth(point.place.line - 1).unwrap_or_default();
                let Some(rule) = &point.rule else { continue };
                let words = ["allow", "never", "gate", "escalate", "limit", "on failure", "require"];
                assert!(words.iter().any(|word| line.trim_start().starts_with(word)), "{name}: `{rule}` is not at {line:?}");
                let named = line.contains(rule.as_str());
                let unnamed = words.iter().any(|word| rule.starts_with(&word.replace(' ', "_")));
                assert!(named || unnamed, "{name}: `{rule}` is not at {line:?}");
            }
        }
    }
}

#[test]
fn the_page_stands_alone() {
    for (name, compiled) in examples() {
        let page = of(compiled).html();
        for forbidden in ["<script", "src=", "@import", "url(http", "<link", "<iframe", "onclick"] {
            assert!(!page.contains(forbidden), "{name}: the page has {forbidden}");
        }
        // What is loaded from elsewhere would name it; the namespace of the graphs is a name and no address.
        let addresses = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!addresses.contains("http://") && !addresses.contains("https://"), "{name}: the page names an address");
        let doctype = page.find("<html").expect("it is HTML");
        let plain = page.split_at(doctype).1.replace("<meta charset=\"utf-8\">", "");
        let plain = plain.replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "");
        roxmltree::Document::parse(&plain).unwrap_or_else(|error| panic!("{name}: the page is not well formed: {error}"));
        for wanted in ["@media print", "Sign-off", "sha256:", "Signature", "What exact job does this agent own?", "<svg"] {
            assert!(page.contains(wanted), "{name}: the page has no {wanted}");
        }
    }
}

/// Rules that take back what is allowed, of every kind, and a write that nobody may ask to be undone.
const DESK: &str = r#"policy acme.desk { version "1" }
role lead, finance
tool desk {
  read  look(text: Text) -> Text
  write defer(lease: Text, days: Int) { undo recall(lease: lease) }
  write recall(lease: Text) { compensates defer }
  write lock(flat: Text) { irreversible }
}
job defers {
  purpose "Defer rent."
  input { lease: Text }
  allow read desk.look
  allow write desk.defer when lease == input.lease
  never blind on desk.look when text == "" because "There is nothing to look for."
  never steered on desk.defer when run saw untrusted because "A message must not lead here."
  never desk.lock
  require looked on desk.defer: desk.look(text: lease) within 10m
  gate longer on desk.defer when days > 30 { approvers 2 of role finance; expires 1d else escalate; show lease }
  limit deferrals on desk.defer: count() <= 1 per last 30d by lease capacity 100 else gate longer because "Once a month."
  limit calls: count() <= 40 per run else deny
  limit total on desk.defer: count() <= 9 per day else pause
  pause by role lead
}
"#;

#[test]
fn what_is_forbidden_and_bounded_stands_among_the_answers() {
    let root = SourceFile { name: "desk.agentpolicy".into(), text: DESK.into() };
    let compiled = agentc_compiler::compile(root, &NoFiles, &agentc_stdlib::library());
    assert!(compiled.typed.is_some(), "{:?}", compiled.diagnostics);
    let audit = of(&compiled);
    let says = |number: usize| {
        let answers = &audit.jobs[0].questions[number - 1].answers;
        let told = |point: &Point| (point.rule.clone().unwrap_or_default(), point.text.clone(), point.place.line);
        answers.iter().map(told).collect::<Vec<_>>()
    };
    let line = |rule: &str, text: &str, line: usize| (rule.to_owned(), text.to_owned(), line);
    let calls = "Limited: the number of calls in one run is at most 40; beyond that calls are denied";
    assert_eq!(says(3)[1..], [line("blind", "Forbidden: `desk.look`", 14), line("calls", calls, 20)]);
    let total = "Limited: the number of calls of `desk.defer` in a day (UTC) is at most 9; beyond that the job is paused";
    let looked = "Required before `desk.defer`: `desk.look` has succeeded with text the lease in the last 10 minutes";
    assert_eq!(
        says(4)[1..],
        [
            line("steered", "Forbidden: `desk.defer`", 15),
            line("never_lock", "Forbidden always: `desk.lock`", 16),
            line("looked", looked, 17),
            line("calls", calls, 20),
            line("total", total, 21),
        ]
    );
    assert_eq!(audit.jobs[0].questions[3].answers[1].details, ["The agent has seen text that outsiders wrote"]);
    assert_eq!(audit.jobs[0].questions[3].answers[1].because.as_deref(), Some("A message must not lead here."));
    // The limit asks by a gate: its approval is one of those that the fifth question is about.
    let asked = &audit.jobs[0].questions[4].answers[1];
    assert_eq!((asked.rule.as_deref(), asked.place.line), (Some("deferrals"), 19));
    let beyond = "The number of calls of `desk.defer` in the last 30 days for each lease would be above 1";
    assert_eq!(asked.details[..2], [beyond, "Asked: 2 people with the role `finance`, by the gate `longer`"]);
    let expired = "When 2 people with the role `finance` are asked and nobody answers";
    assert!(says(6)[0].1.starts_with(expired), "{:?}", says(6));
    let text = audit.text();
    let note = "note: No `undo by` names who may ask a host to undo `desk.defer`; that leaves the question answered";
    assert!(text.contains(note) && text.contains("9. How do you reverse a bad action?\n"), "{text}");
    for form in [text, audit.html().replace("<code>", "`").replace("</code>", "`")] {
        for wanted in ["A message must not lead here.", "Required before `desk.defer`", "Forbidden always: `desk.lock`"] {
            assert!(form.contains(wanted), "{wanted} is not in {form}");
        }
    }
}

#[test]
fn a_limit_that_asks_is_told_as_one() {
    let root = SourceFile { name: "desk.agentpolicy".into(), text: DESK.replace("irreversible", "risk money; irreversible") };
    let risk = "policy acme.desk { version \"1\" }\nrisk money bounded by limit";
    let root = SourceFile { text: root.text.replace("policy acme.desk { version \"1\" }", risk), ..root };
    let root = SourceFile { text: root.text.replace("{ undo recall", "{ risk money; undo recall"), ..root };
    let compiled = agentc_compiler::compile(root, &NoFiles, &agentc_stdlib::library());
    assert!(compiled.typed.is_some(), "{:?}", compiled.diagnostics);
    let audit = of(&compiled);
    let bounds: Vec<&str> = audit.jobs[0].risks[0].bounded_by.iter().map(|point| point.text.as_str()).collect();
    let asks = "The number of calls of `desk.defer` in the last 30 days for each lease is at most 1 without approval by `longer`";
    assert_eq!(bounds[0], asks, "{bounds:?}");
    let person = agentc_compiler::brief::brief(typed(&compiled), JobId(0), agentc_compiler::brief::For::Person);
    let told =
        "the number of calls of `desk.defer` in the last 30 days for each lease is at most 1 without approval by `longer`.";
    assert!(person.contains(told), "{person}");
}

/// A policy that leaves most questions open.
const VAGUE: &str = r#"policy acme.vague { version "1" }
risk money bounded by gate, limit, escalate
tool bank { write pay(to: Text, claim amount: Money(USD)) { risk money } }
job pays {
  purpose "Use the bank."
  allow write bank.pay when trusting claim amount < 5 USD
}
"#;

#[test]
fn what_is_missing_is_said_with_what_to_write() {
    let root = SourceFile { name: "vague.agentpolicy".into(), text: VAGUE.into() };
    let compiled = agentc_compiler::compile(root, &NoFiles, &agentc_stdlib::library());
    let audit = of(&compiled);
    insta::assert_snapshot!("audit_of_a_vague_policy", audit.text());
    let job = &audit.jobs[0];
    let open: Vec<u32> = job.questions.iter().filter(|asked| asked.state == State::Open).map(|asked| asked.number).collect();
    assert_eq!(open, [1, 5, 6, 7, 8, 9]);
    assert_eq!(job.trusting.len(), 1, "the claim that is trusted is listed");
    assert_eq!(job.trusting[0].place.line, 6);
    assert!(job.risks[0].bounded_by.is_empty());
    assert_eq!(audit.answered(), (3, 9));
    assert!(job.questions[5].answers.is_empty() && job.questions[5].missing.is_empty(), "question 8 says what is missing");
    assert!(audit.text().contains("Nothing in the policy answers it."));
    let page = audit.html();
    assert!(page.contains("! open") && page.contains("<strong class=\"unbounded\">nothing</strong>"), "{page}");
}
