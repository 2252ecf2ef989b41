//! Which arguments of a call a condition ties to something that the agent does not choose.
//!
//! A condition is read in negation normal form: every operand of an `and` holds, of an `or` only what all of its operands say. An equality,
//! a membership or a function of two values ties what the one side is read from to what the other side is read from.

use crate::typed::{ArgId, CompareOp, Expr, ExprKind, FnId, LetId, LocalId, Pattern, Provenance, Quantifier, Typed};
use agentc_runtime::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a value is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    /// Something that the agent does not choose: input, identity, environment, or a record that no argument chooses.
    Firm,
    /// Constants alone.
    Constant,
    /// What outsiders wrote.
    Outsider,
    /// The argument itself.
    Argument(ArgId),
    /// A record that the argument chooses, or something computed from it.
    Through(ArgId),
    /// A name bound outside: itself, or something read through it.
    Local(LocalId, Reach),
}

/// How far a value is from the name it is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// The value itself.
    Itself,
    /// Read through it.
    Through,
}

impl Root {
    /// What is read through it.
    fn through(self) -> Self {
        match self {
            Self::Argument(arg) => Self::Through(arg),
            Self::Local(local, _) => Self::Local(local, Reach::Through),
            other => other,
        }
    }

    fn argument(self) -> Option<ArgId> {
        match self {
            Self::Argument(arg) | Self::Through(arg) => Some(arg),
            _ => None,
        }
    }
}

type Roots = BTreeSet<Root>;

/// Two values that a condition holds together, the smaller root first.
type Tie = (Root, Root);

/// What holds wherever a condition does; `None`: it never does.
type Ties = Option<BTreeSet<Tie>>;

/// What only tightens, and so ties nothing.
const TAINT: Provenance = Provenance::CLAIM.union(Provenance::UNTRUSTED);

/// Reads conditions of one policy; `let`s and functions are read once.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    typed: &'t Typed,
    roots_of_lets: BTreeMap<LetId, Roots>,
    roots_of_fns: BTreeMap<FnId, Roots>,
    ties_of_lets: BTreeMap<(LetId, bool), Ties>,
    ties_of_fns: BTreeMap<(FnId, bool), Ties>,
    /// How many conditions of `if`s are open.
    choices: u32,
}

/// The arguments that are tied to something firm, as far as the conditions added to it say.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchors {
    ties: BTreeSet<Tie>,
    /// Some condition never holds, so no call passes.
    pub(super) never: bool,
}

impl Anchors {
    /// Adds what a condition says where it holds, or with `holds` false where it does not.
    pub(super) fn add(&mut self, condition: &Expr, holds: bool, reader: &mut Reader<'_>) {
        match reader.ties(condition, holds) {
            Some(ties) => self.ties.extend(ties),
            None => self.never = true,
        }
    }

    /// The arguments that are tied to something firm, directly or through other arguments.
    pub(super) fn anchored(&self) -> BTreeSet<ArgId> {
        self.tied_to(Root::Firm)
    }

    /// The arguments that are tied to what outsiders wrote and to nothing firm.
    pub(super) fn outsiders(&self) -> BTreeSet<ArgId> {
        let anchored = self.anchored();
        self.tied_to(Root::Outsider).into_iter().filter(|arg| !anchored.contains(arg)).collect()
    }

    fn tied_to(&self, start: Root) -> BTreeSet<ArgId> {
        let mut tied: BTreeSet<ArgId> = BTreeSet::new();
        loop {
            let reaches = |root: Root| root == start || root.argument().is_some_and(|arg| tied.contains(&arg));
            let next: Vec<ArgId> = self
                .ties
                .iter()
                .flat_map(|(one, other)| [(*one, *other), (*other, *one)])
                .filter(|(_, by)| reaches(*by))
                .filter_map(|(held, _)| held.argument())
                .filter(|arg| !tied.contains(arg))
                .collect();
            if next.is_empty() {
                return tied;
            }
            tied.extend(next);
        }
    }
}

