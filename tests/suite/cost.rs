//! The worst case that the compiler prints of a policy is one: no decision takes more steps, and policies driven to their worst take nearly
//! as many.

use agentc_compiler::cost::{Cost, OTHER, World, cost};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::event::{Event, EventKind};
use agentc_runtime::policy::Policy;
use agentc_runtime::program::Program;
use agentc_tests::both::Both;
use agentc_tests::corpus::{Sound, all, compiled, library};
use agentc_tests::generate::Story;
use agentc_tests::native::Native;
use agentc_tests::pool::Pool;

/// The bound of a call, by the names that events use.
fn bound(cost: &Cost, program: &Program, job: &str, verb: &str) -> Option<u64> {
    let named =
        |shape: &&agentc_runtime::program::VerbShape| shape.wire == verb || format!("{}.{}", shape.tool, shape.wire) == verb;
    let shape = program.verbs.iter().find(named)?;
    let job = cost.jobs.iter().find(|known| known.job == job)?;
    let name = format!("{}.{}", shape.tool, shape.name);
    let listed = job.verbs.iter().find(|known| known.verb == name);
    listed.or_else(|| job.verbs.iter().find(|known| known.verb == OTHER)).map(|known| known.steps)
}

/// What generated events hold at most.
const GENERATED: World = World { items: 64, bytes: 300, calls: 60 };

#[test]
fn no_decision_of_any_story_takes_more_steps_than_are_printed() {
    let (mut judged, mut nearest) = (0_u32, 0_u64);
    for sound in all().into_iter().filter_map(|path| compiled(&path).ok()) {
        let policy = sound.policy();
        let worst = cost(&sound.program, GENERATED);
        let pool = Pool::of(&policy, &sound.typed);
        if pool.openings.is_empty() {
            continue;
        }
        for seed in 0..4 {
            let mut both = Both::new(&policy, &sound.typed);
            let told = Story::new(&sound.typed, &pool, seed).tell(&mut both, 24);
            for (verb, job, steps) in replayed(&policy, told.events) {
                let Some(most) = bound(&worst, &sound.program, &job, &verb) else {
                    assert_eq!(steps, 0, "{}: `{verb}` is judged and has no bound", named(&sound));
                    continue;
                };
                assert!(u64::from(steps) <= most, "{}, {job}, {verb}: {steps} steps, at most {most} are said", named(&sound));
                judged += u32::from(steps > 0);
                nearest = nearest.max(u64::from(steps) * 100 / most.max(1));
            }
        }
    }
    assert!(judged > 1_000, "only {judged} calls were judged");
    assert!(nearest >= 40, "no decision took more than {nearest} % of what is said");
}

fn named(sound: &Sound) -> &str {
    &sound.name
}

/// The calls of a story: verb, job, and the steps that judging it took.
fn replayed(policy: &Policy, events: Vec<(String, Event)>) -> Vec<(String, String, u32)> {
    let mut native = Native::new(policy);
    let mut runs = std::collections::BTreeMap::new();
    let mut steps = Vec::new();
    for (name, event) in events {
        if let EventKind::Open(open) = &event.kind {
            if let (Some(run), _) = native.open(&event) {
                runs.insert(name, (run, open.job.to_string()));
            }
            continue;
        }
        let Some((run, job)) = runs.get(&name) else { continue };
        native.send(*run, &event);
        if let EventKind::Call(call) = &event.kind {
            steps.push((call.verb.to_string(), job.clone(), native.steps));
        }
    }
    steps
}

/// Policies with the arguments that make their one rule walk everything: nothing is found before the end.
const DRIVEN: [(&str, &str, &str); 9] = [
    ("a loop", "n: List<Int>", "any x in n: x > 5"),
    ("a loop in a loop", "n: List<Int>", "any x in n: any y in n: x + y > 5"),
    ("three loops", "n: List<Int>", "any x in n: any y in n: any z in n: x + y + z > 5"),
    ("counts", "n: List<Int>", "count(x in n: x > 5) + sum(x in n: x) > 5"),
    ("pairs", "n: List<Int>, m: List<Int>", "not (all (x, y) in zip(n, m): x + y < 5 and x < 5)"),
    ("membership", "n: List<Int>, m: List<Int>", "any x in n: x + 7 in m"),
    ("a function", "n: List<Int>", "any x in n: twice(x) > 5"),
    ("texts", "t: List<Text>", "any x in t: x matches \"(ab|ba)*c\" or text.lower(x) == \"c\""),
    ("words", "s: Text", "any x in text.words(s): text.length(x) > 5000"),
];

