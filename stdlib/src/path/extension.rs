//! `path.extension`.

use crate::arguments::{one, parameter};
use crate::results::optional;
use agentc_runtime::library::{Example, Function, Shape};
use agentc_runtime::text::path;
use agentc_runtime::value::{Fault, Value};

pub(crate) static FUNCTION: Function = Function {
    name: "path.extension",
    summary: "What follows the last dot in the last part of the path, or none where there is none.",
    details: "As written, upper and lower case kept. A name that begins with its only dot has none.",
    params: &[parameter("p", Shape::Path)],
    result: Shape::Optional(&Shape::Text),
    examples: &[
        Example { call: "path.extension(\"/srv/report.tar.gz\")", gives: "\"gz\"" },
        Example { call: "path.extension(\"/srv/.env\")", gives: "none" },
    ],
    apply,
};

fn apply(arguments: &[Value]) -> Result<Value, Fault> {
    let name = path::parts(one(arguments)?).next_back().unwrap_or("");
    let extension = name.rsplit_once('.').filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty());
    optional(extension.map(|(_, extension)| Value::text(extension)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_dot_makes_none() {
        assert_eq!(apply(&[Value::text("/a/b.PDF")]), Ok(Value::text("PDF")));
        assert_eq!(apply(&[Value::text("/a/b")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("/a.b/c")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("/a/.env")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("/a/b.")]), Ok(Value::None));
        assert_eq!(apply(&[Value::text("/")]), Ok(Value::None));
    }
}
