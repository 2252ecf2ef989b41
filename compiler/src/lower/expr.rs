//! Expressions: trees become shared nodes, operands first.

use super::{Lowering, index};
use crate::typed::{self, ExprKind, Type, Who};
use agentc_runtime::program::{self as ir, Constant, Expr, ExprId, FnShape, Op};
use agentc_runtime::value::Value;

/// Stands among an expression's free names where it depends on the earlier call being looked at.
pub(super) const PAST: u32 = u32::MAX;

impl Lowering<'_> {
    /// Lowers an expression; equal ones give one node.
    pub(super) fn expr(&mut self, expr: &typed::Expr) -> ExprId {
        let secret = expr.provenance.contains(typed::Provenance::SECRET);
        let (op, binds) = match &expr.kind {
            ExprKind::Let(id) => return self.let_use(*id),
            // Optionals and keys need no conversion: their values are the values themselves.
            ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => return self.expr(inner),
            ExprKind::Const(value) => return self.constant(value, &expr.ty),
            ExprKind::Arg(arg) => (Op::Arg(ir::ArgId(arg.0)), vec![]),
            ExprKind::Local(local) => (Op::Local(self.local(*local)), vec![]),
            ExprKind::Input(at) => (Op::Input(*at), vec![]),
            ExprKind::Environment(at) => (Op::Environment(*at), vec![]),
            ExprKind::Identity(Who::Agent, at) => (Op::Agent(*at), vec![]),
            ExprKind::Identity(Who::User, at) => (Op::User(*at), vec![]),
            ExprKind::Signal(at) => (Op::Signal(*at), vec![]),
            ExprKind::Run(fact) => (Op::Run(run_fact(*fact)), vec![]),
            ExprKind::Now => (Op::Now, vec![]),
            ExprKind::Lookup(record, key) => (Op::Lookup(*record, self.wholes(key)), vec![]),
            ExprKind::Field(of, field) => (self.field_of(of, *field), vec![]),
            ExprKind::CallFn(id, args) => {
                let args = args.iter().map(|arg| self.expr(arg)).collect();
                (Op::CallFn(self.function(*id), args), vec![])
            }
            ExprKind::Call(function, args) => {
                let args = self.wholes(args);
                (Op::Call(self.library(function.0.name), args), vec![])
            }
            ExprKind::Not(inner) => (Op::Not(self.expr(inner)), vec![]),
            ExprKind::And(parts) => (Op::And(parts.iter().map(|part| self.expr(part)).collect()), vec![]),
            ExprKind::Or(parts) => (Op::Or(parts.iter().map(|part| self.expr(part)).collect()), vec![]),
            ExprKind::Compare(op, left, right) => (Op::Compare(comparison(*op), self.whole(left), self.whole(right)), vec![]),
            ExprKind::In(item, list) => (Op::In(self.whole(item), self.whole(list)), vec![]),
            ExprKind::InRange(item, low, high) => (Op::InRange(self.expr(item), self.expr(low), self.expr(high)), vec![]),
            ExprKind::Arithmetic(op, left, right) => (Op::Arithmetic(arithmetic(*op), self.expr(left), self.expr(right)), vec![]),
            ExprKind::Negate(inner) => (Op::Negate(self.expr(inner)), vec![]),
            ExprKind::ToDecimal(inner) => (Op::ToDecimal(self.expr(inner)), vec![]),
            ExprKind::CompositeKey(parts) => (Op::CompositeKey(self.wholes(parts)), vec![]),
            ExprKind::Coalesce(first, second) => (Op::Coalesce(self.expr(first), self.expr(second)), vec![]),
            ExprKind::IsAbsent(inner) => (Op::IsAbsent(self.expr(inner)), vec![]),
            ExprKind::Matches(text, pattern) => {
                let text = self.expr(text);
                (Op::Matches(text, intern(&mut self.program.patterns, pattern)), vec![])
            }
            ExprKind::List(members) => (Op::List(self.wholes(members)), vec![]),
            ExprKind::If(condition, then, otherwise) => {
                (Op::If(self.expr(condition), self.expr(then), self.expr(otherwise)), vec![])
            }
            ExprKind::Match(subjects, arms) => self.matching(subjects, arms),
            ExprKind::MapGet(map, key) => (Op::MapGet(self.expr(map), self.whole(key)), vec![]),
            ExprKind::Quantified(quantifier, local, over, body) => {
                let (over, body) = (self.expr(over), self.expr(body));
                let local = self.local(*local);
                (Op::Loop(quantifier_op(*quantifier), local, over, body), vec![local.0])
            }
            ExprKind::AllZip { binders: (left, right), over: (lefts, rights), body } => {
                let (lefts, rights, body) = (self.expr(lefts), self.expr(rights), self.expr(body));
                let (left, right) = (self.local(*left), self.local(*right));
                (Op::AllZip(left, right, lefts, rights, body), vec![left.0, right.0])
            }
            ExprKind::History(kind, verbs, filter) => {
                let filter = filter.as_ref().map(|filter| self.expr(filter));
                let verbs = verbs_of(verbs);
                match kind {
                    typed::HistoryKind::Failed => (Op::Failed(verbs, filter), vec![PAST]),
                    // `last(…)` by itself never stands in a checked policy; as a truth value it says that there is one.
                    typed::HistoryKind::Happened | typed::HistoryKind::Last => (Op::Happened(verbs, filter), vec![PAST]),
                }
            }
            ExprKind::Last(verbs, filter, part) => {
                let filter = filter.as_ref().map(|filter| self.expr(filter));
                (Op::Last(verbs_of(verbs), filter, past_part(*part)), vec![PAST])
            }
            ExprKind::PastArg(arg) => (Op::PastArg(ir::ArgId(arg.0)), vec![]),
            ExprKind::PastResult => (Op::PastResult, vec![]),
            ExprKind::InZone(time, zone) => (Op::InZone(self.expr(time), self.zone(zone)), vec![]),
            ExprKind::ZonePart(part, of) => (Op::ZonePart(zone_part(*part), self.expr(of)), vec![]),
            ExprKind::At(date, time, zone) => (Op::At(self.expr(date), self.expr(time), self.zone(zone)), vec![]),
            // Only tests write these, and tests are not lowered.
            ExprKind::RecordLiteral(_) | ExprKind::MapLiteral(_) => (Op::List(vec![]), vec![]),
        };
        let ty = self.ty(&expr.ty);
        self.push(Expr { op, ty, scoped: false, secret }, &binds)
    }

    /// Lowers an expression whose whole value is looked at: compared, passed on, shown.
    pub(super) fn whole(&mut self, expr: &typed::Expr) -> ExprId {
        self.read_whole(&expr.ty);
        self.expr(expr)
    }

    fn wholes(&mut self, exprs: &[typed::Expr]) -> Vec<ExprId> {
        exprs.iter().map(|expr| self.whole(expr)).collect()
    }

    fn zone(&mut self, zone: &typed::Expr) -> ExprId {
        match &zone.kind {
            ExprKind::Const(Value::Text(name)) => {
                self.zones.name(name);
                // A constant zone is a text here, so that naming one zone does not bring all of them along.
                self.constant(&Value::Text(name.clone()), &Type::Text)
            }
            _ => self.expr(zone),
        }
    }

    fn field_of(&mut self, of: &typed::Expr, field: u32) -> Op {
        let record = match &of.ty {
            Type::Record(record) => Some(*record),
            Type::Optional(inner) => match inner.as_ref() {
                Type::Record(record) => Some(*record),
                _ => None,
            },
            _ => None,
        };
        if let Some(record) = record {
            self.read_field(record, field);
        }
        Op::Field(self.expr(of), field)
    }

    fn matching(&mut self, subjects: &[typed::Expr], arms: &[typed::Arm]) -> (Op, Vec<u32>) {
        let mut binds = Vec::new();
        let subjects = self.wholes(subjects);
        let arms = arms
            .iter()
            .map(|arm| ir::Arm {
                patterns: arm
                    .patterns
                    .iter()
                    .map(|pattern| match pattern {
                        typed::Pattern::Any => ir::Pattern::Any,
                        typed::Pattern::Bind(local) => {
                            let local = self.local(*local);
                            binds.push(local.0);
                            ir::Pattern::Bind(local)
                        }
                        typed::Pattern::OneOf(values) => {
                            ir::Pattern::OneOf(values.iter().map(|value| self.constant_id(scalar(value))).collect())
                        }
                    })
                    .collect(),
                value: self.expr(&arm.value),
            })
            .collect();
        (Op::Match(subjects, arms), binds)
    }

    fn let_use(&mut self, id: typed::LetId) -> ExprId {
        if let Some(known) = self.lets.get(&id) {
            return *known;
        }
        let typed = self.typed;
        let lowered = match typed.lets.get(id.index()) {
            Some(named) => self.expr(&named.value),
            // A checked policy has every `let` that it uses.
            None => self.constant(&Value::None, &Type::Optional(Box::new(Type::Bool))),
        };
        self.lets.insert(id, lowered);
        lowered
    }

    fn function(&mut self, id: typed::FnId) -> ir::FnId {
        if let Some(known) = self.fns.get(&id) {
            return *known;
        }
        let typed = self.typed;
        let shape = typed.fns.get(id.index()).map(|function| {
            let params = function.params.iter().map(|(local, _, _)| self.local(*local)).collect();
            // The body comes first: the functions that it calls then stand before this one.
            let body = self.expr(&function.body);
            FnShape { name: function.name.clone(), params, body }
        });
        let lowered = ir::FnId(index(self.program.fns.len()));
        self.program.fns.extend(shape);
        self.fns.insert(id, lowered);
        lowered
    }

    fn library(&mut self, name: &str) -> u32 {
        intern(&mut self.program.functions, name)
    }

    fn local(&mut self, local: typed::LocalId) -> ir::LocalId {
        self.program.locals = self.program.locals.max(local.0.saturating_add(1));
        ir::LocalId(local.0)
    }

    /// The node of a constant of a type; a list's members are constants of their own.
    pub(super) fn constant(&mut self, value: &Value, ty: &Type) -> ExprId {
        let op = match (value, ty) {
            (Value::List(members) | Value::Set(members), Type::List(inner) | Type::Set(inner)) => {
                Op::List(members.iter().map(|member| self.constant(member, inner)).collect())
            }
            (Value::List(parts), Type::Key(record)) => {
                let typed = self.typed;
                let types: Vec<Type> = typed.records.get(record.0 as usize).map_or_else(Vec::new, |record| {
                    record.key.iter().filter_map(|at| record.fields.get(*at as usize)).map(|field| field.ty.clone()).collect()
                });
                Op::CompositeKey(parts.iter().zip(&types).map(|(part, ty)| self.constant(part, ty)).collect())
            }
            _ => Op::Constant(self.constant_id(scalar(value))),
        };
        let ty = self.ty(ty);
        self.push(Expr { op, ty, scoped: false, secret: false }, &[])
    }

    fn constant_id(&mut self, constant: Constant) -> ir::ConstId {
        if let Some(known) = self.constants.get(&constant) {
            return *known;
        }
        let id = ir::ConstId(index(self.program.constants.len()));
        self.program.constants.push(constant.clone());
        self.constants.insert(constant, id);
        id
    }

    /// Adds a node, or finds the same one. `binds` are the names that it binds for its operands.
    pub(super) fn push(&mut self, mut expr: Expr, binds: &[u32]) -> ExprId {
        let mut free: Vec<u32> = match expr.op {
            Op::Local(local) => vec![local.0],
            Op::PastArg(_) | Op::PastResult => vec![PAST],
            _ => Vec::new(),
        };
        for operand in operands(&expr.op) {
            free.extend(self.free.get(operand.index()).into_iter().flatten());
        }
        free.retain(|name| !binds.contains(name));
        free.sort_unstable();
        free.dedup();
        expr.scoped = !free.is_empty();
        if let Some(known) = self.exprs.get(&expr) {
            return *known;
        }
        let id = ExprId(index(self.program.exprs.len()));
        self.program.exprs.push(expr.clone());
        self.free.push(free);
        self.exprs.insert(expr, id);
        id
    }

    /// A truth value made of lowered ones.
    pub(super) fn condition(&mut self, op: Op) -> ExprId {
        let ty = self.ty(&Type::Bool);
        let secret = operands(&op).iter().any(|operand| self.program.exprs.get(operand.index()).is_some_and(|expr| expr.secret));
        self.push(Expr { op, ty, scoped: false, secret }, &[])
    }

    /// The largest parts of an expression that do not look at the earlier call nor at a bound name.
    pub(super) fn frozen(&self, expr: ExprId, into: &mut Vec<ExprId>) {
        let Some(node) = self.program.exprs.get(expr.index()) else { return };
        match node.op {
            Op::Constant(_) => {}
            _ if !node.scoped => into.push(expr),
            _ => {
                for operand in operands(&node.op) {
                    self.frozen(operand, into);
                }
            }
        }
    }
}

