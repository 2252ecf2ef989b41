//! Jobs, rule sets and rules, as written.

use super::*;


