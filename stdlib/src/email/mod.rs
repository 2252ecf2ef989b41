//! Functions on e-mail addresses.

pub(crate) mod domain;
pub(crate) mod in_domain;
pub(crate) mod local;
pub(crate) mod lower;
pub(crate) mod parse;
pub(crate) mod to_text;
