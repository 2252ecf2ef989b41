//! An audit as one HTML page that a reviewer reads and signs.

use super::{Asked, Audit, Borne, Finding, JobAudit, Place, Point, State};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// How the page looks, on a screen and on paper.
const STYLE: &str = include_str!("page.css");

/// The page.
pub(super) fn page(audit: &Audit) -> String {
    let (answered, all) = audit.answered();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Audit of " (audit.policy) " " (audit.version) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p class="kind" { "Policy audit" }
                    h1 { (audit.policy) @if !audit.version.is_empty() { " " span class="version" { (audit.version) } } }
                    dl class="facts" {
                        dt { "Owner" } dd { @if audit.owner.is_empty() { "none is named" } @else { (audit.owner) } }
                        dt { "Files" } dd { (audit.files.join(", ")) }
                        dt { "Artifact" } dd { code { (audit.digest) } }
                        dt { "Answered" } dd { (answered) " of " (all) " questions" }
                    }
                }
                (overview(audit))
                @for job in &audit.jobs { (of_job(job)) }
                @if !audit.findings.is_empty() {
                    section class="findings" {
                        h2 { "What the compiler says beside that" }
                        @for finding in &audit.findings { (open(finding)) }
                    }
                }
                (signature(audit))
            }
        }
    };
    format!("{}\n", page.into_string())
}

/// Which questions each job answers, at a glance.
fn overview(audit: &Audit) -> Markup {
    html! {
        section class="overview" {
            table {
                caption { "The nine questions" }
                thead {
                    tr {
                        th scope="col" { "Question" }
                        @for job in &audit.jobs { th scope="col" { a href=(format!("#job-{}", job.job)) { (job.job) } } }
                    }
                }
                tbody {
                    @for asked in audit.jobs.first().iter().flat_map(|job| &job.questions) {
                        tr {
                            th scope="row" { (asked.number) ". " (asked.question) }
                            @for job in &audit.jobs {
                                @let state = job.questions.iter().find(|other| other.number == asked.number).map(|other| other.state);
                                td class=(if state == Some(State::Answered) { "yes" } else { "no" }) {
                                    @if state == Some(State::Answered) { "✓ answered" } @else { "! open" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn of_job(job: &JobAudit) -> Markup {
    html! {
        section class="job" id=(format!("job-{}", job.job)) {
            h2 { "Job " code { (job.job) } (line(&job.place)) }
            @if !job.purpose.is_empty() { p class="purpose" { (job.purpose) } }
            @for asked in &job.questions { (question(asked)) }
            (points("Claims of the model that are taken for true", &job.trusting, "None."))
            (points("What it may read that outsiders wrote", &job.untrusted, "Nothing."))
            (risks(&job.risks))
            (points("Tests", &job.tests, "None: nothing shows that the job does what it says."))
            (points("Proofs", &job.proofs, "None."))
            @if !job.terms.is_empty() { (points("What the words mean", &job.terms, "")) }
            details class="graph" {
                summary { "Decision graph" }
                div class="scroll" { (PreEscaped(&job.graph)) }
            }
        }
    }
}

fn question(asked: &Asked) -> Markup {
    html! {
        article class=(if asked.state == State::Answered { "question" } else { "question open" }) {
            h3 {
                span class="number" { (asked.number) } " " (asked.question)
                span class="agreed" { "☐ agreed" }
            }
            @if !asked.answers.is_empty() {
                ul { @for point in &asked.answers { li { (said(point)) } } }
            }
            @for missing in &asked.missing { (open(missing)) }
            @if asked.answers.is_empty() && asked.missing.is_empty() {
                div class="missing" { p { "Nothing in the policy answers it." } }
            }
        }
    }
}

fn points(title: &str, points: &[Point], none: &str) -> Markup {
    html! {
        article class="evidence" {
            h3 { (title) }
            @if points.is_empty() {
                p { (none) }
            } @else {
                ul { @for point in points { li { (said(point)) } } }
            }
        }
    }
}

fn said(point: &Point) -> Markup {
    html! {
        (line(&point.place))
        @if let Some(rule) = &point.rule { span class="rule" { (rule) } " " }
        (text(&point.text))
        @if let Some(because) = &point.because { " " q { (because) } }
        @if !point.details.is_empty() {
            ul { @for detail in &point.details { li { (text(detail)) } } }
        }
    }
}

fn risks(risks: &[Borne]) -> Markup {
    html! {
        article class="evidence" {
            h3 { "Risks of its writes, and what bounds them" }
            @if risks.is_empty() {
                p { "None is declared." }
            } @else {
                table class="risks" {
                    thead { tr { th scope="col" { "Write" } th scope="col" { "Risk" } th scope="col" { "Bounded by" } } }
                    tbody {
                        @for borne in risks {
                            tr {
                                td { code { (borne.verb) } }
                                td { (borne.risk) }
                                td {
                                    @if borne.bounded_by.is_empty() {
                                        strong class="unbounded" { "nothing" }
                                    } @else {
                                        ul { @for point in &borne.bounded_by { li { (said(point)) } } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn open(finding: &Finding) -> Markup {
    html! {
        div class=(if finding.code.is_some() { "missing" } else { "missing remark" }) {
            p {
                @if let Some(place) = &finding.place { (line(place)) }
                @if let Some(code) = finding.code { span class="code" { (code) } " " }
                (text(&finding.message))
            }
            @if let Some(help) = &finding.help { p class="help" { "To mend it: " (text(help)) } }
        }
    }
}

fn line(place: &Place) -> Markup {
    html! { span class="line" { (place.to_string()) } }
}

/// A text whose names in backticks are set as code.
fn text(text: &str) -> Markup {
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn signature(audit: &Audit) -> Markup {
    html! {
        section class="signature" {
            h2 { "Sign-off" }
            p {
                "I have read this page. It speaks of the policy whose artifact has the digest below, and of no other."
            }
            p { code { (audit.digest) } }
            p class="choice" { span { "☐ approved" } span { "☐ approved with the changes noted" } span { "☐ refused" } }
            dl class="blanks" {
                dt { "Name" } dd {}
                dt { "Role" } dd {}
                dt { "Date" } dd {}
                dt { "Signature" } dd {}
                dt { "Notes" } dd class="tall" {}
            }
        }
    }
}
