//! OpenAPI 3 documents as lists of tools: each operation is one, named by its `operationId`.
//!
//! Its arguments are the parameters of its path, query, headers and cookies and the members of its JSON body side by side, as the common bridges from
//! OpenAPI to MCP lay them out. A body that is no object stands under `body`.

use super::list::{Hints, ListError, RealTool};
use agentc_runtime::json::Json;

/// The methods of HTTP that OpenAPI knows, and whether each only reads (RFC 9110, section 9.2.1).
const METHODS: &[(&str, bool)] = &[
    ("get", true),
    ("head", true),
    ("options", true),
    ("trace", true),
    ("put", false),
    ("post", false),
    ("patch", false),
    ("delete", false),
];

/// References followed one after the other.
const HOPS: usize = 16;

pub(super) fn is_document(json: &Json) -> bool {
    json.get("openapi").and_then(Json::as_text).is_some_and(|version| version.starts_with("3."))
}

pub(super) fn tools(document: &Json) -> Result<Vec<RealTool>, ListError> {
    let paths = document.get("paths").and_then(Json::as_object).unwrap_or_default();
    let mut tools = Vec::new();
    for (path, item) in paths {
        let item = resolve(document, item);
        for (method, read_only) in METHODS {
            if let Some(operation) = item.get(method) {
                tools.push(tool(document, (path, method), item, operation, *read_only)?);
            }
        }
    }
    Ok(tools)
}

fn tool(
    document: &Json,
    (path, method): (&str, &str),
    item: &Json,
    operation: &Json,
    read_only: bool,
) -> Result<RealTool, ListError> {
    let place = format!("{} {path}", method.to_ascii_uppercase());
    let name = operation.get("operationId").and_then(Json::as_text).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ListError::entry(&place, "it has no `operationId`, which is the tool's name"))?;
    let mut arguments = Arguments::default();
    // What an operation says of a parameter stands before what its path says.
    for from in [operation, item] {
        for written in from.get("parameters").and_then(Json::as_list).unwrap_or_default() {
            arguments.parameter(&place, resolve(document, written))?;
        }
    }
    if let Some(body) = operation.get("requestBody") {
        arguments.body(document, &place, resolve(document, body))?;
    }
    let description = ["summary", "description"].iter().find_map(|member| operation.get(member).and_then(Json::as_text));
    let hints = Hints {
        read_only: Some(read_only),
        destructive: (method == "delete").then_some(true),
        idempotent: matches!(method, "put" | "delete").then_some(true),
    };
    let input = arguments.schema(document);
    let output = output(document, operation);
    let mut entry = vec![("name".to_owned(), Json::text(name)), ("inputSchema".to_owned(), input.clone())];
    entry.extend(output.clone().map(|output| ("outputSchema".to_owned(), output)));
    entry.extend(description.map(|text| ("description".to_owned(), Json::text(text))));
    Ok(RealTool {
        name: name.to_owned(),
        description: description.map(str::to_owned),
        input,
        output,
        hints,
        entry: Json::Object(entry),
    })
}

/// The arguments of an operation while they are gathered.
#[derive(Default)]
struct Arguments {
    properties: Vec<(String, Json)>,
    required: Vec<String>,
    from_path: Vec<(String, String)>,
}

impl Arguments {
    fn parameter(&mut self, place: &str, parameter: &Json) -> Result<(), ListError> {
        let text = |member: &str| parameter.get(member).and_then(Json::as_text);
        let (Some(name), Some(at)) = (text("name"), text("in")) else {
            return Err(ListError::entry(place, "a parameter has no `name` or no `in`"));
        };
        let key = (name.to_owned(), at.to_owned());
        if self.from_path.contains(&key) {
            return Ok(());
        }
        self.from_path.push(key);
        let schema = parameter.get("schema").or_else(|| content(parameter)).cloned().unwrap_or(Json::Object(Vec::new()));
        let required = parameter.get("required").and_then(Json::as_bool).unwrap_or(false);
        self.add(place, name, schema, required)
    }

    fn body(&mut self, document: &Json, place: &str, body: &Json) -> Result<(), ListError> {
        let Some(schema) = content(body) else { return Ok(()) };
        let resolved = resolve(document, schema);
        let required = body.get("required").and_then(Json::as_bool).unwrap_or(false);
        let Some(properties) = resolved.get("properties").and_then(Json::as_object) else {
            return self.add(place, "body", schema.clone(), required);
        };
        let needed: Vec<&str> =
            resolved.get("required").and_then(Json::as_list).unwrap_or_default().iter().filter_map(Json::as_text).collect();
        for (name, schema) in properties {
            self.add(place, name, schema.clone(), required && needed.contains(&name.as_str()))?;
        }
        Ok(())
    }

