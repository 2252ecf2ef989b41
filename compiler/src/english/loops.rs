//! Loops and choices: what holds of some, of each, of which; what depends on which case.

use super::words::{is_plural, joined, singular};
use super::{English, Polarity, Scope};
use crate::typed::{Arm, Expr, LocalId, Pattern, Quantifier, Type};

impl English<'_> {
    /// What one member of a list is called, and the words for the list after it: `flight` of the flights needs none; `other flight` where a
    /// flight is spoken of already.
    fn member(&self, over: &Expr, scope: Option<&Scope<'_>>) -> (String, String) {
        let list = self.noun(over, scope);
        let head = list.split(" of ").next().unwrap_or(&list);
        let head = head.rsplit(['\'', '’']).next().unwrap_or(head);
        let head = head.strip_prefix("s ").unwrap_or(head).trim();
        let mut name = singular(head).unwrap_or_else(|| "entry".to_owned());
        let is_whole = list == format!("the {name}s") || list == format!("the {}ies", name.strip_suffix('y').unwrap_or(&name));
        let mut here = scope;
        let mut taken = Vec::new();
        while let Some(scope) = here {
            taken.push(scope.name);
            here = scope.outer;
        }
        while taken.contains(&name.as_str()) {
            name.insert_str(0, "other ");
        }
        let among = if is_whole { String::new() } else { format!(" among {list}") };
        (name, among)
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
        let (name, among) = self.member(over, scope);
        let inner = Scope { outer: scope, local, name: &name };
        let article = super::words::with_article(&name);
        let article = article.replacen("an other", "another", 1);
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
            Quantifier::Count => format!("the number of {name}s{among} such that {}", holds()),
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
        let arm = |arm: &Arm| {
            let value = |scope: Option<&Scope<'_>>| self.noun(&arm.value, scope);
            match self.case(subjects, &arm.patterns, scope) {
                Some(case) => format!("{} where {case}", self.bound(subjects, &arm.patterns, scope, &value)),
                None => format!("{} otherwise", self.bound(subjects, &arm.patterns, scope, &value)),
            }
        };
        format!("({})", arms.iter().map(arm).collect::<Vec<_>>().join("; "))
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
