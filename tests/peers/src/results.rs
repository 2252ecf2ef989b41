//! What a run measured: kept as a file, so that tables and plots are made from it and never typed.

use crate::measure::Row;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that was measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The machine and the manner of each part, by its name: a paragraph for people. Parts may come from different runs.
    pub where_and_how: BTreeMap<String, String>,
    /// What the engines are called, by name, with their versions.
    pub titles: BTreeMap<String, String>,
    /// The agents' workload, a case a size.
    pub agents: Vec<Case>,
    /// The three workloads of the Cedar paper, a case a size.
    pub paper: Vec<Case>,
    /// Rules about history, a case a size.
    pub history: Vec<Case>,
    /// Loading: checks of 1,000 rules.
    pub checking: Vec<Row>,
    /// Loading: 10,000 rules, from what is kept of them.
    pub loading: Vec<Row>,
}

/// One policy with one stream of requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The workload's name.
    pub name: String,
    /// Rules, or entities of a kind.
    pub size: usize,
    /// How many requests there are.
    pub requests: usize,
    /// Their mean length in bytes.
    pub request_bytes: usize,
    /// Percentages of what was decided: allow, approval, deny, escalate.
    pub mix: [f64; 4],
    /// What was measured.
    pub rows: Vec<Row>,
}

impl Case {
    /// The row of an engine.
    #[must_use]
    pub fn row(&self, engine: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.engine == engine)
    }
}

/// Percentages of the four decisions in a text of their letters.
#[must_use]
pub fn mix(decisions: &str) -> [f64; 4] {
    ['a', 'p', 'd', 'e'].map(|letter| {
        let count = decisions.chars().filter(|it| *it == letter).count();
        count as f64 * 100.0 / decisions.len().max(1) as f64
    })
}
