//! One engine in a process of its own, so that its memory is its own and rounds of several engines can be interleaved.
//!
//! The driver starts a worker on the folder of a case and writes orders to it, one a line; each is answered by one line of JSON:
//!
//! | order | what it does | answer |
//! |---|---|---|
//! | (start; the policy is refused) | ends | `{"refused"}`: why |
//! | (start) | reads the policy, loads it, makes sessions and requests ready | `{"load_ns", "bytes", "memory": {"before_kb", "loaded_kb"}, "requests"}` |
//! | `decide FORM FROM COUNT` | decides, FORM is `bytes` or `prepared` | `{"decisions"}`: one letter each |
//! | `pass FORM FROM COUNT` | decides them all, timed as a whole | `{"ns"}` |
//! | `each FORM FROM COUNT` | decides each, timed one by one | `{"each"}`: nanoseconds, the clock's own included |
//! | `load` | loads the policy once more and drops it | `{"ns"}` |
//! | `quit` | ends | `{"peak_kb"}` |
//!
//! Requests are taken round and round: FROM and COUNT are reduced to the number of requests. The Go and Java workers speak the same.

use serde_json::{Value, json};
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

/// What was decided. A letter each, so that a sequence of decisions is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The call is made.
    Allow,
    /// People are asked first.
    Approval,
    /// The call is not made.
    Deny,
    /// A person takes over.
    Escalate,
    /// The engine failed: never equal to what another one decided.
    Failed,
}

impl Decision {
    /// Its letter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Allow => 'a',
            Self::Approval => 'p',
            Self::Deny => 'd',
            Self::Escalate => 'e',
            Self::Failed => 'x',
        }
    }

    /// The decision of these four facts, as agentc's table has them: what is refused or not granted is denied whatever else holds.
    #[must_use]
    pub fn of(denied: bool, granted: bool, escalated: bool, gated: bool) -> Self {
        match () {
            () if denied || !granted => Self::Deny,
            () if escalated => Self::Escalate,
            () if gated => Self::Approval,
            () => Self::Allow,
        }
    }
}

/// An engine with one policy and the requests of one case.
pub trait Engine: Sized {
    /// What is loaded: text or bytes of the policy, as read from the case's folder.
    type Source;
    /// The loaded policy.
    type Policy;

    /// Reads the policy's files. Not timed.
    ///
    /// # Errors
    /// What cannot be read.
    fn read(folder: &Path) -> Result<Self::Source, String>;

    /// How many bytes the source has.
    fn size(source: &Self::Source) -> usize;

    /// Parses, validates, compiles: all that is needed once a policy. Timed.
    ///
    /// # Errors
    /// What is wrong with the policy.
    fn load(source: &Self::Source) -> Result<Self::Policy, String>;

    /// Makes ready what a host holds besides the policy: sessions, records, and each request as bytes and prepared. Not timed.
    ///
    /// # Errors
    /// What is wrong with the case.
    fn ready(policy: Self::Policy, folder: &Path) -> Result<Self, String>;

    /// How many requests there are.
    fn requests(&self) -> usize;

    /// Decides a request from its JSON bytes.
    fn from_bytes(&mut self, at: usize) -> Decision;

    /// Decides a request that was parsed before.
    fn prepared(&mut self, at: usize) -> Decision;
}

/// Serves one engine on standard input and output until `quit`.
///
/// # Errors
/// What the engine says, or what is wrong with an order.
pub fn serve<E: Engine>(folder: &Path) -> Result<(), String> {
    let source = E::read(folder)?;
    let before = status("VmRSS:");
    let began = Instant::now();
    let policy = match E::load(&source) {
        Ok(policy) => policy,
        Err(why) => return say(&json!({ "refused": why })),
    };
    let load_ns = nanoseconds(began);
    let loaded = status("VmRSS:");
    let mut engine = E::ready(policy, folder)?;
    let requests = engine.requests();
    say(&json!({
        "load_ns": load_ns, "bytes": E::size(&source), "requests": requests,
        "memory": { "before_kb": before, "loaded_kb": loaded },
    }))?;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| error.to_string())?;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["quit"] => return say(&json!({ "peak_kb": status("VmHWM:") })),
            ["load"] => {
                let began = Instant::now();
                let policy = E::load(&source)?;
                let ns = nanoseconds(began);
                drop(black_box(policy));
                say(&json!({ "ns": ns }))?;
            }
            [order, form, from, count] => {
                let number = |word: &str| word.parse::<usize>().map_err(|error| error.to_string());
                let (from, count) = (number(from)?, number(count)?);
                let answer = match *form {
                    "bytes" => run(&mut engine, E::from_bytes, order, from, count),
                    "prepared" => run(&mut engine, E::prepared, order, from, count),
                    _ => Err(format!("no form of requests: {form}")),
                };
                say(&answer?)?;
            }
            _ => return Err(format!("no order: {line}")),
        }
    }
    Ok(())
}

fn run<E: Engine>(
    engine: &mut E,
    decide: impl Fn(&mut E, usize) -> Decision,
    order: &str,
    from: usize,
    count: usize,
) -> Result<Value, String> {
    let requests = engine.requests();
    let places: Vec<usize> = (from..from + count).map(|at| at % requests).collect();
    Ok(match order {
        "decide" => json!({ "decisions": places.iter().map(|&at| decide(engine, at).letter()).collect::<String>() }),
        "pass" => {
            let began = Instant::now();
            for at in places {
                black_box(decide(engine, at));
            }
            json!({ "ns": nanoseconds(began) })
        }
        "each" => {
            let mut each = Vec::with_capacity(count);
            for at in places {
                let began = Instant::now();
                black_box(decide(engine, at));
                each.push(nanoseconds(began));
            }
            json!({ "each": each })
        }
        _ => return Err(format!("no order: {order}")),
    })
}

fn nanoseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn say(answer: &Value) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}").and_then(|()| out.flush()).map_err(|error| error.to_string())
}

/// A figure of this process, in kilobytes; 0 where the system does not tell.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()).and_then(|figure| figure.parse().ok()).unwrap_or(0)
}
