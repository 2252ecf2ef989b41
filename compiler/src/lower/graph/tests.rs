//! The graph grows linearly, a walk meets few of its nodes, and those are the right ones.

use super::*;
use agentc_runtime::program::{ArgId, Comparison, Constant, Edge, Effect, Expr, LeafState, Place, Rule, RuleKind, TypeId};

/// A program of rules over integer arguments. Expressions are shared as lowering shares them.
#[derive(Default)]
struct Build {
    program: Program,
    exprs: BTreeMap<Expr, ExprId>,
    constants: BTreeMap<i64, ConstId>,
    /// The source's size: how many parts and constants the rules have.
    size: usize,
}

impl Build {
    fn expr(&mut self, op: Op) -> ExprId {
        let expr = Expr { op, ty: TypeId(0), scoped: false, secret: false };
        *self.exprs.entry(expr.clone()).or_insert_with(|| {
            self.program.exprs.push(expr);
            ExprId(u32::try_from(self.program.exprs.len() - 1).unwrap())
        })
    }

    fn number(&mut self, number: i64) -> ExprId {
        let constants = &mut self.program.constants;
        let id = *self.constants.entry(number).or_insert_with(|| {
            constants.push(Constant::Int(number));
            ConstId(u32::try_from(constants.len() - 1).unwrap())
        });
        self.size += 1;
        self.expr(Op::Constant(id))
    }

    fn compare(&mut self, arg: u32, comparison: Comparison, number: i64) -> ExprId {
        let (arg, number) = (self.expr(Op::Arg(ArgId(arg))), self.number(number));
        self.expr(Op::Compare(comparison, arg, number))
    }

    fn one_of(&mut self, arg: u32, numbers: impl Iterator<Item = i64>) -> ExprId {
        let members = numbers.map(|number| self.number(number)).collect();
        let (arg, list) = (self.expr(Op::Arg(ArgId(arg))), self.expr(Op::List(members)));
        self.expr(Op::In(arg, list))
    }

    fn between(&mut self, arg: u32, low: i64, high: i64) -> ExprId {
        let (arg, low, high) = (self.expr(Op::Arg(ArgId(arg))), self.number(low), self.number(high));
        self.expr(Op::InRange(arg, low, high))
    }

    fn rule(&mut self, parts: Vec<ExprId>) {
        self.size += parts.len();
        let condition = if parts.len() == 1 { parts.first().copied() } else { Some(self.expr(Op::And(parts))) };
        self.program.rules.push(Rule {
            name: String::new(),
            effect: Effect::Deny,
            kind: RuleKind::Never,
            verbs: vec![VerbId(0)],
            condition,
            because: None,
            shadow: false,
            place: Place::default(),
            operands: Vec::new(),
            shows: None,
        });
    }

    /// The graph and its entry.
    fn graph(&self, indexing: Indexing) -> (Vec<Node>, NodeId) {
        let rules: Vec<RuleId> = (0..u32::try_from(self.program.rules.len()).unwrap()).map(RuleId).collect();
        let mut builder = Builder::new(indexing);
        let entry = builder.chain(&self.program, &rules);
        let (nodes, flip) = builder.finish();
        (nodes, flip.flip(entry))
    }

