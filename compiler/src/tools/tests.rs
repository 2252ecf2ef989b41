//! Declared types beside schemas: what fits, and what is said of what does not.

use super::{Mismatch, ToolList, check};
use crate::compile;
use crate::source::NoFiles;
use crate::typed::{SourceFile, Typed};
use agentc_runtime::library::Library;

fn typed(text: &str) -> Typed {
    let library = Library { functions: Vec::new(), modules: Vec::new() };
    let text = format!("policy tests.tools {{ version \"1\" }}\n{text}");
    let compiled = compile(SourceFile { name: "policy.agentpolicy".into(), text: text.clone() }, &NoFiles, &library);
    compiled.typed.unwrap_or_else(|| panic!("{text}\n{:?}", compiled.diagnostics))
}

fn list(tools: &str) -> ToolList {
    ToolList::read(None, "tools.json", tools.as_bytes()).unwrap_or_else(|error| panic!("{tools}: {error}"))
}

fn said(policy: &str, tools: &str) -> Vec<String> {
    let found = check(&typed(policy), &[list(tools)], &[]).unwrap();
    found.into_iter().map(|one| format!("{} {}", one.code.id, one.message)).collect()
}

/// What is said of one parameter `x` of this type beside this schema.
fn parameter(ty: &str, schema: &str) -> String {
    let policy = format!(
        "enum Colour {{ red, dark_blue as \"dark-blue\" }}\nrecord Part {{ sku: Text, pieces: Int? }}\ntool t {{ read v(x: {ty}) }}"
    );
    let tools =
        format!(r#"[{{"name": "v", "inputSchema": {{"type": "object", "properties": {{"x": {schema}}}, "required": ["x"]}}}}]"#);
    said(&policy, &tools).join("; ")
}

#[test]
fn what_fits_a_parameter() {
    for (ty, schema) in [
        ("Text", r#"{"type": "string"}"#),
        ("Email", r#"{"type": "string", "format": "email"}"#),
        ("Int", r#"{"type": "integer"}"#),
        ("Int", r#"{"type": "number"}"#),
        ("Decimal", r#"{"type": ["number", "null"]}"#),
        ("Money(USD)", r#"{"type": "number"}"#),
        ("Money(USD)", r#"{"type": "object", "properties": {"amount": {}, "currency": {}}}"#),
        ("Time", r#"{"type": "string"}"#),
        ("Bool", r#"{"anyOf": [{"type": "boolean"}, {"type": "null"}]}"#),
        ("Colour", r#"{"enum": ["red", "dark-blue", "green"]}"#),
        ("Colour", r#"{"type": "string"}"#),
        ("List<Text>", r#"{"type": "array", "items": {"type": "string"}}"#),
        ("List<Part>", r#"{"type": "array", "items": {"properties": {"sku": {"type": "string"}}, "required": ["sku"]}}"#),
        ("Map<Text, Int>", r#"{"type": "object", "additionalProperties": {"type": "integer"}}"#),
        ("Text", "{}"),
        ("Text", r#"{"anyOf": [{"type": "integer"}, {"type": "string"}]}"#),
    ] {
        assert_eq!(parameter(ty, schema), "", "{ty} beside {schema}");
    }
}

#[test]
fn what_does_not_fit_a_parameter() {
    for (ty, schema, message) in [
        ("Text", r#"{"type": "integer"}"#, "AP1105 `x` is declared as `Text`, and the tool `v` takes an integer"),
        ("Decimal", r#"{"type": "integer"}"#, "AP1105 `x` is declared as `Decimal`, and the tool `v` takes an integer"),
        (
            "Money(USD)",
            r#"{"type": "boolean"}"#,
            "AP1105 `x` is declared as `Money(USD)`, and the tool `v` takes `true` or `false`",
        ),
        ("Int", r#"{"type": ["string", "null"]}"#, "AP1105 `x` is declared as `Int`, and the tool `v` takes a text"),
        ("Colour", r#"{"enum": ["red", "green"]}"#, "AP1105 `x` may be `dark-blue`, which the tool `v` does not take"),
        (
            "List<Int>",
            r#"{"type": "array", "items": {"type": "string"}}"#,
            "AP1105 `x[]` is declared as `Int`, and the tool `v` takes a text",
        ),
        ("Text?", r#"{"type": "string"}"#, "AP1104 the tool `v` requires `x`, and here it may be left out"),
        (
            "List<Part>",
            r#"{"type": "array", "items": {"properties": {"sku": {"type": "string"}, "lot": {"type": "string"}}, "required": ["sku", "lot"]}}"#,
            "AP1104 the tool `v` requires `x[].lot`, which `t.v` does not declare",
        ),
        (
            "Part",
            r#"{"type": "object", "properties": {"sku": {"type": "string"}}, "additionalProperties": false}"#,
            "AP1103 the tool `v` takes no `x.pieces`",
        ),
        ("Part", r#"{"type": "object", "properties": {"skew": {"type": "string"}}}"#, "AP1103 the tool `v` takes no `x.sku`"),
    ] {
        assert_eq!(parameter(ty, schema), message, "{ty} beside {schema}");
    }
}

/// What is said of a result with one field `x` of this type.
fn result(ty: &str, schema: &str, required: &str) -> String {
    let policy = format!("enum Colour {{ red, green }}\ntool t {{ record R {{ x: {ty} }}\nread v() -> R }}");
    let tools = format!(
        r#"[{{"name": "v", "inputSchema": {{}}, "outputSchema": {{"type": "object", "properties": {{"x": {schema}}}, "required": {required}}}}}]"#
    );
    said(&policy, &tools).join("; ")
}

#[test]
fn results_are_compared_the_other_way_round() {
    let missing = "AP1106 the tool `v` may leave out `x`, which is declared as always there";
    for (ty, schema, required, message) in [
        ("Decimal", r#"{"type": "integer"}"#, r#"["x"]"#, ""),
        ("Int", r#"{"type": "number"}"#, r#"["x"]"#, "AP1106 the tool `v` gives a number for `x`, which is declared as `Int`"),
        ("Text", r#"{"type": "string"}"#, "[]", missing),
        ("Text", r#"{"type": ["string", "null"]}"#, r#"["x"]"#, missing),
        ("Text?", r#"{"type": ["string", "null"]}"#, "[]", ""),
        ("Colour", r#"{"enum": ["red"]}"#, r#"["x"]"#, ""),
        (
            "Colour",
            r#"{"enum": ["red", "blue"]}"#,
            r#"["x"]"#,
            "AP1106 the tool `v` may give `blue` for `x`, which `Colour` does not have",
        ),
    ] {
        assert_eq!(result(ty, schema, required), message, "{ty} beside {schema}");
    }
}

#[test]
fn a_wrapped_list_is_compared_inside_its_wrapping() {
    let tools = |items: &str| {
        let schema = format!(
            r#"{{"properties": {{"result": {{"type": "array", "items": {{"type": "{items}"}}}}}}, "required": ["result"]}}"#
        );
        format!(r#"[{{"name": "v", "inputSchema": {{}}, "outputSchema": {schema}}}]"#)
    };
    let policy = "tool t { read v() -> List<Text> }";
    assert_eq!(said(policy, &tools("string")), Vec::<String>::new());
    assert_eq!(said(policy, &tools("integer")), ["AP1106 the tool `v` gives an integer for `[]`, which is declared as `Text`"]);
}

#[test]
fn nested_places_are_followed() {
    let policy = "tool t { read v(x: Text from \"filter.owner\", y: Int? from \"filter.depth\") }";
    let tools = |filter: &str| {
        format!(
            r#"[{{"name": "v", "inputSchema": {{"type": "object", "properties": {{"filter": {{"type": "object", {filter}}}}}}}}}]"#
        )
    };
    let right = r#""properties": {"owner": {"type": "string"}, "depth": {"type": "integer"}}, "required": ["owner"]"#;
    assert_eq!(said(policy, &tools(right)), Vec::<String>::new());
    let wrong = r#""properties": {"owner": {"type": "integer"}, "depth": {"type": "integer"}}, "required": ["owner", "depth"]"#;
    assert_eq!(
        said(policy, &tools(wrong)),
        [
            "AP1105 `filter.owner` is declared as `Text`, and the tool `v` takes an integer",
            "AP1104 the tool `v` requires `filter.depth`, and here it may be left out",
        ]
    );
}

#[test]
fn a_policy_without_tools_has_nothing_to_compare() {
    let error = check(&typed(""), &[list("[]")], &[]).unwrap_err();
    assert_eq!(error, Mismatch::NoTools { file: "tools.json".into() });
    assert!(error.help().contains("agentc import mcp"));
}
