//! Functions on calendar days.

pub(crate) mod add_days;
pub(crate) mod add_months;
pub(crate) mod day;
pub(crate) mod days_between;
pub(crate) mod end_of_month;
pub(crate) mod month;
pub(crate) mod weekday;
pub(crate) mod year;