    fn value(&self, expr: ExprId, args: &[Option<i64>]) -> Option<i64> {
        match &self.program.exprs[expr.index()].op {
            Op::Constant(id) => self.constant(*id),
            Op::Arg(arg) => args[arg.index()],
            Op::Compare(comparison, left, right) => {
                let (left, right) = (self.value(*left, args)?, self.value(*right, args)?);
                Some(i64::from(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::NotEqual => left != right,
                    Comparison::Less => left < right,
                    Comparison::LessEqual => left <= right,
                    Comparison::Greater => left > right,
                    Comparison::GreaterEqual => left >= right,
                }))
            }
            Op::In(item, list) => {
                let Op::List(members) = &self.program.exprs[list.index()].op else { unreachable!() };
                let item = self.value(*item, args)?;
                Some(i64::from(members.iter().any(|member| self.value(*member, args) == Some(item))))
            }
            Op::InRange(item, low, high) => {
                let item = self.value(*item, args)?;
                Some(i64::from(self.value(*low, args)? <= item && item <= self.value(*high, args)?))
            }
            Op::And(parts) => {
                let parts: Vec<Option<i64>> = parts.iter().map(|part| self.value(*part, args)).collect();
                if parts.contains(&Some(0)) { Some(0) } else { parts.into_iter().find(Option::is_none).unwrap_or(Some(1)) }
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn constant(&self, id: ConstId) -> Option<i64> {
        match self.program.constants[id.index()] {
            Constant::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The rules that fire (true) or are unknown (false), and how many nodes the walk met.
    fn walk(&self, (nodes, entry): &(Vec<Node>, NodeId), args: &[Option<i64>]) -> (BTreeMap<RuleId, bool>, usize) {
        let (mut found, mut met, mut at) = (BTreeMap::new(), 0, *entry);
        loop {
            met += 1;
            at = match &nodes[at.index()] {
                Node::End => return (found, met),
                Node::Test { condition, yes, no, unknown } => match self.value(*condition, args) {
                    Some(0) => *no,
                    Some(_) => *yes,
                    None => *unknown,
                },
                Node::Switch { subject, arms, otherwise, unknown } => match self.value(*subject, args) {
                    Some(value) => {
                        let arm = arms.iter().find(|(constant, _)| self.constant(*constant) == Some(value));
                        arm.map_or(*otherwise, |(_, arm)| *arm)
                    }
                    None => *unknown,
                },
                Node::Range { subject, below, steps, unknown } => match self.value(*subject, args) {
                    Some(value) => {
                        let reaches = |step: &&Step| match (self.constant(step.bound), step.edge) {
                            (Some(bound), Edge::From) => value >= bound,
                            (Some(bound), Edge::Beyond) => value > bound,
                            (None, _) => false,
                        };
                        steps.iter().rev().find(reaches).map_or(*below, |step| step.next)
                    }
                    None => *unknown,
                },
                Node::Leaf { rule, state, next } => {
                    let condition = self.program.rules[rule.index()].condition.unwrap();
                    let state = if *state == LeafState::Fires { Some(1) } else { self.value(condition, args) };
                    if state != Some(0) {
                        assert_eq!(found.insert(*rule, state.is_some()), None, "{rule:?} is met twice");
                    }
                    *next
                }
            };
        }
    }
}

/// Nodes with their arms and steps.
fn weight(nodes: &[Node]) -> usize {
    let of = |node: &Node| match node {
        Node::Switch { arms, .. } => arms.len(),
        Node::Range { steps, .. } => steps.len(),
        _ => 0,
    };
    nodes.iter().map(|node| of(node) + 1).sum()
}

/// So many rules, and a call that one of them in the middle holds for.
type Family = fn(&mut Build, i64) -> Vec<Option<i64>>;

fn equal(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let part = build.compare(0, Comparison::Equal, at);
        build.rule(vec![part]);
    }
    vec![Some(rules / 2), Some(0), Some(0)]
}

fn conjunctions(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        // A tenant has thirty rules: ten caps for each of three tiers.
        let parts = vec![
            build.compare(0, Comparison::Equal, at / 30),
            build.compare(1, Comparison::Equal, at % 3),
            build.compare(2, Comparison::Greater, at % 10 * 100),
        ];
        build.rule(parts);
    }
    vec![Some(rules / 60), Some(1), Some(150)]
}

fn tiers_first(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let parts = vec![build.compare(1, Comparison::Equal, at % 3), build.compare(0, Comparison::Equal, at)];
        build.rule(parts);
    }
    vec![Some(rules / 2), Some(rules / 2 % 3), Some(0)]
}

fn disjoint(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let parts = vec![build.between(0, at * 10, at * 10 + 9), build.compare(1, Comparison::Equal, at % 7)];
        build.rule(parts);
    }
    vec![Some(rules / 2 * 10 + 5), Some(rules / 2 % 7), Some(0)]
}

fn overlapping(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let part = build.between(0, at * 10, at * 10 + 200);
        build.rule(vec![part]);
    }
    vec![Some(rules / 2 * 10 + 5), Some(0), Some(0)]
}

fn nested(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let part = build.between(0, at, 2 * rules - at);
        build.rule(vec![part]);
    }
    vec![Some(3), Some(0), Some(0)]
}

fn caps(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let part = build.compare(0, Comparison::Greater, at * 10);
        build.rule(vec![part]);
    }
    vec![Some(35), Some(0), Some(0)]
}

fn floors(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let part = build.compare(0, Comparison::LessEqual, at * 10);
        build.rule(vec![part]);
    }
    vec![Some(rules * 10 - 35), Some(0), Some(0)]
}

fn lists(build: &mut Build, rules: i64) -> Vec<Option<i64>> {
    for at in 0..rules {
        let parts = vec![build.one_of(0, at * 3..at * 3 + 8), build.one_of(1, at..at + 8), build.one_of(2, at..at + 8)];
        build.rule(parts);
    }
    vec![Some(rules / 2 * 3), Some(rules / 2), Some(rules / 2)]
}

