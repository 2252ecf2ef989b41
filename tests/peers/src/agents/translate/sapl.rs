//! The agents' policy as SAPL has it: caps are denials, grants, gates and escalations are permits told apart by an obligation. A decision carries
//! the obligations of all permits that hold, so one question gives all four outcomes.

use crate::agents::{Kind, Policy, Rule, STATUSES, TIERS, VERBS, tenant};

/// Its documents, each with one policy, a blank line between them.
#[must_use]
pub fn documents(policy: &Policy) -> String {
    let apart = "policy \"apart\"\ndeny\n  resource.tenant != subject.tenant;\n".to_owned();
    std::iter::once(apart).chain(policy.rules.iter().map(document)).collect::<Vec<_>>().join("\n")
}

fn document(rule: &Rule) -> String {
    let Rule { name, verb, tenant: of, kind } = rule;
    let (effect, when, obligation) = match kind {
        Kind::Grant { tier, most } => (
            "permit",
            format!(
                "  subject.tier == \"{}\";\n  environment.amount <= {most};\n  resource.status in [\"{}\", \"{}\"];\n",
                TIERS[*tier], STATUSES[0], STATUSES[1]
            ),
            "obligation \"allow\"\n",
        ),
        Kind::Cap { tier, above } => (
            "deny",
            format!(
                "  subject.tier == \"{}\";\n  resource.status == \"{}\";\n  environment.amount > {above};\n",
                TIERS[*tier], STATUSES[1]
            ),
            "",
        ),
        Kind::Gate { above } => ("permit", format!("  environment.amount > {above};\n"), "obligation \"gate\"\n"),
        Kind::Escalation { risk } => ("permit", format!("  resource.risk > {risk};\n"), "obligation \"escalate\"\n"),
    };
    let of = format!("  action == \"{}\";\n  subject.tenant == \"{}\";\n", VERBS[*verb], tenant(*of));
    format!("policy \"{name}\"\n{effect}\n{of}{when}{obligation}")
}
