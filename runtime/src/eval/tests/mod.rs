//! Every operator over known and unknown operands.

mod graph;
mod history;
mod known;
mod limits;
mod unknown;
