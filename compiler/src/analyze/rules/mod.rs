//! Rules that do nothing for reasons that need the decision procedure: conditions that are never or always true, rules that others hide.
//!
//! Rules are compared within a verb, and among those only with rules that do not ask the same operand for another constant, so the
//! work grows with the rules and not with their pairs. Each question has a budget. What is not decided within it stays silent.

mod conditions;
mod hidden;
mod meets;
mod proofs;
mod unreached;

use super::everywhere::Everywhere;
use super::numbers::Numbers;
use super::{Subject, decided, patterns};
use crate::diagnostic::Sink;
use crate::logic::{Budget, Formula, Recent, Setting, Space, Translator, Truth, Uses};
use crate::typed::{Expr, ExprKind, Job, JobId, Loc, Rule, Typed};
use agentc_grammar::span::Span;
use meets::Meets;
use std::collections::BTreeSet;

/// Steps for one question: a condition of some dozen comparisons takes a few hundred.
const STEPS: u64 = 5_000;

/// Reports them.
pub(crate) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let typed = subject.typed;
    let uses = Uses::of(typed);
    let said = Said::new(typed);
    let mut never = Everywhere::new(typed);
    let mut implied = Everywhere::new(typed);
    let mut swallowed = Everywhere::new(typed);
    let mut unreached = Everywhere::new(typed);
    for (id, job) in (0_u32..).map(JobId).zip(&typed.jobs) {
        let mut reasoner = Reasoner::new(typed, &uses, id, job);
        let dead = conditions::check(&mut reasoner, &said, &mut never, sink);
        let meets = Meets::new(job, &mut Numbers::new(typed));
        let alive = |at: &usize| !dead.contains(at) && !meets.asked_by_limits.contains(at);
        let mut alive: Vec<usize> = (0..job.rules.len()).filter(alive).collect();
        let superfluous = hidden::check(&mut reasoner, &meets, &alive, &mut implied);
        alive.retain(|at| !superfluous.contains(at));
        unreached::check(&mut reasoner, &meets, &alive, &mut swallowed, &mut unreached);
    }
    never.report(sink);
    implied.report(sink);
    swallowed.report(sink);
    unreached.report(sink);
    proofs::check(typed, &uses, sink);
}

/// What is said of single comparisons and patterns: what follows from it is silent.
struct Said(BTreeSet<Loc>);

impl Said {
    fn new(typed: &Typed) -> Self {
        Self(decided::places(typed).into_iter().chain(patterns::places(typed)).collect())
    }

    /// Whether something is said of this place or a place inside it.
    fn within(&self, loc: Loc) -> bool {
        let from = Loc { file: loc.file, span: Span::new(loc.span.start, loc.span.start) };
        let inside = self.0.range(from..).take_while(|said| said.file == loc.file && said.span.start < loc.span.end);
        inside.into_iter().any(|said| said.span.end <= loc.span.end)
    }
}

/// The rules of a job as formulas.
struct Reasoner<'t> {
    typed: &'t Typed,
    uses: &'t Uses,
    id: JobId,
    job: &'t Job,
    space: Space,
    /// When the condition of each rule holds, beside the job's rules.
    conditions: Vec<Condition>,
    recent: Recent,
}

/// When a condition holds, and each of the parts that must all hold.
struct Condition {
    truth: Truth,
    parts: Vec<(Loc, Truth)>,
}

impl<'t> Reasoner<'t> {
    fn new(typed: &'t Typed, uses: &'t Uses, id: JobId, job: &'t Job) -> Self {
        let mut space = Space::new();
        let mut translator = Translator::new(&mut space, typed, id, uses, setting());
        let condition = |rule: &Rule| {
            let parts = rule.condition.iter().flat_map(parts);
            let parts: Vec<(Loc, Truth)> = parts.map(|part| (part.loc, translator.condition(part))).collect();
            let truths: Vec<Truth> = parts.iter().map(|(_, truth)| *truth).collect();
            Condition { truth: translator.space.and(&truths), parts }
        };
        let conditions = job.rules.iter().map(condition).collect();
        Self { typed, uses, id, job, space, conditions, recent: Recent::default() }
    }

    /// For questions that speak of no rule.
    fn of_no_rules(typed: &'t Typed, uses: &'t Uses, id: JobId, job: &'t Job) -> Self {
        Self { typed, uses, id, job, space: Space::new(), conditions: Vec::new(), recent: Recent::default() }
    }

    /// When the condition of a rule holds.
    fn truth(&self, rule: usize) -> Truth {
        self.conditions.get(rule).map_or(Truth::known(Formula::FALSE), |condition| condition.truth)
    }

    /// When each of the parts of a rule's condition holds, all of which must.
    fn parts(&self, rule: usize) -> Vec<(Loc, Truth)> {
        self.conditions.get(rule).map_or_else(Vec::new, |condition| condition.parts.clone())
    }

    /// When an expression of the job holds.
    fn condition(&mut self, expr: &Expr) -> Truth {
        Translator::new(&mut self.space, self.typed, self.id, self.uses, setting()).condition(expr)
    }

    /// Whether a formula is certainly never true.
    fn never(&mut self, formula: Formula) -> bool {
        self.space.is_never(formula, &mut self.recent, &mut Budget::new(STEPS))
    }

    /// Whether the second is certainly true wherever the first is.
    fn covers(&mut self, inner: Formula, outer: Formula) -> bool {
        let beyond = self.space.both(inner, !outer);
        self.never(beyond)
    }
}

/// The conditions that must all hold.
fn parts(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::And(inner) => inner.iter().flat_map(parts).collect(),
        _ => vec![condition],
    }
}

/// Sources may fail: a rule that reads less decides where others stay unknown, so it is not hidden by them.
fn setting() -> Setting {
    Setting { broken_sources: true, ..Setting::default() }
}
