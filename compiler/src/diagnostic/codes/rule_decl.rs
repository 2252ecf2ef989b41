//! Rules: the verbs they name and what they ask for.

use crate::diagnostic::text::{listing, type_name, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Access, Loc, Type, Typed, VerbId};

/// `allow write` of a read, or the other way round.
#[derive(Debug)]
pub(crate) struct WrongAccess {
    /// The verb.
    pub(crate) verb: VerbId,
    /// What the rule says.
    pub(crate) said: Access,
    /// Where the verb is named.
    pub(crate) loc: Loc,
}

impl Problem for WrongAccess {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let (said, is) = match self.said {
            Access::Read => ("read", "write"),
            Access::Write => ("write", "read"),
        };
        let diagnostic = Self::CODE
            .says(format!("`{verb}` is a {is}, and the rule says `{said}`"))
            .at(self.loc, format!("a {is}"));
        let diagnostic = match typed.verbs.get(self.verb.index()) {
            Some(decl) => diagnostic.at(decl.loc, format!("declared with `{is}` here")),
            None => diagnostic,
        };
        diagnostic.help(format!("write `allow {is} {verb}`"))
    }
}

/// `allow write shop.*`
#[derive(Debug)]
pub(crate) struct WildcardWrite {
    /// As written.
    pub(crate) target: String,
    /// The writes it would allow.
    pub(crate) writes: Vec<VerbId>,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for WildcardWrite {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let names: Vec<String> = self.writes.iter().map(|verb| verb_name(*verb, typed)).collect();
        let help = match names.as_slice() {
            [] => "name the writes one by one".to_owned(),
            names => format!("name the writes that are meant, of {}", listing(names, "and")),
        };
        Self::CODE
            .says(format!("`allow write {}` allows every write, also those declared later", self.target))
            .at(self.loc, "stands for every write")
            .note("what an agent may write is named verb by verb, so that a new verb is not allowed by an old rule")
            .help(help)
    }
}

