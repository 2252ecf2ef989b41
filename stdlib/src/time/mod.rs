//! Functions on points in time.

pub(crate) mod earlier;
pub(crate) mod epoch_seconds;
pub(crate) mod later;
