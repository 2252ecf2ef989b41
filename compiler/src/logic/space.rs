//! A space: the variables, terms and formulas that belong together, and what always holds of them.

use super::formula::{Formula, Node, Term, TermId};
use super::language::Compiled;
use super::linear::Linear;
use super::translate::READING;
use super::value::{Datum, Symbolic};
use super::variable::{InstanceId, Place, Root, Sort, Step, VarId, Variable};
use crate::typed::Loc;
use agentc_runtime::library::Function;
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeMap, BTreeSet};

/// The variables, terms and formulas that belong together. Two policies may share one, to be compared.
#[derive(Debug, Default)]
pub struct Space {
    nodes: IndexSet<Node>,
    variables: Vec<Variable>,
    known_variables: BTreeMap<Place, VarId>,
    terms: IndexSet<Term>,
    instances: Vec<Instance>,
    known_instances: IndexMap<(String, Vec<Symbolic>), InstanceId>,
    families: BTreeMap<String, Vec<InstanceId>>,
    /// When two instances of a family have equal arguments.
    same_args: BTreeMap<(InstanceId, InstanceId), Formula>,
    /// Holds always; asserted where all of its variables occur.
    axioms: Vec<(Vec<VarId>, Formula)>,
    axioms_of: BTreeMap<VarId, Vec<usize>>,
    /// Where a variable occurs, a model with this is looked for where others are loose.
    preferences: BTreeMap<VarId, Formula>,
    support: Vec<Option<Box<[VarId]>>>,
    functions: BTreeMap<&'static str, &'static Function>,
    pub(super) patterns: Compiled,
}

/// A lookup, a library call, an entry of a map.
#[derive(Debug)]
pub(crate) struct Instance {
    /// What is applied: `record Order`, `text.lower`.
    pub(crate) family: String,
    /// To what.
    pub(crate) args: Vec<Symbolic>,
    /// Where it was first written.
    pub(crate) loc: Loc,
}

impl Space {
    /// An empty space.
    #[must_use]
    pub fn new() -> Self {
        let mut space = Self::default();
        space.intern(Node::True);
        space
    }

    pub(super) fn intern(&mut self, node: Node) -> Formula {
        Formula::of_node(self.nodes.insert_full(node).0)
    }

    pub(super) fn node(&self, formula: Formula) -> &Node {
        self.nodes.get_index(formula.node()).unwrap_or(&Node::True)
    }

    /// How many formulas there are: a measure of the work so far.
    #[must_use]
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// A variable.
    #[must_use]
    pub fn variable(&self, id: VarId) -> Option<&Variable> {
        self.variables.get(id.0 as usize)
    }

    /// The variable of a place, where there is one.
    #[must_use]
    pub fn variable_of(&self, place: &Place) -> Option<VarId> {
        self.known_variables.get(place).copied()
    }

    /// The number of the next variable.
    pub(super) fn next_variable(&self) -> u32 {
        u32::try_from(self.variables.len()).unwrap_or(u32::MAX)
    }

    /// All variables.
    pub fn variables(&self) -> impl Iterator<Item = (VarId, &Variable)> {
        (0_u32..).map(VarId).zip(&self.variables)
    }

    pub(super) fn term(&self, id: TermId) -> Option<&Term> {
        self.terms.get_index(id.0 as usize)
    }

    pub(super) fn intern_term(&mut self, term: Term) -> TermId {
        TermId(u32::try_from(self.terms.insert_full(term).0).unwrap_or(u32::MAX))
    }

    /// The variable of a place; made where there is none yet.
    pub(crate) fn variable_at(&mut self, place: Place, sort: impl FnOnce() -> Sort, loose: Option<Loc>) -> VarId {
        if let Some(known) = self.known_variables.get(&place) {
            return *known;
        }
        let id = VarId(self.next_variable());
        let sort = sort();
        self.known_variables.insert(place.clone(), id);
        self.variables.push(Variable { place: place.clone(), sort: sort.clone(), loose });
        if let Sort::Enum { name, variants } = &sort {
            let term = self.intern_term(Term::Variable(id));
            let each: Vec<Formula> = variants
                .iter()
                .map(|variant| {
                    let constant = self.intern_term(Term::Variant(name.clone(), variant.clone()));
                    self.same(term, constant)
                })
                .collect();
            let one = self.any(each);
            self.hold(vec![id], one);
        }
        self.relate_instances(&place, id);
        id
    }

