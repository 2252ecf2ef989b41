//! Rules that are looked up decide as if each were tested: random rules over operands of every ordered type, random calls at their
//! bounds, the whole answers with and without indexing.

use agentc_compiler::lower::{Indexing, lower};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::{SourceFile, Typed};
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_runtime::program::Node;
use agentc_tests::chance::Chance;
use agentc_tests::corpus::library;
use agentc_tests::native::Native;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Write;

const POLICIES: u64 = 25;
const RULES: usize = 48;
const CALLS: usize = 60;

/// What stands for a value of an operand's type, in a policy and in JSON: eight of each, in ascending order.
struct Scale {
    operand: &'static str,
    policy: fn(usize) -> String,
}

const SCALES: [Scale; 11] = [
    Scale { operand: "n", policy: |at| format!("{}", at * 10) },
    Scale { operand: "rate", policy: |at| format!("0.{at}") },
    Scale { operand: "amount", policy: |at| format!("{}.50 USD", at * 10) },
    Scale { operand: "day", policy: |at| format!("2026-05-0{}", at + 1) },
    Scale { operand: "clock", policy: |at| format!("0{at}:30") },
    Scale { operand: "wait", policy: |at| format!("{at}m") },
    Scale { operand: "since", policy: |at| format!("2026-05-0{}T10:00:00Z", at + 1) },
    Scale { operand: "acct.balance", policy: |at| format!("{} USD", at * 100) },
    Scale { operand: "(acct.score ?? 35)", policy: |at| format!("{}", at * 10) },
    Scale { operand: "(now - acct.opened)", policy: |at| format!("{}h", at * 24) },
    Scale { operand: "(n + 5)", policy: |at| format!("{}", at * 10 + 5) },
];

/// A condition on one operand of a scale.
fn bounds(chance: &mut Chance, scale: &Scale) -> String {
    let (x, at) = (scale.operand, |at| (scale.policy)(at));
    let low = chance.below(7);
    let high = low + 1 + chance.below(7 - low);
    let (low, high) = (at(low), at(high));
    match chance.below(13) {
        0 => format!("{x} > {low}"),
        1 => format!("{x} >= {low}"),
        2 => format!("{x} < {high}"),
        3 => format!("{x} <= {high}"),
        4 => format!("{high} > {x}"),
        5 => format!("{low} <= {x}"),
        6 | 7 => format!("{x} in {low}..{high}"),
        8 => format!("not ({x} in {low}..{high})"),
        9 => format!("({x} <= {low} or {x} > {high})"),
        10 if x == "clock" => format!("{x} in {high}..{low}"),
        10 => format!("{x} == {low}"),
        11 => format!("({x} == {low} or {x} == {high})"),
        _ => format!("({x} >= {low} and {x} < {high})"),
    }
}

/// A condition on one operand that is compared with constants, or that rules share.
fn other(chance: &mut Chance, which: usize) -> String {
    let tenant = |chance: &mut Chance| format!("\"t{}\"", chance.below(6));
    match which {
        0 => match chance.below(3) {
            0 => format!("tenant in [{}, {}]", tenant(chance), tenant(chance)),
            1 => format!("(tenant == {} or {} == tenant)", tenant(chance), tenant(chance)),
            _ => format!("tenant == {}", tenant(chance)),
        },
        1 => format!("acct.tier {}", ["== free", "== pro", "in [pro, gold]"][chance.below(3)]),
        2 => format!("acct.region == {}", tenant(chance)),
        3 => "acct.region == input.home".to_owned(),
        4 => ["input.flag", "not input.flag"][chance.below(2)].to_owned(),
        5 => format!("(note ?? \"t0\") == {}", tenant(chance)),
        _ => "note is absent".to_owned(),
    }
}