impl<'t> Reader<'t> {
    /// Over that policy.
    pub(super) fn new(typed: &'t Typed) -> Self {
        Self {
            typed,
            roots_of_lets: BTreeMap::new(),
            roots_of_fns: BTreeMap::new(),
            ties_of_lets: BTreeMap::new(),
            ties_of_fns: BTreeMap::new(),
            choices: 0,
        }
    }

    /// What a value is read from, as far as it can be relied on.
    pub(super) fn roots(&mut self, expr: &Expr) -> Roots {
        let mut roots = self.raw_roots(expr);
        if expr.provenance.intersects(TAINT) {
            // What a claim or an outsider says ties nothing, but an argument stays the argument.
            roots.retain(|root| matches!(root, Root::Argument(_) | Root::Local(_, Reach::Itself)));
            if expr.provenance.contains(Provenance::UNTRUSTED) {
                roots.insert(Root::Outsider);
            }
        } else if roots.is_empty() && Provenance::CONST.contains(expr.provenance) {
            roots.insert(Root::Constant);
        }
        roots
    }

    fn raw_roots(&mut self, expr: &Expr) -> Roots {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Signal(_) | ExprKind::Run(_) | ExprKind::Now | ExprKind::PastArg(_) => Roots::new(),
            ExprKind::Arg(arg) => Roots::from([Root::Argument(*arg)]),
            ExprKind::Local(local) => Roots::from([Root::Local(*local, Reach::Itself)]),
            ExprKind::Input(_)
            | ExprKind::Environment(_)
            | ExprKind::Identity(..)
            | ExprKind::PastResult
            | ExprKind::Last(..) => Roots::from([Root::Firm]),
            ExprKind::Lookup(_, keys) => {
                let roots: Roots = keys.iter().flat_map(|key| self.roots(key)).map(Root::through).collect();
                // A record under a key that the policy itself writes is chosen by the policy.
                roots.into_iter().map(|root| if root == Root::Constant { Root::Firm } else { root }).collect()
            }
            ExprKind::Field(inner, _) => self.roots(inner).into_iter().map(Root::through).collect(),
            ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => self.roots(inner),
            ExprKind::Let(id) => self.roots_of_let(*id),
            ExprKind::CallFn(id, args) => {
                let body = self.roots_of_fn(*id);
                let bound = self.bound(*id, args);
                substituted(&body, &bound).into_iter().map(Root::through).collect()
            }
            ExprKind::Quantified(_, local, over, body) => {
                let walked = self.roots(over);
                let bound = BTreeMap::from([(*local, walked.clone())]);
                let body = self.roots(body);
                substituted(&body, &bound).into_iter().chain(walked).map(Root::through).collect()
            }
            ExprKind::CompositeKey(parts) | ExprKind::List(parts) => self.roots_of_all(parts.iter()),
            kind => self.roots_of_all(kind.operands().into_iter()).into_iter().map(Root::through).collect(),
        }
    }

    fn roots_of_all<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> Roots {
        let mut roots: Roots = exprs.flat_map(|expr| self.roots(expr)).collect();
        roots.remove(&Root::Constant);
        roots
    }

    fn roots_of_let(&mut self, id: LetId) -> Roots {
        if let Some(known) = self.roots_of_lets.get(&id) {
            return known.clone();
        }
        let roots = self.typed.lets.get(id.index()).map_or_else(Roots::new, |used| self.roots(&used.value));
        self.roots_of_lets.insert(id, roots.clone());
        roots
    }

    fn roots_of_fn(&mut self, id: FnId) -> Roots {
        if let Some(known) = self.roots_of_fns.get(&id) {
            return known.clone();
        }
        let roots = self.typed.fns.get(id.index()).map_or_else(Roots::new, |decl| self.roots(&decl.body));
        self.roots_of_fns.insert(id, roots.clone());
        roots
    }

    fn bound(&mut self, id: FnId, args: &[Expr]) -> BTreeMap<LocalId, Roots> {
        let params = self.typed.fns.get(id.index()).map_or(&[][..], |decl| decl.params.as_slice());
        params.iter().zip(args).map(|((local, ..), arg)| (*local, self.roots(arg))).collect()
    }

    /// What holds wherever the condition is `holds`.
    fn ties(&mut self, expr: &Expr, holds: bool) -> Ties {
        match &expr.kind {
            ExprKind::Const(Value::Bool(says)) if *says != holds => None,
            ExprKind::Not(inner) => self.ties(inner, !holds),
            ExprKind::And(parts) if holds => self.of_all(parts, holds),
            ExprKind::Or(parts) if !holds => self.of_all(parts, holds),
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().map(|part| self.ties(part, holds)).fold(None, of_either),
            ExprKind::Compare(CompareOp::Equal, left, right) if holds => self.held_together(&[left, right]),
            ExprKind::Compare(CompareOp::NotEqual, left, right) if !holds => self.held_together(&[left, right]),
            ExprKind::In(left, right) if holds => self.held_together(&[left, right]),
            ExprKind::Matches(subject, _) if holds => {
                let roots = self.roots(subject);
                Some(pairs(&roots, &Roots::from([Root::Constant])))
            }
            ExprKind::Call(_, args) if holds => {
                let args: Vec<&Expr> = args.iter().collect();
                self.held_together(&args)
            }
            ExprKind::Coalesce(inner, default) => {
                let inner = self.ties(inner, holds);
                of_either(self.ties(default, holds), inner)
            }
            ExprKind::ToOptional(inner) => self.ties(inner, holds),
            ExprKind::Let(id) => self.ties_of_let(*id, holds),
            ExprKind::CallFn(id, args) => {
                let body = self.ties_of_fn(*id, holds)?;
                let bound = self.bound(*id, args);
                Some(substituted_ties(&body, &bound))
            }
            ExprKind::If(condition, one, other) => {
                let (when, unless) = self.both_ways(condition);
                let one = both(when, self.ties(one, holds));
                let other = both(unless, self.ties(other, holds));
                of_either(one, other)
            }
            ExprKind::Match(subjects, arms) => {
                let subjects: Vec<Roots> = subjects.iter().map(|subject| self.roots(subject)).collect();
                let mut found = None;
                for arm in arms {
                    let names = arm.patterns.iter().zip(&subjects).filter_map(|(pattern, roots)| match pattern {
                        Pattern::Bind(local) => Some((*local, roots.clone())),
                        Pattern::Any | Pattern::OneOf(_) => None,
                    });
                    let bound: BTreeMap<LocalId, Roots> = names.collect();
                    let ties = self.ties(&arm.value, holds).map(|ties| substituted_ties(&ties, &bound));
                    found = of_either(found, ties);
                }
                found
            }
            ExprKind::Quantified(op @ (Quantifier::Any | Quantifier::All), local, over, body) => {
                let walked = self.roots(over);
                let bound = BTreeMap::from([(*local, walked.clone())]);
                let mut ties = substituted_ties(&self.ties(body, holds)?, &bound);
                if (*op == Quantifier::Any) == holds {
                    // One member of the argument is tied; the others are not.
                    let walked: BTreeSet<ArgId> = walked.into_iter().filter_map(Root::argument).collect();
                    ties.retain(|(one, other)| {
                        [one, other].iter().all(|root| root.argument().is_none_or(|arg| !walked.contains(&arg)))
                    });
                }
                Some(ties)
            }
            ExprKind::AllZip { binders, over, body } if holds => {
                let bound = BTreeMap::from([(binders.0, self.roots(&over.0)), (binders.1, self.roots(&over.1))]);
                Some(substituted_ties(&self.ties(body, holds)?, &bound))
            }
            ExprKind::History(_, _, Some(filter)) if holds => self.ties(filter, holds),
            _ => Some(BTreeSet::new()),
        }
    }

    /// What a condition ties where it holds and where it does not. A condition that chooses by conditions that choose, and so on, is not
    /// followed far: each level would be read twice as often as the one around it.
    fn both_ways(&mut self, condition: &Expr) -> (Ties, Ties) {
        const FAR: u32 = 4;
        if self.choices >= FAR {
            return (Some(BTreeSet::new()), Some(BTreeSet::new()));
        }
        self.choices = self.choices.saturating_add(1);
        let both = (self.ties(condition, true), self.ties(condition, false));
        self.choices = self.choices.saturating_sub(1);
        both
    }

    fn of_all(&mut self, parts: &[Expr], holds: bool) -> Ties {
        parts.iter().map(|part| self.ties(part, holds)).fold(Some(BTreeSet::new()), both)
    }

    /// Every value of these with every other.
    fn held_together(&mut self, exprs: &[&Expr]) -> Ties {
        let roots: Vec<Roots> = exprs.iter().map(|expr| self.roots(expr)).collect();
        let mut ties = BTreeSet::new();
        let mut rest = roots.as_slice();
        while let Some((first, others)) = rest.split_first() {
            ties.extend(others.iter().flat_map(|other| pairs(first, other)));
            rest = others;
        }
        Some(ties)
    }

    fn ties_of_let(&mut self, id: LetId, holds: bool) -> Ties {
        if let Some(known) = self.ties_of_lets.get(&(id, holds)) {
            return known.clone();
        }
        let ties = self.typed.lets.get(id.index()).map_or_else(|| Some(BTreeSet::new()), |used| self.ties(&used.value, holds));
        self.ties_of_lets.insert((id, holds), ties.clone());
        ties
    }

    fn ties_of_fn(&mut self, id: FnId, holds: bool) -> Ties {
        if let Some(known) = self.ties_of_fns.get(&(id, holds)) {
            return known.clone();
        }
        let ties = self.typed.fns.get(id.index()).map_or_else(|| Some(BTreeSet::new()), |decl| self.ties(&decl.body, holds));
        self.ties_of_fns.insert((id, holds), ties.clone());
        ties
    }
}

