//! What a reviewer looks at beside the nine answers: trust, risks, tests, proofs.

use super::{Auditor, Borne, Point};
use crate::analyze::outsiders::chosen_by_outsiders;
use crate::brief::outsiders;
use crate::diagnostic::text::verb_name;
use crate::english::words::{capital, counted, joined};
use crate::prove::{Proved, Verdict};
use crate::typed::{Access, Expr, ExprKind, JobId, Loc, PropertyKind, Provenance, Rule, RuleKind, Verb, VerbId};
use std::collections::BTreeSet;

impl Auditor<'_> {
    /// Every use of `trusting claim` that the rules of the job reach.
    pub(super) fn trusting(&self) -> Vec<Point> {
        let mut found = Vec::new();
        for rule in &self.job.rules {
            let mut uses = Uses { auditor: self, lets: BTreeSet::new(), fns: BTreeSet::new(), found: Vec::new() };
            for expr in deciding(rule) {
                uses.walk(expr);
            }
            for (what, loc) in uses.found {
                let text = format!("{what}, which the model says, is taken for true");
                found.push(Point { rule: Some(rule.name.clone()), ..self.point(text, loc) });
            }
        }
        found
    }

    pub(super) fn untrusted(&self) -> Vec<Point> {
        let read = outsiders(self.typed, self.job).into_iter().map(|one| self.point(one.what, one.loc));
        let chosen = chosen_by_outsiders(self.typed, self.job).into_iter().map(|chosen| {
            let arg = self.typed.args.get(chosen.arg.index()).map_or("", |slot| slot.name.as_str());
            let text = format!("outsiders choose `{arg}` of {}: only what they wrote says which", self.verb(chosen.verb));
            Point { rule: Some(chosen.rule.name.clone()), ..self.point(text, chosen.loc) }
        });
        read.chain(chosen).collect()
    }

    /// The risks of the writes that the job allows, and the rules that bound them.
    pub(super) fn risks(&self) -> Vec<Borne> {
        let mut found = Vec::new();
        for (id, verb) in (0..).map(VerbId).zip(&self.typed.verbs) {
            if verb.access != Access::Write || !self.is_allowed(id) {
                continue;
            }
            for risk in verb.risks.iter().filter_map(|risk| self.typed.risks.get(*risk as usize)) {
                found.push(Borne {
                    verb: verb_name(id, self.typed),
                    risk: risk.name.replace('_', " "),
                    means: risk.bounded_by.clone(),
                    bounded_by: self.bounds(id, verb, &risk.bounded_by),
                    place: super::place(self.places, verb.loc),
                });
            }
        }
        found
    }

    fn naming(&self, verb: VerbId) -> impl Iterator<Item = &Rule> {
        self.job.rules.iter().filter(move |rule| !rule.shadow && rule.verbs.contains(&verb))
    }

    fn is_allowed(&self, verb: VerbId) -> bool {
        let allowed = self.naming(verb).any(|rule| matches!(rule.kind, RuleKind::Allow { .. }));
        let ended = |rule: &Rule| rule.condition.is_none() && matches!(rule.kind, RuleKind::Never | RuleKind::Escalate);
        allowed && !self.naming(verb).any(ended)
    }

    /// The rules, and the way back, that bound a risk by its own means.
    fn bounds(&self, id: VerbId, verb: &Verb, means: &[String]) -> Vec<Point> {
        let by = |word: &str| means.iter().any(|known| known == word);
        let rule = |rule: &Rule| {
            let said = self.english.rule(rule);
            let when = if said.is_unconditional() { "always".to_owned() } else { joined(&said.when, "and") };
            let text = match &rule.kind {
                RuleKind::Gate(gate) if by("gate") => {
                    format!("{} must approve: {when}", self.english.people(&gate.approvers, "and"))
                }
                RuleKind::Limit(limit) if by("limit") => self.english.within(rule, limit),
                RuleKind::Escalate if by("escalate") => format!("the run stops: {when}"),
                RuleKind::Never if by("never") => format!("it is forbidden: {when}"),
                _ => return None,
            };
            Some(Point { rule: Some(rule.name.clone()), because: rule.because.clone(), ..self.point(text, rule.loc) })
        };
        let mut points: Vec<Point> = self.naming(id).filter_map(rule).collect();
        if by("undo") && (verb.undo.is_some() || verb.compensates.is_some()) {
            points.push(self.point(crate::brief::reversed(self.typed, verb), verb.loc));
        }
        points
    }

    pub(super) fn tests(&self, job: JobId) -> Vec<Point> {
        let tests = self.typed.tests.iter().filter(|test| test.job == job);
        tests
            .map(|test| {
                let expected = test.steps.iter().flat_map(|step| step.expect.iter().chain(&step.of_result)).count();
                Point {
                    details: vec![format!("{} checked", counted(expected, "answer"))],
                    ..self.point(test.name.clone(), test.loc)
                }
            })
            .collect()
    }

    /// The proofs that speak of the job, statement by statement, and what became of each.
    pub(super) fn proofs(&self, job: JobId, verdicts: &[Proved]) -> Vec<Point> {
        let proofs = (0_u32..).zip(&self.typed.proofs).filter(|(_, proof)| proof.jobs.contains(&job));
        proofs
            .map(|(at, proof)| {
                let statements = (0_u32..).zip(&proof.statements).filter(|(_, statement)| statement.job == job);
                let details = statements
                    .map(|(number, statement)| {
                        let verdict = verdicts.iter().find(|proved| (proved.proof, proved.statement) == (at, number));
                        format!("{}: {}", said_of(verdict), self.property(&statement.kind))
                    })
                    .collect();
                Point { details, ..self.point(proof.name.clone(), proof.loc) }
            })
            .collect()
    }

    fn property(&self, kind: &PropertyKind) -> String {
        let when = |condition: &Option<Expr>| {
            condition.as_ref().map_or_else(String::new, |condition| format!(", when {}", self.english.condition(condition)))
        };
        match kind {
            PropertyKind::NeverAllow { verbs, condition, unless_approved } => {
                let unless = if *unless_approved { " without an approval" } else { "" };
                format!("{} is never allowed{unless}{}", self.english.verbs(verbs, "or"), when(condition))
            }
            PropertyKind::AlwaysAllow { verbs, condition } => {
                format!("{} is always allowed{}", self.english.verbs(verbs, "or"), when(condition))
            }
            PropertyKind::NeedsApproval { verbs, condition, by } => {
                let who = self.english.people(by, "and");
                format!("{} needs the approval of {who}{}", self.english.verbs(verbs, "or"), when(condition))
            }
            PropertyKind::EveryWrite { verbs, gated, denied, undoable } => {
                let ways: Vec<&str> = [(*gated, "gated"), (*denied, "denied"), (*undoable, "undoable")]
                    .into_iter()
                    .filter_map(|(asked, word)| asked.then_some(word))
                    .collect();
                let verbs = self.english.verbs(verbs, "and");
                if verbs.is_empty() {
                    "no write is of this kind".to_owned()
                } else {
                    format!("each of these is {}: {verbs}", joined(&ways, "or"))
                }
            }
            PropertyKind::LimitHolds(at) => match self.job.rules.get(*at as usize) {
                Some(rule) => match &rule.kind {
                    RuleKind::Limit(limit) => self.english.bounded(rule, limit),
                    _ => String::new(),
                },
                None => String::new(),
            },
        }
    }

    pub(super) fn terms(&self) -> Vec<Point> {
        let conditions: Vec<&Expr> = self.job.rules.iter().flat_map(deciding).chain(&self.job.done).collect();
        let terms = self.english.terms(conditions);
        terms
            .into_iter()
            .map(|term| {
                let text = format!("{}: {}", term.lead(), term.told());
                Point { details: term.says.parts.iter().map(|part| capital(part)).collect(), ..self.point(text, term.loc) }
            })
            .collect()
    }
}

