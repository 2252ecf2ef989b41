//! From a checked policy to what its picture shows.

use super::{Exit, Lane, Outcome, Picture, Rank, Shown, Step};
use crate::diagnostic::text::verb_name;
use crate::english::words::{capital, joined};
use crate::english::{English, Kind, Reader, Said};
use crate::source::Places;
use crate::typed::{Expr, ExprKind, Job, JobId, RecordId, RuleKind, Type, Typed, VerbId};
use std::collections::{BTreeMap, BTreeSet};

/// The picture of a job, or of one of its verbs; nothing is folded.
pub(super) fn picture(typed: &Typed, id: JobId, verb: Option<VerbId>) -> Picture {
    let Some(job) = typed.jobs.get(id.index()) else { return empty(typed) };
    let builder = Builder::new(typed, job);
    let verbs: Vec<VerbId> = match verb {
        Some(verb) => vec![verb],
        None => (0..).zip(&typed.verbs).map(|(at, _)| VerbId(at)).collect(),
    };
    let title = match verb {
        Some(verb) => format!("{}: {}", job.name, verb_name(verb, typed)),
        None => job.name.clone(),
    };
    Picture {
        title,
        trunk: builder.trunk(verb),
        lanes: builder.lanes(&verbs),
        of_one_verb: verb.is_some(),
        notes: builder.notes(),
        ..empty(typed)
    }
}

fn empty(typed: &Typed) -> Picture {
    let version = if typed.version.is_empty() { String::new() } else { format!(" {}", typed.version) };
    Picture {
        policy: format!("{}{version}", typed.name),
        title: String::new(),
        notes: Vec::new(),
        trunk: Vec::new(),
        lanes: Vec::new(),
        of_one_verb: false,
    }
}

struct Builder<'a> {
    typed: &'a Typed,
    job: &'a Job,
    english: English<'a>,
    places: Places<'a>,
    /// The rules that decide something, in source order.
    rules: Vec<Said<'a>>,
}

impl<'a> Builder<'a> {
    fn new(typed: &'a Typed, job: &'a Job) -> Self {
        let english = English::new(typed, job, Reader::Person);
        let rules = job.rules.iter().filter(|rule| !rule.shadow).map(|rule| english.rule(rule)).collect();
        Self { typed, job, english, places: Places::new(&typed.files), rules }
    }

    fn notes(&self) -> Vec<String> {
        let shadows: Vec<String> =
            self.job.rules.iter().filter(|rule| rule.shadow).map(|rule| format!("`{}`", rule.name)).collect();
        if shadows.is_empty() {
            return Vec::new();
        }
        vec![format!("Not drawn, since in shadow and deciding nothing: {}.", joined(&shadows, "and"))]
    }

