//! Rules in words: when each fires and what follows, who must approve, what a limit measures.

use super::words::{duration, joined, of, spoken};
use super::{English, Polarity, TOP};
use crate::typed::{
    Approver, ApproverKind, ExpiredThen, Expr, ExprKind, Gate, Job, Limit, LimitElse, Loc, Measure, Rule, RuleKind, Show, VerbId,
    Window,
};

/// What follows where a rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The call is permitted.
    Allows,
    /// It is denied.
    Denies,
    /// It waits for people.
    Asks,
    /// The run stops and is handed over.
    Stops,
    /// The job is paused.
    Pauses,
}

/// A rule in words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said<'a> {
    /// The rule.
    pub(crate) rule: &'a Rule,
    /// The word that it is written with: `never`, `gate`, `limit`.
    pub(crate) word: &'static str,
    /// What follows where it fires.
    pub(crate) kind: Kind,
    /// When it fires: all of these; empty: always.
    pub(crate) when: Vec<String>,
}

impl Said<'_> {
    /// Where it is written.
    pub(crate) fn loc(&self) -> Loc {
        self.rule.loc
    }

    /// Whether it fires whatever is called how.
    pub(crate) fn is_unconditional(&self) -> bool {
        self.when.is_empty()
    }
}

impl<'a> English<'a> {
    /// A rule in words.
    pub(crate) fn rule(&self, rule: &'a Rule) -> Said<'a> {
        let mut when = rule.condition.as_ref().map_or_else(Vec::new, |condition| self.conditions(condition));
        let (word, kind) = match &rule.kind {
            RuleKind::Allow { .. } => ("allow", Kind::Allows),
            RuleKind::Never => ("never", Kind::Denies),
            RuleKind::Gate(_) => ("gate", Kind::Asks),
            RuleKind::Escalate => ("escalate", Kind::Stops),
            RuleKind::OnFailure { tries } => {
                when.push(self.failures(&rule.verbs, *tries));
                ("on failure", Kind::Stops)
            }
            RuleKind::Require { verb, args, within, since_last } => {
                when.push(self.requirement(*verb, args, *within, *since_last, Polarity::Fails));
                ("require", Kind::Denies)
            }
            RuleKind::Limit(limit) => {
                // The condition of a limit chooses the calls that count, it is no condition of its own.
                when = vec![self.beyond(rule, limit)];
                ("limit", limit_kind(limit))
            }
        };
        Said { rule, word, kind, when }
    }

    fn failures(&self, verbs: &[VerbId], tries: u32) -> String {
        let verbs = if verbs.is_empty() { "any call".to_owned() } else { self.verbs(verbs, "or") };
        match self.reader {
            super::Reader::Person if tries == 1 => format!("{verbs} has failed"),
            super::Reader::Person => format!("{verbs} has failed {tries} times without a success in between"),
            super::Reader::Model => format!("{verbs} keeps failing"),
        }
    }

    /// `\`shop.get_order\` has succeeded with the same order in the last 15 minutes`
    pub(crate) fn required(&self, rule: &Rule) -> Option<String> {
        match &rule.kind {
            RuleKind::Require { verb, args, within, since_last } => {
                Some(self.requirement(*verb, args, *within, *since_last, Polarity::Holds))
            }
            _ => None,
        }
    }

    fn requirement(
        &self,
        verb: VerbId,
        args: &[(u32, Expr)],
        within: Option<i64>,
        since_last: Option<VerbId>,
        polarity: Polarity,
    ) -> String {
        let params = self.typed.verbs.get(verb.index()).map_or(&[][..], |verb| &verb.params);
        let with = |(param, value): &(u32, Expr)| {
            let name = params.get(*param as usize).map_or("", |param| param.field.name.as_str());
            let value = self.noun(value, TOP);
            let same = value.strip_prefix("the ").is_some_and(|value| value == spoken(name));
            if same { format!("the same {}", spoken(name)) } else { format!("{} {value}", spoken(name)) }
        };
        let with: Vec<String> = args.iter().map(with).collect();
        let with = if with.is_empty() { String::new() } else { format!(" with {}", joined(&with, "and")) };
        let within = match (within, self.reader) {
            (None, _) => " in this run".to_owned(),
            (Some(_), super::Reader::Model) => " recently".to_owned(),
            (Some(within), _) => format!(" in the last {}", span(within)),
        };
        let since = since_last.map_or_else(String::new, |verb| format!(" and since the last {}", self.verb(verb)));
        format!("{} {} succeeded{with}{within}{since}", self.verb(verb), polarity.choose("has", "has not"))
    }

    /// What a limit measures: `the number of calls of \`shop.refund\` in one run for each order`.
    pub(crate) fn measured(&self, rule: &Rule, limit: &Limit) -> String {
        let calls = match self.verbs(&rule.verbs, "and") {
            none if none.is_empty() => "calls".to_owned(),
            all if all == "all calls" => all,
            verbs => format!("calls of {verbs}"),
        };
        let counted =
            rule.condition.as_ref().map_or_else(String::new, |condition| format!(" where {}", self.condition(condition)));
        let what = match &limit.measure {
            Measure::Count => format!("the number of {calls}"),
            Measure::CountDistinct(value) => format!("the number of different values of {} in {calls}", self.noun(value, TOP)),
            Measure::Sum(value) => format!("the sum of {} over {calls}", self.noun(value, TOP)),
            Measure::Value(value) => return self.noun(value, TOP),
        };
        let window = match &limit.window {
            Window::Run => "in one run".to_owned(),
            Window::Hour => "in an hour".to_owned(),
            Window::Day(zone) if zone == "UTC" => "in a day (UTC)".to_owned(),
            Window::Day(zone) => format!("in a day ({zone})"),
            Window::Last(_) if self.reader == super::Reader::Model => "in some time".to_owned(),
            Window::Last(nanoseconds) => format!("in the last {}", span(*nanoseconds)),
        };
        let by: Vec<String> = limit.by.iter().flat_map(key_parts).map(|key| self.noun(key, TOP)).collect();
        let by: Vec<&str> = by.iter().map(|key| key.strip_prefix("the ").unwrap_or(key)).collect();
        let by = if by.is_empty() { String::new() } else { format!(" for each {}", joined(&by, "and")) };
        format!("{what}{counted} {window}{by}")
    }

    /// What a limit holds: `… is at most 500 USD`, and whose approval lets more pass.
    pub(crate) fn within(&self, rule: &'a Rule, limit: &Limit) -> String {
        let approved = match (self.job, &limit.otherwise) {
            (Some(job), LimitElse::Gate(_)) => Self::gate_of(job, rule),
            _ => None,
        };
        let approved = approved.map_or_else(String::new, |(gate, _)| format!(" without approval by `{}`", gate.name));
        format!("{}{approved}", self.bounded(rule, limit))
    }

    /// The bound of a limit alone: `… is at most 500 USD`.
    pub(crate) fn bounded(&self, rule: &Rule, limit: &Limit) -> String {
        let word = if limit.strict { "stays below" } else { "is at most" };
        format!("{} {word} {}", self.measured(rule, limit), self.bound_of(limit))
    }

    fn beyond(&self, rule: &Rule, limit: &Limit) -> String {
        let is = if matches!(limit.measure, Measure::Value(_)) { "is" } else { "would be" };
        let word = if limit.strict { "not below" } else { "above" };
        format!("{} {is} {word} {}", self.measured(rule, limit), self.bound_of(limit))
    }

    fn bound_of(&self, limit: &Limit) -> String {
        if self.is_threshold(&limit.bound) { "a set limit".to_owned() } else { self.bounding(true).noun(&limit.bound, TOP) }
    }

    /// The people of a gate, a pause or an undo: `a person with the role \`support_lead\``.
    pub(crate) fn people(&self, people: &[Approver], word: &str) -> String {
        let one = |approver: &Approver| match &approver.who {
            ApproverKind::Role(role) => {
                let role = self.typed.roles.get(role.index()).map_or("", |role| role.name.as_str());
                match approver.quorum {
                    0 | 1 => format!("a person with the role `{role}`"),
                    many => format!("{many} people with the role `{role}`"),
                }
            }
            ApproverKind::User => "the person served".to_owned(),
            ApproverKind::Identity(id) => self.holder(id),
        };
        joined(&people.iter().map(one).collect::<Vec<_>>(), word)
    }

    /// Who is asked: `2 people with the role \`finance\` are asked`.
    pub(crate) fn asked(&self, people: &[Approver]) -> String {
        format!("{} {} asked", self.people(people, "and"), agreeing(people, "is", "are"))
    }

    /// Who decides: `2 people with the role \`finance\` decide`.
    pub(crate) fn deciding(&self, people: &[Approver]) -> String {
        format!("{} {}", self.people(people, "and"), agreeing(people, "decides", "decide"))
    }

    /// The person whose id an expression gives: `lead.owner.id` is the lead's owner.
    fn holder(&self, id: &Expr) -> String {
        if let ExprKind::Field(base, field) = &id.kind
            && let Some(field) = self.field(base, *field)
        {
            let owner = self.noun(base, TOP);
            let part = field.name.strip_suffix("_id").unwrap_or(&field.name);
            return if part == "id" { owner } else { of(&owner, &spoken(part)) };
        }
        self.noun(id, TOP)
    }

    /// What happens to a request that nobody answers.
    pub(crate) fn expiry(&self, gate: &Gate) -> String {
        let Some(first) = gate.expires else { return "the request stays open while the run lasts".to_owned() };
        let mut text = format!("after {} without an answer", duration(first));
        for (people, expires) in &gate.then {
            text.push_str(&format!(" {} instead", self.asked(people)));
            match expires {
                Some(expires) => text.push_str(&format!(", and after {} more", duration(*expires))),
                None => return text,
            }
        }
        let end = match gate.otherwise {
            ExpiredThen::Deny => " the call is denied",
            ExpiredThen::Escalate => " the run stops and is handed over",
        };
        text.push_str(end);
        text
    }

    /// What people are shown.
    pub(crate) fn shown(&self, show: &[Show]) -> String {
        let one = |show: &Show| match show {
            Show::Trace => "the trace of the run".to_owned(),
            Show::Arguments => "all arguments of the call".to_owned(),
            Show::Value(_, value) => self.noun(value, TOP),
        };
        joined(&show.iter().map(one).collect::<Vec<_>>(), "and")
    }

    /// What a rule makes visible of a read's result; nothing is said where it hides nothing.
    pub(crate) fn narrowed(&self, rule: &Rule) -> Option<String> {
        let RuleKind::Allow { rows, hiding, .. } = &rule.kind else { return None };
        let mut parts = Vec::new();
        if let Some((row, condition)) = rows {
            let scope = super::Scope { outer: None, local: *row, name: "row" };
            parts.push(format!("only rows where {}", self.sentence(condition, Polarity::Holds, Some(&scope))));
        }
        let hidden: Vec<String> = hiding.iter().map(|path| self.hidden(rule, path)).collect();
        if !hidden.is_empty() {
            parts.push(format!("without {}", joined(&hidden, "and")));
        }
        (!parts.is_empty()).then(|| joined(&parts, "and"))
    }

    /// The name of a hidden field, from the record of the rule's first verb inwards.
    fn hidden(&self, rule: &Rule, path: &[u32]) -> String {
        let result = rule.verbs.iter().find_map(|verb| self.typed.verbs.get(verb.index()).and_then(|verb| verb.result.as_ref()));
        let mut ty = result;
        let mut names = Vec::new();
        for at in path {
            let Some(record) = ty.and_then(record_in) else { break };
            let Some(field) = self.typed.records.get(record.0 as usize).and_then(|record| record.fields.get(*at as usize)) else {
                break;
            };
            names.push(format!("`{}`", field.name));
            ty = Some(&field.ty);
        }
        names.join(" of ")
    }

    /// The gate that a limit asks.
    pub(crate) fn gate_of(job: &'a Job, rule: &'a Rule) -> Option<(&'a Rule, &'a Gate)> {
        let gate = match &rule.kind {
            RuleKind::Gate(gate) => return Some((rule, gate)),
            RuleKind::Limit(Limit { otherwise: LimitElse::Gate(at), .. }) => job.rules.get(*at as usize)?,
            _ => return None,
        };
        if let RuleKind::Gate(asked) = &gate.kind { Some((gate, asked)) } else { None }
    }
}

/// The verb for one person or for several.
fn agreeing<'w>(people: &[Approver], one: &'w str, several: &'w str) -> &'w str {
    match people {
        [only] if only.quorum < 2 => one,
        _ => several,
    }
}

/// A length of time after `the last`: `15 minutes`, `day`.
fn span(nanoseconds: i64) -> String {
    let said = duration(nanoseconds);
    said.strip_prefix("1 ").filter(|unit| !unit.contains(' ')).map_or(said.clone(), str::to_owned)
}

/// What a counter is kept for each of: a key that several texts are put together to is told as these.
fn key_parts(key: &Expr) -> Vec<&Expr> {
    match &key.kind {
        ExprKind::Call(function, arguments) if function.0.name == "text.join" => match arguments.as_slice() {
            [Expr { kind: ExprKind::List(parts), .. }, _] => parts.iter().collect(),
            _ => vec![key],
        },
        _ => vec![key],
    }
}

fn limit_kind(limit: &Limit) -> Kind {
    match limit.otherwise {
        LimitElse::Escalate => Kind::Stops,
        LimitElse::Deny => Kind::Denies,
        LimitElse::Gate(_) => Kind::Asks,
        LimitElse::Pause => Kind::Pauses,
    }
}

/// The record that a result is, or is a list of.
fn record_in(ty: &crate::typed::Type) -> Option<crate::typed::RecordId> {
    use crate::typed::Type;
    match ty {
        Type::Record(record) | Type::Key(record) => Some(*record),
        Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => record_in(inner),
        Type::Map(_, value) => record_in(value),
        _ => None,
    }
}
