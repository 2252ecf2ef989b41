//! Tries every call of a small policy on the runtime.

use crate::corpus::library;
use crate::native::Native;
use crate::small::{NUMBERS, Small, Statement, TEXTS, VARIANTS};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::answer::{Answer, Outcome, Who};
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use std::collections::BTreeSet;

const AT: &str = "2026-01-05T12:00:00Z";

/// For each statement the first call that contradicts it, in words; `None` where there is none.
pub fn try_every_call(small: &Small) -> Vec<Option<String>> {
    let text = small.watched();
    let root = SourceFile { name: "small.agentpolicy".into(), text: text.clone() };
    let compiled = agentc_compiler::compile(root, &NoFiles, &library());
    let program = compiled.program.unwrap_or_else(|| panic!("it compiles: {:?}\n{text}", compiled.diagnostics));
    let policy = Policy::new(program, &library()).expect("it loads");
    let rules = text.split("job j").nth(1).expect("it has a job");
    let words: BTreeSet<&str> = rules.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let speaks = |word: &str| words.contains(word);
    // What no rule and no statement speaks of changes nothing: one value stands for all.
    let numbers = |word: &str| if speaks(word) { NUMBERS.collect::<Vec<i64>>() } else { vec![0] };
    let flags = if speaks("f") { vec![false, true] } else { vec![false] };
    let texts: Vec<Option<&str>> =
        if speaks("o") { std::iter::once(None).chain(TEXTS.into_iter().map(Some)).collect() } else { vec![None] };
    let colours: Vec<&str> = if speaks("c") { VARIANTS.to_vec() } else { vec!["red"] };
    let mut found: Vec<Option<String>> = vec![None; small.statements.len()];
    for n in numbers("n") {
        for record in records(speaks("R"), speaks("v"), speaks("w")) {
            let mut host = Native::new(&policy);
            let open = format!(
                r#"{{"event":"open","at":"{AT}","run":"r","job":"j","input":{{"n":{n}}},"agent":{{"id":"agent","roles":[]}},"user":{{"id":"user","roles":[]}},"environment":{{}}}}"#
            );
            let (run, answer) = host.open(&event(&open));
            let run = run.unwrap_or_else(|| panic!("it opens: {}", answer.person));
            let told = match &record {
                Some(value) => format!(r#"{{"event":"record","at":"{AT}","source":"s","record":"R","key":"k","value":{value}}}"#),
                None => format!(r#"{{"event":"record","at":"{AT}","source":"s","record":"R","key":"k","absent":true}}"#),
            };
            host.send(run, &event(&told));
            for x in numbers("x") {
                for colour in &colours {
                    for flag in &flags {
                        for text in &texts {
                            let text = text.map(|text| format!(r#","o":"{text}""#)).unwrap_or_default();
                            let args = format!(r#"{{"x":{x},"c":"{colour}","f":{flag}{text}}}"#);
                            let call = format!(r#"{{"event":"call","at":"{AT}","id":"c","verb":"t.act","args":{args}}}"#);
                            let answer = host.peek(run, &event(&call));
                            for (at, statement) in small.statements.iter().enumerate() {
                                let holds = answer.shadow.iter().any(|fired| fired.rule == format!("watch_{at}"));
                                if holds
                                    && found[at].is_none()
                                    && contradicts(statement, &answer, record.is_none() && speaks("R"))
                                {
                                    found[at] = Some(format!("n={n} R={record:?} {args} -> {}", answer.outcome.name()));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    found
}

/// The record's values, `None` where it is absent.
fn records(read: bool, v: bool, w: bool) -> Vec<Option<String>> {
    let mut all = vec![None];
    if !read {
        return all;
    }
    let vs: Vec<i64> = if v { NUMBERS.collect() } else { vec![0] };
    let ws: Vec<String> =
        if w { std::iter::once("null".into()).chain(NUMBERS.map(|w| w.to_string())).collect() } else { vec!["null".into()] };
    for v in &vs {
        for w in &ws {
            all.push(Some(format!(r#"{{"id":"k","v":{v},"w":{w}}}"#)));
        }
    }
    all
}

fn contradicts(statement: &Statement, answer: &Answer, absent: bool) -> bool {
    match statement {
        Statement::Never(_) => matches!(answer.outcome, Outcome::Allow(_) | Outcome::Approval(_)),
        Statement::WithoutApproval(_) => matches!(answer.outcome, Outcome::Allow(_)),
        // Records are answered with values, but for those of which the condition asks whether they are absent.
        Statement::Always(condition) => {
            let asks = condition.contains("R[\"k\"] is absent") || condition.contains("(R[\"k\"].");
            !matches!(answer.outcome, Outcome::Allow(_)) && (!absent || asks)
        }
        Statement::Needs(_, role) => match &answer.outcome {
            Outcome::Allow(_) => true,
            Outcome::Approval(requests) => {
                requests.iter().all(|request| request.approvers.iter().all(|group| group.who != Who::Role((*role).to_owned())))
            }
            _ => false,
        },
    }
}

fn event(text: &str) -> Event {
    Event::from_json(Json::read(text.as_bytes()).expect("it is JSON")).expect("it is an event")
}
