//! The corpus in `tests/corpus`, and in `tests/found` the stories by which random testing found a fault: every case by every way to decide.
//! `AGENTC_BLESS=1` writes the answers as they are now; `cargo run --release -p agentc-tests --example corpus` collects the corpus anew.

use agentc_tests::cases::check;
use agentc_tests::corpus::{files_below, library, repository};
use agentc_tests::vectors::File;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Cases that there must be.
const LEAST: usize = 5000;

#[test]
fn every_case_is_answered_as_it_was_by_every_way() {
    let kinds = replayed("tests/corpus");
    assert!(kinds.len() >= LEAST, "{} cases", kinds.len());
    let distinct: BTreeSet<&String> = kinds.iter().collect();
    assert_eq!(distinct.len(), kinds.len(), "two cases are of one kind");
}

#[test]
fn what_was_found_stays_mended() {
    let cases = replayed("tests/found");
    assert!(cases.len() >= 3, "{cases:?}");
}

/// Replays the files of a folder, which must be answered as they say; the names of their cases.
fn replayed(folder: &str) -> Vec<String> {
    let folder = repository().join(folder);
    let files = files_below(&folder, "txt");
    let bless = std::env::var_os("AGENTC_BLESS").is_some();
    let halves: Vec<Vec<&PathBuf>> = vec![files.iter().step_by(2).collect(), files.iter().skip(1).step_by(2).collect()];
    let told: Vec<(Vec<String>, Vec<String>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(move || replay(half, bless))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no evaluator panics")).collect()
    });
    let (kinds, wrong): (Vec<_>, Vec<_>) = told.into_iter().unzip();
    let (kinds, wrong) = (kinds.concat(), wrong.concat());
    println!("{} cases of {} policies", kinds.len(), files.len());
    let shown: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
    assert!(
        bless || wrong.is_empty(),
        "{} differences; AGENTC_BLESS=1 writes them down where they are meant:\n{}",
        wrong.len(),
        shown.join("\n")
    );
    kinds
}

/// The kinds of the cases, and what differs.
fn replay(files: &[&PathBuf], bless: bool) -> (Vec<String>, Vec<String>) {
    let library = library();
    let (mut kinds, mut wrong) = (Vec::new(), Vec::new());
    for path in files {
        let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = File::read(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = read(&path.with_extension("agentpolicy"));
        match check(&text, &file, &library) {
            Ok((now, lines)) => {
                if bless && !lines.is_empty() {
                    fs::write(path, now.write()).expect("the corpus can be written");
                }
                wrong.extend(lines);
            }
            Err(why) => wrong.push(why),
        }
        kinds.extend(file.vectors.into_iter().map(|vector| vector.name));
    }
    (kinds, wrong)
}
