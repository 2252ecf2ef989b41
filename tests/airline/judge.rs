//! What decides: both evaluators, which must agree on every answer.

use agentc::records::Records;
use agentc::replay::{Clock, Decided, Decider, Recorded, Scene, handovers, reads, replay};
use agentc_compiler::typed::Typed;
use agentc_runtime::answer::Answer;
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;
use agentc_tests::corpus::{compiled, repository};
use std::collections::BTreeSet;

/// The airline's policy.
pub(crate) struct Judge {
    policy: Policy,
    typed: Typed,
    reads: BTreeSet<String>,
    handovers: BTreeSet<String>,
}

impl Judge {
    /// Compiles the policy.
    pub(crate) fn new() -> Self {
        let sound = compiled(&repository().join("examples/airline/airline.agentpolicy")).unwrap();
        let (reads, handovers) = (reads(&sound.program), handovers(&sound.program));
        Self { policy: sound.policy(), typed: sound.typed, reads, handovers }
    }

    /// Every call of a recorded run, decided in this world and the worlds that its calls leave.
    pub(crate) fn replay(&self, run: &Recorded, world: Records, clock: &mut Clock) -> Vec<Decided> {
        let scene = Scene { job: "serve_customer", reads: &self.reads, handovers: &self.handovers, group: Some("reward") };
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
