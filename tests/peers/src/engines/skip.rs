//! The floor: each request's bytes are validated as JSON and skipped, and nothing is decided.

use crate::agents::requests::World;
use agentc_peers_worker::{Decision, Engine};
use serde::de::IgnoredAny;
use std::path::Path;

/// Reads and decides nothing.
#[derive(Debug)]
pub struct Skip(Vec<Vec<u8>>);

impl Engine for Skip {
    type Source = ();
    type Policy = ();

    fn read(_folder: &Path) -> Result<(), String> {
        Ok(())
    }

    fn size(_source: &()) -> usize {
        0
    }

    fn load(_source: &()) -> Result<(), String> {
        Ok(())
    }

    fn ready(_policy: (), folder: &Path) -> Result<Self, String> {
        Ok(Self(World::read(folder)?.requests.into_iter().map(|request| request.line.into_bytes()).collect()))
    }

    fn requests(&self) -> usize {
        self.0.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        serde_json::from_slice::<IgnoredAny>(&self.0[at]).map_or(Decision::Failed, |_| Decision::Deny)
    }

    fn prepared(&mut self, _at: usize) -> Decision {
        Decision::Failed
    }
}
