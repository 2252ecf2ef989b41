//! Every recursive construct of everything that `agentc` reads, at 10, 100, 1,000 and 20,000 levels, each in a process of its own: it ends
//! by itself, with an answer or an error in words, soon, and in little memory.
//!
//! `cargo test --release -p agentc --test limits -- --nocapture` prints the table of `tests/README.md`.
#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its sums are small"
)]

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "it serves the other tests too")]
mod support;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use std::path::Path;
use support::{agentc_in, file, folder, repository};

const LEVELS: [usize; 4] = [10, 100, 1_000, 20_000];

/// The most memory that a process may hold, in kilobytes.
const MEMORY: i64 = 64 * 1024;

/// The most processor time, in milliseconds: a second where the compiler optimised, and what the checks of an unoptimised build take.
const TIME: i64 = if cfg!(debug_assertions) { 10_000 } else { 1_000 };

/// What it is that is nested.
enum Kind {
    /// The condition of a rule.
    Condition,
    /// A whole policy.
    Policy,
    /// An event of a run, given on standard input.
    Event,
    /// The input of a run.
    Input,
    /// A file of records.
    Records,
    /// A server's list of tools.
    Tools,
    /// A trace.
    Trace,
    /// An artifact.
    Artifact,
}

/// A construct: what stands before it, opens a level, stands inside of all, closes a level, stands after. What holds a `#` is a row and not
/// deep: each level has its number there.
type Construct = (&'static str, Kind, [&'static str; 5]);

const HEAD: &str = "policy a.b { version \"1\" }\n";
const SOURCE: &str = "policy a.b { version \"1\" }\nsource s { record R by id { id: ";

const FUNCTION: &str = "policy a.b { version \"1\" }\nfn f(x: Int) -> Int = match x { ";
const USED: &str = " }\ntool t { write w(x: Int) { irreversible } }\njob j { purpose \"x\"\n input { a: Text }\n allow write t.w when f(x) == 1 }\n";

