//! Every row of the decision table and every settled detail, over small policies, as a host would see them.

mod approvals;
mod host;
mod limits;
mod pauses;
mod records;
mod results;
mod rows;
mod sessions;
mod traces;
mod undoing;
