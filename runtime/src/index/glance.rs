//! What nodes of the decision graph ask that lies at hand: comparisons of arguments, inputs, fields of records and constants, laid flat.
//!
//! A preview answers these in place; whatever else a node asks, and whatever is not known at hand, is evaluated.

use super::arms::Arms;
use super::texts::Texts;
use crate::eval::Ended;
use crate::program::{ArgId, Comparison, ConstId, ExprId, Loop, Node, NodeId, Op, Program, VerbId};
use std::collections::BTreeMap;

/// An operand that lies at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Constant(ConstId),
    Arg(ArgId),
    Input(u32),
    Environment(u32),
    Agent(u32),
    User(u32),
    /// A field of the record that this expression looks up by one operand at hand.
    Field(ExprId, u32),
}

/// One question about operands at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Atom {
    Compare(Comparison, Source, Source),
    /// It is this text of the policy's own, the first of its content (or, where that is false, it is not).
    IsText(Source, ConstId, bool),
    /// It is one of these constants: their place and number among [`Glances::members`].
    OneOf(Source, u32, u32),
    /// The first is a member of the second, a set.
    Within(Source, Source),
    /// These two sets have a member in common.
    Meet(Source, Source),
    /// Some earlier call ended so whose arguments equal these operands: the place of the question among [`Glances::pasts`], and that of the
    /// operands among [`Glances::operands`].
    Past(Ended, u32, u32),
}

/// What a node asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glance {
    /// Something that must be evaluated.
    Unseen,
    /// Whether all of these atoms hold: their place and number among [`Glances::atoms`].
    All(u32, u32),
    /// Whether one of these atoms holds.
    Any(u32, u32),
    /// Which arm or step this operand takes.
    Value(Source),
    /// Which arm this text takes; the arms are to be found by the constant that it is.
    Text(Source),
}

/// A question about earlier calls of a verb: these arguments of theirs, sorted, equal something at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PastQuestion {
    pub(crate) verb: VerbId,
    pub(crate) args: Vec<ArgId>,
}

/// What nodes ask.
// INVARIANT: `nodes` is parallel to the program's nodes.
#[derive(Debug, Default)]
pub(crate) struct Glances {
    nodes: Vec<Glance>,
    atoms: Vec<Atom>,
    members: Vec<ConstId>,
    operands: Vec<Source>,
    pasts: Vec<PastQuestion>,
    /// The places of the questions about each verb.
    pasts_of: BTreeMap<VerbId, Vec<u32>>,
}

/// The most members of a list that is looked through one by one.
const SHORT: usize = 8;

impl Glances {
    pub(crate) fn new(program: &Program, texts: &Texts, arms: &Arms) -> Self {
        let mut glances = Self::default();
        glances.nodes.reserve(program.nodes.len());
        for (node, at) in program.nodes.iter().zip(0..) {
            let glance = match node {
                Node::End | Node::Leaf { .. } => Glance::Unseen,
                Node::Test { condition, .. } => glances.condition(program, texts, *condition).unwrap_or(Glance::Unseen),
                Node::Switch { subject, .. } => match source(program, *subject) {
                    Some(source) if arms.has(NodeId(at)) => Glance::Text(source),
                    Some(source) => Glance::Value(source),
                    None => Glance::Unseen,
                },
                Node::Range { subject, .. } => source(program, *subject).map_or(Glance::Unseen, Glance::Value),
            };
            glances.nodes.push(glance);
        }
        glances
    }

    #[inline]
    pub(crate) fn of(&self, node: NodeId) -> Glance {
        self.nodes.get(node.index()).copied().unwrap_or(Glance::Unseen)
    }

