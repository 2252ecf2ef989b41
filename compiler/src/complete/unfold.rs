//! The members of a job with its rule sets taken in and its `when` blocks opened: each with the conditions around it.

use super::Completer;
use crate::diagnostic::codes::{IncludeCycle, IncludedTooDeep, IncludedTwice, Misplaced, NameKind, NeverIncluded};
use crate::resolve::loc;
use crate::typed::{FileId, Loc};
use agentc_grammar::ast::{Guard, Member, MemberKind, Name};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A member and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Unfolded<'a> {
    pub(super) member: &'a Member,
    pub(super) home: Home<'a>,
    /// The conditions of the `when` blocks around it, from the outside in.
    pub(super) around: Vec<Around<'a>>,
}

/// The file and the rule set, if it is one, in which something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Home<'a> {
    pub(super) file: FileId,
    pub(super) rule_set: Option<&'a str>,
}

/// The condition of a `when` block.
#[derive(Debug, Clone)]
pub(super) struct Around<'a> {
    pub(super) home: Home<'a>,
    pub(super) guard: Rc<Guard>,
}

/// How many rule sets may take in each other in a row: each takes its part of the stack, and nobody finds a rule behind more.
const MAX_SETS: usize = 16;

/// What is open and what was taken in.
struct Unfolding<'a> {
    open: Vec<&'a str>,
    included: BTreeMap<&'a str, Loc>,
    members: Vec<Unfolded<'a>>,
    /// Whether a job takes them in. A row of sets that is too long is said of jobs only: of the sets each would say it once more.
    for_job: bool,
}

impl<'a> Completer<'a, '_> {
    /// The members of a job in source order; `include`, `when` and what stands where it may not are gone.
    pub(super) fn unfold(&mut self, file: FileId, members: &'a [Member]) -> Vec<Unfolded<'a>> {
        let mut unfolding = Unfolding { open: Vec::new(), included: BTreeMap::new(), members: Vec::new(), for_job: true };
        self.unfold_into(&mut unfolding, Home { file, rule_set: None }, members, &[]);
        self.included.extend(unfolding.included.into_keys());
        unfolding.members
    }

    /// Reports misplaced members and circles of rule sets that no job includes; and those themselves where they stand in the root file: a
    /// module may hold what only other policies include.
    pub(super) fn unfold_unused_sets(&mut self) {
        let sets: Vec<_> = self.hir.names.rule_sets.values().copied().collect();
        for (file, set) in sets {
            if file == FileId(0) && !self.included.contains(set.name.node.as_str()) {
                self.report(NeverIncluded { name: set.name.node.clone(), loc: loc(file, set.name.span) });
            }
            let mut unfolding =
                Unfolding { open: vec![&set.name.node], included: BTreeMap::new(), members: Vec::new(), for_job: false };
            self.unfold_into(&mut unfolding, Home { file, rule_set: Some(&set.name.node) }, &set.members, &[]);
        }
    }

    fn unfold_into(&mut self, out: &mut Unfolding<'a>, home: Home<'a>, members: &'a [Member], around: &[Around<'a>]) {
        for member in members {
            match &member.kind {
                MemberKind::When { condition, negated, members } => {
                    let guard = Guard { negated: *negated, condition: condition.clone(), span: condition.span };
                    let mut inside = around.to_vec();
                    inside.push(Around { home, guard: Rc::new(guard) });
                    self.unfold_into(out, home, members, &inside);
                }
                MemberKind::Include(name) => self.include(out, home.file, name, around),
                kind => {
                    let inside = match home.rule_set {
                        Some(_) => Some("a rule set"),
                        None if !around.is_empty() => Some("a `when` block"),
                        None => None,
                    };
                    match inside {
                        Some(inside) if !may_stand(kind, around) => {
                            let (what, loc) = (member_name(kind), loc(home.file, member.span));
                            self.report(Misplaced { what, inside, loc });
                        }
                        _ => out.members.push(Unfolded { member, home, around: around.to_vec() }),
                    }
                }
            }
        }
    }

    fn include(&mut self, out: &mut Unfolding<'a>, file: FileId, name: &'a Name, around: &[Around<'a>]) {
        let here = loc(file, name.span);
        let found = self.named(
            NameKind::RuleSet,
            file,
            name,
            |hir| hir.names.rule_sets.get(&name.node).copied(),
            |hir| hir.names.rule_sets.keys().map(String::as_str).collect(),
        );
        let Some((set_file, set)) = found else { return };
        if let Some(from) = out.open.iter().position(|open| *open == name.node) {
            let circle = out.open.get(from..).unwrap_or_default();
            // Every set is unfolded for itself too: a circle is said once, as its first name sees it.
            if circle.iter().min() == circle.first() {
                let sets = circle.iter().map(|set| (*set).to_owned()).collect();
                self.report(IncludeCycle { sets, loc: here });
            }
            return;
        }
        if let Some(first) = out.included.get(name.node.as_str()) {
            let first = *first;
            self.report(IncludedTwice { name: name.node.clone(), loc: here, first });
            return;
        }
        if out.open.len() >= MAX_SETS {
            if out.for_job {
                self.report(IncludedTooDeep { levels: MAX_SETS, loc: here });
                // What stands behind it is not followed, so no other set is known to be of no use.
                self.included.extend(self.hir.names.rule_sets.values().map(|(_, set)| set.name.node.as_str()));
            }
            return;
        }
        out.included.insert(&name.node, here);
        out.open.push(&name.node);
        self.unfold_into(out, Home { file: set_file, rule_set: Some(&set.name.node) }, &set.members, around);
        out.open.pop();
    }
}

/// Whether a member may stand in a rule set, or in a `when` block there or in a job. A `let` means the same whatever is around it; a
/// clause about people may not stand under any condition, because it would not have it.
fn may_stand(kind: &MemberKind, around: &[Around<'_>]) -> bool {
    match kind {
        MemberKind::Let(_) => true,
        MemberKind::Handoff(_) | MemberKind::PauseBy(_) | MemberKind::ResumeBy(_) | MemberKind::UndoBy(_) => around.is_empty(),
        kind => is_rule(kind),
    }
}

fn is_rule(kind: &MemberKind) -> bool {
    matches!(
        kind,
        MemberKind::Allow(_)
            | MemberKind::Never(_)
            | MemberKind::Gate(_)
            | MemberKind::Escalate(_)
            | MemberKind::OnFailure(_)
            | MemberKind::Require(_)
            | MemberKind::Limit(_)
    )
}

/// What a member is called.
pub(super) fn member_name(kind: &MemberKind) -> &'static str {
    match kind {
        MemberKind::Purpose(_) => "purpose",
        MemberKind::Input(_) => "input",
        MemberKind::Environment(_) => "environment",
        MemberKind::Signal(_) => "signal",
        MemberKind::Done(_) => "done when",
        MemberKind::Let(_) => "let",
        MemberKind::Include(_) => "include",
        MemberKind::Allow(_) => "allow",
        MemberKind::Never(_) => "never",
        MemberKind::Gate(_) => "gate",
        MemberKind::Escalate(_) => "escalate",
        MemberKind::OnFailure(_) => "on failure",
        MemberKind::Require(_) => "require",
        MemberKind::Limit(_) => "limit",
        MemberKind::Handoff(_) => "handoff",
        MemberKind::PauseBy(_) => "pause by",
        MemberKind::ResumeBy(_) => "resume by",
        MemberKind::UndoBy(_) => "undo by",
        MemberKind::When { .. } => "when",
    }
}
