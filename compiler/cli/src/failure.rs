//! Why a command could not run: exit code 2.

use miette::Diagnostic;
use std::path::PathBuf;

/// What kept a command from running at all. What is wrong with a policy is no failure: it is what `check` is for.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Failure {
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: std::io::Error,
    },
    /// A file is there already.
    #[error("`{}` is there already", path.display())]
    #[diagnostic(help("give another name, or remove the file first"))]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file is not UTF-8.
    #[error("`{}` is no UTF-8 text: byte {at} does not fit", path.display())]
    #[diagnostic(help("save it as UTF-8"))]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first byte that does not fit.
        at: usize,
    },
    /// Nobody reads standard output any more.
    #[error("standard output cannot be written")]
    Output(#[source] std::io::Error),
    /// Anything else that the user can mend.
    #[error("{message}")]
    Said {
        /// What is wrong, in one sentence.
        message: String,
        /// What to do.
        #[help]
        help: Option<String>,
    },
}

impl Failure {
    /// Whether the reader of standard output has gone: it has what it wanted, as in `agentc trace … | head -1`, and needs no message.
    #[must_use]
    pub fn reader_gone(&self) -> bool {
        matches!(self, Self::Output(why) if why.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// A failure in one sentence.
    pub fn said(message: impl Into<String>) -> Self {
        Self::Said { message: message.into(), help: None }
    }

    /// A failure in one sentence, and what to do.
    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Said { message: message.into(), help: Some(help.into()) }
    }
}
