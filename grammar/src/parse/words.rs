//! The blocks of the language: which words begin their members, and which words go on with a member on the next line.

/// What stands between a pair of braces, and at the top of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Block {
    File,
    Policy,
    Enum,
    Identity,
    Fields,
    Source,
    Tool,
    Verb,
    Rules,
    Gate,
    Handoff,
    Fixture,
    Test,
    Prove,
}

/// Words that a later version of the language gives a meaning where a member begins.
const RESERVED: [&str; 6] = ["under", "delegate", "stage", "mode", "watch", "Command"];

impl Block {
    /// The words that begin a member; empty where members begin with names of the author's own.
    pub(super) fn members(self) -> &'static [&'static str] {
        match self {
            Self::File => &[
                "policy", "use", "enum", "role", "risk", "identity", "source", "record", "tool", "let", "fn", "rules", "job",
                "fixture", "test", "prove",
            ],
            Self::Policy => &["version", "owner"],
            Self::Identity => &["user", "agent"],
            Self::Enum | Self::Fields => &[],
            Self::Source => &["record", "fetch", "fresh"],
            Self::Tool => &["read", "write", "record", "ignore"],
            Self::Verb => &["risk", "changes", "undo", "irreversible", "compensates", "no", "retain"],
            Self::Rules => &[
                "purpose",
                "input",
                "environment",
                "signal",
                "done",
                "let",
                "include",
                "allow",
                "never",
                "gate",
                "escalate",
                "on",
                "require",
                "limit",
                "handoff",
                "pause",
                "resume",
                "undo",
                "when",
                "unless",
                "shadow",
            ],
            Self::Gate => &["approvers", "expires", "show", "because", "may"],
            Self::Handoff => &["show", "expect"],
            Self::Fixture => &["job", "input", "environment", "agent", "user", "at", "given"],
            Self::Test => &[
                "call",
                "approve",
                "refuse",
                "after",
                "signal",
                "usage",
                "pause",
                "resume",
                "undo",
                "end",
                "job",
                "input",
                "environment",
                "agent",
                "user",
                "at",
                "given",
            ],
            Self::Prove => &["job", "never", "always", "every", "limit"],
        }
    }

    /// The words that continue a member when they begin a line.
    pub(super) fn clauses(self) -> &'static [&'static str] {
        match self {
            Self::File => &["on", "as", "with", "by", "bounded", "for", "untrusted"],
            Self::Policy | Self::Identity | Self::Handoff => &[],
            Self::Enum => &["as"],
            Self::Fields => &["from"],
            Self::Source => &["with", "also", "by", "for"],
            Self::Tool => &["as", "by"],
            Self::Verb => &["within", "by"],
            Self::Rules => {
                &["because", "by", "per", "within", "since", "capacity", "showing", "hiding", "after", "on", "where", "to", "of"]
            }
            Self::Gate => &[],
            Self::Fixture => &["absent", "unavailable"],
            Self::Test => &["expect", "returns", "fails", "unclear", "by", "as", "showing", "absent", "unavailable"],
            Self::Prove => &["when", "unless", "needs", "without", "by", "is", "where"],
        }
    }

    /// What stands in the braces of a member that begins with `head`; none where they hold a value.
    pub(super) fn body(self, head: &str) -> Option<Self> {
        match (self, head) {
            (Self::File, "policy") => Some(Self::Policy),
            (Self::File, "enum") => Some(Self::Enum),
            (Self::File, "identity") => Some(Self::Identity),
            (Self::File, "source") => Some(Self::Source),
            (Self::File | Self::Source | Self::Tool, "record")
            | (Self::Identity, "user" | "agent")
            | (Self::Rules, "input" | "environment") => Some(Self::Fields),
            (Self::File, "tool") => Some(Self::Tool),
            (Self::File, "job" | "rules") | (Self::Rules, "when" | "unless") => Some(Self::Rules),
            (Self::File, "fixture") => Some(Self::Fixture),
            (Self::File, "test") => Some(Self::Test),
            (Self::File, "prove") => Some(Self::Prove),
            (Self::Tool, "read" | "write") => Some(Self::Verb),
            (Self::Rules, "gate") => Some(Self::Gate),
            (Self::Rules, "handoff") => Some(Self::Handoff),
            _ => None,
        }
    }

    /// What a member is called.
    pub(super) fn member_name(self) -> &'static str {
        match self {
            Self::File => "a declaration such as `source`, `tool` or `job`",
            Self::Policy => "`version` or `owner`",
            Self::Enum => "a variant",
            Self::Identity => "`user` or `agent`",
            Self::Fields => "a field",
            Self::Source => "`record`, `fetch` or `fresh`",
            Self::Tool => "`read`, `write`, `record` or `ignore`",
            Self::Verb => "`risk`, `changes`, `undo`, `irreversible`, `compensates`, `no effect on` or `retain`",
            Self::Rules => "a rule such as `allow`, `never` or `gate`",
            Self::Gate => "`approvers`, `expires`, `show` or `because`",
            Self::Handoff => "`show` or `expect`",
            Self::Fixture => "`job`, `input`, `at` or `given`",
            Self::Test => "a step such as `given`, `call` or `approve`",
            Self::Prove => "a property such as `never allow`, `always allow` or `every write`",
        }
    }
}

