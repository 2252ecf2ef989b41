//! The functions and modules that every policy can use.
//!
//! Each function is one file: its signature, its documentation, its examples, its code and its tests. Adding one costs that file, its `mod` line and its line in [`FUNCTIONS`].
//!
//! **Bounds.** No text that a function gives has more than [`MAX_TEXT_BYTES`], and no list, set or map more than [`MAX_ITEMS`]
//! members; a result beyond that is an overflow, which no `allow` survives. The time a function takes grows with the size of its
//! arguments, `n log n` at worst (where members are sorted).
//!
//! **Text** is a sequence of Unicode scalar values. Lengths count those, texts are equal where they are the same sequence, and
//! nothing is normalised on the way: `é` as one character and as `e` with an accent differ. Case, white space and the tables
//! behind them are those of the Unicode version of the compiler that built this library.

mod arguments;
mod date;
mod decimal;
mod duration;
mod email;
mod int;
mod list;
mod map;
mod money;
mod path;
mod results;
mod rounding;
mod set;
mod text;
mod time;
mod time_of_day;
mod url;
mod weekday;

use agentc_runtime::library::{Function, Library};

/// The most bytes of UTF-8 in a text that a function gives: 1 MiB.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// The most members in a list, set or map that a function gives.
pub const MAX_ITEMS: usize = 10_000;

/// Every function, sorted by name.
static FUNCTIONS: &[&Function] = &[
    &date::add_days::FUNCTION,
    &date::add_months::FUNCTION,
    &date::day::FUNCTION,
    &date::days_between::FUNCTION,
    &date::end_of_month::FUNCTION,
    &date::month::FUNCTION,
    &date::weekday::FUNCTION,
    &date::year::FUNCTION,
    &decimal::abs::FUNCTION,
    &decimal::divide::FUNCTION,
    &decimal::max::FUNCTION,
    &decimal::min::FUNCTION,
    &decimal::round::FUNCTION,
    &decimal::to_int::FUNCTION,
    &duration::abs::FUNCTION,
    &duration::days::FUNCTION,
    &duration::hours::FUNCTION,
    &duration::minutes::FUNCTION,
    &duration::seconds::FUNCTION,
    &email::domain::FUNCTION,
    &email::in_domain::FUNCTION,
    &email::local::FUNCTION,
    &email::lower::FUNCTION,
    &email::parse::FUNCTION,
    &email::to_text::FUNCTION,
    &int::abs::FUNCTION,
    &int::divide::FUNCTION,
    &int::max::FUNCTION,
    &int::min::FUNCTION,
    &int::remainder::FUNCTION,
    &int::to_text::FUNCTION,
    &list::contains::FUNCTION,
    &list::contains_all::FUNCTION,
    &list::contains_any::FUNCTION,
    &list::distinct::FUNCTION,
    &list::first::FUNCTION,
    &list::is_distinct::FUNCTION,
    &list::is_empty::FUNCTION,
    &list::last::FUNCTION,
    &list::length::FUNCTION,
    &list::to_set::FUNCTION,
    &map::has::FUNCTION,
    &map::is_empty::FUNCTION,
    &map::keys::FUNCTION,
    &map::length::FUNCTION,
    &map::values::FUNCTION,
    &money::abs::FUNCTION,
    &money::amount::FUNCTION,
    &money::divide::FUNCTION,
    &money::max::FUNCTION,
    &money::min::FUNCTION,
    &money::round::FUNCTION,
    &money::scale::FUNCTION,
    &path::extension::FUNCTION,
    &path::name::FUNCTION,
    &path::parent::FUNCTION,
    &path::parse::FUNCTION,
    &path::parts::FUNCTION,
    &path::to_text::FUNCTION,
    &path::under::FUNCTION,
    &set::contains::FUNCTION,
    &set::contains_all::FUNCTION,
    &set::difference::FUNCTION,
    &set::intersection::FUNCTION,
    &set::is_disjoint::FUNCTION,
    &set::is_empty::FUNCTION,
    &set::length::FUNCTION,
    &set::union::FUNCTION,
    &text::after::FUNCTION,
    &text::before::FUNCTION,
    &text::contains::FUNCTION,
    &text::ends_with::FUNCTION,
    &text::equal_ignoring_case::FUNCTION,
    &text::is_blank::FUNCTION,
    &text::is_empty::FUNCTION,
    &text::join::FUNCTION,
    &text::length::FUNCTION,
    &text::lower::FUNCTION,
    &text::replace::FUNCTION,
    &text::split::FUNCTION,
    &text::starts_with::FUNCTION,
    &text::to_decimal::FUNCTION,
    &text::to_int::FUNCTION,
    &text::trim::FUNCTION,
    &text::upper::FUNCTION,
    &text::words::FUNCTION,
    &time::earlier::FUNCTION,
    &time::epoch_seconds::FUNCTION,
    &time::later::FUNCTION,
    &time_of_day::hour::FUNCTION,
    &time_of_day::minute::FUNCTION,
    &url::host::FUNCTION,
    &url::in_domain::FUNCTION,
    &url::is_internal::FUNCTION,
    &url::origin::FUNCTION,
    &url::parameter::FUNCTION,
    &url::parse::FUNCTION,
    &url::path::FUNCTION,
    &url::port::FUNCTION,
    &url::query::FUNCTION,
    &url::scheme::FUNCTION,
    &url::to_text::FUNCTION,
    &weekday::is_weekend::FUNCTION,
    &weekday::number::FUNCTION,
];

