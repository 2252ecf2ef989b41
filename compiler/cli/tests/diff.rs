//! `diff` against brute force: random pairs of policies over small domains, every call of which both policies answer.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use agentc::native::Native;
use agentc::testing::Evaluator;
use agentc_compiler::compile;
use agentc_compiler::diff::{Shown, Verdict, diff};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::{SourceFile, Typed};
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;

/// A source of numbers, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[usize::try_from(self.below(texts.len() as u64)).unwrap()]
    }
}

/// A condition whose truth changes at the numbers 0 to 3 only.
fn condition(chance: &mut Chance, depth: u32) -> String {
    let number = chance.below(4);
    match chance.below(if depth == 0 { 7 } else { 9 }) {
        0 => format!("amount <= {number}"),
        1 => format!("amount > {number}"),
        2 => format!("amount == {number}"),
        3 => format!("state == {}", chance.one_of(&["open", "shut", "lost"])),
        4 => format!("state in [{}, {}]", chance.one_of(&["open", "shut"]), chance.one_of(&["lost", "shut"])),
        5 => "input.vip".to_owned(),
        6 => format!("not (name == \"{}\")", chance.one_of(&["x", "y"])),
        7 => format!("({} and {})", condition(chance, depth - 1), condition(chance, depth - 1)),
        _ => format!("({} or {})", condition(chance, depth - 1), condition(chance, depth - 1)),
    }
}

fn rule(chance: &mut Chance, number: usize) -> String {
    let when = condition(chance, 2);
    match chance.below(6) {
        0..=2 => format!("allow r{number} on write desk.act when {when}"),
        3 => format!("never r{number} on desk.act when {when}"),
        4 => {
            let who = chance.one_of(&["role lead", "role sre", "2 of role lead", "role lead and role sre"]);
            let requester = chance.one_of(&["", "", " may be requester"]);
            format!("gate r{number} on desk.act when {when} {{ approvers {who}{requester} }}")
        }
        _ => format!("escalate r{number} on desk.act when {when}"),
    }
}

fn policy(rules: &[String]) -> String {
    format!(
        "policy p {{ version \"1\" }}\nrole lead, sre\nenum State {{ open, shut, lost }}\n\
         tool desk on mcp \"desk\" {{ write act(amount: Int, state: State, name: Text) {{ changes nothing; irreversible }} }}\n\
         job work {{\n  input {{ vip: Bool }}\n  allow never_mind on write desk.act when amount == 99 and amount == 98\n  {}\n}}\n",
        rules.join("\n  ")
    )
}

fn typed(text: &str) -> Typed {
    let root = SourceFile { name: "p.agentpolicy".to_owned(), text: text.to_owned() };
    let compiled = compile(root, &NoFiles, &agentc_stdlib::library());
    compiled
        .typed
        .unwrap_or_else(|| panic!("{text}\n{:?}", compiled.diagnostics.iter().map(|one| &one.message).collect::<Vec<_>>()))
}

/// What a policy answers: 2 for allow, 1 for approval with whom it asks, else 0.
type Answer = (u8, Vec<(String, i64, bool)>);

/// Every call of the small domain.
fn answers(text: &str, typed: &Typed) -> Vec<Answer> {
    let program = agentc_compiler::compile(
        SourceFile { name: "p.agentpolicy".to_owned(), text: text.to_owned() },
        &NoFiles,
        &agentc_stdlib::library(),
    );
    let policy = Policy::new(program.program.unwrap(), &agentc_stdlib::library()).unwrap();
    let mut answers = Vec::new();
    for amount in -1..=5 {
        for state in ["open", "shut", "lost"] {
            for vip in [false, true] {
                for name in ["x", "y", "z"] {
                    let mut native = Native::new(&policy);
                    let at = ("at", Json::text("2026-05-04T10:00:00Z"));
                    let open = Json::object([
                        ("event", Json::text("open")),
                        at.clone(),
                        ("run", Json::text("r")),
                        ("job", Json::text("work")),
                        ("input", Json::object([("vip", Json::Bool(vip))])),
                        ("agent", Json::object([("id", Json::text("a")), ("roles", Json::List(Vec::new()))])),
                    ]);
                    native.answer(&open).unwrap();
                    let args =
                        Json::object([("amount", Json::int(amount)), ("state", Json::text(state)), ("name", Json::text(name))]);
                    let call = Json::object([
                        ("event", Json::text("call")),
                        at,
                        ("id", Json::text("c")),
                        ("verb", Json::text("act")),
                        ("args", args),
                    ]);
                    answers.push(read(typed, &native.answer(&call).unwrap()));
                }
            }
        }
    }
    answers
}

