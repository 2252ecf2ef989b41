//! How large a value is, as the work of walking it.

use crate::value::{Cell, Value};

/// The heaviest value that an expression may make or walk.
pub(super) const MAX: u32 = 1_000_000;

/// Bytes of text that are walked in one step.
pub const BYTES_A_STEP: u32 = 32;

/// The weight of a value; `None` where it is more than `max`.
///
/// The walk ends once the weight is beyond `max`, so that members shared many times over cost no more than that.
pub(super) fn of(value: &Value, max: u32) -> Option<u32> {
    let mut left = max;
    take(value, &mut left)?;
    max.checked_sub(left)
}

fn take(value: &Value, left: &mut u32) -> Option<()> {
    *left = left.checked_sub(1)?;
    match value {
        Value::Text(text) => {
            let steps = text.len().checked_div(BYTES_A_STEP as usize).unwrap_or(0);
            *left = left.checked_sub(u32::try_from(steps).ok()?)?;
            Some(())
        }
        Value::List(members) | Value::Set(members) => members.iter().try_for_each(|member| take(member, left)),
        Value::Map(entries) => entries.iter().try_for_each(|(key, value)| {
            take(key, left)?;
            take(value, left)
        }),
        Value::Record(cells) => cells.iter().try_for_each(|cell| match cell {
            Cell::Value(value) => take(value, left),
            Cell::Malformed(_) | Cell::Unread => left.checked_sub(1).map(|rest| *left = rest),
        }),
        _ => Some(()),
    }
}
