//! Which calls end where: the regions into which the rules that a verb meets cut its calls, in the order in which a call is decided.
//!
//! A region is what is left of a rule's calls when all rules that decide before it have taken theirs; one that is empty is left out.

mod examples;
mod gates;
mod merge;

use crate::english::{English, Reader};
use crate::logic::{Answer, Budget, Decision, Formula, RuleTruth, Setting, Space, Translator, Uses};
use crate::typed::{Job, JobId, LimitElse, Loc, RuleKind, Typed, VerbId};
use agentc_runtime::event::Event;
use agentc_runtime::library::Library;
use agentc_runtime::program::Effect;

/// Steps for the question whether a region is empty. Where they do not suffice, it is listed.
const STEPS: u64 = 4_000;

/// The regions of a verb in a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Regions {
    /// The regions, in the order in which a call is decided: the first that fits decides.
    pub regions: Vec<Region>,
    /// The rules of the verb that decide no call, because others come before.
    pub idle: Vec<String>,
    /// Regions of one outcome were put together, because there were more than asked for.
    pub merged: bool,
}

/// Calls that end alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// How they end.
    pub outcome: Ends,
    /// The rules that decide, in source order: one, or all gates that are asked at once, or those that were put together.
    pub by: Vec<String>,
    /// What these calls are, beside that no line before fits: all of these; empty: all that are left.
    pub when: Vec<String>,
    /// Where the first of the rules is written; nowhere for what follows from no rule.
    pub loc: Option<Loc>,
    /// A run whose last call is one of these, where one was asked for and found with at most one earlier call.
    pub example: Option<Example>,
    /// Whether it is sure that there are such calls: where it is not, an expression in the conditions is not decided exactly.
    pub sure: bool,
}

/// A run whose last call ends as its region says: the runtime has answered so.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The events, the first of which opens the run, the last of which is the call.
    pub events: Vec<Event>,
    /// The run in the policy's own words, a line each.
    pub told: Vec<String>,
}

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// The run stops and is handed over.
    Escalate,
    /// The job is paused.
    Pause,
    /// The call is denied.
    Deny,
    /// A record must be fetched first.
    Need,
    /// People are asked.
    Approval,
    /// It is allowed.
    Allow,
}

impl Ends {
    /// Its name in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::Pause => "pause",
            Self::Deny => "deny",
            Self::Need => "need",
            Self::Approval => "approval",
            Self::Allow => "allow",
        }
    }

    /// The outcome of the call's answer: a call that pauses the job is answered by the pause.
    fn answer(self) -> &'static str {
        if self == Self::Pause { "paused" } else { self.word() }
    }
}

/// The regions of a verb in a job, at most about so many; with examples where there is a library to play them with. `None` where there is
/// no such job.
#[must_use]
pub fn regions(typed: &Typed, job: JobId, verb: VerbId, most: usize, play: Option<&Library>) -> Option<Regions> {
    let uses = Uses::of(typed);
    let mut space = Space::new();
    let setting = Setting { broken_sources: true, ..Setting::default() };
    let decision = Translator::new(&mut space, typed, job, &uses, setting).decide(verb);
    let mut cutting = Cutting::new(typed, job, &mut space)?;
    cutting.cut(&decision, verb);
    let (regions, idle) = (cutting.regions, cutting.idle);
    let (mut regions, merged) = merge::merged(regions, most);
    if let Some(library) = play {
        examples::find(&mut regions, typed, &uses, job, verb, library);
    }
    Some(Regions { regions, idle, merged })
}

/// The calls while they are cut.
struct Cutting<'t, 's> {
    job: &'t Job,
    english: English<'t>,
    space: &'s mut Space,
    /// The calls that no region before takes.
    rest: Formula,
    regions: Vec<Region>,
    /// Beside the regions: their calls.
    formulas: Vec<Formula>,
    idle: Vec<String>,
}

impl<'t, 's> Cutting<'t, 's> {
    fn new(typed: &'t Typed, job: JobId, space: &'s mut Space) -> Option<Self> {
        let job = typed.jobs.get(job.index())?;
        let english = English::new(typed, job, Reader::Person);
        let (regions, formulas, idle) = (Vec::new(), Vec::new(), Vec::new());
        Some(Self { job, english, space, rest: Formula::TRUE, regions, formulas, idle })
    }

