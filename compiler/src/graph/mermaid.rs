//! A picture as a Mermaid flowchart: <https://mermaid.js.org/syntax/flowchart.html>.

use super::dot::said;
use super::shape::colours;
use super::{Outcome, Picture, Step};

/// The flowchart.
pub(super) fn text(picture: &Picture) -> String {
    let mut mermaid = Mermaid { text: String::new(), next: 0 };
    mermaid.line("---");
    mermaid.line(&format!("title: {}", yaml(&format!("{}: {}", picture.policy, picture.title))));
    mermaid.line("---");
    mermaid.line("flowchart TD");
    let start = mermaid.start(&["the agent wants a call".to_owned()]);
    let end = mermaid.chain(&picture.trunk, (start, ""));
    for lane in &picture.lanes {
        let head = mermaid.start(&lane.verbs);
        if let Some((end, label)) = &end {
            mermaid.edge(end, &head, label);
        }
        let last = mermaid.chain(&lane.steps, (head, ""));
        if let Some((last, label)) = last.filter(|_| lane.allows) {
            mermaid.exit(&last, label, Outcome::Allow);
        }
    }
    mermaid.line("  classDef rule fill:#ffffff,stroke:#8c959f,color:#1f2328,text-align:left");
    mermaid.line("  classDef start fill:#1f2328,stroke:#1f2328,color:#ffffff");
    for outcome in Outcome::ALL {
        let (ink, paper) = colours(outcome);
        mermaid.line(&format!("  classDef {} fill:{paper},stroke:{ink},color:{ink},font-weight:bold", outcome.word()));
    }
    mermaid.text
}

struct Mermaid {
    text: String,
    next: usize,
}

impl Mermaid {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn id(&mut self) -> String {
        let id = format!("n{}", self.next);
        self.next = self.next.saturating_add(1);
        id
    }

    fn start(&mut self, names: &[String]) -> String {
        let id = self.id();
        let label = quoted(&names.join("\n"));
        self.line(&format!("  {id}[{label}]:::start"));
        id
    }

    fn chain(&mut self, steps: &[Step], from: (String, &'static str)) -> Option<(String, &'static str)> {
        let mut before = Some(from);
        for step in steps {
            let id = self.id();
            let label = quoted(&said(step, str::to_owned));
            self.line(&format!("  {id}[{label}]:::rule"));
            if let Some((from, label)) = &before {
                self.edge(from, &id, label);
            }
            for exit in &step.exits {
                self.exit(&id, exit.label, exit.outcome);
            }
            before = step.onward.map(|onward| (id, onward));
        }
        before
    }

    fn exit(&mut self, from: &str, label: &str, outcome: Outcome) {
        let id = self.id();
        let (open, close) = match outcome {
            Outcome::Allow => ("([", "])"),
            Outcome::Approval => ("{{", "}}"),
            Outcome::Need => ("[(", ")]"),
            Outcome::Deny => ("[[", "]]"),
            Outcome::Escalate => (">", "]"),
            Outcome::Paused => ("(", ")"),
        };
        self.line(&format!("  {id}{open}{}{close}:::{}", quoted(outcome.word()), outcome.word()));
        self.edge(from, &id, label);
    }

    fn edge(&mut self, from: &str, to: &str, label: &str) {
        let label = if label.is_empty() { String::new() } else { format!("|{}|", quoted(label)) };
        self.line(&format!("  {from} -->{label} {to}"));
    }
}

/// A text in double quotes, with what Mermaid or HTML would read as something else as numeric entities.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("<br/>"),
            '"' | '#' | '&' | '<' | '>' | '`' | ';' | '\\' | '*' | '_' => quoted.push_str(&format!("#{};", u32::from(character))),
            character if character.is_control() => quoted.push(' '),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A text as a quoted scalar of YAML, in which the title stands.
fn yaml(text: &str) -> String {
    let plain: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}
