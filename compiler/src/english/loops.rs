//! Loops and choices: what holds of some, of each, of which; what depends on which case.

use super::words::{is_plural, joined, plural, singular, with_article};
use super::{English, Polarity, Reader, Scope, is_word_list, plain};
use crate::typed::{Arm, Expr, ExprKind, LocalId, Pattern, Quantifier, Type};
use agentc_runtime::value::Value;

/// What one more thing of a name is called, where it is spoken of already.
const MORE: [&str; 4] = ["other", "third", "fourth", "further"];

impl English<'_> {
    /// What one member of a list is called, and the words for the list after it: `flight` of the flights needs none; `other flight` where a
    /// flight is spoken of already, `third flight` where two are. A list whose name is no plural has members of its record's name.
    pub(super) fn member(&self, over: &Expr, scope: Option<&Scope<'_>>) -> (String, String) {
        let list = self.noun(over, scope);
        let head = list.split(" of ").next().unwrap_or(&list);
        let head = head.rsplit(['\'', '’']).next().unwrap_or(head);
        let head = head.strip_prefix("s ").unwrap_or(head).trim();
        // What a function gives is no name for its members.
        let one = singular(head).filter(|_| !head.contains('`')).unwrap_or_else(|| self.kind_of_member(over));
        let is_whole = list == format!("the {}", plural(&one));
        let mut here = scope;
        let mut taken = Vec::new();
        while let Some(scope) = here {
            taken.push(scope.name);
            here = scope.outer;
        }
        let more = MORE.iter().map(|word| format!("{word} {one}"));
        let mut names = std::iter::once(one.clone()).chain(more);
        let name = names.find(|name| !taken.contains(&name.as_str())).unwrap_or_else(|| format!("last {one}"));
        let among = if is_whole { String::new() } else { format!(" among {list}") };
        (name, among)
    }

    /// What a member is, by its type.
    fn kind_of_member(&self, over: &Expr) -> String {
        let (Type::List(of) | Type::Set(of)) = plain(&over.ty) else { return "entry".to_owned() };
        match plain(of) {
            Type::Record(record) | Type::Key(record) => self.record(*record),
            Type::Text => "text".to_owned(),
            Type::Email => "address".to_owned(),
            _ => "entry".to_owned(),
        }
    }

    /// Whether words that a rule looks for in a text stay untold: whom it binds could ask for them to be said.
    pub(super) fn hides_words(&self, text: &Expr, words: &Expr) -> bool {
        let behind = match &text.kind {
            ExprKind::Let(id) => self.let_value(*id).map_or(text, |used| &used.value),
            _ => text,
        };
        let is_made = matches!(behind.kind, ExprKind::Call(..) | ExprKind::CallFn(..));
        let bare = self.bare(words);
        let is_word = matches!(&bare.kind, ExprKind::Const(Value::Text(_)));
        self.reader == Reader::Model && is_made && (is_word || is_word_list(bare))
    }

    /// `the words have a word that the policy looks for`
    pub(super) fn has_a_word(&self, text: &Expr, polarity: Polarity, scope: Option<&Scope<'_>>) -> String {
        let said = self.noun(text, scope);
        let has = if is_plural(&said) { "have" } else { "has" };
        format!("{said} {has} {} word that the policy looks for", polarity.choose("a", "no"))
    }

    /// `"a" or "b" is among the words`, `all of the words are among the others`: a question about nothing but the members themselves.
    fn members_sentence(
        &self,
        quantifier: Quantifier,
        local: LocalId,
        (over, body): (&Expr, &Expr),
        polarity: Polarity,
        scope: Option<&Scope<'_>>,
    ) -> Option<String> {
        let ExprKind::In(item, members) = &body.kind else { return None };
        if item.kind != ExprKind::Local(local) || speaks_of(members, local) {
            return None;
        }
        let (list, members_said) = (self.noun(over, scope), self.noun(members, scope));
        if self.hides_words(over, members) {
            return match quantifier {
                Quantifier::Any => Some(self.has_a_word(over, polarity, scope)),
                _ => None,
            };
        }
        let is_constant = matches!(self.bare(members).kind, ExprKind::Const(_) | ExprKind::List(_));
        Some(match (quantifier, is_constant, polarity) {
            (Quantifier::Any, true, Polarity::Holds) => format!("{members_said} is among {list}"),
            (Quantifier::Any, true, Polarity::Fails) => {
                let each =
                    members_said.rsplit_once(" or ").map_or(members_said.clone(), |(rest, last)| format!("{rest} and {last}"));
                format!("none of {each} is among {list}")
            }
            (Quantifier::Any, false, Polarity::Holds) => format!("some of {list} are among {members_said}"),
            (Quantifier::Any, false, Polarity::Fails) => format!("none of {list} is among {members_said}"),
            (Quantifier::All, _, Polarity::Holds) => format!("all of {list} are among {members_said}"),
            (Quantifier::All, _, Polarity::Fails) => format!("not all of {list} are among {members_said}"),
            _ => return None,
        })
    }

    /// `some flight of the reservation's flights meets this: …`
    pub(super) fn loop_sentence(
        &self,
        quantifier: Quantifier,
        local: LocalId,
        over: &Expr,
        body: &Expr,
        polarity: Polarity,
        scope: Option<&Scope<'_>>,
    ) -> String {
        if let Some(said) = self.members_sentence(quantifier, local, (over, body), polarity, scope) {
            return said;
        }
        let (name, among) = self.member(over, scope);
        let inner = Scope { outer: scope, local, name: &name };
        let article = with_article(&name).replacen("an other", "another", 1);
        let holds = |polarity| self.sentence(body, polarity, Some(&inner));
        match (quantifier, polarity) {
            (Quantifier::Any, Polarity::Holds) => format!("there is {article}{among} such that {}", holds(Polarity::Holds)),
            (Quantifier::Any, Polarity::Fails) => format!("there is no {name}{among} such that {}", holds(Polarity::Holds)),
            (Quantifier::All, Polarity::Holds) => format!("for each {name}{among}, {}", holds(Polarity::Holds)),
            (Quantifier::All, Polarity::Fails) => format!("there is {article}{among} such that {}", holds(Polarity::Fails)),
            _ => format!("{} {} true", self.gathered(quantifier, local, over, body, scope), polarity.choose("is", "is not")),
        }
    }

    /// `the number of payments such that …`, `the sum of the payment's amount over the payments`.
    pub(super) fn gathered(
        &self,
        quantifier: Quantifier,
        local: LocalId,
        over: &Expr,
        body: &Expr,
        scope: Option<&Scope<'_>>,
    ) -> String {
        let (name, among) = self.member(over, scope);
        let list = self.noun(over, scope);
        let inner = Scope { outer: scope, local, name: &name };
        let value = || self.noun(body, Some(&inner));
        let holds = || self.sentence(body, Polarity::Holds, Some(&inner));
        match quantifier {
            Quantifier::Count => format!("the number of {}{among} such that {}", plural(&name), holds()),
            Quantifier::Sum => format!("the sum, over {list}, of {}", value()),
            Quantifier::Min => format!("the least, over {list}, of {}", value()),
            Quantifier::Max => format!("the greatest, over {list}, of {}", value()),
            Quantifier::First => format!("the first {name}{among} such that {}", holds()),
            Quantifier::Any | Quantifier::All => {
                format!("whether {}", self.loop_sentence(quantifier, local, over, body, Polarity::Holds, scope))
            }
        }
    }

    /// Two lists, member by member.
    pub(super) fn pairs(
        &self,
        binders: (LocalId, LocalId),
        over: (&Expr, &Expr),
        body: &Expr,
        polarity: Polarity,
        scope: Option<&Scope<'_>>,
    ) -> String {
        let (first, _) = self.member(over.0, scope);
        let outer = Scope { outer: scope, local: binders.0, name: &first };
        let (second, _) = self.member(over.1, Some(&outer));
        let inner = Scope { outer: Some(&outer), local: binders.1, name: &second };
        let holds = self.sentence(body, Polarity::Holds, Some(&inner));
        let (first_list, second_list) = (self.noun(over.0, scope), self.noun(over.1, scope));
        format!(
            "{first_list} and {second_list} {} in number and, member by member, in this: {holds}",
            polarity.choose("agree", "do not agree")
        )
    }

    /// A value that depends on cases.
    pub(super) fn choice(&self, subjects: &[Expr], arms: &[Arm], scope: Option<&Scope<'_>>) -> String {
        format!("({})", self.cases(subjects, arms, scope).join("; "))
    }

    /// The value of each case.
    pub(super) fn cases(&self, subjects: &[Expr], arms: &[Arm], scope: Option<&Scope<'_>>) -> Vec<String> {
        let arm = |arm: &Arm| {
            let value = |scope: Option<&Scope<'_>>| self.noun(&arm.value, scope);
            match self.case(subjects, &arm.patterns, scope) {
                Some(case) => format!("{} where {case}", self.bound(subjects, &arm.patterns, scope, &value)),
                None => format!("{} otherwise", self.bound(subjects, &arm.patterns, scope, &value)),
            }
        };
        arms.iter().map(arm).collect()
    }

    /// A condition that depends on cases: the cases in which it is so.
    pub(super) fn choice_sentence(
        &self,
        subjects: &[Expr],
        arms: &[Arm],
        polarity: Polarity,
        scope: Option<&Scope<'_>>,
    ) -> String {
        let arm = |arm: &Arm| {
            let sentence = |scope: Option<&Scope<'_>>| self.sentence(&arm.value, polarity, scope);
            let said = match self.bound(subjects, &arm.patterns, scope, &sentence).as_str() {
                "always" => "yes".to_owned(),
                "never" => "no".to_owned(),
                other => other.to_owned(),
            };
            match self.case(subjects, &arm.patterns, scope) {
                Some(case) => format!("{said} where {case}"),
                None => format!("{said} otherwise"),
            }
        };
        format!("by case: {}", arms.iter().map(arm).collect::<Vec<_>>().join("; "))
    }

    /// What an arm says, under the names that its patterns bind.
    fn bound(
        &self,
        subjects: &[Expr],
        patterns: &[Pattern],
        scope: Option<&Scope<'_>>,
        say: &dyn Fn(Option<&Scope<'_>>) -> String,
    ) -> String {
        let Some(((subject, pattern), rest)) = subjects
            .split_first()
            .zip(patterns.split_first())
            .map(|(subjects, patterns)| ((subjects.0, patterns.0), (subjects.1, patterns.1)))
        else {
            return say(scope);
        };
        let Pattern::Bind(local) = pattern else { return self.bound(rest.0, rest.1, scope, say) };
        let noun = self.noun(subject, scope);
        let name = noun.strip_prefix("the ").unwrap_or(&noun);
        let inner = Scope { outer: scope, local: *local, name };
        self.bound(rest.0, rest.1, Some(&inner), say)
    }

    /// When an arm applies; `None` for the one that takes everything.
    fn case(&self, subjects: &[Expr], patterns: &[Pattern], scope: Option<&Scope<'_>>) -> Option<String> {
        let one = |(subject, pattern): (&Expr, &Pattern)| {
            let noun = self.noun(subject, scope);
            match pattern {
                Pattern::Any => None,
                Pattern::Bind(_) => matches!(subject.ty, Type::Optional(_)).then(|| {
                    let is = if is_plural(&noun) { "are" } else { "is" };
                    format!("{noun} {is} given")
                }),
                Pattern::OneOf(values) => {
                    let values: Vec<String> = values.iter().map(|value| self.constant(value, &subject.ty)).collect();
                    let is = if is_plural(&noun) { "are" } else { "is" };
                    Some(format!("{noun} {is} {}", joined(&values, "or")))
                }
            }
        };
        let cases: Vec<String> = subjects.iter().zip(patterns).filter_map(one).collect();
        (!cases.is_empty()).then(|| joined(&cases, "and"))
    }
}

/// Whether an expression speaks of a bound name.
fn speaks_of(expr: &Expr, local: LocalId) -> bool {
    expr.kind == ExprKind::Local(local) || expr.kind.operands().into_iter().any(|operand| speaks_of(operand, local))
}