/// The expressions that stand in an operator.
fn operands(op: &Op) -> Vec<ExprId> {
    let mut found = Vec::new();
    op.visit_own_operands(&mut |operand| found.push(operand));
    found
}

fn intern(texts: &mut Vec<String>, text: &str) -> u32 {
    let at = texts.iter().position(|known| known == text).unwrap_or_else(|| {
        texts.push(text.to_owned());
        texts.len().saturating_sub(1)
    });
    index(at)
}

fn verbs_of(verbs: &[typed::VerbId]) -> Vec<ir::VerbId> {
    verbs.iter().map(|verb| ir::VerbId(verb.0)).collect()
}

/// A value that is not made of others. (Lists are handled where their type is known.)
fn scalar(value: &Value) -> Constant {
    match value {
        Value::Bool(truth) => Constant::Bool(*truth),
        Value::Int(number) => Constant::Int(*number),
        Value::Decimal(number) => Constant::Decimal(*number),
        Value::Money(amount, currency) => Constant::Money(*amount, *currency),
        Value::Text(text) => Constant::Text(text.to_string()),
        Value::Time(time) => Constant::Time(*time),
        Value::Date(date) => Constant::Date(*date),
        Value::TimeOfDay(time) => Constant::TimeOfDay(*time),
        // Durations are written in 64 bits of nanoseconds.
        Value::Duration(duration) => Constant::Duration(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)),
        Value::Weekday(day) => Constant::Weekday(*day),
        Value::Enum(variant) => Constant::Enum(*variant),
        Value::None | Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Record(_) => Constant::None,
    }
}

