//! A policy's expressions and rules in plain English, for people who never saw the language and for the model that is bound by them.
//!
//! A condition becomes a sentence (`the order's status is shipped or delivered`), a value a noun phrase (`the order's total`). The words for the
//! model leave out numbers that it could work towards: where a threshold lies is told to nobody whom it binds.

mod library;
mod loops;
mod noun;
mod outline;
mod rule;
mod sentence;
mod terms;
#[cfg(test)]
mod tests;
mod value;
pub(crate) mod words;

pub(crate) use rule::{Kind, Said};
pub(crate) use terms::Term;

use crate::typed::{ArgId, Expr, ExprKind, Field, FnId, Job, LetId, LocalId, RecordId, Type, Typed, VerbId};
use agentc_runtime::value::Value;
use words::spoken;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reader {
    /// A person who reviews the policy: everything.
    Person,
    /// The model that the policy binds: no thresholds, nothing secret, addressed as `you`.
    Model,
}

/// Whether a sentence says that a condition holds, or that it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Polarity {
    Holds,
    Fails,
}

impl Polarity {
    fn flipped(self) -> Self {
        if self == Self::Holds { Self::Fails } else { Self::Holds }
    }

    /// One word or the other.
    fn choose<'w>(self, holds: &'w str, fails: &'w str) -> &'w str {
        if self == Self::Holds { holds } else { fails }
    }
}

/// Says the expressions of one job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct English<'a> {
    typed: &'a Typed,
    job: Option<&'a Job>,
    reader: Reader,
    /// Whether what is told bounds something: `amount <= 2 * order.total`, not `amount == 2 * order.total`, which says what to send.
    bounds: bool,
    /// Whether conditions behind a `let` are told by their names alone, as where the names are explained.
    names: bool,
}

/// How the names bound inside an expression are called: the nearest first.
#[derive(Debug, Clone, Copy)]
struct Scope<'s> {
    outer: Option<&'s Scope<'s>>,
    local: LocalId,
    name: &'s str,
}

/// Names as they stand, none bound.
const TOP: Option<&Scope<'static>> = None;

/// Alternatives of more characters than this together are told each under a letter.
const ENUMERATED: usize = 160;

/// The largest condition behind a `let` that is told in place, in expressions; a larger one is told once, among the terms.
const INLINE: usize = 24;

impl<'a> English<'a> {
    /// The words of a job for a reader.
    pub(crate) fn new(typed: &'a Typed, job: &'a Job, reader: Reader) -> Self {
        Self { typed, job: Some(job), reader, bounds: false, names: false }
    }

    /// The words for what bounds something, or for what does not.
    fn bounding(&self, bounds: bool) -> Self {
        Self { bounds, ..*self }
    }

    /// The words for what a name means: the names in it have their own meanings.
    fn naming(&self) -> Self {
        Self { names: true, ..*self }
    }

    /// A condition as a sentence, without capital and full stop.
    pub(crate) fn condition(&self, condition: &Expr) -> String {
        self.sentence(condition, Polarity::Holds, TOP)
    }

    /// The conditions that must all hold, each as a sentence; a conjunction is told part by part.
    pub(crate) fn conditions(&self, condition: &Expr) -> Vec<String> {
        match &condition.kind {
            ExprKind::And(parts) => {
                let mut told: Vec<String> = Vec::new();
                // A `when` block around rules that repeat it says the same twice.
                for said in parts.iter().flat_map(|part| self.conditions(part)) {
                    if !told.contains(&said) {
                        told.push(said);
                    }
                }
                told
            }
            _ => vec![self.enumerated(condition).unwrap_or_else(|| self.condition(condition))],
        }
    }

    /// Many conditions of which one is enough, each under a letter: a reader keeps them apart.
    fn enumerated(&self, condition: &Expr) -> Option<String> {
        let (parts, polarity) = match &condition.kind {
            ExprKind::Or(parts) => (parts, Polarity::Holds),
            ExprKind::Not(inner) => match &inner.kind {
                ExprKind::And(parts) => (parts, Polarity::Fails),
                _ => return None,
            },
            _ => return None,
        };
        let mut said: Vec<String> = Vec::new();
        for one in parts.iter().map(|part| self.sentence(part, polarity, TOP)) {
            if !said.contains(&one) {
                said.push(one);
            }
        }
        let length: usize = said.iter().map(String::len).sum();
        if said.len() < 3 || length < ENUMERATED {
            return None;
        }
        let lettered = ('a'..='z').zip(&said).map(|(letter, one)| format!("({letter}) {one}"));
        (said.len() <= 26).then(|| format!("at least one of these holds: {}", lettered.collect::<Vec<_>>().join("; ")))
    }

    /// A value as a noun phrase.
    pub(crate) fn phrase(&self, value: &Expr) -> String {
        self.noun(value, TOP)
    }

    /// A verb: for a person as the policy names it, for the model as it calls it.
    pub(crate) fn verb(&self, verb: VerbId) -> String {
        match self.reader {
            Reader::Person => format!("`{}`", crate::diagnostic::text::verb_name(verb, self.typed)),
            Reader::Model => format!("`{}`", wire_name(self.typed, verb)),
        }
    }

