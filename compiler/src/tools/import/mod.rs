//! Writes the declaration of real tools: `agentc import`.
//!
//! What a list does not say for certain (whether a tool only reads, its risks, how it is undone) is guessed, and each guess is marked in a comment. The
//! text that servers write about themselves stands in comments only.

mod guess;
mod naming;
mod shapes;

use super::fits::Way;
use super::schema::Schema;
use super::{RealTool, ToolList};
use crate::typed::Access;
use guess::{Guess, guess};
use naming::{Distinct, literal, plain, sentence, type_name};
use shapes::Shapes;

/// How a declaration is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The server's name, for `on mcp "…"`.
    pub server: String,
    /// `mcp` or `openapi`: what follows `on`.
    pub kind: &'static str,
    /// Leave out the `policy` declaration, so that the file is a module that others `use`.
    pub module: bool,
}

/// The declaration of all tools of a list, as a file of the language.
#[must_use]
pub fn declaration(list: &ToolList, import: &Import) -> String {
    let mut shapes = Shapes::new();
    let mut names = Distinct::default();
    let mut verbs = Vec::new();
    let mut ignored = Vec::new();
    let mut risky = false;
    for tool in &list.tools {
        let guessed = guess(tool);
        match verb(tool, &guessed, &mut names, &mut shapes) {
            Some(text) => {
                risky |= !guessed.risks.is_empty();
                verbs.push(text);
            }
            None => ignored.push(tool.name.as_str()),
        }
    }
    let name = plain(&import.server);
    let mut out = header(list, import, &name, risky);
    for declared in &shapes.enums {
        out.push_str(declared);
        out.push('\n');
    }
    if !shapes.enums.is_empty() {
        out.push('\n');
    }
    out.push_str(&format!("tool {name} on {} {} {{\n", import.kind, literal(&import.server)));
    for record in &shapes.records {
        out.push_str(&format!("  {record}\n"));
    }
    if !shapes.records.is_empty() {
        out.push('\n');
    }
    out.push_str(&verbs.join("\n"));
    for wire in ignored {
        out.push_str(&format!(
            "\n  // It requires an argument that the language has no place for, so no call of it can be declared.\n  ignore {}\n",
            literal(wire)
        ));
    }
    out.push_str("}\n");
    out
}

fn header(list: &ToolList, import: &Import, name: &str, risky: bool) -> String {
    let mut out = format!(
        "// Written by `agentc import {}` from `{}`: the tools as the server lists them. Each line that says `guess` is one, and\n\
         // each that says `hint` is the server's own word: go through them before a job allows any of these verbs.\n",
        import.kind,
        sentence(list.file.rsplit(['/', '\\']).next().unwrap_or(&list.file))
    );
    if !import.module {
        out.push_str(&format!("policy imported.{name} {{ version \"0.1.0\" }}\n"));
    }
    if risky {
        out.push_str("\nuse std.risk\n");
    }
    out.push('\n');
    out
}

/// One verb; `None` where the tool requires what cannot be declared.
fn verb(tool: &RealTool, guessed: &Guess, names: &mut Distinct, shapes: &mut Shapes) -> Option<String> {
    let input = Schema::whole(&tool.input);
    let required = tool.input.get("required").and_then(agentc_runtime::json::Json::as_list).unwrap_or_default();
    let (params, left_out) = shapes.fields(input, &[&tool.name], Way::In);
    if left_out.iter().any(|name| required.iter().any(|needed| needed.as_text() == Some(name))) {
        return None;
    }
    let name = names.take(plain(&tool.name));
    let result = result(tool, shapes).map(|ty| format!(" -> {ty}")).unwrap_or_default();
    let wire = if name == tool.name { String::new() } else { format!(" as {}", literal(&tool.name)) };
    let mut out = String::new();
    if let Some(description) = tool.description.as_deref().map(sentence).filter(|line| !line.is_empty()) {
        out.push_str(&format!("  /// {description}.\n"));
    }
    out.push_str(&format!("  // {}\n", guessed.why));
    for left in &left_out {
        out.push_str(&format!(
            "  // Left out: the optional argument `{}`, which the language has no place for.\n",
            sentence(left)
        ));
    }
    let word = if guessed.access == Access::Read { "read" } else { "write" };
    let notes = params.iter().any(|param| param.note.is_some());
    let line: Vec<&str> = params.iter().map(|param| param.text.as_str()).collect();
    let one_line = format!("  {word} {name}({}){result}{wire}", line.join(", "));
    if notes || one_line.chars().count() > 110 {
        out.push_str(&format!("  {word} {name}(\n"));
        for param in &params {
            let note = param.note.map(|note| format!(" // guess: {note}")).unwrap_or_default();
            out.push_str(&format!("    {},{note}\n", param.text));
        }
        out.push_str(&format!("  ){result}{wire}"));
    } else {
        out.push_str(&one_line);
    }
    if guessed.access == Access::Write {
        out.push_str(" {\n");
        if let Some((_, why)) = guessed.risks.first() {
            let risks: Vec<&str> = guessed.risks.iter().map(|(risk, _)| *risk).collect();
            out.push_str(&format!("    risk {} // {why}\n", risks.join(", ")));
        }
        out.push_str("    irreversible // guess: nothing says what undoes it; where a verb does, write `undo VERB(…)`\n  }");
    }
    out.push('\n');
    Some(out)
}

/// What a tool gives, where its output schema says enough.
fn result(tool: &RealTool, shapes: &mut Shapes) -> Option<String> {
    let output = Schema::whole(tool.output.as_ref()?);
    let name = type_name(&[&tool.name, "result"]);
    let (fields, _) = shapes.fields(output, &[&name], Way::Out);
    let fields: Vec<String> = fields.into_iter().map(|field| field.text).collect();
    (!fields.is_empty()).then(|| shapes.record(&fields, &[&name]))
}
