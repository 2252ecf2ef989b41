//! What a pipeline holds in its hands: SARIF, annotations, denied warnings, coverage, the GitHub action and the pre-commit hooks.

use crate::support::{agentc_in, file, finish, folder, repository};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{read_to_string, write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A policy with an error in line 3, and one with a warning only.
const WRONG: &str = "policy acme.wrong { version \"1\" }\n\nuse std.riks\n";
const WARNED: &str = "policy acme.warned { version \"1\" }\nenum E { a, b }\nlet x = match 1 { _ => 2, 1 => 3 }\n\
                      job j { purpose \"Nothing at all.\" }\n";

#[test]
fn sarif_is_valid_and_points_at_the_place() {
    let folder = folder("pipeline_sarif");
    std::fs::create_dir_all(folder.join("a folder")).expect("it can be written");
    file(&folder, "a folder/wrong.agentpolicy", WRONG);
    file(&folder, "warned.agentpolicy", WARNED);
    let ran = agentc_in(&folder, &["check", "--format", "sarif", "."], b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    let log: Value = serde_json::from_str(&ran.out).expect("SARIF is JSON");
    let validator = jsonschema::validator_for(&schema()).expect("the schema is one");
    let problems: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(problems, Vec::<String>::new());

    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("a list of results");
    let wrong = results.iter().find(|result| result["level"] == "error").expect("one is an error");
    let place = &wrong["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20folder/wrong.agentpolicy");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&Value::from(3), &Value::from(5)));
    assert_eq!((&place["region"]["endLine"], &place["region"]["endColumn"]), (&Value::from(3), &Value::from(13)));
    assert!(wrong["message"]["text"].as_str().expect("a text").contains("help: "), "{wrong}");
    assert!(results.iter().any(|result| result["level"] == "warning"), "{results:?}");
    // Each result's rule is the one at its index, with its page.
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
        let rule = &run["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().expect("a page").contains("## Right"), "{rule}");
    }
    // A log of nothing is valid too.
    let ran = agentc_in(&repository(), &["check", "--format", "sarif", "examples/refunds/refunds.agentpolicy"], b"");
    assert!(validator.is_valid(&serde_json::from_str(&ran.out).expect("SARIF is JSON")), "{}", ran.out);
    // And one that is none is found out.
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{ "tool": {} }] })));
}

