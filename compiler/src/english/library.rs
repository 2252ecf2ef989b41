//! Functions of the library in words. One that is not listed is told by its name, so a new function needs no line here.

use super::words::{joined, spoken};
use super::{English, Polarity, Reader, Scope};
use crate::typed::{Expr, ExprKind};
use agentc_runtime::value::Value;

/// Values: the function, and the phrase around its arguments.
const NOUNS: &[(&str, &str)] = &[
    ("text.length", "the length of {0}"),
    ("text.upper", "{0} in capitals"),
    ("text.lower", "{0} in small letters"),
    ("text.trim", "{0} without blanks around it"),
    ("text.before", "what stands in {0} before {1}"),
    ("text.after", "what stands in {0} after {1}"),
    ("text.to_decimal", "{0} as a number"),
    ("text.to_int", "{0} as a number"),
    ("email.to_text", "{0}"),
    ("path.to_text", "{0}"),
    ("url.to_text", "{0}"),
    ("int.to_text", "{0}"),
    ("list.length", "the number of {0}"),
    ("set.length", "the number of {0}"),
    ("map.length", "the number of {0}"),
    ("list.first", "the first of {0}"),
    ("list.last", "the last of {0}"),
    ("list.to_set", "{0}"),
    ("set.union", "{0} together with {1}"),
    ("set.intersection", "what {0} and {1} share"),
    ("set.difference", "what is in {0} and not in {1}"),
    ("map.keys", "the keys of {0}"),
    ("map.values", "the values of {0}"),
    ("money.amount", "the amount in {0}"),
    ("money.scale", "{0} times {1}"),
    ("date.days_between", "the days between {0} and {1}"),
];

/// Conditions: the function, and what is said where it holds and where it does not.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("email.in_domain", "{0} is an address at {1}", "{0} is not an address at {1}"),
    ("url.in_domain", "{0} is in the domain {1}", "{0} is not in the domain {1}"),
    ("url.is_internal", "{0} leads to an internal network", "{0} does not lead to an internal network"),
    ("path.under", "{0} lies under {1}", "{0} does not lie under {1}"),
    ("text.contains", "{0} contains {1}", "{0} does not contain {1}"),
    ("text.starts_with", "{0} starts with {1}", "{0} does not start with {1}"),
    ("text.ends_with", "{0} ends with {1}", "{0} does not end with {1}"),
    ("text.is_empty", "{0} is empty", "{0} is not empty"),
    ("text.is_blank", "{0} is blank", "{0} is not blank"),
    ("text.equal_ignoring_case", "{0} is {1}, capitals aside", "{0} is not {1}, capitals aside"),
    ("list.is_empty", "{0} is empty", "{0} is not empty"),
    ("list.contains", "{1} is among {0}", "{1} is not among {0}"),
    ("list.contains_any", "some of {1} is among {0}", "none of {1} is among {0}"),
    ("list.contains_all", "all of {1} are among {0}", "not all of {1} are among {0}"),
    ("list.is_distinct", "no entry of {0} stands there twice", "an entry of {0} stands there twice"),
    ("set.is_empty", "{0} is empty", "{0} is not empty"),
    ("set.contains", "{1} is among {0}", "{1} is not among {0}"),
    ("set.contains_all", "all of {1} are among {0}", "not all of {1} are among {0}"),
    ("set.is_disjoint", "{0} and {1} share nothing", "{0} and {1} share something"),
    ("map.is_empty", "{0} is empty", "{0} is not empty"),
    ("map.has", "{1} is among {0}", "{1} is not among {0}"),
    ("weekday.is_weekend", "{0} is at the weekend", "{0} is not at the weekend"),
];

