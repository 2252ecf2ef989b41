//! The requests of the agents' workload, and the world they are about: sessions, accounts.

use super::{Block, Policy, STATUSES, TIERS, VERBS, block, tenant};
use fastrand::Rng;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// When everything happens: nothing in this workload depends on time.
pub const AT: &str = "2026-05-04T10:00:00Z";

/// Accounts that a session's agent works on.
const ACCOUNTS: usize = 8;

/// An agent at work for a tenant: what a host knows before any request, and holds for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its name.
    pub id: String,
    /// The tenant it works for.
    pub tenant: String,
    /// What the tenant has bought.
    pub tier: String,
}

/// A record of the tenants' system: what a host looks up, and holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its key.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Its state.
    pub status: String,
    /// From 0 to 99.
    pub risk: i64,
}

/// A call that an agent wants to make: a line of JSON, as every engine gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Always `call`.
    pub event: String,
    /// The call's own name.
    pub id: String,
    /// What it wants to do.
    pub verb: String,
    /// To what, how much, and texts that no rule reads.
    pub args: Args,
    /// When.
    pub at: String,
}

/// The arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Args {
    /// The account's key.
    pub account: String,
    /// In cents.
    pub amount: i64,
    /// No rule reads it.
    pub ticket: String,
    /// No rule reads it.
    pub note: String,
}

/// A request: a line, and the session that it came in by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The place of its session.
    pub session: usize,
    /// The call as JSON.
    pub line: String,
}

/// Sessions, accounts and requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// The sessions.
    pub sessions: Vec<Session>,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// Which accounts a session's agent looks at, by place.
    pub looks_at: Vec<Vec<usize>>,
    /// The requests.
    pub requests: Vec<Request>,
}

impl World {
    /// A world for a policy. The same seed gives the same world.
    #[must_use]
    pub fn new(policy: &Policy, requests: usize, seed: u64) -> Self {
        let mut chance = Rng::with_seed(seed);
        let mut world = Self { sessions: Vec::new(), accounts: Vec::new(), looks_at: Vec::new(), requests: Vec::new() };
        let mut blocks = Vec::new();
        for number in 0..SESSIONS {
            let of = chance.usize(0..policy.tenants());
            let tier = pick(&mut chance, &[10, 35, 55]);
            world.sessions.push(Session { id: format!("run-{number}"), tenant: tenant(of), tier: TIERS[tier].to_owned() });
            let accounts = world.accounts_of(of, &mut chance);
            world.looks_at.push(accounts);
            blocks.push((0..policy.blocks()).map(block).filter(|block| block.tenant == of).collect::<Vec<_>>());
        }
        for number in 0..requests {
            let session = chance.usize(0..SESSIONS);
            let accounts = &world.looks_at[session];
            let account = world.accounts[accounts[chance.usize(0..accounts.len())]].id.clone();
            let call = call(number, account, &blocks[session], &mut chance);
            let line = serde_json::to_string(&call).expect("a call is JSON");
            world.requests.push(Request { session, line });
        }
        world
    }

    /// New accounts: all but the last of the tenant's own.
    fn accounts_of(&mut self, of: usize, chance: &mut Rng) -> Vec<usize> {
        let first = self.accounts.len();
        for number in 0..ACCOUNTS {
            let owner = if number + 1 == ACCOUNTS { of + 1 } else { of };
            let status = STATUSES[pick(chance, &[60, 35, 5])].to_owned();
            self.accounts.push(Account {
                id: format!("acc-{}", first + number),
                tenant: tenant(owner),
                status,
                risk: chance.i64(0..100),
            });
        }
        (first..first + ACCOUNTS).collect()
    }

    /// Writes the world into a case's folder.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        let lines: String = self.requests.iter().map(|request| format!("{} {}\n", request.session, request.line)).collect();
        let write = |name: &str, text: String| fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"));
        let json = |value: Result<String, serde_json::Error>| value.map_err(|error| error.to_string());
        write("sessions.json", json(serde_json::to_string(&self.sessions))?)?;
        write("accounts.json", json(serde_json::to_string(&self.accounts))?)?;
        write("looks_at.json", json(serde_json::to_string(&self.looks_at))?)?;
        write("requests.txt", lines)
    }

    /// Reads the world of a case.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let requests = read("requests.txt")?;
        let requests = requests.lines().map(|line| {
            let (session, line) = line.split_once(' ').ok_or("a request without a session")?;
            Ok(Request { session: session.parse().map_err(|_| "a session that is no number")?, line: line.to_owned() })
        });
        Ok(Self {
            sessions: serde_json::from_str(&read("sessions.json")?).map_err(|error| error.to_string())?,
            accounts: serde_json::from_str(&read("accounts.json")?).map_err(|error| error.to_string())?,
            looks_at: serde_json::from_str(&read("looks_at.json")?).map_err(|error| error.to_string())?,
            requests: requests.collect::<Result<_, &str>>()?,
        })
    }
}

/// How many agents are at work.
const SESSIONS: usize = 64;

fn call(number: usize, account: String, blocks: &[Block], chance: &mut Rng) -> Call {
    // One call in ten is of any verb: most of these nobody granted.
    let verb = if chance.usize(0..10) == 0 || blocks.is_empty() {
        chance.usize(0..VERBS.len())
    } else {
        blocks[chance.usize(0..blocks.len())].verb
    };
    // Small amounts are more frequent than large ones.
    let amount = 100 + chance.i64(0..300).pow(2);
    let args = Args {
        account,
        amount,
        ticket: format!("T-{}", 10_000 + chance.usize(0..90_000)),
        note: NOTES[chance.usize(0..NOTES.len())].to_owned(),
    };
    Call { event: "call".to_owned(), id: format!("c{number}"), verb: VERBS[verb].to_owned(), args, at: AT.to_owned() }
}

/// The place of one of these, each as frequent as its weight.
fn pick(chance: &mut Rng, weights: &[usize]) -> usize {
    let mut left = chance.usize(0..weights.iter().sum());
    for (place, weight) in weights.iter().enumerate() {
        if left < *weight {
            return place;
        }
        left -= weight;
    }
    0
}

const NOTES: [&str; 4] = [
    "The parcel arrived broken; the customer sent two pictures.",
    "Asked for twice by telephone, once by letter.",
    "Agreed with the account manager on Monday, see the ticket.",
    "No reply since last week, so it is done now as the contract says.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_world() {
        let policy = Policy::new(100, 1);
        assert_eq!(World::new(&policy, 50, 1), World::new(&policy, 50, 1));
        assert_ne!(World::new(&policy, 50, 1), World::new(&policy, 50, 2));
    }

    #[test]
    fn calls_are_about_the_accounts_of_their_session_and_all_but_one_are_its_tenants() {
        let world = World::new(&Policy::new(1000, 1), 500, 1);
        for request in &world.requests {
            let call: Call = serde_json::from_str(&request.line).unwrap();
            let place = world.accounts.iter().position(|account| account.id == call.args.account).unwrap();
            assert!(world.looks_at[request.session].contains(&place));
        }
        for (session, accounts) in world.sessions.iter().zip(&world.looks_at) {
            let own = accounts.iter().filter(|at| world.accounts[**at].tenant == session.tenant).count();
            assert_eq!(own, ACCOUNTS - 1);
        }
    }
}
