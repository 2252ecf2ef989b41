//! Satisfiability: a SAT solver proposes which literals hold, the theories say whether they can.

use super::formula::{Formula, Node};
use super::model::Model;
use super::simplex::Stuck;
use super::space::Space;
use super::theory::{self, Point};
use batsat::{BasicSolver, Lit, SolverInterface, lbool};
use std::collections::{BTreeMap, BTreeSet};

/// How much work may be done: steps of the theories, over several questions where a budget is passed on.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    steps: u64,
}

impl Budget {
    /// So many steps.
    #[must_use]
    pub fn new(steps: u64) -> Self {
        Self { steps }
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.steps == 0
    }
}

impl Default for Budget {
    /// Enough for a proof: some seconds at most.
    fn default() -> Self {
        Self::new(200_000)
    }
}

/// Whether a formula can be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is never true.
    Never,
    /// It is true here. Where [`Model::loose`] names an expression, only as far as that one is what the model takes it for.
    Model(Box<Model>),
    /// The budget did not suffice, or a pattern is too large.
    TooHard,
}

impl Space {
    /// Whether a formula can be true, with everything that always holds of the values it speaks of.
    pub fn satisfiable(&mut self, formula: Formula, budget: &mut Budget) -> Answer {
        let found = self.decide(formula, budget);
        match &found {
            Answer::Model(model) if model.loose(self).is_some() => {
                let preferred = self.preferred(formula);
                match self.decide(preferred, budget) {
                    Answer::Model(exact) if exact.loose(self).is_none() => Answer::Model(exact),
                    _ => found,
                }
            }
            _ => found,
        }
    }

    fn decide(&mut self, formula: Formula, budget: &mut Budget) -> Answer {
        let parts = self.with_axioms(formula);
        self.decide_all(&parts, budget)
    }

    /// Whether all of these can be true, which say everything that always holds of the values they speak of.
    pub(super) fn decide_all(&self, parts: &[Formula], budget: &mut Budget) -> Answer {
        if parts.contains(&Formula::FALSE) {
            return Answer::Never;
        }
        let found = match self.as_literals(parts) {
            Some(literals) => theory::check(self, &literals, &mut budget.steps),
            None => self.search(parts, budget),
        };
        match found {
            Ok(point) => Answer::Model(Box::new(Model::new(self, point))),
            Err(Stuck::Conflict(_)) => Answer::Never,
            Err(Stuck::TooHard) => Answer::TooHard,
        }
    }

    /// Whether a formula is true whenever another is; `None` where that is not decided.
    pub fn entails(&mut self, if_this: Formula, then: Formula, budget: &mut Budget) -> Option<bool> {
        let counter = self.both(if_this, !then);
        match self.satisfiable(counter, budget) {
            Answer::Never => Some(true),
            Answer::Model(model) if model.loose(self).is_none() => Some(false),
            Answer::Model(_) | Answer::TooHard => None,
        }
    }

    /// The literals of a plain conjunction: no search is needed for those.
    fn as_literals(&self, parts: &[Formula]) -> Option<Vec<Formula>> {
        let mut literals = BTreeSet::new();
        let mut queue: Vec<Formula> = parts.to_vec();
        while let Some(part) = queue.pop() {
            match self.node(part) {
                Node::True => {}
                Node::All(inner) if !part.is_negated() => queue.extend(inner.iter().copied()),
                Node::All(_) => return None,
                _ => {
                    if literals.contains(&!part) {
                        return Some(vec![part, !part]);
                    }
                    literals.insert(part);
                }
            }
        }
        let contradicts = |literal: &Formula| literals.contains(&!*literal);
        if literals.iter().any(contradicts) { None } else { Some(literals.into_iter().collect()) }
    }

