//! Formulas as SMT-LIB 2.6, so that anybody can check an answer with a solver of their own.
//!
//! Texts and variants are strings, numbers are `Int` or `Real` in the variable's own unit, everything that always holds is asserted
//! beside the formula: so the script is unsatisfiable where [`Space::satisfiable`] answers that the formula never holds.

use super::formula::{Formula, Node, Term, TermId};
use super::linear::Linear;
use super::rational::Rational;
use super::space::Space;
use super::variable::{Sort, VarId};
use agentc_runtime::pattern::whole;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

impl Space {
    /// A script that is satisfiable exactly where the formula is; `None` where a pattern cannot be written so.
    #[must_use]
    pub fn to_smtlib(&mut self, formula: Formula) -> Option<String> {
        let parts = self.with_axioms(formula);
        let mut variables: BTreeSet<VarId> = BTreeSet::new();
        for part in &parts {
            variables.extend(self.support(*part).iter().copied());
        }
        let mut writer = Writer { space: self, names: BTreeMap::new(), text: String::from("(set-logic ALL)\n") };
        for variable in variables {
            writer.declare(variable);
        }
        for part in parts {
            let name = writer.formula(part)?;
            writer.line(format_args!("(assert {name})"));
        }
        writer.text.push_str("(check-sat)\n");
        Some(writer.text)
    }
}

/// The last character of SMT-LIB's strings.
const LAST: char = '\u{2FFFF}';

struct Writer<'s> {
    space: &'s Space,
    /// Formulas that were given a name.
    names: BTreeMap<usize, String>,
    text: String,
}

impl Writer<'_> {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.text, "{line}");
    }

    fn declare(&mut self, variable: VarId) {
        let Some(shape) = self.space.variable(variable) else { return };
        let name = name(variable);
        let place = format!("{:?}", shape.place).replace(['\n', '\r'], " ");
        self.line(format_args!("; {name} is {place}"));
        match &shape.sort {
            Sort::Flag => self.line(format_args!("(declare-const {name} Bool)")),
            Sort::Text(_) | Sort::Enum { .. } => self.line(format_args!("(declare-const {name} String)")),
            Sort::Number(numbers) => {
                let sort = if numbers.whole { "Int" } else { "Real" };
                self.line(format_args!("(declare-const {name} {sort})"));
                for (bound, op) in [(&numbers.low, ">="), (&numbers.high, "<=")] {
                    if let Some(bound) = bound {
                        self.line(format_args!("(assert ({op} {name} {}))", number(bound, !numbers.whole)));
                    }
                }
            }
        }
    }

    fn formula(&mut self, formula: Formula) -> Option<String> {
        let positive = match self.names.get(&formula.node()) {
            Some(known) => known.clone(),
            None => {
                let text = self.node(formula)?;
                let short = if matches!(self.space.node(formula), Node::All(_)) {
                    let name = format!("f{}", formula.node());
                    self.line(format_args!("(define-fun {name} () Bool {text})"));
                    name
                } else {
                    text
                };
                self.names.insert(formula.node(), short.clone());
                short
            }
        };
        Some(if formula.is_negated() { format!("(not {positive})") } else { positive })
    }

    fn node(&mut self, formula: Formula) -> Option<String> {
        let space = self.space;
        Some(match space.node(formula) {
            Node::True => "true".to_owned(),
            Node::All(parts) => {
                let parts: Option<Vec<String>> = parts.iter().map(|part| self.formula(*part)).collect();
                format!("(and {})", parts?.join(" "))
            }
            Node::Flag(variable) => name(*variable),
            Node::AtMost(linear) => self.compare("<=", linear),
            Node::Below(linear) => self.compare("<", linear),
            Node::Same(one, other) => format!("(= {} {})", self.term(*one), self.term(*other)),
            Node::Fits(text, pattern) => {
                let hir = whole(pattern).ok()?;
                format!("(str.in_re {} {})", self.term(*text), regular(&hir)?)
            }
        })
    }

    fn compare(&self, op: &str, linear: &Linear) -> String {
        let real = !linear.terms.keys().all(|variable| self.space.is_whole(*variable));
        let mut sum = vec![number(&linear.constant, real)];
        for (variable, factor) in &linear.terms {
            let name = name(*variable);
            let name = if real && self.space.is_whole(*variable) { format!("(to_real {name})") } else { name };
            sum.push(format!("(* {} {name})", number(factor, real)));
        }
        format!("({op} (+ {}) {})", sum.join(" "), if real { "0.0" } else { "0" })
    }

    fn term(&self, term: TermId) -> String {
        match self.space.term(term) {
            Some(Term::Text(text) | Term::Variant(_, text)) => literal(text),
            Some(Term::Variable(variable)) => name(*variable),
            None => "\"\"".to_owned(),
        }
    }
}

