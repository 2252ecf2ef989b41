//! Computes the nine answers of one job.

use super::bounds::{is_bounded, is_restricted, reads, writes};
use super::{Answer, Gap, Question, Said, What};
use crate::analyze::walk::{Walk, deciding};
use crate::typed::{
    Access, ExpiredThen, ExprKind, FetchHow, Gate, Job, LimitElse, Provenance, Record, RecordId, Rule, RuleKind, SourceId, Type,
    Typed, Verb, VerbId,
};
use std::collections::BTreeSet;

/// What is needed for more than one answer.
pub(super) struct Facts<'t> {
    typed: &'t Typed,
    job: &'t Job,
    /// What it may change.
    writes: Vec<VerbId>,
    /// What it may read.
    reads: Vec<VerbId>,
    /// The records of sources that its rules read or its writes change.
    records: BTreeSet<RecordId>,
    /// Its writes have a source behind them.
    has_source: bool,
    /// Indices of the rules that end a run.
    stops: Vec<u32>,
}

impl<'t> Facts<'t> {
    pub(super) fn new(typed: &'t Typed, job: &'t Job) -> Self {
        let writes = writes(typed, job);
        let reads = reads(typed, job);
        let mut records = BTreeSet::new();
        let mut walk = Walk::new(typed);
        for expr in job.rules.iter().filter(|rule| !rule.shadow).flat_map(deciding) {
            walk.over(expr, &mut |part| {
                if let ExprKind::Lookup(record, _) = &part.kind {
                    records.insert(*record);
                }
            });
        }
        let changed: BTreeSet<RecordId> =
            writes.iter().flat_map(|verb| typed.verbs.get(verb.index())).flat_map(touched).collect();
        let of_source = |record: &RecordId| typed.records.get(record.0 as usize).is_some_and(|decl| decl.source.is_some());
        let fetching: BTreeSet<VerbId> = typed.records.iter().flat_map(fetched_by).collect();
        let required = writes.iter().flat_map(|verb| job.naming(*verb)).any(|(_, rule)| match &rule.kind {
            RuleKind::Require { verb, .. } => fetching.contains(verb),
            _ => false,
        });
        let judged = writes.iter().flat_map(|verb| job.naming(*verb)).flat_map(|(_, rule)| deciding(rule));
        let has_source = required
            || changed.iter().any(of_source)
            || judged.into_iter().any(|expr| expr.provenance.contains(Provenance::RECORD));
        records.extend(changed.into_iter().filter(of_source));
        let ends = |rule: &Rule| match &rule.kind {
            RuleKind::Escalate | RuleKind::OnFailure { .. } => true,
            RuleKind::Limit(limit) => limit.otherwise == LimitElse::Escalate,
            RuleKind::Gate(gate) => gate.otherwise == ExpiredThen::Escalate,
            _ => false,
        };
        let stops = (0_u32..).zip(&job.rules).filter(|(_, rule)| !rule.shadow && ends(rule)).map(|(index, _)| index).collect();
        Self { typed, job, writes, reads, records, has_source, stops }
    }

    pub(super) fn answer(&self, question: Question) -> Answer {
        let (said, gaps) = match question {
            Question::Job => self.owned_job(),
            Question::Truth => self.truth(),
            Question::Reads => self.readable(),
            Question::Writes => {
                let mut said =
                    self.rules(|rule| matches!(rule.kind, RuleKind::Allow { .. }) && self.names_write(rule), What::Writes);
                said.extend(self.forbidding(Access::Write));
                (said, Vec::new())
            }
            Question::Approvals => self.approvals(),
            Question::Escalations => self.escalations(),
            Question::Handoff => self.handoff(),
            Question::Pause => self.pause(),
            Question::Reversal => self.reversal(),
        };
        Answer { question, said, gaps }
    }

    fn lacks_source(&self) -> bool {
        !self.writes.is_empty() && !self.has_source
    }

    /// A purpose is a slogan where at least two of the three things that make it exact are missing.
    fn slogan(&self) -> Option<Gap> {
        let (no_input, no_end, no_source) = (self.job.input.is_empty(), self.job.done.is_none(), self.lacks_source());
        let missing = [no_input, no_end, no_source].iter().filter(|missing| **missing).count();
        (self.job.purpose.is_some() && missing > 1).then_some(Gap::Slogan { no_input, no_end, no_source })
    }