fn constructs() -> Vec<Construct> {
    use Kind::{Artifact, Condition, Event, Input, Policy, Records, Tools, Trace};
    let condition = |name, open, inside, close| (name, Condition, ["", open, inside, close, ""]);
    vec![
        condition("parentheses", "(", "1", ")"),
        condition("open parentheses", "(", "1", ""),
        condition("not", "not ", "true", ""),
        condition("minus", "-", "1", ""),
        condition("lists", "[", "1", "]"),
        condition("record values", "{a: ", "1", "}"),
        condition("if, branches", "if true then ", "true", " else true"),
        condition("if, else", "if true then true else ", "true", ""),
        condition("if, conditions", "if ", "true", " then true else true"),
        condition("match", "match x { _ => ", "true", " }"),
        condition("loops", "any q in r.xs: ", "true", ""),
        condition("lists of loops", "any q in (all q in ", "r.xs: true", ")"),
        condition("counts", "count(q in ", "r.xs: true", ")"),
        condition("lookups", "R[", "r", "]"),
        condition("fields", "r", ".n", ".n"),
        condition("functions", "int.abs(", "x", ")"),
        condition("sums", "x + ", "x", ""),
        condition("defaults", "x ?? ", "x", ""),
        condition("first", "(first q in ", "r.xs where true", ")"),
        condition("history", "happened(t.w where ", "true", ")"),
        condition("trusting", "trusting claim ", "x", ""),
        condition("zones", "", "now", " in zone \"UTC\""),
        ("pattern, groups", Condition, ["\"a\" matches \"", "(", "a", ")", "\""]),
        ("pattern, repeats", Condition, ["\"a\" matches \"", "", "a", "*", "\""]),
        ("pattern, choices", Condition, ["\"a\" matches \"", "a|", "a", "", "\""]),
        ("pattern, dots", Condition, ["\"a\" matches \"", ".*", "a", "", "\""]),
        ("text escapes", Condition, ["\"a\" == \"", "\\u{61}", "a", "", "\""]),
        ("digits", Condition, ["x == ", "1", "1", "", ""]),
        condition("or, a row", "x == # or ", "x == 0", ""),
        ("members of a list", Condition, ["x in [", "#, ", "0", "", "]"]),
        ("arms of a match", Policy, [FUNCTION, "# => #, ", "_ => 0", "", USED]),
        ("alternatives of an arm", Policy, [FUNCTION, "# | ", "20000 => 1, _ => 0", "", USED]),
        (
            "variants",
            Policy,
            ["policy a.b { version \"1\" }\nenum E { ", "v#, ", "v", "", concat!(" }\n", "fn f(x: E) -> Bool = x == v\n")],
        ),
        ("parameters", Policy, ["policy a.b { version \"1\" }\ntool t { read r(", "p#: Text, ", "p: Text", "", ") }"]),
        ("types", Policy, [SOURCE, "List<", "Text", ">", " } }"]),
        ("maps", Policy, [SOURCE, "Map<Text, ", "Text", ">", " } }"]),
        ("optional types", Policy, [SOURCE, "", "Text", "?", " } }"]),
        ("when blocks", Policy, [concat!("policy a.b { version \"1\" }\n", "job j { "), "when true { ", "", " }", " }"]),
        ("braces", Policy, [HEAD, "{", "", "}", ""]),
        ("open braces", Policy, ["", "{", "", "", ""]),
        (
            "patterns of match",
            Policy,
            ["policy a.b { version \"1\" }\nfn f(x: Int) -> Int = match x { ", "(", "1", ")", " => 1 }"],
        ),
        ("module names", Policy, ["policy a.b { version \"1\" }\nuse a", ".a", "", "", ""]),
        ("given values", Policy, ["policy a.b { version \"1\" }\ntest \"x\" { given R[\"a\"] ", "{ a: ", "1", " }", " }"]),
        (
            "stages of approval",
            Policy,
            [
                "policy a.b { version \"1\" }\nrole a\njob j { gate g on t.w { approvers role a; expires 1h ",
                "else then role a 1h ",
                "",
                "",
                " } }",
            ],
        ),
        ("proofs", Policy, ["policy a.b { version \"1\" }\nprove \"p\" { never allow t.w when ", "(", "true", ")", " }"]),
        (
            "event, lists",
            Event,
            ["{\"event\":\"call\",\"id\":\"c\",\"verb\":\"add_note\",\"args\":{\"text\":", "[", "1", "]", "}}"],
        ),
        (
            "event, objects",
            Event,
            ["{\"event\":\"call\",\"id\":\"c\",\"verb\":\"add_note\",\"args\":{\"text\":", "{\"a\":", "1", "}", "}}"],
        ),
        ("event, open lists", Event, ["", "[", "", "", ""]),
        ("input", Input, ["{\"ticket\":\"T\",\"customer\":\"c\",\"request\":", "[", "1", "]", "}"]),
        ("records", Records, ["[", "[", "1", "]", "]"]),
        (
            "tool schemas",
            Tools,
            [
                "{\"tools\":[{\"name\":\"w\",\"inputSchema\":",
                "{\"type\":\"object\",\"properties\":{\"x\":",
                "{\"type\":\"string\"}",
                "}}",
                "}]}",
            ],
        ),
        (
            "tool schemas, items",
            Tools,
            [
                "{\"tools\":[{\"name\":\"w\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x\":",
                "{\"type\":\"array\",\"items\":",
                "{\"type\":\"string\"}",
                "}",
                "}}}]}",
            ],
        ),
        (
            "tool schemas, choices",
            Tools,
            [
                "{\"tools\":[{\"name\":\"w\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x\":",
                "{\"anyOf\":[",
                "{\"type\":\"string\"}",
                "]}",
                "}}}]}",
            ],
        ),
        ("trace", Trace, ["{\"line\":1,\"prev\":\"\",\"event\":", "{\"a\":", "1", "}", "}\n"]),
        ("artifact, expressions", Artifact, ["", "", "", "", ""]),
    ]
}

fn nested(parts: [&str; 5], levels: usize) -> String {
    let [before, open, inside, close, after] = parts;
    let opened: String = (0..levels).map(|at| open.replace('#', &at.to_string())).collect();
    format!("{before}{opened}{inside}{}{after}", close.repeat(levels))
}

/// A policy whose one condition is this.
fn policy(condition: &str) -> String {
    format!(
        "{SOURCE}Text, n: Int, xs: List<Int> }}\n fetch R by host\n fresh for 1m }}\n\
         tool t {{ write w(r: Key<R>, x: Int) {{ irreversible }} }}\n\
         job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w when {condition}\n}}\n"
    )
}

/// The artifact of a policy, with a row of so many negations in place of a condition.
fn artifact(levels: usize) -> Vec<u8> {
    use agentc_runtime::program::{Expr, ExprId, Op};
    let root = agentc_compiler::typed::SourceFile { name: "p.agentpolicy".into(), text: policy("not (x > 1)") };
    let compiled = agentc_compiler::compile(root, &agentc_compiler::source::NoFiles, &agentc_stdlib::library());
    let mut program = compiled.program.expect("it compiles");
    let id = |at: usize| ExprId(u32::try_from(at).expect("few expressions"));
    let at = program.exprs.iter().position(|expr| matches!(expr.op, Op::Not(_))).expect("the condition is one");
    let shape = program.exprs[at].clone();
    let mut last = id(at);
    for _ in 0..levels {
        program.exprs.push(Expr { op: Op::Not(last), ..shape.clone() });
        last = id(program.exprs.len() - 1);
    }
    for rule in program.rules.iter_mut().filter(|rule| rule.condition == Some(id(at))) {
        rule.condition = Some(last);
    }
    agentc_runtime::artifact::encode(&program).expect("it can be written")
}