    /// What every call meets; for the picture of one verb without the failures of others.
    fn trunk(&self, verb: Option<VerbId>) -> Vec<Step> {
        let mut steps = vec![self.open()];
        let stops = |said: &&Said<'_>| {
            let whole_job = said.rule.verbs.is_empty();
            let failure =
                matches!(said.rule.kind, RuleKind::OnFailure { .. }) && verb.is_none_or(|verb| said.rule.verbs.contains(&verb));
            matches!(said.kind, Kind::Stops | Kind::Pauses) && (whole_job || failure)
        };
        steps.extend(self.rules.iter().filter(stops).map(|said| self.step(Rank::JobStops, said)));
        let denies = |said: &&Said<'_>| said.kind == Kind::Denies && said.rule.verbs.is_empty();
        steps.extend(self.rules.iter().filter(denies).map(|said| self.step(Rank::Forbids, said)));
        steps
    }

    fn open(&self) -> Step {
        let pausers = self.english.people(&self.job.pause_by, "or");
        let then =
            if pausers.is_empty() { "Nobody can pause it.".to_owned() } else { format!("{} can pause it.", capital(&pausers)) };
        let when = "The run is open, nothing is paused, and the arguments fit what the verb declares.".to_owned();
        let shown =
            Shown { word: "", name: "every call".to_owned(), when, because: None, then: Some(then), place: String::new() };
        let exits = vec![
            Exit { label: "paused", outcome: Outcome::Paused },
            Exit { label: "closed, or misfits", outcome: Outcome::Deny },
        ];
        Step { rank: Rank::Open, rules: vec![shown], exits, onward: Some("fine"), folded: false }
    }

    fn lanes(&self, verbs: &[VerbId]) -> Vec<Lane> {
        let mut lanes: Vec<(Vec<usize>, Lane)> = Vec::new();
        for verb in verbs {
            let (key, lane) = self.lane(*verb);
            match lanes.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => known.verbs.extend(lane.verbs),
                None => lanes.push((key, lane)),
            }
        }
        lanes.into_iter().map(|(_, lane)| lane).collect()
    }

    /// What the calls of a verb meet, and the rules that make it so.
    fn lane(&self, verb: VerbId) -> (Vec<usize>, Lane) {
        let of_verb = |kinds: &[Kind]| -> Vec<usize> {
            let chosen = |said: &Said<'_>| {
                kinds.contains(&said.kind)
                    && (said.rule.verbs.contains(&verb) || (said.rule.verbs.is_empty() && said.kind == Kind::Asks))
                    && !matches!(said.rule.kind, RuleKind::OnFailure { .. })
            };
            (0..).zip(&self.rules).filter(|(_, said)| chosen(said)).map(|(at, _)| at).collect()
        };
        let (denies, allows) = (of_verb(&[Kind::Denies]), of_verb(&[Kind::Allows]));
        let (stops, asks) = (of_verb(&[Kind::Stops, Kind::Pauses]), of_verb(&[Kind::Asks]));
        let lane = |steps, allows| Lane { verbs: vec![verb_name(verb, self.typed)], steps, allows };
        let said = |at: &usize| self.rules.get(*at);

        if let Some(at) = denies.iter().find(|at| said(at).is_some_and(Said::is_unconditional)) {
            let steps = said(at).map(|said| self.step(Rank::Forbids, said)).into_iter().collect();
            return (vec![*at], lane(steps, false));
        }
        let hands_over = stops
            .iter()
            .any(|at| said(at).is_some_and(|said| said.is_unconditional() && matches!(said.rule.kind, RuleKind::Escalate)));
        if allows.is_empty() && !hands_over {
            return (Vec::new(), lane(vec![nothing_permits()], false));
        }
        let mut steps: Vec<Step> = denies.iter().filter_map(said).map(|said| self.step(Rank::Forbids, said)).collect();
        if !allows.is_empty() {
            steps.push(self.permits(&allows));
        }
        let mut open = true;
        for said in stops.iter().filter_map(said) {
            steps.push(self.step(Rank::Stops, said));
            if said.is_unconditional() {
                open = false;
                break;
            }
        }
        let mut key = [denies.as_slice(), &allows, &stops].concat();
        if open {
            key.extend(&asks);
            steps.extend(self.known(&key));
            steps.extend(asks.iter().filter_map(said).map(|said| self.step(Rank::Asks, said)));
        }
        (key, lane(steps, open))
    }

    /// The allows of a verb: one of them must hold.
    fn permits(&self, allows: &[usize]) -> Step {
        let rules: Vec<&Said<'_>> = allows.iter().filter_map(|at| self.rules.get(*at)).collect();
        let always = rules.iter().any(|said| said.is_unconditional());
        let exits = if always { Vec::new() } else { vec![Exit { label: "none holds", outcome: Outcome::Deny }] };
        let onward = if always {
            "always"
        } else if rules.len() == 1 {
            "it holds"
        } else {
            "one holds"
        };
        let rules = rules.into_iter().map(|said| self.shown(said)).collect();
        Step { rank: Rank::Permits, rules, exits, onward: Some(onward), folded: false }
    }

    fn step(&self, rank: Rank, said: &Said<'_>) -> Step {
        let outcome = match said.kind {
            Kind::Allows => Outcome::Allow,
            Kind::Denies => Outcome::Deny,
            Kind::Asks => Outcome::Approval,
            Kind::Stops => Outcome::Escalate,
            Kind::Pauses => Outcome::Paused,
        };
        let always = said.is_unconditional();
        let onward = match (said.kind, always) {
            (Kind::Asks, true) => Some("approved"),
            (Kind::Asks, false) => Some("no, or approved"),
            (_, true) => None,
            (_, false) => Some("no"),
        };
        let exit = Exit { label: if always { "always" } else { "yes" }, outcome };
        Step { rank, rules: vec![self.shown(said)], exits: vec![exit], onward, folded: false }
    }

    fn shown(&self, said: &Said<'_>) -> Shown {
        let asked = English::gate_of(self.job, said.rule);
        let then = asked
            .map(|(_, gate)| format!("Asks {}; {}.", self.english.people(&gate.approvers, "and"), self.english.expiry(gate)));
        let then = then.or_else(|| self.english.narrowed(said.rule).map(|narrowed| format!("It shows {narrowed}.")));
        let when =
            if said.is_unconditional() { "Always.".to_owned() } else { format!("{}.", capital(&joined(&said.when, "and"))) };
        let because = said.rule.because.clone().or_else(|| asked.and_then(|(gate, _)| gate.because.clone()));
        // A name that was made of the word says the word already.
        let word = if said.rule.named { said.word } else { "" };
        Shown { word, name: said.rule.name.clone(), when, because, then, place: self.place(said) }
    }

    fn place(&self, said: &Said<'_>) -> String {
        let loc = said.loc();
        if loc.file.index() == 0 { format!("line {}", self.places.line(loc)) } else { self.places.told(loc) }
    }

    /// The records that the rules of a lane read.
    fn known(&self, rules: &[usize]) -> Option<Step> {
        let mut reads = Reads { typed: self.typed, records: BTreeMap::new(), seen: BTreeSet::new() };
        for said in rules.iter().filter_map(|at| self.rules.get(*at)) {
            for expr in exprs(&said.rule.kind).into_iter().chain(&said.rule.condition) {
                reads.walk(expr);
            }
        }
        if reads.records.is_empty() {
            return None;
        }
        let named = |record: &RecordId| self.typed.records.get(record.0 as usize).map_or("", |record| record.name.as_str());
        let chosen = reads.records.values().any(|by_argument| *by_argument);
        let records: Vec<String> = reads.records.keys().map(|record| named(record).to_owned()).collect();
        let count = if records.len() == 1 { "The record" } else { "The records" };
        let known = if records.len() == 1 { "is" } else { "are" };
        let when = format!("{count} {} {known} known, and as fresh as the source says.", joined(&records, "and"));
        let shown = Shown { word: "", name: "data".to_owned(), when, because: None, then: None, place: String::new() };
        let mut exits = vec![Exit { label: "not fetched", outcome: Outcome::Need }];
        if chosen {
            exits.push(Exit { label: "no such record", outcome: Outcome::Deny });
        }
        exits.push(Exit { label: "not to be had", outcome: Outcome::Escalate });
        Some(Step { rank: Rank::Known, rules: vec![shown], exits, onward: Some("known"), folded: false })
    }
}