fn read(typed: &Typed, answer: &Json) -> Answer {
    let text = |json: &Json, name: &str| json.get(name).and_then(Json::as_text).unwrap_or_default().to_owned();
    match text(answer, "outcome").as_str() {
        "allow" => (2, Vec::new()),
        "approval" => {
            let mut asked = Vec::new();
            for request in answer.get("approvals").and_then(Json::as_list).unwrap() {
                let gate = text(request.get("gate").unwrap(), "rule");
                let requester = typed.jobs[0].rules.iter().any(|rule| {
                    rule.name == gate
                        && matches!(&rule.kind, agentc_compiler::typed::RuleKind::Gate(gate) if gate.may_be_requester)
                });
                for group in request.get("approvers").and_then(Json::as_list).unwrap() {
                    let quorum = group.get("quorum").map_or(1, |quorum| quorum.to_string().parse().unwrap());
                    asked.push((text(group, "role"), quorum, requester));
                }
            }
            (1, asked)
        }
        _ => (0, Vec::new()),
    }
}

/// Whether some call ends better in `now`, or is asked of fewer.
fn loosens(before: &[Answer], now: &[Answer]) -> bool {
    before.iter().zip(now).any(|((was, asked), (is, asks))| {
        let kept = asked.iter().all(|(role, quorum, requester)| {
            asks.iter().any(|(other, most, may)| other == role && most >= quorum && (*requester || !may))
        });
        is > was || (*is == 1 && *was == 1 && !kept)
    })
}

#[test]
fn two_hundred_pairs_agree_with_brute_force() {
    let mut counts = [0; 4];
    for seed in 0..200_u64 {
        let mut chance = Chance(seed.wrapping_mul(7919).wrapping_add(17));
        let length = 2 + chance.below(5);
        let old: Vec<String> = (0..length).map(|number| rule(&mut chance, usize::try_from(number).unwrap())).collect();
        let mut new = old.clone();
        let at = usize::try_from(chance.below(length)).unwrap();
        match chance.below(5) {
            0 => drop(new.remove(at)),
            1 => new.push(rule(&mut chance, old.len())),
            2 => new.swap(0, at),
            // Another rule of the same name.
            _ => new[at] = rule(&mut chance, at),
        }
        let (old, new) = (policy(&old), policy(&new));
        let (before, now) = (typed(&old), typed(&new));
        let (was, is) = (answers(&old, &before), answers(&new, &now));
        let wanted = match (loosens(&was, &is), loosens(&is, &was)) {
            (false, false) => Verdict::Equivalent,
            (false, true) => Verdict::Tighter,
            (true, false) => Verdict::Looser,
            (true, true) => Verdict::Both,
        };
        let difference = diff(&before, &now, &agentc_stdlib::library());
        let found = difference.verbs.iter().find(|verb| verb.verb == "desk.act").unwrap();
        assert_eq!(found.verdict(), wanted, "seed {seed}\n{old}\n{new}\n{found:?}");
        for shown in found.looser.iter().chain(&found.tighter) {
            assert!(matches!(shown, Shown::Witness(_)), "seed {seed}: {shown:?}\n{old}\n{new}");
        }
        counts[wanted as usize] += 1;
    }
    // Each verdict is met often enough that the agreement says something.
    assert!(counts.iter().all(|count| *count >= 10), "{counts:?}");
}