/// What became of a statement.
fn said_of(verdict: Option<&Proved>) -> String {
    match verdict.map(|proved| &proved.verdict) {
        Some(Verdict::Holds { lists_up_to: None }) => "Holds for all inputs".to_owned(),
        Some(Verdict::Holds { lists_up_to: Some(most) }) => {
            format!("Holds for lists of up to {}", counted(*most as usize, "entry"))
        }
        Some(Verdict::Refuted(_)) => "Refuted".to_owned(),
        Some(_) => "Not decided".to_owned(),
        None => "Not asked".to_owned(),
    }
}

/// The expressions that decide a rule.
fn deciding(rule: &Rule) -> Vec<&Expr> {
    let mut exprs: Vec<&Expr> = rule.condition.iter().collect();
    match &rule.kind {
        RuleKind::Limit(limit) => {
            exprs.push(&limit.bound);
            exprs.extend(&limit.by);
        }
        RuleKind::Require { args, .. } => exprs.extend(args.iter().map(|(_, value)| value)),
        RuleKind::Allow { rows: Some((_, rows)), .. } => exprs.push(rows),
        _ => {}
    }
    exprs
}

/// Finds `trusting claim` in expressions and what they use.
struct Uses<'a> {
    auditor: &'a Auditor<'a>,
    lets: BTreeSet<u32>,
    fns: BTreeSet<u32>,
    found: Vec<(String, Loc)>,
}

impl Uses<'_> {
    fn walk(&mut self, expr: &Expr) {
        if !expr.provenance.contains(Provenance::TRUSTED_CLAIM) {
            return;
        }
        let operands = expr.kind.operands();
        let behind = match &expr.kind {
            ExprKind::Let(id) if self.lets.insert(id.0) => self.auditor.typed.lets.get(id.index()).map(|used| &used.value),
            ExprKind::CallFn(id, _) if self.fns.insert(id.0) => {
                self.auditor.typed.fns.get(id.index()).map(|function| &function.body)
            }
            ExprKind::Let(_) | ExprKind::CallFn(..) => return,
            _ => None,
        };
        let inside: Vec<&Expr> =
            operands.into_iter().chain(behind).filter(|inner| inner.provenance.contains(Provenance::TRUSTED_CLAIM)).collect();
        if inside.is_empty() {
            self.found.push((self.auditor.english.phrase(expr), expr.loc));
        }
        for inner in inside {
            self.walk(inner);
        }
    }
}
