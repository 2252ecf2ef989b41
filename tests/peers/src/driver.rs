//! Starts workers and gives them orders: the other end of what `worker` serves.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// An engine as the driver knows it.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Its name in tables and on the command line.
    pub name: &'static str,
    /// The program that serves it; the case's folder is its last argument.
    pub program: PathBuf,
    /// The arguments before the folder.
    pub args: Vec<String>,
}

/// In which form a request is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As bytes of JSON.
    Bytes,
    /// Parsed before.
    Prepared,
}

impl Form {
    fn word(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Prepared => "prepared",
        }
    }
}

/// A running worker. It is ended when it is dropped.
#[derive(Debug)]
pub struct Worker {
    name: &'static str,
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What it said when it had loaded its policy.
    pub started: Started,
}

/// What a worker says when it has loaded its policy.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Started {
    /// Nanoseconds for parsing, validating, compiling.
    pub load_ns: u64,
    /// Bytes of what was loaded.
    pub bytes: u64,
    /// How many requests it has.
    pub requests: usize,
    /// Its memory.
    pub memory: Memory,
}

/// Resident memory in kilobytes.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Memory {
    /// Before the policy was loaded.
    pub before_kb: u64,
    /// After that.
    pub loaded_kb: u64,
}

impl Worker {
    /// Starts an engine on a case and waits until it is ready; the reason where it refuses the policy.
    ///
    /// # Errors
    /// What went wrong, with the engine's name.
    pub fn start(peer: &Peer, folder: &Path) -> Result<Result<Self, String>, String> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum First {
            Refused { refused: String },
            Started(Started),
        }
        let mut child = Command::new(&peer.program)
            .args(&peer.args)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: cannot start {}: {error}", peer.name, peer.program.display()))?;
        let orders = child.stdin.take().ok_or("no pipe")?;
        let mut answers = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        Ok(match read(peer.name, &mut answers)? {
            First::Refused { refused } => Err(refused),
            First::Started(started) => Ok(Self { name: peer.name, child, orders, answers, started }),
        })
    }

    /// What it decides.
    ///
    /// # Errors
    /// What went wrong.
    pub fn decide(&mut self, form: Form, from: usize, count: usize) -> Result<String, String> {
        #[derive(Deserialize)]
        struct Decided {
            decisions: String,
        }
        Ok(self.order::<Decided>(&format!("decide {} {from} {count}", form.word()))?.decisions)
    }

    /// Nanoseconds for so many decisions.
    ///
    /// # Errors
    /// What went wrong.
    pub fn pass(&mut self, form: Form, from: usize, count: usize) -> Result<u64, String> {
        Ok(self.order::<Nanoseconds>(&format!("pass {} {from} {count}", form.word()))?.ns)
    }

    /// Nanoseconds for each of so many decisions.
    ///
    /// # Errors
    /// What went wrong.
    pub fn each(&mut self, form: Form, from: usize, count: usize) -> Result<Vec<u64>, String> {
        #[derive(Deserialize)]
        struct Each {
            each: Vec<u64>,
        }
        Ok(self.order::<Each>(&format!("each {} {from} {count}", form.word()))?.each)
    }

    /// Nanoseconds for loading the policy once more.
    ///
    /// # Errors
    /// What went wrong.
    pub fn load(&mut self) -> Result<u64, String> {
        Ok(self.order::<Nanoseconds>("load")?.ns)
    }

    /// Ends it; its peak of resident memory in kilobytes.
    ///
    /// # Errors
    /// What went wrong.
    pub fn quit(mut self) -> Result<u64, String> {
        #[derive(Deserialize)]
        struct Quit {
            peak_kb: u64,
        }
        let Quit { peak_kb } = self.order("quit")?;
        Ok(peak_kb)
    }

    fn order<T: DeserializeOwned>(&mut self, order: &str) -> Result<T, String> {
        writeln!(self.orders, "{order}").map_err(|error| format!("{}: {error}", self.name))?;
        read(self.name, &mut self.answers)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Deserialize)]
struct Nanoseconds {
    ns: u64,
}

fn read<T: DeserializeOwned>(name: &str, answers: &mut BufReader<ChildStdout>) -> Result<T, String> {
    let mut line = String::new();
    let read = answers.read_line(&mut line).map_err(|error| format!("{name}: {error}"))?;
    if read == 0 {
        return Err(format!("{name}: it ended without an answer"));
    }
    serde_json::from_str(&line).map_err(|error| format!("{name}: {error} in {line}"))
}
