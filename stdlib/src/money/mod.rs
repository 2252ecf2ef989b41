//! Functions on amounts of money.

pub(crate) mod abs;
pub(crate) mod amount;
pub(crate) mod divide;
pub(crate) mod max;
pub(crate) mod min;
pub(crate) mod round;
pub(crate) mod scale;
