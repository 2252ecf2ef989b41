//! Rules of every kind, about each verb that a job may speak of.

use super::job::Job;
use super::kind::Kind;
use super::term::{Author, Given};
use super::world::{ROLES, Verb};

/// Which way a rule goes: what the model or an outsider says may only make it tighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Towards {
    Allowing,
    Restricting,
}

impl Author<'_> {
    /// The rules of a job.
    pub(super) fn rules(&mut self, job: &Job) -> Vec<String> {
        let mut all = Vec::new();
        for at in 0..self.world.verbs.len() {
            let mut own = self.of_verb(job, at);
            if own.len() > 1 && self.chance.percent(15) {
                let scope = firm(&self.around(job));
                let word = *self.chance.one(&["when", "unless"]);
                let inner = own.split_off(own.len() / 2);
                let condition = self.condition(&scope, 1);
                own.push(format!("{word} {condition} {{\n    {}\n  }}", inner.join("\n    ")));
            }
            all.extend(own);
        }
        let scope = self.around(job);
        if self.chance.percent(35) {
            let condition = self.guarded(&scope, Towards::Restricting);
            let shadow = self.shadow();
            all.push(format!("{shadow}escalate odd when {condition}{}", self.because()));
        }
        if self.chance.percent(40) {
            let (measure, bound) = *self.chance.one(&[
                ("count()", "12 per run"),
                ("count()", "4 per run"),
                ("run.cost", "1 USD"),
                ("run.tokens", "5000"),
            ]);
            let otherwise = *self.chance.one(&["escalate", "deny", "pause"]);
            all.push(format!("limit whole: {measure} <= {bound} else {otherwise}"));
        }
        all
    }

    fn shadow(&mut self) -> &'static str {
        if self.chance.percent(6) { "shadow " } else { "" }
    }

    fn because(&mut self) -> &'static str {
        if self.chance.percent(30) { " because \"The desk decided so.\"" } else { "" }
    }

    fn of_verb(&mut self, job: &Job, at: usize) -> Vec<String> {
        let world = self.world;
        let verb = &world.verbs[at];
        let mut rules = Vec::new();
        let allows = if self.chance.percent(8) { 0 } else { 1 + self.chance.below(2) };
        for number in 0..allows {
            rules.push(self.allowance(job, at, number));
        }
        let (most, own) = if verb.writes { (3, verb.path.replace('.', "_")) } else { (1, verb.path.replace('.', "_")) };
        for number in 0..self.chance.below(most + 1) {
            rules.push(match self.chance.below(10) {
                0..4 => self.denial(job, at, &format!("{own}_{number}")),
                4..6 => self.stop(job, at, &format!("{own}_{number}")),
                6 => self
                    .requirement(job, at, &format!("{own}_{number}"))
                    .unwrap_or_else(|| self.denial(job, at, &format!("{own}_{number}"))),
                _ => self.limit(job, at, &format!("{own}_{number}"), None),
            });
        }
        if verb.writes && self.chance.percent(25) || self.chance.percent(4) {
            let name = if self.chance.percent(50) { format!(" broke_{own}") } else { String::new() };
            let tries = *self.chance.one(&["", " after 1 try", " after 2 tries"]);
            rules.push(format!("on failure{name} of {}{tries} escalate{}", verb.path, self.because()));
        }
        for number in 0..self.chance.below(if verb.writes { 3 } else { 2 }) {
            let gate = format!("ask_{own}_{number}");
            rules.push(self.gate(job, at, &gate));
            if self.chance.percent(20) {
                rules.push(self.limit(job, at, &format!("beyond_{own}_{number}"), Some(&gate)));
            }
        }
        rules
    }

    /// A condition of a rule: what may only tighten is joined so that it does.
    fn guarded(&mut self, scope: &[Given], towards: Towards) -> String {
        let (sure, loose) = (firm(scope), scope.iter().filter(|given| given.loose).cloned().collect::<Vec<_>>());
        let condition = match towards {
            Towards::Allowing => self.wide(&sure),
            Towards::Restricting => self.narrow(&sure),
        };
        if loose.is_empty() || !self.chance.percent(40) {
            return condition;
        }
        let given = self.chance.one(&loose).clone();
        let name = given.text.clone();
        let is_name = name.chars().all(|one| one.is_ascii_alphanumeric());
        let given = if is_name && given.kind.is_plain() && self.chance.percent(30) {
            Given { text: format!("(trusting claim {name})"), ..given }
        } else {
            given
        };
        let word = self.question_about(&given);
        let joint = if towards == Towards::Allowing { "and" } else { "or" };
        format!("({condition}) {joint} {word}")
    }

    fn question_about(&mut self, given: &Given) -> String {
        self.condition(std::slice::from_ref(given), 0)
    }

    fn when(&mut self, scope: &[Given], towards: Towards, percent: usize) -> String {
        if !self.chance.percent(percent) {
            return String::new();
        }
        let condition = self.guarded(scope, towards);
        format!(" when {condition}")
    }

    fn allowance(&mut self, job: &Job, at: usize, number: usize) -> String {
        let world = self.world;
        let verb = &world.verbs[at];
        let scope = self.at_call(job, verb);
        let access = if verb.writes { "write" } else { "read" };
        let name =
            if self.chance.percent(50) { format!("may_{}_{number} on ", verb.path.replace('.', "_")) } else { String::new() };
        let when = self.when(&scope, Towards::Allowing, 60);
        let showing = if verb.writes { String::new() } else { self.showing(verb) };
        let shadow = if number > 0 { self.shadow() } else { "" };
        format!("{shadow}allow {name}{access} {}{when}{showing}{}", verb.path, self.because())
    }

    fn showing(&mut self, verb: &Verb) -> String {
        let world = self.world;
        let record = match &verb.result {
            Some(Kind::Record(at)) => Some(*at),
            Some(Kind::List(inner)) => match **inner {
                Kind::Record(at) => Some(at),
                _ => None,
            },
            _ => None,
        };
        let Some(record) = record.filter(|_| self.chance.percent(40)) else { return String::new() };
        let mut row = Vec::new();
        for field in &world.records[record].fields {
            self.given_kind(&mut row, &field.name, &field.kind, field.mark.is_loose(), 0);
        }
        let mut text = String::new();
        if self.chance.percent(60) {
            let condition = self.condition(&firm(&row), 1);
            text = format!(" showing rows where {condition}");
        }
        if self.chance.percent(60) {
            let hidden = self.chance.one(&world.records[record].fields).name.clone();
            text.push_str(&format!(" hiding {hidden}"));
        }
        text
    }

    /// A `never`.
    pub(super) fn denial(&mut self, job: &Job, at: usize, name: &str) -> String {
        let world = self.world;
        let verb = &world.verbs[at];
        let scope = self.at_call(job, verb);
        let percent = if self.chance.percent(4) { 0 } else { 100 };
        let when = self.when(&scope, Towards::Restricting, percent);
        let shadow = self.shadow();
        format!("{shadow}never no_{name} on {}{when}{}", verb.path, self.because())
    }

    /// An `escalate`.
    pub(super) fn stop(&mut self, job: &Job, at: usize, name: &str) -> String {
        let world = self.world;
        let verb = &world.verbs[at];
        let scope = self.at_call(job, verb);
        let percent = if self.chance.percent(5) { 0 } else { 100 };
        let when = self.when(&scope, Towards::Restricting, percent);
        let shadow = self.shadow();
        format!("{shadow}escalate stop_{name} on {}{when}{}", verb.path, self.because())
    }

    fn requirement(&mut self, job: &Job, at: usize, name: &str) -> Option<String> {
        let world = self.world;
        let verb = &world.verbs[at];
        let reads: Vec<&Verb> = world.verbs.iter().filter(|read| !read.writes).collect();
        let read = *self.chance.one(&reads);
        let scope = firm(&self.at_call(job, verb));
        let mut args = Vec::new();
        for param in &read.params {
            let value = self.term(&scope, &param.kind, 0)?;
            args.push(format!("{}: {value}", param.name));
        }
        let within = *self.chance.one(&["", " within 15m", " within 1h"]);
        let since = if self.chance.percent(30) { format!(" since last {}", verb.path) } else { String::new() };
        let when = self.when(&scope, Towards::Restricting, 30);
        Some(format!(
            "require first_{name} on {}: {}({}){within}{since}{when}{}",
            verb.path,
            read.path,
            args.join(", "),
            self.because()
        ))
    }

    fn gate(&mut self, job: &Job, at: usize, name: &str) -> String {
        let world = self.world;
        let verb = &world.verbs[at];
        let scope = self.at_call(job, verb);
        let when = self.when(&scope, Towards::Restricting, 80);
        let sure = firm(&scope);
        let owners: Vec<String> = sure
            .iter()
            .filter(|given| given.kind == Kind::Text && (given.text.ends_with(".owner") || given.text == "input.customer"))
            .map(|given| given.text.clone())
            .collect();
        let approvers = match self.chance.below(8) {
            0 => "2 of role lead".to_owned(),
            1 => "1 of role lead and 1 of role clerk".to_owned(),
            2 => "user".to_owned(),
            3 if !owners.is_empty() => format!("identity {}", self.chance.one(&owners)),
            _ => format!("role {}", self.chance.one(&ROLES)),
        };
        let mut members = vec![format!("approvers {approvers}")];
        if self.chance.percent(10) {
            members.push("may be requester".to_owned());
        }
        if self.chance.percent(60) {
            let expiries = [
                "1h",
                "15m else deny",
                "1h else escalate",
                "15m then role sre 1h else deny",
                "1h then role clerk 2h else escalate",
            ];
            members.push(format!("expires {}", self.chance.one(&expiries)));
        }
        if self.chance.percent(60) {
            let mut shown: Vec<String> = Vec::new();
            for _ in 0..1 + self.chance.below(2) {
                let given = self.chance.one(&scope).clone();
                let one = if given.text.contains(' ') { "arguments".to_owned() } else { given.text.clone() };
                if !shown.contains(&one) {
                    shown.push(one);
                }
            }
            members.push(format!("show {}", shown.join(", ")));
        }
        if self.chance.percent(40) {
            members.push("because \"A person decides.\"".to_owned());
        }
        let shadow = self.shadow();
        format!("{shadow}gate {name} on {}{when} {{\n    {}\n  }}", verb.path, members.join("\n    "))
    }

    fn limit(&mut self, job: &Job, at: usize, name: &str, gate: Option<&str>) -> String {
        let world = self.world;
        let verb = &world.verbs[at];
        let scope = firm(&self.at_call(job, verb));
        let own: Vec<Given> = scope
            .iter()
            .filter(|given| {
                verb.params.iter().any(|param| given.text == param.name || given.text.starts_with(&format!("{}.", param.name)))
            })
            .cloned()
            .collect();
        let summed: Vec<&Given> = own.iter().filter(|given| given.kind.is_summed()).collect();
        let counted: Vec<&Given> = own.iter().filter(|given| given.kind.is_plain()).collect();
        let sliding = self.chance.percent(25);
        let mut capacity = if sliding { " capacity 20" } else { "" };
        let (measure, bound) = match self.chance.below(5) {
            0 | 1 if !summed.is_empty() => {
                let given = (*self.chance.one(&summed)).clone();
                let bound = match &given.kind {
                    Kind::Int => "5",
                    Kind::Decimal => "2.5",
                    Kind::Duration => "2h",
                    Kind::Money("JPY") => "5000 JPY",
                    _ => "100 USD",
                };
                (format!("sum({})", given.text), bound.to_owned())
            }
            2 if !counted.is_empty() => {
                capacity = *self.chance.one(&[" capacity 20", " capacity 1"]);
                (format!("count(distinct {})", self.chance.one(&counted).text), "1".to_owned())
            }
            _ => {
                let bound = if self.chance.percent(20) { self.term(&scope, &Kind::Int, 0) } else { None };
                ("count()".to_owned(), bound.unwrap_or_else(|| (*self.chance.one(&["1", "2", "3"])).to_owned()))
            }
        };
        let window = if sliding {
            "per last 1h"
        } else {
            *self.chance.one(&["per run", "per run", "per hour", "per day", "per day in zone \"America/New_York\""])
        };
        let op = *self.chance.one(&["<=", "<=", "<"]);
        let by = if !counted.is_empty() && self.chance.percent(40) {
            format!(" by {}", self.chance.one(&counted).text)
        } else {
            String::new()
        };
        let when = self.when(&own, Towards::Restricting, 20);
        let otherwise = match gate {
            Some(gate) => format!("gate {gate}"),
            None => (*self.chance.one(&["escalate", "deny", "deny", "pause"])).to_owned(),
        };
        let shadow = if gate.is_none() { self.shadow() } else { "" };
        format!(
            "{shadow}limit at_{name} on {}: {measure} {op} {bound} {window}{by}{when}{capacity} else {otherwise}{}",
            verb.path,
            self.because()
        )
    }
}

/// What may widen authority.
fn firm(scope: &[Given]) -> Vec<Given> {
    scope.iter().filter(|given| !given.loose).cloned().collect()
}
