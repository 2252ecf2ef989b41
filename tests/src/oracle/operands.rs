//! The values that a rule reads, in the author's words: what an answer tells and what an approval binds.
//!
//! > the values that decided with provenance and age … the values shown and read by the gate

use super::encode;
use super::expression::Names;
use super::read::{only_read, parts};
use super::scene::{Scene, Touched};
use super::unknown::Known;
use super::value::Val;
use super::world::World;
use agentc_compiler::typed::{Expr, ExprKind, Gate, LocalId, Measure, Provenance as From, Rule, RuleKind, Show, Typed};
use agentc_runtime::answer::Decided;
use agentc_runtime::program::Provenance;
use regex::Regex;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A value that comes from somewhere.
#[derive(Debug, Clone)]
pub struct Operand<'a> {
    /// As the author wrote it.
    pub label: String,
    /// What it is.
    pub expr: &'a Expr,
    /// The same for two expressions that mean the same.
    meaning: String,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// What a rule reads, in source order.
pub fn of_rule<'a>(typed: &'a Typed, rule: &'a Rule) -> Vec<Operand<'a>> {
    let mut found = Vec::new();
    let mut all: Vec<&Expr> = rule.condition.iter().collect();
    match &rule.kind {
        RuleKind::Limit(limit) => {
            match &limit.measure {
                Measure::Count => {}
                Measure::CountDistinct(value) | Measure::Sum(value) | Measure::Value(value) => all.push(value),
            }
            all.push(&limit.bound);
            all.extend(&limit.by);
        }
        RuleKind::Require { args, .. } => all.extend(args.iter().map(|(_, value)| value)),
        _ => {}
    }
    for expr in all {
        collect(typed, expr, &mut found);
    }
    found
}

/// What an approval of a gate binds beside the call.
///
/// > The values an approval binds leave out `now`, `run.*` and counters.
pub fn bound_by<'a>(typed: &'a Typed, rule: &'a Rule, gate: &'a Gate) -> Vec<Operand<'a>> {
    let mut found = Vec::new();
    if let Some(condition) = &rule.condition {
        collect(typed, condition, &mut found);
    }
    for show in &gate.show {
        if let Show::Value(label, value) = show {
            if is_free(value) {
                add(
                    &mut found,
                    Operand {
                        label: label.clone(),
                        expr: value,
                        meaning: meaning(behind_lets(typed, value)),
                        provenance: provenance(value),
                    },
                );
            }
            collect(typed, value, &mut found);
        }
    }
    found.retain(|operand| operand.provenance != Provenance::History);
    found
}

fn collect<'a>(typed: &'a Typed, expr: &'a Expr, found: &mut Vec<Operand<'a>>) {
    if comes_from_somewhere(expr) {
        if is_free(expr) {
            let text = &typed.files[expr.loc.file.index()].text;
            let label = label(expr.loc.span.text(text));
            add(found, Operand { label, expr, meaning: meaning(expr), provenance: provenance(expr) });
        }
        // A key that is itself read from somewhere is a value too.
        for key in key_of(expr) {
            if !matches!(plain(key).kind, ExprKind::Const(_) | ExprKind::Arg(_)) {
                collect(typed, key, found);
            }
        }
        return;
    }
    match &expr.kind {
        ExprKind::Let(id) => collect(typed, &typed.lets[id.index()].value, found),
        _ => parts(expr).into_iter().for_each(|part| collect(typed, part, found)),
    }
}

/// As the author wrote it, wherever lines were broken.
fn label(written: &str) -> String {
    static SPACES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s+").expect("a pattern"));
    static OPENED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([(\[]) ").expect("a pattern"));
    static CLOSED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r",* ([)\]])").expect("a pattern"));
    let line = SPACES.replace_all(written.trim(), " ").into_owned();
    CLOSED.replace_all(&OPENED.replace_all(&line, "$1"), "$1").into_owned()
}

