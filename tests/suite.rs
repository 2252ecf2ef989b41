//! The suites over files: whoever adds a policy, an example or a page adds its test.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and counts small numbers"
)]

#[path = "suite/architecture.rs"]
mod architecture;
#[path = "suite/corpus.rs"]
mod corpus;
#[path = "suite/cost.rs"]
mod cost;
#[path = "suite/dependencies.rs"]
mod dependencies;
#[path = "suite/differential.rs"]
mod differential;
#[path = "suite/examples.rs"]
mod examples;
#[path = "suite/explain.rs"]
mod explain;
#[path = "suite/fail_closed.rs"]
mod fail_closed;
#[path = "suite/indexing.rs"]
mod indexing;
#[path = "suite/inputs.rs"]
mod inputs;
#[path = "suite/library.rs"]
mod library;
#[path = "suite/mutations.rs"]
mod mutations;
#[path = "suite/policies.rs"]
mod policies;
#[path = "suite/proofs.rs"]
mod proofs;
#[path = "suite/random.rs"]
mod random;
#[path = "suite/reference.rs"]
mod reference;
