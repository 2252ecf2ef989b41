//! Evaluates compiled expressions to a value or to the reasons why there is none.

mod cause;
mod facts;

pub use cause::{Cause, Causes, Evaluated, Unasked};
pub use facts::{Contribution, Counter, Ended, Facts, PastCall, Reading, Requirement};
