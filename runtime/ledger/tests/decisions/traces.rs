//! The trace of a run: its chain, and what is masked in it.

use crate::host::{Host, policy};
use agentc_runtime::trace::verify;

const SECRETS: &str = r#"
source vault "Vault" {
  record Account by number { number: Text secret, pin: Text secret, owner: Text }
  fetch Account with bank.get_account(account: number)
  fresh for 15m
}
tool bank on mcp "bank" {
  read  get_account(account: Text secret) -> Account
  write pay(account: Text secret, amount: Money(USD)) { irreversible; changes nothing }
}
job work {
  purpose "Pay what is owed."
  input { customer: Text, code: Text secret }
  done when happened(bank.pay)
  allow read bank.get_account
  allow write bank.pay when Account[account].owner == input.customer and Account[account].pin == input.code
  limit few on bank.pay: count() <= 5 per day by account else deny
  handoff to "leads" { show trace, input.code }
}"#;

fn host() -> Host {
    Host::opening(&policy(SECRETS), &std::sync::Arc::default(), "r1", r#"{"customer":"c-9","code":"s3cret-code"}"#)
}

#[test]
fn secrets_stand_in_no_trace_message_or_handoff() {
    let mut host = host();
    let need = host.call("c1", "pay", r#"{"account":"s3cret-acct","amount":5}"#);
    assert_eq!(need.outcome.name(), "need");
    host.send(
        r#""event":"record","source":"vault","record":"Account","key":"s3cret-acct","value":{"number":"s3cret-acct","pin":"s3cret-code","owner":"c-9"}"#,
    );
    let allow = host.call("c1", "pay", r#"{"account":"s3cret-acct","amount":5}"#);
    assert_eq!(allow.outcome.name(), "allow");
    // The host is told what to send, and nobody else.
    assert!(allow.to_json().to_string().contains("s3cret-acct"));
    host.call("c2", "get_account", r#"{"account":"s3cret-acct"}"#);
    host.ok("c2", r#"{"number":"s3cret-acct","pin":"s3cret-code","owner":"c-9"}"#);
    host.call("c3", "pay", r#"{"account":7,"amount":5}"#);
    host.call("c3b", "pay", r#"{"account":"s3cret-one","account":"s3cret-two","amount":5}"#);
    host.call("c4", "paid", r#"{"account":"s3cret-acct"}"#);
    let end = host.call("c5", "pay", r#"{"account":"s3cret-other","amount":5}"#);
    assert_eq!(end.outcome.name(), "need");
    host.send(r#""event":"record","source":"vault","record":"Account","key":"s3cret-other","unavailable":true"#);
    let stopped = host.call("c5", "pay", r#"{"account":"s3cret-other","amount":5}"#);
    assert_eq!(stopped.outcome.name(), "escalate");
    for text in [&stopped.model, &stopped.person, &need.model, &need.person, &allow.person] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    for line in &host.trace {
        assert!(!line.contains("s3cret"), "{line}");
    }
    // Doubled arguments stand in the trace as they were sent, and it can be read again.
    assert_eq!(verify(&host.trace.join("\n")).unwrap().lines.len(), host.trace.len());
}

#[test]
fn a_trace_is_verified_and_a_cut_one_is_found() {
    let mut host = host();
    host.call("c1", "pay", r#"{"account":"a","amount":5}"#);
    host.end();
    let text = host.trace.join("\n");
    let read = verify(&text).unwrap();
    assert_eq!((read.policy.as_str(), read.lines.len(), read.ended), (host.policy.digest(), 3, true));
    assert!(!verify(&host.trace[..2].join("\n")).unwrap().ended);
    for cut in [text.len() / 2, text.len() - 1] {
        let half: String = text.chars().take(cut).collect();
        assert!(verify(&half).unwrap_err().to_string().contains("the line was cut or changed"));
    }
    let changed = text.replacen("\"amount\":5", "\"amount\":6", 1);
    assert_eq!(
        verify(&changed).unwrap_err().to_string(),
        "the trace is broken at line 2: the line was changed after it was written"
    );
}
