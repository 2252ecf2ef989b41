//! The decision procedure: can a condition be true, and where?
//!
//! A [`Translator`] turns the typed expressions of a job into formulas of a [`Space`]; a rule's condition becomes a [`Truth`]: when it is
//! true, when it is false, and when it is unknown only because a record is absent. Formulas are shared and negated for free (`!formula`);
//! [`Space::all`] and [`Space::any`] connect them. [`Space::satisfiable`] then answers [`Answer::Never`], a [`Model`], or that the
//! [`Budget`] did not suffice. `Never` can be relied on. A model is exact unless [`Model::loose`] names an expression that the theories
//! do not have (a product of two variables, most library functions): then it holds as far as that expression is what the model takes
//! it for. [`Translator::decide`] gives the rows of the decision table for a verb, which is what `prove` and `diff` compare.
//!
//! Exact: comparisons, enums, texts by equality, membership and patterns, linear arithmetic over whole numbers, decimals, money, times and
//! durations, boolean structure, `none`, `??`, `is absent`, `match`, `if`, loops over lists (see `translate/lists.rs` for their lengths),
//! lookups as functions of their keys. Earlier calls and counters are open ([`History::Open`]) or a few that are written out.
//!
//! A space may be shared by two policies: places are named, not numbered. One [`Uses`] must know the lists of all of them.
//!
//! ```
//! use agentc_compiler::logic::{Answer, Budget, Setting, Space, Translator, Uses};
//! use agentc_compiler::source::NoFiles;
//! use agentc_compiler::typed::{JobId, SourceFile};
//!
//! let text = r#"
//! policy p { version "1" }
//! tool shop on mcp "shop" { write refund(amount: Money(USD)) { irreversible } }
//! job j {
//!   input { vip: Bool }
//!   allow write shop.refund when amount <= 50 USD
//!   never shop.refund when amount > 20 USD and not input.vip
//!   never too_much on shop.refund when amount > 60 USD
//! }
//! "#;
//! let root = SourceFile { name: "p.agentpolicy".into(), text: text.into() };
//! let compiled = agentc_compiler::compile(root, &NoFiles, &agentc_stdlib::library());
//! let typed = compiled.typed.unwrap();
//!
//! let (mut space, uses) = (Space::new(), Uses::of(&typed));
//! let mut job = Translator::new(&mut space, &typed, JobId(0), &uses, Setting::default());
//! let [allow, never, too_much] = [0, 1, 2].map(|rule| job.rule(rule));
//! let budget = &mut Budget::default();
//!
//! // A call that is allowed and not forbidden, read back as its values.
//! let passes = space.all([allow.is_true, never.is_false]);
//! assert!(matches!(space.satisfiable(passes, budget), Answer::Model(_)));
//! // No call is allowed by the first rule and forbidden by the last: that one never decides.
//! let both = space.both(allow.is_true, too_much.is_true);
//! assert_eq!(space.satisfiable(both, budget), Answer::Never);
//! // Whatever is beyond 60 USD is also beyond 20 USD, but not always forbidden by the second rule.
//! assert_eq!(space.entails(too_much.is_true, never.is_true, budget), Some(false));
//! ```

mod decision;
mod formula;
mod language;
mod linear;
mod model;
mod rational;
mod recent;
mod simplex;
mod smtlib;
mod solve;
mod space;
mod theory;
mod translate;
mod value;
mod variable;

pub use decision::{Decision, RuleTruth, effect_of};
pub use formula::Formula;
pub use model::{Found, Model};
pub use rational::Rational;
pub(crate) use recent::Recent;
pub use solve::{Answer, Budget};
pub use space::Space;
pub(crate) use translate::{CALL, READING, days, number_of, number_value};
pub use translate::{History, PastCall, Setting, Translator, Uses};
pub(crate) use value::Datum;
pub use value::{Symbolic, Truth};
pub use variable::{InstanceId, Place, Root, Sort, Step, TextKind, VarId, Variable};

#[cfg(test)]
mod tests;