    /// Something that always holds; asserted where all these variables occur.
    pub(crate) fn hold(&mut self, variables: Vec<VarId>, formula: Formula) {
        if formula == Formula::TRUE {
            return;
        }
        let at = self.axioms.len();
        for variable in &variables {
            self.axioms_of.entry(*variable).or_default().push(at);
        }
        self.axioms.push((variables, formula));
    }

    /// What a model should satisfy where this variable occurs, so that it is exact.
    pub(crate) fn prefer(&mut self, variable: VarId, formula: Formula) {
        self.preferences.insert(variable, formula);
    }

    /// The formula, with what makes its models exact.
    pub(super) fn preferred(&mut self, formula: Formula) -> Formula {
        let wishes: Vec<Formula> =
            self.support(formula).iter().filter_map(|variable| self.preferences.get(variable)).copied().collect();
        self.all(wishes.into_iter().chain([formula]))
    }

    /// Something applied to arguments: the same instance for the same arguments.
    pub(crate) fn instance(&mut self, family: &str, args: Vec<Symbolic>, loc: Loc) -> InstanceId {
        let key = (family.to_owned(), args.clone());
        if let Some(known) = self.known_instances.get(&key) {
            return *known;
        }
        let id = InstanceId(u32::try_from(self.instances.len()).unwrap_or(u32::MAX));
        self.instances.push(Instance { family: family.to_owned(), args, loc });
        self.known_instances.insert(key, id);
        self.families.entry(family.to_owned()).or_default().push(id);
        id
    }

    /// Keeps the code of a library function that instances are calls of.
    pub(crate) fn know_function(&mut self, function: &'static Function) {
        self.functions.insert(function.name, function);
    }

