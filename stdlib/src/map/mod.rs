//! Functions on maps.

pub(crate) mod has;
pub(crate) mod is_empty;
pub(crate) mod keys;
pub(crate) mod length;
pub(crate) mod values;