/// A conjunction over some of these operands, each once.
fn condition(chance: &mut Chance, operands: &[usize]) -> String {
    let mut parts: BTreeMap<usize, String> = BTreeMap::new();
    for _ in 0..=chance.below(4) {
        let which = *chance.one(operands);
        let part = if which < 7 { other(chance, which) } else { bounds(chance, &SCALES[which - 7]) };
        parts.insert(which, part);
    }
    let mut parts: Vec<String> = parts.into_values().collect();
    let turn = chance.below(parts.len());
    parts.rotate_left(turn);
    parts.join(" and ")
}

fn policy(chance: &mut Chance) -> String {
    let mut text = String::from(
        r#"policy tests.indexing { version "1" }
enum Tier { free, pro, gold }
source accounts {
  record Acct by id { id: Text, region: Text, tier: Tier, score: Int?, balance: Money(USD), opened: Time }
  fetch Acct by host
  fresh for 15m
}
tool shop {
  write pay(acct: Key<Acct>, tenant: Text, n: Int, rate: Decimal, amount: Money(USD), day: Date, clock: TimeOfDay, wait: Duration, since: Time, note: Text?) { changes nothing; irreversible }
  write ask(acct: Key<Acct>, tenant: Text, n: Int, rate: Decimal, amount: Money(USD), day: Date, clock: TimeOfDay, wait: Duration, since: Time, note: Text?) { changes nothing; irreversible }
}
job work {
  purpose "Rules of many operands."
  input { home: Text, flag: Bool }
"#,
    );
    // Few operands make large groups, many make deep ones.
    let operands: Vec<usize> = (0..=chance.below(6)).map(|_| chance.below(7 + SCALES.len())).collect();
    for at in 0..RULES {
        let verbs = ["shop.pay", "shop.pay", "shop.pay, shop.ask"][chance.below(3)];
        let when = condition(chance, &operands);
        let _ = match chance.below(20) {
            0 => writeln!(text, "  never r{at} on {verbs} when {when}"),
            1 => writeln!(text, "  escalate r{at} on {verbs} when {when}"),
            2 => writeln!(text, "  shadow never r{at} on {verbs} when {when}"),
            _ => writeln!(text, "  allow r{at} on write {verbs} when {when}"),
        };
    }
    text.push_str("}\n");
    text
}

/// A call with arguments at the bounds of the rules, one between them now and then.
fn call(chance: &mut Chance, at: usize) -> Event {
    let value = |chance: &mut Chance| chance.below(8);
    let between = chance.percent(20);
    let note = if chance.percent(50) { format!(r#","note":"t{}""#, chance.below(6)) } else { String::new() };
    let verb = if chance.percent(70) { "pay" } else { "ask" };
    let text = format!(
        r#"{{"event":"call","id":"c{at}","verb":"{verb}","at":"2026-05-08T10:00:00Z","args":{{"acct":"a{}","tenant":"t{}","n":{},"rate":"0.{}{}","amount":"{}.5{}","day":"2026-05-0{}","clock":"0{}:30:0{}","wait":"PT{}M","since":"2026-05-0{}T10:00:00{}Z"{note}}}}}"#,
        chance.below(5),
        chance.below(6),
        value(chance) * 10 + usize::from(between),
        value(chance),
        usize::from(between),
        value(chance) * 10,
        usize::from(between),
        value(chance) + 1,
        value(chance),
        usize::from(between),
        value(chance),
        value(chance) + 1,
        if between { ".5" } else { "" },
    );
    Event::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Accounts that are there, absent, unavailable or ill-shaped; the last is never asked for.
fn records(chance: &mut Chance) -> Vec<Event> {
    let record = |at: usize, chance: &mut Chance| {
        let score = if chance.percent(50) { format!(r#","score":{}"#, chance.below(8) * 10) } else { String::new() };
        let held = format!(
            r#""value":{{"id":"a{at}","region":"t{}","tier":"{}","balance":{},"opened":"2026-05-0{}T10:00:00Z"{score}}}"#,
            chance.below(6),
            ["free", "pro", "gold", "lost"][chance.below(4)],
            chance.below(8) * 100,
            chance.below(8) + 1,
        );
        let state = match chance.below(8) {
            0 => r#""absent":true"#.to_owned(),
            1 => r#""unavailable":true"#.to_owned(),
            _ => held,
        };
        let text = format!(
            r#"{{"event":"record","source":"accounts","record":"Acct","key":"a{at}",{state},"read_at":"2026-05-08T10:00:00Z","at":"2026-05-08T10:00:00Z"}}"#
        );
        Event::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    (0..4).map(|at| record(at, chance)).collect()
}

fn checked(text: &str) -> Typed {
    let root = SourceFile { name: "indexing.agentpolicy".into(), text: text.to_owned() };
    let compiled = agentc_compiler::compile(root, &NoFiles, &library());
    let said: Vec<&str> = compiled.diagnostics.iter().filter(|said| said.is_error()).map(|said| said.message.as_str()).collect();
    assert!(said.is_empty(), "{said:?} of\n{text}");
    compiled.typed.expect("it has no errors")
}

#[test]
fn rules_that_are_looked_up_decide_as_if_each_were_tested() {
    // An allow may hold for less long than it could; the digest is that of the program.
    let leave_out = Regex::new(r#""valid_until":"[^"]*",?|[0-9a-f]{64}"#).unwrap();
    let (mut outcomes, mut nodes) = (BTreeMap::new(), BTreeMap::new());
    for seed in 0..POLICIES {
        let mut chance = Chance::new(seed);
        let text = policy(&mut chance);
        let typed = checked(&text);
        let indexed = lower(&typed, Indexing::On);
        for node in &indexed.nodes {
            let kind = match node {
                Node::Range { .. } => "range",
                Node::Switch { .. } => "switch",
                Node::Test { .. } => "test",
                Node::Leaf { .. } | Node::End => continue,
            };
            *nodes.entry(kind).or_insert(0) += 1;
        }
        let policies = [indexed, lower(&typed, Indexing::Off)].map(|program| Policy::new(program, &library()).unwrap());
        let mut hosts = policies.each_ref().map(Native::new);
        let events: Vec<Event> = records(&mut chance).into_iter().chain((0..CALLS).map(|at| call(&mut chance, at))).collect();
        for flag in [true, false] {
            let run = format!("r-{flag}");
            let open = format!(
                r#"{{"event":"open","run":"{run}","job":"work","input":{{"home":"t1","flag":{flag}}},"agent":{{"id":"a","roles":[]}},"user":{{"id":"u","roles":[]}},"at":"2026-05-08T10:00:00Z"}}"#
            );
            let open = Event::read(open.as_bytes()).unwrap();
            let runs = hosts.each_mut().map(|host| {
                let (run, answer) = host.open(&open);
                run.unwrap_or_else(|| panic!("{}", answer.to_json()))
            });
            for event in &events {
                let [first, second] = &mut hosts;
                // Nothing is kept of one call for the next, so that an escalation does not end the run.
                let answers = match event.kind.name() {
                    "call" => [first.peek(runs[0], event), second.peek(runs[1], event)],
                    _ => [first.send(runs[0], event), second.send(runs[1], event)],
                };
                *outcomes.entry(answers[0].outcome.name()).or_insert(0) += 1;
                let [with, without] = answers.map(|answer| leave_out.replace_all(&answer.to_json().to_string(), "").into_owned());
                assert_eq!(with, without, "seed {seed}, {}\n{text}", event.to_json());
            }
        }
    }
    println!("{outcomes:?} {nodes:?}");
    for outcome in ["allow", "need", "deny", "escalate"] {
        let calls = POLICIES * 2 * CALLS as u64;
        assert!(outcomes.get(outcome).is_some_and(|count| *count * 20 >= calls), "{outcome}: {outcomes:?}");
    }
    assert!(["range", "switch", "test"].iter().all(|kind| nodes.get(kind).is_some_and(|count| *count > 50)), "{nodes:?}");
}