fn run_fact(fact: typed::RunFact) -> ir::RunFact {
    match fact {
        typed::RunFact::Calls => ir::RunFact::Calls,
        typed::RunFact::Denials => ir::RunFact::Denials,
        typed::RunFact::Cost => ir::RunFact::Cost,
        typed::RunFact::Tokens => ir::RunFact::Tokens,
        typed::RunFact::Confidence => ir::RunFact::Confidence,
        typed::RunFact::Unsettled => ir::RunFact::Unsettled,
        typed::RunFact::SawUntrusted => ir::RunFact::SawUntrusted,
    }
}

fn comparison(op: typed::CompareOp) -> ir::Comparison {
    match op {
        typed::CompareOp::Equal => ir::Comparison::Equal,
        typed::CompareOp::NotEqual => ir::Comparison::NotEqual,
        typed::CompareOp::Less => ir::Comparison::Less,
        typed::CompareOp::LessEqual => ir::Comparison::LessEqual,
        typed::CompareOp::Greater => ir::Comparison::Greater,
        typed::CompareOp::GreaterEqual => ir::Comparison::GreaterEqual,
    }
}

fn arithmetic(op: typed::ArithmeticOp) -> ir::Arithmetic {
    match op {
        typed::ArithmeticOp::Add => ir::Arithmetic::Add,
        typed::ArithmeticOp::Subtract => ir::Arithmetic::Subtract,
        typed::ArithmeticOp::Multiply => ir::Arithmetic::Multiply,
    }
}

fn quantifier_op(quantifier: typed::Quantifier) -> ir::Loop {
    match quantifier {
        typed::Quantifier::Any => ir::Loop::Any,
        typed::Quantifier::All => ir::Loop::All,
        typed::Quantifier::Count => ir::Loop::Count,
        typed::Quantifier::Sum => ir::Loop::Sum,
        typed::Quantifier::Min => ir::Loop::Min,
        typed::Quantifier::Max => ir::Loop::Max,
        typed::Quantifier::First => ir::Loop::First,
    }
}

fn past_part(part: typed::PastPart) -> ir::PastPart {
    match part {
        typed::PastPart::Result => ir::PastPart::Result,
        typed::PastPart::Arg(arg) => ir::PastPart::Arg(ir::ArgId(arg.0)),
        typed::PastPart::At => ir::PastPart::At,
        typed::PastPart::Exists => ir::PastPart::Exists,
    }
}

fn zone_part(part: typed::ZonePart) -> ir::ZonePart {
    match part {
        typed::ZonePart::Date => ir::ZonePart::Date,
        typed::ZonePart::Time => ir::ZonePart::Time,
        typed::ZonePart::Weekday => ir::ZonePart::Weekday,
    }
}