    #[inline]
    pub(crate) fn atoms(&self, first: u32, count: u32) -> &[Atom] {
        let first = first as usize;
        self.atoms.get(first..first.saturating_add(count as usize)).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn members(&self, first: u32, count: u32) -> &[ConstId] {
        let first = first as usize;
        self.members.get(first..first.saturating_add(count as usize)).unwrap_or_default()
    }

    /// A question about earlier calls.
    #[inline]
    pub(crate) fn past(&self, at: u32) -> Option<&PastQuestion> {
        self.pasts.get(at as usize)
    }

    /// The questions about earlier calls of a verb, with their places.
    pub(crate) fn pasts_of(&self, verb: VerbId) -> impl Iterator<Item = (u32, &PastQuestion)> {
        self.pasts_of.get(&verb).into_iter().flatten().filter_map(|at| Some((*at, self.past(*at)?)))
    }

    /// The operands from this place on.
    #[inline]
    pub(crate) fn operands(&self, first: u32) -> &[Source] {
        self.operands.get(first as usize..).unwrap_or_default()
    }

    fn past_atom(&mut self, program: &Program, verbs: &[VerbId], filter: ExprId, ended: Ended) -> Option<Atom> {
        let [verb] = verbs else { return None };
        let parts = match &program.exprs.get(filter.index())?.op {
            Op::And(parts) => parts.as_slice(),
            _ => std::slice::from_ref(&filter),
        };
        let asked = parts.iter().map(|part| {
            let Op::Compare(Comparison::Equal, left, right) = program.exprs.get(part.index())?.op else { return None };
            let past = |id: ExprId| match program.exprs.get(id.index()).map(|expr| &expr.op) {
                Some(Op::PastArg(arg)) => Some(*arg),
                _ => None,
            };
            past(left).zip(source(program, right)).or_else(|| past(right).zip(source(program, left)))
        });
        let mut asked: Vec<(ArgId, Source)> = asked.collect::<Option<_>>()?;
        asked.sort_by_key(|(arg, _)| *arg);
        // An argument that must equal two things is asked one by one.
        if asked.array_windows().any(|[(one, _), (other, _)]| one == other) {
            return None;
        }
        let question = PastQuestion { verb: *verb, args: asked.iter().map(|(arg, _)| *arg).collect() };
        let known = self.pasts_of(*verb).find(|(_, known)| **known == question).map(|(at, _)| at);
        let at = match known {
            Some(at) => at,
            None => {
                let at = u32::try_from(self.pasts.len()).ok()?;
                self.pasts.push(question);
                self.pasts_of.entry(*verb).or_default().push(at);
                at
            }
        };
        let first = u32::try_from(self.operands.len()).ok()?;
        self.operands.extend(asked.into_iter().map(|(_, source)| source));
        Some(Atom::Past(ended, at, first))
    }

    fn condition(&mut self, program: &Program, texts: &Texts, condition: ExprId) -> Option<Glance> {
        let (parts, is_any) = match &program.exprs.get(condition.index())?.op {
            Op::And(parts) => (parts.as_slice(), false),
            Op::Or(parts) => (parts.as_slice(), true),
            _ => (std::slice::from_ref(&condition), false),
        };
        let (atoms, members) = (self.atoms.len(), self.members.len());
        for part in parts {
            let Some(atom) = self.atom(program, texts, *part) else {
                // All of it or nothing.
                self.atoms.truncate(atoms);
                self.members.truncate(members);
                return None;
            };
            self.atoms.push(atom);
        }
        let (first, count) = (u32::try_from(atoms).ok()?, u32::try_from(parts.len()).ok()?);
        Some(if is_any { Glance::Any(first, count) } else { Glance::All(first, count) })
    }

    fn atom(&mut self, program: &Program, texts: &Texts, id: ExprId) -> Option<Atom> {
        match &program.exprs.get(id.index())?.op {
            Op::Compare(comparison, left, right) => {
                let (left, right) = (source(program, *left)?, source(program, *right)?);
                let is_equal = match comparison {
                    Comparison::Equal => Some(true),
                    Comparison::NotEqual => Some(false),
                    _ => None,
                };
                let by_text = is_equal.and_then(|is_equal| match (left, right) {
                    (Source::Constant(text), of) | (of, Source::Constant(text)) if is_looked_up(of) => {
                        Some(Atom::IsText(of, texts.first(program, text)?, is_equal))
                    }
                    _ => None,
                });
                Some(by_text.unwrap_or(Atom::Compare(*comparison, left, right)))
            }
            Op::In(item, container) => {
                let item = source(program, *item)?;
                match &program.exprs.get(container.index())?.op {
                    Op::List(members) if members.len() <= SHORT => {
                        let first = u32::try_from(self.members.len()).ok()?;
                        for member in members {
                            let Some(Op::Constant(member)) = program.exprs.get(member.index()).map(|expr| &expr.op) else {
                                self.members.truncate(first as usize);
                                return None;
                            };
                            self.members.push(*member);
                        }
                        Some(Atom::OneOf(item, first, u32::try_from(members.len()).ok()?))
                    }
                    _ => Some(Atom::Within(item, source(program, *container)?)),
                }
            }
            // `any one in these: one in those`
            Op::Loop(Loop::Any, local, over, body) => {
                let Op::In(item, container) = program.exprs.get(body.index())?.op else { return None };
                let is_member = matches!(program.exprs.get(item.index())?.op, Op::Local(bound) if bound == *local);
                is_member.then_some(Atom::Meet(source(program, *over)?, source(program, container)?))
            }
            Op::Happened(verbs, Some(filter)) => self.past_atom(program, verbs, *filter, Ended::Well),
            Op::Failed(verbs, Some(filter)) => self.past_atom(program, verbs, *filter, Ended::Failed),
            _ => None,
        }
    }
}

/// Whether it is looked up beforehand which of the policy's own texts it is.
fn is_looked_up(source: Source) -> bool {
    matches!(source, Source::Arg(_) | Source::Input(_))
}

fn source(program: &Program, id: ExprId) -> Option<Source> {
    let expr = program.exprs.get(id.index())?;
    match &expr.op {
        Op::Field(of, field) => {
            let of_expr = program.exprs.get(of.index())?;
            let Op::Lookup(record, key) = &of_expr.op else { return None };
            let is_simple = program.records.get(record.0 as usize)?.key_types.len() == 1;
            match key.as_slice() {
                [part] if is_simple && !of_expr.scoped => at_hand(program, *part).map(|_| Source::Field(*of, *field)),
                _ => None,
            }
        }
        _ => at_hand(program, id),
    }
}

/// An operand that is given.
pub(crate) fn at_hand(program: &Program, id: ExprId) -> Option<Source> {
    Some(match &program.exprs.get(id.index())?.op {
        Op::Constant(constant) => Source::Constant(*constant),
        Op::Arg(arg) => Source::Arg(*arg),
        Op::Input(at) => Source::Input(*at),
        Op::Environment(at) => Source::Environment(*at),
        Op::Agent(at) => Source::Agent(*at),
        Op::User(at) => Source::User(*at),
        _ => return None,
    })
}
