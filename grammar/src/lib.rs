//! What a policy file looks like: spans, tokens, the syntax tree and the parser.

pub mod ast;
pub mod parse;
pub mod span;
pub mod token;