fn name(variable: VarId) -> String {
    format!("v{}", variable.0)
}

fn number(number: &Rational, real: bool) -> String {
    let (numerator, denominator) = number.parts();
    let point = if real { ".0" } else { "" };
    let magnitude = numerator.magnitude();
    let whole = if number.is_negative() { format!("(- {magnitude}{point})") } else { format!("{magnitude}{point}") };
    if number.is_whole() { whole } else { format!("(/ {whole} {denominator}.0)") }
}

fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\"\""),
            '\\' => out.push_str("\\u{5c}"),
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// A pattern as a regular expression of the theory of strings; `None` for what that does not have, such as word boundaries.
fn regular(hir: &Hir) -> Option<String> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(Look::Start | Look::End) => "(str.to_re \"\")".to_owned(),
        HirKind::Look(_) => return None,
        HirKind::Literal(bytes) => format!("(str.to_re {})", literal(std::str::from_utf8(&bytes.0).ok()?)),
        HirKind::Class(Class::Unicode(class)) => {
            // The theory of strings has no characters beyond.
            let within = class.ranges().iter().filter(|range| range.start() <= LAST);
            let bound = |c: char| literal(&c.min(LAST).to_string());
            let ranges: Vec<String> =
                within.map(|range| format!("(re.range {} {})", bound(range.start()), bound(range.end()))).collect();
            union(&ranges)
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges: Vec<String> = class
                .ranges()
                .iter()
                .map(|range| {
                    let bound = |byte: u8| literal(&char::from(byte).to_string());
                    format!("(re.range {} {})", bound(range.start()), bound(range.end()))
                })
                .collect();
            union(&ranges)
        }
        HirKind::Capture(capture) => regular(&capture.sub)?,
        HirKind::Repetition(repetition) => {
            let of = regular(&repetition.sub)?;
            match (repetition.min, repetition.max) {
                (0, None) => format!("(re.* {of})"),
                (1, None) => format!("(re.+ {of})"),
                (least, None) => format!("(re.++ ((_ re.^ {least}) {of}) (re.* {of}))"),
                (least, Some(most)) => format!("((_ re.loop {least} {most}) {of})"),
            }
        }
        HirKind::Concat(parts) => {
            // Anchors stand around the whole; inside, they would say something that is not written here.
            let last = parts.len().saturating_sub(1);
            let mut inner = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                match part.kind() {
                    HirKind::Look(Look::Start) if at == 0 => {}
                    HirKind::Look(Look::End) if at == last => {}
                    HirKind::Look(_) => return None,
                    _ => inner.push(regular(part)?),
                }
            }
            match inner.as_slice() {
                [] => "(str.to_re \"\")".to_owned(),
                [only] => only.clone(),
                inner => format!("(re.++ {})", inner.join(" ")),
            }
        }
        HirKind::Alternation(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(regular).collect();
            union(&parts?)
        }
    })
}

fn union(parts: &[String]) -> String {
    match parts {
        [] => "re.none".to_owned(),
        [only] => only.clone(),
        parts => format!("(re.union {})", parts.join(" ")),
    }
}
