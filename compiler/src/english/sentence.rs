//! Conditions as sentences.

use super::noun::{part_name, when_it_happened};
use super::words::{is_plural, joined, spoken};
use super::{English, Polarity, Reader, Scope, plain};
use crate::typed::{ArithmeticOp, CompareOp, Expr, ExprKind, Field, HistoryKind, PastPart, Provenance, RunFact, Type, VerbId};
use agentc_runtime::value::Value;

impl English<'_> {
    /// A condition as a sentence that says that it holds, or that it does not.
    pub(super) fn sentence(&self, expr: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        if self.reader == Reader::Model && expr.provenance.contains(Provenance::SECRET) && !is_connective(&expr.kind) {
            return format!("something confidential {}", polarity.choose("holds", "does not hold"));
        }
        match &expr.kind {
            ExprKind::Const(Value::Bool(truth)) => {
                let holds = *truth == (polarity == Polarity::Holds);
                if holds { "always" } else { "never" }.to_owned()
            }
            ExprKind::Not(inner) => self.sentence(inner, polarity.flipped(), scope),
            ExprKind::And(parts) => self.connected(parts, polarity, polarity.choose("and", "or"), scope),
            ExprKind::Or(parts) => self.connected(parts, polarity, polarity.choose("or", "and"), scope),
            ExprKind::Compare(op, left, right) => self.comparison(*op, left, right, polarity, scope),
            ExprKind::In(item, members) => self.membership(item, members, polarity, scope),
            ExprKind::InRange(item, low, high) => self.range(item, low, high, polarity, scope),
            ExprKind::IsAbsent(inner) => self.absence(inner, polarity, scope),
            ExprKind::Matches(text, _) if self.reader == Reader::Model => {
                format!("{} {} the form that the policy sets", self.noun(text, scope), polarity.choose("has", "does not have"))
            }
            ExprKind::Matches(text, pattern) => {
                format!("{} {} the form `{pattern}`", self.noun(text, scope), polarity.choose("has", "does not have"))
            }
            ExprKind::Let(id) => match self.inlined(*id) {
                Some(value) => self.sentence(value, polarity, scope),
                None => {
                    let name = self.let_value(*id).map_or("", |used| used.name.as_str());
                    format!("`{}` {}", spoken(name), polarity.choose("holds", "does not hold"))
                }
            },
            ExprKind::CallFn(id, arguments) => {
                let name = self.function(*id).map_or("", |function| function.name.as_str());
                let about =
                    if arguments.is_empty() { String::new() } else { format!(" for {}", self.list(arguments, "and", scope)) };
                format!("`{name}` {}{about}", polarity.choose("holds", "does not hold"))
            }
            ExprKind::Call(function, arguments) => self.library_sentence(function.0.name, arguments, polarity, scope),
            ExprKind::Run(RunFact::SawUntrusted) => {
                let (who, has) = if self.reader == Reader::Model { ("you", "have") } else { ("the agent", "has") };
                format!("{who} {has} {} text that outsiders wrote", polarity.choose("seen", "not seen"))
            }
            ExprKind::History(kind, verbs, filter) => self.history(*kind, verbs, filter.as_deref(), polarity, scope),
            ExprKind::Quantified(quantifier, local, over, body) => {
                self.loop_sentence(*quantifier, *local, over, body, polarity, scope)
            }
            ExprKind::AllZip { binders, over, body } => self.pairs(*binders, (&over.0, &over.1), body, polarity, scope),
            ExprKind::If(condition, then, otherwise) => format!(
                "{} if {}, otherwise {}",
                self.sentence(then, polarity, scope),
                self.sentence(condition, Polarity::Holds, scope),
                self.sentence(otherwise, polarity, scope)
            ),
            ExprKind::Match(subjects, arms) => self.choice_sentence(subjects, arms, polarity, scope),
            ExprKind::Coalesce(value, default) => self.or_else(value, default, polarity, scope),
            ExprKind::Field(base, field) => match self.field(base, *field) {
                Some(field) => property(&self.noun(base, scope), field, polarity),
                None => self.plainly(expr, polarity, scope),
            },
            ExprKind::Arg(_) | ExprKind::Input(_) | ExprKind::Environment(_) | ExprKind::Identity(..) | ExprKind::Local(_) => {
                self.flag(expr, polarity, scope)
            }
            ExprKind::ToOptional(inner) => self.sentence(inner, polarity, scope),
            _ => self.plainly(expr, polarity, scope),
        }
    }

    /// A truth value that nothing better is known of: `the call's flag is true`.
    fn plainly(&self, expr: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        format!("{} {} true", self.noun(expr, scope), polarity.choose("is", "is not"))
    }

    /// A switch by its name: `mail_enabled` reads `mail is enabled`, `urgent` reads `it is marked urgent`.
    fn flag(&self, expr: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        let name = match &expr.kind {
            ExprKind::Arg(arg) => spoken(self.arg(*arg)),
            ExprKind::Environment(at) => {
                let field = self.job.and_then(|job| job.environment.get(*at as usize));
                field.map_or_else(String::new, |field| spoken(&field.name))
            }
            _ => return self.plainly(expr, polarity, scope),
        };
        match name.rsplit_once(' ') {
            Some((thing, done)) if done.ends_with("ed") => format!("{thing} {} {done}", polarity.choose("is", "is not")),
            Some(_) => format!("`{name}` {} set", polarity.choose("is", "is not")),
            None => format!("it {} marked {name}", polarity.choose("is", "is not")),
        }
    }

    /// Several conditions; one that is itself a connection of the other kind stands in brackets.
    fn connected(&self, parts: &[Expr], polarity: Polarity, word: &str, scope: Option<&Scope<'_>>) -> String {
        if let Some((kind, verbs)) = alternatives(parts).filter(|_| word == "or" && polarity == Polarity::Holds) {
            return self.history(kind, &verbs, None, polarity, scope);
        }
        let mut said: Vec<String> = Vec::new();
        for part in parts {
            let sentence = self.sentence(part, polarity, scope);
            let sentence = if self.is_connected(part) { format!("({sentence})") } else { sentence };
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
        named_together(&said, word).unwrap_or_else(|| joined(&said, word))
    }

    /// Whether the sentence of a condition has a connective of its own that could be read with those around it.
    fn is_connected(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::If(..) | ExprKind::Match(..) => true,
            ExprKind::Quantified(..) | ExprKind::AllZip { .. } => true,
            ExprKind::Not(inner) => self.is_connected(inner),
            ExprKind::Let(id) => self.inlined(*id).is_some_and(|value| self.is_connected(value)),
            _ => false,
        }
    }

    fn comparison(&self, op: CompareOp, left: &Expr, right: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        let op = if polarity == Polarity::Holds { op } else { negated(op) };
        // A constant stands better on the right, and so does a bound that is not told.
        let is_constant = |side: &Expr| matches!(self.bare(side).kind, ExprKind::Const(_));
        // Neither holds of what it makes of itself, so that the sides are exchanged once at most.
        let is_left_bound = self.is_threshold(left) && !self.is_threshold(right) && !is_constant(right);
        if (is_constant(left) && !is_constant(right)) || is_left_bound {
            return self.comparison(mirrored(op), right, left, Polarity::Holds, scope);
        }
        if plain(&left.ty) == &Type::Bool {
            return self.truth_comparison(op, left, right, scope);
        }
        if let Some(ago) = self.ago(op, left, right, scope) {
            return ago;
        }
        if let Some(said) = self.none_or_some(op, left, right, scope) {
            return said;
        }
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        let words = self.bounding(ordered);
        let bound = if ordered && self.is_threshold(right) { "a set limit".to_owned() } else { words.noun(right, scope) };
        let is_time = matches!(plain(&left.ty), Type::Time | Type::Date | Type::TimeOfDay);
        let word = match (op, is_time) {
            (CompareOp::Equal, _) => "is",
            (CompareOp::NotEqual, _) => "is not",
            (CompareOp::Less, false) => "is below",
            (CompareOp::LessEqual, false) => "is at most",
            (CompareOp::Greater, false) => "is above",
            (CompareOp::GreaterEqual, false) => "is at least",
            (CompareOp::Less, true) => "is before",
            (CompareOp::LessEqual, true) => "is no later than",
            (CompareOp::Greater, true) => "is after",
            (CompareOp::GreaterEqual, true) => "is no earlier than",
        };
        // What a function makes of something tells no number, and is what the sentence is about.
        let is_made = matches!(&self.bare(left).kind, ExprKind::CallFn(_, arguments) if !arguments.is_empty());
        let hides = ordered && self.is_threshold(left) && !is_made;
        let left = if hides { "a set limit".to_owned() } else { words.noun(left, scope) };
        format!("{left} {} {bound}", agreeing(word, &left))
    }

    /// `there are no calls whose result is still open`: a number of things that is compared with nothing.
    fn none_or_some(&self, op: CompareOp, left: &Expr, right: &Expr, scope: Option<&Scope<'_>>) -> Option<String> {
        if !matches!(self.bare(right).kind, ExprKind::Const(Value::Int(0))) {
            return None;
        }
        let word = match op {
            CompareOp::Equal | CompareOp::LessEqual => "there are no",
            CompareOp::NotEqual | CompareOp::Greater => "there are",
            CompareOp::Less | CompareOp::GreaterEqual => return None,
        };
        let noun = self.bounding(false).noun(left, scope);
        Some(format!("{word} {}", noun.strip_prefix("the number of ")?))
    }

    fn truth_comparison(&self, op: CompareOp, left: &Expr, right: &Expr, scope: Option<&Scope<'_>>) -> String {
        let same = if op == CompareOp::Equal { Polarity::Holds } else { Polarity::Fails };
        if let ExprKind::Const(Value::Bool(truth)) = &self.bare(right).kind {
            return self.sentence(left, if *truth { same } else { same.flipped() }, scope);
        }
        let (left, right) = (self.sentence(left, Polarity::Holds, scope), self.sentence(right, Polarity::Holds, scope));
        match same {
            Polarity::Holds => format!("either both or neither of these hold: {left}; {right}"),
            Polarity::Fails => format!("only one of these holds: {left}; {right}"),
        }
    }

    /// `the order was placed at most 30 days ago`
    fn ago(&self, op: CompareOp, left: &Expr, right: &Expr, scope: Option<&Scope<'_>>) -> Option<String> {
        let ExprKind::Arithmetic(ArithmeticOp::Subtract, now, then) = &left.kind else { return None };
        let ExprKind::Field(base, field) = &then.kind else { return None };
        let event = when_it_happened(self.field(base, *field)?)?;
        if now.kind != ExprKind::Now {
            return None;
        }
        let thing = self.noun(base, scope);
        if self.is_threshold(right) {
            return Some(match op {
                CompareOp::Less | CompareOp::LessEqual => format!("{thing} was {event} recently enough"),
                CompareOp::Greater | CompareOp::GreaterEqual => format!("{thing} was {event} too long ago"),
                CompareOp::Equal | CompareOp::NotEqual => return None,
            });
        }
        let word = match op {
            CompareOp::Less => "less than",
            CompareOp::LessEqual => "at most",
            CompareOp::Greater => "more than",
            CompareOp::GreaterEqual => "at least",
            CompareOp::Equal | CompareOp::NotEqual => return None,
        };
        Some(format!("{thing} was {event} {word} {} ago", self.noun(right, scope)))
    }

    fn membership(&self, item: &Expr, members: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        let is_listed = matches!(&members.kind, ExprKind::List(_) | ExprKind::Const(Value::List(_) | Value::Set(_)));
        if is_listed {
            let item = self.noun(item, scope);
            return format!("{item} {} {}", agreeing(polarity.choose("is", "is not"), &item), self.noun(members, scope));
        }
        if self.hides_words(members, item) {
            return self.has_a_word(members, polarity, scope);
        }
        if matches!(item.kind, ExprKind::Const(_)) {
            return format!(
                "{} {} {}",
                self.noun(members, scope),
                polarity.choose("include", "do not include"),
                self.noun(item, scope)
            );
        }
        let item = self.noun(item, scope);
        format!("{item} {} among {}", agreeing(polarity.choose("is", "is not"), &item), self.noun(members, scope))
    }

    fn range(&self, item: &Expr, low: &Expr, high: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        let item_said = self.bounding(true).noun(item, scope);
        if self.is_threshold(low) || self.is_threshold(high) {
            return format!("{item_said} {} a set range", polarity.choose("is within", "is outside"));
        }
        let words = self.bounding(true);
        let (low, high) = (words.noun(low, scope), words.noun(high, scope));
        if plain(&item.ty) == &Type::Weekday {
            return format!("{item_said} {} {low} to {high}", polarity.choose("is", "is not"));
        }
        format!("{item_said} {} {low} and {high}", polarity.choose("is between", "is not between"))
    }

    fn absence(&self, inner: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        match &inner.kind {
            ExprKind::Field(base, field) => {
                let thing = self.noun(base, scope);
                let lacks = self.field(base, *field).map_or_else(|| "value".to_owned(), part_name);
                match polarity {
                    Polarity::Holds => format!("{thing} has no {lacks}"),
                    Polarity::Fails => format!("{thing} has {}", self.possession(base, *field)),
                }
            }
            ExprKind::MapGet(map, key) => {
                let (map, key) = (self.noun(map, scope), self.noun(key, scope));
                format!("{key} {} among {map}", polarity.choose("is not", "is"))
            }
            ExprKind::Last(verbs, filter, PastPart::Exists) => {
                self.history(HistoryKind::Happened, verbs, filter.as_deref(), polarity.flipped(), scope)
            }
            _ => format!("{} {}", self.noun(inner, scope), polarity.choose("does not exist", "exists")),
        }
    }

    fn history(
        &self,
        kind: HistoryKind,
        verbs: &[VerbId],
        filter: Option<&Expr>,
        polarity: Polarity,
        scope: Option<&Scope<'_>>,
    ) -> String {
        let done = if kind == HistoryKind::Failed { "failed" } else { "succeeded" };
        let (verbs, filter) = (self.verbs(verbs, "or"), self.filtered(filter, scope));
        match polarity {
            Polarity::Holds => format!("{verbs} has {done} in this run{filter}"),
            Polarity::Fails => format!("{verbs} has not {done} in this run{filter}"),
        }
    }

    fn or_else(&self, value: &Expr, default: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        let said = self.sentence(value, polarity, scope);
        match &self.bare(default).kind {
            ExprKind::Const(Value::Bool(truth)) => {
                let counts = *truth == (polarity == Polarity::Holds);
                format!("{said} ({} where nothing is known of it)", if counts { "also" } else { "not" })
            }
            _ => format!("{said}, or where nothing is known of it, {}", self.sentence(default, polarity, scope)),
        }
    }
}

