//! Functions on URLs.

pub(crate) mod host;
pub(crate) mod in_domain;
pub(crate) mod is_internal;
pub(crate) mod origin;
pub(crate) mod parameter;
pub(crate) mod parse;
pub(crate) mod path;
pub(crate) mod port;
pub(crate) mod query;
pub(crate) mod scheme;
pub(crate) mod to_text;
