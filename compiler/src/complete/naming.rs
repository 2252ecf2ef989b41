//! Names of rules: the author's, and stable ones for those without.

use super::Completer;
use super::unfold::Unfolded;
use crate::diagnostic::codes::ReservedName;
use crate::resolve::{Duplicates, loc};
use agentc_grammar::ast::{MemberKind, Name, Target};
use agentc_runtime::answer::Builtin;
use std::collections::{BTreeMap, BTreeSet};

/// What decides where no rule does: names that no rule may have, and that a test may expect.
pub(super) const BUILT_IN: &[Builtin] = &[
    Builtin::Closed,
    Builtin::Paused,
    Builtin::UndeclaredVerb,
    Builtin::Arguments,
    Builtin::CallId,
    Builtin::NoAllow,
    Builtin::Unclear,
    Builtin::TooManyNeeds,
    Builtin::RunFull,
    Builtin::Compensation,
];

/// A rule's name and whether its author gave it.
#[derive(Debug, Clone)]
pub(super) struct RuleName {
    pub(super) text: String,
    pub(super) named: bool,
    /// `allow`, `gate`, `limit`: what the member is, whatever is wrong inside it.
    pub(super) sort: &'static str,
}

impl Completer<'_, '_> {
    /// The names of these members, beside them; `None` for what is no rule. An unnamed rule is called by its effect and its first verb,
    /// with a number from the second on, so that its name changes only when a rule of the same effect and verb comes before it.
    pub(super) fn rule_names(&mut self, members: &[Unfolded<'_>]) -> Vec<Option<RuleName>> {
        let mut given = Duplicates::of("rule");
        let mut taken: BTreeSet<String> = BUILT_IN.iter().map(|built_in| built_in.name().to_owned()).collect();
        for unfolded in members {
            let Some((_, Some(name))) = sort_and_name(&unfolded.member.kind) else { continue };
            let here = loc(unfolded.home.file, name.span);
            if BUILT_IN.iter().any(|built_in| built_in.name() == name.node) {
                self.report(ReservedName { what: "rule", name: name.node.clone(), loc: here });
            }
            given.declare(&name.node, here, self.checker.problems());
            taken.insert(name.node.clone());
        }
        // Names are only ever taken, so the search for a free number goes on where it ended.
        let mut tried: BTreeMap<String, u32> = BTreeMap::new();
        let name = |unfolded: &Unfolded<'_>| {
            let (sort, name) = sort_and_name(&unfolded.member.kind)?;
            if let Some(name) = name {
                return Some(RuleName { text: name.node.clone(), named: true, sort });
            }
            let base = match targets(&unfolded.member.kind).first() {
                None => sort.to_owned(),
                Some(target) => format!("{sort}_{}", target_word(target)),
            };
            let from = tried.get(&base).copied().unwrap_or(1);
            let numbered = |number: u32| if number < 2 { base.clone() } else { format!("{base}_{number}") };
            let (number, text) = (from..).map(|number| (number, numbered(number))).find(|(_, text)| !taken.contains(text))?;
            tried.insert(base, number);
            taken.insert(text.clone());
            Some(RuleName { text, named: false, sort })
        };
        members.iter().map(name).collect()
    }
}

fn target_word(target: &Target) -> String {
    let parts: Vec<&str> = target.path.parts.iter().map(|part| part.node.as_str()).collect();
    match parts.as_slice() {
        ["*"] | [] => "all".to_owned(),
        [tool, "*"] => (*tool).to_owned(),
        [.., verb] => (*verb).to_owned(),
    }
}

fn sort_and_name(kind: &MemberKind) -> Option<(&'static str, Option<&Name>)> {
    match kind {
        MemberKind::Allow(rule) => Some(("allow", rule.name.as_ref())),
        MemberKind::Never(rule) => Some(("never", rule.name.as_ref())),
        MemberKind::Escalate(rule) => Some(("escalate", rule.name.as_ref())),
        MemberKind::OnFailure(rule) => Some(("on_failure", rule.name.as_ref())),
        MemberKind::Gate(rule) => Some(("gate", Some(&rule.name))),
        MemberKind::Require(rule) => Some(("require", Some(&rule.name))),
        MemberKind::Limit(rule) => Some(("limit", Some(&rule.name))),
        _ => None,
    }
}

fn targets(kind: &MemberKind) -> &[Target] {
    match kind {
        MemberKind::Allow(rule) => &rule.targets,
        MemberKind::Never(rule) => &rule.targets,
        MemberKind::Escalate(rule) => &rule.targets,
        MemberKind::OnFailure(rule) => &rule.targets,
        _ => &[],
    }
}
