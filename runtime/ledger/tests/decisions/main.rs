//! Every row of the decision table and every settled detail, over small policies, as a host would see them.

#[cfg(test)]
mod approvals;
#[cfg(test)]
mod host;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod pauses;
#[cfg(test)]
mod records;
#[cfg(test)]
mod results;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod undoing;
