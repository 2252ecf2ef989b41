//! An audit as text.

use super::{Audit, Finding, JobAudit, Point, State};

/// The widest line, in characters.
const WIDTH: usize = 110;

/// The page.
pub(super) fn page(audit: &Audit) -> String {
    let mut text = Text(String::new());
    let version = if audit.version.is_empty() { String::new() } else { format!(" {}", audit.version) };
    let owner = if audit.owner.is_empty() { ", no owner".to_owned() } else { format!(", owned by {}", audit.owner) };
    text.line(0, &format!("{}{version}{owner}", audit.policy));
    text.line(0, &audit.digest);
    for job in &audit.jobs {
        text.job(job);
    }
    if !audit.findings.is_empty() {
        text.line(0, "");
        text.line(0, "What `agentc check` says");
        for finding in &audit.findings {
            text.finding(finding);
        }
    }
    let (answered, all) = audit.answered();
    text.line(0, "");
    text.line(0, &format!("{answered} of {all} questions are answered"));
    text.0
}

struct Text(String);

impl Text {
    fn line(&mut self, depth: usize, line: &str) {
        let line = format!("{}{line}", " ".repeat(depth));
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    /// A paragraph after a mark; further lines stand below its first word.
    fn wrapped(&mut self, depth: usize, mark: &str, text: &str) {
        let indent = depth.saturating_add(mark.chars().count());
        let room = WIDTH.saturating_sub(indent);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count().saturating_add(word.chars().count()) < room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        for (number, line) in lines.iter().enumerate() {
            if number == 0 {
                self.line(depth, &format!("{mark}{line}"));
            } else {
                self.line(indent, line);
            }
        }
    }

    fn job(&mut self, job: &JobAudit) {
        self.line(0, "");
        self.line(0, &format!("JOB {} ({})", job.job, job.place));
        for asked in &job.questions {
            let open = if asked.state == State::Open { "   <- something is missing" } else { "" };
            self.line(0, "");
            self.line(0, &format!("{}. {}{open}", asked.number, asked.question));
            for point in &asked.answers {
                self.point(point);
            }
            for missing in &asked.missing {
                self.finding(missing);
            }
            if asked.answers.is_empty() && asked.missing.is_empty() {
                self.line(3, "! Nothing in the policy answers it.");
            }
        }
        self.section("Claims of the model that are taken for true", &job.trusting, "none");
        self.section("What it may read that outsiders wrote", &job.untrusted, "nothing");
        self.line(0, "");
        self.line(0, "Risks of its writes, and what bounds them");
        for borne in &job.risks {
            let none = if borne.bounded_by.is_empty() { ": nothing bounds it" } else { "" };
            self.wrapped(3, "- ", &format!("`{}`, {}{none}  ({})", borne.verb, borne.risk, borne.place));
            for point in &borne.bounded_by {
                self.wrapped(5, "by ", &told(point));
            }
        }
        if job.risks.is_empty() {
            self.line(3, "none is declared");
        }
        self.section("Tests", &job.tests, "none: nothing shows that the job does what it says");
        self.section("Proofs", &job.proofs, "none");
        if !job.terms.is_empty() {
            self.section("What the words mean", &job.terms, "");
        }
    }

    fn section(&mut self, title: &str, points: &[Point], none: &str) {
        self.line(0, "");
        self.line(0, title);
        for point in points {
            self.point(point);
        }
        if points.is_empty() {
            self.line(3, none);
        }
    }

    fn point(&mut self, point: &Point) {
        self.wrapped(3, "- ", &told(point));
        for detail in &point.details {
            self.wrapped(7, "- ", detail);
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let code = finding.code.map_or_else(String::new, |code| format!("  [{code}]"));
        let place = finding.place.as_ref().map_or_else(String::new, |place| format!("  ({place})"));
        // What has no code leaves nothing open.
        let mark = if finding.code.is_some() { "! " } else { "note: " };
        self.wrapped(3, mark, &format!("{}{code}{place}", finding.message));
        if let Some(help) = &finding.help {
            self.wrapped(5, "help: ", help);
        }
    }
}

/// What a point says, its reason, its rule and its line.
fn told(point: &Point) -> String {
    let because = point.because.as_ref().map_or_else(String::new, |because| format!(" “{because}”"));
    let rule = point.rule.as_ref().map_or_else(String::new, |rule| format!("`{rule}`, "));
    format!("{}{because}  ({rule}{})", point.text, point.place)
}
