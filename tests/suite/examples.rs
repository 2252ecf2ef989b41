//! The examples' runs: their events through both evaluators, and what each is answered against `expected.jsonl`.
//!
//! A line of `expected.jsonl` says of one answer what a reader of the example wants to know, and leaves out times, sentences and
//! places. `AGENTC_BLESS=1` writes the files anew; look at the difference before you keep it.

use agentc_runtime::answer::Answer;
use agentc_runtime::json::Json;
use agentc_tests::both::Both;
use agentc_tests::examples::RUNS;
use std::fs;

#[test]
fn the_runs_of_the_examples_are_answered_as_they_say() {
    for run in RUNS {
        let name = run.name;
        let sound = run.policy();
        let policy = sound.policy();
        let mut both = Both::new(&policy, &sound.typed);
        let answered: String = run.tell(&mut both).iter().map(|answer| format!("{}\n", told(answer))).collect();
        both.agree(name);
        let expected = run.folder().join("expected.jsonl");
        if std::env::var_os("AGENTC_BLESS").is_some() {
            fs::write(&expected, &answered).expect("the example's folder can be written");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        for (number, (said, wanted)) in (1..).zip(answered.lines().zip(expected.lines())) {
            assert_eq!(said, wanted, "{name}: answer {number}");
        }
        assert_eq!(answered.lines().count(), expected.lines().count(), "{name}: there are as many answers as lines");
    }
}

/// What a reader wants to know of an answer.
fn told(answer: &Answer) -> Json {
    let json = answer.to_json();
    let rule = |of: &Json| of.get("rule").cloned();
    let mut members = Vec::new();
    let mut tell = |name: &'static str, value: Option<Json>| members.extend(value.map(|value| (name, value)));
    tell("answer", json.get("answer").cloned());
    tell("call", json.get("call").cloned());
    tell("outcome", json.get("outcome").cloned());
    tell("by", json.get("by").and_then(rule));
    let requests = json.get("approvals").and_then(Json::as_list).unwrap_or_default();
    let gates: Vec<Json> = requests.iter().filter_map(|request| request.get("gate").and_then(rule)).collect();
    tell("gates", (!gates.is_empty()).then_some(Json::List(gates)));
    tell("shows", json.get("shows").cloned());
    tell("escalated", json.get("escalated").and_then(|handoff| handoff.get("by")).and_then(rule));
    tell("retry", json.get("retry").filter(|retry| retry.as_text() != Some("no")).cloned());
    Json::object(members)
}
