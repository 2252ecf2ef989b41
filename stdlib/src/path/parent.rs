//! `path.parent`.

use crate::arguments::{one, parameter};
use crate::results::text;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.parent",
    summary: "The path without its last part, or none of `/`.",
    details: "",
    params: &[parameter("p", Shape::Path)],
    result: Shape::Optional(&Shape::Path),
    examples: &[
        Example { call: "path.parent(\"/srv/data/a.txt\")", gives: "\"/srv/data\"" },
        Example { call: "path.parent(\"/srv\")", gives: "\"/\"" },
        Example { call: "path.parent(\"/\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let p = one::<&str>(arguments)?;
    match p.rsplit_once('/') {
        Some((_, "")) | None => Ok(Value::None),
        Some(("", _)) => text("/"),
        Some((parent, _)) => text(parent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_none() {
        assert_eq!(apply(&[Value::text("/srv/data/a")]), Ok(Value::text("/srv/data")));
        assert_eq!(apply(&[Value::text("/srv")]), Ok(Value::text("/")));
        assert_eq!(apply(&[Value::text("/")]), Ok(Value::None));
    }
}
