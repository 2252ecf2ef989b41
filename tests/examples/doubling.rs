//! What doubling the input does to the time: `cargo run --release -p agentc-tests --example doubling [NAME…]`.
//!
//! Each shape is measured at n, 2n and 4n, the least of several rounds each, in time of the processor: a machine that does other things too changes
//! it little. Ends with exit code 1 where one doubling more than doubles the
//! time by half again; a shape that is quadratic quadruples it.
#![expect(clippy::expect_used, clippy::arithmetic_side_effects, clippy::panic, reason = "a command for those who work on agentc")]

use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::event::Event;
use agentc_runtime::policy::Policy;
use agentc_tests::corpus::library;
use agentc_tests::native::Native;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The most that the time may grow by where the input doubles.
const MOST: f64 = 3.0;

/// A piece of work of a size; what it is made of is made before the clock starts.
type Work = Box<dyn FnMut()>;

/// Its name, the smallest size, and the work of a size.
type Shape = (&'static str, usize, fn(usize) -> Work);

fn shapes() -> Vec<Shape> {
    vec![
        ("parse: members", 2_000, |n| parse(format!("job j {{\n{}}}\n", "  never a.b when x == 3\n".repeat(n)))),
        ("parse: mistakes", 1_000, |n| parse(format!("job j {{\n{}}}\n", "  never a.b when x = 3\n".repeat(n)))),
        ("parse: a long text", 80_000, |n| parse(format!("let x = \"{}\"\n", "a\\n".repeat(n)))),
        ("parse: open brackets", 20_000, |n| parse("(".repeat(n))),
        ("parse: comments", 8_000, |n| parse("// a comment of some length\n".repeat(n))),
        ("parse: a row", 10_000, |n| parse(format!("let x = true{}\n", " and y".repeat(n)))),
        ("format: members", 500, |n| {
            let text = format!("job j {{\n{}}}\n", "  never a.b when x == 3 and y in [1, 2]\n".repeat(n));
            Box::new(move || drop(agentc_grammar::format::format(&text).expect("it has no mistakes")))
        }),
        ("check: rules", 250, |n| check(rules(n, |at| format!("never r{at} on t.w when x == {at}")))),
        ("check: rules with bounds", 250, |n| {
            check(rules(n, |at| format!("never r{at} on t.w when x > {at} and s == \"v{at}\"")))
        }),
        ("check: limits", 100, |n| check(rules(n, |at| format!("limit l{at} on t.w: count() <= {} per run else deny", at + 1)))),
        ("check: verbs", 250, |n| {
            let verbs: String = (0..n).map(|at| format!("  write w{at}(x: Int) {{ irreversible }}\n")).collect();
            let allows: String = (0..n).map(|at| format!("  allow write t.w{at} when x < {at}\n")).collect();
            check(format!(
                "policy a.b {{ version \"1\" }}\ntool t {{\n{verbs}}}\njob j {{ purpose \"x\"\n input {{ a: Text }}\n{allows}}}\n"
            ))
        }),
        ("check: and, a row", 1_000, |n| {
            check(rules(1, |_| format!("never r on t.w when x == 0{}", " and s == \"a\"".repeat(n))))
        }),
        ("check: or, a row", 1_000, |n| {
            check(rules(1, |_| {
                format!("never r on t.w when x == 0{}", (0..n).map(|at| format!(" or x == {at}")).collect::<String>())
            }))
        }),
        ("check: a long list", 1_000, |n| {
            check(rules(1, |_| format!("never r on t.w when x in [{}0]", (1..n).map(|at| format!("{at}, ")).collect::<String>())))
        }),
        ("check: a block's parts", 10, |n| check(block(n, 50))),
        ("check: a block's rules", 50, |n| check(block(20, n))),
        ("check: lets of lets", 25, |n| check(row(n, |at| format!("let d{at} = d{0} + d{0}\n", at - 1), "let d0 = 1\n"))),
        ("check: functions of functions", 15, |n| {
            check(row(n, |at| format!("fn d{at}(v: Int) -> Int = d{0}(v) + d{0}(v)\n", at - 1), "fn d0(v: Int) -> Int = v\n"))
        }),
        ("check: arms of a match", 500, |n| check(matching(n, |at| format!("{at} => {at}, ")))),
        ("check: alternatives of an arm", 1_000, |n| {
            let others: String = (1..n).map(|at| format!(" | {at}")).collect();
            check(matching(1, |_| format!("0{others} => 1, ")))
        }),
        ("check: lets that nothing uses", 250, |n| {
            let lets: String = (0..n).map(|at| format!("let l{at} = {at}\n")).collect();
            check(format!("{}{lets}", rules(1, |_| "never r on t.w when x == 3".into())))
        }),
        ("check: rules with patterns", 50, |n| check(rules(n, |at| format!("never r{at} on t.w when s matches \"v{at}.*\"")))),
        ("check: gates", 100, |n| {
            let gate = |at: usize| format!("gate g{at} on t.w when x > {at} {{ approvers role a; show x }}");
            check(format!("{}role a\n", rules(n, gate)))
        }),
        ("check: fields of records", 500, |n| {
            let fields: String = (0..n).map(|at| format!("  f{at}: Int\n")).collect();
            check(format!(
                "policy a.b {{ version \"1\" }}\nsource s {{ record R by id {{ id: Text\n{fields} }}\n fetch R by host\n fresh for 1m }}\n\
                 tool t {{ write w(r: Key<R>) {{ irreversible }} }}\n\
                 job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w when r.f0 == 1 }}\n"
            ))
        }),
        ("load: rules", 500, |n| {
            let program = program(rules(n, |at| format!("never r{at} on t.w when x == {at}")));
            let bytes = agentc_runtime::artifact::encode(&program).expect("it can be written");
            Box::new(move || drop(Policy::load(&bytes, &library()).expect("it loads")))
        }),
        ("decide: a loop", 2_000, |n| decide("n: List<Int>", "any v in n: v > 5", format!("\"n\":[{}0]", "0,".repeat(n)))),
        ("decide: pairs", 1_000, |n| {
            let list = format!("[{}0]", "0,".repeat(n));
            decide("n: List<Int>, m: List<Int>", "not (all (v, w) in zip(n, m): v + w < 5)", format!("\"n\":{list},\"m\":{list}"))
        }),
        ("decide: a long text", 50_000, |n| decide("s: Text", "text.lower(s) == \"b\"", format!("\"s\":\"{}\"", "A".repeat(n)))),
        ("decide: a pattern", 20_000, |n| decide("s: Text", "s matches \"(a|aa)*b\"", format!("\"s\":\"{}\"", "a".repeat(n)))),
        ("decide: a pattern of many stars", 5_000, |n| {
            decide("s: Text", "s matches \".*.*.*.*.*x\"", format!("\"s\":\"{}\"", "a".repeat(n)))
        }),
        ("decide: words", 1_000, |n| {
            decide("s: Text", "any v in text.words(s): v == \"b\"", format!("\"s\":\"{}\"", "a ".repeat(n)))
        }),
        ("decide: a path", 500, |n| decide("s: Path", "s under \"/a/b\"", format!("\"s\":\"/{}\"", "c/".repeat(n)))),
        ("read: digits", 20_000, |n| read(format!("{{\"a\":{}}}", "9".repeat(n)))),
        ("read: members", 5_000, |n| {
            read(format!("{{{}\"z\":1}}", (0..n).map(|at| format!("\"m{at}\":{at},")).collect::<String>()))
        }),
        ("read: escapes", 20_000, |n| read(format!("{{\"a\":\"{}\"}}", "\\u00e9".repeat(n)))),
        ("calls of one run", 200, |n| calls(n, 1)),
        ("many runs", 100, |n| calls(1, n)),
    ]
}

fn parse(text: String) -> Work {
    Box::new(move || drop(agentc_grammar::parse::parse(&text)))
}

fn read(text: String) -> Work {
    Box::new(move || drop(agentc_runtime::json::Json::read(text.as_bytes())))
}

fn check(text: String) -> Work {
    let root = SourceFile { name: "p.agentpolicy".into(), text };
    let library = library();
    Box::new(move || {
        let compiled = agentc_compiler::compile(root.clone(), &NoFiles, &library);
        assert!(compiled.program.is_some(), "{:?}", compiled.diagnostics.iter().find(|found| found.is_error()));
    })
}

fn program(text: String) -> agentc_runtime::program::Program {
    let root = SourceFile { name: "p.agentpolicy".into(), text };
    agentc_compiler::compile(root, &NoFiles, &library()).into_program().unwrap_or_else(|error| panic!("{error}"))
}

/// A policy with so many rules beside its allow.
fn rules(count: usize, one: impl Fn(usize) -> String) -> String {
    let rules: String = (0..count).map(|at| format!("  {}\n", one(at))).collect();
    format!(
        "policy a.b {{ version \"1\" }}\ntool t {{ write w(x: Int, s: Text) {{ irreversible }} }}\n\
         job j {{ purpose \"x\"\n input {{ a: Text }}\n  allow write t.w\n{rules}}}\n"
    )
}

/// A policy with one condition of so many parts around so many rules.
fn block(parts: usize, count: usize) -> String {
    let condition: String = (0..parts).map(|at| format!(" and x != {at}")).collect();
    let inside: String = (0..count).map(|at| format!("    never r{at} on t.w when s == \"v{at}\"\n")).collect();
    rules(1, |_| format!("when x > 0{condition} {{\n{inside}  }}"))
}

/// A policy with definitions, each of the one before it.
fn row(count: usize, one: impl Fn(usize) -> String, first: &str) -> String {
    let rows: String = (1..count).map(one).collect();
    let last = if first.starts_with("let") { format!("d{}", count - 1) } else { format!("d{}(x)", count - 1) };
    format!("{}{first}{rows}", rules(1, |_| format!("never r on t.w when {last} == 3")))
}

/// A policy with a `match` of so many arms.
fn matching(count: usize, one: impl Fn(usize) -> String) -> String {
    let arms: String = (0..count).map(one).collect();
    format!("{}fn f(v: Int) -> Int = match v {{ {arms}_ => 0 }}\n", rules(1, |_| "never r on t.w when f(x) == 3".into()))
}

const AT: &str = "\"at\":\"2026-05-04T10:00:00Z\"";

fn event(text: &str) -> Event {
    Event::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn opening(run: usize) -> Event {
    event(&format!(r#"{{"event":"open","run":"r{run}","job":"j","agent":{{"id":"a","roles":[]}},"input":{{"a":"x"}},{AT}}}"#))
}

/// Decides one call whose argument is as large as is asked.
fn decide(params: &str, condition: &str, args: String) -> Work {
    let text = format!(
        "policy a.b {{ version \"1\" }}\ntool t {{ write w({params}) {{ irreversible }} }}\n\
         job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w\n never found on t.w when {condition}\n}}\n"
    );
    let policy = Policy::new(program(text), &library()).expect("it loads");
    let call = format!(r#"{{"event":"call","id":"c","verb":"w","args":{{{args}}},{AT}}}"#);
    Box::new(move || {
        let mut native = Native::new(&policy);
        let (run, _) = native.open(&opening(0));
        let answer = native.send(run.expect("it opens"), &event(&call));
        assert_eq!(answer.outcome.name(), "allow", "{}", answer.person);
    })
}

/// So many calls of each of so many runs.
fn calls(count: usize, runs: usize) -> Work {
    let policy = Policy::new(program(rules(1, |_| "limit l on t.w: count() <= 100000 per run else deny".into())), &library());
    let policy = policy.expect("it loads");
    Box::new(move || {
        let mut native = Native::new(&policy);
        for run in 0..runs {
            let (run, _) = native.open(&opening(run));
            for call in 0..count {
                let text = format!(r#"{{"event":"call","id":"c{call}","verb":"w","args":{{"x":1,"s":"a"}},{AT}}}"#);
                native.send(run.expect("it opens"), &event(&text));
            }
        }
    })
}

/// What this thread has taken of the processor until now; where the system does not say it, the time since the command began.
fn taken(began: Instant) -> Duration {
    // Linux: nanoseconds on the processor, nanoseconds of waiting for it, turns.
    let told = std::fs::read_to_string("/proc/thread-self/schedstat");
    let nanoseconds = told.ok().and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// The least time of several rounds. The system's count moves on some milliseconds at a time, so that a round repeats short work.
fn least(work: &mut Work, began: Instant) -> f64 {
    const ROUND: Duration = Duration::from_millis(60);
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = taken(began);
        let mut times = 0;
        while taken(began) - start < ROUND {
            work();
            times += 1;
        }
        best = best.min((taken(began) - start).as_secs_f64() / f64::from(times));
    }
    best
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let mut code = ExitCode::SUCCESS;
    let began = Instant::now();
    println!("| what | n | at n | at 2n | at 4n | factors |\n|---|---:|---:|---:|---:|---:|");
    for (name, n, work) in shapes() {
        if !asked.is_empty() && !asked.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let times = [n, 2 * n, 4 * n].map(|size| least(&mut work(size), began) * 1e3);
        let [first, second, third] = times;
        let factors = [second / first, third / second];
        // What is over in a fraction of a millisecond is measured too badly to be judged; a curve shows at its upper end.
        let wrong = third > 1.0 && factors[1] > MOST && third / first > MOST * 2.0;
        if wrong {
            code = ExitCode::FAILURE;
        }
        let note = if wrong { " **too much**" } else { "" };
        println!(
            "| {name} | {n} | {first:.2} ms | {second:.2} ms | {third:.2} ms | {:.1}, {:.1}{note} |",
            factors[0], factors[1]
        );
    }
    code
}
