//! `agentc build FILE -o OUT`: compiles a policy to what hosts load: an artifact, or a module that holds the runtime too.

use crate::failure::Failure;
use crate::files::{ARTIFACT_ENDING, compile_file, show_errors, write};
use crate::outcome::Outcome;
use crate::terminal::{complain, say};
use crate::tools::{Tools, compare, pinned};
use agentc_compiler::lower::{Indexing, lower};
use agentc_runtime::artifact;
use agentc_runtime::policy::Policy;
use agentc_runtime::program::Program;
use agentc_wasm_pack::{MODULE_NAME, embed};
use clap::{Args, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};

/// Compile a policy to what hosts load.
#[derive(Debug, Args)]
pub(super) struct Build {
    /// The root file of the policy.
    file: PathBuf,
    /// Where it goes; beside the policy, ending in `.agentc` or `.wasm`, where nothing is said.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// What to make.
    #[arg(short, long, value_enum, default_value_t = Target::Artifact)]
    target: Target,
    /// The runtime's own module that `--target wasm` puts the policy into: `agentc.wasm`, as `runtime/wasm/build.sh` makes it. Looked
    /// for beside this program where nothing is said.
    #[arg(long, value_name = "FILE")]
    runtime: Option<PathBuf>,
    #[command(flatten)]
    tools: Tools,
    /// The artifact that pinned the tools before; where nothing is said, the one that this build replaces, if there is one.
    #[arg(long, value_name = "ARTIFACT", requires = "tools")]
    pinned: Option<PathBuf>,
    /// Pin the tools as they are now, whatever was pinned before.
    #[arg(long, requires = "tools", conflicts_with = "pinned")]
    repin: bool,
    /// Pin no tools, although the artifact that this build replaces pins them.
    #[arg(long, conflicts_with_all = ["tools", "repin", "pinned"])]
    unpin: bool,
    /// Test every rule by itself instead of looking rules up by what they ask: the answers are the same, and decisions take longer
    /// the more rules there are.
    #[arg(long)]
    no_index: bool,
}

/// What a policy is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// An artifact: the policy alone, for hosts that have the runtime.
    Artifact,
    /// One self-contained WebAssembly module: the policy and the runtime.
    Wasm,
}

impl Target {
    fn ending(self) -> &'static str {
        match self {
            Self::Artifact => ARTIFACT_ENDING,
            Self::Wasm => "wasm",
        }
    }
}

impl Build {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut compiled = compile_file(&self.file)?;
        let beside = match (&self.output, self.target) {
            (Some(output), Target::Artifact) => output.clone(),
            _ => self.file.with_extension(ARTIFACT_ENDING),
        };
        let before = self.pinned.as_ref().unwrap_or(&beside);
        if self.tools.are_given() {
            let before = if self.repin { Vec::new() } else { pinned(before)? };
            compare(&mut compiled, &self.tools.lists()?, &before)?;
        } else if !self.unpin && pinned(before).is_ok_and(|before| !before.is_empty()) {
            if self.target == Target::Artifact {
                return Err(Failure::with_help(
                    format!("`{}` pins the real tools, and this build would replace it by one that pins none", before.display()),
                    "compare with the real tools by `--tools FILE`, or say that none are to be pinned with `--unpin`",
                ));
            }
            complain(format_args!(
                "note: `{}` pinned the real tools; without `--tools` this build pins none\n",
                before.display()
            ));
        }
        show_errors(&compiled);
        let (Some(typed), Some(mut program)) = (compiled.typed, compiled.program) else { return Ok(Outcome::Found) };
        if self.no_index {
            program = Program { tools: program.tools, ..lower(&typed, Indexing::Off) };
        }
        let tools = program.tools.len();
        let failed = |error: artifact::ArtifactError| Failure::said(error.to_string());
        let artifact = artifact::encode(&program).map_err(failed)?;
        let output = self.output.unwrap_or_else(|| self.file.with_extension(self.target.ending()));
        if output == self.file {
            return Err(Failure::with_help("the artifact would take the place of its policy", "give it another name with `-o`"));
        }
        let policy = Policy::new(program, &agentc_stdlib::functions()).map_err(|error| Failure::said(error.to_string()))?;
        let bytes = match self.target {
            Target::Artifact => artifact,
            Target::Wasm => {
                let runtime = self.runtime.map_or_else(found, Ok)?;
                let module = fs::read(&runtime).map_err(|why| Failure::Read { path: runtime.clone(), why })?;
                let packed = embed(&module, &artifact, &policy.info().to_string());
                packed.map_err(|error| {
                    let message = format!("`{}` cannot take the policy: {error}", runtime.display());
                    Failure::with_help(message, "name the module that `runtime/wasm/build.sh` makes with `--runtime FILE`")
                })?
            }
        };
        write(&output, &bytes)?;
        let pins = if tools > 0 { format!(", {tools} tools pinned") } else { String::new() };
        say(format_args!("{}: {} bytes, digest sha256:{}{pins}", output.display(), bytes.len(), policy.digest()))?;
        Ok(Outcome::Fine)
    }
}

/// The runtime's module where it stands beside this program: in its folder, where a build puts it, or where an installation does.
fn found() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(Path::parent);
    let places = [MODULE_NAME.to_owned(), format!("../wasm/{MODULE_NAME}"), format!("../lib/agentc/{MODULE_NAME}")];
    let found = folder.and_then(|folder| places.iter().map(|place| folder.join(place)).find(|place| place.is_file()));
    found.ok_or_else(|| {
        Failure::with_help(
            format!("the runtime's module `{MODULE_NAME}` is not beside this program"),
            "make it with `runtime/wasm/build.sh`, or say where it is with `--runtime FILE`",
        )
    })
}