fn nothing_permits() -> Step {
    let when = "No rule of this job allows it.".to_owned();
    let shown = Shown { word: "", name: "no_allow".to_owned(), when, because: None, then: None, place: String::new() };
    let exits = vec![Exit { label: "always", outcome: Outcome::Deny }];
    Step { rank: Rank::Permits, rules: vec![shown], exits, onward: None, folded: false }
}

/// The expressions of a rule beside its condition that its decision reads.
fn exprs(kind: &RuleKind) -> Vec<&Expr> {
    match kind {
        RuleKind::Require { args, .. } => args.iter().map(|(_, value)| value).collect(),
        RuleKind::Limit(limit) => {
            use crate::typed::Measure;
            let measured = match &limit.measure {
                Measure::Count => None,
                Measure::CountDistinct(value) | Measure::Sum(value) | Measure::Value(value) => Some(value),
            };
            measured.into_iter().chain(std::iter::once(&limit.bound)).chain(&limit.by).collect()
        }
        _ => Vec::new(),
    }
}

/// The records that expressions read, and whether an argument of the call chooses which.
struct Reads<'a> {
    typed: &'a Typed,
    records: BTreeMap<RecordId, bool>,
    seen: BTreeSet<(bool, u32)>,
}

impl Reads<'_> {
    fn walk(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Lookup(record, parts) => {
                let by_argument = parts.iter().any(is_argument);
                let known = self.records.entry(*record).or_insert(false);
                *known |= by_argument;
            }
            ExprKind::Let(id) if self.seen.insert((false, id.0)) => {
                if let Some(used) = self.typed.lets.get(id.index()) {
                    self.walk(&used.value);
                }
            }
            ExprKind::CallFn(id, _) if self.seen.insert((true, id.0)) => {
                if let Some(function) = self.typed.fns.get(id.index()) {
                    self.walk(&function.body);
                }
            }
            _ => {}
        }
        for operand in expr.kind.operands() {
            self.walk(operand);
        }
    }
}

/// Whether a key is an argument of the call, or a part of one: row 8 of the decision.
fn is_argument(key: &Expr) -> bool {
    match &key.kind {
        ExprKind::Arg(_) => true,
        ExprKind::ToKey(inner) | ExprKind::ToOptional(inner) => is_argument(inner),
        ExprKind::Field(inner, _) => !matches!(inner.ty, Type::Record(_)) || is_argument(inner),
        _ => false,
    }
}