    fn add(&mut self, place: &str, name: &str, schema: Json, required: bool) -> Result<(), ListError> {
        if self.properties.iter().any(|(known, _)| known == name) {
            return Err(ListError::entry(place, format!("two of its arguments are called `{name}`")));
        }
        self.properties.push((name.to_owned(), schema));
        if required {
            self.required.push(name.to_owned());
        }
        Ok(())
    }

    /// The schema of the arguments; the document's own schemas come along, so that references into them lead somewhere.
    fn schema(self, document: &Json) -> Json {
        let mut members = vec![
            ("type".to_owned(), Json::text("object")),
            ("properties".to_owned(), Json::Object(self.properties)),
            ("required".to_owned(), Json::List(self.required.into_iter().map(Json::text).collect())),
            ("additionalProperties".to_owned(), Json::Bool(false)),
        ];
        members.extend(schemas(document));
        Json::Object(members)
    }
}

/// The schema of the first answer that says it went well.
fn output(document: &Json, operation: &Json) -> Option<Json> {
    let responses = operation.get("responses")?.as_object()?;
    let (_, fine) = responses.iter().find(|(code, _)| code.starts_with('2'))?;
    let schema = content(resolve(document, fine))?;
    let mut members = resolve(document, schema).as_object()?.to_vec();
    members.extend(schemas(document));
    Some(Json::Object(members))
}

/// What `#/components/schemas/…` points into.
fn schemas(document: &Json) -> Option<(String, Json)> {
    let schemas = document.get("components")?.get("schemas")?.clone();
    Some(("components".to_owned(), Json::object([("schemas", schemas)])))
}

/// The schema of JSON content.
fn content(of: &Json) -> Option<&Json> {
    let content = of.get("content")?.as_object()?;
    let (_, json) = content.iter().find(|(kind, _)| kind.starts_with("application/json") || kind.ends_with("+json"))?;
    json.get("schema")
}

/// What a reference names; itself where it is none.
fn resolve<'a>(document: &'a Json, mut node: &'a Json) -> &'a Json {
    for _ in 0..HOPS {
        let Some(target) = node.get("$ref").and_then(Json::as_text) else { break };
        match super::schema::pointed(document, target) {
            Some(found) => node = found,
            None => break,
        }
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::ToolList;

    const SHOP: &str = r##"{"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
      "paths": {"/orders/{id}": {
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "get": {"operationId": "getOrder", "summary": "One order.",
          "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}},
        "post": {"operationId": "refundOrder", "requestBody": {"required": true, "content": {"application/json": {"schema":
          {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number"}, "why": {"type": "string"}}}}}}}}},
      "components": {"schemas": {"Order": {"type": "object", "properties": {"total": {"type": "number"}}}}}}"##;

    #[test]
    fn operations_are_tools() {
        let list = ToolList::read(None, "shop.json", SHOP.as_bytes()).unwrap();
        let seen: Vec<(&str, Option<bool>, Option<String>)> = list
            .tools
            .iter()
            .map(|tool| (tool.name.as_str(), tool.hints.read_only, tool.input.get("required").map(Json::to_string)))
            .collect();
        assert_eq!(
            seen,
            [
                ("getOrder", Some(true), Some(r#"["id"]"#.to_owned())),
                ("refundOrder", Some(false), Some(r#"["id","amount"]"#.to_owned()))
            ]
        );
        assert_eq!(list.tools[0].description.as_deref(), Some("One order."));
        assert!(list.tools[0].output.as_ref().is_some_and(|output| output.get("properties").is_some()));
    }

    #[test]
    fn an_operation_without_a_name_is_said_to_have_none() {
        let text = SHOP.replace("\"operationId\": \"getOrder\", ", "");
        let error = ToolList::read(None, "shop.json", text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "GET /orders/{id}: it has no `operationId`, which is the tool's name");
    }

    #[test]
    fn two_arguments_of_one_name_cannot_stand_side_by_side() {
        let text = SHOP.replace("\"why\"", "\"id\"");
        let error = ToolList::read(None, "shop.json", text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "POST /orders/{id}: two of its arguments are called `id`");
    }
}
