//! Typed expressions become symbolic values and conditions become formulas.
//!
//! Nothing is refused: an expression that is not decided exactly becomes a loose variable, which may be anything. What is unsatisfiable
//! with it is unsatisfiable; what is satisfiable may not be, and the model says so.

mod arithmetic;
mod choice;
mod compare;
mod history;
mod library;
mod lists;
mod open;
mod records;
mod uses;

pub use history::{History, PastCall};
pub(crate) use library::{CALL, number_value};
pub(crate) use open::{days, number_of};
pub(crate) use records::READING;
pub use uses::Uses;

use super::formula::{Formula, Term};
use super::rational::Rational;
use super::space::Space;
use super::value::{Datum, Symbolic, Truth};
use super::variable::{Place, Root, Sort, Step};
use crate::typed::{Expr, ExprKind, FnId, JobId, LetId, Loc, LocalId, RunFact, Type, Typed, Who};
use agentc_runtime::value::Value;
use std::collections::BTreeMap;

/// The deepest nesting of expressions, `let`s and functions followed; what is deeper is left open.
const DEEPEST: u32 = 120;

/// The most expressions followed below one condition: functions that each call another twice would else be followed for ever.
const MOST_FOLLOWED: u32 = 10_000;

/// The most calls of functions whose values are kept below one condition.
const MOST_KEPT: usize = 256;

/// What a function was given, and what it gave.
type Given = (Vec<Symbolic>, Symbolic);

/// What is assumed beside the rules.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Which call is being decided: 0 for the last one.
    pub call: u32,
    /// What is known of earlier calls.
    pub history: History,
    /// Lists from outside have at most so many members; where nothing is said, as many as make the answer hold for lists of any length.
    pub lists_up_to: Option<u32>,
    /// Sources may fail to answer. Where a policy is asked what it allows, that changes nothing: what is allowed without an answer is
    /// allowed with one.
    pub broken_sources: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self { call: 0, history: History::Open, lists_up_to: None, broken_sources: false }
    }
}

/// Turns the expressions of one job into formulas of a space.
#[derive(Debug)]
pub struct Translator<'a> {
    /// The space.
    pub space: &'a mut Space,
    pub(super) typed: &'a Typed,
    pub(super) job: JobId,
    pub(super) setting: Setting,
    /// How the policies' lists are used.
    uses: &'a Uses,
    scope: BTreeMap<LocalId, Symbolic>,
    lets: BTreeMap<LetId, Symbolic>,
    /// What functions gave below the outermost expression: by function, the call that is looked at, and what they were given.
    given: BTreeMap<(FnId, u32), Vec<Given>>,
    /// The earlier call being looked at.
    past: Option<history::Looked>,
    depth: u32,
    /// How many expressions were followed below the outermost one.
    followed: u32,
}

impl<'a> Translator<'a> {
    /// A translator for a job of a policy.
    pub fn new(space: &'a mut Space, typed: &'a Typed, job: JobId, uses: &'a Uses, setting: Setting) -> Self {
        Self {
            space,
            typed,
            job,
            setting,
            uses,
            scope: BTreeMap::new(),
            lets: BTreeMap::new(),
            given: BTreeMap::new(),
            past: None,
            depth: 0,
            followed: 0,
        }
    }

