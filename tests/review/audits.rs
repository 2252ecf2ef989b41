//! Audits: the nine answers, and that the page stands alone.

use crate::{examples, typed};
use agentc_compiler::audit::{Audit, State, audit};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;

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
