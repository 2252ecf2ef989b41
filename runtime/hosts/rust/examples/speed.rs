//! A decision under wasmtime against the native one: `speed MODULE ARTIFACT…`, with the policies of `tests/peers/wasm`. Of every way to ask the quickest run
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

/// Every way to ask every engine about one policy: a row of the table each.
fn measure(artifact: &[u8], [plain, fuelled]: [&Wasm; 2], policy: &str) -> Result<(), Box<dyn Error>> {
    let of = |engine: &Wasm| engine.with_policy(Some(artifact.to_vec()), None);
    let engines: [(&str, Box<dyn Engine>); 3] = [
        ("native", Box::new(Native::load(artifact)?)),
        ("wasmtime", Box::new(of(plain)?)),
        ("wasmtime, with fuel", Box::new(of(fuelled)?)),
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
    for ((asked, _), times) in WAYS.iter().zip(&times) {
        let least: Vec<f64> = times.iter().map(|times| times.iter().copied().fold(f64::INFINITY, f64::min)).collect();
        let native = least.first().copied().unwrap_or(f64::NAN);
        for ((name, _), each) in engines.iter().zip(&least) {
            println!("| {policy} | {asked} | {name} | {each:.2} | {:.2} |", each / native);
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((module, artifacts)) = arguments.split_first().filter(|(_, artifacts)| !artifacts.is_empty()) else {
        return Err("usage: speed MODULE ARTIFACT…".into());
    };
    let module = std::fs::read(module)?;
    let artifacts: Vec<(&str, Vec<u8>)> =
        artifacts.iter().map(|path| Ok((path.as_str(), std::fs::read(path)?))).collect::<std::io::Result<_>>()?;
    let first = artifacts.first().map(|(_, artifact)| artifact.clone());
    let options = |fuel| WasmOptions { artifact: first.clone(), fuel, policies: 2, ..WasmOptions::default() };
    let began = Instant::now();
    let plain = Wasm::load(&module, options(None))?;
    println!("load under wasmtime: {:.0} ms, compiled anew", began.elapsed().as_secs_f64() * 1000.0);
    let fuelled = Wasm::load(&module, options(Some(1_000_000_000)))?;
    println!("| policy | asked | engine | µs | times the native one |\n|---|---|---|---:|---:|");
    for (path, artifact) in &artifacts {
        let name = std::path::Path::new(path).file_stem().map_or_else(|| (*path).into(), |name| name.to_string_lossy());
        measure(artifact, [&plain, &fuelled], &name)?;
    }
    Ok(())
}