#[test]
fn policies_driven_to_their_worst_take_no_more_steps_than_are_printed() {
    let world = World { items: 60, bytes: 320, calls: 1 };
    for (name, params, condition) in DRIVEN {
        let text = format!(
            "policy a.b {{ version \"1\" }}\nfn twice(x: Int) -> Int = x + x\ntool t {{ write w({params}) {{ irreversible }} }}\n\
             job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w\n never found on t.w when {condition}\n}}\n"
        );
        let root = SourceFile { name: "p.agentpolicy".into(), text };
        let program =
            agentc_compiler::compile(root, &NoFiles, &library()).into_program().unwrap_or_else(|error| panic!("{name}: {error}"));
        let most = cost(&program, world).jobs[0].verbs[0].steps;
        let policy = Policy::new(program, &library()).expect("it loads");
        let mut native = Native::new(&policy);
        let at = "\"at\":\"2026-05-04T10:00:00Z\"";
        let open = format!(r#"{{"event":"open","run":"r","job":"j","agent":{{"id":"a","roles":[]}},"input":{{"a":"x"}},{at}}}"#);
        let (run, _) = native.open(&Event::read(open.as_bytes()).expect("it is an event"));
        let numbers = vec!["0"; 60].join(",");
        let texts = vec![format!("\"{}\"", "ab".repeat(160)); 60].join(",");
        let words = "a ".repeat(160);
        let args: Vec<String> = params
            .split(", ")
            .map(|param| {
                let (name, ty) = param.split_once(": ").expect("a parameter has a type");
                match ty {
                    "List<Int>" => format!("\"{name}\":[{numbers}]"),
                    "List<Text>" => format!("\"{name}\":[{texts}]"),
                    _ => format!("\"{name}\":\"{words}\""),
                }
            })
            .collect();
        let call = format!(r#"{{"event":"call","id":"c","verb":"w","args":{{{}}},{at}}}"#, args.join(","));
        let answer = native.send(run.expect("it opens"), &Event::read(call.as_bytes()).expect("it is an event"));
        let steps = u64::from(native.steps);
        assert_eq!(answer.outcome.name(), "allow", "{name}: {}", answer.person);
        assert!(steps <= most, "{name}: {steps} steps, at most {most} are said");
        // What a library function makes is known by its size only, so that there the bound is wide.
        let wide = if matches!(name, "words" | "texts") { 2_000 } else { 4 };
        assert!(steps * wide >= most, "{name}: {steps} steps, and {most} are said");
    }
}

/// Each calls the one before it twice: whatever is printed, the decision ends and allows nothing.
#[test]
fn a_cost_without_a_bound_is_called_so() {
    let functions: String = (1..40).map(|at| format!("fn f{at}(x: Int) -> Int = f{0}(x) + f{0}(x)\n", at - 1)).collect();
    let text = format!(
        "policy a.b {{ version \"1\" }}\nfn f0(x: Int) -> Int = x\n{functions}tool t {{ write w(x: Int) {{ irreversible }} }}\n\
         job j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w when f39(x) == 1\n}}\n"
    );
    let root = SourceFile { name: "p.agentpolicy".into(), text };
    let program = agentc_compiler::compile(root, &NoFiles, &library()).into_program().expect("it compiles");
    let worst = cost(&program, World::default());
    assert!(worst.jobs[0].verbs[0].steps > worst.most_steps);
    assert!(worst.text().contains("> 2000000"), "{}", worst.text());
}

/// The steps that allowing a call of the first verb takes, where each of so many other verbs has a limit of its own.
fn steps_beside_limits(others: usize) -> u32 {
    let verbs: String = (0..others).map(|at| format!("write w{at}(x: Int) {{ irreversible }}\n")).collect();
    let limits: String =
        (0..others).map(|at| format!("limit l{at} on t.w{at}: sum(x) <= {at} per run by x else deny\n")).collect();
    let text = format!(
        "policy a.b {{ version \"1\" }}\ntool t {{ write w(x: Int) {{ irreversible }}\n{verbs}}}\njob j {{ purpose \"x\"\n input {{ a: Text }}\n allow write t.w\n \
         limit own on t.w: sum(x) <= 9 per run else deny\n{limits}}}\n"
    );
    let root = SourceFile { name: "p.agentpolicy".into(), text };
    let program = agentc_compiler::compile(root, &NoFiles, &library()).into_program().expect("it compiles");
    let policy = Policy::new(program, &library()).expect("it loads");
    let mut native = Native::new(&policy);
    let at = "\"at\":\"2026-05-04T10:00:00Z\"";
    let open = format!(r#"{{"event":"open","run":"r","job":"j","agent":{{"id":"a","roles":[]}},"input":{{"a":"x"}},{at}}}"#);
    let (run, _) = native.open(&Event::read(open.as_bytes()).expect("it is an event"));
    let call = format!(r#"{{"event":"call","id":"c","verb":"w","args":{{"x":1}},{at}}}"#);
    let answer = native.send(run.expect("it opens"), &Event::read(call.as_bytes()).expect("it is an event"));
    assert_eq!(answer.outcome.name(), "allow", "{}", answer.person);
    native.steps
}

#[test]
fn limits_of_other_verbs_cost_a_call_nothing() {
    let none = steps_beside_limits(0);
    assert!(none > 0);
    assert_eq!(steps_beside_limits(300), none);
}