fn add<'a>(found: &mut Vec<Operand<'a>>, operand: Operand<'a>) {
    if !found.iter().any(|known| known.meaning == operand.meaning) {
        found.push(operand);
    }
}

/// An expression without the places where it is written, and without how far it is trusted: `trusting claim x` is the same value as `x`.
fn meaning(expr: &Expr) -> String {
    static BESIDES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"loc: Loc \{ file: FileId\(\d+\), span: [^}]*\} *\}|provenance: Provenance\([^)]*\),").expect("a pattern")
    });
    BESIDES.replace_all(&format!("{:?}", plain(expr)), "").into_owned()
}

/// What a name stands for: a `let` means what it names.
fn behind_lets<'a>(typed: &'a Typed, expr: &'a Expr) -> &'a Expr {
    match &plain(expr).kind {
        ExprKind::Let(id) => behind_lets(typed, &typed.lets[id.index()].value),
        _ => expr,
    }
}

/// Conversions that change nothing are looked through.
fn plain(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) | ExprKind::ToDecimal(inner) => plain(inner),
        _ => expr,
    }
}

fn comes_from_somewhere(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Arg(_)
        | ExprKind::Input(_)
        | ExprKind::Environment(_)
        | ExprKind::Identity(..)
        | ExprKind::Signal(_)
        | ExprKind::Run(_)
        | ExprKind::Now
        | ExprKind::Lookup(..)
        | ExprKind::History(..)
        | ExprKind::Last(..) => true,
        ExprKind::Field(of, _) | ExprKind::ZonePart(_, of) | ExprKind::InZone(of, _) => comes_from_somewhere(plain(of)),
        ExprKind::MapGet(map, key) => {
            comes_from_somewhere(plain(map))
                && (comes_from_somewhere(plain(key)) || matches!(plain(key).kind, ExprKind::Const(_)))
        }
        _ => false,
    }
}

fn key_of(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Lookup(_, key) => key.iter().collect(),
        ExprKind::Field(of, _) | ExprKind::ZonePart(_, of) | ExprKind::InZone(of, _) | ExprKind::MapGet(of, _) => {
            key_of(plain(of))
        }
        _ => Vec::new(),
    }
}

/// It depends on no name bound around it and on no earlier call.
pub fn is_free(expr: &Expr) -> bool {
    depends_only_on(expr, &BTreeSet::new(), false)
}

fn depends_only_on(expr: &Expr, bound: &BTreeSet<LocalId>, in_history: bool) -> bool {
    let with = |locals: &[LocalId]| bound.iter().copied().chain(locals.iter().copied()).collect::<BTreeSet<_>>();
    let inner = |part: &Expr, bound: &BTreeSet<LocalId>| depends_only_on(part, bound, in_history);
    match &expr.kind {
        ExprKind::Local(local) => bound.contains(local),
        ExprKind::PastArg(_) | ExprKind::PastResult => in_history,
        ExprKind::Quantified(_, local, over, body) => inner(over, bound) && inner(body, &with(&[*local])),
        ExprKind::AllZip { binders, over, body } => {
            inner(&over.0, bound) && inner(&over.1, bound) && inner(body, &with(&[binders.0, binders.1]))
        }
        ExprKind::Match(subjects, arms) => {
            subjects.iter().all(|subject| inner(subject, bound))
                && arms.iter().all(|arm| {
                    let locals: Vec<LocalId> = arm
                        .patterns
                        .iter()
                        .filter_map(|pattern| match pattern {
                            agentc_compiler::typed::Pattern::Bind(local) => Some(*local),
                            _ => None,
                        })
                        .collect();
                    inner(&arm.value, &with(&locals))
                })
        }
        ExprKind::History(_, _, filter) | ExprKind::Last(_, filter, _) => {
            filter.iter().all(|filter| depends_only_on(filter, bound, true))
        }
        _ => parts(expr).into_iter().all(|part| inner(part, bound)),
    }
}

