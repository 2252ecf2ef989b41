//! A number for each meaning: two expressions with one number are the same whatever they were written for and wherever they stand.

use crate::typed::{
    ArgId, ArithmeticOp, CompareOp, Expr, ExprKind, FnId, HistoryKind, LetId, LocalId, PastPart, Pattern, Quantifier, RecordId,
    RunFact, Typed, VerbId, Who, ZonePart,
};
use agentc_runtime::value::Value;
use std::collections::BTreeMap;

/// The number of a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(u32);

/// The meanings met so far. One of these serves one job: input, environment and signals are the job's.
#[derive(Debug)]
pub(crate) struct Numbers<'t> {
    typed: &'t Typed,
    known: BTreeMap<(Head, Vec<Number>), Number>,
    lets: BTreeMap<LetId, Number>,
    /// The names bound around what is being numbered, from the outside in.
    bound: Vec<LocalId>,
}

/// What an expression is beside its operands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Head {
    Const(Value),
    Arg(ArgId),
    /// A bound name, by how many were bound after it.
    Bound(usize),
    /// A name that is bound by no expression: a row, a function's parameter.
    Free(LocalId),
    Let(LetId),
    Input(u32),
    Environment(u32),
    Identity(Who, u32),
    Signal(u32),
    Run(RunFact),
    Now,
    Lookup(RecordId),
    Field(u32),
    CallFn(FnId),
    Call(&'static str),
    Not,
    And,
    Or,
    Compare(CompareOp),
    In,
    InRange,
    Arithmetic(ArithmeticOp),
    Negate,
    ToDecimal,
    /// A conversion that changes nothing.
    Same,
    CompositeKey,
    Coalesce,
    IsAbsent,
    Matches(String),
    List,
    If,
    Match(Vec<Vec<Take>>),
    MapGet,
    Quantified(Quantifier),
    AllZip,
    History(HistoryKind, Vec<VerbId>),
    Last(Vec<VerbId>, PastPart),
    PastArg(ArgId),
    PastResult,
    InZone,
    ZonePart(ZonePart),
    At,
    RecordLiteral(Vec<u32>),
    MapLiteral(Vec<Value>),
}

/// What a pattern takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Take {
    Any,
    Bind,
    OneOf(Vec<Value>),
}

impl<'t> Numbers<'t> {
    /// None yet.
    pub(crate) fn new(typed: &'t Typed) -> Self {
        Self { typed, known: BTreeMap::new(), lets: BTreeMap::new(), bound: Vec::new() }
    }

    /// The number of an expression. A `let` is what it stands for; conversions that change nothing at run time are left out.
    pub(crate) fn of(&mut self, expr: &Expr) -> Number {
        let (head, operands) = match &expr.kind {
            ExprKind::Let(id) => return self.of_let(*id),
            ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => return self.of(inner),
            ExprKind::Local(local) => (self.local(*local), Vec::new()),
            ExprKind::Compare(op, left, right) => self.comparison(*op, left, right),
            ExprKind::Quantified(quantifier, local, over, body) => {
                let over = self.of(over);
                (Head::Quantified(*quantifier), vec![over, self.inside(&[*local], body)])
            }
            ExprKind::AllZip { binders, over, body } => {
                let (left, right) = (self.of(&over.0), self.of(&over.1));
                (Head::AllZip, vec![left, right, self.inside(&[binders.0, binders.1], body)])
            }
            ExprKind::Match(subjects, arms) => {
                let mut operands = self.all(subjects.iter());
                for arm in arms {
                    let binds = |pattern: &Pattern| if let Pattern::Bind(local) = pattern { Some(*local) } else { None };
                    let locals: Vec<LocalId> = arm.patterns.iter().filter_map(binds).collect();
                    operands.push(self.inside(&locals, &arm.value));
                }
                (head(&expr.kind), operands)
            }
            kind => (head(kind), self.all(kind.operands().into_iter())),
        };
        self.number(head, operands)
    }

    /// The numbers of several.
    pub(crate) fn all<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> Vec<Number> {
        exprs.map(|expr| self.of(expr)).collect()
    }

    fn of_let(&mut self, id: LetId) -> Number {
        if let Some(known) = self.lets.get(&id) {
            return *known;
        }
        let typed = self.typed;
        let number = match typed.lets.get(id.index()) {
            Some(used) => {
                // What a `let` stands for does not see the names bound where it is used.
                let bound = std::mem::take(&mut self.bound);
                let number = self.of(&used.value);
                self.bound = bound;
                number
            }
            None => self.number(Head::Let(id), Vec::new()),
        };
        self.lets.insert(id, number);
        number
    }

    fn local(&self, local: LocalId) -> Head {
        match self.bound.iter().rev().position(|bound| *bound == local) {
            Some(depth) => Head::Bound(depth),
            None => Head::Free(local),
        }
    }

