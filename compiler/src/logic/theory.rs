//! Whether a conjunction of literals has a model: numbers by the simplex, texts and variants by classes of equal terms and by languages.

use super::formula::{Formula, Node, Term, TermId};
use super::language;
use super::linear::Linear;
use super::rational::Rational;
use super::simplex::{Near, Reasons, Simplex, Stuck};
use super::space::Space;
use super::variable::{Sort, TextKind, VarId};
use agentc_runtime::text::{email, path, url};
use std::collections::{BTreeMap, BTreeSet};

/// Texts looked at for one variable before giving up.
const MOST_TEXTS: usize = 24;

/// Values of the variables of a conjunction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) flags: BTreeMap<VarId, bool>,
    /// In the variable's own unit.
    pub(super) numbers: BTreeMap<VarId, Rational>,
    /// Texts, and names of variants.
    pub(super) texts: BTreeMap<VarId, String>,
}

/// Finds values that make all literals true, or some literals that contradict each other.
pub(super) fn check(space: &Space, literals: &[Formula], steps: &mut u64) -> Result<Point, Stuck> {
    let mut point = Point::default();
    for literal in literals {
        if let Node::Flag(variable) = space.node(*literal) {
            point.flags.insert(*variable, !literal.is_negated());
        }
    }
    numbers(space, literals, &mut point, steps)?;
    texts(space, literals, &mut point, steps)?;
    Ok(point)
}

/// A bound from a literal: the sum of variables, and that it is at most or at least something.
fn numbers(space: &Space, literals: &[Formula], point: &mut Point, steps: &mut u64) -> Result<(), Stuck> {
    let mut simplex = Simplex::default();
    let mut columns: BTreeMap<VarId, usize> = BTreeMap::new();
    let mut sums: BTreeMap<Vec<(VarId, Rational)>, usize> = BTreeMap::new();
    for (at, literal) in literals.iter().enumerate() {
        let (linear, strict) = match space.node(*literal) {
            Node::AtMost(linear) => (linear, false),
            Node::Below(linear) => (linear, true),
            _ => continue,
        };
        for variable in linear.terms.keys() {
            if !columns.contains_key(variable) {
                let column = add_variable(space, &mut simplex, *variable)?;
                columns.insert(*variable, column);
            }
        }
        let (column, factor) = column_of(space, &mut simplex, &columns, &mut sums, linear);
        let bound = linear.constant.negated().over(&factor);
        let is_upper = factor.is_positive() != literal.is_negated();
        // `x < b` is `x <= b - δ`; `not (x <= b)` is `x >= b + δ`; `not (x < b)` is `x >= b`.
        let open = strict != literal.is_negated();
        let whole = linear.terms.keys().all(|variable| space.is_whole(*variable));
        let infinitesimal = match (open, is_upper) {
            (false, _) => Rational::zero(),
            (true, true) => Rational::whole(-1),
            (true, false) => Rational::one(),
        };
        // Over whole numbers with whole factors, `x > b` is `x >= b + 1`.
        let near = match (whole && open, is_upper) {
            (true, true) => Near::exactly(bound.ceil().minus(&Rational::one())),
            (true, false) => Near::exactly(bound.floor().plus(&Rational::one())),
            (false, _) => Near { real: bound, infinitesimal },
        };
        let reasons = Reasons::from([at]);
        if is_upper {
            simplex.assert_upper(column, near, reasons)?;
        } else {
            simplex.assert_lower(column, near, reasons)?;
        }
    }
    if columns.is_empty() {
        return Ok(());
    }
    let values = simplex.solve(steps)?;
    for (variable, column) in columns {
        if let Some(value) = values.get(column) {
            point.numbers.insert(variable, value.clone());
        }
    }
    Ok(())
}

fn add_variable(space: &Space, simplex: &mut Simplex, variable: VarId) -> Result<usize, Stuck> {
    let sort = space.variable(variable).map(|variable| &variable.sort);
    let Some(Sort::Number(numbers)) = sort else { return Ok(simplex.variable(false, Rational::zero())) };
    let column = simplex.variable(numbers.whole, numbers.usual.clone());
    if let Some(low) = &numbers.low {
        simplex.assert_lower(column, Near::exactly(low.clone()), Reasons::new())?;
    }
    if let Some(high) = &numbers.high {
        simplex.assert_upper(column, Near::exactly(high.clone()), Reasons::new())?;
    }
    Ok(column)
}