/// The one word for where a value comes from: the least trustworthy that applies, else what it is.
fn provenance(expr: &Expr) -> Provenance {
    let has = |mark| expr.provenance.intersects(mark);
    if has(From::UNTRUSTED) {
        return Provenance::Untrusted;
    }
    if has(From::CLAIM | From::TRUSTED_CLAIM) {
        return Provenance::Claim;
    }
    match &expr.kind {
        ExprKind::Arg(_) => Provenance::Call,
        ExprKind::Input(_) => Provenance::Input,
        ExprKind::Environment(_) => Provenance::Environment,
        ExprKind::Identity(..) => Provenance::Identity,
        ExprKind::Signal(_) => Provenance::Claim,
        ExprKind::Run(_) | ExprKind::Now | ExprKind::History(..) | ExprKind::Last(..) => Provenance::History,
        ExprKind::Lookup(..) => Provenance::Record,
        ExprKind::Const(_) => Provenance::Const,
        ExprKind::Field(of, _)
        | ExprKind::ZonePart(_, of)
        | ExprKind::InZone(of, _)
        | ExprKind::MapGet(of, _)
        | ExprKind::ToOptional(of)
        | ExprKind::ToKey(of)
        | ExprKind::ToDecimal(of) => provenance(of),
        _ if has(From::RECORD) => Provenance::Record,
        _ if has(From::CALL) => Provenance::Call,
        _ if has(From::HISTORY) => Provenance::History,
        _ if has(From::INPUT) => Provenance::Input,
        _ if has(From::IDENTITY) => Provenance::Identity,
        _ if has(From::ENVIRONMENT) => Provenance::Environment,
        _ => Provenance::Const,
    }
}

/// The operands of these rules with their values, each once.
pub fn told(scene: &Scene<'_>, rules: &[usize]) -> Vec<Decided> {
    let typed = scene.typed();
    let all = &scene.world.job(scene.run).rules;
    let mut operands: Vec<Operand<'_>> = Vec::new();
    for operand in rules.iter().flat_map(|rule| of_rule(typed, &all[*rule])) {
        if !operands.iter().any(|known| known.label == operand.label && known.meaning == operand.meaning) {
            operands.push(operand);
        }
    }
    operands.into_iter().map(|operand| tell(scene, &operand)).collect()
}

fn tell(scene: &Scene<'_>, operand: &Operand<'_>) -> Decided {
    let touched: RefCell<Vec<Touched>> = RefCell::default();
    let looking = Scene { touched: Some(&touched), ..*scene };
    let known = looking.value(operand.expr, &Names::default());
    let oldest = touched.borrow().iter().map(|touched| touched.read_at).min();
    let read_at = oldest.filter(|_| operand.provenance == Provenance::Record);
    Decided {
        label: operand.label.clone(),
        value: shown(scene.world, operand.expr, &known),
        provenance: operand.provenance,
        read_at: read_at.map(encode::time),
        age_seconds: read_at.map(|at| i64::try_from((scene.now - at) / 1_000_000_000).expect("in range")),
    }
}

/// What the call or the opening of the run brings, which is read whole.
fn is_given_whole(expr: &Expr) -> bool {
    match &plain(expr).kind {
        ExprKind::Arg(_) | ExprKind::Input(_) | ExprKind::Environment(_) => true,
        ExprKind::Field(of, _) | ExprKind::MapGet(of, _) => is_given_whole(of),
        _ => false,
    }
}

/// What rules read of a value.
///
/// > Arguments are validated wholly; records in the fields that rules read.
pub fn read_of(world: &World<'_>, expr: &Expr, value: Val) -> Val {
    if is_given_whole(expr) { value } else { only_read(world.typed, &world.read, &expr.ty, &value) }
}

/// A value for people; why it is unknown is composed by the runtime alone.
pub fn shown(world: &World<'_>, expr: &Expr, known: &Known) -> Result<agentc_runtime::json::Json, String> {
    match known {
        Ok(value) => Ok(encode::shown(world.typed, expr, &read_of(world, expr, value.clone())).to_answer()),
        Err(_) => Err(String::new()),
    }
}
