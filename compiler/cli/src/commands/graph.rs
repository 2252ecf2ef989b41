//! `agentc graph FILE`: the decisions of a job or a verb as a picture.

use crate::chosen;
use crate::failure::Failure;
use crate::files::{compile_file, show_errors, write};
use crate::outcome::Outcome;
use crate::terminal::put;
use agentc_compiler::graph::{Folding, draw};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Draw the decisions of a job or a verb: SVG, DOT or Mermaid.
///
/// A picture of more than 40 boxes is folded, one box for each row of the decision.
#[derive(Debug, Args)]
pub(super) struct Graph {
    /// The root file of the policy.
    file: PathBuf,
    /// The job; needed where the policy has several.
    #[arg(long)]
    job: Option<String>,
    /// One verb of it, `shop.refund`: a picture of its own, with every rule that it meets.
    #[arg(long)]
    verb: Option<String>,
    /// The form; where nothing is said, what the ending of OUT says (.svg, .dot or .gv, .mmd or .mermaid), else SVG.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Fold nothing, however large the picture is.
    #[arg(long)]
    unfold: bool,
    /// The file to write; standard output where none is given.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture for browsers and documents; needs no other program.
    Svg,
    /// For Graphviz.
    Dot,
    /// For Markdown that draws Mermaid, as on GitHub.
    Mermaid,
}

impl Graph {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let format = match (self.format, &self.output) {
            (Some(format), _) => format,
            (None, Some(out)) => by_ending(out)?,
            (None, None) => Format::Svg,
        };
        let compiled = compile_file(&self.file)?;
        show_errors(&compiled);
        let Some(typed) = &compiled.typed else { return Ok(Outcome::Found) };
        let job = chosen::job(typed, self.job.as_deref())?;
        let verb = self.verb.as_deref().map(|verb| chosen::verb(typed, verb)).transpose()?;
        let folding = if self.unfold { Folding::Nothing } else { Folding::Large };
        let picture = draw(typed, job, verb, folding);
        let text = match format {
            Format::Svg => picture.svg(),
            Format::Dot => picture.dot(),
            Format::Mermaid => picture.mermaid(),
        };
        match &self.output {
            Some(out) => write(out, text.as_bytes())?,
            None => put(format_args!("{text}"))?,
        }
        Ok(Outcome::Fine)
    }
}

/// The form that the ending of a file says; the usual one where it has none.
fn by_ending(out: &Path) -> Result<Format, Failure> {
    let Some(ending) = out.extension() else { return Ok(Format::Svg) };
    match ending.to_str().unwrap_or_default() {
        "svg" => Ok(Format::Svg),
        "dot" | "gv" => Ok(Format::Dot),
        "mmd" | "mermaid" => Ok(Format::Mermaid),
        _ => Err(Failure::with_help(
            format!("no form of a picture ends as `{}` does", out.display()),
            "end the name in `.svg`, `.dot`, `.gv`, `.mmd` or `.mermaid`, or say the form with `--format`",
        )),
    }
}