/// The column of a linear form without its constant, and the factor it stands there with.
fn column_of(
    space: &Space,
    simplex: &mut Simplex,
    columns: &BTreeMap<VarId, usize>,
    sums: &mut BTreeMap<Vec<(VarId, Rational)>, usize>,
    linear: &Linear,
) -> (usize, Rational) {
    let terms: Vec<(VarId, Rational)> = linear.terms.iter().map(|(variable, factor)| (*variable, factor.clone())).collect();
    if let [(variable, factor)] = terms.as_slice() {
        return (columns.get(variable).copied().unwrap_or(0), factor.clone());
    }
    let column = *sums.entry(terms.clone()).or_insert_with(|| {
        let inner: Vec<(usize, Rational)> =
            terms.iter().filter_map(|(variable, factor)| Some((columns.get(variable).copied()?, factor.clone()))).collect();
        simplex.sum(&inner, terms.iter().all(|(variable, _)| space.is_whole(*variable)))
    });
    (column, Rational::one())
}

/// Classes of equal terms.
struct Classes {
    parent: BTreeMap<TermId, TermId>,
}

impl Classes {
    fn find(&self, term: TermId) -> TermId {
        let mut at = term;
        while let Some(parent) = self.parent.get(&at).filter(|parent| **parent != at) {
            at = *parent;
        }
        at
    }

    fn merge(&mut self, one: TermId, other: TermId) {
        let (one, other) = (self.find(one), self.find(other));
        self.parent.insert(one, other);
    }
}

/// One class of equal terms.
#[derive(Default)]
struct Class {
    constant: Option<String>,
    variables: Vec<VarId>,
    patterns: BTreeSet<(String, bool)>,
    differs: BTreeSet<TermId>,
}

fn texts(space: &Space, literals: &[Formula], point: &mut Point, steps: &mut u64) -> Result<(), Stuck> {
    let speaking: Vec<usize> = literals
        .iter()
        .enumerate()
        .filter(|(_, literal)| matches!(space.node(**literal), Node::Same(..) | Node::Fits(..)))
        .map(|(at, _)| at)
        .collect();
    if speaking.is_empty() {
        return Ok(());
    }
    match assign(space, literals, &speaking, steps) {
        Ok(found) => {
            point.texts = found;
            Ok(())
        }
        Err(Stuck::TooHard) => Err(Stuck::TooHard),
        Err(Stuck::Conflict(_)) => {
            // The literals that are needed for the contradiction: each of the others can go.
            let mut core = speaking;
            let mut at = 0;
            while at < core.len() {
                let mut less = core.clone();
                less.remove(at);
                match assign(space, literals, &less, steps) {
                    Err(Stuck::Conflict(_)) => core = less,
                    _ => at = at.saturating_add(1),
                }
            }
            Err(Stuck::Conflict(core.into_iter().collect()))
        }
    }
}