    fn inside(&mut self, locals: &[LocalId], body: &Expr) -> Number {
        let outside = self.bound.len();
        self.bound.extend_from_slice(locals);
        let number = self.of(body);
        self.bound.truncate(outside);
        number
    }

    /// `a > b` is `b < a`, and equality has no sides.
    fn comparison(&mut self, op: CompareOp, left: &Expr, right: &Expr) -> (Head, Vec<Number>) {
        let (mut left, mut right) = (self.of(left), self.of(right));
        let op = match op {
            CompareOp::Greater => {
                std::mem::swap(&mut left, &mut right);
                CompareOp::Less
            }
            CompareOp::GreaterEqual => {
                std::mem::swap(&mut left, &mut right);
                CompareOp::LessEqual
            }
            CompareOp::Equal | CompareOp::NotEqual => {
                if right < left {
                    std::mem::swap(&mut left, &mut right);
                }
                op
            }
            CompareOp::Less | CompareOp::LessEqual => op,
        };
        (Head::Compare(op), vec![left, right])
    }

    fn number(&mut self, head: Head, operands: Vec<Number>) -> Number {
        let next = Number(u32::try_from(self.known.len()).unwrap_or(u32::MAX));
        *self.known.entry((head, operands)).or_insert(next)
    }
}

fn take(pattern: &Pattern) -> Take {
    match pattern {
        Pattern::Any => Take::Any,
        Pattern::Bind(_) => Take::Bind,
        Pattern::OneOf(values) => Take::OneOf(values.clone()),
    }
}

/// The head of a form that binds no names.
fn head(kind: &ExprKind) -> Head {
    match kind {
        ExprKind::Const(value) => Head::Const(value.clone()),
        ExprKind::Arg(arg) => Head::Arg(*arg),
        ExprKind::Local(local) => Head::Free(*local),
        ExprKind::Input(at) => Head::Input(*at),
        ExprKind::Environment(at) => Head::Environment(*at),
        ExprKind::Identity(who, at) => Head::Identity(*who, *at),
        ExprKind::Signal(at) => Head::Signal(*at),
        ExprKind::Run(fact) => Head::Run(*fact),
        ExprKind::Now => Head::Now,
        ExprKind::Lookup(record, _) => Head::Lookup(*record),
        ExprKind::Field(_, at) => Head::Field(*at),
        ExprKind::Let(id) => Head::Let(*id),
        ExprKind::CallFn(function, _) => Head::CallFn(*function),
        ExprKind::Call(function, _) => Head::Call(function.0.name),
        ExprKind::Not(_) => Head::Not,
        ExprKind::And(_) => Head::And,
        ExprKind::ToDecimal(_) => Head::ToDecimal,
        ExprKind::ToOptional(_) | ExprKind::ToKey(_) => Head::Same,
        ExprKind::Or(_) => Head::Or,
        ExprKind::Compare(op, ..) => Head::Compare(*op),
        ExprKind::In(..) => Head::In,
        ExprKind::InRange(..) => Head::InRange,
        ExprKind::Arithmetic(op, ..) => Head::Arithmetic(*op),
        ExprKind::Negate(_) => Head::Negate,
        ExprKind::CompositeKey(_) => Head::CompositeKey,
        ExprKind::Coalesce(..) => Head::Coalesce,
        ExprKind::IsAbsent(_) => Head::IsAbsent,
        ExprKind::Matches(_, pattern) => Head::Matches(pattern.clone()),
        ExprKind::List(_) => Head::List,
        ExprKind::If(..) => Head::If,
        ExprKind::Match(_, arms) => Head::Match(arms.iter().map(|arm| arm.patterns.iter().map(take).collect()).collect()),
        ExprKind::MapGet(..) => Head::MapGet,
        ExprKind::Quantified(quantifier, ..) => Head::Quantified(*quantifier),
        ExprKind::AllZip { .. } => Head::AllZip,
        ExprKind::History(what, verbs, _) => Head::History(*what, verbs.clone()),
        ExprKind::Last(verbs, _, part) => Head::Last(verbs.clone(), *part),
        ExprKind::PastArg(arg) => Head::PastArg(*arg),
        ExprKind::PastResult => Head::PastResult,
        ExprKind::InZone(..) => Head::InZone,
        ExprKind::ZonePart(part, _) => Head::ZonePart(*part),
        ExprKind::At(..) => Head::At,
        ExprKind::RecordLiteral(fields) => Head::RecordLiteral(fields.iter().map(|(at, _)| *at).collect()),
        ExprKind::MapLiteral(entries) => Head::MapLiteral(entries.iter().map(|(key, _)| key.clone()).collect()),
    }
}
