//! Rules that decide nothing.

use crate::diagnostic::text::{listing, snippet, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed, VerbId};

/// A rule whose condition is never true.
#[derive(Debug)]
pub(crate) struct NeverTrue {
    /// The rule.
    pub(crate) rule: String,
    /// What it is: `gate`.
    pub(crate) sort: &'static str,
    /// Its condition.
    pub(crate) condition: Loc,
    /// The part of it that is never true, or two that contradict each other; none where it takes more.
    pub(crate) places: Vec<Loc>,
}

impl Problem for NeverTrue {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let consequence = match self.sort {
            "allow" => "it allows nothing",
            "never" => "it denies nothing",
            "gate" => "nobody is ever asked",
            "escalation" | "rule on failures" => "it stops nothing",
            "requirement" => "nothing is required",
            _ => "nothing counts",
        };
        let (rule, sort) = (&self.rule, self.sort);
        let said = Self::CODE.says(format!("the condition of the {sort} `{rule}` is never true, so {consequence}"));
        match self.places.as_slice() {
            [one, other] => {
                let (first, second) = (snippet(*one, typed), snippet(*other, typed));
                said.at(*one, "when this holds")
                    .at(*other, "this cannot hold")
                    .help(format!("correct `{first}` or `{second}`, or join the two with `or` if either is enough"))
            }
            [one] => said.at(*one, "never true").help("correct it, or remove the rule"),
            _ => said.at(self.condition, "never true as a whole").help("correct it, or remove the rule"),
        }
    }
}

/// A condition, or a part of one, that is never false.
#[derive(Debug)]
pub(crate) struct AlwaysTrue {
    /// Where it stands.
    pub(crate) loc: Loc,
}

impl Problem for AlwaysTrue {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.loc, typed);
        Self::CODE
            .says(format!("the condition `{text}` is always true, so it narrows nothing"))
            .at(self.loc, "true of every call")
            .help("write the condition that is meant, or leave it out")
    }
}

/// A rule that another one of the same effect makes superfluous.
#[derive(Debug)]
pub(crate) struct Implied {
    /// The rule.
    pub(crate) rule: String,
    /// What it is: `gate`.
    pub(crate) sort: &'static str,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// The one that does it already.
    pub(crate) other: String,
    /// Where that stands.
    pub(crate) other_loc: Loc,
}

impl Problem for Implied {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (rule, other) = (&self.rule, &self.other);
        let what = match self.sort {
            "allow" => format!("whatever it allows, `{other}` allows already"),
            "never" => format!("whatever it denies, `{other}` denies already"),
            "gate" => format!("whatever it asks about, `{other}` asks the same people about already"),
            _ => format!("whatever it stops, `{other}` stops already"),
        };
        Self::CODE
            .says(format!("the {} `{rule}` changes nothing: {what}", self.sort))
            .at(self.loc, "this rule")
            .at(self.other_loc, "hidden by this one")
            .help(format!("remove `{rule}`, or narrow `{other}` if it was not meant to go so far"))
    }
}

/// An `allow` all of whose calls are denied.
#[derive(Debug)]
pub(crate) struct Swallowed {
    /// The rule.
    pub(crate) rule: String,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// The rules that deny.
    pub(crate) by: Vec<(String, Loc)>,
}

impl Problem for Swallowed {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let rule = &self.rule;
        let names: Vec<&str> = self.by.iter().map(|(name, _)| name.as_str()).collect();
        let by = listing(&names, "and");
        let deny = if names.len() == 1 { "denies" } else { "deny" };
        let said = Self::CODE.says(format!("the allow `{rule}` permits nothing, because {by} {deny} every call that it allows"));
        let said = self.by.iter().fold(said.at(self.loc, "this rule"), |said, (_, loc)| said.at(*loc, "hidden by this one"));
        said.note("`never` wins over every `allow`, wherever it stands")
            .help(format!("remove `{rule}`, or say in {by} which calls are excepted, `unless …`"))
    }
}

/// A stop or a gate that no call reaches.
#[derive(Debug)]
pub(crate) struct Unreached {
    /// The rule.
    pub(crate) rule: String,
    /// What it is: `gate`.
    pub(crate) sort: &'static str,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// The rules that decide before; none where no `allow` lets such a call come so far.
    pub(crate) by: Vec<(String, Loc)>,
}

impl Problem for Unreached {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (rule, sort) = (&self.rule, self.sort);
        let names: Vec<&str> = self.by.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            return Self::CODE
                .says(format!("the {sort} `{rule}` is never reached, because no rule allows the calls it speaks of"))
                .at(self.loc, "this rule")
                .note("a call that no `allow` permits is denied before")
                .help("allow those calls, or remove this rule");
        }
        let by = listing(&names, "and");
        let decide = if names.len() == 1 { "decides" } else { "decide" };
        let said = Self::CODE.says(format!("the {sort} `{rule}` is never reached, because {by} {decide} all its calls before"));
        let said = self.by.iter().fold(said.at(self.loc, "this rule"), |said, (_, loc)| said.at(*loc, "hidden by this one"));
        said.note("a call is first stopped by the rules of the job, then denied, then stopped by the rules of its verb, then asked about")
            .help(format!("remove `{rule}`, or leave its calls out of {by}, `unless …`"))
    }
}

/// A rule about verbs that are never allowed.
#[derive(Debug)]
pub(crate) struct NeverCalled {
    /// The rule.
    pub(crate) rule: String,
    /// What it is: `gate`.
    pub(crate) what: &'static str,
    /// Its verbs.
    pub(crate) verbs: Vec<VerbId>,
    /// Where it stands.
    pub(crate) loc: Loc,
}

impl Problem for NeverCalled {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let names: Vec<String> = self.verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
        let (what, rule, calls) = (self.what, &self.rule, listing(&names, "or"));
        let first = names.first().map_or("", String::as_str);
        Self::CODE
            .says(format!("the {what} `{rule}` decides nothing, because no rule allows {calls}"))
            .at(self.loc, "never comes into play")
            .note("a call that no `allow` names is denied before any other rule is asked")
            .help(format!("allow it, `allow write {first} when …`, or remove this rule"))
    }
}

/// A call that is required or looked for, and that the job never allows.
#[derive(Debug)]
pub(crate) struct NeverMade {
    /// Its verb.
    pub(crate) verb: VerbId,
    /// The job.
    pub(crate) job: String,
    /// Where it is asked for.
    pub(crate) loc: Loc,
    /// By a `require`; otherwise by a condition.
    pub(crate) required: bool,
}

impl Problem for NeverMade {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let why = if self.required { "every call that requires it is denied" } else { "the condition is never true" };
        Self::CODE
            .says(format!("`{verb}` is never allowed in the job `{}`, so {why}", self.job))
            .at(self.loc, "asks for a call that is never made")
            .help(format!("add an `allow` rule for `{verb}`, or ask for a call that the job allows"))
    }
}
