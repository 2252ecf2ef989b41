//! Functions on days of the week.

pub(crate) mod is_weekend;
pub(crate) mod number;
