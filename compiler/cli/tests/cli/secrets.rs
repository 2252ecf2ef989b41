//! What is marked secret stands nowhere but in what the host must pass on.

use crate::support::{agentc_in, file, folder};
use std::fs;

const POLICY: &str = r#"
policy acme.secrets { version "1" }
use std.risk
role lead
enum Colour { red, green }
identity { user { pin: Int secret } }
source vault {
  record Account by token {
    token: Text secret, balance: Money(USD) secret, colour: Colour secret, mail: Email secret
    since: Time secret, names: List<Text> secret, by_name: Map<Text, Text> secret, inner: Inner
  }
  record Inner { password: Text secret, open: Text }
  fetch Account with bank.get(token: token)
  fresh for 15m
}
tool bank {
  read get(secret token: Key<Account>) -> Account
  write pay(secret token: Key<Account>, amount: Money(USD) secret, pin: Int secret, colour: Colour secret, mail: Email secret, note: Text) -> Receipt {
    risk money
    changes Account[token]
    undo unpay(receipt: result.id, token: token)
  }
  write unpay(receipt: Text, token: Key<Account> secret) { risk money; compensates pay }
  record Receipt { id: Text secret }
}
job pay {
  purpose "Pay."
  input { token: Text secret, number: Int }
  environment { key: Text secret }
  signal mood: Int secret
  done when happened(bank.pay)
  allow read bank.get
  let length = text.length(token)
  allow write bank.pay when amount <= token.balance and length > 2
                        and (token.inner.password == "other" or colour == token.colour)
  never big on bank.pay when match token.colour { red => text.upper(token.inner.password) == "OTHER", _ => false }
  gate look on bank.pay when amount > 1 USD {
    approvers role lead
    show arguments, token, length, [token.inner.password], text.lower(token.inner.password)
    show if token.inner.password == "a" then 1 else 2, token.names, note, input.token, user.pin, run.env.key
  }
  limit daily on bank.pay: sum(amount) <= 1000 USD per day by token else deny
  limit mails on bank.pay: count() <= 50 per day by token.mail, token.inner.password else deny
  limit words on bank.pay: count(distinct token.inner.password) <= 50 per run capacity 5 else deny
  require looked on bank.pay: bank.get(token: token) within 1h
  handoff to "people" { show trace, input.token, input.number, user.pin, run.env.key }
  pause by role lead
}
"#;

const EVENTS: &str = r#"{"event":"call","id":"g","verb":"get","args":{"token":"TokenLeak"},"at":"2026-05-04T10:00:01Z"}
{"event":"result","id":"g","value":{"token":"TokenLeak","balance":900.25,"colour":"red","mail":"record@leak.example","since":"2026-01-01T00:00:00Z","names":["NameLeak"],"by_name":{"KeyLeak":"ValueLeak"},"inner":{"password":"PasswordLeak","open":"o"}},"at":"2026-05-04T10:00:02Z"}
{"event":"call","id":"a","verb":"pay","args":{"token":"TokenLeak","amount":"123.45","pin":987654,"colour":"red","mail":"call@leak.example","note":"n"},"at":"2026-05-04T10:00:03Z"}
{"event":"approval","request":"run/a/look/1","by":{"id":"boss","roles":["lead"]},"approve":true,"at":"2026-05-04T10:00:04Z"}
{"event":"result","id":"a","value":{"id":"ReceiptLeak"},"at":"2026-05-04T10:00:05Z"}
{"event":"call","id":"b","verb":"pay","args":{"token":5550123,"amount":"12x3Leak","pin":"PinLeak","colour":"ColourLeak","mail":"MailLeak","note":"n"},"at":"2026-05-04T10:00:06Z"}
{"event":"call","id":"c","verb":"pay","args":{"token":"TokenLeak","amount":"1.45","pin":987654,"colour":"green","mail":"call@leak.example","note":"n"},"at":"2026-05-04T10:00:07Z"}
{"event":"record","source":"vault","record":"Account","key":"TokenLeak","value":{"token":"TokenLeak","balance":"BalanceLeak","colour":"ColourLeak","mail":"MailLeak","since":"SinceLeak","names":"NamesLeak","by_name":"MapLeak","inner":{"password":777888,"open":"o"}},"at":"2026-05-04T10:00:08Z"}
{"event":"signal","signals":{"mood":"MoodLeak"},"at":"2026-05-04T10:00:08Z"}
{"event":"undo","call":"a","by":{"id":"boss","roles":["lead"]},"at":"2026-05-04T10:00:08Z"}
{"event":"call","id":"c","verb":"pay","args":{"token":"TokenLeak","amount":"1.45","pin":987654,"colour":"green","mail":"call@leak.example","note":"n"},"at":"2026-05-04T10:00:08Z"}
{"event":"end","at":"2026-05-04T10:00:09Z"}
"#;

/// Parts of the values above that are secret.
const SECRETS: [&str; 8] = ["Leak", "leak", "987654", "1357911", "123.45", "5550123", "777888", "900.25"];

fn run(folder: &std::path::Path, format: &str) -> crate::support::Ran {
    let arguments = [
        "run",
        "p.agentpolicy",
        "--job",
        "pay",
        "--user",
        r#"{"id":"u","roles":[],"pin":1357911}"#,
        "--input",
        r#"{"token":"InputLeak","number":1}"#,
        "--environment",
        r#"{"key":"EnvironmentLeak"}"#,
        "--at",
        "2026-05-04T10:00:00Z",
        "--trace",
        "trace",
        "--format",
        format,
    ];
    agentc_in(folder, &arguments, EVENTS.as_bytes())
}

#[test]
fn no_story_and_no_trace_shows_a_secret() {
    let folder = folder("secrets");
    file(&folder, "p.agentpolicy", POLICY);
    let ran = run(&folder, "human");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let trace = fs::read_to_string(folder.join("trace")).expect("the trace was written");
    let told = agentc_in(&folder, &["trace", "trace"], b"");
    for text in [&ran.out, &trace, &told.out] {
        assert!(text.contains("[secret]"));
        for secret in SECRETS {
            let line = text.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "`{secret}` stands in {line:?}");
        }
    }
}

#[test]
fn answers_hold_secrets_only_where_the_host_must_pass_them_on() {
    let folder = folder("secrets_answers");
    file(&folder, "p.agentpolicy", POLICY);
    let ran = run(&folder, "jsonl");
    let mut passed_on = 0;
    for line in ran.out.lines() {
        let mut answer: serde_json::Value = serde_json::from_str(line).expect("an answer is JSON");
        let members = answer.as_object_mut().expect("an answer is an object");
        // What the host executes, what it shows the agent, what it fetches, what it undoes with.
        for member in ["allow", "shows", "needs", "undo"] {
            passed_on += usize::from(members.remove(member).is_some());
        }
        let rest = answer.to_string();
        for secret in SECRETS {
            assert!(!rest.contains(secret), "`{secret}` stands in {rest}");
        }
    }
    assert!(passed_on >= 4, "{}", ran.out);
}
