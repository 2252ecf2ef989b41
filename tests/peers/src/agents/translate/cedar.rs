//! The agents' policy as Cedar has it: grants, gates and escalations are permits told apart by an annotation, caps are forbids. An
//! authorizer's answer names all permits that hold, so one question gives all four outcomes.

use crate::agents::{Kind, Policy, Rule, STATUSES, TIERS, VERBS, tenant};

/// Its policies.
#[must_use]
pub fn policies(policy: &Policy) -> String {
    let apart = "@effect(\"deny\")\nforbid(principal, action, resource) when { resource.tenant != principal.tenant };\n";
    apart.to_owned() + &policy.rules.iter().map(rule).collect::<String>()
}

/// Its schema.
#[must_use]
pub fn schema() -> String {
    let actions: Vec<String> = VERBS.iter().map(|verb| format!("\"{verb}\"")).collect();
    format!(
        "entity Session = {{ tenant: String, tier: String }};\nentity Account = {{ tenant: String, status: String, risk: Long }};\naction {} appliesTo {{\n  \
         principal: Session, resource: Account,\n  context: {{ account: String, amount: Long, ticket: String, note: String }}\n}};\n",
        actions.join(", ")
    )
}

fn rule(rule: &Rule) -> String {
    let Rule { name, verb, tenant: of, kind } = rule;
    let of = format!("principal.tenant == \"{}\"", tenant(*of));
    let (effect, word, when) = match kind {
        Kind::Grant { tier, most } => (
            "allow",
            "permit",
            format!(
                "{of} && principal.tier == \"{}\" && context.amount <= {most} && [\"{}\", \"{}\"].contains(resource.status)",
                TIERS[*tier], STATUSES[0], STATUSES[1]
            ),
        ),
        Kind::Cap { tier, above } => (
            "deny",
            "forbid",
            format!(
                "{of} && principal.tier == \"{}\" && resource.status == \"{}\" && context.amount > {above}",
                TIERS[*tier], STATUSES[1]
            ),
        ),
        Kind::Gate { above } => ("gate", "permit", format!("{of} && context.amount > {above}")),
        Kind::Escalation { risk } => ("escalate", "permit", format!("{of} && resource.risk > {risk}")),
    };
    format!(
        "@id(\"{name}\")\n@effect(\"{effect}\")\n{word}(principal, action == Action::\"{}\", resource)\nwhen {{ {when} }};\n",
        VERBS[*verb]
    )
}
