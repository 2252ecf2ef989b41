//! `agentc-wasm-pack IN OUT`: finishes the module that the compiler made. `runtime/wasm/build.sh` runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        eprintln!("usage: agentc-wasm-pack IN OUT");
        return ExitCode::from(2);
    };
    match run(from, to) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{from}: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(from: &str, to: &str) -> Result<(), Box<dyn std::error::Error>> {
    let finished = agentc_wasm_pack::finish(&std::fs::read(from)?)?;
    std::fs::write(to, finished)?;
    Ok(())
}