/// `neither \`a\` nor \`b\` holds`: several conditions that are told by their names alone.
fn named_together(said: &[String], word: &str) -> Option<String> {
    let all = |ending: &str| -> Option<Vec<String>> {
        let named = said.iter().map(|one| {
            let name = one.strip_suffix(ending)?.strip_prefix('`')?.strip_suffix('`')?;
            (!name.contains('`')).then(|| format!("`{name}`"))
        });
        named.collect()
    };
    if word != "and" || said.len() < 2 {
        return None;
    }
    if let Some(names) = all(" does not hold") {
        return Some(match names.as_slice() {
            [one, other] => format!("neither {one} nor {other} holds"),
            many => format!("none of {} holds", joined(many, "and")),
        });
    }
    all(" holds").map(|names| format!("{} hold", joined(&names, "and")))
}

/// The verbs of conditions that all ask whether a call of some verb has happened, or failed.
fn alternatives(parts: &[Expr]) -> Option<(HistoryKind, Vec<VerbId>)> {
    let mut all = Vec::new();
    let mut same = None;
    for part in parts {
        let ExprKind::History(kind, verbs, None) = &part.kind else { return None };
        if *same.get_or_insert(*kind) != *kind {
            return None;
        }
        all.extend(verbs);
    }
    same.map(|kind| (kind, all))
}

