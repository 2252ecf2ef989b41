//! Functions on sets.

pub(crate) mod contains;
pub(crate) mod contains_all;
pub(crate) mod difference;
pub(crate) mod intersection;
pub(crate) mod is_disjoint;
pub(crate) mod is_empty;
pub(crate) mod length;
pub(crate) mod union;
