//! What the real tools are, against what the policy says they are.

use crate::diagnostic::text::{listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::tools::Fault;
use crate::typed::{Loc, Typed, VerbId};

/// A verb that the server does not have.
#[derive(Debug)]
pub(crate) struct NoSuchTool {
    /// The verb.
    pub(crate) verb: VerbId,
    /// The list of real tools.
    pub(crate) file: String,
    /// The nearest name in it.
    pub(crate) nearest: Option<String>,
}

impl Problem for NoSuchTool {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let says = format!(
            "`{}` is declared, and `{}` has no tool `{}`",
            verb_name(self.verb, typed),
            self.file,
            wire(self.verb, typed)
        );
        let diagnostic = Self::CODE.says(says);
        let diagnostic = match typed.verbs.get(self.verb.index()) {
            Some(verb) => diagnostic.at(verb.loc, "no real tool has this name"),
            None => diagnostic,
        };
        diagnostic.note("a call of it would fail, and a rule on it would hold nothing").help(match &self.nearest {
            Some(nearest) => {
                format!("did you mean `{nearest}`? a verb named otherwise here says `as \"{nearest}\"` after its parameters")
            }
            None => "remove the verb where the tool is gone; where it is called otherwise, say `as \"…\"` after its parameters"
                .to_owned(),
        })
    }
}

/// A real tool that the policy does not mention.
#[derive(Debug)]
pub(crate) struct UndeclaredTool {
    /// Its name on the wire.
    pub(crate) wire: String,
    /// The list of real tools.
    pub(crate) file: String,
    /// The policy's tool that it would stand in.
    pub(crate) tool: String,
    /// Where that is declared.
    pub(crate) loc: Loc,
}

impl Problem for UndeclaredTool {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` has the tool `{}`, which the policy neither declares nor ignores", self.file, self.wire))
            .at(self.loc, format!("`{}` does not mention it", self.tool))
            .note("it is denied; but nobody has said so on purpose, and it may be new")
            .help(format!("declare it with `read` or `write`, or write `ignore {}`", written(&self.wire)))
    }
}

/// A parameter that the tool does not have.
#[derive(Debug)]
pub(crate) struct NoSuchParameter {
    /// The verb.
    pub(crate) verb: VerbId,
    /// Its place in the arguments.
    pub(crate) path: Vec<String>,
    /// The nearest name there.
    pub(crate) nearest: Option<String>,
    /// The names there.
    pub(crate) known: Vec<String>,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

impl Problem for NoSuchParameter {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let says = format!("the tool `{}` takes no `{}`", wire(self.verb, typed), place(&self.path));
        let diagnostic = self.places(Self::CODE.says(says), typed);
        diagnostic.help(match (&self.nearest, self.known.as_slice()) {
            (Some(nearest), _) => format!("did you mean `{nearest}`? a parameter named otherwise here says `from \"{nearest}\"`"),
            (None, []) => "remove it: the tool takes nothing there".to_owned(),
            (None, known) => format!("the tool takes {} there", listing(known, "and")),
        })
    }
}

impl NoSuchParameter {
    fn places(&self, diagnostic: Diagnostic, typed: &Typed) -> Diagnostic {
        beside(diagnostic.at(self.loc, "the tool does not know it"), self.loc, self.verb, typed)
    }
}

/// What the tool cannot do without, and the policy leaves out or may leave out.
#[derive(Debug)]
pub(crate) struct MissingParameter {
    /// The verb.
    pub(crate) verb: VerbId,
    /// Its place in the arguments.
    pub(crate) path: Vec<String>,
    /// It is declared, as one that may be missing.
    pub(crate) declared: bool,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for MissingParameter {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (tool, place) = (wire(self.verb, typed), place(&self.path));
        if self.declared {
            let says = format!("the tool `{tool}` requires `{place}`, and here it may be left out");
            let diagnostic = Self::CODE.says(says).at(self.loc, "declared as one that may be missing");
            return beside(diagnostic, self.loc, self.verb, typed).help("remove the `?` after its type");
        }
        Self::CODE
            .says(format!("the tool `{tool}` requires `{place}`, which `{}` does not declare", verb_name(self.verb, typed)))
            .at(self.loc, format!("`{place}` is missing"))
            .note("arguments that are not declared are denied, so that no call could succeed")
            .help(format!("declare `{place}` with its type"))
    }
}

/// A parameter of another type than the tool's.
#[derive(Debug)]
pub(crate) struct ParameterMisfit {
    /// The verb.
    pub(crate) verb: VerbId,
    /// Its place in the arguments.
    pub(crate) path: Vec<String>,
    /// What is wrong.
    pub(crate) fault: Fault,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

impl Problem for ParameterMisfit {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (tool, place) = (wire(self.verb, typed), place(&self.path));
        let place = if place.is_empty() { "the arguments".to_owned() } else { format!("`{place}`") };
        let (says, label, help) = match &self.fault {
            Fault::Kind { declared, real } => (
                format!("{place} is declared as `{declared}`, and the tool `{tool}` takes {real}"),
                format!("declared as `{declared}`"),
                "declare the type that the tool takes".to_owned(),
            ),
            Fault::UnknownTexts { texts, known } => (
                format!("{place} may be {}, which the tool `{tool}` does not take", listing(texts, "or")),
                "more than the tool takes".to_owned(),
                format!("the tool takes {}; a variant named otherwise here says `as \"…\"`", listing(known, "or")),
            ),
            // The other faults of arguments have codes of their own.
            _ => (format!("{place} does not fit the tool `{tool}`"), String::new(), "declare what the tool takes".to_owned()),
        };
        beside(Self::CODE.says(says).at(self.loc, label), self.loc, self.verb, typed).help(help)
    }
}