    fn owned_job(&self) -> (Vec<Said>, Vec<Gap>) {
        let mut said: Vec<Said> = self.job.purpose_at.map(|loc| Said { what: What::Purpose, loc }).into_iter().collect();
        said.extend((0_u32..).zip(&self.job.input).map(|(index, field)| Said { what: What::Input(index), loc: field.loc }));
        said.extend(self.job.done.as_ref().map(|done| Said { what: What::Done, loc: done.loc }));
        let mut gaps = Vec::new();
        if self.job.purpose.is_none() {
            gaps.push(Gap::NoPurpose);
        }
        match self.slogan() {
            Some(slogan) => gaps.push(slogan),
            None => {
                if self.job.input.is_empty() {
                    gaps.push(Gap::NoInput);
                }
                if self.job.done.is_none() {
                    gaps.push(Gap::NoEnd);
                }
            }
        }
        (said, gaps)
    }

    fn truth(&self) -> (Vec<Said>, Vec<Gap>) {
        let sources: BTreeSet<SourceId> =
            self.records.iter().filter_map(|record| self.typed.records.get(record.0 as usize)?.source).collect();
        let said = sources.into_iter().filter_map(|id| {
            let source = self.typed.sources.get(id.index())?;
            Some(Said { what: What::Source(id), loc: source.loc })
        });
        let told = matches!(self.slogan(), Some(Gap::Slogan { no_source: true, .. }));
        let gap = (self.lacks_source() && !told).then(|| Gap::NoSource { writes: self.writes.clone() });
        (said.collect(), gap.into_iter().collect())
    }

    fn readable(&self) -> (Vec<Said>, Vec<Gap>) {
        let mut said = self.rules(|rule| matches!(rule.kind, RuleKind::Allow { .. }) && !self.names_write(rule), What::Reads);
        said.extend(self.forbidding(Access::Read));
        let allows = self.job.rules.iter().any(|rule| !rule.shadow && matches!(rule.kind, RuleKind::Allow { .. }));
        if !allows {
            return (said, vec![Gap::NothingAllowed]);
        }
        let unread: Vec<RecordId> = self
            .records
            .iter()
            .copied()
            .filter(|record| {
                let fetch = self.typed.records.get(record.0 as usize).and_then(|decl| decl.fetch.as_ref());
                fetch.is_some_and(|fetch| matches!(fetch.how, FetchHow::Verb { .. }))
            })
            .collect();
        let blind = self.reads.is_empty() && !self.writes.is_empty() && !unread.is_empty();
        (said, blind.then_some(Gap::NothingToRead { records: unread }).into_iter().collect())
    }

    fn approvals(&self) -> (Vec<Said>, Vec<Gap>) {
        let asks = |rule: &Rule| match &rule.kind {
            RuleKind::Gate(_) => true,
            RuleKind::Limit(limit) => matches!(limit.otherwise, LimitElse::Gate(_)),
            _ => false,
        };
        let said = self.rules(asks, What::Gate);
        let mut gaps = Vec::new();
        for verb in &self.writes {
            let Some(decl) = self.typed.verbs.get(verb.index()) else { continue };
            let Some((rule, _)) = self.job.naming(*verb).find(|(_, rule)| matches!(rule.kind, RuleKind::Allow { .. })) else {
                continue;
            };
            for risk in &decl.risks {
                let means = self.typed.risks.get(*risk as usize).map_or(&[][..], |risk| risk.bounded_by.as_slice());
                if !means.is_empty() && !is_bounded(self.job, *verb, decl, means) {
                    gaps.push(Gap::Unbounded { verb: *verb, risk: *risk, rule });
                }
            }
            // Where there is nothing to choose and no record changes, there is nothing to ask about: a mailbox that marks mail as read.
            let is_harmless = decl.params.is_empty() && decl.changes.is_empty();
            if decl.risks.is_empty() && decl.irreversible && !is_harmless && !is_restricted(self.job, *verb) {
                gaps.extend(self.unchecked(*verb).map(|rule| Gap::Unasked { verb: *verb, rule }));
            }
        }
        (said, gaps)
    }

    /// An `allow` of the write that looks at no record.
    fn unchecked(&self, verb: VerbId) -> Option<u32> {
        let blind = |rule: &Rule| {
            let condition = rule.condition.as_ref();
            matches!(rule.kind, RuleKind::Allow { .. })
                && condition.is_none_or(|condition| !condition.provenance.contains(Provenance::RECORD))
        };
        self.job.naming(verb).find(|(_, rule)| blind(rule)).map(|(index, _)| index)
    }

    fn escalations(&self) -> (Vec<Said>, Vec<Gap>) {
        let said = self.stops.iter().filter_map(|index| {
            let rule = self.job.rules.get(*index as usize)?;
            Some(Said { what: What::Stop(*index), loc: rule.loc })
        });
        let gap = (self.stops.is_empty() && !self.job.pause_by.is_empty()).then_some(Gap::NoEscalation);
        (said.collect(), gap.into_iter().collect())
    }

