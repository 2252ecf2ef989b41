//! Proofs: the corpus of `tests/proofs` has the verdicts that its files say, and every run that refutes one is confirmed by the reference
//! evaluator; random policies over small domains have the verdicts that trying every call gives; Z3 agrees on every obligation.

use agentc::testing::run_test;
use agentc_compiler::Compiled;
use agentc_compiler::prove::{Counterexample, Proved, Verdict, WATCH, scripts, watched};
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::{PropertyKind, SourceFile, Typed};
use agentc_runtime::answer::Outcome;
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use agentc_tests::both::Both;
use agentc_tests::brute;
use agentc_tests::chance::Chance;
use agentc_tests::corpus::{library, policies_below, repository};
use agentc_tests::oracle::world::World;
use agentc_tests::small;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

fn compiled(name: &str, text: &str) -> Compiled {
    let root = SourceFile { name: name.to_owned(), text: text.to_owned() };
    agentc_compiler::compile(root, &NoFiles, &library())
}

/// The policy, whatever became of its proofs.
fn typed(compiled: &Compiled) -> &Typed {
    let said: Vec<&str> =
        compiled.diagnostics.iter().filter(|found| found.is_error()).map(|found| found.message.as_str()).collect();
    compiled.typed.as_ref().or(compiled.asked.as_ref()).unwrap_or_else(|| panic!("it compiles: {said:?}"))
}

/// What the comments of a file say of the proofs below them: name and verdict, and for undecided ones the expression in the way.
fn expected(text: &str) -> Vec<(String, String, Option<String>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for pair in lines.windows(2) {
        let Some(comment) = pair[0].strip_prefix("// ") else { continue };
        let Some(rest) = pair[1].strip_prefix("prove \"") else { continue };
        let (verdict, why) = match comment.split_once(": ") {
            Some((verdict, why)) => (verdict, Some(why.to_owned())),
            None => (comment, None),
        };
        let name = rest.split_once('"').expect("a name ends").0;
        found.push((name.to_owned(), verdict.to_owned(), why));
    }
    found
}

/// The verdict of a proof is the worst of its statements'.
fn verdict<'p>(proved: &'p [Proved], name: &str) -> &'p Proved {
    let all: Vec<&Proved> = proved.iter().filter(|one| one.name == name).collect();
    let worst = |word: &str| all.iter().find(|one| one.verdict.name() == word).copied();
    worst("refuted").or_else(|| worst("undecided")).or_else(|| worst("holds")).unwrap_or_else(|| panic!("`{name}` is proved"))
}

