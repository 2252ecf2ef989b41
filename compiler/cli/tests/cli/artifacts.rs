//! Artifacts that are corrupt, foreign or cut.

use crate::support::{agentc_in, file, folder, repository};
use agentc_runtime::policy::Policy;
use std::fs;

fn built(name: &str) -> (std::path::PathBuf, Vec<u8>) {
    let folder = folder(name);
    let out = folder.join("refunds.agentc");
    let arguments = ["build", "examples/refunds/refunds.agentpolicy", "-o", out.to_str().expect("a plain path")];
    let ran = agentc_in(&repository(), &arguments, b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    (folder, fs::read(out).expect("the artifact was written"))
}

const RUN: [&str; 6] =
    ["--job", "triage_refunds", "--input", r#"{"ticket":"T","customer":"c","request":"r"}"#, "--format", "jsonl"];

#[test]
fn a_whole_artifact_decides() {
    let (folder, _) = built("artifact_whole");
    let ran = agentc_in(&folder, &[&["run", "refunds.agentc"], &RUN[..]].concat(), b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn what_is_no_artifact_is_refused_with_what_is_wrong() {
    let (folder, bytes) = built("artifact_bad");
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("empty", Vec::new(), "it is no agentc artifact"),
        (
            "foreign",
            b"\x7fELF and then something else that goes on for a while, longer than any header".to_vec(),
            "it is no agentc artifact",
        ),
        ("policy", b"policy a { version \"1\" }".to_vec(), "it is no agentc artifact"),
        ("half", bytes[..middle].to_vec(), "the artifact is cut short"),
        ("longer", [&bytes[..], b"x"].concat(), "the artifact goes on for 1 bytes after its end"),
        ("flipped", flipped, "its digest does not match: it was changed after it was built"),
    ];
    for (name, bytes, said) in cases {
        let name = format!("{name}.agentc");
        let loaded = Policy::load(&bytes, &agentc_stdlib::library()).map(|_| ()).map_err(|error| error.to_string());
        assert!(loaded.as_ref().is_err_and(|error| error.contains(said)), "{name}: {loaded:?}");
        file(&folder, &name, bytes);
        let ran = agentc_in(&folder, &[&["run", &*name], &RUN[..]].concat(), b"");
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{name}");
        let said_at_once = ran.err.split_whitespace().collect::<Vec<_>>().join(" ").replace("│ ", "");
        assert!(said_at_once.contains(&format!("`{name}` cannot be used: {said}")), "{name}: {}", ran.err);
    }
}

#[test]
fn no_byte_can_be_changed() {
    let (_, bytes) = built("artifact_bytes");
    let library = agentc_stdlib::library();
    let step = (bytes.len() / 200).max(1);
    for at in (0..bytes.len().min(64)).chain((0..bytes.len()).step_by(step)) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        assert!(Policy::load(&changed, &library).is_err(), "byte {at}");
        assert!(Policy::load(&bytes[..at], &library).is_err(), "cut at {at}");
    }
}

#[test]
fn an_artifact_never_takes_the_place_of_its_policy() {
    let folder = folder("artifact_over");
    let text = fs::read(repository().join("examples/refunds/refunds.agentpolicy")).expect("the example is there");
    let path = file(&folder, "p.agentpolicy", &text);
    let ran = agentc_in(&folder, &["build", "p.agentpolicy", "-o", "p.agentpolicy"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("the artifact would take the place of its policy"), "{}", ran.err);
    assert!(fs::read(path).expect("it is still there") == text);
}
