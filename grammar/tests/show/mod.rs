//! Shows a syntax tree the way a person reviews it: without places, empty parts and wrappers.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use std::fmt::Debug;

/// A value as its `Debug` text says it.
enum Tree {
    /// A number, a text, a name without parts.
    Leaf(String),
    /// `Name { field: value }`, `Name(value)`, `[value]`, `(value)`: name, brackets, parts with the names of fields.
    Node(String, char, Vec<(String, Tree)>),
}

/// The tree of a value, in lines of at most 120 characters where that is possible.
pub(crate) fn show(value: &impl Debug) -> String {
    let text: Vec<char> = format!("{value:?}").chars().collect();
    let mut at = 0;
    let tree = simplify(read(&text, &mut at));
    assert_eq!(at, text.len(), "all of it was read");
    let mut out = String::new();
    print(&tree, 0, &mut out);
    out
}

fn read(text: &[char], at: &mut usize) -> Tree {
    let start = *at;
    if text[*at] == '"' {
        *at += 1;
        while text[*at] != '"' {
            *at += if text[*at] == '\\' { 2 } else { 1 };
        }
        *at += 1;
        return Tree::Leaf(text[start..*at].iter().collect());
    }
    while *at < text.len() && !" {([,)]}:".contains(text[*at]) {
        *at += 1;
    }
    let name: String = text[start..*at].iter().collect();
    let open = if text[*at..].starts_with(&[' ', '{']) {
        *at += 1;
        '{'
    } else {
        *text.get(*at).unwrap_or(&',')
    };
    if !"{([".contains(open) {
        return Tree::Leaf(name);
    }
    *at += 1;
    let mut parts = Vec::new();
    loop {
        while " ,".contains(text[*at]) {
            *at += 1;
        }
        if ")]}".contains(text[*at]) {
            *at += 1;
            return Tree::Node(name, open, parts);
        }
        let mut field = String::new();
        if open == '{' {
            while text[*at] != ':' {
                field.push(text[*at]);
                *at += 1;
            }
            *at += 2;
        }
        parts.push((field, read(text, at)));
    }
}

fn simplify(tree: Tree) -> Tree {
    let Tree::Node(name, open, parts) = tree else { return tree };
    if name == "Span" {
        return Tree::Leaf("here".to_owned());
    }
    let mut parts: Vec<(String, Tree)> = parts.into_iter().map(|(field, part)| (field, simplify(part))).collect();
    parts.retain(|(field, part)| field != "span" && !(open == '{' && is_empty(part)));
    let wrapper =
        ["Spanned", "Expr", "TypeExpr", "Target", "Pattern", "Some", "Setup", "VerbClause", "Property"].contains(&name.as_str());
    if wrapper && parts.len() == 1 {
        return parts.remove(0).1;
    }
    if name == "Path"
        && let [(_, Tree::Node(_, '[', names))] = parts.as_slice()
    {
        let names: Vec<&str> =
            names.iter().map(|(_, name)| if let Tree::Leaf(name) = name { name.trim_matches('"') } else { "?" }).collect();
        return Tree::Leaf(names.join("."));
    }
    Tree::Node(name, open, parts)
}

fn is_empty(tree: &Tree) -> bool {
    match tree {
        Tree::Leaf(text) => text == "None" || text == "false",
        Tree::Node(name, open, parts) => name.is_empty() && *open == '[' && parts.is_empty(),
    }
}

fn print(tree: &Tree, indent: usize, out: &mut String) {
    let flat = flat(tree);
    let Tree::Node(name, open, parts) = tree else { return out.push_str(&flat) };
    if indent + flat.len() <= 120 {
        return out.push_str(&flat);
    }
    out.push_str(name);
    out.push(*open);
    for (field, part) in parts {
        out.push('\n');
        out.push_str(&" ".repeat(indent + 2));
        if !field.is_empty() {
            out.push_str(field);
            out.push_str(": ");
        }
        print(part, indent + 2, out);
    }
    out.push(close(*open));
}

fn flat(tree: &Tree) -> String {
    match tree {
        Tree::Leaf(text) => text.clone(),
        Tree::Node(name, open, parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|(field, part)| if field.is_empty() { flat(part) } else { format!("{field}: {}", flat(part)) })
                .collect();
            format!("{name}{open}{}{}", parts.join(", "), close(*open))
        }
    }
}

fn close(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
