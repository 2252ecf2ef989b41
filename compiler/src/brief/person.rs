//! The job description for people: everything that the policy says of the job, each with its line.

use super::{Page, outsiders};
use crate::diagnostic::text::verb_name;
use crate::english::words::{duration, joined, stopped};
use crate::english::{English, Kind, Reader, Said};
use crate::source::Places;
use crate::typed::{Access, Expr, Field, Job, Loc, RuleKind, Typed, Verb, VerbId};

/// The page.
pub(super) fn text(typed: &Typed, job: &Job) -> String {
    let english = English::new(typed, job, Reader::Person);
    let rules = job.rules.iter().map(|rule| english.rule(rule)).collect();
    let brief = Brief { typed, job, english, places: Places::new(&typed.files), rules };
    let mut page = Page::default();
    page.heading(1, &format!("Job description: `{}`", job.name));
    brief.head(&mut page);
    page.section("What it is given", "", |page| brief.given(page));
    page.section("What it may read", "", |page| brief.allowed(page, Access::Read));
    page.section("What it may write", "", |page| brief.allowed(page, Access::Write));
    page.section("What must come first", "", |page| brief.first(page));
    page.section("What a person must approve", "", |page| brief.approvals(page));
    page.section("What it must never do", "", |page| brief.never(page));
    page.section("Limits", "", |page| brief.limits(page));
    page.section("What ends the run", "A person takes over:", |page| brief.stops(page));
    page.section("Handover", "", |page| brief.handover(page));
    page.section("Who can pause, resume and undo", "", |page| brief.control(page));
    page.section("How each write is reversed", "", |page| brief.reversal(page));
    page.section("In shadow", "Evaluated and reported, deciding nothing yet:", |page| brief.shadow(page));
    page.section("What the words mean", "", |page| brief.words(page));
    page.finish()
}

struct Brief<'a> {
    typed: &'a Typed,
    job: &'a Job,
    english: English<'a>,
    places: Places<'a>,
    rules: Vec<Said<'a>>,
}

