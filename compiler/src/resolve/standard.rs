//! Which module of the library declares a name: for a message about one that the policy has not brought in.

use crate::diagnostic::codes::NameKind;
use agentc_grammar::ast::ItemKind;
use agentc_grammar::parse::parse;
use agentc_runtime::library::Library;

/// The first module of the library that declares a role, risk class, rule set or tool of that name.
pub(crate) fn declaring(library: &Library, kind: NameKind, name: &str) -> Option<&'static str> {
    if !matches!(kind, NameKind::Role | NameKind::Risk | NameKind::RuleSet | NameKind::Tool) {
        return None;
    }
    let declares = |text: &str| {
        parse(text).file.items.iter().any(|item| match (&item.kind, kind) {
            (ItemKind::Role(roles), NameKind::Role) => roles.iter().any(|role| role.node == name),
            (ItemKind::Risk(risk), NameKind::Risk) => risk.name.node == name,
            (ItemKind::Rules(set), NameKind::RuleSet) => set.name.node == name,
            (ItemKind::Tool(tool), NameKind::Tool) => tool.name.node == name,
            _ => false,
        })
    };
    // Most modules do not even hold the word, and need not be read.
    library.modules.iter().find(|(_, text)| text.contains(name) && declares(text)).map(|(module, _)| *module)
}
