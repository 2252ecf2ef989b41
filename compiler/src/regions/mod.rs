//! Which calls end where: the regions into which the rules that a verb meets cut its calls, in the order in which a call is decided.
//!
//! A region is what is left of a rule's calls when all rules that decide before it have taken theirs; one that is empty is left out.

mod gates;
mod merge;

use crate::english::{English, Reader};
use crate::logic::{Answer, Budget, Decision, Formula, RuleTruth, Setting, Space, Translator, Uses};
use crate::typed::{Job, JobId, LimitElse, Loc, RuleKind, Typed, VerbId};
use agentc_runtime::program::Effect;

/// Steps for the question whether a region is empty. Where they do not suffice, it is listed.
const STEPS: u64 = 20_000;

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
    /// Whether it is sure that there are such calls: where it is not, an expression in the conditions is not decided exactly.
    pub sure: bool,
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
}

/// The regions of a verb in a job, at most about so many; `None` where there is no such job.
#[must_use]
pub fn regions(typed: &Typed, job: JobId, verb: VerbId, most: usize) -> Option<Regions> {
    let decl = typed.jobs.get(job.index())?;
    let uses = Uses::of(typed);
    let mut space = Space::new();
    let setting = Setting { broken_sources: true, ..Setting::default() };
    let decision = Translator::new(&mut space, typed, job, &uses, setting).decide(verb);
    let mut cutting = Cutting {
        job: decl,
        english: English::new(typed, decl, Reader::Person),
        space,
        rest: Formula::TRUE,
        regions: Vec::new(),
        idle: Vec::new(),
    };
    cutting.cut(&decision, verb);
    let (regions, merged) = merge::merged(cutting.regions, most);
    Some(Regions { regions, idle: cutting.idle, merged })
}

/// The calls while they are cut.
struct Cutting<'t> {
    job: &'t Job,
    english: English<'t>,
    space: Space,
    /// The calls that no region before takes.
    rest: Formula,
    regions: Vec<Region>,
    idle: Vec<String>,
}

impl<'t> Cutting<'t> {
    fn cut(&mut self, decision: &Decision, verb: VerbId) {
        let of = |effect: &'static [Effect], of_the_job: Option<bool>| {
            let fits =
                move |rule: &&RuleTruth| effect.contains(&rule.effect) && of_the_job.is_none_or(|of| rule.of_the_job == of);
            decision.rules.iter().filter(fits).cloned().collect::<Vec<RuleTruth>>()
        };
        const STOPS: &[Effect] = &[Effect::Stop, Effect::Pause];
        self.rules(&of(STOPS, Some(true)));
        self.rules(&of(&[Effect::Deny], None));
        let allows = of(&[Effect::Allow], None);
        self.no_allow(&allows, verb);
        self.rules(&of(STOPS, Some(false)));
        self.unknown(decision.unknown);
        self.gates(&of(&[Effect::Ask], None), decision.asked);
        self.rules(&allows);
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
        self.regions.push(Region { outcome, by: vec![rule.name.clone()], when, loc: Some(rule.loc), sure });
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
        self.regions.push(Region { outcome: Ends::Deny, by: vec!["no_allow".to_owned()], when, loc: None, sure });
        self.rest = self.space.both(self.rest, !none);
    }

    /// The calls about which something is not known.
    fn unknown(&mut self, unknown: Formula) {
        let here = self.space.both(self.rest, unknown);
        let Some(sure) = self.is_there(here) else { return };
        let when = vec!["a record or value that a rule below or above reads is not known".to_owned()];
        self.regions.push(Region { outcome: Ends::Need, by: Vec::new(), when, loc: None, sure });
        self.rest = self.space.both(self.rest, !unknown);
    }

    /// Whether there are such calls, and whether that is sure; `None` where there are none.
    fn is_there(&mut self, calls: Formula) -> Option<bool> {
        match self.space.satisfiable(calls, &mut Budget::new(STEPS)) {
            Answer::Never => None,
            Answer::Model(model) => Some(model.loose(&self.space).is_none()),
            Answer::TooHard => Some(false),
        }
    }
}