    /// Verbs, with that word before the last; a whole tool by its star.
    pub(crate) fn verbs(&self, verbs: &[VerbId], word: &str) -> String {
        const MANY: usize = 4;
        let all = self.typed.verbs.len();
        if all > MANY && (0..).zip(&self.typed.verbs).all(|(at, _)| verbs.contains(&VerbId(at))) {
            return if word == "and" { "all calls" } else { "any call" }.to_owned();
        }
        let mut names: Vec<String> = Vec::new();
        let mut told: Vec<VerbId> = Vec::new();
        for verb in verbs {
            if told.contains(verb) {
                continue;
            }
            let whole = self.typed.verbs.get(verb.index()).map(|decl| decl.tool).filter(|tool| self.is_whole(*tool, verbs));
            match whole {
                Some(tool) if self.reader == Reader::Person => {
                    told.extend(self.verbs_of(tool));
                    let name = self.typed.tools.get(tool.index()).map_or("", |tool| tool.name.as_str());
                    names.push(format!("`{name}.*`"));
                }
                _ => {
                    told.push(*verb);
                    names.push(self.verb(*verb));
                }
            }
        }
        words::joined(&names, word)
    }

    /// Whether verbs hold all of a tool that has more than two.
    fn is_whole(&self, tool: crate::typed::ToolId, verbs: &[VerbId]) -> bool {
        let all: Vec<VerbId> = self.verbs_of(tool).collect();
        all.len() > 2 && all.iter().all(|verb| verbs.contains(verb))
    }

    fn verbs_of(&self, tool: crate::typed::ToolId) -> impl Iterator<Item = VerbId> {
        let of_tool = move |(_, decl): &(u32, &crate::typed::Verb)| decl.tool == tool;
        (0..).zip(&self.typed.verbs).filter(of_tool).map(|(at, _)| VerbId(at))
    }

    fn record(&self, record: RecordId) -> String {
        self.typed.records.get(record.0 as usize).map_or_else(String::new, |record| spoken(&record.name))
    }

    /// The field of a value whose type is a record, or an optional one.
    fn field(&self, base: &Expr, field: u32) -> Option<&'a Field> {
        let Type::Record(record) = plain(&base.ty) else { return None };
        self.typed.records.get(record.0 as usize)?.fields.get(field as usize)
    }

    fn arg(&self, arg: ArgId) -> &'a str {
        self.typed.args.get(arg.index()).map_or("", |slot| slot.name.as_str())
    }

    fn let_value(&self, id: LetId) -> Option<&'a crate::typed::LetUse> {
        self.typed.lets.get(id.index())
    }

    fn function(&self, id: FnId) -> Option<&'a crate::typed::Fn> {
        self.typed.fns.get(id.index())
    }

    /// What stands behind a conversion that changes nothing, or behind a `let` for a constant.
    fn bare<'e>(&self, expr: &'e Expr) -> &'e Expr
    where
        'a: 'e,
    {
        match &expr.kind {
            ExprKind::ToDecimal(inner) | ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => self.bare(inner),
            ExprKind::Let(id) => match self.let_value(*id) {
                Some(used) if matches!(self.bare(&used.value).kind, ExprKind::Const(_)) => self.bare(&used.value),
                _ => expr,
            },
            _ => expr,
        }
    }

    /// The condition behind a `let`, where it is short enough to be told in place.
    fn inlined(&self, id: LetId) -> Option<&'a Expr> {
        let value = &self.let_value(id)?.value;
        let is_constant = matches!(value.kind, ExprKind::Const(_));
        (is_constant || (!self.names && self.size(value, INLINE) < INLINE)).then_some(value)
    }

    /// How many expressions it takes to tell a value, up to a bound.
    fn size(&self, expr: &Expr, bound: usize) -> usize {
        let mut size: usize = 1;
        let behind = match &expr.kind {
            ExprKind::Let(id) if plain(&expr.ty) == &Type::Bool => self.let_value(*id).map(|used| &used.value),
            _ => None,
        };
        for operand in expr.kind.operands().into_iter().chain(behind) {
            if size >= bound {
                return size;
            }
            size = size.saturating_add(self.size(operand, bound.saturating_sub(size)));
        }
        size
    }
}

/// Whether an expression is words of the policy's own: a list of texts.
fn is_word_list(expr: &Expr) -> bool {
    let is_text = |value: &Value| matches!(value, Value::Text(_));
    match &expr.kind {
        ExprKind::Const(Value::List(members) | Value::Set(members)) => !members.is_empty() && members.iter().all(is_text),
        ExprKind::List(members) => {
            !members.is_empty() && members.iter().all(|member| matches!(&member.kind, ExprKind::Const(value) if is_text(value)))
        }
        _ => false,
    }
}

/// The type without `?`.
fn plain(ty: &Type) -> &Type {
    if let Type::Optional(inner) = ty { inner } else { ty }
}

/// How a host calls a verb: its name on the wire, with its tool where another tool has the same.
pub(crate) fn wire_name(typed: &Typed, verb: VerbId) -> String {
    let Some(decl) = typed.verbs.get(verb.index()) else { return String::new() };
    let shared = typed.verbs.iter().filter(|other| other.wire == decl.wire).count() > 1;
    let tool = typed.tools.get(decl.tool.index()).map_or("", |tool| tool.name.as_str());
    if shared { format!("{tool}.{}", decl.name) } else { decl.wire.clone() }
}
