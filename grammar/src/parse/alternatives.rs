//! The language's reference shows every alternative of the grammar. Its examples are read by the same grammar, in which each part that could
//! have been left out, or stood instead of another, is a rule of its own, so that the tree says which were taken.

use super::tests::whole;
use pest_meta::ast::{Expr, Rule, RuleType};
use pest_meta::{optimizer, parser};
use pest_vm::Vm;
use std::collections::{BTreeMap, BTreeSet};

const GRAMMAR: &str = include_str!("../../agentpolicy.pest");
const REFERENCE: &str = include_str!("../../reference.md");

/// Rules about layout and letters: how lines end, and of which letters a name is made, is no construct.
const LAYOUT: [&str; 8] = ["WHITESPACE", "nl", "sep", "list_sep", "clause_sep", "word_start", "word_char", "digit"];

/// What the grammar reads only so that a message can say what to write instead: there is no division but by a function, which says how to round.
const REFUSED: [&str; 1] = ["`divide` in `arith_op`"];

/// The grammar with a rule for each alternative.
struct Marked {
    rules: Vec<Rule>,
    /// What each of the new rules stands for.
    marks: BTreeMap<String, String>,
}

impl Marked {
    fn new() -> Self {
        let pairs = parser::parse(parser::Rule::grammar_rules, GRAMMAR).expect("the grammar is one");
        let written = parser::consume_rules(pairs).expect("the grammar is one");
        let mut marked = Self { rules: Vec::new(), marks: BTreeMap::new() };
        let read = read(&written);
        for rule in written {
            let is_construct = read.contains(&rule.name) && !LAYOUT.contains(&rule.name.as_str());
            let expr = if is_construct { marked.expr(&rule.name, rule.expr) } else { rule.expr };
            // What stands inside of an atomic rule must be seen.
            let ty = if rule.ty == RuleType::Atomic { RuleType::CompoundAtomic } else { rule.ty };
            marked.rules.push(Rule { name: rule.name, ty, expr });
        }
        marked
    }

    /// The same with each part that need not be taken under a rule of its own. What is only looked at, before or after, is taken nowhere.
    fn expr(&mut self, within: &str, expr: Expr) -> Expr {
        match expr {
            Expr::Choice(..) => {
                let (mut alternatives, mut rest) = (Vec::new(), expr);
                while let Expr::Choice(others, last) = rest {
                    alternatives.push(*last);
                    rest = *others;
                }
                alternatives.push(rest);
                let marked: Vec<Expr> = alternatives.into_iter().rev().map(|one| self.mark(within, one)).collect();
                marked.into_iter().reduce(|others, one| Expr::Choice(Box::new(others), Box::new(one))).expect("there is one")
            }
            // A separator after the last member is layout too.
            Expr::Opt(inner) if is_separator(&inner) => Expr::Opt(inner),
            Expr::Seq(first, then) => Expr::Seq(Box::new(self.expr(within, *first)), Box::new(self.expr(within, *then))),
            Expr::Opt(inner) => Expr::Opt(Box::new(self.mark(within, *inner))),
            Expr::Rep(inner) => Expr::Rep(Box::new(self.mark(within, *inner))),
            Expr::RepOnce(inner) => Expr::RepOnce(Box::new(self.expr(within, *inner))),
            same => same,
        }
    }

    fn mark(&mut self, within: &str, expr: Expr) -> Expr {
        let what = format!("`{}` in `{within}`", written(&expr));
        let inner = self.expr(within, expr);
        let name = format!("alternative_{}", self.marks.len());
        self.marks.insert(name.clone(), what);
        self.rules.push(Rule { name: name.clone(), ty: RuleType::Normal, expr: inner });
        Expr::Ident(name)
    }

    /// The alternatives that these sources never take.
    fn missing<'s>(&self, sources: impl IntoIterator<Item = &'s str>) -> Vec<&str> {
        let vm = Vm::new(optimizer::optimize(self.rules.clone()));
        let mut taken = BTreeSet::new();
        for source in sources {
            let (text, _) = whole(source);
            let pairs = vm.parse("file", &text).unwrap_or_else(|error| panic!("{error}"));
            taken.extend(pairs.flatten().map(|pair| pair.as_rule().to_owned()));
        }
        self.marks.iter().filter(|(name, _)| !taken.contains(*name)).map(|(_, what)| what.as_str()).collect()
    }
}

/// The rules that a file is read by: those that are only looked at, before or after, are not.
fn read(rules: &[Rule]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec!["file".to_owned()];
    while let Some(name) = open.pop() {
        let Some(rule) = rules.iter().find(|rule| rule.name == name) else { continue };
        if found.insert(name) {
            names(&rule.expr, &mut open);
        }
    }
    found
}

fn names(expr: &Expr, into: &mut Vec<String>) {
    match expr {
        Expr::Ident(name) => into.push(name.clone()),
        Expr::Seq(one, other) | Expr::Choice(one, other) => {
            names(one, into);
            names(other, into);
        }
        Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepOnce(inner) | Expr::RepExact(inner, _) => names(inner, into),
        _ => {}
    }
}

fn is_separator(expr: &Expr) -> bool {
    matches!(expr, Expr::Ident(name) if name == "comma" || LAYOUT.contains(&name.as_str()))
}

/// A part of the grammar as it is written there.
fn written(expr: &Expr) -> String {
    match expr {
        Expr::Str(text) => format!("{text:?}"),
        Expr::Range(from, to) => format!("'{from}'..'{to}'"),
        Expr::Ident(name) => name.clone(),
        Expr::PosPred(inner) => format!("&{}", written(inner)),
        Expr::NegPred(inner) => format!("!{}", written(inner)),
        Expr::Seq(first, then) => format!("{} ~ {}", written(first), written(then)),
        Expr::Choice(one, other) => format!("({} | {})", written(one), written(other)),
        Expr::Opt(inner) => format!("({})?", written(inner)),
        Expr::Rep(inner) => format!("({})*", written(inner)),
        Expr::RepOnce(inner) => format!("({})+", written(inner)),
        other => format!("{other:?}"),
    }
}

/// The policies that the page's examples are: the blocks that begin alike, one after the other.
fn examples() -> Vec<String> {
    let of = |info: &str| {
        let mut inside = false;
        let mut text = String::new();
        for line in REFERENCE.lines() {
            if let Some(begins) = line.strip_prefix("```") {
                inside = !inside && begins == info;
            } else if inside {
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    };
    ["agentpolicy", "agentpolicy,second", "agentpolicy,third", "agentpolicy,fourth"].map(of).to_vec()
}

#[test]
fn the_reference_shows_every_alternative_of_the_grammar() {
    let marked = Marked::new();
    assert!(marked.marks.len() > 300, "only {} alternatives were found", marked.marks.len());
    let examples = examples();
    let missing = marked.missing(examples.iter().map(String::as_str));
    assert_eq!(missing, REFUSED, "no example of the reference takes all of these, and no others are refused");
}

#[test]
fn an_alternative_that_no_example_takes_is_named() {
    let without: Vec<String> = examples().into_iter().filter(|text| !text.contains("also from")).collect();
    let marked = Marked::new();
    let missing = marked.missing(without.iter().map(String::as_str));
    assert!(missing.contains(&"`fetch_also` in `fetch`"), "{missing:?}");
}
