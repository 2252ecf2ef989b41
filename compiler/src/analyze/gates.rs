//! Gates that nobody can open, that ask the same people again, or whose approver the agent chooses.

use super::ties::{Reader, Root};
use super::{Subject, unanchored};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{AgentChooses, AskedAgain, AskedTwice, CannotApprove, CannotApproveWhy};
use crate::typed::{Approver, ApproverKind, ArgId, Expr, ExprKind, Gate, Job, Rule, RuleKind, Typed, Who};
use std::collections::BTreeMap;

/// Reports what is certain of a gate's people from the policy alone: who holds a role is known at run time only.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let mut reader = Reader::new(subject.typed);
    for job in &subject.typed.jobs {
        for rule in &job.rules {
            if let RuleKind::Gate(gate) = &rule.kind {
                let people = People { typed: subject.typed, job, rule, gate };
                people.check(&mut reader, sink);
            }
        }
    }
}

/// A gate where it stands.
struct People<'t> {
    typed: &'t Typed,
    job: &'t Job,
    rule: &'t Rule,
    gate: &'t Gate,
}

/// One person, or the holders of a role, told apart by what is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Role(u32),
    User,
    Agent,
    /// The text of the expression: in one gate the same text means the same person.
    Identity(String),
}

impl People<'_> {
    fn check(&self, reader: &mut Reader<'_>, sink: &mut Sink) {
        let stages: Vec<&[Approver]> =
            std::iter::once(self.gate.approvers.as_slice()).chain(self.gate.then.iter().map(|(who, _)| who.as_slice())).collect();
        let mut asked: Vec<Vec<(Group, u32)>> = Vec::new();
        for stage in stages {
            self.stage(stage, reader, sink);
            let mut groups: Vec<(Group, u32)> = stage.iter().map(|one| (self.group(&one.who), one.quorum)).collect();
            groups.sort();
            if let (true, Some(first)) = (asked.contains(&groups), stage.first()) {
                sink.report(AskedAgain { gate: self.rule.name.clone(), loc: first.loc });
            }
            asked.push(groups);
        }
    }

    fn stage(&self, stage: &[Approver], reader: &mut Reader<'_>, sink: &mut Sink) {
        let mut seen: BTreeMap<Group, &Approver> = BTreeMap::new();
        for approver in stage {
            let group = self.group(&approver.who);
            let gate = self.rule.name.clone();
            // An identity that is the user is the one who asked; only `approvers user` names the user as approver.
            let is_user_by_id = group == Group::User && matches!(approver.who, ApproverKind::Identity(_));
            let why = if group == Group::Agent {
                Some(CannotApproveWhy::Agent)
            } else if is_user_by_id && !self.gate.may_be_requester {
                Some(CannotApproveWhy::UserById)
            } else {
                None
            };
            let is_certain = why.is_some();
            if let Some(why) = why {
                sink.report(CannotApprove { gate: gate.clone(), loc: approver.loc, why });
            }
            match (seen.get(&group), &group) {
                (Some(first), Group::Role(role)) => {
                    let quorum = first.quorum.saturating_add(approver.quorum);
                    sink.report(AskedTwice { gate, role: *role, quorum, first: first.loc, loc: approver.loc });
                }
                (Some(first), _) if !is_certain => {
                    let why = CannotApproveWhy::SamePerson(first.loc);
                    sink.report(CannotApprove { gate, loc: approver.loc, why });
                }
                _ => {}
            }
            seen.entry(group).or_insert(approver);
            self.chosen(approver, reader, sink);
        }
    }

    /// An approver whose identity is an argument of the call.
    fn chosen(&self, approver: &Approver, reader: &mut Reader<'_>, sink: &mut Sink) {
        let ApproverKind::Identity(expr) = &approver.who else { return };
        let arguments: Vec<ArgId> = reader
            .roots(expr)
            .into_iter()
            .filter_map(|root| match root {
                Root::Argument(arg) => Some(arg),
                _ => None,
            })
            .collect();
        for arg in arguments {
            let free =
                self.rule.verbs.iter().copied().filter(|verb| unanchored::is_free(arg, *verb, self.job, self.typed, reader));
            if let Some(verb) = free.collect::<Vec<_>>().first() {
                sink.report(AgentChooses { gate: self.rule.name.clone(), arg, verb: *verb, loc: approver.loc });
            }
        }
    }

    fn group(&self, who: &ApproverKind) -> Group {
        match who {
            ApproverKind::Role(role) => Group::Role(role.0),
            ApproverKind::User => Group::User,
            ApproverKind::Identity(expr) => match self.person(expr) {
                Some(Who::Agent) => Group::Agent,
                Some(Who::User) => Group::User,
                None => {
                    let source = self.typed.files.get(expr.loc.file.index()).map_or("", |file| file.text.as_str());
                    Group::Identity(expr.loc.span.text(source).split_whitespace().collect())
                }
            },
        }
    }

    /// Whether the expression is `agent.id` or `user.id`.
    fn person(&self, expr: &Expr) -> Option<Who> {
        match &expr.kind {
            ExprKind::Identity(who, 0) => Some(*who),
            ExprKind::Let(id) => self.typed.lets.get(id.index()).and_then(|used| self.person(&used.value)),
            _ => None,
        }
    }
}
