//! `agentc check PATH…`: says what is wrong with policies.

use crate::chosen;
use crate::explained::Explained;
use crate::failure::Failure;
use crate::files::{ARTIFACT_ENDING, compile_file, roots};
use crate::outcome::Outcome;
use crate::report::{Deny, Format, Report, is_refused};
use crate::terminal::{complain, put, say};
use crate::tools::{Tools, compare, pinned};
use agentc_compiler::Compiled;
use agentc_compiler::cost::{World, cost};
use agentc_compiler::source::Places;
use clap::Args;
use std::path::PathBuf;

/// Say what is wrong with policies.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Policy files, each the root of one policy, or folders whose policies are all checked.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// What is refused besides errors.
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Vec<Deny>,
    /// Instead, which calls of this verb end where: a table of the regions into which the rules cut them.
    #[arg(long, value_name = "VERB", conflicts_with_all = ["tools", "pinned"])]
    explain: Option<String>,
    /// With `--explain`: the job; needed where the policy has several.
    #[arg(long, value_name = "JOB", requires = "explain")]
    job: Option<String>,
    /// With `--explain`: at most about so many lines; beyond, neighbours with one outcome are put together.
    #[arg(long, value_name = "N", default_value_t = 60, requires = "explain")]
    lines: usize,
    /// With `--explain`: a run for each line, which the runtime has answered so.
    #[arg(long, requires = "explain")]
    examples: bool,
    /// Instead, the most that deciding one call can take: for each job and verb the rules met, the steps, the records asked for.
    #[arg(long, conflicts_with_all = ["tools", "pinned", "explain"])]
    cost: bool,
    /// With `--cost`: for lists of up to so many members.
    #[arg(long, value_name = "N", default_value_t = World::default().items, requires = "cost")]
    items: u64,
    /// With `--cost`: for texts of up to so many bytes.
    #[arg(long, value_name = "N", default_value_t = World::default().bytes, requires = "cost")]
    bytes: u64,
    /// With `--cost`: for so many earlier calls of a run.
    #[arg(long, value_name = "N", default_value_t = World::default().calls, requires = "cost")]
    calls: u64,
    #[command(flatten)]
    tools: Tools,
    /// The artifact that pinned the tools before; where nothing is said, the one beside the policy that `agentc build` wrote, if there is one.
    #[arg(long, value_name = "ARTIFACT", requires = "tools")]
    pinned: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::Fine;
        let mut report = Report::new(self.format);
        let mut explanations = Vec::new();
        let lists = self.tools.lists()?;
        for file in &roots(&self.paths)? {
            let mut compiled = compile_file(file)?;
            if self.tools.are_given() {
                if compiled.has_errors() {
                    complain(format_args!("note: `{}` is compared with the real tools once it has no errors\n", file.display()));
                }
                let artifact = self.pinned.clone().unwrap_or_else(|| file.with_extension(ARTIFACT_ENDING));
                compare(&mut compiled, &lists, &pinned(&artifact)?)?;
            }
            outcome = outcome.and(Outcome::found_if(is_refused(&compiled, &self.deny)));
            if let (Some(verb), Some(typed)) = (&self.explain, &compiled.typed) {
                let library = self.examples.then(agentc_stdlib::library);
                let (job, verb) = (chosen::job(typed, self.job.as_deref())?, chosen::verb(typed, verb)?);
                if let Some(explained) = Explained::new(typed, job, verb, self.lines, library.as_ref()) {
                    match self.format {
                        Format::Json => explanations.push(explained.json()),
                        _ => put(format_args!("{}", explained.text()))?,
                    }
                }
                continue;
            }
            if let (true, Some(program)) = (self.cost, &compiled.program) {
                let worst = cost(program, World { items: self.items, bytes: self.bytes, calls: self.calls });
                match self.format {
                    Format::Json => explanations.push(as_json(&worst)?),
                    _ => put(format_args!("{}", worst.text()))?,
                }
                continue;
            }
            report.add(&compiled.diagnostics, &Places::new(&compiled.files))?;
            if report.is_for_people() {
                say(format_args!("{}", summary(&file.display().to_string(), &compiled, &self.deny)))?;
            }
        }
        if explanations.is_empty() {
            report.finish()?;
        } else {
            let text = serde_json::to_string_pretty(&explanations).map_err(|error| Failure::said(error.to_string()))?;
            say(format_args!("{text}"))?;
        }
        Ok(outcome)
    }
}

fn as_json(worst: &agentc_compiler::cost::Cost) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(worst).map_err(|error| Failure::said(error.to_string()))
}

/// One line on a policy: what it holds where it is fine, how much is wrong where it is not.
fn summary(file: &str, compiled: &Compiled, deny: &[Deny]) -> String {
    let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = compiled.diagnostics.len().saturating_sub(errors);
    let Some(typed) = compiled.typed.as_ref() else {
        return format!("{file}: {}, {}", counted(errors, "error"), counted(warnings, "warning"));
    };
    let rules = typed.jobs.iter().map(|job| job.rules.len()).sum();
    let mut parts = vec![
        counted(typed.jobs.len(), "job"),
        counted(typed.verbs.len(), "verb"),
        counted(rules, "rule"),
        counted(typed.tests.len(), "test"),
    ];
    if warnings > 0 {
        parts.push(counted(warnings, "warning"));
    }
    let verdict = if is_refused(compiled, deny) { "refused for its warnings" } else { "ok" };
    let real = compiled.program.as_ref().map_or(0, |program| program.tools.len());
    if real > 0 {
        parts.push(format!("{} as declared", counted(real, "real tool")));
    }
    if !typed.proofs.is_empty() {
        parts.push(hold(typed.proofs.len()));
    }
    format!("{file}: {verdict}, {}", parts.join(", "))
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn hold(proofs: usize) -> String {
    format!("{} {}", counted(proofs, "proof"), if proofs == 1 { "holds" } else { "hold" })
}
