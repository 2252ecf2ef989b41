//! Tables, verdicts and plots of results, written into the documents between their marks.

mod plot;
mod table;
mod verdict;

use crate::results::Results;
use crate::run::Part;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- measured: written by tests/peers/run -->";
const END: &str = "<!-- measured: end -->";

/// Writes the results into the README of this folder and of the repository, and the plots beside the former.
///
/// # Errors
/// What cannot be read or written, or a document without marks.
pub fn write(results: &Results, folder: &Path, root: &Path) -> Result<(), String> {
    fs::write(folder.join("speed.svg"), plot::agents(results)).map_err(|error| error.to_string())?;
    replace(&folder.join("README.md"), &whole(results))?;
    replace(&root.join("README.md"), &short(results))
}

/// Everything that was measured.
fn whole(results: &Results) -> String {
    let how = |part: Part| results.where_and_how.get(part.name()).map_or("", String::as_str);
    let mut text = format!("## Verdicts\n\n{}\n## Agents' policies\n\n{}\n\n", verdict::table(results), how(Part::Agents));
    text += &table::mixes(&results.agents, "rules");
    text += "\n![Time of a decision by the number of rules](speed.svg)\n";
    for case in &results.agents {
        text += &format!("\n### {} rules\n\n{}", table::number(case.size), table::decisions(case, &results.titles));
    }
    text += &format!("\n## The Cedar paper's workloads\n\n{}\n\n", how(Part::Paper));
    text += &table::ratios(&results.paper, &results.titles, "entities of a kind");
    text += &format!("\n## Rules about history\n\n{}\n\n", how(Part::History));
    text += &table::ratios(&results.history, &results.titles, "rules");
    text += &format!("\n## Checking 1,000 rules, from text\n\n{}\n\n", how(Part::Loading));
    text += &table::loads(&results.checking, &results.titles);
    text += "\n## Loading 10,000 rules\n\n";
    text += &table::loads(&results.loading, &results.titles);
    text
}

/// What the repository's README shows.
fn short(results: &Results) -> String {
    format!(
        "{}\n\n{}\n![Time of a decision by the number of rules](tests/peers/speed.svg)\n\n{}",
        results.where_and_how.get(Part::Agents.name()).map_or("", String::as_str),
        table::overview(&results.agents, &results.titles),
        verdict::table(results)
    )
}

fn replace(path: &Path, text: &str) -> Result<(), String> {
    let name = path.display();
    let old = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let marks = old.split_once(BEGIN).and_then(|(head, rest)| rest.split_once(END).map(|(_, tail)| (head, tail)));
    let (head, tail) = marks.ok_or_else(|| format!("{name} has no marks to write between"))?;
    fs::write(path, format!("{head}{BEGIN}\n\n{}\n\n{END}{tail}", text.trim_end())).map_err(|error| format!("{name}: {error}"))
}
