//! The README's references to lines of the policy are right.

use crate::data::example;

/// `(rule, line)` for every reference of the README to a line of the policy.
fn references(readme: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for part in readme.split("[`").skip(1) {
        if let Some((name, after)) = part.split_once("`](airline.agentpolicy#L")
            && let Some((line, _)) = after.split_once(')')
        {
            found.push((name.to_owned(), line.parse().unwrap()));
        }
    }
    found
}

#[test]
fn every_line_that_the_readme_names_is_the_one() {
    let (readme, policy) = (example("README.md"), example("airline.agentpolicy"));
    let lines: Vec<&str> = policy.lines().collect();
    let references = references(&readme);
    assert!(references.len() > 60, "only {} references were found", references.len());
    for (name, line) in references {
        let text = lines[line - 1];
        let declared = ["allow ", "never ", "gate ", "escalate ", "limit ", "fn "]
            .iter()
            .any(|word| text.contains(&format!("{word}{name}")));
        assert!(declared || text.trim_start().starts_with(&format!("{name}:")), "line {line} does not declare `{name}`: {text}");
    }
}

#[test]
fn every_rule_of_the_policy_stands_in_the_readme() {
    let (readme, policy) = (example("README.md"), example("airline.agentpolicy"));
    let named = references(&readme);
    let rules = policy.lines().filter_map(|line| {
        let (word, rest) = line.trim_start().split_once(' ')?;
        let (name, after) = rest.split_once([' ', ':'])?;
        let named = match word {
            "never" | "gate" => true,
            "allow" => after.starts_with("on "),
            "escalate" | "limit" => name != "calls",
            _ => false,
        };
        named.then(|| name.to_owned())
    });
    let missing: Vec<String> = rules.filter(|rule| !named.iter().any(|(name, _)| name == rule)).collect();
    assert!(missing.is_empty(), "the README does not mention {missing:?}");
}
