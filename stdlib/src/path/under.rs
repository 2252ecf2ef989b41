//! `path.under`.

use crate::arguments::{parameter, two};
use crate::results::boolean;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::path;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.under",
    summary: "Whether the path is the base or lies below it, part by part.",
    details: "The operator `p under base` is this function. Both are in normal form, so `..` cannot climb out.",
    params: &[parameter("p", Shape::Path), parameter("base", Shape::Path)],
    result: Shape::Bool,
    examples: &[
        Example { call: "path.under(\"/srv/data/a.txt\", \"/srv/data\")", gives: "true" },
        Example { call: "path.under(\"/srv/database\", \"/srv/data\")", gives: "false" },
        Example { call: "path.under(\"/srv/data/../x\", \"/srv/data\")", gives: "false" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let (p, base) = two::<&str, &str>(arguments)?;
    boolean(path::is_under(p, base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_part_by_part() {
        assert_eq!(apply(&[Value::text("/srv/data/a"), Value::text("/srv/data")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("/srv/data"), Value::text("/srv/data")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("/srv/database"), Value::text("/srv/data")]), Ok(Value::Bool(false)));
        assert_eq!(apply(&[Value::text("/anything"), Value::text("/")]), Ok(Value::Bool(true)));
        assert_eq!(apply(&[Value::text("/srv"), Value::text("/srv/data")]), Ok(Value::Bool(false)));
    }
}
