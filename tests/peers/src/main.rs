//! agentc measured against other engines: the same rules, the same requests, the same decisions, in the same run.

mod agents;
mod driver;
mod engines;
mod history;
mod measure;
mod paper;
mod peers;
mod report;
mod results;
mod run;

use clap::{Parser, Subcommand};
use results::Results;
use run::{Part, Plan};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures agentc and its peers. To be started in the folder of this workspace, which `run` does.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures, and keeps the results in `results.json`.
    Measure {
        /// Shorter rounds and fewer of them.
        #[arg(long)]
        quick: bool,
        /// Only this engine beside agentc; may be given again.
        #[arg(long)]
        engine: Vec<String>,
        /// Only this part; may be given again.
        #[arg(long, value_enum)]
        part: Vec<Part>,
        /// Only agents' policies of so many rules; may be given again. Else 10 to 100,000 of them, with `--quick` to 10,000.
        #[arg(long)]
        rules: Vec<usize>,
    },
    /// Writes tables, verdicts and plots from `results.json` into the documents.
    Report,
    /// Serves one engine on a case.
    #[command(hide = true)]
    Worker { engine: String, folder: PathBuf },
}

/// Rules in the agents' policies.
const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

/// Where the results are kept.
const RESULTS: &str = "results.json";

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Worker { engine, folder } => engines::serve_named(&engine, &folder),
        Command::Measure { quick, engine, part, rules } => {
            let all = if quick { &SIZES[..SIZES.len() - 1] } else { &SIZES[..] };
            let sizes = if rules.is_empty() { all.to_vec() } else { rules };
            measured(&Plan { quick, engines: engine, parts: part, sizes, folder: PathBuf::from("target/cases") })
        }
        Command::Report => kept().and_then(|results| report::write(&results, Path::new("."), Path::new("../.."))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measured(plan: &Plan) -> Result<(), String> {
    let mut results = if Path::new(RESULTS).exists() { kept()? } else { Results::default() };
    run::run(plan, &mut results, &keep)
}

fn keep(results: &Results) -> Result<(), String> {
    let text = serde_json::to_string_pretty(results).map_err(|error| error.to_string())?;
    fs::write(RESULTS, text).map_err(|error| format!("{RESULTS}: {error}"))
}

fn kept() -> Result<Results, String> {
    let text = fs::read_to_string(RESULTS).map_err(|error| format!("{RESULTS}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{RESULTS}: {error}"))
}