/// A result that is declared otherwise than the tool gives it.
#[derive(Debug)]
pub(crate) struct ResultMisfit {
    /// The verb.
    pub(crate) verb: VerbId,
    /// The place in the result.
    pub(crate) path: Vec<String>,
    /// What is wrong.
    pub(crate) fault: Fault,
    /// Where it is declared.
    pub(crate) loc: Loc,
}

impl Problem for ResultMisfit {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (tool, place) = (wire(self.verb, typed), place(&self.path));
        let what = if place.is_empty() { "the result".to_owned() } else { format!("`{place}`") };
        let (says, label, help) = match &self.fault {
            Fault::Kind { declared, real } => (
                format!("the tool `{tool}` gives {real} for {what}, which is declared as `{declared}`"),
                format!("declared as `{declared}`"),
                "declare the type that the tool gives".to_owned(),
            ),
            Fault::NewTexts { texts, declared } => (
                format!("the tool `{tool}` may give {} for {what}, which `{declared}` does not have", listing(texts, "or")),
                format!("a `{declared}`"),
                format!("add a variant to `{declared}`, such as `other as \"{}\"`", texts.first().map_or("…", String::as_str)),
            ),
            Fault::NoMember { nearest, known } => (
                format!("the tool `{tool}` gives no {what}"),
                "never there".to_owned(),
                match nearest {
                    Some(nearest) => format!("did you mean `{nearest}`? a field named otherwise here says `from \"{nearest}\"`"),
                    None => format!("it gives {}", listing(known, "and")),
                },
            ),
            _ => (
                format!("the tool `{tool}` may leave out {what}, which is declared as always there"),
                "it may be missing".to_owned(),
                "write `?` after its type".to_owned(),
            ),
        };
        let diagnostic = Self::CODE.says(says).at(self.loc, label);
        beside(diagnostic, self.loc, self.verb, typed)
            .note("a result that does not fit its declaration is not shown to the agent")
            .help(help)
    }
}

/// A tool under `ignore` that the server does not have.
#[derive(Debug)]
pub(crate) struct StaleIgnore {
    /// As written.
    pub(crate) wire: String,
    /// The list of real tools.
    pub(crate) file: String,
    /// The nearest name in it.
    pub(crate) nearest: Option<String>,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for StaleIgnore {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` is ignored, and `{}` has no such tool", self.wire, self.file))
            .at(self.loc, "no real tool has this name")
            .note("a name that is ignored in advance would hide a tool that comes later")
            .help(match &self.nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "remove it".to_owned(),
            })
    }
}

/// What of a tool has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ToolChange {
    /// What it takes or gives.
    Schema,
    /// What it says of itself.
    Words,
    /// Both.
    Both,
}

/// A tool that is not as it was pinned.
#[derive(Debug)]
pub(crate) struct ChangedTool {
    /// Its name on the wire.
    pub(crate) wire: String,
    /// What has changed.
    pub(crate) change: ToolChange,
    /// Where the policy mentions it.
    pub(crate) loc: Loc,
}

impl Problem for ChangedTool {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let what = match self.change {
            ToolChange::Schema => "what it takes or gives",
            ToolChange::Words => "what it says of itself",
            ToolChange::Both => "what it takes or gives, and what it says of itself",
        };
        let note = match self.change {
            ToolChange::Schema => "the policy was checked against the tool as it was",
            ToolChange::Words | ToolChange::Both => {
                "the model reads what a tool says of itself, so a changed description can carry instructions"
            }
        };
        Self::CODE
            .says(format!("the tool `{}` has changed since it was pinned: {what}", self.wire))
            .at(self.loc, "pinned as it was before")
            .note(note)
            .help("look at the tool again; `agentc build --tools … --repin` then pins it as it is now")
    }
}

fn wire(verb: VerbId, typed: &Typed) -> &str {
    typed.verbs.get(verb.index()).map_or("", |verb| verb.wire.as_str())
}

/// `lines[].price`
fn place(path: &[String]) -> String {
    let mut text = String::new();
    for step in path {
        if step != "[]" && !text.is_empty() {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}

/// The name as `ignore` takes it.
fn written(wire: &str) -> String {
    let plain = wire.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !wire.starts_with(|first: char| first.is_ascii_digit());
    if plain { wire.to_owned() } else { format!("{wire:?}") }
}

/// Names the verb too, where the place to mend is a field of a record.
fn beside(diagnostic: Diagnostic, loc: Loc, verb: VerbId, typed: &Typed) -> Diagnostic {
    match typed.verbs.get(verb.index()) {
        Some(decl) if decl.loc != loc => diagnostic.at(decl.loc, "in this verb"),
        _ => diagnostic,
    }
}