/// Both hold.
fn both(one: Ties, other: Ties) -> Ties {
    let (mut one, other) = (one?, other?);
    one.extend(other);
    Some(one)
}

/// One of the two holds.
fn of_either(one: Ties, other: Ties) -> Ties {
    match (one, other) {
        (None, only) | (only, None) => only,
        (Some(one), Some(other)) => Some(one.intersection(&other).copied().collect()),
    }
}

fn pairs(left: &Roots, right: &Roots) -> BTreeSet<Tie> {
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (*one, *other)));
    pairs.map(normal).collect()
}

/// The smaller root first; an argument that the policy itself spells out is as firm as one that the input gives.
fn normal((one, other): Tie) -> Tie {
    let (one, other) = if one <= other { (one, other) } else { (other, one) };
    match (one, other) {
        (Root::Constant, Root::Argument(arg)) => (Root::Firm, Root::Through(arg)),
        (Root::Firm, Root::Argument(arg)) => (Root::Firm, Root::Through(arg)),
        tie => tie,
    }
}

/// The roots with bound names replaced by what they stand for.
fn substituted(roots: &Roots, bound: &BTreeMap<LocalId, Roots>) -> Roots {
    roots.iter().flat_map(|root| replaced(*root, bound)).collect()
}

fn replaced(root: Root, bound: &BTreeMap<LocalId, Roots>) -> Vec<Root> {
    match root {
        Root::Local(local, reach) => match bound.get(&local) {
            None => vec![root],
            Some(roots) if reach == Reach::Itself => roots.iter().copied().collect(),
            Some(roots) => roots.iter().map(|root| root.through()).collect(),
        },
        _ => vec![root],
    }
}

fn substituted_ties(ties: &BTreeSet<Tie>, bound: &BTreeMap<LocalId, Roots>) -> BTreeSet<Tie> {
    let all = ties.iter().flat_map(|(one, other)| {
        let others = replaced(*other, bound);
        replaced(*one, bound).into_iter().flat_map(move |one| others.clone().into_iter().map(move |other| (one, other)))
    });
    all.map(normal).collect()
}