    fn handoff(&self) -> (Vec<Said>, Vec<Gap>) {
        let (mut said, mut gaps) = (Vec::new(), Vec::new());
        match &self.job.handoff {
            None => gaps.push(Gap::NoHandoff),
            Some(handoff) => {
                said.push(Said { what: What::Handoff, loc: handoff.loc });
                if handoff.show.is_empty() {
                    gaps.push(Gap::HandoffShowsNothing);
                }
            }
        }
        for (index, rule, gate) in self.gates() {
            if gate.show.is_empty() {
                gaps.push(Gap::GateShowsNothing { rule: index });
            } else {
                said.push(Said { what: What::Shows(index), loc: rule.loc });
            }
        }
        (said, gaps)
    }

    fn pause(&self) -> (Vec<Said>, Vec<Gap>) {
        let pause = (0_u32..).zip(&self.job.pause_by).map(|(index, who)| Said { what: What::Pause(index), loc: who.loc });
        let resume = (0_u32..).zip(&self.job.resume_by).map(|(index, who)| Said { what: What::Resume(index), loc: who.loc });
        let gap = match (self.job.pause_by.is_empty(), self.stops.is_empty()) {
            (false, _) => None,
            (true, false) => Some(Gap::NobodyPauses),
            (true, true) => Some(Gap::NoWayToStop),
        };
        (pause.chain(resume).collect(), gap.into_iter().collect())
    }

    fn reversal(&self) -> (Vec<Said>, Vec<Gap>) {
        let (mut said, mut gaps) = (Vec::new(), Vec::new());
        for verb in &self.writes {
            let Some(decl) = self.typed.verbs.get(verb.index()) else { continue };
            let what = match (&decl.undo, decl.compensates, decl.irreversible) {
                (Some(undo), _, _) => {
                    if undo.by.is_empty() && self.job.undo_by.is_empty() {
                        gaps.push(Gap::NobodyUndoes { verb: *verb });
                    }
                    What::Undo(*verb)
                }
                (None, Some(_), _) => What::Compensates(*verb),
                (None, None, true) => What::Irreversible(*verb),
                (None, None, false) => {
                    gaps.push(Gap::NoWayBack { verb: *verb });
                    continue;
                }
            };
            said.push(Said { what, loc: decl.loc });
        }
        said.extend((0_u32..).zip(&self.job.undo_by).map(|(index, who)| Said { what: What::UndoBy(index), loc: who.loc }));
        (said, gaps)
    }

    fn gates(&self) -> impl Iterator<Item = (u32, &Rule, &Gate)> {
        (0_u32..).zip(&self.job.rules).filter_map(|(index, rule)| match &rule.kind {
            RuleKind::Gate(gate) if !rule.shadow => Some((index, rule, gate)),
            _ => None,
        })
    }

    /// The rules that deny or pause calls of this access which an `allow` lets pass; one that names no verb is about all of them.
    fn forbidding(&self, access: Access) -> Vec<Said> {
        let is_meant = |rule: &Rule| {
            let of_access = |verb: &VerbId| self.typed.verbs.get(verb.index()).is_some_and(|decl| decl.access == access);
            rule.verbs.is_empty() || rule.verbs.iter().any(of_access)
        };
        let denies = |rule: &Rule| match &rule.kind {
            RuleKind::Never | RuleKind::Require { .. } => true,
            RuleKind::Limit(limit) => matches!(limit.otherwise, LimitElse::Deny | LimitElse::Pause),
            _ => false,
        };
        self.rules(|rule| denies(rule) && is_meant(rule), What::Forbids)
    }

    fn names_write(&self, rule: &Rule) -> bool {
        matches!(rule.kind, RuleKind::Allow { access: Access::Write, .. })
    }

    fn rules(&self, fits: impl Fn(&Rule) -> bool, what: fn(u32) -> What) -> Vec<Said> {
        let rules = (0_u32..).zip(&self.job.rules).filter(|(_, rule)| !rule.shadow && fits(rule));
        rules.map(|(index, rule)| Said { what: what(index), loc: rule.loc }).collect()
    }
}

/// The verbs by which the record's readings come.
fn fetched_by(record: &Record) -> Vec<VerbId> {
    let Some(fetch) = &record.fetch else { return Vec::new() };
    let with = match &fetch.how {
        FetchHow::Verb { verb, .. } => Some(*verb),
        FetchHow::Host => None,
    };
    with.into_iter().chain(fetch.also.iter().copied()).collect()
}

/// The records that a write's parameters are keys of, and those that it changes.
fn touched(verb: &Verb) -> Vec<RecordId> {
    let keys = verb.params.iter().filter_map(|param| key_of(&param.field.ty));
    keys.chain(verb.changes.iter().map(|change| change.record)).collect()
}

fn key_of(ty: &Type) -> Option<RecordId> {
    match ty {
        Type::Key(record) => Some(*record),
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => key_of(inner),
        _ => None,
    }
}
