//! `agentc dump FILE --stage …`: what each stage of the compiler makes of a policy, for those who work on it.

use crate::failure::Failure;
use crate::files::{Folder, compile_file, read_text, root, show_errors};
use crate::outcome::Outcome;
use crate::terminal::{put, say};
use agentc_compiler::with_hir;
use agentc_runtime::program::{Edge, Node, Program};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Print what a stage of the compiler makes of a policy.
#[derive(Debug, Args)]
pub(super) struct Dump {
    /// The root file of the policy.
    file: PathBuf,
    /// The stage.
    #[arg(long, value_enum)]
    stage: Stage,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Stage {
    /// Every token of the file, blanks and comments included.
    Tokens,
    /// The syntax tree of the file.
    Ast,
    /// The declarations, resolved.
    Hir,
    /// The checked policy.
    Typed,
    /// The decision graph, walk by walk.
    Graph,
    /// The program, as the artifact holds it.
    Program,
}

impl Dump {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match self.stage {
            Stage::Tokens => {
                let text = read_text(&self.file)?;
                let tokens = agentc_grammar::token::tokenize(&text);
                for token in &tokens.list {
                    say(format_args!(
                        "{:>6}..{:<6} {:?} {:?}",
                        token.span.start,
                        token.span.end,
                        token.kind,
                        tokens.text(*token)
                    ))?;
                }
                Ok(Outcome::Fine)
            }
            Stage::Ast => {
                let parse = agentc_grammar::parse::parse(&read_text(&self.file)?);
                say(format_args!("{:#?}", parse.file))?;
                Ok(Outcome::found_if(!parse.errors.is_empty()))
            }
            Stage::Hir => {
                let library = agentc_stdlib::library();
                with_hir(root(&self.file)?, &Folder::of(&self.file), &library, |hir| {
                    say(format_args!("{:#?}\n{:#?}", hir.names, hir.typed))
                })?;
                Ok(Outcome::Fine)
            }
            Stage::Typed | Stage::Graph | Stage::Program => self.compiled(),
        }
    }

    fn compiled(&self) -> Result<Outcome, Failure> {
        let compiled = compile_file(&self.file)?;
        show_errors(&compiled);
        let (Some(typed), Some(program)) = (&compiled.typed, &compiled.program) else { return Ok(Outcome::Found) };
        match self.stage {
            Stage::Graph => put(format_args!("{}", graph(program)))?,
            Stage::Program => {
                let json = serde_json::to_string_pretty(program).map_err(|error| Failure::said(error.to_string()))?;
                say(format_args!("{json}"))?;
            }
            _ => say(format_args!("{typed:#?}"))?,
        }
        Ok(Outcome::Fine)
    }
}

/// The walks of every job and verb, one line a node.
fn graph(program: &Program) -> String {
    let mut text = String::new();
    for job in &program.jobs {
        text.push_str(&format!("job {}\n  stops of the job: from {}\n", job.name, job.stops.0));
        for (verb, plan) in program.verbs.iter().zip(&job.verbs) {
            text.push_str(&format!(
                "  {}.{}: denies from {}, allows from {}, stops from {}, asks from {}, shadows from {}\n",
                verb.tool, verb.name, plan.denies.0, plan.allows.0, plan.stops.0, plan.asks.0, plan.shadows.0
            ));
        }
    }
    text.push_str("nodes\n");
    for (at, node) in program.nodes.iter().enumerate() {
        text.push_str(&format!("  {at:>4}  {}\n", line(program, node)));
    }
    text
}

fn line(program: &Program, node: &Node) -> String {
    match node {
        Node::End => "end".to_owned(),
        Node::Test { condition, yes, no, unknown } => {
            format!("test expression {}: true {}, false {}, unknown {}", condition.0, yes.0, no.0, unknown.0)
        }
        Node::Switch { subject, arms, otherwise, unknown } => {
            let arms: Vec<String> =
                arms.iter().map(|(constant, node)| format!("{:?} {}", program.constants.get(constant.index()), node.0)).collect();
            format!("switch expression {}: {}, else {}, unknown {}", subject.0, arms.join(", "), otherwise.0, unknown.0)
        }
        Node::Range { subject, below, steps, unknown } => {
            let steps: Vec<String> = steps
                .iter()
                .map(|step| {
                    let sign = if step.edge == Edge::From { ">=" } else { ">" };
                    format!("{sign} {:?} {}", program.constants.get(step.bound.index()), step.next.0)
                })
                .collect();
            format!("range expression {}: below {}, {}, unknown {}", subject.0, below.0, steps.join(", "), unknown.0)
        }
        Node::Leaf { rule, state, next } => {
            let name = program.rules.get(rule.index()).map_or("", |rule| rule.name.as_str());
            format!("rule {name} {state:?}, then {}", next.0)
        }
    }
}
