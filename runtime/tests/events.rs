//! The events of `events.md` are events.

use agentc_runtime::event::Event;
use std::collections::BTreeSet;

#[test]
fn the_contract_shows_one_event_of_each_kind() {
    let page = include_str!("../events.md");
    let block = page.split("```jsonl\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let mut kinds = BTreeSet::new();
    for line in block.lines() {
        let event = Event::read(line.as_bytes()).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(Event::from_json(event.to_json()).unwrap(), event, "{line}");
        kinds.insert(event.kind.name());
    }
    let every = ["open", "call", "result", "record", "approval", "usage", "signal", "tick", "pause", "resume", "undo", "end"];
    assert_eq!(kinds, every.into_iter().collect());
}
