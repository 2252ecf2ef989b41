//! Functions on text.

pub(crate) mod after;
pub(crate) mod before;
pub(crate) mod contains;
pub(crate) mod ends_with;
pub(crate) mod equal_ignoring_case;
pub(crate) mod is_blank;
pub(crate) mod is_empty;
pub(crate) mod join;
pub(crate) mod length;
pub(crate) mod lower;
pub(crate) mod replace;
pub(crate) mod split;
pub(crate) mod starts_with;
pub(crate) mod to_decimal;
pub(crate) mod to_int;
pub(crate) mod trim;
pub(crate) mod upper;
pub(crate) mod words;
