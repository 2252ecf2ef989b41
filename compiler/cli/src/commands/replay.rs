//! `agentc replay POLICY --runs FILE --records DIR`: recorded runs through a policy.

use crate::failure::Failure;
use crate::files::load_policy;
use crate::native::Native;
use crate::outcome::Outcome;
use crate::records::Records;
use crate::replay::{Clock, Decided, Recorded, Right, Runs, Scene, handovers, read, reads, replay};
use crate::terminal::say;
use agentc_runtime::policy::Policy;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};

/// Say what a policy would have answered to the calls of recorded runs.
///
/// A recorded run goes on as it did: a call that the policy stops is counted, and the records still change as they did then. Where the policy asks
/// people, they say yes once the answer is counted. Each run has a world of its own, its counters included.
///
/// Exit code 1 where a call known to be right is stopped.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The root file of the policy, or its artifact.
    policy: PathBuf,
    /// Recorded runs, one a line.
    #[arg(long, value_name = "FILE", required_unless_present = "calls")]
    runs: Option<PathBuf>,
    /// The mapping of records to files, or the folder with it as `records.json`.
    #[arg(long, value_name = "DIR")]
    records: PathBuf,
    /// The folder of the data files that the mapping names; beside it where nothing is said.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Runs of calls known to be right: says how many of them would have been allowed.
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
    /// Tell runs apart by this member of their lines.
    #[arg(long, value_name = "MEMBER")]
    by: Option<String>,
    /// The job of the runs, where the policy has several and the mapping does not say.
    #[arg(long)]
    job: Option<String>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables, for people.
    Human,
    /// One JSON object, with every call.
    Json,
}

impl Replay {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let Some(policy) = load_policy(&self.policy)? else { return Ok(Outcome::Found) };
        let job = self.job(&policy)?;
        let records = Records::open_for(policy.program(), &self.records, self.data.as_deref())?;
        let (reads, handovers) = (reads(policy.program()), handovers(policy.program()));
        let scene = Scene { job: &job, reads: &reads, handovers: &handovers, group: self.by.as_deref() };
        let mut replaying = Replaying { policy: &policy, records, scene, clock: Clock::default() };
        let runs = match &self.runs {
            Some(file) => {
                let recorded = recorded(file)?;
                Some(Runs::count(recorded.len(), replaying.all(file, &recorded)?))
            }
            None => None,
        };
        let right = match &self.calls {
            Some(file) => Some(Right::count(replaying.all(file, &recorded(file)?)?)),
            None => None,
        };
        let stopped = right.as_ref().is_some_and(|right| right.passed < right.decided.len());
        let report = crate::replay::Replay { by: self.by.clone(), runs, right, times: replaying.clock.times() };
        let text = match self.format {
            Format::Human => report.report().map_err(|error| Failure::said(error.to_string()))?,
            Format::Json => serde_json::to_string_pretty(&report).map_err(|error| Failure::said(error.to_string()))?,
        };
        say(format_args!("{text}"))?;
        Ok(Outcome::found_if(stopped))
    }

    fn job(&self, policy: &Policy) -> Result<String, Failure> {
        let jobs: Vec<&str> = policy.program().jobs.iter().map(|job| job.name.as_str()).collect();
        match (&self.job, jobs.as_slice()) {
            (Some(job), jobs) if jobs.contains(&job.as_str()) => Ok(job.clone()),
            (Some(job), jobs) => {
                Err(Failure::with_help(format!("the policy has no job `{job}`"), format!("its jobs: {}", jobs.join(", "))))
            }
            // The mapping may name the job; where neither does, opening the first run says so.
            (None, [job, ..]) => Ok((*job).to_owned()),
            (None, []) => Err(Failure::said("the policy has no job")),
        }
    }
}

fn recorded(file: &Path) -> Result<Vec<Recorded>, Failure> {
    read(file).map_err(|error| Failure::said(error.to_string()))
}

struct Replaying<'p> {
    policy: &'p Policy,
    records: Records,
    scene: Scene<'p>,
    clock: Clock,
}

impl Replaying<'_> {
    fn all(&mut self, file: &Path, runs: &[Recorded]) -> Result<Vec<Decided>, Failure> {
        let mut decided = Vec::new();
        let bar = progress(runs.len());
        for run in runs {
            let mut native = Native::new(self.policy);
            let calls = replay(self.scene, run, self.records.clone(), &mut native, &mut self.clock);
            let calls = calls.map_err(|why| Failure::said(format!("`{}`, run {}: {why}", file.display(), run.name)))?;
            decided.extend(calls);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(decided)
    }
}

/// A bar on standard error; it draws nothing where that is no terminal.
fn progress(runs: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(runs).unwrap_or(u64::MAX));
    // The template is a constant: where it could not be read, the bar would look otherwise, no more.
    let style =
        ProgressStyle::with_template("{wide_bar} {pos}/{len} runs, {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}
