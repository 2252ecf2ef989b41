//! The calls that people are asked about: all gates that hold are asked at once.

use super::{Cutting, Ends, Region};
use crate::logic::{Formula, RuleTruth};

/// Up to so many gates, each combination that occurs is a region of its own.
const COMBINED: usize = 4;

impl Cutting<'_, '_> {
    /// Regions of calls that people are asked about.
    pub(super) fn gates(&mut self, gates: &[RuleTruth], asked: Formula) {
        let mut alive: Vec<RuleTruth> = Vec::new();
        for gate in gates {
            let here = self.space.all([self.rest, asked, gate.truth.is_true]);
            match self.is_there(here) {
                Some(_) => alive.push(gate.clone()),
                None => self.idle.extend(self.job.rules.get(gate.rule as usize).map(|rule| rule.name.clone())),
            }
        }
        if alive.len() > COMBINED {
            // Each by itself: a call that several of them ask about stands in the region of the first.
            for gate in alive {
                self.take(gate.rule, gate.truth.is_true);
            }
            return;
        }
        // The calls that most gates ask about first, so that each line says only what holds.
        let mut choices: Vec<Vec<RuleTruth>> = vec![Vec::new()];
        for gate in &alive {
            let with: Vec<Vec<RuleTruth>> =
                choices.iter().map(|chosen| chosen.iter().cloned().chain([gate.clone()]).collect()).collect();
            choices.extend(with);
        }
        choices.sort_by_key(|chosen| std::cmp::Reverse(chosen.len()));
        for chosen in choices.into_iter().filter(|chosen| !chosen.is_empty()) {
            self.combination(&chosen);
        }
    }

    fn combination(&mut self, chosen: &[RuleTruth]) {
        let holds = self.space.all(chosen.iter().map(|gate| gate.truth.is_true));
        let here = self.space.both(self.rest, holds);
        let Some(sure) = self.is_there(here) else { return };
        let job = self.job;
        let rules: Vec<_> = chosen.iter().filter_map(|gate| job.rules.get(gate.rule as usize)).collect();
        let mut when: Vec<String> = Vec::new();
        for said in rules.iter().flat_map(|rule| self.english.rule(rule).when) {
            if !when.contains(&said) {
                when.push(said);
            }
        }
        let by = rules.iter().map(|rule| rule.name.clone()).collect();
        let loc = rules.first().map(|rule| rule.loc);
        self.push(Region { outcome: Ends::Approval, by, when, loc, example: None, sure }, here);
        self.rest = self.space.both(self.rest, !holds);
    }
}
