//! Names in expressions that do not mean a value where they stand.

use crate::diagnostic::text::{listing, type_name, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{EnumId, Loc, Type, Typed, VerbId};

/// A field or part that a value does not have.
#[derive(Debug)]
pub(crate) struct NoSuchField {
    /// Whose field it was to be.
    pub(crate) owner: Owner,
    /// Its name.
    pub(crate) name: String,
    /// The one that is probably meant.
    pub(crate) nearest: Option<String>,
    /// Where.
    pub(crate) loc: Loc,
}

/// What has fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Values of this type.
    Type(Type),
    /// `input`
    Input,
    /// `run.env`
    Environment,
    /// `signal`
    Signals,
    /// `run`
    Run,
    /// `user`
    User,
    /// `agent`
    Agent,
    /// `args`
    Args,
    /// `last(…)`
    Last,
}

impl Problem for NoSuchField {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (message, other) = match &self.owner {
            Owner::Type(ty @ Type::Record(id)) => {
                let fields: Vec<&str> = typed
                    .records
                    .get(id.0 as usize)
                    .map_or_else(Vec::new, |decl| decl.fields.iter().map(|field| field.name.as_str()).collect());
                let has = (!fields.is_empty()).then(|| format!("it has {}", listing(&fields, "and")));
                (format!("the record `{}` has no field `{}`", type_name(ty, typed), self.name), has)
            }
            Owner::Type(ty) => {
                let part = self.name.as_str();
                let part = if matches!(part, "date" | "weekday") { part } else { "time" };
                let help = match ty {
                    Type::Time => Some(format!("see the time in a zone, `(… in zone \"UTC\").{part}`")),
                    Type::Zoned => {
                        Some("it has `date`, `time` and `weekday`; hours are compared as in `….time in 08:00..18:00`".to_owned())
                    }
                    _ => None,
                };
                (format!("a value of type `{}` has no part `{}`", type_name(ty, typed), self.name), help)
            }
            Owner::Input => (
                format!("the job's input has no `{}`", self.name),
                Some(format!("declare it with `input {{ {}: … }}`", self.name)),
            ),
            Owner::Environment => (
                format!("the job's environment has no `{}`", self.name),
                Some(format!("declare it with `environment {{ {}: … }}`", self.name)),
            ),
            Owner::Signals => {
                (format!("the job has no signal `{}`", self.name), Some(format!("declare it with `signal {}: …`", self.name)))
            }
            Owner::Run => (
                format!("a run has no `{}`", self.name),
                Some("it has `calls`, `denials`, `cost`, `tokens`, `confidence`, `unsettled` and `env`".to_owned()),
            ),
            Owner::User | Owner::Agent => {
                let who = if self.owner == Owner::User { "user" } else { "agent" };
                let help = format!("declare it with `identity {{ {who} {{ {}: … }} }}`", self.name);
                (format!("the identity `{who}` has no attribute `{}`", self.name), Some(help))
            }
            Owner::Args => (format!("the earlier call has no argument `{}`", self.name), None),
            Owner::Last => (format!("`last` has no `{}`", self.name), Some("it has `result`, `args` and `at`".to_owned())),
        };
        let nearest = self.nearest.as_ref().map(|nearest| format!("did you mean `{nearest}`?"));
        Self::CODE.says(message).at(self.loc, "no such name").help_if(nearest.or(other))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Name(&self.name)
    }
}

/// A variant that an enum does not have.
#[derive(Debug)]
pub(crate) struct NoSuchVariant {
    /// The enum.
    pub(crate) id: EnumId,
    /// The name.
    pub(crate) name: String,
    /// The variant that is probably meant.
    pub(crate) nearest: Option<String>,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NoSuchVariant {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let decl = typed.enums.get(self.id.0 as usize);
        let variants: Vec<&str> =
            decl.map_or_else(Vec::new, |decl| decl.variants.iter().map(|variant| variant.name.as_str()).collect());
        let help = match &self.nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("its variants are {}", listing(&variants, "and")),
        };
        Self::CODE
            .says(format!("`{}` is no variant of `{}`", self.name, type_name(&Type::Enum(self.id), typed)))
            .at(self.loc, "no such variant")
            .help(help)
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Name(&self.name)
    }
}

