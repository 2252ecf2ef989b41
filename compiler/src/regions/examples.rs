//! A call for each region: found by the decision procedure, and kept only where the runtime answers it as the region says.

use super::{Cutting, Ends, Example, Region};
use crate::logic::Uses;
use crate::prove::{Played, Stage};
use crate::typed::{JobId, Typed, VerbId};
use agentc_runtime::answer::Outcome;
use agentc_runtime::library::Library;

/// Gives the regions their examples, as far as runs with a few earlier calls have them.
pub(super) fn find(regions: &mut [Region], typed: &Typed, uses: &Uses, job: JobId, verb: VerbId, library: &Library) {
    let Some(stage) = Stage::new(typed, uses, job, verb, library) else { return };
    for earlier in stage.sequences() {
        if regions.iter().all(|region| region.example.is_some() || region.outcome == Ends::Need) {
            return;
        }
        stage.after(&earlier, |asked| {
            let decision = asked.translator.decide(verb);
            let Some(mut cutting) = Cutting::new(typed, job, asked.translator.space) else { return };
            cutting.cut(&decision, verb);
            let (cut, formulas) = (cutting.regions, cutting.formulas);
            for (here, formula) in cut.iter().zip(formulas) {
                let wanted = regions.iter_mut().find(|region| region.outcome == here.outcome && region.by == here.by);
                let Some(region) = wanted.filter(|region| region.example.is_none() && region.outcome != Ends::Need) else {
                    continue;
                };
                let played = asked.run(formula).filter(|played| ends_so(region, played));
                region.example = played.map(|played| Example { events: played.events, told: played.told });
            }
        });
    }
}

/// Whether a run ends as the region says: outcome and deciding rules.
fn ends_so(region: &Region, played: &Played) -> bool {
    let answer = &played.answer;
    // A stop of the job is judged after every event, so the run may be over when the call comes.
    if region.outcome == Ends::Escalate {
        return region.by.iter().map(String::as_str).eq(played.stopped_by.as_deref());
    }
    let by = answer.by.as_ref().map(|by| by.rule.as_str());
    let decided_by = |name: Option<&str>| region.by.iter().map(String::as_str).eq(name);
    match (&answer.outcome, region.outcome) {
        (Outcome::Approval(requests), Ends::Approval) => {
            requests.len() == region.by.len() && requests.iter().all(|request| region.by.contains(&request.gate.rule))
        }
        (Outcome::Allow(_), Ends::Allow) => decided_by(by),
        (outcome, ends) => outcome.name() == ends.answer() && decided_by(by),
    }
}
