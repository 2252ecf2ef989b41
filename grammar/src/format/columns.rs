//! Columns: the gaps at which the entries of a block may stand below one another.

use super::document::{Doc, Space};
use crate::parse::Rule;

/// A gap that may be widened so that what follows stands in a column. In the order in which they are aligned, left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// After the first word of a member: `expires   4h`
    Head,
    /// After `read` and `write` of a verb.
    Access,
    /// Before `on` of a rule with a name, and before `with`.
    On,
    /// After the colon of a limit.
    Measure,
    /// Before `=`.
    Equals,
    /// After the name of a field: `total:     Money(USD)`
    Type,
    /// Before `from`, `cents`, `untrusted` after a type.
    Extra,
    /// Before `=>`.
    Arrow,
    /// Before the first `when` or `unless`.
    Guard,
    /// Before `per`.
    Window,
    /// Before `by` of a limit.
    By,
    /// Before `else`.
    Else,
    /// Before `because`.
    Because,
    /// Before the brace of a short body: `enum Cabin   { … }`
    Body,
    /// Before `expect`.
    Expect,
    /// Before `returns`.
    Returns,
}

impl Column {
    pub(super) const ALL: [Self; 16] = [
        Self::Head,
        Self::Access,
        Self::On,
        Self::Measure,
        Self::Equals,
        Self::Type,
        Self::Extra,
        Self::Arrow,
        Self::Guard,
        Self::Window,
        Self::By,
        Self::Else,
        Self::Because,
        Self::Body,
        Self::Expect,
        Self::Returns,
    ];

    /// Whether it is always aligned; the others are where the author began to.
    pub(super) fn always(self) -> bool {
        matches!(self, Self::Head | Self::Type | Self::Arrow | Self::Expect)
    }

    /// Whether only members that begin with the same word share it.
    pub(super) fn within_kind(self) -> bool {
        !matches!(self, Self::Head | Self::Type | Self::Extra | Self::Arrow | Self::Expect | Self::Returns)
    }

    /// The column before what a rule reads, by that rule and the one that it is a part of.
    pub(super) fn before(parent: Option<Rule>, rule: Option<Rule>) -> Option<Self> {
        match rule? {
            Rule::kw_on if parent != Some(Rule::verb_no_effect) => Some(Self::On),
            Rule::kw_with | Rule::fetch_verb | Rule::fetch_host => Some(Self::On),
            Rule::left_brace | Rule::fields => Some(Self::Body),
            Rule::record_value | Rule::kw_absent | Rule::kw_unavailable if parent == Some(Rule::setup_given) => Some(Self::Body),
            Rule::equals => Some(Self::Equals),
            Rule::fat_arrow => Some(Self::Arrow),
            Rule::guard => Some(Self::Guard),
            Rule::window => Some(Self::Window),
            Rule::counted_by => Some(Self::By),
            Rule::limit_else => Some(Self::Else),
            Rule::because => Some(Self::Because),
            Rule::expect => Some(Self::Expect),
            Rule::returns => Some(Self::Returns),
            Rule::from_place | Rule::encoding | Rule::mark => Some(Self::Extra),
            Rule::measure => Some(Self::Measure),
            Rule::name if parent == Some(Rule::verb) => Some(Self::Access),
            _ => None,
        }
    }

    /// Puts the first gap of an entry into its column, where the block that it stands in has one.
    pub(super) fn head(block: Rule, entry: &mut [Doc]) {
        let column = match block {
            Rule::policy | Rule::gate | Rule::handoff => Self::Head,
            Rule::fields => Self::Type,
            _ => return,
        };
        let gaps = entry.iter_mut().filter_map(|doc| match doc {
            Doc::Gap(gap) if gap.space != Space::Glue => Some(gap),
            _ => None,
        });
        // What comes before the colon of a field are its marks: `secret token: Text`.
        let mut gaps = gaps.skip_while(|gap| column == Self::Type && !gap.after_colon);
        if let Some(gap) = gaps.next() {
            gap.column = Some(column);
        }
    }
}
