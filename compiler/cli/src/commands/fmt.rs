//! `agentc fmt PATH…`: lays policies out in the one style.

use crate::failure::Failure;
use crate::files::{no_policy, policy_files, read_text, write};
use crate::outcome::Outcome;
use crate::report::{annotate, annotation};
use crate::terminal::{complain, put, say};
use agentc_compiler::compile;
use agentc_compiler::diagnostic::{JsonDiagnostic, render};
use agentc_compiler::source::{NoFiles, Places};
use agentc_compiler::typed::SourceFile;
use agentc_grammar::format::{Refusal, format};
use clap::{Args, ValueEnum};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Lay policies out in the one style; comments and meaning are kept.
#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Policy files, and folders with all policy files below, rewritten in place; `-` reads standard input and writes standard output.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; name the files that are laid out differently and their first such line.
    #[arg(long)]
    check: bool,
    /// With `--check`: how to say it.
    #[arg(long, value_enum, default_value_t = Form::Human, requires = "check")]
    format: Form,
}

/// How a check of the layout is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// Annotations of a GitHub workflow.
    Github,
}

impl Fmt {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::Fine;
        for path in &self.paths {
            if path.is_dir() {
                let files = policy_files(path)?;
                if files.is_empty() {
                    return Err(no_policy(path));
                }
                for file in files {
                    outcome = outcome.and(self.file(&file)?);
                }
            } else {
                outcome = outcome.and(self.file(path)?);
            }
        }
        Ok(outcome)
    }

    fn file(&self, file: &Path) -> Result<Outcome, Failure> {
        let is_input = file == Path::new("-");
        let name = if is_input { "standard input".to_owned() } else { file.display().to_string() };
        let source = if is_input { read_input()? } else { read_text(file)? };
        let formatted = match format(&source) {
            Ok(formatted) => formatted,
            Err(Refusal::Mistakes(_)) => {
                self.show_mistakes(&name, source)?;
                return Ok(Outcome::Found);
            }
            Err(Refusal::Changed(_)) => {
                return Err(Failure::with_help(
                    format!("`{name}` stays as it is: laid out, it would not mean the same"),
                    "this is a fault of agentc; please report it with the file",
                ));
            }
        };
        if self.check {
            return self.compared(&name, &source, &formatted);
        }
        if is_input {
            put(format_args!("{formatted}"))?;
        } else if formatted != source {
            write(file, formatted.as_bytes())?;
            say(format_args!("{name}: formatted"))?;
        }
        Ok(Outcome::Fine)
    }

    /// Says where a file is not laid out as it would be.
    fn compared(&self, name: &str, source: &str, formatted: &str) -> Result<Outcome, Failure> {
        if source == formatted {
            return Ok(Outcome::Fine);
        }
        // `split` and not `lines`: a missing line end at the end, or one with a carriage return, is a difference too.
        let (mut is, mut would) = (source.split('\n'), formatted.split('\n'));
        let same = is.by_ref().zip(would.by_ref()).take_while(|(is, would)| is == would).count();
        let line =
            |text: &str| text.split('\n').nth(same).map_or("nothing".to_owned(), |line| format!("`{}`", line.escape_debug()));
        let number = same.saturating_add(1);
        let message = format!("not formatted: is {}, would be {}", line(source), line(formatted));
        match self.format {
            Form::Human => say(format_args!("{name}:{number}: {message}"))?,
            Form::Github => say(format_args!("{}", annotate("error", name, number, "fmt", &message)))?,
        }
        Ok(Outcome::Found)
    }

    /// Shows the mistakes in a file's writing, as `check` does.
    fn show_mistakes(&self, name: &str, text: String) -> Result<(), Failure> {
        let root = SourceFile { name: name.to_owned(), text };
        let compiled = compile(root, &NoFiles, &agentc_stdlib::library());
        let places = Places::new(&compiled.files);
        let mistakes: Vec<_> = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.is_of_writing()).cloned().collect();
        match self.format {
            Form::Human => complain(format_args!("{}", render::human(&mistakes, &places, render::Colour::Plain))),
            Form::Github => {
                for mistake in &mistakes {
                    say(format_args!("{}", annotation(&JsonDiagnostic::new(mistake, &places))))?;
                }
            }
        }
        Ok(())
    }
}

fn read_input() -> Result<String, Failure> {
    let path = || PathBuf::from("standard input");
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|why| Failure::Read { path: path(), why })?;
    String::from_utf8(bytes).map_err(|error| Failure::NotUtf8 { path: path(), at: error.utf8_error().valid_up_to() })
}
