//! What nobody says of a tool for certain: whether it only reads, and what harm it can do.

use crate::tools::RealTool;
use crate::typed::Access;

/// First words of names that only read.
const READS: &[&str] = &[
    "browse",
    "calculate",
    "check",
    "compare",
    "count",
    "describe",
    "diff",
    "echo",
    "estimate",
    "explain",
    "fetch",
    "find",
    "get",
    "head",
    "inspect",
    "is",
    "list",
    "log",
    "lookup",
    "peek",
    "ping",
    "preview",
    "read",
    "retrieve",
    "search",
    "show",
    "stat",
    "stats",
    "summarize",
    "tail",
    "think",
    "validate",
    "verify",
    "view",
    "whoami",
];

/// Words anywhere in a name that say what harm a write can do.
const HARMS: &[(&str, &[&str])] = &[
    (
        "money",
        &["pay", "payment", "refund", "charge", "transfer", "invoice", "purchase", "buy", "money", "transaction", "billing"],
    ),
    (
        "permission",
        &["permission", "permissions", "password", "role", "roles", "grant", "share", "invite", "access", "token", "member"],
    ),
    (
        "destructive",
        &["delete", "remove", "drop", "purge", "wipe", "destroy", "reset", "truncate", "merge", "cancel", "overwrite", "kill"],
    ),
];

/// What a write does that somebody outside sees.
const SPEAKS: &[&str] = &["send", "email", "mail", "message", "reply", "post", "publish", "comment", "tweet", "notify"];

/// First words of names that change something, whatever follows.
const ACTS: &[&str] = &[
    "add", "append", "apply", "commit", "copy", "create", "edit", "insert", "make", "move", "new", "put", "rename", "run",
    "save", "set", "start", "stop", "submit", "update", "upload", "write",
];

/// What a declaration says of a tool's effects, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) access: Access,
    /// A comment: whether the server says so, or the name does.
    pub(super) why: String,
    /// Risk classes of `std.risk`, each with why.
    pub(super) risks: Vec<(&'static str, &'static str)>,
}

/// The words of a name: `createIssueComment`, `create-issue_comment`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut lower_before = false;
    let mut fresh = true;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (letter.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        fresh = false;
        lower_before = !letter.is_uppercase();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

/// What to write of a tool. A hint of the server counts before its name; where neither says anything, it is a write.
pub(super) fn guess(tool: &RealTool) -> Guess {
    let words = words(&tool.name);
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let acts =
        |word: &str| ACTS.contains(&word) || SPEAKS.contains(&word) || HARMS.iter().any(|(_, names)| names.contains(&word));
    // `slack_list_channels`: servers put their own name first.
    let known = |word: &str| READS.contains(&word) || acts(word);
    let verb = if known(word(0)) || !known(word(1)) { word(0) } else { word(1) };
    let by_name = READS.contains(&verb);
    let (access, why) = match (tool.hints.read_only, by_name) {
        (Some(true), _) => (Access::Read, "hint: the server says that it only reads".to_owned()),
        (Some(false), _) => (Access::Write, "hint: the server says that it writes".to_owned()),
        (None, true) => (Access::Read, "guess: it reads, by its name".to_owned()),
        (None, false) => (Access::Write, "guess: it writes, because nothing says that it only reads".to_owned()),
    };
    if access == Access::Read {
        return Guess { access, why, risks: Vec::new() };
    }
    let mut risks = Vec::new();
    for (risk, names) in HARMS {
        match (*risk, tool.hints.destructive) {
            ("destructive", Some(true)) => risks.push((*risk, "hint: the server says so")),
            ("destructive", Some(false)) => {}
            _ if words.iter().any(|word| names.contains(&word.as_str())) => risks.push((*risk, "guess: by its name")),
            _ => {}
        }
    }
    let adds_words = matches!(verb, "add" | "create") && words.last().is_some_and(|last| SPEAKS.contains(&last.as_str()));
    if SPEAKS.contains(&verb) || adds_words {
        risks.push(("customer_facing", "guess: by its name"));
    }
    Guess { access, why, risks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::ToolList;

    fn guessed(name: &str, hints: &str) -> (Access, Vec<&'static str>) {
        let text = format!(r#"[{{"name": "{name}", "inputSchema": {{}}, "annotations": {hints}}}]"#);
        let list = ToolList::read(None, "t", text.as_bytes()).unwrap();
        let guess = guess(&list.tools[0]);
        (guess.access, guess.risks.into_iter().map(|(risk, _)| risk).collect())
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(words("createIssueComment"), ["create", "issue", "comment"]);
        assert_eq!(words("get-HTTPStatus_2"), ["get", "httpstatus", "2"]);
        assert_eq!(words("--"), Vec::<String>::new());
    }

    #[test]
    fn hints_count_before_names() {
        assert_eq!(guessed("get_order", r#"{"readOnlyHint": false}"#).0, Access::Write);
        assert_eq!(guessed("purge", r#"{"readOnlyHint": true}"#), (Access::Read, vec![]));
        assert_eq!(guessed("update", r#"{"destructiveHint": true}"#), (Access::Write, vec!["destructive"]));
        assert_eq!(guessed("delete_draft", r#"{"destructiveHint": false}"#), (Access::Write, vec![]));
    }

    #[test]
    fn without_hints_the_name_says_it_and_doubt_is_a_write() {
        assert_eq!(guessed("get_order", "{}"), (Access::Read, vec![]));
        assert_eq!(guessed("slack_list_channels", "{}").0, Access::Read);
        assert_eq!(guessed("sequentialthinking", "{}"), (Access::Write, vec![]));
        assert_eq!(guessed("send_money", "{}"), (Access::Write, vec!["money", "customer_facing"]));
        assert_eq!(guessed("delete_email", "{}"), (Access::Write, vec!["destructive"]));
        assert_eq!(guessed("add_issue_comment", "{}"), (Access::Write, vec!["customer_facing"]));
        assert_eq!(guessed("update_password", "{}"), (Access::Write, vec!["permission"]));
        assert_eq!(guessed("delete_list", "{}"), (Access::Write, vec!["destructive"]));
        assert_eq!(guessed("create_view", "{}"), (Access::Write, vec![]));
    }
}
