//! The agents' policy as Rego has it: four boolean rules with a body for each of ours, and the outcome from them.

use crate::agents::{Kind, Policy, Rule, STATUSES, TIERS, VERBS, tenant};

/// Rules to a module: Regorus takes none of more than a megabyte.
const PART: usize = 3000;

/// Its modules, all of one package. The question is `data.agents.outcome`.
#[must_use]
pub fn modules(policy: &Policy) -> Vec<String> {
    let part = |(at, rules): (usize, &[Rule])| {
        let head = if at == 0 { HEAD } else { "" };
        format!("package agents\n\nimport rego.v1\n\n{head}{}", rules.iter().map(rule).collect::<String>())
    };
    policy.rules.chunks(PART).enumerate().map(part).collect()
}

const HEAD: &str = r#"default granted := false

default denied := false

default escalated := false

default gated := false

outcome := "deny" if denied
else := "deny" if not granted
else := "escalate" if escalated
else := "approval" if gated
else := "allow"

account := data.accounts[input.args.account]

denied if account.tenant != input.session.tenant

"#;

fn rule(rule: &Rule) -> String {
    let Rule { verb, tenant: of, kind, .. } = rule;
    let of = format!("input.verb == \"{}\"; input.session.tenant == \"{}\"", VERBS[*verb], tenant(*of));
    match kind {
        Kind::Grant { tier, most } => format!(
            "granted if {{ {of}; input.session.tier == \"{}\"; input.args.amount <= {most}; account.status in [\"{}\", \"{}\"] }}\n",
            TIERS[*tier], STATUSES[0], STATUSES[1]
        ),
        Kind::Cap { tier, above } => format!(
            "denied if {{ {of}; input.session.tier == \"{}\"; account.status == \"{}\"; input.args.amount > {above} }}\n",
            TIERS[*tier], STATUSES[1]
        ),
        Kind::Gate { above } => format!("gated if {{ {of}; input.args.amount > {above} }}\n"),
        Kind::Escalation { risk } => format!("escalated if {{ {of}; account.risk > {risk} }}\n"),
    }
}
