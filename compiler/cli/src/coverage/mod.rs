//! Coverage: which rules the tests of a policy reach, and which of their outcomes.
//!
//! A rule fires or it does not; a gate is moreover approved, a limit reached. A rule without a condition has only the first outcome. What
//! counts as *did not fire* is a call of one of the rule's verbs that was decided with the rule known to be false: one that was allowed
//! or asked for, or for an `allow` one that was denied because no `allow` held. Rules of the library's modules are not the author's and
//! do not count; a rule that several jobs include is one rule.

mod report;

pub use report::{Percent, json, lcov, text, uncovered};

use crate::testing::Ran;
use agentc_compiler::source::Places;
use agentc_compiler::typed::{Job, Loc, Rule, RuleKind, Test, Typed, VerbId};
use agentc_runtime::json::Json;
use std::collections::{BTreeMap, BTreeSet};

/// What can become of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its condition was true. Of a gate: people were asked. Of a limit: it was reached.
    Fired,
    /// Its condition was false.
    Passed,
    /// A gate was asked and approved.
    Approved,
}

/// One rule and what the tests made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// `gate`, `limit`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The file that it is written in.
    pub file: String,
    /// The line that it begins on, from 1.
    pub line: usize,
    /// That line, without the blanks around it.
    pub source: String,
    /// Its outcomes, and how often each was seen.
    pub outcomes: BTreeMap<Outcome, usize>,
}

impl Covered {
    /// How often it fired.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.outcomes.get(&Outcome::Fired).copied().unwrap_or(0)
    }

    /// The outcomes that no test shows.
    pub fn missing(&self) -> impl Iterator<Item = Outcome> {
        self.outcomes.iter().filter(|(_, seen)| **seen == 0).map(|(outcome, _)| *outcome)
    }
}

/// Gathers what the tests of one policy reach.
#[derive(Debug)]
pub struct Coverage<'t> {
    typed: &'t Typed,
    rules: BTreeMap<Loc, Covered>,
}

impl<'t> Coverage<'t> {
    /// The rules of a policy, none of them reached.
    #[must_use]
    pub fn new(typed: &'t Typed) -> Self {
        let places = Places::new(&typed.files);
        let rules = typed.jobs.iter().flat_map(|job| &job.rules).filter(|rule| is_own(places.name(rule.loc.file)));
        let rules = rules.map(|rule| (rule.loc, covered(rule, &places))).collect();
        Self { typed, rules }
    }

    /// Counts what one test showed.
    pub fn add(&mut self, test: &Test, ran: &Ran) {
        let Some(job) = self.typed.jobs.get(test.job.index()) else { return };
        // Which gate each request came from.
        let mut requests: BTreeMap<String, String> = BTreeMap::new();
        // The verb of each call, which an approval goes on with.
        let mut calls: BTreeMap<String, VerbId> = BTreeMap::new();
        for (event, answer) in &ran.log {
            let fired = fired(answer);
            for rule in job.rules.iter().filter(|rule| fired.contains(rule.name.as_str())) {
                self.see(rule, Outcome::Fired);
            }
            if let Some((id, verb)) = word(event, "id").zip(self.verb(event)) {
                calls.insert(id.to_owned(), verb);
            }
            let verb = word(answer, "call").and_then(|call| calls.get(call)).copied();
            for rule in passed(job, answer, verb).filter(|rule| !fired.contains(rule.name.as_str())) {
                self.see(rule, Outcome::Passed);
            }
            if event.get("approve") == Some(&Json::Bool(true))
                && word(answer, "outcome") != Some("refused")
                && let Some(gate) = word(event, "request").and_then(|request| requests.get(request))
                && let Some(rule) = job.rules.iter().find(|rule| rule.name == *gate)
            {
                self.see(rule, Outcome::Approved);
            }
            for request in answer.get("approvals").and_then(Json::as_list).unwrap_or_default() {
                let gate = request.get("gate").and_then(|gate| word(gate, "rule"));
                let Some((id, gate)) = word(request, "request").zip(gate) else { continue };
                let is_new = requests.insert(id.to_owned(), gate.to_owned()).is_none();
                // A limit with `else gate` asks by a gate whose own condition need not hold.
                if is_new
                    && !fired.contains(gate)
                    && let Some(rule) = job.rules.iter().find(|rule| rule.name == gate)
                {
                    self.see(rule, Outcome::Fired);
                }
            }
        }
    }

