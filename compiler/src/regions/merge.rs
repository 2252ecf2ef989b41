//! Fewer regions: neighbours of one outcome become one, where there would be too many to read.

use super::Region;

/// So many rules of a merged region are named.
const NAMED: usize = 5;

/// The regions, neighbours of one outcome put together where there are more than so many; and whether any were.
pub(super) fn merged(regions: Vec<Region>, most: usize) -> (Vec<Region>, bool) {
    if regions.len() <= most {
        return (regions, false);
    }
    let mut groups: Vec<Vec<Region>> = Vec::new();
    for region in regions {
        match groups.last_mut() {
            Some(group) if group.first().is_some_and(|first| first.outcome == region.outcome) => group.push(region),
            _ => groups.push(vec![region]),
        }
    }
    (groups.into_iter().filter_map(together).collect(), true)
}

fn together(group: Vec<Region>) -> Option<Region> {
    let count = group.len();
    let sure = group.iter().any(|region| region.sure);
    let mut all: Vec<String> = group.iter().flat_map(|region| region.by.iter().cloned()).collect();
    let mut regions = group.into_iter();
    let first = regions.next()?;
    if count == 1 {
        return Some(first);
    }
    let rules = all.len();
    all.truncate(NAMED);
    let when = vec![format!("one of {rules} rules holds")];
    Some(Region { by: all, when, sure, ..first })
}

#[cfg(test)]
mod tests {
    use super::super::Ends;
    use super::*;

    fn region(outcome: Ends, name: &str) -> Region {
        Region { outcome, by: vec![name.to_owned()], when: vec![name.to_owned()], loc: None, example: None, sure: true }
    }

    #[test]
    fn neighbours_of_one_outcome_become_one_where_there_are_too_many() {
        let many = |count: usize| {
            let mut all = vec![region(Ends::Deny, "no")];
            all.extend((0..count).map(|at| region(Ends::Allow, &format!("a{at}"))));
            all
        };
        assert_eq!(merged(many(3), 4), (many(3), false));
        let (regions, was) = merged(many(9), 4);
        assert!(was);
        assert_eq!(regions.len(), 2);
        assert_eq!(regions[0], region(Ends::Deny, "no"));
        assert_eq!(regions[1].when, ["one of 9 rules holds"]);
        assert_eq!(regions[1].by, ["a0", "a1", "a2", "a3", "a4"]);
    }
}
