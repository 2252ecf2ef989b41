//! A preview allocates nothing: neither from the bytes of a call nor prepared, whatever it comes out as.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use agentc_compiler::compile;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::cell::Snapshot;
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::preview::{Prepared, Scratch, preview};
use agentc_runtime::run::Run;
use allocation_counter::measure;

const POLICY: &str = r#"policy acme.pay { version "1"; owner "ops@acme.example" }
role lead
enum Tier { gold, silver }
source crm "CRM" { record Account by id { id: Text, tenant: Text, risk: Int }; fetch Account with desk.look(account: id); fresh for 15m }
tool desk on mcp "desk" {
  read look(account: Key<Account>) -> Account
  write pay(account: Key<Account>, region: Text, tier: Tier, amount: Money(USD) from "amount" cents, urgent: Bool?, claim note: Text) {
    changes nothing; irreversible
  }
}
job serve {
  purpose "Pay what customers are owed."
  input { tenant: Text }
  done when happened(desk.pay)
  allow read desk.look
  allow small on write desk.pay when region in ["north", "south"] and tier == gold and amount <= 500 USD
  never foreign on desk.pay when account.tenant != input.tenant
  gate large on desk.pay when region == "north" and amount > 100 USD { approvers role lead; expires 4h }
  escalate risky on desk.pay when account.risk > 90
  never rushed on desk.pay when (urgent ?? false) and amount > 400 USD
  escalate failing when run.denials > 1000
  handoff to "leads" { show trace }
  pause by role lead
}
"#;

fn send(policy: &Policy, run: &Run, cells: &Snapshot, event: &str) -> Run {
    match decide(policy, run, cells, &Event::read(event.as_bytes()).expect("it is an event")) {
        Step::Done(decision) => decision.run,
        Step::Load(cells) => panic!("cells are missing: {cells:?}"),
    }
}

#[test]
fn a_preview_allocates_nothing() {
    let library = agentc_stdlib::library();
    let compiled = compile(SourceFile { name: "pay.agentpolicy".into(), text: POLICY.into() }, &NoFiles, &library);
    let policy = Policy::new(compiled.program.expect("the policy is right"), &library).expect("it loads");
    let cells = Snapshot::whole();
    let opening = r#"{"event":"open","run":"r","job":"serve","input":{"tenant":"acme"},"agent":{"id":"bot","roles":[]},"at":"2026-05-04T10:00:00Z"}"#;
    let Opening::Opened(opened) = open(&policy, &cells, &Event::read(opening.as_bytes()).expect("it is an event")) else {
        panic!("it opens");
    };
    let mut run = opened.run;
    for (id, tenant, risk) in [("A-1", "acme", 5), ("A-2", "other", 5), ("A-3", "acme", 95)] {
        let record = format!(
            r#"{{"event":"record","source":"crm","record":"Account","key":"{id}","value":{{"id":"{id}","tenant":"{tenant}","risk":{risk}}},"at":"2026-05-04T10:00:00Z"}}"#
        );
        run = send(&policy, &run, &cells, &record);
    }
    let long = "the customer asked for it twice, \\\"at once\\\", and is waiting on the line ".repeat(20);
    let calls = [
        ("allow by small", r#""account":"A-1","region":"south","tier":"gold","amount":20000"#),
        ("approval by large", r#""account":"A-1","region":"north","tier":"gold","amount":20000,"urgent":null"#),
        ("deny by foreign", r#""account":"A-2","region":"south","tier":"gold","amount":20000"#),
        ("escalate by risky", r#""account":"A-3","region":"south","tier":"gold","amount":20000"#),
        (
            "deny by no_allow",
            r#""account":"A-1","region":"a region that no rule names, however long it is","tier":"silver","amount":5"#,
        ),
    ];
    let mut scratch = Scratch::new();
    for (wanted, args) in calls {
        let event =
            format!(r#"{{"event":"call","id":"c1","verb":"pay","args":{{{args},"note":"{long}"}},"at":"2026-05-04T10:00:05Z"}}"#);
        let prepared = Prepared::read(&policy, event.as_bytes()).expect("it is a call");
        let mut told = [String::new(), String::new()];
        // The first time makes room for what later ones use again.
        for round in 0..3 {
            let mut seen = [None, None];
            let counted = measure(|| {
                seen[0] = preview(&policy, &run, &cells, event.as_bytes(), &mut scratch).ok();
                seen[1] = prepared.preview(&policy, &run, &cells, &mut scratch).ok();
            });
            told = seen.map(|seen| seen.map_or(String::new(), |seen| format!("{} by {}", seen.outcome.name(), seen.rule)));
            if round > 0 {
                assert_eq!(counted.count_total, 0, "{wanted}, round {round}");
            }
        }
        assert_eq!(told, [wanted, wanted]);
    }
}
