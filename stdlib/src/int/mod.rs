//! Functions on integers.

pub(crate) mod abs;
pub(crate) mod divide;
pub(crate) mod max;
pub(crate) mod min;
pub(crate) mod remainder;
pub(crate) mod to_text;
