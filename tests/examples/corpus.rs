//! Collects the corpus anew: `corpus [CASES]` writes `tests/corpus`, by default a few more than the suite asks for. Policies that add few kinds of
//! cases are passed over, so that the corpus stays small.
#![expect(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a command reads its arguments and writes files")]

use agentc_tests::author;
use agentc_tests::cases::collect;
use agentc_tests::corpus::{library, repository};
use agentc_tests::random::Ready;
use agentc_tests::vectors::File;
use std::collections::BTreeSet;
use std::fs;

/// Cases of one policy, at least and at most.
const LEAST: usize = 12;
const MOST: usize = 64;

fn main() {
    let wanted: usize = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(5200);
    let folder = repository().join("tests/corpus");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let library = library();
    let mut known = BTreeSet::new();
    let (mut cases, mut files) = (0, 0);
    for seed in 1_000_000u64.. {
        if cases >= wanted {
            break;
        }
        let Some(ready) = Ready::of(author::policy(seed, &library), &library) else { continue };
        let mut tried = known.clone();
        let vectors = collect(&ready, seed, &mut tried, MOST);
        if vectors.len() < LEAST {
            continue;
        }
        known = tried;
        cases += vectors.len();
        files += 1;
        let name = format!("{files:03}");
        let file = File { policy: format!("tests/corpus/{name}.agentpolicy"), vectors };
        fs::write(folder.join(format!("{name}.agentpolicy")), &ready.text).expect("the policy can be written");
        fs::write(folder.join(format!("{name}.txt")), file.write()).expect("the cases can be written");
        println!("policy {seed}: {} cases, {cases} in all", file.vectors.len());
    }
}
