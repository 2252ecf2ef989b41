//! Jobs: what they are given, whom they hand over to, and what can be spoken of in their rules.

use super::kind::Kind;
use super::term::{Author, Given};
use super::world::{Field, Mark, ROLES, Verb};

/// What a job declares.
#[derive(Debug, Default)]
pub(super) struct Job {
    /// Its input.
    pub(super) input: Vec<Field>,
    /// Its environment.
    pub(super) environment: Vec<Field>,
    /// Its signals.
    pub(super) signals: Vec<Field>,
    /// Its `let`s: name and type.
    pub(super) lets: Vec<(String, Kind)>,
}

impl Author<'_> {
    /// The jobs and the rule sets that they share, an item each.
    pub(super) fn jobs(&mut self) -> Vec<String> {
        let mut items = Vec::new();
        let shared = self.chance.percent(25);
        if shared {
            let verbs: Vec<usize> = (0..self.world.verbs.len()).collect();
            let verb = *self.chance.one(&verbs);
            let rules = [self.denial(&Job::default(), verb, "shared"), self.stop(&Job::default(), verb, "shared")];
            items.push(format!("rules shared {{\n  {}\n}}", rules.join("\n  ")));
        }
        for name in ["work", "rest"].iter().take(if self.chance.percent(12) { 2 } else { 1 }) {
            items.push(self.job(name, shared));
        }
        items
    }

    fn job(&mut self, name: &str, shared: bool) -> String {
        let mut members = vec!["purpose \"Do what the customer asked for, within the rules.\"".to_owned()];
        let mut job = Job {
            input: self.declared("i", &[Mark::None, Mark::None, Mark::None, Mark::Claim, Mark::Untrusted, Mark::Secret]),
            ..Job::default()
        };
        job.input.push(Field::plain("customer", Kind::Text));
        members.push(format!("input {{ {} }}", self.world.fields(&job.input, ", ")));
        if self.chance.percent(25) {
            job.environment = self.declared("e", &[Mark::None]);
            if !job.environment.is_empty() {
                members.push(format!("environment {{ {} }}", self.world.fields(&job.environment, ", ")));
            }
        }
        if self.chance.percent(25) {
            let kind = self.world.scalar(&mut self.chance);
            let mark = if self.chance.percent(50) { Mark::Claim } else { Mark::None };
            let signal = Field { mark, ..Field::plain("s0", kind) };
            members.push(format!("signal {}", self.world.fields(std::slice::from_ref(&signal), ", ")));
            job.signals.push(signal);
        }
        if self.chance.percent(30) {
            let scope: Vec<Given> = self.around(&job).into_iter().filter(|given| !given.loose).collect();
            let kind = if self.chance.percent(60) { Kind::Bool } else { self.world.scalar(&mut self.chance) };
            if let Some(value) = self.term(&scope, &kind, 2) {
                members.push(format!("let known = {value}"));
                job.lets.push(("known".to_owned(), kind));
            }
        }
        if self.chance.percent(70) {
            let scope = self.around(&job);
            members.push(format!("done when {}", self.condition(&scope, 1)));
        }
        members.extend(self.rules(&job));
        if shared {
            members.push("include shared".to_owned());
        }
        if self.chance.percent(60) {
            let shown = if self.chance.percent(50) { "trace, input.customer" } else { "trace" };
            members.push(format!("handoff to \"desk\" {{ show {shown}; expect \"Decide by hand.\" }}"));
        }
        if self.chance.percent(70) {
            members.push(format!("pause by role {}", self.chance.one(&ROLES)));
        }
        if self.chance.percent(20) {
            members.push(format!("resume by role {}", self.chance.one(&ROLES)));
        }
        if self.chance.percent(40) {
            members.push(format!("undo by role {}", self.chance.one(&ROLES)));
        }
        format!("job {name} {{\n  {}\n}}", members.join("\n  "))
    }

    fn declared(&mut self, letter: &str, marks: &[Mark]) -> Vec<Field> {
        let count = self.chance.below(3);
        let field = |at: usize, author: &mut Self| {
            let scalar = author.world.scalar(&mut author.chance);
            let kind = match author.chance.below(6) {
                0 => Kind::Key(2 + author.chance.below(author.world.records.len() - 2)),
                1 => scalar.optional(),
                2 => Kind::Set(Box::new(Kind::Text)),
                _ => scalar,
            };
            Field { mark: *author.chance.one(marks), ..Field::plain(&format!("{letter}{at}"), kind) }
        };
        (0..count).map(|at| field(at, self)).collect()
    }

    /// What can be spoken of without a call.
    pub(super) fn around(&mut self, job: &Job) -> Vec<Given> {
        let mut scope = Vec::new();
        for field in &job.input {
            self.given(&mut scope, &format!("input.{}", field.name), field, false);
        }
        for field in &job.environment {
            self.given(&mut scope, &format!("run.env.{}", field.name), field, false);
        }
        for field in &job.signals {
            let optional = Field { kind: field.kind.clone().optional(), ..field.clone() };
            self.given(&mut scope, &format!("signal.{}", field.name), &optional, false);
        }
        for (name, kind) in &job.lets {
            self.given_kind(&mut scope, name, kind, false, 0);
        }
        self.facts(&mut scope);
        self.looked_up(&mut scope);
        scope
    }

    fn facts(&mut self, scope: &mut Vec<Given>) {
        let mut add = |text: &str, kind: Kind, loose: bool| scope.push(Given { text: text.to_owned(), kind, loose });
        add("now", Kind::Time, false);
        match self.chance.below(8) {
            0 => add("run.calls", Kind::Int, false),
            1 => add("run.denials", Kind::Int, false),
            2 => add("run.unsettled", Kind::Int, false),
            3 => add("run.cost", Kind::Money("USD"), false),
            4 => add("run.tokens", Kind::Int, false),
            5 => add("run saw untrusted", Kind::Bool, false),
            _ => {}
        }
        if self.chance.percent(20) {
            add("run.confidence", Kind::Decimal.optional(), true);
        }
        if self.chance.percent(20) {
            add("agent.id", Kind::Text, false);
            add("(\"clerk\" in agent.roles)", Kind::Bool, false);
        }
        if self.chance.percent(20) {
            add("user.id", Kind::Text, false);
        }
        let world = self.world;
        for (who, fields) in [("user", &world.user), ("agent", &world.agent)] {
            for field in fields {
                self.given(scope, &format!("{who}.{}", field.name), field, false);
            }
        }
    }

    /// A record that a constant key names.
    fn looked_up(&mut self, scope: &mut Vec<Given>) {
        let at = 2 + self.chance.below(self.world.records.len() - 2);
        let record = &self.world.records[at];
        let [key] = record.key.as_slice() else { return };
        let kind = record.fields[*key].kind.clone();
        if self.chance.percent(35)
            && let Some(key) = self.literal(&kind)
        {
            let text = format!("{}[{key}]", self.world.records[at].name);
            for field in &self.world.records[at].fields {
                self.given_kind(scope, &format!("{text}.{}", field.name), &field.kind, field.mark == Mark::Untrusted, 0);
            }
        }
    }

    /// What can be spoken of where a call is decided.
    pub(super) fn at_call(&mut self, job: &Job, verb: &Verb) -> Vec<Given> {
        let mut scope = Vec::new();
        for param in &verb.params {
            self.given(&mut scope, &param.name, param, false);
        }
        // What the call brings is asked about more often than what stands around it.
        let own = scope.clone();
        scope.extend(own);
        scope.extend(self.around(job));
        if self.chance.percent(30) {
            self.past(&mut scope, verb);
        }
        scope
    }

    /// Earlier calls of this verb or another one.
    fn past(&mut self, scope: &mut Vec<Given>, verb: &Verb) {
        let world = self.world;
        let other = if self.chance.percent(60) { verb } else { self.chance.one(&world.verbs) };
        let shared: Vec<&Field> = other
            .params
            .iter()
            .filter(|param| param.kind.is_plain() && !param.mark.is_loose())
            .filter(|param| {
                verb.params.iter().any(|own| own.name == param.name && own.kind == param.kind && !own.mark.is_loose())
            })
            .collect();
        let filter = if !shared.is_empty() && self.chance.percent(60) {
            let param = *self.chance.one(&shared);
            format!(" where args.{} == {}", param.name, param.name)
        } else {
            String::new()
        };
        let path = &other.path;
        let (text, kind) = match self.chance.below(4) {
            0 | 1 => (format!("happened({path}{filter})"), Kind::Bool),
            2 => (format!("failed({path}{filter})"), Kind::Bool),
            _ => (format!("last({path}{filter}).at"), Kind::Time.optional()),
        };
        scope.extend([Given { text, kind, loose: false }].into_iter().cycle().take(2));
    }
}
