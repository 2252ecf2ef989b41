//! Who may approve, pause, resume and undo.

use super::Completer;
use crate::check::{Firm, Scope};
use crate::diagnostic::codes::{BadQuorum, QuorumFault};
use crate::resolve::loc;
use crate::typed::{Approver, ApproverKind, FileId, Type};
use agentc_grammar::ast;

impl Completer<'_, '_> {
    /// Groups of people who must all approve.
    pub(super) fn approvers(&mut self, file: FileId, written: &[ast::Approver], scope: &Scope) -> Vec<Approver> {
        written.iter().filter_map(|approver| self.approver(file, approver, scope)).collect()
    }

    /// People any one of whom may do it.
    pub(super) fn people(&mut self, what: &'static str, file: FileId, written: &[ast::Approver], scope: &Scope) -> Vec<Approver> {
        for person in written {
            if let Some(quorum) = &person.quorum {
                let fault = QuorumFault::OneIsEnough(what);
                self.report(BadQuorum { fault, loc: loc(file, quorum.span) });
            }
        }
        self.approvers(file, written, scope)
    }

    fn approver(&mut self, file: FileId, written: &ast::Approver, scope: &Scope) -> Option<Approver> {
        let quorum = match &written.quorum {
            None => 1,
            Some(quorum) => u32::try_from(quorum.node).unwrap_or(0),
        };
        if quorum == 0 {
            self.report(BadQuorum { fault: QuorumFault::Nobody, loc: loc(file, written.span) });
        }
        let one_person = !matches!(written.who, ast::ApproverKind::Role(_));
        if one_person && quorum > 1 {
            self.report(BadQuorum { fault: QuorumFault::OnePerson, loc: loc(file, written.span) });
        }
        let who = match &written.who {
            ast::ApproverKind::Role(name) => ApproverKind::Role(self.role(file, name)?),
            ast::ApproverKind::User => ApproverKind::User,
            ast::ApproverKind::Identity(expr) => {
                let id = self.checker.check(expr, scope, Some(&Type::Text)).ok()?;
                self.checker.forbid_claims(&id, Firm::Approver);
                ApproverKind::Identity(id)
            }
        };
        Some(Approver { quorum, who, loc: loc(file, written.span) })
    }
}
