//! Answers of people to requests for approval.

use super::judge::By;
use super::{Deciding, Reply, approval, words};
use crate::answer::{Outcome, Retry};
use crate::cell::CellValue;
use crate::event::{Approval, Vote};
use crate::run::{Asked, MAX_GRANTS, Phase};
use std::sync::Arc;

impl Deciding<'_> {
    pub(super) fn vote(&mut self, approval: &Approval) -> Reply {
        let request = &approval.request;
        if self.run.phase != Phase::Open {
            return Reply::refused(format!("the run is over, so that the request `{request}` is void"));
        }
        let Some(asked) = self.run.requests.get(request.as_str()).cloned() else {
            return Reply::refused(format!("there is no open request `{request}`"));
        };
        let cell = self.cells.get(&approval::cell(self.policy, self.job, &self.run, &asked));
        if !matches!(cell, Some(CellValue::Approval(_))) {
            return Reply::refused(format!("the request `{request}` was used or withdrawn elsewhere")).about(&asked.call);
        }
        if !approval::may_answer(self.policy, &self.run, &asked, &approval.by) {
            let why = format!("`{}` may not answer the request `{request}`", approval.by.id);
            return Reply::refused(why).about(&asked.call);
        }
        match approval.answer {
            Vote::Refuse => self.refused_by(&asked, &approval.by.id),
            Vote::Approve => self.approved_by(&asked, approval),
        }
    }

    fn refused_by(&mut self, asked: &Asked, who: &str) -> Reply {
        let by = words::fired(self.policy, asked.rule);
        self.refuse(asked, &by.rule);
        let verb = self.policy.program().verbs.get(asked.verb.index()).map_or("", |verb| verb.wire.as_str());
        Reply {
            outcome: Outcome::Deny,
            model: words::denied(self.policy, verb, By::Rule(asked.rule), Retry::No),
            person: format!("`{verb}` is denied: `{who}` refused it at {}", words::by_words(&by).trim_start_matches("by ")),
            fired: vec![by.clone()],
            by: Some(by),
            ..Reply::taken("").about(&asked.call)
        }
    }

    fn approved_by(&mut self, asked: &Arc<Asked>, approval: &Approval) -> Reply {
        let mut next = Asked::clone(asked);
        // Somebody who answers again is taken with the roles they hold now.
        next.grants.retain(|grant| grant.id != approval.by.id);
        if next.grants.len() >= MAX_GRANTS {
            return Reply::refused(format!("the request `{}` holds as many answers as it may", asked.id)).about(&asked.call);
        }
        next.grants.push(approval.by.clone());
        let next = Arc::new(next);
        self.run.requests.insert_mut(Arc::clone(&next.id), Arc::clone(&next));
        if !approval::is_granted(self.policy, &self.run, &next) {
            return self.still_waits(&next);
        }
        let Some(entry) = self.run.call(&next.call).map(|entry| entry.as_ref().clone()) else {
            return Reply::refused(format!("there is no call `{}`", next.call));
        };
        if let Some(pause) = self.paused(Some(next.verb)) {
            return self.paused_reply(&next.call, &entry.name, pause);
        }
        self.decide_call(entry)
    }

    /// Not everybody has answered who must.
    fn still_waits(&self, asked: &Asked) -> Reply {
        let open = self.run.requests.values().filter(|other| other.call == asked.call);
        let mut waiting: Vec<_> = open.filter(|other| !approval::is_granted(self.policy, &self.run, other)).collect();
        waiting.sort_by_key(|other| other.rule);
        let requests: Vec<_> = waiting.into_iter().map(|asked| approval::request(self.policy, &self.run, asked)).collect();
        let by = words::fired(self.policy, asked.rule);
        Reply {
            outcome: Outcome::Approval(requests),
            model: "this call waits for the approval of people; it goes on once they have answered".to_owned(),
            person: format!("more people must approve {}", words::by_words(&by)),
            retry: Retry::AfterApproval,
            fired: vec![by.clone()],
            by: Some(by),
            ..Reply::taken("").about(&asked.call)
        }
    }
}
