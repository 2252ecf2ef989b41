//! `ignore` of a verb that the tool declares, and of one thing twice.

use super::Subject;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{IgnoredDeclared, IgnoredTwice};
use crate::typed::{FileId, Loc};
use agentc_grammar::ast::ItemKind;
use std::collections::BTreeMap;

/// Reports each name after `ignore` that is declared all the same, or was ignored already.
pub(super) fn check(subject: Subject<'_>, sink: &mut Sink) {
    let tools: BTreeMap<Loc, usize> = subject.typed.tools.iter().enumerate().map(|(index, tool)| (tool.loc, index)).collect();
    for (file, ast) in (0_u32..).map(FileId).zip(subject.asts) {
        for item in &ast.items {
            let ItemKind::Tool(tool) = &item.kind else { continue };
            let Some(id) = tools.get(&Loc { file, span: tool.name.span }) else { continue };
            let mut seen: BTreeMap<&str, Loc> = BTreeMap::new();
            for name in &tool.ignores {
                let loc = Loc { file, span: name.span };
                let declared = subject.typed.verbs.iter().find(|verb| verb.tool.index() == *id && verb.wire == name.node);
                if let Some(first) = seen.get(name.node.as_str()) {
                    sink.report(IgnoredTwice { name: name.node.clone(), tool: tool.name.node.clone(), first: *first, loc });
                } else if let Some(verb) = declared {
                    sink.report(IgnoredDeclared { name: name.node.clone(), tool: tool.name.node.clone(), verb: verb.loc, loc });
                }
                seen.entry(name.node.as_str()).or_insert(loc);
            }
        }
    }
}
