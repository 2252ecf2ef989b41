"""Malformed input of every kind: an error each, no answer, and the instance still decides."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from conftest import opened

import agentc


def decides(policy: agentc.Policy) -> None:
    with opened(policy) as run:
        assert run.decide("get_order", {"order_id": "A-1"})["outcome"] == "allow"


def test_random_bytes_are_no_event(policy: agentc.Policy) -> None:
    chance = random.Random(7)
    with opened(policy) as run:
        for _ in range(300):
            with pytest.raises(agentc.InputError):
                run.send_bytes(chance.randbytes(chance.randrange(200)))
        for event in (b'{"event":"call"}', b'{"event":"shout","at":"2026-05-04T10:00:00Z"}', b"[]", b"\xff", b""):
            with pytest.raises(agentc.InputError, match="an event cannot be read"):
                run.send_bytes(event)
    decides(policy)


def test_truncated_and_changed_artifacts_are_refused(module: agentc.Compiled, artifact: bytes) -> None:
    for length in range(0, len(artifact), 97):
        with pytest.raises(agentc.ArtifactError):
            agentc.Policy.load(module, artifact[:length])
    for at in range(0, len(artifact), 131):
        changed = bytearray(artifact)
        changed[at] ^= 0x55
        with pytest.raises(agentc.ArtifactError):
            agentc.Policy.load(module, bytes(changed))


def test_a_closed_run_decides_nothing(policy: agentc.Policy) -> None:
    run = opened(policy)
    run.close()
    run.close()
    with pytest.raises(agentc.HandleError):
        run.decide("get_order", {"order_id": "A-1"})
    decides(policy)


def test_limits_are_kept(module: agentc.Compiled, artifact: bytes) -> None:
    policy = agentc.Policy.load(module, artifact, limits={"runs": 2, "event_bytes": 2000})
    runs = [opened(policy), opened(policy)]
    with pytest.raises(agentc.LimitError):
        opened(policy)
    with pytest.raises(agentc.LimitError):
        runs[0].decide("add_note", {"order_id": "A-1", "text": "x" * 3000})
    runs[0].close()
    decides(policy)
    with pytest.raises(agentc.LimitError, match="there is no limit `colour`"):
        agentc.Policy.load(module, artifact, limits={"colour": 1})


def test_what_is_no_module_of_ours_is_refused(tmp_path: Path) -> None:
    empty = b"\0asm\1\0\0\0"
    with pytest.raises(agentc.ModuleError, match="no WebAssembly module"):
        agentc.Policy.load(b"nonsense")
    with pytest.raises(agentc.ModuleError, match="cannot be instantiated"):
        agentc.Policy.load(empty)
    file = tmp_path / "empty.wasm"
    file.write_bytes(empty)
    with pytest.raises(agentc.ModuleError):
        agentc.Policy.load(file)


def test_a_module_without_a_policy_needs_one(module: agentc.Compiled) -> None:
    with pytest.raises(agentc.ArtifactError):
        agentc.Policy.load(module)


def test_the_memory_of_closed_runs_is_used_again(policy: agentc.Policy) -> None:
    def rounds() -> None:
        for _ in range(200):
            decides(policy)

    rounds()
    used, size = policy.memory_used(), policy.memory_bytes()
    rounds()
    rounds()
    assert policy.memory_used() <= used + 10_000
    assert policy.memory_bytes() == size
    assert policy.sweep() >= 0