    fn search(&self, parts: &[Formula], budget: &mut Budget) -> Result<Point, Stuck> {
        let mut clauses = Clauses::new(self);
        for part in parts {
            clauses.assert(*part);
        }
        loop {
            if budget.steps == 0 {
                return Err(Stuck::TooHard);
            }
            let proposed = clauses.solver.solve_limited(&[]);
            if proposed == lbool::FALSE {
                return Err(Stuck::Conflict(BTreeSet::new()));
            }
            if proposed != lbool::TRUE {
                return Err(Stuck::TooHard);
            }
            let literals = clauses.needed(parts);
            match theory::check(self, &literals, &mut budget.steps) {
                Ok(point) => return Ok(point),
                Err(Stuck::TooHard) => return Err(Stuck::TooHard),
                Err(Stuck::Conflict(reasons)) => {
                    let conflict: Vec<Formula> = reasons.iter().filter_map(|at| literals.get(*at).copied()).collect();
                    clauses.forbid(&conflict);
                    let cost = u64::try_from(literals.len()).unwrap_or(u64::MAX);
                    budget.steps = budget.steps.saturating_sub(cost.saturating_div(8).saturating_add(1));
                }
            }
        }
    }
}

/// The formulas as clauses.
struct Clauses<'s> {
    space: &'s Space,
    solver: BasicSolver,
    literals: BTreeMap<usize, Lit>,
}

impl<'s> Clauses<'s> {
    fn new(space: &'s Space) -> Self {
        Self { space, solver: BasicSolver::default(), literals: BTreeMap::new() }
    }

    fn assert(&mut self, formula: Formula) {
        match self.space.node(formula) {
            Node::True if formula.is_negated() => self.add(vec![]),
            Node::True => {}
            Node::All(parts) if !formula.is_negated() => {
                for part in parts.iter() {
                    self.assert(*part);
                }
            }
            Node::All(parts) => {
                let clause = parts.iter().map(|part| self.literal(!*part)).collect();
                self.add(clause);
            }
            _ => {
                let literal = self.literal(formula);
                self.add(vec![literal]);
            }
        }
    }

    fn add(&mut self, mut clause: Vec<Lit>) {
        self.solver.add_clause_reuse(&mut clause);
    }

    /// The SAT literal of a formula. Formulas nest as deep as the policy's expressions, which the grammar bounds.
    fn literal(&mut self, formula: Formula) -> Lit {
        let node = formula.node();
        let literal = match self.literals.get(&node) {
            Some(known) => *known,
            None => {
                let literal = Lit::new(self.solver.new_var_default(), true);
                self.literals.insert(node, literal);
                match self.space.node(formula) {
                    Node::True => self.add(vec![literal]),
                    Node::All(parts) => {
                        let parts: Vec<Lit> = parts.iter().map(|part| self.literal(*part)).collect();
                        for part in &parts {
                            self.add(vec![!literal, *part]);
                        }
                        let mut clause = vec![literal];
                        clause.extend(parts.iter().map(|part| !*part));
                        self.add(clause);
                    }
                    _ => {}
                }
                literal
            }
        };
        if formula.is_negated() { !literal } else { literal }
    }

    fn value(&self, formula: Formula) -> bool {
        let Some(literal) = self.literals.get(&formula.node()) else { return formula.is_negated() };
        (self.solver.value_lit(*literal) == lbool::TRUE) != formula.is_negated()
    }

    /// The literals that make the parts true, as few as are easily found: for a disjunction one of its members.
    fn needed(&self, parts: &[Formula]) -> Vec<Formula> {
        let mut needed = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut queue: Vec<Formula> = parts.to_vec();
        while let Some(part) = queue.pop() {
            if !seen.insert(part) {
                continue;
            }
            match self.space.node(part) {
                Node::True => {}
                Node::All(inner) if !part.is_negated() => queue.extend(inner.iter().copied()),
                Node::All(inner) => {
                    let is_false = |part: &&Formula| self.value(!**part);
                    let chosen = inner.iter().filter(is_false).min_by_key(|part| {
                        let known = seen.contains(&!**part) || needed.contains(&!**part);
                        let is_literal = !matches!(self.space.node(**part), Node::All(_));
                        (!known, !is_literal)
                    });
                    queue.extend(chosen.map(|part| !*part));
                }
                _ => {
                    needed.insert(part);
                }
            }
        }
        needed.into_iter().collect()
    }

    fn forbid(&mut self, conflict: &[Formula]) {
        let clause = conflict.iter().map(|literal| self.literal(!*literal)).collect();
        self.add(clause);
    }
}
