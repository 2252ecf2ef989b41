//! The agents' workload: what many tenants let their agents do with twenty verbs, as data that each engine's translation is written from.
//!
//! Five rules make a block about one verb and one tenant: two grants (each for a tier, up to an amount, on accounts in good order), a cap
//! that no grant passes, a gate and an escalation. A tenant has four blocks. One more rule, counted in no size, keeps tenants apart.

pub mod requests;
pub mod translate;

use fastrand::Rng;

/// The verbs, in the order in which blocks use them.
pub const VERBS: [&str; 20] = [
    "refund",
    "credit",
    "charge",
    "reship",
    "discount",
    "extend_trial",
    "change_plan",
    "add_seat",
    "remove_seat",
    "create_invoice",
    "void_invoice",
    "cancel_order",
    "grant_access",
    "reset_login",
    "export_data",
    "delete_file",
    "send_letter",
    "open_ticket",
    "close_ticket",
    "book_visit",
];

/// The tiers, lowest first. Grants are for the upper two.
pub const TIERS: [&str; 3] = ["basic", "plus", "gold"];

/// The states of an account; in the last one nothing is granted.
pub const STATUSES: [&str; 3] = ["open", "checked", "closed"];

/// Rules to a block.
const BLOCK: usize = 5;
/// Blocks to a tenant.
const BLOCKS_PER_TENANT: usize = 4;

/// A rule: for this verb and this tenant, whatever else its kind asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique.
    pub name: String,
    /// The place of its verb in [`VERBS`].
    pub verb: usize,
    /// The number of its tenant.
    pub tenant: usize,
    /// What it does, and when.
    pub kind: Kind,
}

/// What a rule does, and when. Amounts in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Allows calls of this tier up to an amount, on accounts that are open or checked.
    Grant {
        /// The place of the tier in [`TIERS`].
        tier: usize,
        /// The most that is allowed.
        most: i64,
    },
    /// Denies calls of this tier above an amount, on accounts that are being checked.
    Cap {
        /// The place of the tier in [`TIERS`].
        tier: usize,
        /// Above this it is denied.
        above: i64,
    },
    /// Asks a person above an amount.
    Gate {
        /// Above this a person is asked.
        above: i64,
    },
    /// Hands over where the account's risk is above this.
    Escalation {
        /// From 0 to 99.
        risk: i64,
    },
}

/// A policy: rules of blocks, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its rules, without the one that keeps tenants apart.
    pub rules: Vec<Rule>,
}

/// A block's verb and tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The place of its verb in [`VERBS`].
    pub verb: usize,
    /// The number of its tenant.
    pub tenant: usize,
}

/// The place of a block.
#[must_use]
pub fn block(at: usize) -> Block {
    let (tenant, within) = (at / BLOCKS_PER_TENANT, at % BLOCKS_PER_TENANT);
    // Five verbs apart, so that a tenant's four are different and all twenty are used alike.
    Block { verb: (tenant + 5 * within) % VERBS.len(), tenant }
}

/// A tenant's name.
#[must_use]
pub fn tenant(number: usize) -> String {
    format!("tenant-{number:04}")
}

impl Policy {
    /// The policy of so many rules, to the next block. The same seed gives the same policy.
    #[must_use]
    pub fn new(rules: usize, seed: u64) -> Self {
        let mut chance = Rng::with_seed(seed);
        let rules = (0..rules.div_ceil(BLOCK)).flat_map(|at| rules_of(at, &mut chance)).collect();
        Self { rules }
    }

    /// How many blocks it has.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.rules.len() / BLOCK
    }

    /// How many tenants it speaks of.
    #[must_use]
    pub fn tenants(&self) -> usize {
        self.blocks().div_ceil(BLOCKS_PER_TENANT)
    }
}

fn rules_of(at: usize, chance: &mut Rng) -> [Rule; BLOCK] {
    let Block { verb, tenant } = block(at);
    let most = 100 * chance.i64(200..=1000);
    let kinds = [
        ("plus", Kind::Grant { tier: 1, most: most / 2 }),
        ("gold", Kind::Grant { tier: 2, most }),
        ("cap", Kind::Cap { tier: 2, above: most / 3 }),
        ("gate", Kind::Gate { above: most / 100 * chance.i64(30..=45) }),
        ("escalation", Kind::Escalation { risk: chance.i64(75..=90) }),
    ];
    kinds.map(|(name, kind)| Rule { name: format!("{name}_{at}"), verb, tenant, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_policy_and_a_larger_one_begins_with_the_smaller() {
        assert_eq!(Policy::new(100, 1), Policy::new(100, 1));
        assert_ne!(Policy::new(100, 1), Policy::new(100, 2));
        assert_eq!(Policy::new(1000, 1).rules[..100], Policy::new(100, 1).rules[..]);
    }

    #[test]
    fn all_verbs_are_used_and_a_tenants_blocks_differ() {
        let blocks: Vec<Block> = (0..80).map(block).collect();
        for verb in 0..VERBS.len() {
            assert_eq!(blocks.iter().filter(|block| block.verb == verb).count(), 4);
        }
        for (at, one) in blocks.iter().enumerate() {
            assert_eq!(blocks.iter().position(|other| other == one), Some(at));
        }
    }
}
