//! Both engines, in the loop that a host writes.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod conformance;
mod malformed;
mod support;

use agentc_host::{
    Allowed, Engine, Event, EventKind, Found, GuardError, GuardLayer, HostError, Json, MemoryLedger, Native, OpenError, Person,
    Run, Said, ToolError, Tracing, Wasm, WasmOptions,
};
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use support::{Shop, artifact, json, module, opening, packed};
use tower_layer::Layer as _;
use tower_service::Service;

/// Runs what waits for nothing.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// Every engine there is: name and engine. Those of the module only where it was built.
fn engines() -> Vec<(&'static str, Box<dyn Engine>)> {
    let mut engines: Vec<(&str, Box<dyn Engine>)> = vec![("native", Box::new(Native::load(&artifact()).unwrap()))];
    if let Some(module) = module() {
        let ledger = || WasmOptions { ledger: Some(Arc::new(MemoryLedger::new())), ..WasmOptions::default() };
        let packed = packed(&module);
        engines.push(("wasm", Box::new(Wasm::load(&packed, WasmOptions::default()).unwrap())));
        let loaded = WasmOptions { artifact: Some(artifact()), ..WasmOptions::default() };
        engines.push(("wasm, artifact loaded", Box::new(Wasm::load(&module, loaded).unwrap())));
        engines.push(("wasm, ledger outside", Box::new(Wasm::load(&packed, ledger()).unwrap())));
        let fuel = WasmOptions { fuel: Some(1_000_000_000), ..WasmOptions::default() };
        engines.push(("wasm, fuel", Box::new(Wasm::load(&packed, fuel).unwrap())));
    }
    engines
}

#[test]
fn all_engines_answer_the_example_with_the_same_bytes() {
    let events = support::events();
    assert!(events.len() > 10);
    let tell = |engine: &dyn Engine| {
        let mut run = engine.begin(Tracing::Kept).unwrap();
        let mut told: Vec<String> =
            events.iter().map(|event| String::from_utf8(run.send(event.as_bytes()).unwrap()).unwrap()).collect();
        told.push(run.send(b"{\"event\":\"call\"").unwrap_err().to_string());
        told.extend(run.take_trace().unwrap());
        (engine.info().to_string(), told)
    };
    let mut all = engines().into_iter();
    let (_, native) = all.next().unwrap();
    let expected = tell(&*native);
    assert!(expected.1.iter().any(|line| line.contains("\"outcome\":\"allow\"")));
    for (name, engine) in all {
        assert_eq!(tell(&*engine), expected, "{name}");
    }
}

/// A tool that notes what it was called with.
#[derive(Clone)]
struct Tool {
    called: Arc<Mutex<Vec<String>>>,
    result: Result<String, bool>,
}

impl Tool {
    fn new(result: Result<&str, bool>) -> Self {
        Self { called: Arc::default(), result: result.map(str::to_owned) }
    }

    fn calls(&self) -> Vec<String> {
        self.called.lock().unwrap().clone()
    }
}

impl Service<Allowed> for Tool {
    type Response = Json;
    type Error = ToolError;
    type Future = Ready<Result<Json, ToolError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ToolError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Allowed) -> Self::Future {
        self.called.lock().unwrap().push(format!("{} {}", call.id(), call.args()));
        ready(match &self.result {
            Ok(value) => Ok(json(value)),
            Err(true) => Err(ToolError::Refused("declined".to_owned())),
            Err(false) => Err(ToolError::Unclear("connection reset".into())),
        })
    }
}