/// The published schema, as the package that writes the format carries it.
fn schema() -> Value {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--offline"]).current_dir(repository());
    let ran = finish(command, b"");
    let metadata: Value = serde_json::from_str(&ran.out).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("agentc depends on it");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let text = read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the schema is there");
    // As published, one pattern of it has a bracket too many, and is no regular expression.
    let wrong = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert!(text.contains(wrong));
    serde_json::from_str(&text.replace(wrong, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$")).expect("the schema is JSON")
}

#[test]
fn annotations_have_the_file_the_line_and_the_column() {
    let folder = folder("pipeline_github");
    file(&folder, "wrong.agentpolicy", WRONG);
    let ran = agentc_in(&folder, &["check", "--format", "github", "./wrong.agentpolicy"], b"");
    assert_eq!(ran.code, Some(1));
    let first = ran.out.lines().next().expect("an annotation");
    assert!(first.starts_with("::error file=wrong.agentpolicy,line=3,endLine=3,col=5,endColumn=13,title=AP"), "{first}");
    assert!(first.contains("::") && first.contains("%0Ahelp: "), "{first}");
    assert!(ran.out.lines().all(|line| line.starts_with("::")), "{}", ran.out);
}

#[test]
fn denied_warnings_refuse_a_policy() {
    let folder = folder("pipeline_deny");
    file(&folder, "warned.agentpolicy", WARNED);
    let allowed = agentc_in(&folder, &["check", "warned.agentpolicy"], b"");
    assert_eq!(allowed.code, Some(0), "{}", allowed.both());
    assert!(allowed.out.contains("warned.agentpolicy: ok, "), "{}", allowed.out);
    let denied = agentc_in(&folder, &["check", "--deny", "warnings", "warned.agentpolicy"], b"");
    assert_eq!(denied.code, Some(1));
    assert!(denied.out.contains("warned.agentpolicy: refused for its warnings, "), "{}", denied.out);
    let tested = agentc_in(&folder, &["test", "--deny", "warnings", "warned.agentpolicy"], b"");
    assert_eq!(tested.code, Some(1));
    assert!(tested.err.contains("warning[AP"), "{}", tested.err);
}

/// A policy whose tests show some outcomes of each kind of rule and leave out others.
const COVERED: &str = r#"policy acme.covered { version "1" }
role lead
tool desk on mcp "desk" {
  read  look(id: Text)
  write close(id: Text, cost: Money(USD)) { changes nothing; irreversible }
}
job work {
  input { who: Text }
  allow read desk.look
  allow small on write desk.close when cost <= 90 USD
  never strange on desk.close when id == "x"
  never unseen on desk.close when id == "y"
  gate large on desk.close when cost > 50 USD { approvers role lead }
  gate quiet on desk.close when cost > 80 USD { approvers role lead }
  limit twice on desk.close: count() <= 2 per run else deny
  limit often: count() <= 40 per run else deny
  escalate lost when (run.confidence ?? 1) < 0.5
}
test "some" {
  job work
  input { who: "me" }
  call desk.close(id: "x", cost: 1 USD)  expect deny by strange
  call desk.close(id: "a", cost: 60 USD) expect approval by large
  approve large by "ann" as lead         expect allow
  call desk.close(id: "b", cost: 1 USD)  expect allow
  call desk.close(id: "c", cost: 1 USD)  expect deny by twice
}
"#;

#[test]
fn coverage_names_what_no_test_shows_with_its_line() {
    let folder = folder("pipeline_coverage");
    file(&folder, "p.agentpolicy", COVERED);
    let ran = agentc_in(&folder, &["test", "--coverage", "p.agentpolicy"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let report: Vec<&str> = ran.out.lines().skip(3).collect();
    assert_eq!(
        report,
        [
            "p.agentpolicy:9: allow `allow_look`: no test reaches it",
            "    allow read desk.look",
            "p.agentpolicy:10: allow `small`: no test in which it does not hold",
            "    allow small on write desk.close when cost <= 90 USD",
            "p.agentpolicy:12: never `unseen`: never fires",
            "    never unseen on desk.close when id == \"y\"",
            "p.agentpolicy:14: gate `quiet`: never asks, never approved",
            "    gate quiet on desk.close when cost > 80 USD { approvers role lead }",
            "p.agentpolicy:16: limit `often`: never reached",
            "    limit often: count() <= 40 per run else deny",
            "p.agentpolicy:17: escalate `lost`: never fires",
            "    escalate lost when (run.confidence ?? 1) < 0.5",
            "coverage: 4 of 9 rules fire (44%), 12 of 19 outcomes are shown (63%)",
        ]
    );
    // The least is held against the outcomes, rounded down.
    let code = |min: &str| agentc_in(&folder, &["test", "--coverage", "--min", min, "p.agentpolicy"], b"").code;
    assert_eq!((code("63"), code("64")), (Some(0), Some(1)));
    let ran = agentc_in(&folder, &["test", "--min", "5", "p.agentpolicy"], b"");
    assert_eq!(ran.code, Some(2), "without --coverage it means nothing");
}

#[test]
fn a_gate_that_a_limit_asks_by_is_covered() {
    let folder = folder("pipeline_coverage_gate");
    let beyond = "limit often: count() <= 40 per run else deny";
    let policy = COVERED.replace(beyond, "limit often on desk.close: count() <= 1 per run else gate quiet");
    file(&folder, "p.agentpolicy", policy.replace(
        "call desk.close(id: \"b\", cost: 1 USD)  expect allow\n",
        "call desk.close(id: \"b\", cost: 1 USD)  expect approval by quiet\n  approve quiet by \"ann\" as lead expect allow\n",
    ));
    let ran = agentc_in(&folder, &["test", "--coverage", "p.agentpolicy"], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.both());
    assert!(!ran.out.contains("gate `quiet`"), "it was asked, not asked and approved: {}", ran.out);
}

#[test]
fn layout_and_what_is_too_little_are_annotated() {
    let folder = folder("pipeline_annotated");
    file(&folder, "p.agentpolicy", COVERED);
    assert_eq!(agentc_in(&folder, &["fmt", "p.agentpolicy"], b"").code, Some(0));
    let neat = read_to_string(folder.join("p.agentpolicy")).expect("it was written");
    file(&folder, "p.agentpolicy", neat.replace("job work {", "job   work {"));
    let line = neat.lines().position(|line| line == "job work {").expect("it is there") + 1;
    let ran = agentc_in(&folder, &["fmt", "--check", "--format", "github", "p.agentpolicy"], b"");
    assert_eq!(ran.code, Some(1));
    let wanted =
        format!("::error file=p.agentpolicy,line={line},title=fmt::not formatted: is `job   work {{`, would be `job work {{`");
    assert!(ran.out.starts_with(&wanted), "{}", ran.out);
    file(&folder, "p.agentpolicy", "policy p { version \"1\"\njob\n");
    let ran = agentc_in(&folder, &["fmt", "--check", "--format", "github", "p.agentpolicy"], b"");
    assert!(ran.code == Some(1) && ran.out.starts_with("::error file=p.agentpolicy,line="), "{}", ran.both());
    file(&folder, "p.agentpolicy", COVERED);
    let ran = agentc_in(&folder, &["test", "--format", "github", "--coverage", "--min", "64", "p.agentpolicy"], b"");
    let wanted = "::error title=coverage::coverage is 63%25, and 64%25 is the least that is wanted";
    assert!(ran.code == Some(1) && ran.out.lines().any(|line| line == wanted), "{}", ran.both());
    file(&folder, "p.agentpolicy", COVERED.replace("expect deny by strange", "expect allow"));
    let ran = agentc_in(&folder, &["test", "--format", "github", "p.agentpolicy"], b"");
    assert!(ran.out.ends_with("::error title=test::1 of 1 test failed\n"), "{}", ran.out);
}

#[test]
fn tests_of_a_policy_with_errors_are_said_not_to_have_run() {
    let folder = folder("pipeline_not_run");
    file(&folder, "p.agentpolicy", COVERED.replace("cost <= 90 USD", "cots <= 90 USD"));
    let ran = agentc_in(&folder, &["test", "p.agentpolicy"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "no test ran: the policy cannot be used\n"), "{}", ran.err);
}

#[test]
fn a_folder_without_a_policy_is_no_green_one() {
    let folder = folder("pipeline_empty");
    std::fs::create_dir_all(folder.join("empty")).expect("a folder is made");
    for arguments in
        [&["check", "empty"][..], &["check", "--format", "sarif", "empty"], &["test", "empty"], &["fmt", "--check", "empty"]]
    {
        let ran = agentc_in(&folder, arguments, b"");
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.both());
        assert!(ran.err.contains("there is no .agentpolicy file in `empty`"), "{arguments:?}: {}", ran.err);
    }
    file(&folder, "empty/roles.agentpolicy", "role lead\n");
    let ran = agentc_in(&folder, &["check", "empty"], b"");
    assert!(ran.code == Some(2) && ran.err.contains("no file in `empty` has a `policy` block"), "{}", ran.both());
}

#[test]
fn coverage_is_written_for_programs() {
    let folder = folder("pipeline_coverage_files");
    file(&folder, "p.agentpolicy", COVERED);
    let arguments = ["test", "--coverage", "--format", "json", "--coverage-file", "c.info", "p.agentpolicy"];
    let ran = agentc_in(&folder, &arguments, b"");
    let document: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert_eq!((&document["passed"], &document["failed"]), (&Value::from(1), &Value::from(0)));
    assert_eq!(document["tests"][0]["name"], "some");
    let coverage = &document["coverage"];
    assert_eq!(coverage["outcomes"], serde_json::json!({ "reached": 12, "all": 19, "percent": 63 }));
    let large = coverage["list"].as_array().expect("a list").iter().find(|rule| rule["rule"] == "large").expect("it is there");
    assert_eq!(
        *large,
        serde_json::json!({
            "file": "p.agentpolicy", "line": 13, "kind": "gate", "rule": "large",
            "outcomes": { "fired": 2, "passed": 1, "approved": 1 }
        })
    );
    let lcov = read_to_string(folder.join("c.info")).expect("it was written");
    for line in ["SF:p.agentpolicy", "DA:12,0", "DA:13,2", "BRDA:14,0,0,0", "LF:9", "LH:4", "BRF:19", "BRH:12", "end_of_record"] {
        assert!(lcov.lines().any(|known| known == line), "{line} is not in\n{lcov}");
    }
    let ran = agentc_in(&folder, &["test", "--coverage", "--format", "github", "p.agentpolicy"], b"");
    let unseen = "::warning file=p.agentpolicy,line=12,title=coverage::never `unseen`: never fires";
    assert!(ran.out.lines().any(|line| line == unseen), "{}", ran.out);
}

#[test]
fn a_failing_test_is_annotated() {
    let folder = folder("pipeline_failing");
    file(&folder, "p.agentpolicy", COVERED.replace("expect deny by strange", "expect allow"));
    let ran = agentc_in(&folder, &["test", "--format", "github", "p.agentpolicy"], b"");
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("::error file=p.agentpolicy,line=22,title=test::some: "), "{}", ran.out);
}

/// What the action does with these inputs in a folder: each step's name, exit code and output, up to the first that fails.
fn act(folder: &Path, inputs: &[(&str, &str)]) -> Vec<(String, Option<i32>, String)> {
    let text = read_to_string(repository().join("action.yml")).expect("the action is there");
    let action: Value = serde_saphyr::from_str(&text).expect("the action is YAML");
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        given.insert(name.clone(), input["default"].as_str().expect("a default is a text").to_owned());
    }
    for (name, value) in inputs {
        assert!(given.insert((*name).to_owned(), (*value).to_owned()).is_some(), "the action has no input `{name}`");
    }
    assert_eq!(action["runs"]["using"], "composite");
    let value = |text: &str| match text.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")) {
        Some(name) => given.get(name).expect("a declared input").clone(),
        None => text.to_owned(),
    };
    let holds = |condition: &str| {
        let (left, right) = condition.split_once(" == ").map_or_else(
            || condition.split_once(" != ").map(|(left, right)| (left, Err(right))).expect("a comparison"),
            |(left, right)| (left, Ok(right)),
        );
        let input = given.get(left.strip_prefix("inputs.").expect("an input")).expect("a declared input");
        let text = |quoted: &str| quoted.trim_matches('\'').to_owned();
        right.map_or_else(|not| *input != text(not), |is| *input == text(is))
    };
    let mut done = Vec::new();
    for step in action["runs"]["steps"].as_array().expect("steps") {
        if step["if"].as_str().is_some_and(|condition| !holds(condition)) {
            continue;
        }
        let script = step["run"].as_str().expect("each step is a script");
        assert!(!script.contains("${{"), "an input in a script could run anything: {script}");
        // As the runner starts a step whose shell is bash.
        assert_eq!(step["shell"], "bash");
        let path = file(folder, "step.sh", script);
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(path).current_dir(folder);
        command.env("AGENTC", env!("CARGO_BIN_EXE_agentc"));
        command.env("GITHUB_ACTION_PATH", repository()).env("GITHUB_PATH", folder.join("path.txt"));
        for (name, text) in step["env"].as_object().into_iter().flatten() {
            command.env(name, value(text.as_str().expect("a text")));
        }
        let ran = finish(command, b"");
        let failed = ran.code != Some(0);
        done.push((step["name"].as_str().expect("a name").to_owned(), ran.code, ran.both()));
        if failed {
            break;
        }
    }
    done
}

