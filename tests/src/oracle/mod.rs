//! The reference evaluator: slow, literal, and written from the text of the language over the checked policy.
//!
//! It shares no code with lowering or with the runtime's evaluation, only the declared types, the events and answers as hosts
//! write them, the normal forms of texts and the library's functions. It keeps nothing but a log of events and answers: each
//! question is answered by reading that log again, and each rule is evaluated in source order. Comments quote the sentence of
//! the language that the code below them holds.
//!
//! | idea | file |
//! |---|---|
//! | numbers, values, JSON, zones, patterns | `number`, `value`, `json`, `decode`, `encode`, `zone`, `pattern` |
//! | three-valued conditions | `unknown`, `expression`, `operators` |
//! | the log and what can be read from it | `world`, `scene`, `readings`, `read` |
//! | rules | `rules`, `limits`, `approvals` |
//! | the eleven rows | `decide`, `needs`, `grant` |
//! | every event | `step`, `results`, `undo`, `handoff` |
//! | what answers tell | `operands`, `said` |
//!
//! Sentences for people (`model`, `person`, `why`) and digests (`binds`) are composed by the runtime alone: [`Answer`] holds
//! them empty here, and comparisons look at everything else.
//!
//! [`Answer`]: agentc_runtime::answer::Answer

pub mod approvals;
pub mod arguments;
pub mod decide;
pub mod decode;
pub mod encode;
pub mod expression;
pub mod grant;
pub mod handoff;
pub mod json;
pub mod limits;
pub mod needs;
pub mod number;
pub mod operands;
pub mod operators;
pub mod pattern;
pub mod read;
pub mod readings;
pub mod results;
pub mod rules;
pub mod said;
pub mod scene;
pub mod step;
pub mod undo;
pub mod unknown;
pub mod value;
pub mod world;
pub mod zone;

use agentc_compiler::typed::VerbId;

/// What stands for the verb of a call that no declared verb fits.
pub const NO_VERB: VerbId = VerbId(u32::MAX);