/// A variant that several enums have, where nothing says which is meant.
#[derive(Debug)]
pub(crate) struct AmbiguousVariant {
    /// The name.
    pub(crate) name: String,
    /// The enums.
    pub(crate) enums: Vec<EnumId>,
    /// It is also a day of the week.
    pub(crate) weekday: bool,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for AmbiguousVariant {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let names: Vec<String> = self.enums.iter().map(|id| type_name(&Type::Enum(*id), typed)).collect();
        let mut owners = names.clone();
        if self.weekday {
            owners.push("Weekday".to_owned());
        }
        let written: Vec<String> = names.iter().map(|owner| format!("{owner}.{}", self.name)).collect();
        Self::CODE
            .says(format!("`{}` is a variant of {}, and nothing here says which is meant", self.name, listing(&owners, "and")))
            .at(self.loc, "which one is not said")
            .help(format!("write {}", listing(&written, "or")))
    }
}

/// Something that is no value by itself.
#[derive(Debug)]
pub(crate) struct NotAValue {
    /// What it is.
    pub(crate) what: NonValue,
    /// Where.
    pub(crate) loc: Loc,
}

/// What is no value by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NonValue {
    /// `input`, `run`, `args` and so on.
    Root(String),
    /// A record's name.
    Record(String),
    /// An enum's name.
    Enum(String),
    /// A function's name.
    Function(String),
    /// A tool's name.
    Tool(String),
    /// A verb, written as if it were called.
    Verb(String),
    /// `a..b` outside `in`.
    Range,
    /// `(a, b)` outside `match`.
    Tuple,
    /// `last(…)` alone.
    Last,
}

impl Problem for NotAValue {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (message, help) = match &self.what {
            NonValue::Root(name) => (format!("`{name}` alone is no value"), format!("write what of it is meant, `{name}.…`")),
            NonValue::Record(name) => {
                (format!("`{name}` is a record, not a value"), format!("look one up by its key, `{name}[…]`"))
            }
            NonValue::Enum(name) => {
                (format!("`{name}` is an enum, not a value"), format!("write one of its variants, `{name}.…`"))
            }
            NonValue::Function(name) => (format!("`{name}` is a function, not a value"), format!("call it, `{name}(…)`")),
            NonValue::Tool(name) => {
                (format!("`{name}` is a tool, not a value"), "ask for earlier calls with `happened(tool.verb)`".to_owned())
            }
            NonValue::Verb(name) => (
                format!("`{name}` is a verb, and only the agent calls verbs"),
                format!("ask for earlier calls with `happened({name})`, or read the record it fetches"),
            ),
            NonValue::Range => ("a range is no value".to_owned(), "write it to the right of `in`".to_owned()),
            NonValue::Tuple => {
                ("several values in parentheses are no value".to_owned(), "write them as the subject of `match`".to_owned())
            }
            NonValue::Last => (
                "an earlier call is no value".to_owned(),
                "write what of it is meant: `last(…).result`, `.args.…` or `.at`, or ask `last(…) is absent`".to_owned(),
            ),
        };
        Self::CODE.says(message).at(self.loc, "no value").help(help)
    }
}

/// Something that cannot be spoken of where it stands.
#[derive(Debug)]
pub(crate) struct NotHere {
    /// What it is.
    pub(crate) what: Thing,
    /// Where it stands: "a function".
    pub(crate) place: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

/// What can be spoken of in some places only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A parameter of a verb.
    Parameter(String),
    /// A parameter of the earlier call, in a filter over earlier calls.
    PastParameter(String),
    /// `input.x`
    Input,
    /// `run.env.x`
    Environment,
    /// `signal.x`
    Signal,
    /// `run.x`
    Run,
    /// `user.x`, `agent.x`
    Identity,
    /// `now`
    Now,
    /// A `let`.
    Let,
    /// `happened(…)`
    History,
    /// `happened(…)` inside the filter of another.
    HistoryInFilter,
    /// `result` of a call that failed.
    ResultOfFailed,
    /// A record by its key.
    Lookup,
    /// An operator.
    Operator,
    /// A loop.
    Loop,
    /// A call of a function.
    Call,
    /// `{ … }`
    Record,
}

