//! The agents' policy in each engine's own language: one rule for one rule, so that nobody's rules are folded into tables by us.

pub mod agentc;
pub mod cedar;
pub mod cel;
pub mod rego;
pub mod sapl;

use super::Policy;
use std::fs;
use std::path::Path;

/// Writes the policy in every language into a case's folder.
///
/// # Errors
/// What cannot be written.
pub fn write(policy: &Policy, folder: &Path) -> Result<(), String> {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"));
    for (name, text) in agentc::files(policy) {
        write(&format!("{name}.agentpolicy"), &text)?;
    }
    write("policies.cedar", &cedar::policies(policy))?;
    write("schema.cedarschema", &cedar::schema())?;
    for (at, text) in rego::modules(policy).iter().enumerate() {
        write(&format!("policy_{at:03}.rego"), text)?;
    }
    write("rules.cel", &cel::rules(policy))?;
    write("policies.sapl", &sapl::documents(policy))
}
