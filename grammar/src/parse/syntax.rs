//! The parser that `agentpolicy.pest` describes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Reads text by the rules of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../agentpolicy.pest"]
pub(super) struct Syntax;

/// Whether a rule is a word or a sign of the language, which the tree does not keep.
pub(super) fn is_word(rule: Rule) -> bool {
    (Rule::kw_absent..=Rule::right_angle).contains(&rule)
}

/// The word that a rule is, if it is one.
pub(super) fn word(rule: Rule) -> Option<&'static str> {
    static WORDS: LazyLock<BTreeMap<Rule, String>> = LazyLock::new(|| {
        let words = Rule::all_rules().iter().filter(|rule| (Rule::kw_absent..=Rule::kw_zone).contains(rule));
        words.map(|&rule| (rule, format!("{rule:?}").trim_start_matches("kw_").to_owned())).collect()
    });
    WORDS.get(&rule).map(String::as_str)
}
