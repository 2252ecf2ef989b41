//! What the names of verbs mean, alone and as targets of a rule.

use super::loc;
use crate::diagnostic::codes::{AmbiguousVerb, NameKind, UnknownName};
use crate::diagnostic::text::verb_name;
use crate::diagnostic::{Sink, suggest};
use crate::hir::Hir;
use crate::typed::{FileId, ToolId, VerbId};
use agentc_grammar::ast;

/// The verb of that name: `tool.verb`, or one part where only one tool has such a verb (`near` is asked first).
pub(crate) fn verb(hir: &Hir<'_>, path: &ast::Path, file: FileId, near: Option<ToolId>, sink: &mut Sink) -> Option<VerbId> {
    match path.parts.as_slice() {
        [tool, name] => {
            let id = tool_id(hir, tool, file, sink)?;
            let found = hir.names.verbs.get(&(id, name.node.clone())).copied();
            if found.is_none() {
                let of_tool = hir.names.verbs.keys().filter(|(other, _)| *other == id).map(|(_, verb)| verb.as_str());
                let nearest = suggest::nearest(&name.node, of_tool).map(|verb| format!("{}.{verb}", tool.node));
                unknown_verb(path, file, nearest, sink);
            }
            found
        }
        [name] => {
            if let Some(found) = near.and_then(|tool| hir.names.verbs.get(&(tool, name.node.clone()))) {
                return Some(*found);
            }
            let found: Vec<VerbId> =
                hir.names.verbs.iter().filter(|((_, verb), _)| *verb == name.node).map(|(_, id)| *id).collect();
            match found.as_slice() {
                [only] => Some(*only),
                [] => {
                    let nearest = suggest::nearest(&name.node, hir.names.verbs.keys().map(|(_, verb)| verb.as_str()));
                    unknown_verb(path, file, nearest.map(str::to_owned), sink);
                    None
                }
                _ => {
                    let candidates = found.iter().map(|id| verb_name(*id, &hir.typed)).collect();
                    sink.report(AmbiguousVerb { name: name.node.clone(), loc: loc(file, path.span), candidates });
                    None
                }
            }
        }
        _ => {
            unknown_verb(path, file, None, sink);
            None
        }
    }
}

fn unknown_verb(path: &ast::Path, file: FileId, nearest: Option<String>, sink: &mut Sink) {
    let parts: Vec<&str> = path.parts.iter().map(|part| part.node.as_str()).collect();
    sink.report(UnknownName { kind: NameKind::Verb, name: parts.join("."), loc: loc(file, path.span), nearest, module: None });
}

fn tool_id(hir: &Hir<'_>, tool: &ast::Name, file: FileId, sink: &mut Sink) -> Option<ToolId> {
    let found = hir.names.tools.get(&tool.node).copied();
    if found.is_none() {
        let nearest = suggest::nearest(&tool.node, hir.names.tools.keys().map(String::as_str)).map(str::to_owned);
        let module = super::declaring(hir.library, NameKind::Tool, &tool.node);
        sink.report(UnknownName { kind: NameKind::Tool, name: tool.node.clone(), loc: loc(file, tool.span), nearest, module });
    }
    found
}

/// What a target names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// One verb by its name.
    Verb(VerbId),
    /// Every verb, of one tool or of all, in the order of their declarations.
    Every(Vec<VerbId>),
}

/// What a target names: a verb, `shop.*` or `*`.
pub(crate) fn target(hir: &Hir<'_>, target: &ast::Target, file: FileId, sink: &mut Sink) -> Option<Target> {
    let every = |tool: Option<ToolId>| {
        let verbs = (0_u32..).zip(&hir.typed.verbs).filter(|(_, verb)| tool.is_none_or(|tool| verb.tool == tool));
        Target::Every(verbs.map(|(index, _)| VerbId(index)).collect())
    };
    match target.path.parts.as_slice() {
        [star] if star.node == "*" => Some(every(None)),
        [tool, star] if star.node == "*" => tool_id(hir, tool, file, sink).map(|id| every(Some(id))),
        _ => verb(hir, &target.path, file, None, sink).map(Target::Verb),
    }
}

/// The verbs that targets name, in source order without doubles. `None` where an error was reported.
pub(crate) fn targets(hir: &Hir<'_>, written: &[ast::Target], file: FileId, sink: &mut Sink) -> Option<Vec<VerbId>> {
    let mut verbs: Vec<VerbId> = Vec::new();
    let mut good = true;
    for entry in written {
        let named = match target(hir, entry, file, sink) {
            None => {
                good = false;
                continue;
            }
            Some(Target::Verb(verb)) => vec![verb],
            Some(Target::Every(all)) => all,
        };
        for verb in named {
            if !verbs.contains(&verb) {
                verbs.push(verb);
            }
        }
    }
    good.then_some(verbs)
}