#[test]
fn every_proof_of_the_corpus_has_its_verdict() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for path in policies_below(&repository().join("tests/proofs")) {
        let text = fs::read_to_string(&path).expect("it can be read");
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let compiled = compiled(&name, &text);
        let typed = typed(&compiled);
        let wanted = expected(&text);
        assert_eq!(wanted.len(), typed.proofs.len(), "{name}: each proof says its verdict in the line above");
        for (proof, verdict_wanted, why) in wanted {
            *counts.entry(verdict_wanted.clone()).or_default() += 1;
            let found = verdict(&compiled.proofs, &proof);
            if found.verdict.name() != verdict_wanted {
                wrong.push(format!("{name}: `{proof}` is {}, not {verdict_wanted}", found.verdict.name()));
            }
            if let (Verdict::Undecided(obstacle), Some(why)) = (&found.verdict, why) {
                let file = &typed.files[obstacle.loc.file.index()];
                let text = obstacle.loc.span.text(&file.text);
                if text != why {
                    wrong.push(format!("{name}: `{proof}` is undecided for `{text}`, not for `{why}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all: usize = counts.values().sum();
    assert!(all >= 80 && counts["holds"] >= 35 && counts["refuted"] >= 35 && counts["undecided"] >= 2, "{counts:?}");
}

/// What the reference evaluator says of a run that refutes a statement: the same answers, and the statement's condition holds.
fn confirm(typed: &Typed, proved: &Proved, found: &Counterexample) -> Result<(), String> {
    let property = &typed.proofs[proved.proof as usize].statements[proved.statement as usize];
    let watched = watched(typed, property, found.verb);
    let mut world = World::new(&watched);
    let (first, rest) = found.events.split_first().expect("a run is opened");
    let run = world.open(first).ok_or("the run is not opened")?;
    let mut last = None;
    for (event, answer) in rest.iter().zip(&found.answers[1..]) {
        let said = world.send(run, event).said.answer.clone();
        if said.outcome.name() != answer {
            return Err(format!("{}: {} instead of {answer}", event.to_json(), said.outcome.name()));
        }
        last = Some(said);
    }
    let last = last.ok_or("nothing was asked")?;
    let conditioned = matches!(
        &property.kind,
        PropertyKind::NeverAllow { condition: Some(_), .. }
            | PropertyKind::AlwaysAllow { condition: Some(_), .. }
            | PropertyKind::NeedsApproval { condition: Some(_), .. }
    );
    if conditioned && last.shadow.iter().all(|fired| fired.rule != WATCH) {
        return Err("the condition does not hold".to_owned());
    }
    let allowed = matches!(last.outcome, Outcome::Allow(_));
    let shows = match property.kind {
        PropertyKind::AlwaysAllow { .. } => !allowed,
        _ => allowed,
    };
    if shows { Ok(()) } else { Err(format!("it ends in {}", last.outcome.name())) }
}

#[test]
fn the_reference_evaluator_confirms_every_refutation() {
    let mut confirmed = 0;
    let mut wrong = Vec::new();
    for path in policies_below(&repository().join("tests/proofs")) {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let compiled = compiled(&name, &fs::read_to_string(&path).expect("it can be read"));
        for proved in &compiled.proofs {
            if let Verdict::Refuted(found) = &proved.verdict {
                confirmed += 1;
                if let Err(why) = confirm(typed(&compiled), proved, found) {
                    wrong.push(format!("{name}: {}: {why}\n  {}", proved.name, found.told.join("\n  ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(confirmed >= 35, "only {confirmed} runs were confirmed");
}

/// What refutes a statement is printed as a `test`: pasted into the policy it parses, compiles, and ends as it says in both evaluators.
#[test]
fn every_refutation_can_be_pasted_as_a_test() {
    let (mut pasted, mut wrong) = (0, Vec::new());
    for path in policies_below(&repository().join("tests/proofs")) {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("it can be read");
        let before = compiled(&name, &text);
        let mut with_tests = text.clone();
        let mut refuted = Vec::new();
        for proved in &before.proofs {
            let Verdict::Refuted(found) = &proved.verdict else { continue };
            let Some(test) = &found.test else {
                wrong.push(format!("{name}: {}: no test says it\n  {}", proved.name, found.told.join("\n  ")));
                continue;
            };
            with_tests.push_str(&format!("\n{}\n", test.join("\n")));
            refuted.push((proved, found, test));
        }
        let policy = without_proofs(&with_tests);
        let after = compiled(&name, &policy);
        let said: Vec<&str> = after.diagnostics.iter().filter(|one| one.is_error()).map(|one| one.message.as_str()).collect();
        if !said.is_empty() {
            wrong.push(format!("{name}: {}", said.join("\n")));
            continue;
        }
        let typed = after.typed.as_ref().expect("there is no error");
        let runtime = Policy::new(after.program.clone().expect("there is no error"), &library()).expect("it loads");
        let tests = &typed.tests[typed.tests.len() - refuted.len()..];
        for ((proved, found, block), test) in refuted.into_iter().zip(tests) {
            pasted += 1;
            let mut both = Both::new(&runtime, typed);
            let ran = run_test(typed, test, &mut both);
            let decided = ran.log.iter().rev().find(|(event, _)| event.get("event").and_then(Json::as_text) != Some("result"));
            let by = |answer: &Json| answer.get("by").and_then(|by| by.get("rule")).and_then(Json::as_text).map(str::to_owned);
            let ends = decided.map(|(_, answer)| {
                (answer.get("outcome").and_then(Json::as_text).unwrap_or_default().to_owned(), by(answer).unwrap_or_default())
            });
            if ran.mismatch.is_some() || ends != Some((found.outcome.to_owned(), found.by.clone())) {
                let why = ran.mismatch.map(|mismatch| mismatch.message);
                wrong.push(format!("{name}: {}: {why:?}, {ends:?}\n  {}", proved.name, block.join("\n  ")));
            }
            both.agree(&name);
        }
    }
    assert!(wrong.is_empty(), "{} of {pasted}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pasted >= 35, "only {pasted} tests were pasted");
}

/// The policy without its `prove` blocks, each of which ends at a brace of its own.
fn without_proofs(text: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.lines() {
        inside |= line.starts_with("prove ");
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= line != "}" && !(line.starts_with("prove ") && line.ends_with('}'));
    }
    kept
}

/// Policies in the run of CI; `AGENTC_POLICIES` tries more of them, such as 20000.
const POLICIES: usize = 250;

#[test]
fn random_policies_have_the_verdicts_of_trying_every_call() {
    let wanted = std::env::var("AGENTC_POLICIES").ok().and_then(|number| number.parse().ok()).unwrap_or(POLICIES);
    let halves = [0, 1].map(|half| (half..wanted).step_by(2));
    let told: Vec<(BTreeMap<String, usize>, Vec<String>)> = std::thread::scope(|scope| {
        let threads = halves.map(|half| scope.spawn(move || compare(half)));
        threads.map(|thread| thread.join().expect("nothing panics")).into_iter().collect()
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (found, lines) in told {
        found.into_iter().for_each(|(name, times)| *counts.entry(name).or_default() += times);
        wrong.extend(lines);
    }
    println!("{wanted} policies: {counts:?}");
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.iter().take(3).cloned().collect::<Vec<_>>().join("\n\n"));
    for form in ["never", "without approval", "always", "needs"] {
        for verdict in ["holds", "refuted"] {
            let times = counts.get(&format!("{form} {verdict}")).copied().unwrap_or(0);
            assert!(times * 100 >= wanted, "{form} {verdict} only {times} times: {counts:?}");
        }
    }
    let undecided: usize = counts.iter().filter(|(name, _)| name.ends_with("undecided")).map(|(_, times)| times).sum();
    assert_eq!(undecided, 0, "small domains are decided: {counts:?}");
}

fn compare(seeds: impl Iterator<Item = usize>) -> (BTreeMap<String, usize>, Vec<String>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for seed in seeds {
        let mut chance = Chance::new(seed as u64);
        let small = small::policy(&mut chance, 3, 8);
        let compiled = compiled("small.agentpolicy", &small.text());
        let typed = typed(&compiled);
        let tried = brute::try_every_call(&small);
        for (at, statement) in small.statements.iter().enumerate() {
            let found = verdict(&compiled.proofs, &format!("p{at}"));
            *counts.entry(format!("{} {}", statement.form(), found.verdict.name())).or_default() += 1;
            let truth = if tried[at].is_some() { "refuted" } else { "holds" };
            if found.verdict.name() != truth {
                let call = tried[at].clone().unwrap_or_default();
                let run = match &found.verdict {
                    Verdict::Refuted(found) => found.told.join("\n"),
                    _ => String::new(),
                };
                wrong.push(format!(
                    "seed {seed}: p{at} is {}, not {truth} {call}\n{run}\n{}",
                    found.verdict.name(),
                    small.text()
                ));
            }
            if let Verdict::Refuted(run) = &found.verdict
                && let Err(why) = confirm(typed, found, run)
            {
                wrong.push(format!("seed {seed}: p{at}: the reference evaluator says: {why}\n{}", small.text()));
            }
        }
    }
    (counts, wrong)
}

/// Every obligation of the corpus and of 500 larger random policies, as SMT-LIB, given to Z3. In a command of its own because it needs Z3:
/// `cargo test -p agentc-tests --test suite -- --ignored z3`.
#[test]
#[ignore = "needs z3"]
fn z3_agrees_on_every_obligation() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut texts: Vec<(String, String)> = policies_below(&repository().join("tests/proofs"))
        .into_iter()
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("it can be read")))
        .collect();
    for seed in 0..500_u64 {
        let mut chance = Chance::new(seed.wrapping_add(1_000_000));
        texts.push((format!("random {seed}"), small::policy(&mut chance, 12, 24).text()));
    }
    for (name, text) in texts {
        let kind = if name.starts_with("random") { "random" } else { "corpus" };
        let compiled = compiled("p.agentpolicy", &text);
        for script in scripts(typed(&compiled)) {
            let Some(text) = &script.text else {
                *counts.entry(format!("{kind}: not written")).or_default() += 1;
                continue;
            };
            let said = z3(text);
            *counts.entry(format!("{kind}: we {}, z3 {said}", script.status)).or_default() += 1;
            let agree = said == script.status || script.status == "unknown" || said == "unknown" || said == "timeout";
            if !agree {
                wrong.push(format!("{name}, proof {}, {}: we {}, z3 {said}\n{text}", script.proof, script.verb, script.status));
            }
        }
    }
    println!("{counts:#?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let decided: usize =
        counts.iter().filter(|(name, _)| !name.contains("unknown") && !name.contains("timeout")).map(|(_, n)| n).sum();
    let all: usize = counts.values().sum();
    assert!(decided * 100 >= all * 95 && all >= 1_000, "{counts:?}");
}

fn z3(script: &str) -> String {
    let mut child = Command::new("z3")
        .args(["-in", "-T:20"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("z3 is installed: apt-get install z3");
    child.stdin.take().expect("it reads").write_all(script.as_bytes()).expect("it takes the script");
    let out = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&out.stdout);
    said.lines().last().unwrap_or_default().to_owned()
}
