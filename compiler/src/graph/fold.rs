//! A large picture, one box for each rank of a lane.

use super::{Exit, Lane, Outcome, Picture, Shown, Step};

/// Folds what is of one rank, and lanes that never allow.
pub(super) fn folded(picture: Picture) -> Picture {
    let lanes = if picture.of_one_verb { picture.lanes } else { merged(picture.lanes) };
    let lanes = lanes.into_iter().map(|lane| Lane { steps: ranks(lane.steps), ..lane }).collect();
    Picture { trunk: ranks(picture.trunk), lanes, ..picture }
}

/// Neighbours of one rank as one step.
fn ranks(steps: Vec<Step>) -> Vec<Step> {
    let mut folded: Vec<Step> = Vec::new();
    for step in steps {
        match folded.last_mut().filter(|last| last.rank == step.rank) {
            Some(last) => {
                last.rules.extend(step.rules);
                for exit in step.exits {
                    if !last.exits.iter().any(|known| known.outcome == exit.outcome) {
                        last.exits.push(exit);
                    }
                }
                told_apart(&mut last.exits);
                // A call goes on where the last of the rules lets it.
                last.onward = step.onward;
                last.folded = true;
            }
            None => folded.push(Step { folded: step.rules.len() > 1, ..step }),
        }
    }
    folded
}

/// Two ways out of one box that would both say `yes` say where they lead.
fn told_apart(exits: &mut [Exit]) {
    if exits.iter().filter(|exit| exit.label == "yes").count() < 2 {
        return;
    }
    for exit in exits.iter_mut().filter(|exit| exit.label == "yes") {
        exit.label = match exit.outcome {
            Outcome::Escalate => "one stops it",
            Outcome::Paused => "one pauses it",
            Outcome::Approval => "one asks",
            Outcome::Allow | Outcome::Need | Outcome::Deny => "one forbids it",
        };
    }
}

/// Lanes of verbs that are always denied, as one.
fn merged(lanes: Vec<Lane>) -> Vec<Lane> {
    let is_denied = |lane: &Lane| !lane.allows && lane.steps.len() == 1;
    if lanes.iter().filter(|lane| is_denied(lane)).count() < 2 {
        return lanes;
    }
    let (denied, mut others): (Vec<Lane>, Vec<Lane>) = lanes.into_iter().partition(is_denied);
    let verbs: Vec<String> = denied.iter().flat_map(|lane| lane.verbs.clone()).collect();
    let rules: Vec<Shown> = denied.iter().flat_map(|lane| &lane.steps).flat_map(|step| step.rules.clone()).collect();
    let exits: Vec<Exit> = denied.iter().flat_map(|lane| &lane.steps).take(1).flat_map(|step| step.exits.clone()).collect();
    let rank = denied.iter().flat_map(|lane| &lane.steps).map(|step| step.rank).min().unwrap_or(super::Rank::Forbids);
    others.push(Lane { verbs, steps: vec![Step { rank, rules, exits, onward: None, folded: true }], allows: false });
    others
}

impl Step {
    /// What a folded step says: how many rules, and which.
    pub(super) fn summary(&self) -> (String, String) {
        let names: Vec<&str> = self.rules.iter().map(|rule| rule.name.as_str()).collect();
        (self.rank.counted(self.rules.len()), names.join(", "))
    }
}
