//! A picture in the language of Graphviz: <https://graphviz.org/doc/info/lang.html>.

use super::measure::unmarked;
use super::shape::colours;
use super::{Outcome, Picture, Shown, Step};
use std::fmt::Write as _;

/// The graph.
pub(super) fn text(picture: &Picture) -> String {
    let mut dot = Dot { text: String::new(), next: 0, group: 0 };
    dot.line(&format!("digraph {} {{", quoted(&picture.title)));
    dot.line("  graph [rankdir=TB, fontname=\"Helvetica\", labelloc=t];");
    dot.line("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", color=\"#8c959f\", fontname=\"Helvetica\", fontsize=11];");
    dot.line("  edge [fontname=\"Helvetica\", fontsize=10, color=\"#57606a\"];");
    dot.line(&format!("  label={};", quoted(&format!("{}\n{}", picture.policy, picture.title))));
    let start = dot.start(&["the agent wants a call".to_owned()]);
    let end = dot.chain(&picture.trunk, (start, ""));
    for lane in &picture.lanes {
        if !picture.of_one_verb {
            dot.group = dot.group.saturating_add(1);
        }
        let head = dot.start(&lane.verbs);
        if let Some((end, label)) = &end {
            dot.edge(end, &head, label, None);
        }
        let last = dot.chain(&lane.steps, (head, ""));
        if let Some((last, label)) = last.filter(|_| lane.allows) {
            dot.exit(&last, label, Outcome::Allow);
        }
    }
    dot.line("}");
    dot.text
}

struct Dot {
    text: String,
    next: usize,
    /// What stands in one group is drawn in a line.
    group: usize,
}

impl Dot {
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
        self.line(&format!("  {id} [label={label}, group={}, fillcolor=\"#1f2328\", fontcolor=\"#ffffff\"];", self.group));
        id
    }

    /// Steps one after the other; where the last goes on, it and why.
    fn chain(&mut self, steps: &[Step], from: (String, &'static str)) -> Option<(String, &'static str)> {
        let mut before = Some(from);
        for step in steps {
            let id = self.id();
            let label = quoted(&said(step, wrapped));
            self.line(&format!("  {id} [label={label}, group={}];", self.group));
            if let Some((from, label)) = &before {
                self.edge(from, &id, label, None);
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
        let (ink, paper) = colours(outcome);
        let shape = match outcome {
            Outcome::Allow => "oval",
            Outcome::Approval => "hexagon",
            Outcome::Need => "cylinder",
            Outcome::Deny => "octagon",
            Outcome::Escalate => "cds",
            Outcome::Paused => "box",
        };
        let style = if outcome == Outcome::Paused { "filled,dashed" } else { "filled" };
        self.line(&format!(
            "  {id} [label={}, shape={shape}, style=\"{style}\", color=\"{ink}\", fillcolor=\"{paper}\", fontcolor=\"{ink}\"];",
            quoted(outcome.word())
        ));
        self.edge(from, &id, label, Some(ink));
    }

    fn edge(&mut self, from: &str, to: &str, label: &str, colour: Option<&str>) {
        let mut attributes = Vec::new();
        if !label.is_empty() {
            attributes.push(format!("label={}", quoted(label)));
        }
        if let Some(colour) = colour {
            attributes.push(format!("color=\"{colour}\""));
        }
        let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        self.line(&format!("  {from} -> {to}{attributes};"));
    }
}

/// What a step says, in lines of its own.
pub(super) fn said(step: &Step, wrapped: fn(&str) -> String) -> String {
    if step.folded {
        let (count, names) = step.summary();
        return format!("{count}\n{}", wrapped(&names));
    }
    let rules: Vec<String> = step.rules.iter().map(|shown| rule(shown, wrapped)).collect();
    // A picture sets names apart by nothing, so the marks around them go.
    unmarked(&rules.join("\nor\n"))
}

fn rule(rule: &Shown, wrapped: fn(&str) -> String) -> String {
    let mut text = format!("{} {}", rule.word, rule.name).trim().to_owned();
    if !rule.place.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(text, " ({})", rule.place);
    }
    if let Some(because) = &rule.because {
        let _ = write!(text, "\n{}", wrapped(&format!("“{because}”")));
    }
    let _ = write!(text, "\n{}", wrapped(&rule.when));
    if let Some(then) = &rule.then {
        let _ = write!(text, "\n{}", wrapped(then));
    }
    text
}

/// Lines of a length that reads well in a box.
fn wrapped(text: &str) -> String {
    const LONGEST: usize = 46;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count().saturating_add(word.chars().count()) < LONGEST => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// A text in double quotes. Graphviz knows the escapes of `"` and, in labels, of `\`; a line end is `\n`.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            character if character.is_control() => quoted.push(' '),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
