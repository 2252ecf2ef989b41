//! The functions of the library as their reference page shows them.

use agentc_runtime::library::{Constant, Function, Library, Shape};

/// The whole page, `grammar/functions.md`.
#[must_use]
pub fn page(library: &Library) -> String {
    let mut out = String::from(
        "# The functions of the library\n\n\
         `x.part` is short for the function `part` of the type's module with `x` as its one argument: `customer.email.domain` is\n\
         `email.domain(customer.email)`. Every example runs as a test. This page is printed by `agentc explain functions`.\n",
    );
    let mut module = "";
    for function in &library.functions {
        let (own, _) = function.name.split_once('.').unwrap_or((function.name, ""));
        if own != module {
            module = own;
            out.push_str(&format!("\n## {module}\n"));
        }
        out.push('\n');
        out.push_str(&entry(function));
    }
    out
}

/// One function.
#[must_use]
pub fn entry(function: &Function) -> String {
    let params: Vec<String> =
        function.params.iter().map(|param| format!("{}: {}", param.name, param_type(param.shape, param.constant))).collect();
    let mut out = format!("### `{}({}) -> {}`\n\n{}", function.name, params.join(", "), word(function.result), function.summary);
    if !function.details.is_empty() {
        out.push(' ');
        out.push_str(function.details);
    }
    out.push_str("\n\n");
    for example in function.examples {
        out.push_str(&format!("- `{}` gives `{}`\n", example.call, example.gives));
    }
    out
}

fn param_type(shape: Shape, constant: Constant) -> String {
    match constant {
        Constant::No => word(shape),
        Constant::Yes => format!("{}, a constant", word(shape)),
        Constant::OneOf(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" | "),
    }
}

fn word(shape: Shape) -> String {
    match shape {
        Shape::Bool => "Bool".to_owned(),
        Shape::Int => "Int".to_owned(),
        Shape::Decimal => "Decimal".to_owned(),
        Shape::Text => "Text".to_owned(),
        Shape::Money => "Money".to_owned(),
        Shape::Time => "Time".to_owned(),
        Shape::Date => "Date".to_owned(),
        Shape::TimeOfDay => "TimeOfDay".to_owned(),
        Shape::Duration => "Duration".to_owned(),
        Shape::Weekday => "Weekday".to_owned(),
        Shape::Email => "Email".to_owned(),
        Shape::Url => "Url".to_owned(),
        Shape::Path => "Path".to_owned(),
        Shape::Any | Shape::Comparable => "T".to_owned(),
        Shape::List(inner) => format!("List<{}>", word(*inner)),
        Shape::Set(inner) => format!("Set<{}>", word(*inner)),
        Shape::Map(inner) => format!("Map<Text, {}>", word(*inner)),
        Shape::Optional(inner) => format!("{}?", word(*inner)),
    }
}