    /// The rules in the order of their files and lines.
    #[must_use]
    pub fn finish(self) -> Vec<Covered> {
        self.rules.into_values().collect()
    }

    fn see(&mut self, rule: &Rule, outcome: Outcome) {
        if let Some(seen) = self.rules.get_mut(&rule.loc).and_then(|covered| covered.outcomes.get_mut(&outcome)) {
            *seen = seen.saturating_add(1);
        }
    }

    /// The verb that an event calls, by its name on the wire.
    fn verb(&self, event: &Json) -> Option<VerbId> {
        let (tool, wire) = word(event, "verb").filter(|_| word(event, "event") == Some("call"))?.split_once('.')?;
        let found = self.typed.verbs.iter().position(|verb| {
            verb.wire == wire && self.typed.tools.get(verb.tool.index()).is_some_and(|known| known.name == tool)
        });
        found.and_then(|at| u32::try_from(at).ok()).map(VerbId)
    }
}

fn covered(rule: &Rule, places: &Places) -> Covered {
    let (line, _) = places.line_and_column(rule.loc.file, rule.loc.span.start);
    let source = places.text(rule.loc.file).lines().nth(line.saturating_sub(1)).unwrap_or_default().trim().to_owned();
    let (kind, always) = match &rule.kind {
        RuleKind::Allow { .. } => ("allow", true),
        RuleKind::Never => ("never", true),
        RuleKind::Gate(_) => ("gate", true),
        RuleKind::Escalate => ("escalate", true),
        RuleKind::OnFailure { .. } => ("on failure", false),
        RuleKind::Require { .. } => ("require", false),
        RuleKind::Limit(_) => ("limit", false),
    };
    let mut outcomes = BTreeMap::from([(Outcome::Fired, 0)]);
    if !always || rule.condition.is_some() {
        outcomes.insert(Outcome::Passed, 0);
    }
    // What a gate in shadow asks nobody.
    if kind == "gate" && !rule.shadow {
        outcomes.insert(Outcome::Approved, 0);
    }
    Covered { kind, name: rule.name.clone(), file: places.name(rule.loc.file).to_owned(), line, source, outcomes }
}

/// Whether a file is the author's, not one of the library's modules.
fn is_own(file: &str) -> bool {
    file != "std" && !file.starts_with("std.")
}

fn word<'j>(json: &'j Json, member: &str) -> Option<&'j str> {
    json.get(member).and_then(Json::as_text)
}

/// The rules that an answer says fired.
fn fired(answer: &Json) -> BTreeSet<&str> {
    let lists = ["fired", "shadow"].into_iter().filter_map(|list| answer.get(list).and_then(Json::as_list));
    let decided = answer.get("by").into_iter().chain(answer.get("escalated").and_then(|handoff| handoff.get("by")));
    lists.flatten().chain(decided).filter_map(|fired| word(fired, "rule")).collect()
}

/// The rules that an answer shows to have been false, with those that fired still among them.
fn passed<'j>(job: &'j Job, answer: &Json, verb: Option<VerbId>) -> impl Iterator<Item = &'j Rule> {
    let decided = verb.is_some() && matches!(word(answer, "outcome"), Some("allow" | "approval"));
    let not_allowed = verb.is_some() && answer.get("by").and_then(|by| word(by, "rule")) == Some("no_allow");
    job.rules.iter().filter(move |rule| {
        let meets = rule.verbs.is_empty() || verb.is_some_and(|verb| rule.verbs.contains(&verb));
        meets && (decided || (not_allowed && matches!(rule.kind, RuleKind::Allow { .. })))
    })
}
