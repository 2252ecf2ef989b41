//! Functions on lengths of time.

pub(crate) mod abs;
pub(crate) mod days;
pub(crate) mod hours;
pub(crate) mod minutes;
pub(crate) mod seconds;
