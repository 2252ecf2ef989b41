//! How things are called in messages.

use crate::source::on_one_line;
use crate::typed::{Loc, Type, Typed, VerbId};

/// A type as its author would write it.
pub(crate) fn type_name(ty: &Type, typed: &Typed) -> String {
    let record = |id: agentc_runtime::types::RecordId| {
        typed.records.get(id.0 as usize).map_or("?", |record| record.name.as_str()).to_owned()
    };
    match ty {
        Type::Bool => "Bool".into(),
        Type::Int => "Int".into(),
        Type::Decimal => "Decimal".into(),
        Type::Text => "Text".into(),
        Type::Money(currency) => format!("Money({currency})"),
        Type::Time => "Time".into(),
        Type::Date => "Date".into(),
        Type::TimeOfDay => "TimeOfDay".into(),
        Type::Duration => "Duration".into(),
        Type::Weekday => "Weekday".into(),
        Type::Zone => "Zone".into(),
        Type::Zoned => "Time in a zone".into(),
        Type::Email => "Email".into(),
        Type::Url => "Url".into(),
        Type::Path => "Path".into(),
        Type::Enum(id) => typed.enums.get(id.0 as usize).map_or("?", |decl| decl.name.as_str()).to_owned(),
        Type::Key(id) => format!("Key<{}>", record(*id)),
        Type::Record(id) => record(*id),
        Type::List(item) => format!("List<{}>", type_name(item, typed)),
        Type::Set(item) => format!("Set<{}>", type_name(item, typed)),
        Type::Map(key, value) => format!("Map<{}, {}>", type_name(key, typed), type_name(value, typed)),
        Type::Optional(inner) => format!("{}?", type_name(inner, typed)),
    }
}

/// A verb with its tool, `shop.refund`.
pub(crate) fn verb_name(verb: VerbId, typed: &Typed) -> String {
    typed.verbs.get(verb.index()).map_or_else(String::new, |decl| {
        let tool = typed.tools.get(decl.tool.index()).map_or("", |tool| tool.name.as_str());
        format!("{tool}.{}", decl.name)
    })
}

/// The source text at a place, on one line and not too long.
pub(crate) fn snippet(loc: Loc, typed: &Typed) -> String {
    const LONGEST: usize = 60;
    let source = typed.files.get(loc.file.index()).map_or("", |file| file.text.as_str());
    let line = on_one_line(loc.span.text(source));
    if line.chars().count() <= LONGEST {
        return line;
    }
    let mut short: String = line.chars().take(LONGEST).collect();
    short.push('…');
    short
}

/// The source text at a place, in parentheses where something put beside it could be read as part of it: `(now + 90d)`.
pub(crate) fn operand(loc: Loc, typed: &Typed) -> String {
    together(snippet(loc, typed))
}

fn together(text: String) -> String {
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut single = true;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => single &= quoted || depth > 0 || !(character.is_whitespace() || character == '-'),
        }
    }
    if single { text } else { format!("({text})") }
}

/// The first line of what stands at a place, without the `{` of a block: a rule is pointed at, not drawn whole.
pub(crate) fn headline(loc: Loc, typed: &Typed) -> Loc {
    let source = typed.files.get(loc.file.index()).map_or("", |file| file.text.as_str());
    let line = loc.span.text(source).lines().next().unwrap_or_default();
    let line = line.trim_end();
    let line = line.strip_suffix('{').unwrap_or(line).trim_end();
    let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
    let end = loc.span.start.saturating_add(length).min(loc.span.end);
    Loc { span: agentc_grammar::span::Span { end, ..loc.span }, ..loc }
}

/// `a`, `b` or `c`, each in backticks, with that word before the last.
pub(crate) fn listing<S: AsRef<str>>(names: &[S], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
    }
}

/// `one argument`, `2 arguments`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("one {one}") } else { format!("{count} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_beside_something_stays_together() {
        let texts = ["order.total", "now + 90d", "last(shop.refund where args.order == order).at", "\"a b\"", "-x"];
        let written = texts.map(|text| together(text.to_owned()));
        assert_eq!(written, ["order.total", "(now + 90d)", "last(shop.refund where args.order == order).at", "\"a b\"", "(-x)"]);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(listing(&["a"], "or"), "`a`");
        assert_eq!(listing(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
        assert_eq!(listing::<&str>(&[], "and"), "");
        assert_eq!(counted(1, "key part"), "one key part");
        assert_eq!(counted(3, "key part"), "3 key parts");
    }
}