impl Brief<'_> {
    /// The rules that decide something.
    fn of(&self, kind: Kind) -> impl Iterator<Item = &Said<'_>> {
        self.rules.iter().filter(move |said| said.kind == kind && !said.rule.shadow)
    }

    fn at(&self, loc: Loc) -> String {
        format!(" ({})", self.places.told(loc))
    }

    /// The name of a rule, its reason and its line.
    fn named(&self, said: &Said<'_>) -> String {
        let because = said.rule.because.as_ref().map_or_else(String::new, |because| format!(" “{because}”"));
        format!("{because} — `{}`{}", said.rule.name, self.at(said.loc()))
    }

    fn head(&self, page: &mut Page) {
        if let Some(purpose) = &self.job.purpose {
            page.paragraph(&stopped(purpose));
        }
        if let Some(done) = &self.job.done {
            page.paragraph(&format!("It is done when {}{}.", self.english.condition(done), self.at(done.loc)));
        }
        let version = if self.typed.version.is_empty() { String::new() } else { format!(" {}", self.typed.version) };
        let owner = if self.typed.owner.is_empty() { String::new() } else { format!(", owned by {}", self.typed.owner) };
        page.paragraph(&format!(
            "Policy `{}`{version}{owner}; the job is declared at {}.",
            self.typed.name,
            self.places.told(self.job.loc)
        ));
    }

    fn given(&self, page: &mut Page) {
        let fields = |page: &mut Page, of: &str, fields: &[Field]| {
            for field in fields {
                let docs = field.docs.as_ref().map_or_else(String::new, |docs| format!(": {}", docs.trim().replace('\n', " ")));
                page.point(&format!("{of} `{}`{}{docs}{}", field.name, marks(field), self.at(field.loc)), &[], "");
            }
        };
        fields(page, "input", &self.job.input);
        fields(page, "environment", &self.job.environment);
        fields(page, "signal", &self.job.signals);
        for one in outsiders(self.typed, self.job).iter().filter(|one| !one.what.ends_with("input")) {
            page.point(&format!("written by outsiders: {}{}", one.what, self.at(one.loc)), &[], "");
        }
    }

    fn allowed(&self, page: &mut Page, wanted: Access) {
        for said in self.of(Kind::Allows) {
            let RuleKind::Allow { access, .. } = &said.rule.kind else { continue };
            if *access != wanted {
                continue;
            }
            let narrowed = self.english.narrowed(said.rule).map_or_else(String::new, |narrowed| format!("; it shows {narrowed}"));
            let lead = format!("{}{narrowed}", self.english.verbs(&said.rule.verbs, "and"));
            page.point(&lead, &said.when, &self.named(said));
        }
    }

    fn first(&self, page: &mut Page) {
        for said in &self.rules {
            let Some(required) = self.english.required(said.rule).filter(|_| !said.rule.shadow) else { continue };
            let own =
                said.rule.condition.as_ref().map_or_else(String::new, |own| format!(" where {}", self.english.condition(own)));
            let lead = format!("before {}{own}: {required}.", self.english.verbs(&said.rule.verbs, "or"));
            page.point(&lead, &[], &self.named(said));
        }
    }

    fn approvals(&self, page: &mut Page) {
        for said in self.of(Kind::Asks) {
            let Some((_, gate)) = English::gate_of(self.job, said.rule) else { continue };
            page.point(&self.english.verbs(&said.rule.verbs, "or"), &said.when, &self.named(said));
            let also = if gate.may_be_requester { "; whoever asked may approve" } else { "" };
            page.0.push_str(&format!("  - asked: {}{also}\n", self.english.people(&gate.approvers, "and")));
            page.0.push_str(&format!("  - {}\n", self.english.expiry(gate)));
            let shown = self.english.shown(&gate.show);
            page.0.push_str(&format!("  - shown: {}\n", if shown.is_empty() { "nothing" } else { &shown }));
        }
    }

    fn never(&self, page: &mut Page) {
        for said in self.of(Kind::Denies).filter(|said| matches!(said.rule.kind, RuleKind::Never)) {
            let verbs =
                if said.rule.verbs.is_empty() { "any call".to_owned() } else { self.english.verbs(&said.rule.verbs, "or") };
            page.point(&verbs, &said.when, &self.named(said));
        }
        page.point("anything that no line above allows — `no_allow`", &[], "");
    }

    fn limits(&self, page: &mut Page) {
        for said in self.rules.iter().filter(|said| !said.rule.shadow) {
            let RuleKind::Limit(limit) = &said.rule.kind else { continue };
            let beyond = match said.kind {
                Kind::Denies => ", else the call is denied",
                // Whose approval lets more pass is said with the bound.
                Kind::Asks => "",
                Kind::Stops => ", else the run ends",
                Kind::Pauses | Kind::Allows => ", else the job is paused",
            };
            page.point(&format!("{}{beyond}.", self.english.within(said.rule, limit)), &[], &self.named(said));
        }
    }

    fn stops(&self, page: &mut Page) {
        for said in self.of(Kind::Stops).filter(|said| !matches!(said.rule.kind, RuleKind::Limit(_))) {
            let called = !said.rule.verbs.is_empty() && !matches!(said.rule.kind, RuleKind::OnFailure { .. });
            let verbs = self.english.verbs(&said.rule.verbs, "or");
            let when = joined(&said.when, "and");
            let lead = match (called, said.is_unconditional()) {
                (true, true) => format!("when it calls {verbs}."),
                (true, false) => format!("when it calls {verbs} and {when}."),
                (false, _) => format!("when {when}."),
            };
            page.point(&lead, &[], &self.named(said));
        }
    }

    fn handover(&self, page: &mut Page) {
        let Some(handoff) = &self.job.handoff else { return };
        page.point(&format!("to {}{}", handoff.to, self.at(handoff.loc)), &[], "");
        page.point(&format!("they see {}", self.english.shown(&handoff.show)), &[], "");
        if let Some(expect) = &handoff.expect {
            page.point(&format!("they are expected to do this: {expect}"), &[], "");
        }
    }

    fn control(&self, page: &mut Page) {
        for (what, people) in [("pause", &self.job.pause_by), ("resume", &self.job.resume_by), ("undo", &self.job.undo_by)] {
            if let Some(first) = people.first() {
                page.point(&format!("{what}: {}{}", self.english.people(people, "or"), self.at(first.loc)), &[], "");
            }
        }
    }

    fn reversal(&self, page: &mut Page) {
        let mut told: Vec<VerbId> = Vec::new();
        for said in self.of(Kind::Allows) {
            if !matches!(said.rule.kind, RuleKind::Allow { access: Access::Write, .. }) {
                continue;
            }
            for id in &said.rule.verbs {
                let Some(verb) = self.typed.verbs.get(id.index()).filter(|_| !told.contains(id)) else { continue };
                told.push(*id);
                let name = verb_name(*id, self.typed);
                page.point(
                    &format!("`{name}`{}: {}{}", risks(self.typed, verb), reversed(self.typed, verb), self.at(verb.loc)),
                    &[],
                    "",
                );
            }
        }
    }

    fn shadow(&self, page: &mut Page) {
        for said in self.rules.iter().filter(|said| said.rule.shadow) {
            let verbs =
                if said.rule.verbs.is_empty() { "any call".to_owned() } else { self.english.verbs(&said.rule.verbs, "or") };
            page.point(&format!("{} {verbs}", said.word), &said.when, &self.named(said));
        }
    }

    fn words(&self, page: &mut Page) {
        let conditions: Vec<&Expr> =
            self.job.rules.iter().filter_map(|rule| rule.condition.as_ref()).chain(&self.job.done).collect();
        for term in self.english.terms(conditions) {
            page.term(&term, &self.at(term.loc));
        }
    }
}

/// How a write is taken back.
pub(crate) fn reversed(typed: &Typed, verb: &Verb) -> String {
    if verb.irreversible {
        return "it cannot be undone".to_owned();
    }
    if let Some(undo) = &verb.undo {
        let within = undo.within.map_or_else(String::new, |within| format!(" within {}", duration(within)));
        return format!("`{}` undoes it{within}", verb_name(undo.verb, typed));
    }
    match verb.compensates {
        Some(other) => format!("it undoes `{}`", verb_name(other, typed)),
        None => "nothing says how it is undone".to_owned(),
    }
}

/// The risks of a verb, in brackets.
fn risks(typed: &Typed, verb: &Verb) -> String {
    let names: Vec<String> =
        verb.risks.iter().filter_map(|at| typed.risks.get(*at as usize)).map(|risk| risk.name.replace('_', " ")).collect();
    if names.is_empty() { String::new() } else { format!(" (risk: {})", joined(&names, "and")) }
}

/// What a field is marked with, in words.
fn marks(field: &Field) -> String {
    let marks: Vec<&str> =
        [(field.claim, "the model says it"), (field.untrusted, "outsiders wrote it"), (field.secret, "secret")]
            .into_iter()
            .filter_map(|(marked, word)| marked.then_some(word))
            .collect();
    if marks.is_empty() { String::new() } else { format!(" ({})", joined(&marks, "and")) }
}
