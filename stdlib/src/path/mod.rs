//! Functions on paths of files.

pub(crate) mod extension;
pub(crate) mod name;
pub(crate) mod parent;
pub(crate) mod parse;
pub(crate) mod parts;
pub(crate) mod to_text;
pub(crate) mod under;
