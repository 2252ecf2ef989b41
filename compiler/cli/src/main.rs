//! The binary `agentc`.

use agentc::commands::Agentc;
use agentc::outcome::Outcome;
use agentc::terminal::complain;
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // clap prints its own errors and exits with 2, which is what "could not run" means here too.
    match Agentc::parse().run() {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(failure) => {
            if !failure.reader_gone() {
                complain(format_args!("{:?}\n", miette::Report::new(failure)));
            }
            ExitCode::from(2)
        }
    }
}
