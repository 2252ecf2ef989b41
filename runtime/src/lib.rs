//! What an agent's policy does while the agent runs: it decides every call. Pure: no files, no clock, no threads.
//!
//! | to | call | what comes out |
//! |---|---|---|
//! | decide an event, for the agent, its person and the trace | [`decide::decide`] | the answer, the next run, the commit |
//! | decide an event, telling only what the host needs to go on | [`decide::decide_in`] with [`Detail::Brief`](decide::Detail) | the same, without sentences, values and the lists of rules |
//! | ask what a call *would* be answered | [`preview::preview`], or [`preview::Prepared`] for a call that is asked about often | outcome and deciding rule; no permission, nothing changes |

pub mod answer;
pub mod artifact;
pub mod bind;
pub mod cell;
pub mod decide;
pub mod decimal;
mod digest;
pub mod eval;
pub mod event;
pub mod index;
pub mod json;
pub mod library;
pub mod pattern;
pub mod policy;
pub mod preview;
pub mod program;
pub mod run;
mod slots;
pub mod text;
pub mod trace;
pub mod types;
pub mod value;
pub mod verify;
pub mod zone;

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod testing;
