//! Fixed workloads whose instructions are counted: `tests/instructions/run`.
//!
//! `agentc-instructions FOLDER prepare` writes what the others load; `agentc-instructions FOLDER WORKLOAD` does one of them once, within a
//! function of the name that is counted.
#![expect(clippy::arithmetic_side_effects, clippy::expect_used, clippy::panic, reason = "a command for those who work on agentc")]

#[path = "../src/family.rs"]
pub mod family;

use agentc_compiler::compile;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::artifact;
use agentc_runtime::cell::Snapshot;
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Foreseen, Prepared, Scratch, preview};
use agentc_runtime::run::Run;
use agentc_stdlib::library;
use dlmalloc::GlobalDlmalloc;
use family::{Family, Shape, family};
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;

/// Memory is given out by our own code, so that this is counted too, and the same on every machine.
#[global_allocator]
static MEMORY: GlobalDlmalloc = GlobalDlmalloc;

/// Accounts that the run has read.
const ACCOUNTS: usize = 8;

const TIERS: [&str; 3] = ["free", "pro", "gold"];

/// Verbs of the policy that decides.
const VERBS: usize = 20;

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().expect("a folder");
    let folder = Path::new(&folder);
    let which = args.next().expect("a workload, or `prepare`");
    let policy = |name: &str| {
        let bytes = fs::read(folder.join(format!("{name}.agentc"))).expect("prepared");
        Policy::load(&bytes, &library()).expect("it was built right")
    };
    match which.as_str() {
        "prepare" => {
            let desks = [10, 1_000, 10_000].map(|rules| (format!("desk-{rules}"), desk(rules)));
            for (name, text) in desks.into_iter().chain([("doors".to_owned(), doors())]) {
                let root = SourceFile { name: format!("{name}.agentpolicy"), text };
                let program = compile(root, &NoFiles, &library()).program.expect("it is right");
                let bytes = artifact::encode(&program).expect("it is small enough");
                fs::write(folder.join(format!("{name}.agentc")), bytes).expect("the folder can be written");
            }
        }
        "load" => {
            let bytes = fs::read(folder.join("desk-1000.agentc")).expect("prepared");
            let library = library();
            counted(|| Policy::load(&bytes, &library).expect("it was built right"));
        }
        "brief-10" => {
            let policy = policy("desk-10");
            brief(&policy, &opened(&policy), &calls(10), &[Foreseen::Allow, Foreseen::Deny]);
        }
        "brief-10000" => {
            let policy = policy("desk-10000");
            let outcomes = [Foreseen::Allow, Foreseen::Deny, Foreseen::Escalate, Foreseen::Approval];
            brief(&policy, &opened(&policy), &calls(10_000), &outcomes);
        }
        "brief-history" => {
            let policy = policy("doors");
            let (run, calls) = visits(&policy);
            brief(&policy, &run, &calls, &[Foreseen::Allow, Foreseen::Deny]);
        }
        "prepared-10000" => {
            let (policy, mut scratch) = (policy("desk-10000"), Scratch::new());
            let (run, cells) = (opened(&policy), Snapshot::whole());
            let calls: Vec<Prepared> = calls(10_000).iter().map(|call| Prepared::read(&policy, call).expect("a call")).collect();
            let mut all = || {
                let one = |call: &Prepared| call.preview(&policy, &run, &cells, &mut scratch).expect("an answer").outcome;
                calls.iter().map(one).collect::<Vec<Foreseen>>()
            };
            all();
            counted(all);
        }
        "full-1000" => {
            let policy = policy("desk-1000");
            let (run, cells) = (opened(&policy), Snapshot::whole());
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

/// Previews of all these calls from their bytes; every one of these outcomes must be among them.
fn brief(policy: &Policy, run: &Run, calls: &[Vec<u8>], outcomes: &[Foreseen]) {
    let (cells, mut scratch) = (Snapshot::whole(), Scratch::new());
    let mut all = || {
        let one = |call: &Vec<u8>| preview(policy, run, &cells, call, &mut scratch).expect("an answer").outcome;
        calls.iter().map(one).collect::<Vec<Foreseen>>()
    };
    let foreseen = all();
    for outcome in outcomes {
        assert!(foreseen.contains(outcome), "{outcome:?}: {foreseen:?}");
    }
    counted(all);
}

/// A run of the desk that has read its accounts.
fn opened(policy: &Policy) -> Run {
    let open = r#"{"event":"open","run":"r","job":"desk","input":{"house":"h"},"agent":{"id":"a","roles":[]},"user":{"id":"u","roles":[]},"at":"2026-05-04T10:00:00Z"}"#;
    let account = |at: usize| {
        let house = if at == 0 { "other" } else { "h" };
        format!(
            r#"{{"event":"record","source":"crm","record":"Account","key":"A-{at}","value":{{"id":"A-{at}","house":"{house}","risk":{}}},"at":"2026-05-04T10:00:00Z"}}"#,
            at * 12
        )
    };
    let run = started(policy, open);
    (0..ACCOUNTS).fold(run, |run, at| after(policy, &run, &account(at)))
}

fn started(policy: &Policy, line: &str) -> Run {
    match open(policy, &Snapshot::whole(), &Event::read(line.as_bytes()).expect("an event")) {
        Opening::Opened(decision) => decision.run,
        Opening::Refused(answer) => panic!("{}", answer.to_json()),
        Opening::Load(_) => panic!("every cell is there"),
    }
}

fn after(policy: &Policy, run: &Run, line: &str) -> Run {
    match decide(policy, run, &Snapshot::whole(), &Event::read(line.as_bytes()).expect("an event")) {
        Step::Done(decision) => decision.run,
        Step::Load(_) => panic!("every cell is there"),
    }
}

/// A policy of so many rules about twenty verbs: grants, denies, gates and escalations by tenant, tier, amount and the account's risk.
fn desk(rules: usize) -> String {
    let mut text = String::from(
        "policy acme.desk { version \"1\" }\nenum Tier { free, pro, gold }\nrole lead\nsource crm \"CRM\" {\n  record Account by id { id: Text, house: Text, \
         risk: Int }\n  fetch Account with desk.look(account: id)\n  fresh for 15m\n}\ntool desk {\n  read look(account: Key<Account>) -> Account\n",
    );
    for verb in 0..VERBS {
        let _ = writeln!(
            text,
            "  write act_{verb}(account: Key<Account>, tenant: Text, tier: Tier, amount: Money(USD), note: Text?) {{ changes nothing; irreversible }}"
        );
    }
    text.push_str("}\njob desk {\n  purpose \"Counting instructions.\"\n  input { house: Text }\n  never strangers on desk.* when account.house != input.house\n");
    for at in 0..rules {
        let (verb, tenant) = (at % VERBS, at / VERBS / 4);
        let verb = format!("desk.act_{verb}");
        let tenant = format!("tenant == \"t{tenant}\"");
        let _ = match at / VERBS % 4 {
            0 => writeln!(text, "  allow write {verb} when {tenant} and tier in [free, pro] and amount <= 100 USD"),
            1 => writeln!(text, "  gate g{at} on {verb} when {tenant} and amount > 50 USD {{ approvers role lead; expires 4h }}"),
            2 => writeln!(text, "  escalate e{at} on {verb} when {tenant} and account.risk > 80"),
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
        let (amount, account) = (at * 13 % 110, at * 5 % ACCOUNTS);
        format!(
            r#"{{"event":"call","id":"c{at}","verb":"act_{verb}","args":{{"account":"A-{account}","tenant":"t{tenant}","tier":"{tier}","amount":"{amount}.50","note":"please be quick about it"}},"at":"2026-05-04T10:00:01Z"}}"#
        )
        .into_bytes()
    };
    (0..200).map(call).collect()
}

/// A policy of a hundred rules about what happened before in the run.
fn doors() -> String {
    let mut text = String::from(
        "policy acme.doors { version \"1\" }\ntool house {\n  write ask(room: Text, guest: Text) { changes nothing; irreversible }\n  write enter(room: Text, \
         guest: Text) { changes nothing; irreversible }\n}\njob doors {\n  purpose \"Counting instructions.\"\n  input { house: Text }\n  allow write house.ask\n",
    );
    for room in 0..100 {
        let asked = format!("happened(house.ask where args.guest == guest and args.room == \"r{room}\")");
        let _ = writeln!(text, "  allow write house.enter when room == \"r{room}\" and {asked}");
    }
    text.push_str("}\n");
    text
}

/// A run in which two hundred guests asked, and as many calls at doors.
fn visits(policy: &Policy) -> (Run, Vec<Vec<u8>>) {
    let call = |at: usize, verb: &str, id: char| {
        let args = format!(r#"{{"room":"r{}","guest":"g{}"}}"#, at % 100, at % 7);
        format!(r#"{{"event":"call","id":"{id}{at}","verb":"{verb}","args":{args},"at":"2026-05-04T10:00:00Z"}}"#)
    };
    let mut run = started(
        policy,
        r#"{"event":"open","run":"r","job":"doors","input":{"house":"h"},"agent":{"id":"a","roles":[]},"at":"2026-05-04T10:00:00Z"}"#,
    );
    for at in 0..200 {
        run = after(policy, &run, &call(at, "ask", 'a'));
        run = after(policy, &run, &format!(r#"{{"event":"result","id":"a{at}","value":true,"at":"2026-05-04T10:00:00Z"}}"#));
    }
    (run, (0..200).map(|at| call(at * 3, "enter", 'e').into_bytes()).collect())
}