impl English<'_> {
    /// What a function of the library gives.
    pub(super) fn library_noun(&self, name: &str, arguments: &[Expr], scope: Option<&Scope<'_>>) -> String {
        match (name, arguments) {
            ("text.replace", _) => return self.replaced(arguments, scope),
            ("text.join", [list, between]) => return self.run_together(list, between, scope),
            _ => {}
        }
        let said: Vec<String> = arguments.iter().map(|argument| self.untold(argument, scope)).collect();
        if let Some((_, phrase)) = NOUNS.iter().find(|(known, _)| *known == name) {
            let counts = phrase.starts_with("the number of");
            let bare = |said: &String| said.strip_prefix("the ").filter(|_| counts).map_or(said.clone(), str::to_owned);
            return filled(phrase, &said.iter().map(bare).collect::<Vec<_>>());
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        if said.is_empty() {
            format!("the {}", spoken(last))
        } else {
            format!("the {} of {}", spoken(last), joined(&said, "and"))
        }
    }

    /// Texts made one: `"(" followed by the name followed by ")"`, `the words with " " between them`.
    fn run_together(&self, list: &Expr, between: &Expr, scope: Option<&Scope<'_>>) -> String {
        let is_empty = matches!(&self.bare(between).kind, ExprKind::Const(Value::Text(text)) if text.is_empty());
        let ExprKind::List(parts) = &list.kind else {
            let list = self.noun(list, scope);
            return if is_empty || self.reader == Reader::Model {
                format!("{list} in one text")
            } else {
                format!("{list} with {} between them", self.noun(between, scope))
            };
        };
        let is_constant = |part: &&Expr| matches!(self.bare(part).kind, ExprKind::Const(_));
        if self.reader == Reader::Model {
            let said: Vec<String> = parts.iter().filter(|part| !is_constant(part)).map(|part| self.noun(part, scope)).collect();
            return match said.as_slice() {
                [only] => only.clone(),
                _ => format!("{} in one text", joined(&said, "and")),
            };
        }
        if is_empty {
            let said: Vec<String> = parts.iter().map(|part| self.noun(part, scope)).collect();
            return said.join(" followed by ");
        }
        format!("{} with {} between them", self.list(parts, "and", scope), self.noun(between, scope))
    }

    /// A text in which other texts stand for some of its parts; one replacement after the other is told as one: `the request with ":" and ";"
    /// replaced by " "`. For the model, which signs do not count is no part of its work.
    fn replaced(&self, arguments: &[Expr], scope: Option<&Scope<'_>>) -> String {
        let mut steps: Vec<(Vec<String>, String)> = Vec::new();
        let mut here = arguments;
        while let [text, from, to] = here {
            let (from, to) = (self.noun(from, scope), self.noun(to, scope));
            match steps.last_mut() {
                Some((before, same)) if *same == to => before.push(from),
                _ => steps.push((vec![from], to)),
            }
            match &text.kind {
                ExprKind::Call(function, inner) if function.0.name == "text.replace" => here = inner,
                _ => {
                    let text = self.noun(text, scope);
                    if self.reader == Reader::Model {
                        return format!("{text} with some signs replaced");
                    }
                    let told = steps.iter().rev().map(|(from, to)| {
                        let from: Vec<&str> = from.iter().rev().map(String::as_str).collect();
                        format!("{} replaced by {to}", joined(&from, "and"))
                    });
                    return format!("{text} with {}", told.collect::<Vec<_>>().join(", then "));
                }
            }
        }
        String::new()
    }

    /// What a function of the library says of its arguments.
    pub(super) fn library_sentence(
        &self,
        name: &str,
        arguments: &[Expr],
        polarity: Polarity,
        scope: Option<&Scope<'_>>,
    ) -> String {
        let said: Vec<String> = arguments.iter().map(|argument| self.noun(argument, scope)).collect();
        if let Some((_, holds, fails)) = SENTENCES.iter().find(|(known, ..)| *known == name) {
            return filled(polarity.choose(holds, fails), &said);
        }
        format!("`{name}` {} for {}", polarity.choose("holds", "does not hold"), joined(&said, "and"))
    }
}

/// A phrase with its arguments in their places; what an argument says is never read as a place.
fn filled(phrase: &str, said: &[String]) -> String {
    let mut text = String::new();
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(place.parse().ok().and_then(|place: usize| said.get(place)).map_or("", String::as_str));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_functions_that_exist_have_words() {
        let library = agentc_stdlib::library();
        for name in NOUNS.iter().map(|(name, _)| name).chain(SENTENCES.iter().map(|(name, ..)| name)) {
            assert!(library.function(name).is_some(), "there is no function `{name}`");
        }
    }

    #[test]
    fn an_argument_that_looks_like_a_place_stays_as_it_is() {
        assert_eq!(filled("{0} starts with {1}", &["\"{1}\"".to_owned(), "x".to_owned()]), "\"{1}\" starts with x");
    }
}
