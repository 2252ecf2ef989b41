//! The agents' policy as agentc has it. Rules stand in modules: a file is bounded.

use crate::agents::{Kind, Policy, Rule, STATUSES, TIERS, VERBS, tenant};

/// Rules to a module.
const PART: usize = 3000;

/// Its files by name, the root (`agents`) first.
#[must_use]
pub fn files(policy: &Policy) -> Vec<(String, String)> {
    let parts: Vec<(String, String)> =
        policy.rules.chunks(PART).enumerate().map(|(at, rules)| (format!("part_{at}"), part(at, rules))).collect();
    let uses: String = parts.iter().map(|(name, _)| format!("use {name}\n")).collect();
    let includes: String = parts.iter().map(|(name, _)| format!("  include {name}\n")).collect();
    let list = |words: &[&str]| words.join(", ");
    let verbs: String = VERBS
        .iter()
        .map(|verb| {
            format!(
                "  write {verb}(account: Key<Account>, amount: Money(USD) from \"amount\" cents, claim ticket: Text, claim note: Text) {{ changes nothing; \
                 irreversible }}\n"
            )
        })
        .collect();
    let root = format!(
        r#"policy bench.agents {{ version "1"; owner "ops@example.com" }}
{uses}role lead
enum Tier {{ {tiers} }}
enum Status {{ {statuses} }}
source crm "CRM" {{
  record Account by id {{ id: Text, tenant: Text, status: Status, risk: Int }}
  fetch Account with desk.get_account(account: id)
  fresh for 15m
}}
tool desk on mcp "desk" {{
  read get_account(account: Key<Account>) -> Account
{verbs}}}
job serve {{
  purpose "Work on a tenant's accounts, as far as the tenant lets its agent."
  input {{ tenant: Text, tier: Tier }}
  done when run.calls > 0
  allow read desk.get_account
  never other_tenants on desk.* when account.tenant != input.tenant
{includes}  handoff to "ops" {{ show trace }}
  pause by role lead
}}
"#,
        tiers = list(&TIERS),
        statuses = list(&STATUSES),
    );
    let mut files = vec![("agents".to_owned(), root)];
    files.extend(parts);
    files
}

fn part(at: usize, rules: &[Rule]) -> String {
    let lines: String = rules.iter().map(rule).collect();
    format!("rules part_{at} {{\n{lines}}}\n")
}

fn rule(rule: &Rule) -> String {
    let Rule { name, verb, tenant: of, kind } = rule;
    let verb = format!("desk.{}", VERBS[*verb]);
    let of = format!("input.tenant == \"{}\"", tenant(*of));
    match kind {
        Kind::Grant { tier, most } => format!(
            "  allow {name} on write {verb} when {of} and input.tier == {} and amount <= {} and account.status in [open, checked]\n",
            TIERS[*tier],
            usd(*most)
        ),
        Kind::Cap { tier, above } => {
            format!(
                "  never {name} on {verb} when {of} and input.tier == {} and account.status == checked and amount > {}\n",
                TIERS[*tier],
                usd(*above)
            )
        }
        Kind::Gate { above } => {
            format!("  gate {name} on {verb} when {of} and amount > {} {{ approvers role lead; expires 4h }}\n", usd(*above))
        }
        Kind::Escalation { risk } => format!("  escalate {name} on {verb} when {of} and account.risk > {risk}\n"),
    }
}

fn usd(cents: i64) -> String {
    format!("{}.{:02} USD", cents / 100, cents % 100)
}
