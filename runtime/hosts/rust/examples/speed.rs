//! A decision under wasmtime against the native one: `speed ARTIFACT MODULE`, with the policy of `tests/peers/wasm`. Of every way to ask the quickest run
//! counts, because others may work on the machine.

use agentc_host::{Decider, Detail, Engine, Foreseen, HostError, Native, Tracing, Wasm, WasmOptions};
use std::error::Error;
use std::time::{Duration, Instant};

/// Decisions in one run: far below what a run may hold.
const CALLS: usize = 500;

/// Runs in one round.
const RUNS: usize = 20;

/// Rounds, the engines in turns.
const ROUNDS: usize = 9;

/// How a call is put to a run; whether it would be allowed.
type Way = fn(&mut dyn Decider, &[u8]) -> Result<bool, HostError>;

/// The ways, by their names.
const WAYS: [(&str, Way); 3] = [
    ("decision, in full", |run, call| Ok(is_allow(&run.send_in(call, Detail::Full)?))),
    ("decision, brief", |run, call| Ok(is_allow(&run.send_in(call, Detail::Brief)?))),
    ("preview", |run, call| Ok(run.preview(call)?.outcome == Foreseen::Allow)),
];

fn is_allow(answer: &[u8]) -> bool {
    answer.windows(17).any(|part| part == br#""outcome":"allow""#)
}

/// Microseconds a call in the quickest of the runs, and how many calls were allowed in all.
fn round(engine: &dyn Engine, name: &str, way: Way) -> Result<(f64, usize), Box<dyn Error>> {
    let (mut quickest, mut allowed) = (Duration::MAX, 0_usize);
    for run in 0..RUNS {
        let mut decider = engine.begin(Tracing::Dropped)?;
        let open = format!(
            r#"{{"event":"open","run":"{name}-{run}","job":"work","input":{{"ticket":"T-1"}},"agent":{{"id":"bot","roles":[]}},"at":"2026-05-04T10:00:00Z"}}"#
        );
        decider.send(open.as_bytes())?;
        let calls: Vec<String> = (0..CALLS)
            .map(|call| {
                let (team, amount) = (call.wrapping_mul(7) % 105, call.wrapping_mul(13) % 1000);
                format!(
                    r#"{{"event":"call","id":"c{call}","verb":"act","args":{{"team":"team-{team}","amount":{amount}}},"at":"2026-05-04T10:00:00Z"}}"#
                )
            })
            .collect();
        let began = Instant::now();
        for call in &calls {
            allowed = allowed.saturating_add(usize::from(way(&mut *decider, call.as_bytes())?));
        }
        quickest = quickest.min(began.elapsed());
    }
    Ok((quickest.as_secs_f64() * 1e6 / f64::from(u32::try_from(CALLS)?), allowed))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [artifact, module] = arguments.as_slice() else { return Err("usage: speed ARTIFACT MODULE".into()) };
    let (artifact, module) = (std::fs::read(artifact)?, std::fs::read(module)?);
    let options = |fuel| WasmOptions { artifact: Some(artifact.clone()), fuel, ..WasmOptions::default() };
    let began = Instant::now();
    let wasm = Wasm::load(&module, options(None))?;
    println!("load under wasmtime: {:.0} ms, compiled anew", began.elapsed().as_secs_f64() * 1000.0);
    let engines: [(&str, Box<dyn Engine>); 3] = [
        ("native", Box::new(Native::load(&artifact)?)),
        ("wasmtime", Box::new(wasm)),
        ("wasmtime, with fuel", Box::new(Wasm::load(&module, options(Some(1_000_000_000)))?)),
    ];
    let mut times: Vec<Vec<Vec<f64>>> = vec![vec![Vec::new(); engines.len()]; WAYS.len()];
    let mut allowed = Vec::new();
    for turn in 0..ROUNDS {
        for ((asked, way), times) in WAYS.iter().zip(&mut times) {
            for ((name, engine), times) in engines.iter().zip(times) {
                let (quickest, count) = round(&**engine, &format!("{name}-{asked}-{turn}"), *way)?;
                times.push(quickest);
                allowed.push(count);
            }
        }
    }
    if allowed.iter().any(|count| *count == 0 || Some(count) != allowed.first()) {
        return Err(format!("the engines disagree: {allowed:?}").into());
    }
    println!("| asked | engine | µs | times the native one |\n|---|---|---:|---:|");
    for ((asked, _), times) in WAYS.iter().zip(&times) {
        let least: Vec<f64> = times.iter().map(|times| times.iter().copied().fold(f64::INFINITY, f64::min)).collect();
        let native = least.first().copied().unwrap_or(f64::NAN);
        for ((name, _), each) in engines.iter().zip(&least) {
            println!("| {asked} | {name} | {each:.2} | {:.2} |", each / native);
        }
    }
    Ok(())
}