/// A text for every variable, or a contradiction (whose reasons are not told).
fn assign(space: &Space, literals: &[Formula], which: &[usize], steps: &mut u64) -> Result<BTreeMap<VarId, String>, Stuck> {
    *steps = steps.checked_sub(1).ok_or(Stuck::TooHard)?;
    let conflict = || Stuck::Conflict(Reasons::new());
    let chosen = || which.iter().filter_map(|at| literals.get(*at));
    let mut classes = Classes { parent: BTreeMap::new() };
    for literal in chosen() {
        if let (Node::Same(one, other), false) = (space.node(*literal), literal.is_negated()) {
            classes.merge(*one, *other);
        }
    }
    let mut found: BTreeMap<TermId, Class> = BTreeMap::new();
    let mut enter = |classes: &Classes, term: TermId| -> Result<TermId, Stuck> {
        let root = classes.find(term);
        let class = found.entry(root).or_default();
        match space.term(term) {
            Some(Term::Variable(variable)) => class.variables.extend((!class.variables.contains(variable)).then_some(*variable)),
            Some(Term::Text(text) | Term::Variant(_, text)) => {
                if class.constant.as_ref().is_some_and(|known| known != text) {
                    return Err(Stuck::Conflict(Reasons::new()));
                }
                class.constant = Some(text.clone());
            }
            None => {}
        }
        Ok(root)
    };
    let mut different: Vec<(TermId, TermId)> = Vec::new();
    let mut fitting: Vec<(TermId, String, bool)> = Vec::new();
    for literal in chosen() {
        match space.node(*literal) {
            Node::Same(one, other) => {
                let (one, other) = (enter(&classes, *one)?, enter(&classes, *other)?);
                if literal.is_negated() {
                    if one == other {
                        return Err(conflict());
                    }
                    different.push((one, other));
                }
            }
            Node::Fits(text, pattern) => {
                let root = enter(&classes, *text)?;
                fitting.push((root, pattern.clone(), !literal.is_negated()));
            }
            _ => {}
        }
    }
    for (one, other) in different {
        if let Some(class) = found.get_mut(&one) {
            class.differs.insert(other);
        }
        if let Some(class) = found.get_mut(&other) {
            class.differs.insert(one);
        }
    }
    for (root, pattern, fits) in fitting {
        if let Some(class) = found.get_mut(&root) {
            class.patterns.insert((pattern, fits));
        }
    }
    choose(space, &found, steps)
}

/// Texts for the classes: constants first, then those with few choices.
fn choose(space: &Space, classes: &BTreeMap<TermId, Class>, steps: &mut u64) -> Result<BTreeMap<VarId, String>, Stuck> {
    let mut taken: BTreeMap<TermId, String> = BTreeMap::new();
    let mut open: Vec<(TermId, Vec<String>, bool)> = Vec::new();
    for (root, class) in classes {
        match &class.constant {
            Some(constant) => {
                for (pattern, fits) in &class.patterns {
                    if space.patterns.fits(pattern, constant).ok_or(Stuck::TooHard)? != *fits {
                        return Err(Stuck::Conflict(Reasons::new()));
                    }
                }
                taken.insert(*root, constant.clone());
            }
            None => {
                *steps = steps.checked_sub(u64::from(!class.patterns.is_empty()).saturating_mul(50)).ok_or(Stuck::TooHard)?;
                let (texts, complete) = candidates(space, class)?;
                open.push((*root, texts, complete));
            }
        }
    }
    open.sort_by_key(|(root, texts, complete)| (!complete, texts.len(), *root));
    let mut tries: u32 = 2_000;
    match place(classes, &open, &mut taken, &mut tries) {
        Some(true) => {}
        Some(false) if open.iter().all(|(_, _, complete)| *complete) => return Err(Stuck::Conflict(Reasons::new())),
        // A class with few texts that all clash with others of few texts contradicts, whatever the open ones take.
        Some(false) => {
            let few: Vec<_> = open.iter().filter(|(_, _, complete)| *complete).cloned().collect();
            let mut constants: BTreeMap<TermId, String> = taken.clone();
            constants.retain(|root, _| classes.get(root).is_some_and(|class| class.constant.is_some()));
            return match place(classes, &few, &mut constants, &mut tries) {
                Some(false) => Err(Stuck::Conflict(Reasons::new())),
                _ => Err(Stuck::TooHard),
            };
        }
        None => return Err(Stuck::TooHard),
    }
    let mut found = BTreeMap::new();
    for (root, class) in classes {
        if let Some(text) = taken.get(root) {
            found.extend(class.variables.iter().map(|variable| (*variable, text.clone())));
        }
    }
    Ok(found)
}

