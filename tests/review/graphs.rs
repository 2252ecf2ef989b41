//! Decision graphs: how they look, and that they say what the policies do.

use crate::{examples, jobs, typed};
use agentc_compiler::graph::{Folding, Outcome, Picture, draw};
use agentc_compiler::typed::{Expected, StepKind, Typed, VerbId};
use agentc_tests::corpus::repository;

fn verb(typed: &Typed, name: &str) -> VerbId {
    let at = typed.verbs.iter().position(|verb| verb.name == name).expect("the verb is declared");
    VerbId(u32::try_from(at).expect("few verbs"))
}

fn example(name: &str) -> &'static Typed {
    typed(&examples().iter().find(|(known, _)| known == name).expect("the example is there").1)
}

#[test]
fn pictures_look_like_this() {
    let refunds = example("refunds");
    let job = jobs(refunds).next().expect("it has a job").0;
    let whole = draw(refunds, job, None, Folding::Large);
    insta::assert_snapshot!("graph_triage_refunds_mermaid", whole.mermaid());
    let refund = draw(refunds, job, Some(verb(refunds, "refund")), Folding::Large);
    insta::assert_snapshot!("graph_refund_svg", refund.svg());
    insta::assert_snapshot!("graph_refund_dot", refund.dot());
    insta::assert_snapshot!("graph_refund_mermaid", refund.mermaid());
    for (_, compiled) in examples() {
        let policy = typed(compiled);
        for (job, title) in jobs(policy) {
            let picture = draw(policy, job, None, Folding::Large);
            insta::assert_snapshot!(format!("graph_{title}_svg"), picture.svg());
            insta::assert_snapshot!(format!("graph_{title}_dot"), picture.dot());
        }
    }
}

/// The picture that README.md shows. `AGENTC_BLESS=1` draws it anew; look at it before you keep it.
#[test]
fn the_picture_of_the_readme_is_the_one_that_is_drawn() {
    let refunds = example("refunds");
    let drawn = draw(refunds, jobs(refunds).next().expect("it has a job").0, Some(verb(refunds, "refund")), Folding::Large).svg();
    let file = repository().join("examples/refunds/refund.svg");
    if std::env::var_os("AGENTC_BLESS").is_some() {
        std::fs::write(&file, &drawn).expect("the example's folder can be written");
    }
    let kept = std::fs::read_to_string(&file).expect("the picture is kept");
    assert!(kept == drawn, "{} is not what `agentc graph` draws; AGENTC_BLESS=1 draws it anew", file.display());
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("it can be read");
    assert!(readme.contains("(examples/refunds/refund.svg)"));
}

/// Every job of every example, folded and whole, and every verb of it.
fn pictures() -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (_, compiled) in examples() {
        let typed = typed(compiled);
        for (job, _) in jobs(typed) {
            pictures.push(draw(typed, job, None, Folding::Large));
            pictures.push(draw(typed, job, None, Folding::Nothing));
            pictures.extend((0..).map(VerbId).take(typed.verbs.len()).map(|verb| draw(typed, job, Some(verb), Folding::Large)));
        }
    }
    pictures
}

#[test]
fn pictures_stand_alone() {
    for picture in pictures() {
        let svg = picture.svg();
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{}: {error}", picture.title));
        let tags = ["svg", "title", "defs", "marker", "path", "rect", "text", "g"];
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(tags.contains(&node.tag_name().name()), "{}: <{}>", picture.title, node.tag_name().name());
            assert!(node.attributes().all(|attribute| !attribute.name().contains("href")), "{}", picture.title);
        }
        for (open, close) in [('{', '}'), ('[', ']')] {
            let outside: String = unquoted(&picture.dot());
            assert_eq!(outside.matches(open).count(), outside.matches(close).count(), "{}", picture.title);
        }
    }
}

/// A text without what stands in double quotes.
fn unquoted(text: &str) -> String {
    let mut outside = String::new();
    let mut inside = false;
    let mut escaped = false;
    for character in text.chars() {
        match character {
            '"' if !escaped => inside = !inside,
            _ if !inside => outside.push(character),
            _ => {}
        }
        escaped = inside && character == '\\' && !escaped;
    }
    assert!(!inside, "a quote is left open");
    outside
}

/// Whether a picture has an exit to that outcome at a rule of that name, before the end of the lane.
fn leads_to(picture: &Picture, rule: &str, outcome: Outcome) -> bool {
    let steps = picture.trunk.iter().chain(picture.lanes.iter().flat_map(|lane| &lane.steps));
    let mut at_rule = steps.filter(|step| step.rules.iter().any(|shown| shown.name == rule));
    at_rule.any(|step| step.exits.iter().any(|exit| exit.outcome == outcome))
}

#[test]
fn what_the_tests_of_a_policy_expect_stands_in_the_picture() {
    let mut checked = 0;
    for (name, compiled) in examples() {
        let typed = typed(compiled);
        for test in &typed.tests {
            for step in &test.steps {
                let (StepKind::Call { verb, .. }, Some(expect)) = (&step.kind, &step.expect) else { continue };
                let picture = draw(typed, test.job, Some(*verb), Folding::Nothing);
                let lane = &picture.lanes[0];
                let outcome = match expect.outcome {
                    Expected::Allow => {
                        assert!(lane.allows, "{name}, {}: {} is allowed, and the picture says never", test.name, picture.title);
                        checked += 1;
                        continue;
                    }
                    Expected::Deny => Outcome::Deny,
                    Expected::Approval => Outcome::Approval,
                    Expected::Escalate => Outcome::Escalate,
                    Expected::Paused => Outcome::Paused,
                    _ => continue,
                };
                for rule in &expect.by {
                    let drawn = match rule.as_str() {
                        // What no allow permits leaves at the box of the allows.
                        "no_allow" => lane.steps.iter().any(|step| {
                            step.rank == agentc_compiler::graph::Rank::Permits
                                && step.exits.iter().any(|exit| exit.outcome == Outcome::Deny)
                        }),
                        "closed" | "paused" | "undeclared_verb" | "arguments" | "call_id" | "unclear" => true,
                        // A gate that was refused, or that nobody answered, still leaves where people are asked.
                        rule => leads_to(&picture, rule, outcome) || leads_to(&picture, rule, Outcome::Approval),
                    };
                    assert!(drawn, "{name}, {}: `{rule}` answers {} and is not drawn so", test.name, outcome.word());
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 150, "only {checked} answers were looked for");
}
