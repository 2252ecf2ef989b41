//! What a job leaves open of the nine questions that a reviewer asks.

use crate::diagnostic::text::{headline, listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Access, FetchHow, Job, JobId, Loc, RecordId, Rule, RuleKind, Typed, VerbId};

/// A job without a purpose.
#[derive(Debug)]
pub(crate) struct NoPurpose {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NoPurpose {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(self.job, typed, Self::CODE.says(format!("the job `{name}` does not say what it is for")), "no `purpose`")
            .note("a reviewer cannot tell whether a rule is right without knowing what the agent is there to do")
            .help("say in one sentence what it does, and on what: `purpose \"Resolve refund requests for orders of the web shop.\"`")
    }
}

/// A job without input.
#[derive(Debug)]
pub(crate) struct NoInput {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NoInput {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(self.job, typed, Self::CODE.says(format!("the job `{name}` takes no input, so a run is about nothing in particular")), "no `input`")
            .note("the input is what the host vouches for before the agent starts: whom it serves, which case it works on")
            .help("write `input { customer: Text }` with what is known at the start, and hold calls against it, as in `when order.customer == input.customer`")
    }
}

/// A job without `done when`.
#[derive(Debug)]
pub(crate) struct NoEnd {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NoEnd {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        let verb = some_verb(self.job, typed);
        at_job(self.job, typed, Self::CODE.says(format!("the job `{name}` does not say when it is done")), "no `done when`")
            .note("without it nobody can tell a run that did its work from one that gave up")
            .help(format!("write when its work is finished: `done when happened({verb})`"))
    }
}

/// A purpose with next to nothing behind it.
#[derive(Debug)]
pub(crate) struct Slogan {
    /// The job.
    pub(crate) job: JobId,
    /// There is no input.
    pub(crate) no_input: bool,
    /// There is no `done when`.
    pub(crate) no_end: bool,
    /// There is no source behind its writes.
    pub(crate) no_source: bool,
}

impl Problem for Slogan {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        let verb = some_verb(self.job, typed);
        let end = format!("`done when happened({verb})` for when it is finished");
        let parts = [
            (self.no_input, "no input", "`input { … }` with what it works on"),
            (self.no_end, "no `done when`", end.as_str()),
            (
                self.no_source,
                "no source behind its writes",
                "a `source` with the records that decide, and conditions that read them",
            ),
        ];
        let missing: Vec<&str> = parts.iter().filter(|(missing, ..)| *missing).map(|(_, what, _)| *what).collect();
        let wanted: Vec<&str> = parts.iter().filter(|(missing, ..)| *missing).map(|(.., help)| *help).collect();
        let place = typed.jobs.get(self.job.index()).and_then(|job| job.purpose_at.or(Some(job.loc)));
        let diagnostic =
            Self::CODE.says(format!("the purpose of `{name}` is a slogan: the job has {}", sentence(&missing, "and")));
        let diagnostic = match place {
            Some(loc) => diagnostic.at(loc, "nothing in the job makes this exact"),
            None => diagnostic,
        };
        diagnostic
            .note("a purpose is exact where the job says what it works on, which system it believes, and when it is finished")
            .help(format!("add {}", wanted.join("; ")))
    }
}

/// Writes that no record decides.
#[derive(Debug)]
pub(crate) struct NoSource {
    /// The job.
    pub(crate) job: JobId,
    /// The writes.
    pub(crate) writes: Vec<VerbId>,
}

impl Problem for NoSource {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        let writes = verbs(&self.writes, typed);
        at_job(
            self.job,
            typed,
            Self::CODE.says(format!("no system of record stands behind what the job `{name}` changes with {writes}")),
            "no rule on its writes looks at a record",
        )
        .note("where nothing is looked up, the agent's own word decides")
        .help("declare a `source` with the records that decide, and give the writes a condition that reads one, such as `when order.status == delivered`")
    }
}

/// Writes on records that the job may not read.
#[derive(Debug)]
pub(crate) struct NothingToRead {
    /// The job.
    pub(crate) job: JobId,
    /// The records.
    pub(crate) records: Vec<RecordId>,
}

impl Problem for NothingToRead {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        let records: Vec<&str> =
            self.records.iter().filter_map(|id| typed.records.get(id.0 as usize)).map(|record| record.name.as_str()).collect();
        let reads: Vec<String> = self
            .records
            .iter()
            .filter_map(|id| match typed.records.get(id.0 as usize)?.fetch.as_ref()?.how {
                FetchHow::Verb { verb, .. } => Some(verb_name(verb, typed)),
                FetchHow::Host => None,
            })
            .collect();
        at_job(
            self.job,
            typed,
            Self::CODE.says(format!("the job `{name}` acts on {} and may not read it", listing(&records, "and"))),
            "no `allow read`",
        )
        .note("the rules look the record up, but the agent never sees it and has to guess")
        .help(format!("write `allow read {}`", reads.join(", ")))
    }
}