/// Gives each open class one of its texts, so that classes that differ do. `None` where that takes too long.
fn place(
    classes: &BTreeMap<TermId, Class>,
    open: &[(TermId, Vec<String>, bool)],
    taken: &mut BTreeMap<TermId, String>,
    tries: &mut u32,
) -> Option<bool> {
    let Some(((root, texts, _), rest)) = open.split_first() else { return Some(true) };
    for text in texts {
        *tries = tries.checked_sub(1)?;
        let clashes = classes.get(root).is_some_and(|class| class.differs.iter().any(|other| taken.get(other) == Some(text)));
        if clashes {
            continue;
        }
        taken.insert(*root, text.clone());
        if place(classes, rest, taken, tries)? {
            return Some(true);
        }
        taken.remove(root);
    }
    Some(false)
}

/// Texts that a class may be, and whether there are no others.
fn candidates(space: &Space, class: &Class) -> Result<(Vec<String>, bool), Stuck> {
    let mut kind = TextKind::Any;
    let mut variants: Option<Vec<String>> = None;
    let mut hint = String::from("text");
    for variable in &class.variables {
        match space.variable(*variable).map(|variable| (&variable.sort, &variable.place)) {
            Some((Sort::Text(found), place)) => {
                kind = kind.max(*found);
                hint = super::model::hint(place);
            }
            Some((Sort::Enum { variants: names, .. }, _)) => variants = Some(names.clone()),
            _ => {}
        }
    }
    if let Some(variants) = variants {
        return Ok((variants, true));
    }
    let wanted = class.differs.len().saturating_add(1);
    if class.patterns.is_empty() {
        return Ok(((0..=wanted).map(|at| usual(kind, &hint, at)).collect(), false));
    }
    let patterns: Vec<(String, bool)> = class.patterns.iter().cloned().collect();
    let all = language::members(&space.patterns, &patterns, wanted.min(MOST_TEXTS)).ok_or(Stuck::TooHard)?;
    if all.complete || kind == TextKind::Any {
        if all.texts.is_empty() {
            return Err(Stuck::Conflict(Reasons::new()));
        }
        let texts: Vec<String> = all.texts.into_iter().filter(|text| is_normal(kind, text)).collect();
        // A text of a kind that is not in normal form is none of it.
        return if texts.is_empty() && !all.complete { Err(Stuck::TooHard) } else { Ok((texts, all.complete)) };
    }
    let mut narrowed = patterns;
    narrowed.push((shape(kind).to_owned(), true));
    let found = language::members(&space.patterns, &narrowed, wanted.saturating_mul(8).min(MOST_TEXTS)).ok_or(Stuck::TooHard)?;
    let texts: Vec<String> = found.texts.into_iter().filter(|text| is_normal(kind, text)).collect();
    if texts.is_empty() { Err(Stuck::TooHard) } else { Ok((texts, false)) }
}

/// A text that a reader finds ordinary.
pub(super) fn usual(kind: TextKind, hint: &str, at: usize) -> String {
    let number = at.saturating_add(1);
    match kind {
        TextKind::Any => format!("{hint}-{number}"),
        TextKind::Email => format!("{hint}{number}@example.com"),
        TextKind::Url => format!("https://{hint}{number}.example/"),
        TextKind::Path => format!("/{hint}/{number}"),
        TextKind::Zone => {
            if at == 0 {
                "UTC".to_owned()
            } else {
                format!("Etc/GMT+{at}")
            }
        }
    }
}

/// What texts of a kind look like, roughly: where to look for examples first.
fn shape(kind: TextKind) -> &'static str {
    match kind {
        TextKind::Any => "(?s:.*)",
        TextKind::Email => "[a-z0-9.]+@[a-z0-9]+(\\.[a-z]+)+",
        TextKind::Url => "https?://[a-z0-9]+(\\.[a-z0-9]+)*/[a-z0-9/.]*",
        TextKind::Path => "(/[a-z0-9._]+)+",
        TextKind::Zone => "UTC|Etc/GMT",
    }
}

fn is_normal(kind: TextKind, text: &str) -> bool {
    match kind {
        TextKind::Any | TextKind::Zone => true,
        TextKind::Email => email::normalise(text).is_ok_and(|normal| normal == text),
        TextKind::Url => url::normalise(text).is_ok_and(|normal| normal == text),
        TextKind::Path => path::normalise(text).is_ok_and(|normal| normal == text),
    }
}