    /// The policy.
    pub(crate) fn policy(&self) -> &'a Typed {
        self.typed
    }

    /// The job.
    pub(crate) fn job(&self) -> JobId {
        self.job
    }

    /// Two values are equal.
    pub(crate) fn equal(&mut self, one: &Symbolic, other: &Symbolic) -> Formula {
        let loc = self.nowhere();
        self.space.equal(one, other, loc).is_true
    }

    /// When the call is sent.
    pub(crate) fn now(&mut self) -> Symbolic {
        let place = Place::root(Root::Now { call: self.setting.call });
        self.open(&place, &Type::Time, None)
    }

    /// When a condition is true, false, or unknown.
    pub fn condition(&mut self, expr: &Expr) -> Truth {
        let value = self.value(expr);
        value.as_truth(self.space)
    }

    /// When each of some conditions holds, that all must or one may. Those that are not followed any more are one that is left open.
    fn conditions(&mut self, parts: &[Expr]) -> Vec<Truth> {
        let mut truths = Vec::with_capacity(parts.len().min(self.left()));
        for part in parts {
            let is_last = self.left() == 0;
            truths.push(self.condition(part));
            if is_last {
                break;
            }
        }
        truths
    }

    /// How many more expressions are followed below the outermost one.
    fn left(&self) -> usize {
        MOST_FOLLOWED.saturating_sub(self.followed) as usize
    }

    /// What an expression may be.
    pub fn value(&mut self, expr: &Expr) -> Symbolic {
        if self.depth == 0 {
            self.followed = 0;
            self.given.clear();
        }
        self.followed = self.followed.saturating_add(1);
        if self.depth >= DEEPEST || self.followed > MOST_FOLLOWED {
            return self.loose(&expr.ty, expr.loc);
        }
        self.depth = self.depth.saturating_add(1);
        let value = self.form(expr);
        self.depth = self.depth.saturating_sub(1);
        if value.is_too_wide() { self.loose(&expr.ty, expr.loc) } else { value }
    }

    fn form(&mut self, expr: &Expr) -> Symbolic {
        let call = self.setting.call;
        match &expr.kind {
            ExprKind::Const(value) => self.constant(value, &expr.ty),
            ExprKind::Arg(arg) => self.arg(*arg, call),
            ExprKind::Local(local) => match self.scope.get(local) {
                Some(value) => value.clone(),
                None => self.loose(&expr.ty, expr.loc),
            },
            ExprKind::Input(at) => {
                let field = self.typed.jobs.get(self.job.index()).and_then(|job| job.input.get(*at as usize));
                self.field_at(field, Root::Input, expr)
            }
            ExprKind::Environment(at) => {
                let field = self.typed.jobs.get(self.job.index()).and_then(|job| job.environment.get(*at as usize));
                self.field_at(field, Root::Environment, expr)
            }
            ExprKind::Identity(Who::Agent, at) => self.field_at(self.typed.agent.get(*at as usize), Root::Agent, expr),
            ExprKind::Identity(Who::User, at) => self.field_at(self.typed.user.get(*at as usize), Root::User, expr),
            ExprKind::Signal(at) => self.signal(*at, expr),
            ExprKind::Run(fact) => self.fact(*fact, expr),
            ExprKind::Now => self.open(&Place::root(Root::Now { call }), &Type::Time, None),
            ExprKind::Let(id) => self.let_use(*id, expr),
            ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => self.value(inner),
            ExprKind::Lookup(record, key) => self.lookup(*record, key, expr.loc),
            ExprKind::Field(of, field) => self.field(of, *field, expr),
            ExprKind::CallFn(function, args) => self.call_fn(*function, args, expr),
            ExprKind::Call(function, args) => self.call(*function, args, expr),
            ExprKind::Not(inner) => {
                let truth = self.condition(inner).negated();
                Symbolic::truth(truth, self.space)
            }
            ExprKind::And(parts) => {
                let parts = self.conditions(parts);
                let truth = self.space.and(&parts);
                Symbolic::truth(truth, self.space)
            }
            ExprKind::Or(parts) => {
                let parts = self.conditions(parts);
                let truth = self.space.or(&parts);
                Symbolic::truth(truth, self.space)
            }
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right, expr.loc),
            ExprKind::In(item, container) => self.is_in(item, container, expr.loc),
            ExprKind::InRange(item, low, high) => self.in_range(item, low, high),
            ExprKind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right, expr),
            ExprKind::Negate(inner) => self.negate(inner, expr),
            ExprKind::ToDecimal(inner) => self.value(inner),
            // One list that is left open is less than as many members of which each is.
            ExprKind::List(members) if self.left() < members.len() => self.loose(&expr.ty, expr.loc),
            ExprKind::CompositeKey(parts) | ExprKind::List(parts) => {
                let parts: Vec<Symbolic> = parts.iter().map(|part| self.value(part)).collect();
                self.items(parts)
            }
            ExprKind::Coalesce(first, second) => self.coalesce(first, second),
            ExprKind::IsAbsent(inner) => self.is_absent(inner),
            ExprKind::Matches(text, pattern) => self.matches(text, pattern),
            ExprKind::If(condition, then, otherwise) => self.choose(condition, then, otherwise),
            ExprKind::Match(subjects, arms) => self.match_arms(subjects, arms),
            ExprKind::MapGet(map, key) => self.map_get(map, key, expr),
            ExprKind::Quantified(quantifier, local, over, body) => self.quantified(*quantifier, *local, over, body, expr),
            ExprKind::AllZip { binders, over, body } => self.all_zip(*binders, (&over.0, &over.1), body, expr),
            ExprKind::History(kind, verbs, filter) => self.some_past(*kind, verbs, filter.as_deref(), expr.loc),
            ExprKind::Last(verbs, filter, part) => self.last_past(verbs, filter.as_deref(), *part, expr),
            ExprKind::PastArg(arg) => match self.past {
                Some(looked) => self.arg(*arg, looked.call),
                None => self.loose(&expr.ty, expr.loc),
            },
            ExprKind::PastResult => self.past_result(expr),
            ExprKind::InZone(time, zone) => self.in_zone(time, zone),
            ExprKind::ZonePart(part, of) => self.zone_part(*part, of, expr),
            ExprKind::At(date, time, zone) => self.at(&[date, time, zone], expr),
            ExprKind::RecordLiteral(_) | ExprKind::MapLiteral(_) => self.loose(&expr.ty, expr.loc),
        }
    }

    /// A value that may be anything of its type, known or not.
    pub(super) fn loose(&mut self, ty: &Type, loc: Loc) -> Symbolic {
        let place = Place::root(Root::Loose(self.space.next_variable()));
        let broken = self.space.variable_at(place.then(Step::IsBroken), || Sort::Flag, Some(loc));
        let broken = self.space.flag(broken);
        let absent = self.space.variable_at(place.then(Step::IsAbsent), || Sort::Flag, Some(loc));
        let absent = self.space.flag(absent);
        let value = self.open_as(&place, ty, None, Some(loc));
        let known = self.space.all([!broken, !absent]);
        let mut value = value.where_true(known, self.space);
        value.absent = self.space.both(absent, !broken);
        value
    }

    fn let_use(&mut self, id: LetId, expr: &Expr) -> Symbolic {
        // A `let` is evaluated where it is used, but it reads nothing that is bound there.
        let cached = self.past.is_none();
        if let Some(known) = self.lets.get(&id).filter(|_| cached) {
            return known.clone();
        }
        let typed = self.typed;
        let Some(named) = typed.lets.get(id.index()) else { return self.loose(&expr.ty, expr.loc) };
        let value = self.value(&named.value);
        if cached {
            self.lets.insert(id, value.clone());
        }
        value
    }

    fn call_fn(&mut self, id: FnId, args: &[Expr], expr: &Expr) -> Symbolic {
        let typed = self.typed;
        let Some(function) = typed.fns.get(id.index()) else { return self.loose(&expr.ty, expr.loc) };
        let args: Vec<Symbolic> = args.iter().map(|arg| self.value(arg)).collect();
        // A function reads what it is given and nothing that is bound around its call.
        let place = (id, self.setting.call);
        let kept = self.past.is_none().then(|| args.clone());
        let known = kept.as_ref().and_then(|args| self.given.get(&place)?.iter().find(|(given, _)| given == args));
        if let Some((_, value)) = known {
            return value.clone();
        }
        let (known, absent) = self.space.operands(&args.iter().collect::<Vec<_>>());
        let before: Vec<(LocalId, Option<Symbolic>)> =
            function.params.iter().zip(args).map(|((local, _, _), arg)| (*local, self.scope.insert(*local, arg))).collect();
        let value = self.value(&function.body);
        for (local, value) in before {
            self.bind_back(local, value);
        }
        let mut value = value.where_true(known, self.space);
        value.absent = self.space.either(value.absent, absent);
        if let Some(args) = kept
            && self.given.values().map(Vec::len).sum::<usize>() < MOST_KEPT
        {
            self.given.entry(place).or_default().push((args, value.clone()));
        }
        value
    }

    pub(super) fn take_lets(&mut self) -> BTreeMap<LetId, Symbolic> {
        std::mem::take(&mut self.lets)
    }

    pub(super) fn put_lets(&mut self, lets: BTreeMap<LetId, Symbolic>) {
        self.lets = lets;
    }

    fn bind_back(&mut self, local: LocalId, before: Option<Symbolic>) {
        match before {
            Some(value) => self.scope.insert(local, value),
            None => self.scope.remove(&local),
        };
    }

    /// A value with a name bound.
    fn with(&mut self, local: LocalId, value: Symbolic, body: impl FnOnce(&mut Self) -> Symbolic) -> Symbolic {
        let before = self.scope.insert(local, value);
        let found = body(self);
        self.bind_back(local, before);
        found
    }

    fn items(&mut self, parts: Vec<Symbolic>) -> Symbolic {
        let (known, absent) = self.space.operands(&parts.iter().collect::<Vec<_>>());
        let cases = if known == Formula::FALSE { Vec::new() } else { vec![(known, Datum::Items(parts))] };
        Symbolic { cases, absent }
    }

    fn fact(&mut self, fact: RunFact, expr: &Expr) -> Symbolic {
        if let Some(known) = self.known_fact(fact) {
            return known;
        }
        let place = Place::root(Root::Fact(fact));
        match fact {
            RunFact::Confidence => {
                let absent = self.space.variable_at(place.then(Step::IsAbsent), || Sort::Flag, None);
                let absent = self.space.flag(absent);
                let numbers = open::confidence();
                let value = self.space.variable_at(place, || Sort::Number(Box::new(numbers)), None);
                let value = super::linear::Linear::variable(value, Rational::one());
                Symbolic { cases: vec![(!absent, Datum::Number(value))], absent }
            }
            RunFact::SawUntrusted => {
                let flag = self.space.variable_at(place, || Sort::Flag, None);
                let flag = self.space.flag(flag);
                Symbolic::one(Datum::Flag(flag))
            }
            RunFact::Calls | RunFact::Denials | RunFact::Tokens | RunFact::Unsettled | RunFact::Cost => {
                let whole = fact != RunFact::Cost;
                let variable = self.space.variable_at(place, || Sort::Number(Box::new(open::amount(whole))), None);
                let value = super::linear::Linear::variable(variable, Rational::one());
                let _ = expr;
                Symbolic::one(Datum::Number(value))
            }
        }
    }

    fn signal(&mut self, at: u32, expr: &Expr) -> Symbolic {
        let field = self.typed.jobs.get(self.job.index()).and_then(|job| job.signals.get(at as usize));
        let Some(field) = field else { return self.loose(&expr.ty, expr.loc) };
        let place = Place::root(Root::Signal(field.name.clone()));
        let absent = self.space.variable_at(place.then(Step::IsAbsent), || Sort::Flag, None);
        let absent = self.space.flag(absent);
        let inner = match &field.ty {
            Type::Optional(inner) => inner.as_ref(),
            other => other,
        };
        let mut value = self.open(&place, inner, Some(&field.encoding)).where_true(!absent, self.space);
        value.absent = absent;
        value
    }

    /// A constant of a type.
    pub(crate) fn constant(&mut self, value: &Value, ty: &Type) -> Symbolic {
        let inner = match ty {
            Type::Optional(inner) => inner.as_ref(),
            other => other,
        };
        let datum = match value {
            Value::None => Datum::None,
            Value::Bool(truth) => Datum::Flag(Formula::constant(*truth)),
            Value::Text(text) => Datum::Term(self.space.intern_term(Term::Text(text.to_string()))),
            Value::Enum(at) => {
                let Type::Enum(id) = self.key_type(inner) else { return self.loose(ty, self.nowhere()) };
                Datum::Term(self.variant(id, *at))
            }
            Value::List(members) | Value::Set(members) => {
                let types: Vec<Type> = match inner {
                    Type::List(of) | Type::Set(of) => members.iter().map(|_| of.as_ref().clone()).collect(),
                    Type::Key(record) => self.key_types(*record),
                    _ => return self.loose(ty, self.nowhere()),
                };
                Datum::Items(members.iter().zip(&types).map(|(member, ty)| self.constant(member, ty)).collect())
            }
            other => match open::number_of(other) {
                Some(number) => Datum::Number(super::linear::Linear::constant(number)),
                None => return self.loose(ty, self.nowhere()),
            },
        };
        Symbolic::one(datum)
    }

    fn nowhere(&self) -> Loc {
        self.typed
            .jobs
            .get(self.job.index())
            .map_or(Loc { file: crate::typed::FileId(0), span: agentc_grammar::span::Span { start: 0, end: 0 } }, |job| job.loc)
    }
}
