//! The refunds example, and a shop to run it in.

use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_host::{Found, Host, Json, Open, Person, Said};
use agentc_runtime::event::Vote;
use agentc_runtime::{artifact, policy::Policy};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

const ORDER: &str =
    r#"{"id":"A-1","total":40,"status":"delivered","placed_at":"2026-05-01T00:00:00Z","customer":"c-9","lines":[],"note":null}"#;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

pub(crate) fn json(text: &str) -> Json {
    Json::read(text.as_bytes()).unwrap()
}

pub(crate) fn artifact() -> Vec<u8> {
    let name = "examples/refunds/refunds.agentpolicy".to_owned();
    let text = std::fs::read_to_string(root().join(&name)).unwrap();
    let compiled = agentc_compiler::compile(SourceFile { name, text }, &NoFiles, &agentc_stdlib::library());
    artifact::encode(&compiled.program.expect("the example is right")).unwrap()
}

/// The runtime's module, where it was built: `AGENTC_WASM` says where, else it is looked for where `runtime/wasm/build.sh` puts it.
pub(crate) fn module() -> Option<Vec<u8>> {
    if let Some(path) = std::env::var_os("AGENTC_WASM") {
        return Some(std::fs::read(path).expect("`AGENTC_WASM` names the module"));
    }
    let module = std::fs::read(root().join("target/wasm/agentc.wasm")).ok();
    if module.is_none() {
        println!("skipped: the module is not built; run `runtime/wasm/build.sh` first");
    }
    module
}

/// The module with the example in it.
pub(crate) fn packed(module: &[u8]) -> Vec<u8> {
    let artifact = artifact();
    let info = Policy::load(&artifact, &agentc_stdlib::functions()).unwrap().info().to_string();
    agentc_wasm_pack::embed(module, &artifact, &info).unwrap()
}

/// The example's own events, `open` first.
pub(crate) fn events() -> Vec<String> {
    let open = r#"{"event":"open","run":"run","job":"triage_refunds","input":{"ticket":"T-1","customer":"c-9","request":"broken"},"agent":{"id":"bot","roles":[]},"at":"2026-05-04T10:00:00Z"}"#;
    let lines = std::fs::read_to_string(root().join("examples/refunds/events.jsonl")).unwrap();
    [open].into_iter().chain(lines.lines()).map(str::to_owned).collect()
}

/// The order as the shop has it, with that total.
pub(crate) fn order(total: i64) -> String {
    ORDER.replace("\"total\":40", &format!("\"total\":{total}"))
}

pub(crate) fn opening(run: &str) -> Open {
    Open {
        run: run.to_owned(),
        job: "triage_refunds".to_owned(),
        input: json(r#"{"ticket":"T-1","customer":"c-9","request":"broken"}"#),
        agent: json(r#"{"id":"bot","roles":[]}"#),
        user: None,
        environment: json("{}"),
    }
}

/// A shop with one order.
pub(crate) struct Shop {
    pub(crate) total: i64,
    /// What its leads say; `None`: nobody answers.
    pub(crate) vote: Option<bool>,
    /// What billing says where it is not the right invoice.
    pub(crate) invoice: Option<Found>,
}

impl Shop {
    pub(crate) fn of(total: i64) -> Self {
        Self { total, vote: None, invoice: None }
    }
}

impl Host for Shop {
    fn now(&self) -> Timestamp {
        "2026-05-04T10:00:00Z".parse().unwrap()
    }

    async fn fetch(&self, need: &Json) -> Option<Found> {
        Some(match need.get("record").and_then(Json::as_text) {
            Some("Order") => Found::Value(json(&order(self.total))),
            _ => match &self.invoice {
                Some(invoice) => invoice.clone(),
                None => Found::Value(json(&format!(r#"{{"order":"A-1","amounts":{{"total":{}00}}}}"#, self.total))),
            },
        })
    }

    async fn approve(&self, _request: &Json) -> Option<Said> {
        let vote = if self.vote? { Vote::Approve } else { Vote::Refuse };
        Some(Said { by: Person { id: "ann".to_owned(), roles: vec!["support_lead".to_owned()] }, vote })
    }
}
