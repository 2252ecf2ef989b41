//! Every door that bytes come through, tried with what is right and with the same damaged: a fixed number of inputs, the same on every machine.
//! `tests/fuzz` goes on from here with libFuzzer: where `AGENTC_SEEDS` names a folder, what each door begins with is only written there.

use agentc_runtime::artifact;
use agentc_runtime::event::Event;
use agentc_runtime::json::Form;
use agentc_tests::author;
use agentc_tests::chance::Chance;
use agentc_tests::corpus::{files_below, library, repository};
use agentc_tests::inputs;
use std::fs;
use std::path::Path;

/// Bytes that stand where others stood.
const SPLICES: [&[u8]; 16] = [
    b"",
    b"{",
    b"}",
    b"\"",
    b"(",
    b"[",
    b"\xff",
    b"\x00",
    b"null",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"\xc3\xa9",
    b" and ",
    b"\\u0000",
    b"\n",
];

/// The input damaged in a few places: bytes changed, cut, doubled, or taken from another input.
fn damaged(chance: &mut Chance, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = chance.one(seeds).clone();
    for _ in 0..1 + chance.below(3) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.below(bytes.len());
        let most = if chance.percent(80) { 4 } else { 80 };
        let until = (at + 1 + chance.below(most)).min(bytes.len());
        match chance.below(6) {
            0 => bytes[at] = chance.below(256) as u8,
            1 => drop(bytes.drain(at..until)),
            2 => drop(bytes.splice(at..until, chance.one(&SPLICES).iter().copied())),
            3 => {
                let again = bytes[at..until].to_vec();
                drop(bytes.splice(at..at, again));
            }
            4 => {
                let other = chance.one(seeds);
                let from = chance.below(other.len().max(1));
                let piece = other[from..(from + 40).min(other.len())].to_vec();
                drop(bytes.splice(at..until, piece));
            }
            _ => bytes.truncate(until),
        }
    }
    bytes
}

/// Each seed as it is, then so many damaged ones.
fn try_all(name: &str, seeds: &[Vec<u8>], times: usize, door: impl Fn(&[u8])) {
    assert!(!seeds.is_empty(), "{name}: there is nothing to begin with");
    if let Some(folder) = std::env::var_os("AGENTC_SEEDS") {
        let folder = Path::new(&folder).join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed_{number:03}")), seed).expect("a seed can be written");
        }
        return;
    }
    let mut chance = Chance::new(name.len() as u64);
    seeds.iter().for_each(|seed| door(seed));
    for number in 0..times {
        let input = damaged(&mut chance, seeds);
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| door(&input)));
        assert!(told.is_ok(), "{name}: input {number} breaks it:\n{}", String::from_utf8_lossy(&input));
    }
}

fn policies() -> Vec<Vec<u8>> {
    let files = files_below(&repository().join("tests/policies"), "agentpolicy");
    files.iter().filter_map(|file| fs::read(file).ok()).filter(|text| text.len() < 4000).collect()
}

/// What conformance vectors send: a story each.
fn stories() -> Vec<Vec<u8>> {
    let files = files_below(&repository().join("tests/conformance/vectors"), "txt");
    let sent = |text: String| {
        let lines: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("> ")?.split_once(' ')).map(|(_, event)| event).take(12).collect();
        lines.join("\n").into_bytes()
    };
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).map(sent).collect()
}

#[test]
fn a_source_is_read_or_refused() {
    let mut seeds = policies();
    seeds.extend((0..20).map(|seed| author::policy(seed, &library()).into_bytes()));
    try_all("source", &seeds, 400, inputs::source);
}

#[test]
fn an_artifact_is_loaded_or_refused() {
    let mut seeds = Vec::new();
    for seed in 0..200 {
        let compiled = agentc_tests::random::compile_text(&author::policy(seed, &library()), &library());
        if let Some(program) = compiled.program {
            let bytes = artifact::encode(&program).unwrap();
            // The payload alone: its digest is made anew, so that damage goes further than the digest.
            seeds.push(bytes[52..].to_vec());
            seeds.push(bytes);
        }
        if seeds.len() >= 24 {
            break;
        }
    }
    try_all("artifact", &seeds, 12_000, inputs::artifact_bytes);
}

#[test]
fn an_event_is_answered_or_refused() {
    let (_, policy) = inputs::desk();
    let mut seeds = stories();
    let cases = files_below(&repository().join("tests/fail_closed"), "case");
    let events = |file: &Path| {
        fs::read_to_string(file)
            .ok()
            .map(|text| text.lines().filter(|line| line.contains('{')).collect::<Vec<_>>().join("\n").into_bytes())
    };
    seeds.extend(cases.iter().filter_map(|file| events(file)));
    let binary = |seed: &Vec<u8>| {
        let first = seed.split(|byte| *byte == b'\n').next()?;
        Event::read(first).ok().map(|event| event.to_json().write_as(Form::Binary))
    };
    let binaries: Vec<Vec<u8>> = seeds.iter().filter_map(binary).collect();
    seeds.extend(binaries);
    try_all("events", &seeds, 20_000, |bytes| inputs::events(bytes, &policy));
}

#[test]
fn a_trace_is_verified_or_refused() {
    let ready = agentc_tests::random::Ready::random(1, &library())
        .or_else(|| agentc_tests::random::Ready::random(2, &library()))
        .unwrap();
    let pool = ready.pool(1);
    let mut seeds = Vec::new();
    for story in 0..12 {
        let (told, _) = ready.tell(&pool, story);
        seeds.push(agentc_tests::modes::traced(&ready.policy, &told.events).into_bytes());
    }
    assert!(seeds.iter().any(|seed| agentc_runtime::trace::verify(std::str::from_utf8(seed).unwrap()).is_ok()));
    try_all("trace", &seeds, 20_000, inputs::trace_text);
}

#[test]
fn a_tool_list_is_read_or_refused() {
    let (typed, _) = inputs::desk();
    let mut seeds: Vec<Vec<u8>> =
        files_below(&repository().join("tests/mcp/recordings"), "json").iter().filter_map(|file| fs::read(file).ok()).collect();
    seeds.push(br##"{"openapi":"3.1.0","paths":{"/orders/{id}":{"get":{"operationId":"get","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Order"}}}}}}}},"components":{"schemas":{"Order":{"type":"object","properties":{"id":{"type":"string"},"lines":{"type":"array","items":{"$ref":"#/components/schemas/Order"}}}}}}}"##.to_vec());
    seeds.push(br#"{"tools":[{"name":"refund","inputSchema":{"type":"object","properties":{"amount":{"type":"number"},"why":{"enum":["a","b"]}},"required":["amount"]}}]}"#.to_vec());
    try_all("tools", &seeds, 4000, |bytes| inputs::tool_list(bytes, &typed));
}
