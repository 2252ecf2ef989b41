//! Links between entities, and their closure.

use super::LINKED;
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// Which entity is directly in which, by name.
#[derive(Debug, Default)]
pub struct Links(BTreeMap<String, Vec<String>>);

impl Links {
    /// Puts an entity into another.
    pub fn put(&mut self, entity: &str, into: &str) {
        self.0.entry(entity.to_owned()).or_default().push(into.to_owned());
    }

    /// What an entity is directly in.
    pub fn parents(&self, entity: &str) -> &[String] {
        self.0.get(entity).map_or(&[], Vec::as_slice)
    }

    /// All that an entity is in, itself included.
    pub fn closure(&self, entity: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::from([entity.to_owned()]);
        let mut open = vec![entity.to_owned()];
        while let Some(next) = open.pop() {
            for parent in self.parents(&next) {
                if found.insert(parent.clone()) {
                    open.push(parent.clone());
                }
            }
        }
        found
    }
}

/// Whether two entities are linked.
pub fn linked(chance: &mut Rng) -> bool {
    chance.f64() < LINKED
}

/// One of these.
pub fn one_of(chance: &mut Rng, words: &[&'static str]) -> &'static str {
    words[chance.usize(0..words.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closure_follows_links_of_links() {
        let mut links = Links::default();
        links.put("a", "b");
        links.put("b", "c");
        links.put("d", "a");
        assert_eq!(links.closure("a"), ["a", "b", "c"].map(str::to_owned).into());
        assert_eq!(links.closure("c"), ["c"].map(str::to_owned).into());
    }
}
