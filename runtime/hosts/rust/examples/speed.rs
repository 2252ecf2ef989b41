//! A decision under wasmtime against the native one: `speed ARTIFACT MODULE`, with the policy of `tests/peers/wasm`.

use agentc_host::{Engine, Native, Tracing, Wasm, WasmOptions};
use std::error::Error;
use std::time::{Duration, Instant};

/// Decisions in one run: far below what a run may hold.
const CALLS: usize = 500;

/// Runs in one round.
const RUNS: usize = 20;

/// Rounds, the engines in turns.
const ROUNDS: usize = 9;

fn round(engine: &dyn Engine, name: &str) -> Result<(Duration, usize), Box<dyn Error>> {
    let (mut spent, mut allowed) = (Duration::ZERO, 0_usize);
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
            let answer = decider.send(call.as_bytes())?;
            allowed = allowed.saturating_add(usize::from(answer.windows(17).any(|part| part == br#""outcome":"allow""#)));
        }
        spent = spent.saturating_add(began.elapsed());
    }
    Ok((spent, allowed))
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
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); engines.len()];
    let mut allowed = Vec::new();
    for turn in 0..ROUNDS {
        for ((name, engine), times) in engines.iter().zip(&mut times) {
            let (spent, count) = round(&**engine, &format!("{name}-{turn}"))?;
            times.push(spent.as_secs_f64() * 1e6 / f64::from(u32::try_from(CALLS.saturating_mul(RUNS))?));
            allowed.push(count);
        }
    }
    if allowed.iter().any(|count| *count == 0 || Some(count) != allowed.first()) {
        return Err(format!("the engines disagree: {allowed:?}").into());
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times.get(ROUNDS / 2).copied().unwrap_or(f64::NAN)
    };
    let native = times.first_mut().map_or(f64::NAN, median);
    println!("| engine | µs a decision | times the native one |\n|---|---|---|");
    for ((name, _), times) in engines.iter().zip(&mut times) {
        let each = median(times);
        println!("| {name} | {each:.2} | {:.2} |", each / native);
    }
    Ok(())
}