/// The verb of a sentence for its subject: `is at most`, `are at most`.
fn agreeing(word: &str, subject: &str) -> String {
    match word.strip_prefix("is").filter(|_| is_plural(subject)) {
        Some(rest) => format!("are{rest}"),
        None => word.to_owned(),
    }
}

fn is_connective(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_))
}

/// `the lead is approved`, `the account has a contract`, `mail is enabled`.
fn property(owner: &str, field: &Field, polarity: Polarity) -> String {
    let name = spoken(&field.name);
    let is = polarity.choose("is", "is not");
    if let Some(what) = name.strip_prefix("is ") {
        return format!("{owner} {is} {what}");
    }
    if let Some(what) = name.strip_prefix("has ") {
        return format!("{owner} {} {what}", polarity.choose("has", "does not have"));
    }
    if let Some(what) = name.strip_prefix("can ") {
        return format!("{owner} {} {what}", polarity.choose("can", "cannot"));
    }
    match name.rsplit_once(' ') {
        Some((thing, done)) if done.ends_with("ed") => format!("{} {is} {done}", super::words::of(owner, thing)),
        Some(_) => format!("{} {is} set", super::words::of(owner, &name)),
        None => format!("{owner} {is} {name}"),
    }
}

fn negated(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterEqual,
        CompareOp::LessEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessEqual,
        CompareOp::GreaterEqual => CompareOp::Less,
    }
}

/// The comparison with its sides exchanged.
fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessEqual => CompareOp::GreaterEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterEqual => CompareOp::LessEqual,
        same => same,
    }
}
