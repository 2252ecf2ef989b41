//! The agents' policy as CEL has it: an expression a rule. CEL has no policies, so the host keeps four lists and asks them in the table's order.

use crate::agents::{Kind, Policy, Rule, STATUSES, TIERS, VERBS, tenant};

/// Its rules, one a line: the list's name, a tab, the expression.
#[must_use]
pub fn rules(policy: &Policy) -> String {
    let apart = "deny\taccount.tenant != session.tenant\n";
    apart.to_owned() + &policy.rules.iter().map(rule).collect::<String>()
}

fn rule(rule: &Rule) -> String {
    let Rule { verb, tenant: of, kind, .. } = rule;
    let of = format!("verb == \"{}\" && session.tenant == \"{}\"", VERBS[*verb], tenant(*of));
    match kind {
        Kind::Grant { tier, most } => format!(
            "allow\t{of} && session.tier == \"{}\" && args.amount <= {most} && account.status in [\"{}\", \"{}\"]\n",
            TIERS[*tier], STATUSES[0], STATUSES[1]
        ),
        Kind::Cap { tier, above } => {
            format!(
                "deny\t{of} && session.tier == \"{}\" && account.status == \"{}\" && args.amount > {above}\n",
                TIERS[*tier], STATUSES[1]
            )
        }
        Kind::Gate { above } => format!("gate\t{of} && args.amount > {above}\n"),
        Kind::Escalation { risk } => format!("escalate\t{of} && account.risk > {risk}\n"),
    }
}