/// A target that stands for no verb.
#[derive(Debug)]
pub(crate) struct NoSuchVerbs {
    /// As written.
    pub(crate) target: String,
    /// `read`, `write` or nothing.
    pub(crate) access: Option<Access>,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NoSuchVerbs {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let what = match self.access {
            Some(Access::Read) => "read",
            Some(Access::Write) => "write",
            None => "verb",
        };
        Self::CODE
            .says(format!("`{}` stands for no {what}", self.target))
            .at(self.loc, "nothing that this rule could speak of")
            .help(format!("declare a {what} in the tool, or remove the rule"))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// `showing` or `hiding` where nothing is shown.
#[derive(Debug)]
pub(crate) struct ShowingOfWrite {
    /// `showing` or `hiding`.
    pub(crate) clause: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for ShowingOfWrite {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` narrows what a read shows, and this allows a write", self.clause))
            .at(self.loc, "no rows to narrow")
            .help("move it to the rule that allows the read")
    }
}

/// A stop without condition and without verbs.
#[derive(Debug)]
pub(crate) struct AlwaysStops {
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for AlwaysStops {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says("the rule stops every run before its first call")
            .at(self.loc, "no verb and no condition")
            .help("write `on` and a verb, or `when` and a condition")
    }
}

/// A quorum that cannot be reached, or makes no sense.
#[derive(Debug)]
pub(crate) struct BadQuorum {
    /// What is asked for.
    pub(crate) fault: QuorumFault,
    /// Where.
    pub(crate) loc: Loc,
}

/// What is wrong with a quorum.
#[derive(Debug)]
pub(crate) enum QuorumFault {
    /// `0 of role lead`
    Nobody,
    /// `2 of user`
    OnePerson,
    /// `pause by 2 of role lead`
    OneIsEnough(&'static str),
    /// A gate without approvers.
    NoApprovers,
}

impl Problem for BadQuorum {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (message, label, help) = match &self.fault {
            QuorumFault::Nobody => ("an approval needs at least one person".to_owned(), "nobody", "write `role NAME`, or `2 of role NAME`"),
            QuorumFault::OnePerson => {
                ("several approvals are asked of one person".to_owned(), "this is one person", "remove the number")
            }
            QuorumFault::OneIsEnough(what) => {
                (format!("`{what}` takes one person"), "more than one", "remove the number")
            }
            QuorumFault::NoApprovers => {
                ("the gate does not say who approves".to_owned(), "nobody could open it", "add `approvers role NAME`")
            }
        };
        Self::CODE.says(message).at(self.loc, label).help(help)
    }

    fn rests_on(&self) -> RestsOn<'_> {
        match self.fault {
            QuorumFault::NoApprovers => RestsOn::Everything,
            _ => RestsOn::Itself,
        }
    }
}

/// `else gate G` where G is not a gate for these calls.
#[derive(Debug)]
pub(crate) struct GateElsewhere {
    /// The name after `gate`.
    pub(crate) gate: String,
    /// What it is: not a gate, or a gate that does not speak of these verbs.
    pub(crate) missing: Option<Vec<VerbId>>,
    /// Where it is named.
    pub(crate) loc: Loc,
    /// Where the rule of that name stands.
    pub(crate) rule: Loc,
}

impl Problem for GateElsewhere {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let gate = &self.gate;
        match &self.missing {
            None => Self::CODE
                .says(format!("the rule `{gate}` is no gate"))
                .at(self.loc, "must name a gate")
                .at(self.rule, "this rule")
                .help("name a gate of the job"),
            Some(verbs) => {
                let names: Vec<String> = verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
                Self::CODE
                    .says(format!("the gate `{gate}` does not speak of {}", listing(&names, "and")))
                    .at(self.loc, "could never be asked for these calls")
                    .at(self.rule, "the gate")
                    .help(format!("add {} to the gate, or name another one", listing(&names, "and")))
            }
        }
    }
}

/// A limit whose parts do not go together.
#[derive(Debug)]
pub(crate) struct LimitForm {
    /// What is wrong.
    pub(crate) fault: LimitFault,
    /// Where.
    pub(crate) loc: Loc,
}

/// What is wrong with a limit.
#[derive(Debug)]
pub(crate) enum LimitFault {
    /// No window is said.
    NoWindow,
    /// A window other than the run, without verbs.
    WindowOfRun,
    /// `sum`, `count(distinct …)` or `by` without verbs.
    NeedsVerbs(&'static str),
    /// A sliding window or a distinct count without capacity.
    NoCapacity,
    /// A capacity where nothing is kept.
    NeedlessCapacity,
    /// A capacity that is none.
    BadCapacity,
    /// `per`, `by` or `capacity` beside a value that is not added up.
    NotCounted(&'static str),
    /// A sum of something that cannot be added.
    NotSummable(Type),
    /// A value that has no order.
    NotOrdered(Type),
    /// A key or distinct value that cannot be told apart cheaply.
    NotKey(Type),
}

impl Problem for LimitForm {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (message, label, help): (String, &str, &str) = match &self.fault {
            LimitFault::NoWindow => (
                "the limit does not say over what it counts".into(),
                "no `per`",
                "write `per run`, `per hour`, `per day` or `per last 7d` after the bound",
            ),
            LimitFault::WindowOfRun => (
                "a limit without verbs counts over the run".into(),
                "not `per run`",
                "write `per run`, or `on` and the verbs whose calls count",
            ),
            LimitFault::NeedsVerbs(what) => (
                format!("`{what}` speaks of calls, and the limit names no verbs"),
                "no verbs to take it from",
                "write `on` and the verbs whose calls count",
            ),
            LimitFault::NoCapacity => (
                "the limit keeps every call or value and does not say how many".into(),
                "no `capacity`",
                "write `capacity 1000` before `else`; a call beyond it is denied",
            ),
            LimitFault::NeedlessCapacity => (
                "the limit keeps one number and needs no capacity".into(),
                "nothing is kept",
                "remove `capacity`; only `per last` and `count(distinct …)` need it",
            ),
            LimitFault::BadCapacity => (
                "the capacity is out of range".into(),
                "not a size that can be kept",
                "write a number from 1 to 1000000",
            ),
            LimitFault::NotCounted(clause) => (
                format!("`{clause}` speaks of what is counted, and this limit compares a value"),
                "nothing is counted",
                "remove it, or write `count()` or `sum(…)`",
            ),
            LimitFault::NotSummable(ty) => (
                format!("`{}` cannot be added up", type_name(ty, typed)),
                "not a number, money or duration",
                "add up a number, an amount of money or a duration, or use `count()`",
            ),
            LimitFault::NotOrdered(ty) => (
                format!("`{}` cannot be compared with a bound", type_name(ty, typed)),
                "not a number, money or duration",
                "limit a number, an amount of money or a duration; settle an optional one with `??`",
            ),
            LimitFault::NotKey(ty) => (
                format!("`{}` cannot tell calls apart", type_name(ty, typed)),
                "not a single value",
                "use a single value, such as the key of a record; settle an optional one with `??`",
            ),
        };
        Self::CODE.says(message).at(self.loc, label).help(help)
    }
}