const FAMILIES: [(&str, Family); 9] = [
    ("equal", equal),
    ("conjunctions", conjunctions),
    ("tiers first", tiers_first),
    ("disjoint", disjoint),
    ("overlapping", overlapping),
    ("nested", nested),
    ("caps", caps),
    ("floors", floors),
    ("lists", lists),
];

#[test]
fn the_graph_grows_linearly_and_a_walk_does_not() {
    for (name, family) in FAMILIES {
        let mut walked = Vec::new();
        // A rule of the lists has twenty-four constants.
        let most = if name == "lists" { 10_000 } else { 100_000 };
        for rules in [10, 100, 1000, 10_000, 100_000].into_iter().filter(|rules| *rules <= most) {
            let mut build = Build::default();
            let call = family(&mut build, rules);
            let graph = build.graph(Indexing::On);
            let weight = weight(&graph.0);
            assert!(weight <= 6 * build.size, "{name}: {weight} nodes and arms for a source of {}", build.size);
            let (found, met) = build.walk(&graph, &call);
            assert!(!found.is_empty(), "{name}: nothing is met");
            walked.push(met);
        }
        println!("{name}: {walked:?}");
        assert!(walked.iter().all(|met| *met <= 60), "{name}: nodes met by rules {walked:?}");
    }
}

#[test]
fn a_walk_meets_what_testing_every_rule_meets() {
    for (name, family) in FAMILIES {
        let mut build = Build::default();
        family(&mut build, 90);
        let (with, without) = (build.graph(Indexing::On), build.graph(Indexing::Off));
        assert_ne!(with, without, "{name}");
        let values = || [None].into_iter().chain((-1..1000).step_by(7).map(Some));
        for first in values().chain((0..100).map(Some)) {
            for second in [None, Some(0), Some(1), Some(2), Some(6), Some(40)] {
                for third in [None, Some(0), Some(41), Some(350), Some(5000)] {
                    let call = [first, second, third];
                    let (found, met) = build.walk(&with, &call);
                    let (wanted, all) = build.walk(&without, &call);
                    assert_eq!(found, wanted, "{name}: {call:?}");
                    assert!(first.is_none() || met <= all, "{name}: {call:?} meets {met} of {all}");
                }
            }
        }
    }
}

#[test]
fn a_list_in_a_rule_of_many_lists_is_indexed_once() {
    let mut build = Build::default();
    for at in 0..4 {
        let parts = (0..3).map(|arg| build.one_of(arg, at..at + 500)).collect();
        build.rule(parts);
    }
    let (nodes, _) = build.graph(Indexing::On);
    assert!(weight(&nodes) <= 6 * build.size, "{} for a source of {}", weight(&nodes), build.size);
}

#[test]
fn what_an_arm_has_settled_is_not_asked_again() {
    let mut build = Build::default();
    conjunctions(&mut build, 90);
    let (nodes, entry) = build.graph(Indexing::On);
    assert!(matches!(nodes[entry.index()], Node::Switch { .. }), "{:?}", nodes[entry.index()]);
    let asks_a_tenant = |node: &Node| matches!(node, Node::Test { .. });
    assert!(!nodes.iter().any(asks_a_tenant), "a rule of three questions is three lookups deep");
}

#[test]
fn rules_of_many_verbs_stand_once() {
    let mut build = Build::default();
    equal(&mut build, 40);
    let own = 20;
    for (at, rule) in build.program.rules.iter_mut().enumerate() {
        rule.verbs = if at < own { Vec::new() } else { vec![VerbId(u32::try_from(at).unwrap())] };
    }
    let mut builder = Builder::new(Indexing::On);
    for at in own..40 {
        let rules: Vec<RuleId> = (0..own).chain([at]).map(|rule| RuleId(u32::try_from(rule).unwrap())).collect();
        builder.chain(&build.program, &rules);
    }
    let (nodes, _) = builder.finish();
    // The twenty in common: a leaf fires, a leaf is unknown, one switch. Each verb's own: two leaves and a test. And the end.
    assert_eq!(nodes.len(), 20 * 2 + 1 + 20 * 3 + 1);
}

#[test]
fn what_is_named_once_and_used_often_is_not_looked_at_as_often() {
    let mut build = Build::default();
    let (mut all, mut some) = (build.compare(0, Comparison::Less, 5), build.compare(0, Comparison::Greater, 7));
    for _ in 0..60 {
        all = build.expr(Op::And(vec![all, all]));
        some = build.expr(Op::Or(vec![some, some]));
    }
    for _ in 0..3 {
        build.rule(vec![all]);
        build.rule(vec![some]);
    }
    let graph = build.graph(Indexing::On);
    assert!(weight(&graph.0) < 40, "{}", weight(&graph.0));
}
