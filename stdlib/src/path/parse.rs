//! `path.parse`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::path;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.parse",
    summary: "The text as a path in normal form, or none where it is no path.",
    details: "What is doubtful is no path.",
    params: &[parameter("x", Shape::Text)],
    result: Shape::Optional(&Shape::Path),
    examples: &[
        Example { call: "path.parse(\"/srv/data/../x\")", gives: "\"/srv/x\"" },
        Example { call: "path.parse(\"srv/data\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    optional(path::normalise(one(arguments)?).ok().map(|normal| Value::text(&normal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strictly() {
        assert_eq!(apply(&[Value::text("/srv/data/../x")]), Ok(Value::text("/srv/x")));
        assert_eq!(apply(&[Value::text("srv/data")]), Ok(Value::None));
    }
}
