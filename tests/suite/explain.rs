//! `check --explain` of every write of the examples: the tables as snapshots, and each region's run through both evaluators.

use agentc::explained::Explained;
use agentc_compiler::regions::Ends;
use agentc_compiler::typed::{Access, JobId, RuleKind, VerbId};
use agentc_tests::both::Both;
use agentc_tests::corpus::{compiled, library, policies_below, repository};

/// So many lines of a table.
const LINES: usize = 60;

/// Examples whose rules fill minutes of an unoptimised solver: their tables are held by their snapshots alone.
const HARD: [&str; 3] = ["airline.agentpolicy", "banking.agentpolicy", "workspace.agentpolicy"];

#[test]
fn the_regions_of_every_write_of_the_examples() {
    let (mut regions, mut shown) = (0, 0);
    for path in policies_below(&repository().join("examples")) {
        let sound = compiled(&path).unwrap_or_else(|why| panic!("{why}"));
        let policy = sound.policy();
        for (job, decl) in (0..).map(JobId).zip(&sound.typed.jobs) {
            for (verb, shape) in (0..).map(VerbId).zip(&sound.typed.verbs) {
                let allowed = decl.naming(verb).any(|(_, rule)| matches!(rule.kind, RuleKind::Allow { .. }));
                if shape.access != Access::Write || !allowed {
                    continue;
                }
                let table = Explained::new(&sound.typed, job, verb, LINES, None).expect("the job is there");
                let name = format!("{}.{}.{}", path.file_stem().expect("a file").to_string_lossy(), decl.name, shape.name);
                insta::with_settings!({ snapshot_path => "../snapshots/explain", prepend_module_to_snapshot => false, omit_expression => true }, {
                    insta::assert_snapshot!(name.clone(), table.text());
                });
                if HARD.iter().any(|hard| path.ends_with(hard)) {
                    continue;
                }
                let shown_by_runs = Explained::new(&sound.typed, job, verb, LINES, Some(&library())).expect("the job is there");
                for region in shown_by_runs.regions() {
                    regions += 1;
                    let Some(example) = &region.example else { continue };
                    shown += 1;
                    let mut both = Both::new(&policy, &sound.typed);
                    let answers: Vec<_> = example.events.iter().map(|event| both.send(event)).collect();
                    both.agree(&name);
                    let last = answers.last().expect("a run has events");
                    let stopped = answers.iter().find_map(|answer| answer.escalated.as_ref().map(|handoff| &handoff.by.rule));
                    match (region.outcome, stopped) {
                        (Ends::Escalate, Some(rule)) => {
                            assert_eq!(std::slice::from_ref(rule), region.by, "{name}: {:?}", example.told)
                        }
                        (Ends::Pause, _) => assert_eq!(last.outcome.name(), "paused", "{name}: {:?}", example.told),
                        (ends, _) => assert_eq!(last.outcome.name(), ends.word(), "{name}: {:?}", example.told),
                    }
                    if let (Ends::Deny | Ends::Allow, Some(by)) = (region.outcome, &last.by) {
                        assert_eq!(std::slice::from_ref(&by.rule), region.by, "{name}: {:?}", example.told);
                    }
                }
            }
        }
    }
    println!("{regions} regions, {shown} of them with a run that both evaluators confirm");
    // The others need many earlier calls, an unanswered record, or a function that is not decided exactly.
    assert!(shown * 3 > regions, "at least a third of the regions have a run: {shown} of {regions}");
}
