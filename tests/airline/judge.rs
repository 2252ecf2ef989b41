//! What decides: the runtime.

use agentc::files::compile_file;
use agentc::native::Native;
use agentc::records::Records;
use agentc::replay::{Clock, Decided, Recorded, Scene, handovers, reads, replay};
use agentc_runtime::policy::Policy;
use std::collections::BTreeSet;
use std::path::Path;

/// The airline's policy.
pub(crate) struct Judge {
    policy: Policy,
    reads: BTreeSet<String>,
    handovers: BTreeSet<String>,
}

impl Judge {
    /// Compiles the policy, which must be without a mistake.
    pub(crate) fn new() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/airline/airline.agentpolicy");
        let compiled = compile_file(&file).unwrap();
        assert!(compiled.diagnostics.is_empty(), "the policy has diagnostics");
        let program = compiled.program.unwrap();
        let (reads, handovers) = (reads(&program), handovers(&program));
        Self { policy: Policy::new(program, &agentc_stdlib::library()).unwrap(), reads, handovers }
    }

    /// Every call of a recorded run, decided in this world and the worlds that its calls leave.
    pub(crate) fn replay(&self, run: &Recorded, world: Records, clock: &mut Clock) -> Vec<Decided> {
        let scene = Scene { job: "serve_customer", reads: &self.reads, handovers: &self.handovers, group: Some("reward") };
        replay(scene, run, world, &mut Native::new(&self.policy), clock)
            .unwrap_or_else(|error| panic!("run {}: {error}", run.name))
    }
}
