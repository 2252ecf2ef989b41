//! Decides calls of a support agent with the refunds policy, sandboxed.
//!
//! ```sh
//! agentc build --target wasm examples/refunds/refunds.agentpolicy -o refunds.wasm
//! cargo run -p agentc-host --example refunds -- refunds.wasm
//! ```

use agentc_host::{Found, Host, Json, Open, Run, Said, Tracing, Wasm, WasmOptions};
use std::error::Error;

/// The host's own connections. This one knows one order, and nobody who approves.
struct Shop;

fn json(text: &str) -> Json {
    Json::read(text.as_bytes()).unwrap_or(Json::Null)
}

impl Host for Shop {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::constant(1_777_888_800, 0)
    }

    async fn fetch(&self, need: &Json) -> Option<Found> {
        let order = r#"{"id":"A-1","total":40,"status":"delivered","placed_at":"2026-05-01T00:00:00Z","customer":"c-9","lines":[],"note":null}"#;
        let is_order = need.get("record").and_then(Json::as_text) == Some("Order");
        Some(Found::Value(json(if is_order { order } else { r#"{"order":"A-1","amounts":{"total":4000}}"# })))
    }

    async fn approve(&self, _request: &Json) -> Option<Said> {
        None
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let module = std::env::args().nth(1).ok_or("usage: refunds MODULE")?;
    let engine = Wasm::load(&std::fs::read(module)?, WasmOptions::default())?;
    let open = Open {
        run: "r1".to_owned(),
        job: "triage_refunds".to_owned(),
        input: json(r#"{"ticket":"T-1","customer":"c-9","request":"broken"}"#),
        agent: json(r#"{"id":"bot","roles":[]}"#),
        user: None,
        environment: json("{}"),
    };
    let run = Run::open(&engine, open, Tracing::Dropped, Shop)?;
    for (verb, args) in [
        ("get_order", r#"{"order_id":"A-1"}"#),
        ("refund", r#"{"order_id":"A-1","amount":40,"reason":"broken"}"#),
        ("delete_customer", r#"{"customer":"c-9"}"#),
    ] {
        let reply = run.call(verb, json(args)).await?;
        println!("{verb}: {} by {} ({})", reply.outcome(), reply.rule(), reply.model());
    }
    Ok(())
}
