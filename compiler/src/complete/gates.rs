//! Gates: who approves, for how long, what they see; and the gates that limits ask.

use super::Completer;
use super::jobs::Completed;
use super::unfold::Unfolded;
use crate::check::Scope;
use crate::diagnostic::codes::{BadQuorum, GateElsewhere, NameKind, QuorumFault};
use crate::resolve::loc;
use crate::typed::{ExpiredThen, FileId, Gate, LimitElse, RuleKind, VerbId};
use agentc_grammar::ast::{self, ExpiresElse, MemberKind};

impl Completer<'_, '_> {
    /// The gate, its chain of approvers laid flat.
    pub(super) fn gate(&mut self, file: FileId, gate: &ast::Gate, scope: &Scope) -> Gate {
        if gate.approvers.is_empty() {
            self.report(BadQuorum { fault: QuorumFault::NoApprovers, loc: loc(file, gate.name.span) });
        }
        let approvers = self.approvers(file, &gate.approvers, scope);
        let mut then = Vec::new();
        let mut otherwise = ExpiredThen::Deny;
        let mut next = gate.expires.as_ref();
        let expires = next.map(|expires| self.positive("expires", file, &expires.after));
        while let Some(expires) = next {
            next = match &expires.otherwise {
                ExpiresElse::Unsaid | ExpiresElse::Deny(_) => None,
                ExpiresElse::Escalate(_) => {
                    otherwise = ExpiredThen::Escalate;
                    None
                }
                ExpiresElse::Then { approvers, expires } => {
                    let who = self.approvers(file, approvers, scope);
                    let long = self.positive("expires", file, &expires.after);
                    then.push((who, Some(long)));
                    Some(expires)
                }
            };
        }
        Gate {
            approvers,
            may_be_requester: gate.may_be_requester.is_some(),
            expires,
            then,
            otherwise,
            show: self.shows(file, &gate.show, scope),
        }
    }

    /// Puts the index of the gate into each limit that says `else gate G`. The gate must speak of every call that the limit counts.
    pub(super) fn gates_of_limits(&mut self, members: &[Unfolded<'_>], completed: &mut Completed) {
        let limits: Vec<(String, FileId, &ast::Name)> = members
            .iter()
            .filter_map(|unfolded| match &unfolded.member.kind {
                MemberKind::Limit(limit) => match &limit.otherwise {
                    ast::LimitElse::Gate(gate) => Some((limit.name.node.clone(), unfolded.home.file, gate)),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        for (limit, file, gate) in limits {
            let Some(index) = self.rule(NameKind::Gate, file, gate, &completed.rules) else { continue };
            let counting = completed.rules.iter().position(|rule| rule.name == limit);
            let sure = |rule: usize| completed.sorts.get(rule).is_some_and(|(_, sure)| *sure);
            let known = sure(index as usize) && counting.is_some_and(sure);
            let counted = match counting.and_then(|rule| completed.rules.get(rule)) {
                Some(rule) if !rule.verbs.is_empty() => rule.verbs.clone(),
                _ => self.every_verb(),
            };
            let Some(named) = completed.rules.get(index as usize) else { continue };
            let missing: Vec<VerbId> = counted.into_iter().filter(|verb| !named.verbs.contains(verb)).collect();
            let is_gate = completed.is(index, "gate");
            if !is_gate || (known && !missing.is_empty()) {
                let (missing, loc, rule) = (is_gate.then_some(missing), loc(file, gate.span), named.loc);
                self.report(GateElsewhere { gate: gate.node.clone(), missing, loc, rule });
                continue;
            }
            let rule = completed.rules.iter_mut().find(|rule| rule.name == limit);
            if let Some(RuleKind::Limit(limit)) = rule.map(|rule| &mut rule.kind) {
                limit.otherwise = LimitElse::Gate(index);
            }
        }
    }

    fn every_verb(&self) -> Vec<VerbId> {
        (0_u32..).zip(&self.hir.typed.verbs).map(|(index, _)| VerbId(index)).collect()
    }
}
