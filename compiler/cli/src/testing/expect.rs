//! Holds an answer against what a test expects, and says how they differ.

use super::encode::constant;
use agentc_compiler::typed::{Encoding, Expect, Expected, Loc, Step, StepKind, Test, Type, Typed};
use agentc_runtime::json::Json;

/// Where a test is not as expected, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The step.
    pub loc: Loc,
    /// What is different, in one line.
    pub message: String,
    /// What was answered, line by line.
    pub details: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Mismatch {
    pub(super) fn at(loc: Loc, message: impl Into<String>) -> Self {
        Self { loc, message: message.into(), details: Vec::new(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The answer's outcome.
pub(super) fn outcome(answer: &Json) -> &str {
    answer.get("outcome").and_then(Json::as_text).unwrap_or_default()
}

/// The answer's sentence for the person.
pub(super) fn reason(answer: &Json) -> &str {
    answer.get("person").and_then(Json::as_text).unwrap_or_default()
}

fn rule(fired: &Json) -> Option<&str> {
    fired.get("rule").and_then(Json::as_text)
}

/// Names of the rules that decided: the gates asked, or the one rule.
fn deciding(answer: &Json) -> Vec<&str> {
    if outcome(answer) == "approval" {
        let requests = answer.get("approvals").and_then(Json::as_list).unwrap_or_default();
        return requests.iter().filter_map(|request| request.get("gate").and_then(rule)).collect();
    }
    answer.get("by").and_then(rule).into_iter().collect()
}

/// Everything that an answer says happened, as outcome and rules: what was decided; that the run escalated at this event; what expired at it.
fn happened(answer: &Json) -> Vec<(&str, Vec<&str>)> {
    let mut all = vec![(outcome(answer), deciding(answer))];
    if let Some(handoff) = answer.get("escalated") {
        all.push(("escalate", handoff.get("by").and_then(rule).into_iter().collect()));
    }
    for settled in answer.get("settled").and_then(Json::as_list).unwrap_or_default() {
        let gate = settled.get("gate").and_then(Json::as_text);
        match settled.get("then").and_then(Json::as_text) {
            Some("denied") => all.push(("deny", gate.into_iter().collect())),
            Some("escalated") => all.push(("escalate", gate.into_iter().collect())),
            // The next people are asked.
            _ => all.push(("approval", gate.into_iter().collect())),
        }
    }
    all
}

/// Whether these rules are exactly those expected; any are where nothing is said.
fn are(rules: &[&str], by: &[String]) -> bool {
    by.is_empty()
        || (by.iter().all(|name| rules.contains(&name.as_str())) && rules.iter().all(|rule| by.iter().any(|name| name == rule)))
}

/// Holds an answer against a step.
pub(super) fn check(step: &Step, answer: &Json) -> Result<(), Mismatch> {
    match &step.expect {
        Some(expect) => meets(expect, answer, ""),
        None => unexpected(step, answer),
    }
}

/// Holds the answer to a call's result against what the call's step expects of it.
pub(super) fn check_result(typed: &Typed, test: &Test, step: &Step, expect: &Expect, answer: &Json) -> Result<(), Mismatch> {
    // The result on which a run escalates is taken; a test that says `taken` means that it goes on.
    if expect.outcome == Expected::Taken && answer.get("escalated").is_some() {
        let escalated: Vec<String> = happened(answer).iter().skip(1).map(|(outcome, rules)| told(outcome, rules)).collect();
        return Err(differs(expect, answer, format!("expected `taken` of the result, got {}", escalated.join(" and "))));
    }
    meets(expect, answer, " of the result")?;
    match &expect.showing {
        Some(showing) => seen(typed, test, step, expect, showing, Some(answer)),
        None => Ok(()),
    }
}

/// Holds what the agent sees of a call's result against a step.
pub(super) fn check_shown(typed: &Typed, test: &Test, step: &Step, shown: Option<&Json>) -> Result<(), Mismatch> {
    match step.expect.as_ref().and_then(|expect| Some((expect, expect.showing.as_ref()?))) {
        Some((expect, showing)) => seen(typed, test, step, expect, showing, shown),
        None => Ok(()),
    }
}

fn meets(expect: &Expect, answer: &Json, whose: &str) -> Result<(), Mismatch> {
    let wanted = word(expect.outcome);
    if happened(answer).iter().any(|(outcome, rules)| *outcome == wanted && are(rules, &expect.by)) {
        return Ok(());
    }
    Err(differs(expect, answer, format!("expected {}{whose}, got {}", with_rules(wanted, &expect.by), said(answer))))
}

/// A step that expects nothing still must not be refused: a test that goes on as if it had been taken would mislead.
fn unexpected(step: &Step, answer: &Json) -> Result<(), Mismatch> {
    let harmless = matches!(step.kind, StepKind::Call { .. } | StepKind::End) || matches!(outcome(answer), "taken" | "allow");
    if harmless {
        return Ok(());
    }
    Err(Mismatch::at(step.loc, format!("expected this to be taken, got {}", said(answer)))
        .help("write `expect …` after it if this is what should happen"))
}

fn seen(
    typed: &Typed,
    test: &Test,
    step: &Step,
    expect: &Expect,
    showing: &agentc_compiler::typed::Expr,
    shown: Option<&Json>,
) -> Result<(), Mismatch> {
    let ty = match &step.kind {
        StepKind::Call { verb, .. } => typed.verbs.get(verb.index()).and_then(|verb| verb.result.clone()),
        _ => None,
    };
    let ty = ty.unwrap_or_else(|| Type::clone(&showing.ty));
    let wanted = constant(typed, showing, &ty, &Encoding::Plain);
    let got = shown.and_then(|answer| answer.get("shows")).cloned().unwrap_or(Json::Null);
    if wanted.canonical() == got.canonical() {
        return Ok(());
    }
    let mut mismatch = Mismatch::at(expect.loc, format!("the agent sees something else of the result in `{}`", test.name));
    mismatch.details = vec![format!("expected {wanted}"), format!("it sees {got}")];
    Err(mismatch)
}

fn differs(expect: &Expect, answer: &Json, message: String) -> Mismatch {
    let mut mismatch = Mismatch::at(expect.loc, message);
    if !reason(answer).is_empty() {
        mismatch.details.push(format!("reason: {}", reason(answer)));
    }
    for value in answer.get("values").and_then(Json::as_list).unwrap_or_default() {
        let text = |name: &str| value.get(name).and_then(Json::as_text).unwrap_or_default();
        let known = value.get("value").map_or_else(|| format!("unknown: {}", text("unknown")), crate::story::amounts);
        mismatch.details.push(format!("{} = {known} ({})", text("label"), text("provenance")));
    }
    mismatch
}

fn said(answer: &Json) -> String {
    let each = happened(answer);
    let mut told: Vec<String> = Vec::new();
    for (outcome, rules) in &each {
        let one = self::told(outcome, rules);
        // The call on which a run escalates is answered so, and the run is: that is one thing.
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told.join(" and ")
}

fn told(outcome: &str, rules: &[&str]) -> String {
    with_rules(outcome, &rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>())
}

fn with_rules(outcome: &str, rules: &[String]) -> String {
    if rules.is_empty() { format!("`{outcome}`") } else { format!("`{outcome} by {}`", rules.join(", ")) }
}

fn word(expected: Expected) -> &'static str {
    match expected {
        Expected::Allow => "allow",
        Expected::Approval => "approval",
        Expected::Deny => "deny",
        Expected::Escalate => "escalate",
        Expected::Need => "need",
        Expected::Paused => "paused",
        Expected::Taken => "taken",
        Expected::Refused => "refused",
        Expected::Done => "done",
        Expected::NotDone => "not_done",
    }
}