    fn cut(&mut self, decision: &Decision, verb: VerbId) {
        let of = |effect: &'static [Effect], of_the_job: Option<bool>| {
            let fits =
                move |rule: &&RuleTruth| effect.contains(&rule.effect) && of_the_job.is_none_or(|of| rule.of_the_job == of);
            decision.rules.iter().filter(fits).cloned().collect::<Vec<RuleTruth>>()
        };
        const STOPS: &[Effect] = &[Effect::Stop, Effect::Pause];
        let failures = self.failures(verb);
        self.rules(&of(STOPS, Some(true)).into_iter().filter(|rule| !failures.contains(&rule.rule)).collect::<Vec<_>>());
        self.rules(&of(&[Effect::Deny], None));
        let allows = of(&[Effect::Allow], None);
        self.no_allow(&allows, verb);
        self.rules(&of(STOPS, Some(false)));
        self.unknown(decision.unknown);
        let settled = self.rest;
        self.gates(&of(&[Effect::Ask], None), decision.asked);
        self.rules(&allows);
        // An `allow` under gates decides too: without it nobody would be asked.
        for allow in &allows {
            let permitted = self.space.both(settled, allow.truth.is_true);
            if self.is_there(permitted).is_some()
                && let Some(rule) = self.job.rules.get(allow.rule as usize)
            {
                self.idle.retain(|name| *name != rule.name);
            }
        }
    }

    /// The rules on failures of a verb: the run is over before another call could meet them.
    fn failures(&mut self, verb: VerbId) -> Vec<u32> {
        let job = self.job;
        let on_failure = |rule: &crate::typed::Rule| matches!(rule.kind, RuleKind::OnFailure { .. }) && !rule.shadow;
        let found: Vec<u32> = (0_u32..).zip(&job.rules).filter(|(_, rule)| on_failure(rule)).map(|(at, _)| at).collect();
        for rule in found.iter().filter_map(|at| job.rules.get(*at as usize)).filter(|rule| rule.verbs.contains(&verb)) {
            let when = self.english.rule(rule).when;
            let (by, loc) = (vec![rule.name.clone()], Some(rule.loc));
            self.push(Region { outcome: Ends::Escalate, by, when, loc, example: None, sure: true }, Formula::FALSE);
        }
        found
    }

    fn push(&mut self, region: Region, calls: Formula) {
        self.regions.push(region);
        self.formulas.push(calls);
    }

    /// Regions that one rule each decides.
    fn rules(&mut self, rules: &[RuleTruth]) {
        for rule in rules {
            self.take(rule.rule, rule.truth.is_true);
        }
    }

    fn take(&mut self, at: u32, holds: Formula) {
        let job = self.job;
        let Some(rule) = job.rules.get(at as usize) else { return };
        let here = self.space.both(self.rest, holds);
        let Some(sure) = self.is_there(here) else {
            self.idle.push(rule.name.clone());
            return;
        };
        let when = self.english.rule(rule).when;
        let outcome = match &rule.kind {
            RuleKind::Allow { .. } => Ends::Allow,
            RuleKind::Never | RuleKind::Require { .. } => Ends::Deny,
            RuleKind::Gate(_) => Ends::Approval,
            RuleKind::Escalate | RuleKind::OnFailure { .. } => Ends::Escalate,
            RuleKind::Limit(limit) => match limit.otherwise {
                LimitElse::Escalate => Ends::Escalate,
                LimitElse::Deny => Ends::Deny,
                LimitElse::Pause => Ends::Pause,
                LimitElse::Gate(_) => Ends::Approval,
            },
        };
        self.push(Region { outcome, by: vec![rule.name.clone()], when, loc: Some(rule.loc), example: None, sure }, here);
        self.rest = self.space.both(self.rest, !holds);
    }

    /// The calls that no `allow` permits.
    fn no_allow(&mut self, allows: &[RuleTruth], verb: VerbId) {
        let hands_over = |rule: &crate::typed::Rule| {
            rule.kind == RuleKind::Escalate && rule.condition.is_none() && !rule.shadow && rule.verbs.contains(&verb)
        };
        if self.job.rules.iter().any(hands_over) {
            return;
        }
        let none = self.space.all(allows.iter().map(|allow| allow.truth.is_false));
        let here = self.space.both(self.rest, none);
        let Some(sure) = self.is_there(here) else { return };
        let when = if allows.is_empty() { Vec::new() } else { vec!["no `allow` holds".to_owned()] };
        let by = vec!["no_allow".to_owned()];
        self.push(Region { outcome: Ends::Deny, by, when, loc: None, example: None, sure }, here);
        self.rest = self.space.both(self.rest, !none);
    }

    /// The calls about which something is not known.
    fn unknown(&mut self, unknown: Formula) {
        let here = self.space.both(self.rest, unknown);
        let Some(sure) = self.is_there(here) else { return };
        let when = vec!["a record or value that a rule below or above reads is not known".to_owned()];
        self.push(Region { outcome: Ends::Need, by: Vec::new(), when, loc: None, example: None, sure }, here);
        self.rest = self.space.both(self.rest, !unknown);
    }

    /// Whether there are such calls, and whether that is sure; `None` where there are none.
    fn is_there(&mut self, calls: Formula) -> Option<bool> {
        match self.space.satisfiable(calls, &mut Budget::new(STEPS)) {
            Answer::Never => None,
            Answer::Model(model) => Some(model.loose(self.space).is_none()),
            Answer::TooHard => Some(false),
        }
    }
}
