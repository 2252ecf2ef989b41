//! Functions on lists.

pub(crate) mod contains;
pub(crate) mod contains_all;
pub(crate) mod contains_any;
pub(crate) mod distinct;
pub(crate) mod first;
pub(crate) mod is_distinct;
pub(crate) mod is_empty;
pub(crate) mod last;
pub(crate) mod length;
pub(crate) mod to_set;
