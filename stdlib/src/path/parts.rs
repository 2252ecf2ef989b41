//! `path.parts`.

use crate::arguments::{one, parameter};
use crate::results::list;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::path;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.parts",
    summary: "The parts of the path from the root on.",
    details: "",
    params: &[parameter("p", Shape::Path)],
    result: Shape::List(&Shape::Text),
    examples: &[Example { call: "path.parts(\"/srv/data/a.txt\")", gives: "[\"srv\", \"data\", \"a.txt\"]" }],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    list(path::parts(one(arguments)?).map(Value::text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_no_parts() {
        assert_eq!(apply(&[Value::text("/srv/a")]), Ok(Value::List([Value::text("srv"), Value::text("a")].into())));
        assert_eq!(apply(&[Value::text("/")]), Ok(Value::List([].into())));
    }
}
