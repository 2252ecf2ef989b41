//! What a policy file looks like: spans, tokens, the syntax tree, the parser and the formatter.

pub mod ast;
pub mod format;
pub mod parse;
pub mod span;
pub mod token;