fn open(engine: &dyn Engine, shop: Shop) -> Arc<Run<Shop>> {
    let order = Tool::new(Ok(&support::order(shop.total)));
    let run = Arc::new(Run::open(engine, opening("r1"), Tracing::Dropped, shop).unwrap());
    let shown = now(GuardLayer::new(Arc::clone(&run), "get_order").layer(order).call(json(r#"{"order_id":"A-1"}"#)));
    assert_eq!(shown.unwrap().unwrap().get("id"), Some(&Json::text("A-1")));
    run
}

fn refund(amount: &str) -> Json {
    json(&format!(r#"{{"order_id":"A-1","amount":{amount},"reason":"broken"}}"#))
}

#[test]
fn a_guarded_tool_gets_exactly_what_was_allowed() {
    for (name, engine) in engines() {
        let run = open(&*engine, Shop::of(40));
        let tool = Tool::new(Ok(r#"{"id":"R-1"}"#));
        let mut guarded = GuardLayer::new(Arc::clone(&run), "refund").layer(tool.clone());
        let shown = now(guarded.call(refund("39.990"))).unwrap();
        assert_eq!(shown, Some(json(r#"{"id":"R-1"}"#)), "{name}");
        assert_eq!(tool.calls(), [r#"c2 {"amount":39.990,"order_id":"A-1","reason":"broken"}"#], "{name}");
        let GuardError::Refused(again) = now(guarded.call(refund("1"))).unwrap_err() else { panic!("it was allowed twice") };
        assert_eq!((again.outcome(), again.rule()), ("deny", "once"), "{name}");
        assert_eq!(run.end().unwrap().outcome(), "done", "{name}");
        assert_eq!(tool.calls().len(), 1, "{name}");
    }
}

#[test]
fn nothing_but_an_allow_calls_the_tool() {
    for (name, engine) in engines() {
        let run = open(&*engine, Shop::of(40));
        let tool = Tool::new(Ok("null"));
        for (verb, args, rule) in [
            ("refund", refund("4000"), "no_allow"),
            ("delete_customer", json(r#"{"customer":"c-9"}"#), "never_delete_customer"),
            ("no_such_verb", json("{}"), "undeclared_verb"),
            ("refund", json("{}"), "arguments"),
        ] {
            let mut guarded = GuardLayer::new(Arc::clone(&run), verb).layer(tool.clone());
            let GuardError::Refused(reply) = now(guarded.call(args)).unwrap_err() else { panic!("{name}: {verb}") };
            assert_eq!((reply.outcome(), reply.rule()), ("deny", rule), "{name}: {verb}");
        }
        assert!(tool.calls().is_empty(), "{name}");
    }
}

#[test]
fn a_tool_that_fails_leaves_the_call_unclear_and_one_that_refuses_does_not() {
    for (name, engine) in engines() {
        let run = open(&*engine, Shop::of(40));
        let failing = |result| now(GuardLayer::new(Arc::clone(&run), "refund").layer(Tool::new(result)).call(refund("4")));
        assert!(matches!(failing(Err(true)), Err(GuardError::Tool(ToolError::Refused(code))) if code == "declined"), "{name}");
        assert!(matches!(failing(Err(false)), Err(GuardError::Tool(ToolError::Unclear(_)))), "{name}");
        let Err(GuardError::Refused(reply)) = failing(Ok("null")) else { panic!("{name}: it was allowed") };
        assert_eq!(reply.outcome(), "deny", "{name}");
    }
}

#[test]
fn people_and_sources_decide_what_they_are_asked() {
    for (name, engine) in engines() {
        for (vote, outcome) in [(Some(true), "allow"), (Some(false), "deny"), (None, "approval")] {
            let run = open(&*engine, Shop { vote, ..Shop::of(90) });
            assert_eq!(now(run.call("refund", refund("90"))).unwrap().outcome(), outcome, "{name}: {vote:?}");
        }
        for (invoice, outcome) in [(Found::Absent, "deny"), (Found::Unavailable, "escalate")] {
            let run = open(&*engine, Shop { invoice: Some(invoice), ..Shop::of(40) });
            assert_eq!(now(run.call("refund", refund("40"))).unwrap().outcome(), outcome, "{name}");
        }
    }
}

#[test]
fn what_is_no_event_or_opens_no_run_is_an_error() {
    for (name, engine) in engines() {
        let mut other = opening("r1");
        other.job = "nothing".to_owned();
        let refused = Run::open(&*engine, other, Tracing::Dropped, Shop::of(40)).unwrap_err();
        assert_eq!(refused.to_string(), "the policy has no job `nothing`", "{name}");
        assert!(matches!(refused, OpenError::Refused(_)), "{name}");
        let run = open(&*engine, Shop::of(40));
        let error = run.send_json(b"{\"event\":\"approve\"}").unwrap_err();
        assert!(matches!(&error, HostError::Input(why) if why.contains("`at` is missing")), "{name}: {error:?}");
        let early = engine.begin(Tracing::Dropped).unwrap().send(br#"{"event":"tick","at":"2026-05-04T10:00:00Z"}"#).unwrap();
        assert!(String::from_utf8(early).unwrap().contains("no run is open"), "{name}");
    }
}

#[test]
fn instances_side_by_side_share_the_ledger() {
    let Some(module) = module() else { return };
    let options = WasmOptions { instances: 3, ledger: Some(Arc::new(MemoryLedger::new())), ..WasmOptions::default() };
    let engine = Wasm::load(&packed(&module), options).unwrap();
    let allowed = AtomicUsize::new(0);
    // 500 USD a day, 50 each, twelve runs at once on three instances.
    std::thread::scope(|scope| {
        for at in 0..12 {
            let (engine, allowed) = (&engine, &allowed);
            scope.spawn(move || {
                let run = Arc::new(Run::open(engine, opening(&format!("r{at}")), Tracing::Dropped, Shop::of(50)).unwrap());
                let order = GuardLayer::new(Arc::clone(&run), "get_order")
                    .layer(Tool::new(Ok(&support::order(50))))
                    .call(json(r#"{"order_id":"A-1"}"#));
                now(order).unwrap();
                if now(run.call("refund", refund("50"))).unwrap().is_allow() {
                    allowed.fetch_add(1, Relaxed);
                }
            });
        }
    });
    assert_eq!(allowed.load(Relaxed), 10);
}

#[test]
fn an_instance_that_runs_out_of_fuel_is_lost_and_replaced() {
    let Some(module) = module() else { return };
    let fuel = WasmOptions { fuel: Some(60_000_000), ..WasmOptions::default() };
    let engine = Wasm::load(&packed(&module), fuel).unwrap();
    let run = open(&engine, Shop::of(40));
    let heavy = format!(r#"{{"event":"signal","signals":{{"x":[{}0]}},"at":"2026-05-04T10:00:00Z"}}"#, "0,".repeat(1_500_000));
    let error = run.send_json(heavy.as_bytes()).unwrap_err();
    assert!(matches!(&error, HostError::Broken(why) if why.contains("fuel")), "{error:?}");
    // Its runs are lost: nothing is allowed.
    assert!(matches!(now(run.call("refund", refund("40"))), Err(HostError::Broken(_))));
    // New ones get a new instance.
    assert!(now(open(&engine, Shop::of(40)).call("refund", refund("40"))).unwrap().is_allow());
    let starved = WasmOptions { fuel: Some(1000), ..WasmOptions::default() };
    assert!(matches!(Wasm::load(&packed(&module), starved), Err(HostError::Broken(_))));
}

#[test]
fn memory_is_bounded() {
    let Some(module) = module() else { return };
    let options = WasmOptions { memory: 16 << 20, ..WasmOptions::default() };
    let engine = Wasm::load(&packed(&module), options).unwrap();
    let run = open(&engine, Shop::of(40));
    let large = format!(r#"{{"event":"signal","signals":{{"x":[{}0]}},"at":"2026-05-04T10:00:00Z"}}"#, "0,".repeat(400_000));
    let error = run.send_json(large.as_bytes()).unwrap_err();
    assert!(matches!(&error, HostError::Limit(why) if why.contains("the memory is limited to 16777216 bytes")), "{error:?}");
    assert!(now(run.call("refund", refund("40"))).unwrap().is_allow());
}

#[test]
fn compiled_modules_are_kept() {
    let Some(module) = module() else { return };
    let folder = std::env::temp_dir().join(format!("agentc-host-cache-{}", std::process::id()));
    let load = || {
        let options = WasmOptions { cache: Some(folder.clone()), artifact: Some(artifact()), ..WasmOptions::default() };
        let began = std::time::Instant::now();
        Wasm::load(&module, options).unwrap();
        began.elapsed()
    };
    let (first, second) = (load(), load());
    assert!(std::fs::read_dir(&folder).unwrap().next().is_some());
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(second < first, "{second:?} after {first:?}");
}

#[test]
fn what_is_no_module_of_ours_is_refused() {
    let why = |bytes: &[u8], options| Wasm::load(bytes, options).unwrap_err();
    assert!(matches!(why(b"no module", WasmOptions::default()), HostError::Load(_)));
    let empty = b"\0asm\x01\0\0\0";
    let error = why(empty, WasmOptions::default());
    assert_eq!(error.to_string(), "it is no module of agentc: it has no exported global `agentc_abi`");
    let two = WasmOptions { instances: 2, ..WasmOptions::default() };
    assert!(matches!(why(empty, two), HostError::Misused(_)));
    assert!(matches!(Native::load(b"no artifact"), Err(HostError::Load(why)) if why == "it is no agentc artifact"));
    let Some(module) = module() else { return };
    assert_eq!(why(&module, WasmOptions::default()).to_string(), "this module holds no policy; load one");
    let cut = WasmOptions { artifact: Some(artifact()[..100].to_vec()), ..WasmOptions::default() };
    assert!(why(&module, cut).to_string().starts_with("the artifact is cut short: 100 of "));
}

#[test]
fn an_approval_of_another_person_is_not_one() {
    for (name, engine) in engines() {
        let run = open(&*engine, Shop { vote: None, ..Shop::of(90) });
        let waits = now(run.call("refund", refund("90"))).unwrap();
        let request = waits.approvals()[0].get("request").and_then(Json::as_text).unwrap().to_owned();
        let say = |said: Said| {
            let approval = agentc_runtime::event::Approval { request: request.clone(), by: said.by, answer: said.vote };
            run.send(EventKind::Approval(approval)).unwrap()
        };
        let vote = agentc_runtime::event::Vote::Approve;
        assert_eq!(say(Said { by: Person { id: "eve".into(), roles: vec![] }, vote }).outcome(), "refused", "{name}");
        let lead = Person { id: "ann".into(), roles: vec!["support_lead".into()] };
        assert!(say(Said { by: lead, vote }).is_allow(), "{name}");
        assert!(Event::read(b"{}").is_err());
    }
}
