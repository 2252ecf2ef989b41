//! `path.name`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::path;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.name",
    summary: "The last part of the path, or none of `/`.",
    details: "",
    params: &[parameter("p", Shape::Path)],
    result: Shape::Optional(&Shape::Text),
    examples: &[
        Example { call: "path.name(\"/srv/data/a.txt\")", gives: "\"a.txt\"" },
        Example { call: "path.name(\"/\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    optional(path::parts(one(arguments)?).next_back().map(Value::text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_none() {
        assert_eq!(apply(&[Value::text("/srv/a.txt")]), Ok(Value::text("a.txt")));
        assert_eq!(apply(&[Value::text("/")]), Ok(Value::None));
    }
}