fn names(done: &[(String, Option<i32>, String)]) -> Vec<(&str, Option<i32>)> {
    done.iter().map(|(name, code, _)| (name.as_str(), *code)).collect()
}

#[test]
fn the_github_action_runs_its_steps() {
    let folder = folder("pipeline_action");
    file(&folder, "p.agentpolicy", COVERED);
    let formatted = agentc_in(&folder, &["fmt", "."], b"");
    assert_eq!(formatted.code, Some(0), "{}", formatted.both());
    let inputs = [("deny-warnings", "false"), ("sarif-file", "out.sarif"), ("coverage-min", "60")];
    let done = act(&folder, &inputs);
    let all =
        [("Build agentc", Some(0)), ("Write SARIF", Some(0)), ("Check", Some(0)), ("Formatting", Some(0)), ("Test", Some(0))];
    assert_eq!(names(&done), all, "{done:?}");
    let path = read_to_string(folder.join("path.txt")).expect("the path was added to");
    assert!(PathBuf::from(path.trim()).join("agentc").is_file());
    let log: Value = serde_json::from_str(&read_to_string(folder.join("out.sarif")).expect("written")).expect("JSON");
    assert_eq!(log["version"], "2.1.0");

    let done = act(&folder, &[("deny-warnings", "false"), ("coverage-min", "99")]);
    assert_eq!(names(&done).last(), Some(&("Test", Some(1))));
    write(folder.join("p.agentpolicy"), COVERED.replace("role lead\n", "role   lead\n")).expect("written");
    let done = act(&folder, &[("deny-warnings", "false")]);
    assert_eq!(names(&done).last(), Some(&("Formatting", Some(1))));
    let done = act(&folder, &[("deny-warnings", "false"), ("fmt", "false"), ("test", "false")]);
    assert_eq!(names(&done), [("Build agentc", Some(0)), ("Check", Some(0))]);
    file(&folder, "wrong.agentpolicy", WRONG);
    let done = act(&folder, &[("sarif-file", "out.sarif")]);
    assert_eq!(names(&done), [("Build agentc", Some(0)), ("Write SARIF", Some(0)), ("Check", Some(1))], "{done:?}");
    assert!(done.last().expect("one").2.contains("::error file=wrong.agentpolicy,line=3"), "{done:?}");
}