impl Problem for NotHere {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let in_function = self.place == "a function";
        let (what, help) = match &self.what {
            Thing::Parameter(name) => {
                return Self::CODE
                    .says(format!("`{name}` is a parameter of verbs, and this speaks of no verb"))
                    .at(self.loc, "a parameter")
                    .help("say which verbs are meant with `on`, or ask for earlier calls with `happened`");
            }
            Thing::PastParameter(name) => {
                return Self::CODE
                    .says(format!("`{name}` is a parameter of the earlier call, and stands in its `args`"))
                    .at(self.loc, "of the earlier call")
                    .help(format!("write `args.{name}`"));
            }
            Thing::HistoryInFilter => {
                return Self::CODE
                    .says("a filter over earlier calls cannot ask for earlier calls again")
                    .at(self.loc, "inside another such question")
                    .help("ask both questions beside each other, joined by `and`");
            }
            Thing::ResultOfFailed => {
                return Self::CODE
                    .says("a call that failed has no `result`")
                    .at(self.loc, "inside `failed`")
                    .help("speak of `args`, or ask `happened`");
            }
            Thing::Input => ("the job's input", None),
            Thing::Environment => ("the job's environment", None),
            Thing::Signal => ("the job's signals", None),
            Thing::Run => ("facts of the run", None),
            Thing::Identity => ("identities", None),
            Thing::Now => ("the time", None),
            Thing::Let => ("a `let`", Some("make it a `fn`")),
            Thing::History => ("earlier calls", None),
            Thing::Lookup => ("records by their key", None),
            Thing::Operator => ("operators", None),
            Thing::Loop => ("loops", None),
            Thing::Call => ("calls of functions", None),
            Thing::Record => ("records in braces", Some("records in braces stand in tests only; compare single fields")),
        };
        let help = match self.place {
            "a test" => Some("write the constant itself"),
            _ if in_function && self.what == Thing::Let => {
                Some("a function sees its parameters and other functions: make it a `fn`, or pass its value as an argument")
            }
            "a clause of a verb" if matches!(self.what, Thing::Input | Thing::Environment | Thing::Run | Thing::Signal) => {
                Some("name the record by a parameter of the verb, or write its key, as in `changes Account[\"main\"]`")
            }
            "an `undo`" if matches!(self.what, Thing::Input | Thing::Environment | Thing::Run | Thing::Signal) => Some(
                "take it from the call's arguments, its `result`, or a record under a written key, as in `Account[\"main\"].street`",
            ),
            _ if in_function => help.filter(|_| self.what == Thing::Record).or(Some("pass it as an argument")),
            _ => help,
        };
        Self::CODE
            .says(format!("{} cannot speak of {what}", self.place))
            .at(self.loc, "not known here")
            .help_if(help.map(str::to_owned))
    }
}

/// A parameter that not all verbs of a rule have alike.
#[derive(Debug)]
pub(crate) struct UnsharedParameter {
    /// The parameter.
    pub(crate) name: String,
    /// A verb that has it.
    pub(crate) has: VerbId,
    /// One that has not, or with another type.
    pub(crate) lacks: VerbId,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for UnsharedParameter {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let param = |verb: VerbId| {
            let decl = typed.verbs.get(verb.index())?;
            decl.params.iter().find(|param| param.field.name == self.name).map(|param| type_name(&param.field.ty, typed))
        };
        let (has, lacks) = (verb_name(self.has, typed), verb_name(self.lacks, typed));
        let name = &self.name;
        let message = match (param(self.has), param(self.lacks)) {
            (Some(one), Some(other)) => {
                format!("the parameter `{name}` is `{one}` in `{has}` and `{other}` in `{lacks}`")
            }
            _ => format!("`{has}` has a parameter `{name}`, and `{lacks}` has none"),
        };
        Self::CODE
            .says(message)
            .at(self.loc, "used for both verbs")
            .note("a condition that speaks of a parameter is decided for every verb it stands on")
            .help("write one rule for each verb")
    }
}
