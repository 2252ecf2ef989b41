//! The decision table of the language's *Meaning*, rows 4 to 11: which of them comes first, said once for full answers and previews.

use crate::program::RuleId;

/// What the rows of the table ask of a call. Each is asked for at most once, in the order of the rows, and only where no row before it
/// has decided.
pub(crate) trait Table {
    /// Row 4: the first stop of the whole job that is true.
    fn job_stop(&mut self) -> Option<RuleId>;
    /// Row 5: the first rule that denies: a deny that is true, a counter that cannot take the call, a gate that was refused.
    fn denial(&mut self) -> Option<RuleId>;
    /// Row 5: an earlier write of the same place is unclear.
    fn is_unclear(&mut self) -> bool;
    /// Row 5: some allow is true or unknown, or the verb needs none.
    fn may_be_allowed(&mut self) -> bool;
    /// Row 6: the first stop of the verb that is true.
    fn stop(&mut self) -> Option<RuleId>;
    /// Rows 7 to 9: something that could still decide is unknown.
    fn is_unknown(&mut self) -> bool;
    /// Row 10: the first gate that is true and not approved.
    fn gate(&mut self) -> Option<RuleId>;
    /// Row 11: the first allow that is true.
    fn allow(&mut self) -> Option<RuleId>;
}

/// The row that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// Row 4 or 6: this rule stops the run, or pauses its job.
    Stop(RuleId),
    /// Row 5: this rule denies.
    Deny(RuleId),
    /// Row 5: an earlier write is unclear.
    Unclear,
    /// Row 5: no allow names the verb, or none holds.
    NoAllow,
    /// Rows 7 to 9: which of them, the causes say.
    Unknown,
    /// Row 10: people are asked, first by this gate.
    Ask(RuleId),
    /// Row 11: this rule allows.
    Allow(RuleId),
}

/// The first row that applies.
pub(crate) fn decide(table: &mut impl Table) -> Row {
    if let Some(rule) = table.job_stop() {
        return Row::Stop(rule);
    }
    if let Some(rule) = table.denial() {
        return Row::Deny(rule);
    }
    if table.is_unclear() {
        return Row::Unclear;
    }
    if !table.may_be_allowed() {
        return Row::NoAllow;
    }
    if let Some(rule) = table.stop() {
        return Row::Stop(rule);
    }
    if table.is_unknown() {
        return Row::Unknown;
    }
    if let Some(rule) = table.gate() {
        return Row::Ask(rule);
    }
    // Nothing permits a verb that is only handed over by: its own stop has decided before.
    table.allow().map_or(Row::NoAllow, Row::Allow)
}