/// Runs the command over a construct: its exit code and all it said.
fn run(folder: &Path, kind: &Kind, parts: [&str; 5], levels: usize) -> support::Ran {
    let text = nested(parts, levels);
    let refunds = repository().join("examples/refunds");
    let example = refunds.join("refunds.agentpolicy").to_string_lossy().into_owned();
    let tools = "policy a.b { version \"1\" }\ntool t on mcp \"s\" { write w(x: Text) { irreversible } }\n";
    let input = "{\"ticket\":\"T\",\"customer\":\"c\",\"request\":\"r\"}";
    let opened = |policy: &str, input: &str, records: &str, event: &[u8]| {
        let arguments = ["run", policy, "--job", "triage_refunds", "--input", input, "--records", records, "--format", "jsonl"];
        let arguments = if records.is_empty() { [&arguments[..6], &arguments[8..]].concat() } else { arguments.to_vec() };
        agentc_in(folder, &arguments, event)
    };
    match kind {
        Kind::Condition => {
            file(folder, "p.agentpolicy", policy(&text));
            agentc_in(folder, &["check", "p.agentpolicy", "--format", "short"], b"")
        }
        Kind::Policy => {
            file(folder, "p.agentpolicy", text);
            agentc_in(folder, &["check", "p.agentpolicy", "--format", "short"], b"")
        }
        Kind::Event => {
            file(folder, "input.json", input);
            opened(&example, "input.json", "", format!("{text}\n").as_bytes())
        }
        Kind::Input => {
            file(folder, "input.json", text);
            opened(&example, "input.json", "", b"")
        }
        Kind::Records => {
            file(folder, "input.json", input);
            file(folder, "orders.json", text);
            file(folder, "records.json", "{\"records\":{\"Order\":\"orders.json\"}}");
            opened(&example, "input.json", "records.json", b"")
        }
        Kind::Tools => {
            file(folder, "p.agentpolicy", tools);
            file(folder, "tools.json", text);
            agentc_in(folder, &["check", "p.agentpolicy", "--tools", "tools.json", "--format", "short"], b"")
        }
        Kind::Trace => {
            file(folder, "trace.jsonl", text);
            agentc_in(folder, &["trace", "trace.jsonl"], b"")
        }
        Kind::Artifact => {
            file(folder, "input.json", "{\"a\":\"x\"}");
            file(folder, "p.agentc", artifact(levels));
            agentc_in(folder, &["run", "p.agentc", "--job", "j", "--input", "input.json"], b"")
        }
    }
}

/// Processor time of all processes so far that this one started, in milliseconds, and the most memory that one of them held, in kilobytes.
fn used() -> (i64, i64) {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system counts");
    (usage.user_time().num_milliseconds() + usage.system_time().num_milliseconds(), usage.max_rss())
}

#[test]
fn nothing_nested_takes_long_or_much() {
    let folder = folder("limits");
    let mut wrong = Vec::new();
    let mut table = format!("{:24}{}", "construct", LEVELS.map(|levels| format!("{levels:>24}")).concat());
    for (name, kind, parts) in constructs() {
        let mut line = format!("\n{name:24}");
        for levels in LEVELS {
            let (before, _) = used();
            let ran = run(&folder, &kind, parts, levels);
            let (after, memory) = used();
            let took = after - before;
            let said = match (ran.code, ran.both().contains("deep")) {
                (Some(0), _) => "fine",
                (_, true) => "too deep",
                (_, false) => "refused",
            };
            line.push_str(&format!("{:>24}", format!("{said}, {took} ms")));
            if took > TIME {
                wrong.push(format!("{name}, {levels} levels: {took} ms"));
            }
            // The count is of the largest so far: the first beyond the bound is named.
            if memory > MEMORY {
                wrong.push(format!("{name}, {levels} levels: {} MB, or a process before it", memory / 1024));
            }
            // What stands side by side is long and not deep.
            let is_row = matches!(name, "text escapes" | "pattern, choices") || parts[1].contains('#');
            if levels == 20_000 && !is_row && ran.code == Some(0) {
                wrong.push(format!("{name}: 20,000 levels are taken"));
            }
            if levels == 10 && ran.both().contains("nested too deeply") {
                wrong.push(format!("{name}: ten levels are too many"));
            }
            if ran.code != Some(0) && ran.both().trim().is_empty() {
                wrong.push(format!("{name}, {levels} levels: refused without a word"));
            }
        }
        table.push_str(&line);
    }
    println!("{table}\n\nthe most memory of one process: {} MB", used().1 / 1024);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