/// A job that allows nothing.
#[derive(Debug)]
pub(crate) struct NothingAllowed {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NothingAllowed {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(
            self.job,
            typed,
            Self::CODE.says(format!("the job `{name}` allows nothing, so every call is denied")),
            "no `allow`",
        )
        .note("what no `allow` names is denied")
        .help("write `allow read …` and `allow write …` with the calls that the job is for")
    }
}

/// A write that cannot be undone, and that nothing but its `allow` stands before.
#[derive(Debug)]
pub(crate) struct Unasked {
    /// The job.
    pub(crate) job: JobId,
    /// The write.
    pub(crate) verb: VerbId,
    /// The `allow`.
    pub(crate) rule: u32,
}

impl Problem for Unasked {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let diagnostic = Self::CODE.says(format!("`{verb}` cannot be undone, and nobody and nothing is asked before it"));
        let diagnostic = at_rule(self.job, self.rule, typed, diagnostic, "allowed without a look at any record");
        at_verb(self.verb, typed, diagnostic, "declared `irreversible`")
            .help(format!("let a person decide with `gate NAME on {verb} {{ approvers role NAME; show arguments }}`, bound it with a `limit`, or allow it only `when` a record says so"))
    }
}

/// A risk that nothing bounds.
#[derive(Debug)]
pub(crate) struct Unbounded {
    /// The job.
    pub(crate) job: JobId,
    /// The write.
    pub(crate) verb: VerbId,
    /// Index into the policy's risks.
    pub(crate) risk: u32,
    /// The `allow`.
    pub(crate) rule: u32,
}

impl Problem for Unbounded {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let risk = typed.risks.get(self.risk as usize);
        let name = risk.map_or("", |risk| risk.name.as_str());
        let means: Vec<&str> = risk.map_or_else(Vec::new, |risk| risk.bounded_by.iter().map(String::as_str).collect());
        let diagnostic =
            Self::CODE.says(format!("`{verb}` bears the risk `{name}`, and {} bounds it", named(&means, "no", "and")));
        let diagnostic = at_rule(self.job, self.rule, typed, diagnostic, "allowed here");
        let diagnostic = at_verb(self.verb, typed, diagnostic, &format!("bears `risk {name}`"));
        let ways: Vec<String> = means.iter().filter_map(|means| way(means, &verb)).collect();
        let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
        diagnostic
            .note(format!("what bears `risk {name}` must be bounded by {} that names it", named(&means, "a", "or")))
            .help(format!("write {}", sentence(&ways, "or")))
    }
}

/// A gate, a limit or an `escalate`: what may bound a risk, each with that word before it.
fn named(means: &[&str], article: &str, last: &str) -> String {
    let words: Vec<String> = means
        .iter()
        .map(|means| match (*means, article) {
            ("gate" | "limit", article) => format!("{article} {means}"),
            (keyword @ ("escalate" | "undo"), "a") => format!("an `{keyword}`"),
            (keyword, article) => format!("{article} `{keyword}`"),
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    sentence(&words, last)
}

/// How one of the means is written.
fn way(means: &str, verb: &str) -> Option<String> {
    Some(match means {
        "gate" => format!("`gate NAME on {verb} {{ approvers role NAME; show arguments }}`"),
        "limit" => format!("`limit NAME on {verb}: count() <= 5 per day else escalate`"),
        "escalate" => format!("`escalate NAME on {verb} when …`"),
        "never" => format!("`never {verb} when …`"),
        "undo" => "an `undo` in its declaration".to_owned(),
        _ => return None,
    })
}

/// Nothing ends a run and hands it to a person.
#[derive(Debug)]
pub(crate) struct NoEscalation {
    /// The job.
    pub(crate) job: JobId,
}

const STOPS: &str = "write `use std.stops` and `include usual_stops`, or a stop of your own such as `escalate unsure when (run.confidence ?? 1) < 0.7`";

impl Problem for NoEscalation {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(
            self.job,
            typed,
            Self::CODE.says(format!("nothing hands a run of `{name}` over to a person when it goes wrong")),
            "no `escalate`, no `on failure`, no limit that escalates",
        )
        .note("an agent that fails, or goes in circles, goes on until somebody notices")
        .help(STOPS)
    }
}

/// Nobody is named to take over.
#[derive(Debug)]
pub(crate) struct NoHandoff {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NoHandoff {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(
            self.job,
            typed,
            Self::CODE.says(format!("the job `{name}` does not say who takes over when a run stops, and what they see")),
            "no `handoff`",
        )
        .note("a run stops by itself where the data it needs is missing or disagrees, whatever the rules say")
        .help("write `handoff to \"support-leads\" { show trace; expect \"Decide the case by hand.\" }`")
    }
}

/// A person is asked, and sees nothing.
#[derive(Debug)]
pub(crate) struct ShowsNothing {
    /// The job.
    pub(crate) job: JobId,
    /// The gate; the handoff where there is none.
    pub(crate) gate: Option<u32>,
}

impl Problem for ShowsNothing {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let job = typed.jobs.get(self.job.index());
        match self.gate {
            Some(index) => {
                let name = job.and_then(|job| job.rules.get(index as usize)).map_or("", |rule| rule.name.as_str());
                let diagnostic = Self::CODE.says(format!("the gate `{name}` does not show what it asks a person to approve"));
                at_rule(self.job, index, typed, diagnostic, "no `show`")
                    .note("whoever sees nothing approves everything, or asks the agent")
                    .help("add `show arguments`, and the records that decide")
            }
            None => {
                let name = job_name(self.job, typed);
                let diagnostic = Self::CODE.says(format!("the handoff of `{name}` shows nothing to the person who takes over"));
                let diagnostic = match job.and_then(|job| job.handoff.as_ref()) {
                    Some(handoff) => diagnostic.at(headline(handoff.loc, typed), "no `show`"),
                    None => diagnostic,
                };
                diagnostic.help("add `show trace`, which tells what was asked, looked up, decided and changed")
            }
        }
    }
}

