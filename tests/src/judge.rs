//! Recorded runs of an example, decided by both evaluators, which must agree on every answer.

use crate::both::Both;
use crate::corpus::{compiled, repository};
use agentc::records::Records;
use agentc::replay::{Clock, Decided, Decider, Recorded, Scene, handovers, reads, replay};
use agentc_compiler::typed::Typed;
use agentc_runtime::answer::Answer;
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use std::collections::BTreeSet;

/// An example's policy, and what its runs share.
#[derive(Debug)]
pub struct Judge {
    policy: Policy,
    typed: Typed,
    reads: BTreeSet<String>,
    handovers: BTreeSet<String>,
    job: &'static str,
    group: Option<&'static str>,
}

impl Judge {
    /// Compiles the policy `examples/NAME/NAME.agentpolicy`; its runs are of this job, and are told apart by this member of their lines.
    #[must_use]
    pub fn new(example: &str, job: &'static str, group: Option<&'static str>) -> Self {
        let path = repository().join("examples").join(example).join(format!("{example}.agentpolicy"));
        let sound = compiled(&path).unwrap_or_else(|error| panic!("{error}"));
        let (reads, handovers) = (reads(&sound.program), handovers(&sound.program));
        Self { policy: sound.policy(), typed: sound.typed, reads, handovers, job, group }
    }

    /// Every call of a recorded run, decided in this world and the worlds that its calls leave.
    pub fn replay(&self, run: &Recorded, world: Records, clock: &mut Clock) -> Vec<Decided> {
        let scene = Scene { job: self.job, reads: &self.reads, handovers: &self.handovers, group: self.group };
        let mut agreed = Agreed(Both::new(&self.policy, &self.typed));
        let decided = replay(scene, run, world, &mut agreed, clock).unwrap_or_else(|error| panic!("run {}: {error}", run.name));
        agreed.0.agree(&format!("run {}", run.name));
        decided
    }
}

struct Agreed<'a>(Both<'a>);

impl Decider for Agreed<'_> {
    fn send(&mut self, event: Event) -> Result<Answer, String> {
        Ok(self.0.send(&event))
    }
}
