//! The audit of a policy: for each job the nine questions that a reviewer asks, each with its answer and line or what is missing; what it trusts,
//! what outsiders wrote, what each risk is bounded by, and what is tested and to be proved.
//!
//! [`audit`] computes it as data, which is also its JSON; [`Audit::text`] and [`Audit::html`] only set it.

mod answer;
mod evidence;
mod html;
mod text;

use crate::analyze::readiness::answers;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::text::verb_name;
use crate::english::words::{capital, stopped};
use crate::english::{English, Reader};
use crate::graph::{Folding, draw};
use crate::prove::Proved;
use crate::source::Places;
use crate::typed::{JobId, Loc, Typed};
use serde::Serialize;

/// The audit of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The policy's name.
    pub policy: String,
    /// Its version; empty where it has none.
    pub version: String,
    /// Who owns it; empty where nobody does.
    pub owner: String,
    /// The digest of its artifact, `sha256:…`: what exactly was reviewed.
    pub digest: String,
    /// The files it was read from.
    pub files: Vec<String>,
    /// Its jobs.
    pub jobs: Vec<JobAudit>,
    /// What `agentc check` says of it.
    pub findings: Vec<Finding>,
}

/// The audit of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobAudit {
    /// Its name.
    pub job: String,
    /// What it is for; empty where nothing is said.
    pub purpose: String,
    /// Where it is declared.
    pub place: Place,
    /// The nine questions.
    pub questions: Vec<Asked>,
    /// Every use of `trusting claim`: what the model says, taken for true.
    pub trusting: Vec<Point>,
    /// What it may read that outsiders wrote.
    pub untrusted: Vec<Point>,
    /// The risks of its writes.
    pub risks: Vec<Borne>,
    /// The tests that run it.
    pub tests: Vec<Point>,
    /// The proofs that speak of it.
    pub proofs: Vec<Point>,
    /// What the names mean that its conditions use.
    pub terms: Vec<Point>,
    /// Its decision graph, as SVG.
    #[serde(skip)]
    pub graph: String,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// From 1 to 9.
    pub number: u32,
    /// The question.
    pub question: &'static str,
    /// Whether it is answered.
    pub state: State,
    /// What the policy answers.
    pub answers: Vec<Point>,
    /// What it leaves open.
    pub missing: Vec<Finding>,
}

/// Whether a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is.
    Answered,
    /// Something is missing.
    Open,
}

/// One thing that the policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// What it says.
    pub text: String,
    /// What belongs to it: conditions, who is asked, what is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The rule that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The reason in the author's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Where.
    pub place: Place,
}

/// A risk of a write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Borne {
    /// The write.
    pub verb: String,
    /// The risk.
    pub risk: String,
    /// The means that can bound it, as the risk declares them.
    pub means: Vec<String>,
    /// What bounds it here; nothing where it is unbounded.
    pub bounded_by: Vec<Point>,
    /// Where the write is declared.
    pub place: Place,
}

/// Something that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The code of its diagnostic; `agentc explain` has its page. Absent for what only the audit reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What, in one sentence.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, without its folders.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Audits a checked policy. The digest is that of its artifact; diagnostics and verdicts are what compiling it gave.
#[must_use]
pub fn audit(typed: &Typed, digest: &str, diagnostics: &[Diagnostic], verdicts: &[Proved]) -> Audit {
    let places = Places::new(&typed.files);
    let (mut jobs, mut told) = (Vec::new(), Vec::new());
    for id in (0..).zip(&typed.jobs).map(|(at, _)| JobId(at)) {
        let (job, codes) = job(typed, id, &places, verdicts);
        jobs.extend(job);
        told.extend(codes);
    }
    let findings = diagnostics.iter().map(|diagnostic| finding(diagnostic, &places));
    Audit {
        policy: typed.name.clone(),
        version: typed.version.clone(),
        owner: typed.owner.clone(),
        digest: format!("sha256:{digest}"),
        files: (0..).zip(&typed.files).map(|(at, _)| places.short_name(crate::typed::FileId(at)).to_owned()).collect(),
        jobs,
        // What stands beside its question is not said twice.
        findings: findings.filter(|finding| !told.contains(&finding.message)).collect(),
    }
}

/// The audit of a job, and the messages of what its questions miss.
fn job(typed: &Typed, id: JobId, places: &Places<'_>, verdicts: &[Proved]) -> (Option<JobAudit>, Vec<String>) {
    let Some(job) = typed.jobs.get(id.index()) else { return (None, Vec::new()) };
    let english = English::new(typed, job, Reader::Person);
    let auditor = Auditor { typed, job, english, places };
    let questions: Vec<Asked> = answers(typed, id).iter().map(|answer| auditor.asked(id, answer)).collect();
    let told = questions.iter().flat_map(|asked| &asked.missing).map(|missing| missing.message.clone()).collect();
    let audited = JobAudit {
        job: job.name.clone(),
        purpose: job.purpose.clone().unwrap_or_default(),
        place: place(places, job.loc),
        questions,
        trusting: auditor.trusting(),
        untrusted: auditor.untrusted(),
        risks: auditor.risks(),
        tests: auditor.tests(id),
        proofs: auditor.proofs(id, verdicts),
        terms: auditor.terms(),
        graph: draw(typed, id, None, Folding::Large).svg(),
    };
    (Some(audited), told)
}

/// What the parts of a job's audit need.
struct Auditor<'a> {
    typed: &'a Typed,
    job: &'a crate::typed::Job,
    english: English<'a>,
    places: &'a Places<'a>,
}

impl Auditor<'_> {
    fn point(&self, text: impl Into<String>, loc: Loc) -> Point {
        let text = capital(&text.into());
        Point { text, details: Vec::new(), rule: None, because: None, place: place(self.places, loc) }
    }

    fn verb(&self, verb: crate::typed::VerbId) -> String {
        format!("`{}`", verb_name(verb, self.typed))
    }
}

fn place(places: &Places<'_>, loc: Loc) -> Place {
    Place { file: places.short_name(loc.file).to_owned(), line: places.line(loc) }
}

fn finding(diagnostic: &Diagnostic, places: &Places<'_>) -> Finding {
    Finding {
        code: Some(diagnostic.code.id),
        message: stopped(&capital(&diagnostic.message)),
        help: diagnostic.help.clone(),
        place: diagnostic.labels.first().map(|label| place(places, label.loc)),
    }
}

impl Audit {
    /// How many questions of all jobs are answered, and how many there are.
    #[must_use]
    pub fn answered(&self) -> (usize, usize) {
        let all = self.jobs.iter().flat_map(|job| &job.questions);
        let answered = all.clone().filter(|asked| asked.state == State::Answered).count();
        (answered, all.count())
    }

    /// As text for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        text::page(self)
    }

    /// As one HTML page to sign: no scripts, nothing loaded from elsewhere.
    #[must_use]
    pub fn html(&self) -> String {
        html::page(self)
    }
}