/// Nobody may pause the job.
#[derive(Debug)]
pub(crate) struct NobodyPauses {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NobodyPauses {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(self.job, typed, Self::CODE.says(format!("nobody can pause the job `{name}`")), "no `pause by`")
            .note("when something goes wrong at night, somebody must be able to hold every run at once")
            .help(pause_help(typed))
    }
}

/// Nobody may pause the job, and nothing ends a run.
#[derive(Debug)]
pub(crate) struct NoWayToStop {
    /// The job.
    pub(crate) job: JobId,
}

impl Problem for NoWayToStop {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = job_name(self.job, typed);
        at_job(
            self.job,
            typed,
            Self::CODE.says(format!(
                "there is no way to stop the job `{name}`: nobody can pause it, and no rule hands a run over to a person"
            )),
            "no `pause by`, no `escalate`, no `on failure`, no limit that escalates",
        )
        .help(format!("{}; and {STOPS}", pause_help(typed)))
    }
}

fn pause_help(typed: &Typed) -> String {
    match typed.roles.first() {
        Some(role) => format!("write `pause by role {}`, or another role", role.name),
        None => "declare a role, `role on_call`, and write `pause by role on_call`".to_owned(),
    }
}

/// A write that does not say whether it can be undone.
#[derive(Debug)]
pub(crate) struct NoWayBack {
    /// The write.
    pub(crate) verb: VerbId,
}

impl Problem for NoWayBack {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let diagnostic = Self::CODE.says(format!("`{verb}` does not say how it is reversed"));
        at_verb(self.verb, typed, diagnostic, "no `undo`, no `compensates`, not `irreversible`")
            .note("whoever cleans up after a bad run must know it before, not then")
            .help("write `{ undo OTHER_VERB(…) }` after it, or `{ irreversible }` if nothing can take it back")
    }
}

fn job_name(job: JobId, typed: &Typed) -> &str {
    typed.jobs.get(job.index()).map_or("", |job| job.name.as_str())
}

/// A verb that the job allows, a write before a read.
fn some_verb(job: JobId, typed: &Typed) -> String {
    let of = |wanted: Access| {
        let rules = typed.jobs.get(job.index()).map_or(&[][..], |job: &Job| job.rules.as_slice());
        let mut allowed = rules.iter().filter(|rule| matches!(&rule.kind, RuleKind::Allow { access, .. } if *access == wanted));
        allowed.find_map(|rule| rule.verbs.first().copied())
    };
    of(Access::Write).or_else(|| of(Access::Read)).map_or_else(|| "TOOL.VERB".to_owned(), |verb| verb_name(verb, typed))
}

fn verbs(verbs: &[VerbId], typed: &Typed) -> String {
    let names: Vec<String> = verbs.iter().map(|verb| verb_name(*verb, typed)).collect();
    listing(&names, "and")
}

fn at_job(job: JobId, typed: &Typed, diagnostic: Diagnostic, label: &str) -> Diagnostic {
    match typed.jobs.get(job.index()) {
        Some(job) => diagnostic.at(job.loc, label),
        None => diagnostic,
    }
}

fn at_rule(job: JobId, rule: u32, typed: &Typed, diagnostic: Diagnostic, label: &str) -> Diagnostic {
    let rule: Option<&Rule> = typed.jobs.get(job.index()).and_then(|job| job.rules.get(rule as usize));
    match rule {
        Some(rule) => diagnostic.at(headline(rule.loc, typed), label),
        None => diagnostic,
    }
}

fn at_verb(verb: VerbId, typed: &Typed, diagnostic: Diagnostic, label: &str) -> Diagnostic {
    let loc: Option<Loc> = typed.verbs.get(verb.index()).map(|verb| verb.loc);
    match loc {
        Some(loc) => diagnostic.at(loc, label),
        None => diagnostic,
    }
}

/// `a, b or c`
fn sentence(parts: &[&str], word: &str) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
    }
}