/// Every module that is written in the language, sorted by name.
const MODULES: &[(&str, &str)] = &[
    ("std.mcp.brave_search", include_str!("../std/mcp/brave_search.agentpolicy")),
    ("std.mcp.fetch", include_str!("../std/mcp/fetch.agentpolicy")),
    ("std.mcp.filesystem", include_str!("../std/mcp/filesystem.agentpolicy")),
    ("std.mcp.git", include_str!("../std/mcp/git.agentpolicy")),
    ("std.mcp.github", include_str!("../std/mcp/github.agentpolicy")),
    ("std.mcp.gitlab", include_str!("../std/mcp/gitlab.agentpolicy")),
    ("std.mcp.memory", include_str!("../std/mcp/memory.agentpolicy")),
    ("std.mcp.playwright", include_str!("../std/mcp/playwright.agentpolicy")),
    ("std.mcp.postgres", include_str!("../std/mcp/postgres.agentpolicy")),
    ("std.mcp.puppeteer", include_str!("../std/mcp/puppeteer.agentpolicy")),
    ("std.mcp.sequential_thinking", include_str!("../std/mcp/sequential_thinking.agentpolicy")),
    ("std.mcp.slack", include_str!("../std/mcp/slack.agentpolicy")),
    ("std.mcp.sqlite", include_str!("../std/mcp/sqlite.agentpolicy")),
    ("std.mcp.time", include_str!("../std/mcp/time.agentpolicy")),
    ("std.risk", include_str!("../std/risk.agentpolicy")),
    ("std.roles", include_str!("../std/roles.agentpolicy")),
    ("std.stops", include_str!("../std/stops.agentpolicy")),
];

/// The library: what a host hands to the compiler and to the runtime.
#[must_use]
pub fn library() -> Library {
    Library { functions: FUNCTIONS.to_vec(), modules: MODULES.to_vec() }
}

/// The functions alone: all that a runtime needs, which reads no module's text.
#[must_use]
pub fn functions() -> Library {
    Library { functions: FUNCTIONS.to_vec(), modules: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentc_runtime::library::{Constant, Shape};

    #[test]
    fn names_are_sorted_and_unique() {
        let library = library();
        for names in [
            library.functions.iter().map(|f| f.name).collect::<Vec<_>>(),
            library.modules.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ] {
            for (name, next) in names.iter().zip(names.iter().skip(1)) {
                assert!(name < next, "`{name}` stands before `{next}`");
            }
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test compares the registry with the files")]
    fn every_file_of_a_function_is_registered_under_its_own_name() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        for folder in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
            for file in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
                let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
                if stem != "mod" {
                    files.push(format!("{}.{stem}", folder.file_name().unwrap().to_str().unwrap()));
                }
            }
        }
        files.sort();
        assert_eq!(files, library().functions.iter().map(|f| f.name.to_owned()).collect::<Vec<_>>());
    }

    #[test]
    fn every_function_is_documented_in_one_sentence_and_by_examples() {
        for function in library().functions {
            let name = function.name;
            assert!(function.summary.ends_with('.'), "the summary of `{name}` ends in a full stop");
            assert!(!function.summary.trim_end_matches('.').contains(". "), "the summary of `{name}` is one sentence");
            assert!(function.details.is_empty() || function.details.ends_with('.'), "the details of `{name}` end in a full stop");
            assert!((1..=4).contains(&function.params.len()), "`{name}` has one to four parameters");
            // A map has no literal, so a function on maps cannot be called with constants alone.
            let takes_map = function.params.iter().any(|parameter| matches!(parameter.shape, Shape::Map(_)));
            assert_eq!(function.examples.is_empty(), takes_map, "`{name}` has examples");
            for example in function.examples {
                assert!(example.call.contains(&format!("{name}(")), "the example `{}` calls `{name}`", example.call);
            }
        }
    }

    #[test]
    fn constant_words_are_never_an_empty_choice() {
        for function in library().functions {
            for parameter in function.params {
                assert_ne!(parameter.constant, Constant::OneOf(&[]), "`{}`, `{}`", function.name, parameter.name);
            }
        }
    }

    #[test]
    fn no_function_panics_on_arguments_that_do_not_fit() {
        use agentc_runtime::value::{Fault, Value};
        for function in library().functions {
            for arguments in [&[][..], &[Value::None], &[Value::None, Value::None], &vec![Value::Bool(true); 5]] {
                assert!(matches!((function.apply)(arguments), Err(Fault::Malformed(_))), "`{}`", function.name);
            }
        }
    }

    #[test]
    fn modules_are_found_by_name() {
        let library = library();
        assert!(library.module("std.risk").is_some_and(|text| text.contains("risk money")));
        assert!(library.module("std.stops").is_some_and(|text| text.contains("rules ")));
        assert_eq!(library.module("std.nothing"), None);
        assert!(library.function("text.lower").is_some());
        assert!(library.function("text.nothing").is_none());
    }
}