/// Whether a later version of the language gives the word a meaning where a member begins.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// The word of `words` that was probably meant: at most one letter in four is wrong, two in all.
pub(super) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let letters = word.chars().count();
    let allowed = if letters < 3 {
        return None;
    } else if letters < 6 {
        1
    } else {
        2
    };
    words
        .into_iter()
        .filter(|known| known.len().abs_diff(word.len()) <= allowed)
        .map(|known| (strsim::damerau_levenshtein(word, known), known))
        .filter(|&(distance, _)| distance <= allowed && distance > 0)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, known)| known)
}

/// What to write instead of a word with which other languages begin a rule.
pub(super) fn foreign_head(block: Block, word: &str) -> Option<&'static str> {
    match (block, word) {
        (Block::Rules, "deny" | "forbid" | "block" | "disallow" | "prohibit") => Some("write `never shop.refund when …`"),
        (Block::Rules, "permit" | "grant" | "enable") => {
            Some("write `allow read shop.get_order` or `allow write shop.refund when …`")
        }
        (Block::Rules, "if" | "else") => {
            Some("put the condition after the rule, `allow write shop.refund when …`, or around several: `when … { … }`")
        }
        (Block::Rules, "approve" | "approval" | "confirm") => {
            Some("write `gate large_refund on shop.refund when … { approvers role support_lead }`")
        }
        (Block::File, "import" | "include" | "from" | "require") => Some("write `use std.risk`"),
        (Block::File, "agent") => Some("write `job triage_refunds { … }`"),
        (Block::File, "const" | "var" | "def" | "function" | "func") => {
            Some("write `let name = …` or `fn name(x: Text) -> Bool = …`")
        }
        (Block::File, "type" | "struct" | "class") => Some("write `record Line { … }` or `enum Status { … }`"),
        (Block::Test, "assert") => Some("write `call shop.refund(…) expect allow`"),
        (Block::Test, "expect") => Some("write what is expected after the step: `call shop.refund(…) expect allow`"),
        _ => None,
    }
}

/// The block that a word belongs into that begins no member here.
pub(super) fn home(word: &str) -> Option<&'static str> {
    const HOMES: [(Block, &str); 11] = [
        (Block::Rules, "a job"),
        (Block::File, "the top of the file"),
        (Block::Policy, "the `policy`"),
        (Block::Source, "a `source`"),
        (Block::Tool, "a `tool`"),
        (Block::Verb, "the braces of a `write`"),
        (Block::Gate, "a `gate`"),
        (Block::Handoff, "a `handoff`"),
        (Block::Fixture, "a `fixture` or a `test`"),
        (Block::Test, "a `test`"),
        (Block::Prove, "a `prove`"),
    ];
    HOMES.iter().find(|(block, _)| block.members().contains(&word)).map(|&(_, home)| home)
}
