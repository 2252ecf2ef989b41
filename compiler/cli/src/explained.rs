//! `agentc check --explain VERB`: which calls of a verb end where, as a table for people or as JSON.

use agentc_compiler::prove::MOST_CALLS;
use agentc_compiler::regions::{Ends, Region, Regions, regions};
use agentc_compiler::source::Places;
use agentc_compiler::typed::{JobId, Loc, Typed, VerbId};
use agentc_runtime::library::Library;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

/// What a table of regions is about.
#[derive(Debug)]
pub struct Explained<'c> {
    typed: &'c Typed,
    job: JobId,
    verb: VerbId,
    regions: Regions,
    /// Whether runs were looked for.
    played: bool,
    places: Places<'c>,
}

impl<'c> Explained<'c> {
    /// The regions of a verb in a job; where there are more than so many, neighbours of one outcome are put together. With a library,
    /// each has a run that shows it, as far as one is found.
    #[must_use]
    pub fn new(typed: &'c Typed, job: JobId, verb: VerbId, most: usize, play: Option<&Library>) -> Option<Self> {
        let regions = regions(typed, job, verb, most, play)?;
        Some(Self { typed, job, verb, regions, played: play.is_some(), places: Places::new(&typed.files) })
    }

    /// The regions.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions.regions
    }

    fn names(&self) -> (String, &str) {
        let job = self.typed.jobs.get(self.job.index()).map_or("", |job| job.name.as_str());
        let verb = self.typed.verbs.get(self.verb.index()).map_or_else(String::new, |verb| {
            let tool = self.typed.tools.get(verb.tool.index()).map_or("", |tool| tool.name.as_str());
            format!("{tool}.{}", verb.name)
        });
        (verb, job)
    }

    fn line(&self, loc: Loc) -> (&str, usize) {
        let file = self.typed.files.get(loc.file.index()).map_or("", |file| file.name.as_str());
        let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
        (file, self.places.line_and_column(loc.file, loc.span.start).0)
    }

    /// The table for a person, and the runs that show its lines.
    #[must_use]
    pub fn text(&self) -> String {
        let (verb, job) = self.names();
        let mut text = format!("Which calls of {verb} end where, in the job {job}. The first line that fits decides.\n\n");
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_header(["", "outcome", "rule", "line", "the calls"]);
        for (number, region) in (1_u32..).zip(&self.regions.regions) {
            let place = region.loc.map(|loc| self.line(loc));
            let place = place.map_or_else(String::new, |(file, line)| format!("{file}:{line}"));
            table.add_row([number.to_string(), region.outcome.word().to_owned(), rules(region), place, calls(region)]);
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for line in table.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        if self.regions.merged {
            text.push_str(
                "\nThere are more lines than can be read: neighbours with one outcome are put together. `--lines` takes more.\n",
            );
        }
        if !self.regions.idle.is_empty() {
            text.push_str(&format!(
                "\nThese rules decide no call, because the lines above them do: {}.\n",
                self.regions.idle.join(", ")
            ));
        }
        for (number, region) in (1_u32..).zip(&self.regions.regions) {
            let Some(example) = &region.example else { continue };
            text.push_str(&format!("\nfor example {number}, {}\n", region.outcome.word()));
            for line in &example.told {
                text.push_str(&format!("    {line}\n"));
            }
        }
        if self.played {
            text.push_str(&self.without_runs());
        }
        if self.regions.regions.iter().any(|region| !region.sure) {
            text.push_str("\n* it is not sure that there are such calls: a condition is not decided exactly.\n");
        }
        text
    }

    /// Why some lines have no run.
    fn without_runs(&self) -> String {
        let numbered = (1_u32..).zip(&self.regions.regions).filter(|(_, region)| region.example.is_none());
        let (asking, others): (Vec<_>, Vec<_>) = numbered.partition(|(_, region)| region.outcome == Ends::Need);
        let lines = |found: &[(u32, &Region)]| {
            let numbers: Vec<String> = found.iter().map(|(number, _)| number.to_string()).collect();
            format!("{} {}", if numbers.len() == 1 { "line" } else { "lines" }, numbers.join(", "))
        };
        let mut text = String::new();
        if !asking.is_empty() {
            text.push_str(&format!(
                "\nno run is shown for {}: such a call is decided once the host has sent the records, by one of the other lines\n",
                lines(&asking)
            ));
        }
        if !others.is_empty() {
            text.push_str(&format!(
                "\nno run was found for {}: it takes more than a call after up to {MOST_CALLS} others, or something that is not reckoned with \
                 (failures, time that passes, text that outsiders wrote)\n",
                lines(&others)
            ));
        }
        text
    }

    /// The same as data.
    #[must_use]
    pub fn json(&self) -> Value {
        let (verb, job) = self.names();
        let region = |region: &Region| {
            let place = region.loc.map(|loc| self.line(loc));
            json!({
                "outcome": region.outcome.word(),
                "by": region.by,
                "when": region.when,
                "sure": region.sure,
                "example": region.example.as_ref().map(|example| &example.told),
                "file": place.map(|(file, _)| file),
                "line": place.map(|(_, line)| line),
            })
        };
        json!({
            "policy": self.typed.name,
            "job": job,
            "verb": verb,
            "regions": self.regions.regions.iter().map(region).collect::<Vec<Value>>(),
            "idle": self.regions.idle,
            "merged": self.regions.merged,
        })
    }
}

/// Who decides: the rules, or what happens where there is none.
fn rules(region: &Region) -> String {
    match (region.outcome, region.by.as_slice()) {
        (Ends::Need, []) => "(fetch it)".to_owned(),
        (Ends::Approval, by) => by.join(" and "),
        (_, by) => by.join(", "),
    }
}

/// The calls of a region, a condition a line.
fn calls(region: &Region) -> String {
    let mark = if region.sure { "" } else { "*" };
    match region.when.as_slice() {
        [] => format!("all that are left{mark}"),
        when => format!("{}{mark}", when.join("\nand ")),
    }
}