#[test]
fn the_pre_commit_hooks_run() {
    let text = read_to_string(repository().join(".pre-commit-hooks.yaml")).expect("the hooks are there");
    let hooks: Value = serde_saphyr::from_str(&text).expect("the hooks are YAML");
    let hooks = hooks.as_array().expect("a list of hooks");
    let folder = folder("pipeline_hooks");
    file(&folder, "p.agentpolicy", COVERED);
    let ids: Vec<&str> = hooks.iter().map(|hook| hook["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["agentc-fmt", "agentc-check", "agentc-test"]);
    let run = |hook: &Value| {
        // As pre-commit starts a hook of language `script`: the entry below its repository, in the repository that is committed to.
        assert_eq!((&hook["language"], &hook["files"]), (&Value::from("script"), &Value::from("\\.agentpolicy$")));
        let mut words = hook["entry"].as_str().expect("an entry").split(' ');
        let mut command = Command::new(repository().join(words.next().expect("a program")));
        command.args(words).current_dir(&folder).env("AGENTC", env!("CARGO_BIN_EXE_agentc"));
        if hook["pass_filenames"] != false {
            command.arg("p.agentpolicy");
        }
        finish(command, b"")
    };
    let ran: Vec<(Option<i32>, String)> = hooks.iter().map(run).map(|ran| (ran.code, ran.both())).collect();
    assert_eq!(ran[0], (Some(0), "p.agentpolicy: formatted\n".to_owned()));
    assert!(ran[1].1.lines().all(|line| line.contains(": warning[AP")), "{ran:?}");
    assert_eq!(ran[2].0, Some(0), "{ran:?}");
    assert!(ran[2].1.ends_with("1 passed, 0 failed\n"), "{ran:?}");
}

/// A policy whose run escalates by the result of a write, or by its failure.
const RESULTS: &str = r#"policy acme.results { version "1" }
role lead
enum Kind { gas, water }
tool desk {
  record Opened { id: Int }
  read  look() -> Text
  write open(kind: Kind) -> Opened { irreversible }
  write close(id: Int) { irreversible }
}
job work {
  allow read desk.look
  allow write desk.open, desk.close
  gate asked on desk.close when id > 90 { approvers role lead }
  escalate gas_leak when happened(desk.open where args.kind == gas)
  escalate lost when happened(desk.close where args.id > 50)
  on failure broken of desk.open after 1 try escalate
}
"#;

/// What a test with these steps says, beside its name.
fn tested(name: &str, steps: &str) -> (Option<i32>, String) {
    let folder = folder(&format!("pipeline_results_{name}"));
    file(&folder, "p.agentpolicy", format!("{RESULTS}test \"t\" {{\n  job work\n{steps}\n}}\n"));
    let ran = agentc_in(&folder, &["test", "p.agentpolicy"], b"");
    (ran.code, ran.both())
}

#[test]
fn a_test_says_what_a_result_does_to_the_run() {
    let passes = [
        "call desk.open(kind: gas) expect allow returns { id: 9 } expect escalate by gas_leak",
        "call desk.open(kind: water) expect allow returns { id: 9 } expect taken",
        "call desk.open(kind: water) expect allow fails \"no\" expect escalate by broken",
        // A verb without a result is done; one that was asked for is done after its approval.
        "call desk.close(id: 60) expect allow expect escalate by lost",
        "call desk.close(id: 91) expect approval by asked expect escalate by lost\n  approve asked by \"ann\" as lead expect allow",
    ];
    for (number, steps) in passes.iter().enumerate() {
        let (code, said) = tested(&format!("right_{number}"), steps);
        assert_eq!(code, Some(0), "{steps}: {said}");
    }
    let fails = [
        (
            "call desk.open(kind: gas) expect allow returns { id: 9 } expect taken\n  call desk.look() expect deny by closed",
            "expected `taken` of the result, got `escalate by gas_leak`",
        ),
        (
            "call desk.open(kind: water) expect allow returns { id: 9 } expect escalate by gas_leak",
            "expected `escalate by gas_leak` of the result, got `taken`",
        ),
        (
            "call desk.open(kind: gas) expect allow returns { id: 9 } expect escalate by broken",
            "expected `escalate by broken` of the result, got `taken` and `escalate by gas_leak`",
        ),
        ("call desk.open(kind: gas) expect allow expect escalate by gas_leak", "and no result came"),
        ("call desk.close(id: 91) expect approval by asked expect escalate by lost", "and no result came"),
        (
            "call desk.open(kind: gas) expect allow returns { id: 9 }\n  call desk.look() expect allow",
            "the run was escalated before by `gas_leak`",
        ),
    ];
    for (number, (steps, why)) in fails.iter().enumerate() {
        let (code, said) = tested(&format!("wrong_{number}"), steps);
        assert!(code == Some(1) && said.contains(why), "{steps}: {said}");
    }
    let refused = [
        ("call desk.look() expect allow returns \"x\" expect deny", "AP0604]: `deny` is never answered to `result`"),
        ("call desk.look() expect allow returns \"x\" expect taken expect taken", "AP0017"),
    ];
    for (number, (steps, why)) in refused.iter().enumerate() {
        let (code, said) = tested(&format!("refused_{number}"), steps);
        assert!(code == Some(1) && said.contains(why), "{steps}: {said}");
    }
}