    pub(crate) fn function(&self, name: &str) -> Option<&'static Function> {
        self.functions.get(name).copied()
    }

    pub(crate) fn instance_of(&self, id: InstanceId) -> Option<&Instance> {
        self.instances.get(id.0 as usize)
    }

    /// All instances.
    pub(crate) fn instances(&self) -> impl Iterator<Item = (InstanceId, &Instance)> {
        (0_u32..).map(InstanceId).zip(&self.instances)
    }

    /// A variable as a value.
    pub(crate) fn value_of(&mut self, variable: VarId) -> Option<Symbolic> {
        Some(match self.variable(variable)?.sort.clone() {
            Sort::Flag => {
                let flag = self.flag(variable);
                Symbolic::one(Datum::Flag(flag))
            }
            Sort::Number(numbers) => Symbolic::one(Datum::Number(Linear::variable(variable, numbers.unit))),
            Sort::Text(_) | Sort::Enum { .. } => Symbolic::one(Datum::Term(self.intern_term(Term::Variable(variable)))),
        })
    }

    /// When each record that is read is absent.
    pub(crate) fn absences(&mut self) -> Vec<Formula> {
        let readings: BTreeSet<InstanceId> =
            self.instances().filter(|(_, found)| found.family.starts_with(READING)).map(|(id, _)| id).collect();
        let is_absence = |variable: &Variable| match variable.place.root {
            Root::Instance(id) => readings.contains(&id) && variable.place.path == [Step::IsAbsent],
            _ => false,
        };
        let found: Vec<VarId> = self.variables().filter(|(_, variable)| is_absence(variable)).map(|(id, _)| id).collect();
        found.into_iter().map(|variable| self.flag(variable)).collect()
    }

    /// Equal arguments give equal values: a new variable of an instance is tied to the same place of its fellows.
    fn relate_instances(&mut self, place: &Place, new: VarId) {
        let Root::Instance(instance) = place.root else { return };
        let Some(family) = self.instance_of(instance).map(|instance| instance.family.clone()) else { return };
        let fellows = self.families.get(&family).cloned().unwrap_or_default();
        for fellow in fellows.into_iter().filter(|fellow| *fellow != instance) {
            let there = Place { root: Root::Instance(fellow), path: place.path.clone() };
            let Some(other) = self.variable_of(&there) else { continue };
            let same_args = self.same_args(instance, fellow);
            if same_args == Formula::FALSE {
                continue;
            }
            let same_values = self.same_variables(new, other);
            let tied = self.implies(same_args, same_values);
            self.hold(vec![new, other], tied);
        }
    }

    fn same_args(&mut self, one: InstanceId, other: InstanceId) -> Formula {
        if let Some(known) = self.same_args.get(&(one, other)) {
            return *known;
        }
        let found = self.compare_args(one, other);
        self.same_args.insert((one, other), found);
        found
    }

    fn compare_args(&mut self, one: InstanceId, other: InstanceId) -> Formula {
        let args = |id| self.instance_of(id).map(|instance| (instance.args.clone(), instance.loc));
        let Some(((ones, loc), (others, _))) = args(one).zip(args(other)) else { return Formula::FALSE };
        if ones.len() != others.len() {
            return Formula::FALSE;
        }
        let mut parts = Vec::new();
        for (one, other) in ones.iter().zip(&others) {
            parts.push(self.equal(one, other, loc).is_true);
        }
        self.all(parts)
    }

    fn same_variables(&mut self, one: VarId, other: VarId) -> Formula {
        let sorts = (self.variable(one).map(|v| v.sort.clone()), self.variable(other).map(|v| v.sort.clone()));
        match sorts {
            (Some(Sort::Flag), Some(Sort::Flag)) => {
                let (one, other) = (self.flag(one), self.flag(other));
                self.equivalent(one, other)
            }
            (Some(Sort::Number(left)), Some(Sort::Number(right))) => {
                let difference = Linear::variable(one, left.unit).minus(&Linear::variable(other, right.unit));
                self.is_zero(&difference)
            }
            (Some(_), Some(_)) => {
                let (one, other) = (self.intern_term(Term::Variable(one)), self.intern_term(Term::Variable(other)));
                self.same(one, other)
            }
            _ => Formula::TRUE,
        }
    }

    /// The variables that a formula speaks of, sorted.
    pub(super) fn support(&mut self, formula: Formula) -> Box<[VarId]> {
        let at = formula.node();
        if self.support.len() < self.nodes.len() {
            self.support.resize(self.nodes.len(), None);
        }
        if let Some(Some(known)) = self.support.get(at) {
            return known.clone();
        }
        let mut found: Vec<VarId> = match self.node(formula).clone() {
            Node::True => Vec::new(),
            Node::All(parts) => parts.iter().flat_map(|part| self.support(*part).into_vec()).collect(),
            Node::Flag(variable) => vec![variable],
            Node::AtMost(linear) | Node::Below(linear) => linear.terms.keys().copied().collect(),
            Node::Same(left, right) => [left, right].into_iter().filter_map(|term| self.variable_in(term)).collect(),
            Node::Fits(text, _) => self.variable_in(text).into_iter().collect(),
        };
        found.sort_unstable();
        found.dedup();
        let found = found.into_boxed_slice();
        if let Some(slot) = self.support.get_mut(at) {
            *slot = Some(found.clone());
        }
        found
    }

    pub(super) fn variable_in(&self, term: TermId) -> Option<VarId> {
        match self.term(term) {
            Some(Term::Variable(variable)) => Some(*variable),
            _ => None,
        }
    }

    /// A formula and everything that always holds of what it speaks of, as parts of one conjunction.
    pub(super) fn with_axioms(&mut self, formula: Formula) -> Vec<Formula> {
        let mut asserted = vec![formula];
        let mut present: BTreeSet<VarId> = BTreeSet::new();
        let mut queue: Vec<VarId> = self.support(formula).into_vec();
        let mut used: BTreeSet<usize> = BTreeSet::new();
        while let Some(variable) = queue.pop() {
            if !present.insert(variable) {
                continue;
            }
            for at in self.axioms_of.get(&variable).cloned().unwrap_or_default() {
                let Some((needs, axiom)) = self.axioms.get(at) else { continue };
                if used.contains(&at) || !needs.iter().all(|need| present.contains(need)) {
                    continue;
                }
                let axiom = *axiom;
                used.insert(at);
                asserted.push(axiom);
                queue.extend(self.support(axiom).iter().copied());
            }
        }
        asserted
    }
}
