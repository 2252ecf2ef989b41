//! Functions on times of day.

pub(crate) mod hour;
pub(crate) mod minute;
