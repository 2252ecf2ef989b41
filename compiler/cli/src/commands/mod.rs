//! The subcommands, one file each.

mod audit;
mod brief;
mod build;
mod check;
mod diff;
mod dump;
mod explain;
mod fmt;
mod graph;
mod import;
mod init;
mod prove;
mod replay;
mod run;
mod test;
mod trace;

use crate::failure::Failure;
use crate::outcome::Outcome;
use clap::{Parser, Subcommand};

/// Check, build, run, test and explain policies for AI agents.
///
/// Exit code: 0 where everything is fine, 1 where something is found: an error of the policy, a failing test, an open question, a looser
/// change; 2 where the command could not run. `agentc run` ends with 0 whatever is decided: a denied call is an answer.
#[derive(Debug, Parser)]
#[command(name = "agentc", version, propagate_version = true, arg_required_else_help = true)]
pub struct Agentc {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Check(check::Check),
    Audit(audit::Audit),
    Brief(brief::Brief),
    Fmt(fmt::Fmt),
    Diff(diff::Diff),
    Build(build::Build),
    Explain(explain::Explain),
    Graph(graph::Graph),
    Import(import::Import),
    Prove(prove::Prove),
    Dump(dump::Dump),
    Run(run::Run),
    Test(test::Test),
    Replay(replay::Replay),
    Trace(trace::Trace),
}

impl Agentc {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// A [`Failure`] where it could not run.
    pub fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            Command::Init(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Audit(command) => command.run(),
            Command::Brief(command) => command.run(),
            Command::Fmt(command) => command.run(),
            Command::Diff(command) => command.run(),
            Command::Build(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Graph(command) => command.run(),
            Command::Import(command) => command.run(),
            Command::Prove(command) => command.run(),
            Command::Dump(command) => command.run(),
            Command::Run(command) => command.run(),
            Command::Trace(command) => command.run(),
            Command::Test(command) => command.run(),
            Command::Replay(command) => command.run(),
        }
    }
}
