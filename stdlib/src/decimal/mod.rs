//! Functions on exact decimal numbers.

pub(crate) mod abs;
pub(crate) mod divide;
pub(crate) mod max;
pub(crate) mod min;
pub(crate) mod round;
pub(crate) mod to_int;
