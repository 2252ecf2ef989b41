//! The nine answers in words.

use super::{Asked, Auditor, Finding, Point, State, finding};
use crate::analyze::readiness::{Answer, Gap, Question, Said, What, diagnostic};
use crate::brief::reversed;
use crate::diagnostic::text::type_name;
use crate::english::English;
use crate::english::words::{capital, duration, joined};
use crate::typed::{FetchHow, Field, JobId, LimitElse, Rule, RuleKind, SourceId, VerbId};

impl Auditor<'_> {
    /// A question, its answer, and what is missing.
    pub(super) fn asked(&self, job: JobId, answer: &Answer) -> Asked {
        let mut answers: Vec<Point> = answer.said.iter().map(|said| self.said(said)).collect();
        // What forbids calls of which none is allowed is no answer to what it can do.
        let answers_nothing = answer.said.iter().all(|said| matches!(said.what, What::Forbids(_)));
        if answers_nothing && answer.gaps.is_empty() {
            let nothing = nothing(answer.question).map(|text| self.point(text, self.job.loc));
            answers.splice(0..0, nothing);
        }
        let missing: Vec<Finding> = answer.gaps.iter().map(|gap| self.missing(job, gap)).collect();
        // What has no code is a remark: the question is answered, and a person may still wonder. A question to which the policy says nothing
        // is open also where another one reports why.
        let says_something = !answers.is_empty() && (!answers_nothing || answer.gaps.is_empty());
        let is_answered = says_something && missing.iter().all(|missing| missing.code.is_none());
        let state = if is_answered { State::Answered } else { State::Open };
        Asked { number: answer.question.number(), question: answer.question.words(), state, answers, missing }
    }

    fn missing(&self, job: JobId, gap: &Gap) -> Finding {
        match (diagnostic(self.typed, job, gap), gap) {
            (Some(diagnostic), _) => finding(&diagnostic, self.places),
            (None, Gap::NobodyUndoes { verb }) => {
                let decl = self.typed.verbs.get(verb.index());
                let undo = decl.and_then(|decl| decl.undo.as_ref());
                let call = undo.map_or_else(|| "that undoes it".to_owned(), |undo| self.verb(undo.verb));
                Finding {
                    code: None,
                    message: format!(
                        "No `undo by` names who may ask a host to undo {}; that leaves the question answered, since people can make the call \
                         {call} themselves.",
                        self.verb(*verb)
                    ),
                    help: Some("name who may, as in `undo by role support_lead`".to_owned()),
                    place: decl.map(|decl| super::place(self.places, decl.loc)),
                }
            }
            (None, _) => Finding { code: None, message: "Something is missing.".to_owned(), help: None, place: None },
        }
    }

    fn said(&self, said: &Said) -> Point {
        let loc = said.loc;
        match said.what {
            What::Purpose => self.point(format!("“{}”", self.job.purpose.as_deref().unwrap_or_default()), loc),
            What::Input(at) => self.point(self.given(self.job.input.get(at as usize)), loc),
            What::Done => {
                let done = self.job.done.as_ref().map_or_else(String::new, |done| self.english.condition(done));
                self.point(format!("it is done when {done}"), loc)
            }
            What::Source(source) => self.source(source, said),
            What::Reads(at) | What::Writes(at) => self.of_rule(at, said, |rule| self.english.verbs(&rule.verbs, "and")),
            What::Forbids(at) => self.forbids(at, said),
            What::Gate(at) => self.of_rule(at, said, |rule| self.english.verbs(&rule.verbs, "or")),
            What::Stop(at) => self.of_rule(at, said, |rule| self.stop(rule)),
            What::Handoff => self.handoff(said),
            What::Shows(at) => self.shows(at, said),
            What::Pause(at) => self.person("may pause it", self.job.pause_by.get(at as usize), said),
            What::Resume(at) => self.person("may resume it", self.job.resume_by.get(at as usize), said),
            What::UndoBy(at) => self.person("may ask for a write to be undone", self.job.undo_by.get(at as usize), said),
            What::Undo(verb) | What::Compensates(verb) | What::Irreversible(verb) => self.way_back(verb, said),
        }
    }

    fn given(&self, field: Option<&Field>) -> String {
        let Some(field) = field else { return String::new() };
        let marks: Vec<&str> =
            [(field.claim, "the model says it"), (field.untrusted, "outsiders wrote it"), (field.secret, "secret")]
                .into_iter()
                .filter_map(|(marked, word)| marked.then_some(word))
                .collect();
        let marks = if marks.is_empty() { String::new() } else { format!("; {}", joined(&marks, "and")) };
        format!("it is given `{}`: {}{marks}", field.name, type_name(&field.ty, self.typed))
    }

    fn source(&self, id: SourceId, said: &Said) -> Point {
        let source = self.typed.sources.get(id.index());
        let name = source.map_or("", |source| source.name.as_str());
        let title = source.and_then(|source| source.title.as_ref()).map_or_else(String::new, |title| format!(", {title}"));
        let records = self.typed.records.iter().filter(|record| record.source == Some(id) && !record.key.is_empty());
        let details = records
            .map(|record| {
                let Some(fetch) = &record.fetch else { return format!("`{}`: nothing fetches it", record.name) };
                let how = match &fetch.how {
                    FetchHow::Verb { verb, .. } => format!("fetched with {}", self.verb(*verb)),
                    FetchHow::Host => "read by the host".to_owned(),
                };
                let fresh = match fetch.fresh {
                    Some(fresh) => format!("it counts for {}", duration(fresh)),
                    None => "nothing says how fresh it must be".to_owned(),
                };
                format!("`{}`: {how}; {fresh}", record.name)
            })
            .collect();
        Point { details, ..self.point(format!("`{name}`{title}"), said.loc) }
    }

    /// A rule: what `lead` says of it, when, and what follows.
    fn of_rule(&self, at: u32, said: &Said, lead: impl Fn(&Rule) -> String) -> Point {
        let Some(rule) = self.job.rules.get(at as usize) else { return self.point("", said.loc) };
        let told = self.english.rule(rule);
        let mut details: Vec<String> = told.when.iter().map(|when| capital(when)).collect();
        if matches!(said.what, What::Stop(_)) {
            details.clear();
        }
        details.extend(self.english.narrowed(rule).map(|narrowed| format!("It shows {narrowed}")));
        if let (What::Gate(_), Some((asking, gate))) = (said.what, English::gate_of(self.job, rule)) {
            let also = if gate.may_be_requester { "; whoever asked may approve" } else { "" };
            let through = if asking.name == rule.name { String::new() } else { format!(", by the gate `{}`", asking.name) };
            details.push(format!("Asked: {}{through}{also}", self.english.people(&gate.approvers, "and")));
            details.push(capital(&self.english.expiry(gate)));
        }
        // The reason of a gate is one for asking, not for the end of a run that nobody answered.
        let is_expiry = matches!((said.what, &rule.kind), (What::Stop(_), RuleKind::Gate(_)));
        let because = rule.because.clone().filter(|_| !is_expiry);
        Point { details, rule: Some(rule.name.clone()), because, ..self.point(lead(rule), said.loc) }
    }

    /// A rule that denies: what it forbids, demands or bounds.
    fn forbids(&self, at: u32, said: &Said) -> Point {
        let Some(rule) = self.job.rules.get(at as usize) else { return self.point("", said.loc) };
        let verbs = if rule.verbs.is_empty() { "any call".to_owned() } else { self.english.verbs(&rule.verbs, "or") };
        let conditions = || rule.condition.as_ref().map_or_else(Vec::new, |condition| self.english.conditions(condition));
        let (text, details) = match &rule.kind {
            RuleKind::Require { .. } => {
                let required = self.english.required(rule).unwrap_or_default();
                (format!("required before {verbs}: {required}"), conditions())
            }
            RuleKind::Limit(limit) => {
                let beyond = if limit.otherwise == LimitElse::Pause { "the job is paused" } else { "calls are denied" };
                (format!("limited: {}; beyond that {beyond}", self.english.within(rule, limit)), Vec::new())
            }
            _ if rule.condition.is_none() => (format!("forbidden always: {verbs}"), Vec::new()),
            _ => (format!("forbidden: {verbs}"), conditions()),
        };
        let details = details.iter().map(|detail| capital(detail)).collect();
        Point { details, rule: Some(rule.name.clone()), because: rule.because.clone(), ..self.point(text, said.loc) }
    }

    fn stop(&self, rule: &Rule) -> String {
        let told = self.english.rule(rule);
        let verbs = self.english.verbs(&rule.verbs, "or");
        let when = joined(&told.when, "and");
        let called = !rule.verbs.is_empty() && !matches!(rule.kind, RuleKind::OnFailure { .. } | RuleKind::Limit(_));
        match (&rule.kind, called, told.is_unconditional()) {
            (RuleKind::Gate(gate), ..) => {
                let expired = self.english.expiry(gate);
                format!("when {} and nobody answers: {expired}", self.english.asked(&gate.approvers))
            }
            (_, true, true) => format!("when it calls {verbs}"),
            (_, true, false) => format!("when it calls {verbs} and {when}"),
            (_, false, _) => format!("when {when}"),
        }
    }

    fn handoff(&self, said: &Said) -> Point {
        let Some(handoff) = &self.job.handoff else { return self.point("", said.loc) };
        let shown = self.english.shown(&handoff.show);
        let mut details = vec![format!("They see {}", if shown.is_empty() { "nothing".to_owned() } else { shown })];
        details.extend(handoff.expect.as_ref().map(|expect| format!("They are expected to do this: {expect}")));
        Point { details, ..self.point(format!("the run goes to {}", handoff.to), said.loc) }
    }

    fn shows(&self, at: u32, said: &Said) -> Point {
        let Some(rule) = self.job.rules.get(at as usize) else { return self.point("", said.loc) };
        let shown = English::gate_of(self.job, rule).map_or_else(String::new, |(_, gate)| self.english.shown(&gate.show));
        let text = format!("who is asked by `{}` sees {shown}", rule.name);
        Point { rule: Some(rule.name.clone()), ..self.point(text, said.loc) }
    }

    fn person(&self, may: &str, person: Option<&crate::typed::Approver>, said: &Said) -> Point {
        let who = person.map_or_else(String::new, |person| self.english.people(std::slice::from_ref(person), "or"));
        self.point(format!("{who} {may}"), said.loc)
    }

    fn way_back(&self, verb: VerbId, said: &Said) -> Point {
        let how = self.typed.verbs.get(verb.index()).map_or_else(String::new, |decl| reversed(self.typed, decl));
        self.point(format!("{}: {how}", self.verb(verb)), said.loc)
    }
}

/// What a question with nothing to it is answered.
fn nothing(question: Question) -> Option<&'static str> {
    match question {
        Question::Reads => Some("it reads nothing"),
        Question::Writes => Some("it writes nothing"),
        Question::Approvals => Some("no call needs an approval"),
        Question::Reversal => Some("it makes no write that would have to be reversed"),
        Question::Truth => Some("no rule of it reads a record of a source"),
        Question::Job | Question::Escalations | Question::Handoff | Question::Pause => None,
    }
}
