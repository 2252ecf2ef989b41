//! Requests for approval that are open in a run.

use crate::event::Person;
use crate::json::Json;
use crate::program::{GateId, RuleId, VerbId};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// An open request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) id: Arc<str>,
    /// The rule that asks: the gate's own, or the limit that names it.
    pub(crate) rule: RuleId,
    pub(crate) gate: GateId,
    pub(crate) call: Arc<str>,
    pub(crate) verb: VerbId,
    /// The canonical arguments.
    pub(crate) canonical: Arc<str>,
    /// What it binds, digested.
    pub(crate) binds: String,
    /// The values it binds.
    pub(crate) values: Vec<BoundValue>,
    /// What the approver sees.
    pub(crate) show: Vec<(String, Result<Json, String>)>,
    /// Who is asked now.
    pub(crate) stage: usize,
    /// For each group of each stage, the identity that its expression gave.
    pub(crate) identities: Vec<Vec<Option<String>>>,
    /// When this stage ends.
    pub(crate) expires: Option<Timestamp>,
    /// Who said yes at this stage.
    pub(crate) grants: Vec<Person>,
    /// What changed since the request that this one replaces.
    pub(crate) difference: Vec<(String, Json, Json)>,
    /// Bytes of JSON that it holds.
    pub(crate) size: usize,
}

/// A value that a request binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoundValue {
    pub(crate) label: String,
    /// As it is; or the causes of its being unknown.
    pub(crate) value: Result<Json, String>,
    /// As it may be shown.
    pub(crate) shown: Result<Json, String>,
}

/// Whether people can be found, each different, for all places: `fits[place]` lists the people who could take it. Each person
/// takes one place at most.
pub(crate) fn can_fill(fits: &[Vec<usize>]) -> bool {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    (0..fits.len()).all(|place| seat(place, fits, &mut taken, &mut BTreeSet::new()))
}

/// Finds somebody for a place, moving others to other places where that helps (Kuhn's augmenting paths).
fn seat(place: usize, fits: &[Vec<usize>], taken: &mut Vec<(usize, usize)>, tried: &mut BTreeSet<usize>) -> bool {
    for person in fits.get(place).into_iter().flatten().copied() {
        if !tried.insert(person) {
            continue;
        }
        let holds = taken.iter().find(|(who, _)| *who == person).map(|(_, at)| *at);
        if holds.is_none_or(|other| seat(other, fits, taken, tried)) {
            taken.retain(|(who, at)| *who != person && *at != place);
            taken.push((person, place));
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_people_fill_distinct_places() {
        // Ann could take both, Bob only the first: Ann takes the second.
        assert!(can_fill(&[vec![0, 1], vec![0]]));
        assert!(can_fill(&[vec![0], vec![0, 1]]));
        assert!(!can_fill(&[vec![0], vec![0]]));
        assert!(!can_fill(&[vec![0, 1], vec![0, 1], vec![0, 1]]));
        assert!(can_fill(&[vec![0, 1, 2], vec![0, 1], vec![0]]));
        assert!(can_fill(&[]));
        assert!(!can_fill(&[vec![]]));
    }
}
