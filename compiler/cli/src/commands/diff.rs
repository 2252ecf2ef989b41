//! `agentc diff OLD NEW`: what a change to a policy changes.

use crate::failure::Failure;
use crate::files::{compile_file, show_errors};
use crate::outcome::Outcome;
use crate::terminal::{put, say};
use agentc_compiler::Compiled;
use agentc_compiler::diff::{Change, Compared, Difference, Obstacle, Said, Shown, Side, Verdict, diff};
use agentc_compiler::source::Places;
use agentc_compiler::typed::{SourceFile, Typed};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say for each job and verb whether a change lets through more calls, fewer, or the same; exit code 1 where it loosens anything.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The root file of the policy before the change.
    old: PathBuf,
    /// The root file of the policy after it.
    new: PathBuf,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Form::Human)]
    format: Form,
}

/// How differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// One JSON object.
    Json,
}

impl Diff {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let (old, new) = (usable(&self.old)?, usable(&self.new)?);
        let (Some(before), Some(now)) = (sound(&old), sound(&new)) else {
            return Err(Failure::with_help(
                "only policies without errors can be compared",
                "mend what `agentc check` says of them",
            ));
        };
        let difference = diff(before, now, &agentc_stdlib::library());
        let files = Files { old: &old.files, new: &new.files };
        match self.format {
            Form::Human => put(format_args!("{}", told(&difference, &files)))?,
            Form::Json => say(format_args!("{:#}", data(&difference, &files)))?,
        }
        Ok(Outcome::found_if(difference.loosens()))
    }
}

fn usable(path: &Path) -> Result<Compiled, Failure> {
    let compiled = compile_file(path)?;
    if sound(&compiled).is_none() {
        show_errors(&compiled);
    }
    Ok(compiled)
}

/// The checked policy; a proof that does not hold keeps nobody from seeing what changed.
fn sound(compiled: &Compiled) -> Option<&Typed> {
    compiled.typed.as_ref().or(compiled.asked.as_ref())
}

/// The files of both policies.
struct Files<'f> {
    old: &'f [SourceFile],
    new: &'f [SourceFile],
}

impl Files<'_> {
    fn place(&self, obstacle: &Obstacle) -> (String, usize, usize) {
        let places = Places::new(if obstacle.side == Side::Old { self.old } else { self.new });
        let (line, column) = places.line_and_column(obstacle.loc.file, obstacle.loc.span.start);
        (places.name(obstacle.loc.file).to_owned(), line, column)
    }
}

/// For people: what is looser with its calls, what is tighter with one, the rest by name; then what is declared differently.
fn told(difference: &Difference, files: &Files<'_>) -> String {
    let mut out = String::new();
    let same = difference.verbs.iter().filter(|verb| verb.verdict() == Verdict::Equivalent).count();
    for verb in difference.verbs.iter().filter(|verb| verb.verdict() != Verdict::Equivalent) {
        out.push_str(&format!("{} in {}: {}\n", verb.verb, verb.job, verb.verdict().name()));
        for (direction, shown) in [("looser", &verb.looser), ("tighter", &verb.tighter)] {
            shown.iter().for_each(|shown| out.push_str(&difference_text(direction, shown, files)));
        }
    }
    if !difference.changes.is_empty() {
        out.push_str("declared differently:\n");
        difference.changes.iter().for_each(|change| out.push_str(&change_text(change)));
    }
    let count = |verdict| difference.verbs.iter().filter(|verb| verb.verdict() == verdict).count();
    let [tighter, looser, both] = [Verdict::Tighter, Verdict::Looser, Verdict::Both].map(count);
    let verdict = if difference.loosens() { "this change loosens the policy" } else { "nothing is looser than before" };
    out.push_str(&format!("{same} equivalent, {tighter} tighter, {looser} looser, {both} both: {verdict}\n"));
    out
}

fn difference_text(direction: &str, shown: &Shown, files: &Files<'_>) -> String {
    match shown {
        Shown::Witness(witness) => {
            let mut out = format!("  {direction}: was {}, is {}\n", answer(&witness.old), answer(&witness.new));
            witness.told.iter().for_each(|line| out.push_str(&format!("    {line}\n")));
            out
        }
        Shown::Undecided(obstacle) => {
            let (file, line, column) = files.place(obstacle);
            format!("  {direction}, as far as can be told: {} ({file}:{line}:{column})\n", obstacle.what)
        }
    }
}

/// `approval by large_refund of role support_lead`
fn answer(said: &Said) -> String {
    let by = if said.by.is_empty() { String::new() } else { format!(" by `{}`", said.by) };
    let of = if said.asked.is_empty() { String::new() } else { format!(" of {}", said.asked.join(" and ")) };
    format!("{}{by}{of}", said.outcome)
}

fn change_text(change: &Change) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
    let direction = if change.direction.name() == "changed" { String::new() } else { format!(" ({})", change.direction.name()) };
    format!("  {}: was {}, is {}{direction}\n", change.what, side(&change.old), side(&change.new))
}

/// For programs.
fn data(difference: &Difference, files: &Files<'_>) -> Value {
    let said = |said: &Said| json!({ "outcome": said.outcome, "by": said.by, "asked": said.asked });
    let shown = |shown: &Shown| match shown {
        Shown::Witness(witness) => {
            json!({ "run": witness.told, "old": said(&witness.old), "new": said(&witness.new) })
        }
        Shown::Undecided(obstacle) => {
            let (file, line, column) = files.place(obstacle);
            let side = if obstacle.side == Side::Old { "old" } else { "new" };
            json!({ "undecided": obstacle.what, "in": side, "file": file, "line": line, "column": column })
        }
    };
    let verb = |verb: &Compared| {
        json!({
            "job": verb.job,
            "verb": verb.verb,
            "verdict": verb.verdict().name(),
            "looser": verb.looser.iter().map(shown).collect::<Vec<_>>(),
            "tighter": verb.tighter.iter().map(shown).collect::<Vec<_>>(),
        })
    };
    let change = |change: &Change| json!({ "what": change.what, "old": change.old, "new": change.new, "direction": change.direction.name() });
    json!({
        "loosens": difference.loosens(),
        "verbs": difference.verbs.iter().map(verb).collect::<Vec<_>>(),
        "changes": difference.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
