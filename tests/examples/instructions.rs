//! Fixed workloads whose instructions are counted: `tests/instructions/run`.
//!
//! `instructions FOLDER prepare` writes what the others load; `instructions FOLDER WORKLOAD` does one of them once, within a function of
//! the name that is counted.
#![expect(clippy::arithmetic_side_effects, clippy::expect_used, clippy::panic, reason = "a command for those who work on agentc")]

use agentc_compiler::compile;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::artifact;
use agentc_runtime::cell::{Snapshot, Versioned};
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Foreseen, Prepared, Scratch, preview};
use agentc_runtime::run::Run;
use agentc_tests::corpus::library;
use agentc_tests::family::{Family, Shape, family};
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;

const TIERS: [&str; 3] = ["free", "pro", "gold"];

/// Verbs of the policy that decides.
const VERBS: usize = 20;

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().expect("a folder");
    let folder = Path::new(&folder);
    let which = args.next().expect("a workload, or `prepare`");
    let policy = |rules: usize| {
        let bytes = fs::read(folder.join(format!("{rules}.agentc"))).expect("prepared");
        Policy::load(&bytes, &library()).expect("it was built right")
    };
    match which.as_str() {
        "prepare" => {
            for rules in [10, 1_000, 10_000] {
                let root = SourceFile { name: "desk.agentpolicy".into(), text: desk(rules) };
                let program = compile(root, &NoFiles, &library()).program.expect("it is right");
                let bytes = artifact::encode(&program).expect("it is small enough");
                fs::write(folder.join(format!("{rules}.agentc")), bytes).expect("the folder can be written");
            }
        }
        "load" => {
            let bytes = fs::read(folder.join("1000.agentc")).expect("prepared");
            let library = library();
            counted(|| Policy::load(&bytes, &library).expect("it was built right"));
        }
        "brief-10" => brief(&policy(10), 10),
        "brief-10000" => brief(&policy(10_000), 10_000),
        "prepared-10000" => {
            let (policy, mut scratch) = (policy(10_000), Scratch::new());
            let run = opened(&policy);
            let cells = cells(&policy, &run, 10_000);
            let calls: Vec<Prepared> = calls(10_000).iter().map(|call| Prepared::read(&policy, call).expect("a call")).collect();
            let mut all = || {
                let one = |call: &Prepared| call.preview(&policy, &run, &cells, &mut scratch).expect("an answer").outcome;
                calls.iter().map(one).collect::<Vec<Foreseen>>()
            };
            all();
            counted(all);
        }
        "full-1000" => {
            let policy = policy(1_000);
            let run = opened(&policy);
            let cells = cells(&policy, &run, 1_000);
            let calls: Vec<Event> = calls(1_000).iter().map(|call| Event::read(call).expect("a call")).collect();
            counted(|| {
                for call in &calls {
                    let Step::Done(decision) = decide(&policy, &run, &cells, call) else { panic!("its cells are loaded") };
                    black_box(decision.answer.to_json().to_string());
                }
            });
        }
        "check" => {
            let Family { root, modules } = family(Shape::Wide, 1_000);
            let library = library();
            counted(|| compile(root.clone(), &modules, &library).program.expect("it is right"));
        }
        other => panic!("`{other}` is no workload"),
    }
}

fn counted<T>(mut work: impl FnMut() -> T) {
    agentc_counted(&mut || {
        black_box(work());
    });
}

/// What is counted: the name is looked for among the program's symbols, so it is one function and does not end in a jump.
#[inline(never)]
fn agentc_counted(work: &mut dyn FnMut()) {
    work();
    black_box(());
}

fn brief(policy: &Policy, rules: usize) {
    let (run, mut scratch) = (opened(policy), Scratch::new());
    let cells = cells(policy, &run, rules);
    let calls = calls(rules);
    let mut all = || {
        let one = |call: &Vec<u8>| preview(policy, &run, &cells, call, &mut scratch).expect("an answer").outcome;
        calls.iter().map(one).collect::<Vec<Foreseen>>()
    };
    let foreseen = all();
    for outcome in [Foreseen::Allow, Foreseen::Deny, Foreseen::Escalate, Foreseen::Approval] {
        assert!(rules < VERBS || foreseen.contains(&outcome), "{outcome:?}: {foreseen:?}");
    }
    counted(all);
}

fn opened(policy: &Policy) -> Run {
    let event = br#"{"event":"open","run":"r","job":"desk","input":{},"agent":{"id":"a","roles":[]},"user":{"id":"u","roles":[]},"at":"2026-05-04T10:00:00Z"}"#;
    match open(policy, &Snapshot::new(), &Event::read(event).expect("an event")) {
        Opening::Opened(decision) => decision.run,
        Opening::Refused(answer) => panic!("{}", answer.to_json()),
        Opening::Load(_) => panic!("there are no cells"),
    }
}

/// The cells that the calls read, all of them empty.
fn cells(policy: &Policy, run: &Run, rules: usize) -> Snapshot {
    let mut cells = Snapshot::new();
    for call in calls(rules) {
        let call = Event::read(&call).expect("a call");
        while let Step::Load(keys) = decide(policy, run, &cells, &call) {
            for key in keys {
                cells.insert(key, Versioned::default());
            }
        }
    }
    cells
}

/// A policy of so many rules about twenty verbs: grants, denies, gates and escalations by tenant, tier and amount.
fn desk(rules: usize) -> String {
    let mut text = String::from("policy acme.desk { version \"1\" }\nenum Tier { free, pro, gold }\nrole lead\ntool desk {\n");
    for verb in 0..VERBS {
        let _ = writeln!(
            text,
            "  write act_{verb}(tenant: Text, tier: Tier, amount: Money(USD), note: Text?) {{ changes nothing; irreversible }}"
        );
    }
    text.push_str("}\njob desk {\n  purpose \"Counting instructions.\"\n");
    for at in 0..rules {
        let (verb, tenant) = (at % VERBS, at / VERBS / 4);
        let verb = format!("desk.act_{verb}");
        let tenant = format!("tenant == \"t{tenant}\"");
        let _ = match at / VERBS % 4 {
            0 => writeln!(text, "  allow write {verb} when {tenant} and tier in [free, pro] and amount <= 100 USD"),
            1 => writeln!(text, "  gate g{at} on {verb} when {tenant} and amount > 50 USD {{ approvers role lead; expires 4h }}"),
            2 => writeln!(text, "  escalate e{at} on {verb} when {tenant} and amount > 90 USD"),
            _ => writeln!(text, "  never n{at} on {verb} when {tenant} and tier == free and amount > 20 USD"),
        };
    }
    text.push_str("}\n");
    text
}

/// Two hundred calls over the tenants of so many rules.
fn calls(rules: usize) -> Vec<Vec<u8>> {
    let tenants = (rules / VERBS / 4).max(1);
    let call = |at: usize| {
        let (verb, tenant, tier) = (at % VERBS.min(rules), at * 7 % tenants, TIERS.get(at % 3).copied().unwrap_or("free"));
        let amount = at * 13 % 110;
        format!(
            r#"{{"event":"call","id":"c{at}","verb":"act_{verb}","args":{{"tenant":"t{tenant}","tier":"{tier}","amount":"{amount}.50","note":"please be quick about it"}},"at":"2026-05-04T10:00:01Z"}}"#
        )
        .into_bytes()
    };
    (0..200).map(call).collect()
}
