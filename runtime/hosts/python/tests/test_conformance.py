"""The conformance vectors, with the ledger inside the module and with one outside."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

import pytest
from conftest import VECTORS

import agentc

Line = tuple[str, str]
NAMES = sorted(path.stem for path in (VECTORS / "vectors").glob("*.txt"))


def read(name: str) -> Iterator[tuple[str, list[Line]]]:
    """The vectors of a file: their names, and their lines by mark."""
    vector: tuple[str, list[Line]] | None = None
    with open(VECTORS / "vectors" / f"{name}.txt", encoding="utf-8", newline="\n") as file:
        for line in file:
            mark, rest = line[0], line[2:].removesuffix("\n")
            if mark == "#":
                if vector:
                    yield vector
                vector = (rest, [])
            elif vector:
                vector[1].append((mark, rest))
    if vector:
        yield vector


def answer(run: agentc.Run, event: str) -> Line:
    try:
        return "<", run.send_bytes(event.encode()).decode()
    except agentc.InputError as error:
        return "!", str(error)


@pytest.mark.parametrize("outside", [False, True], ids=["ledger inside", "ledger outside"])
def test_every_vector_is_answered_with_these_bytes(
    module: agentc.Compiled, outside: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = steps = 0
    for name in NAMES:
        artifact = (VECTORS / "policies" / f"{name}.agentc").read_bytes()
        for title, lines in read(name):
            policy = agentc.Policy.load(module, artifact)
            ledger = agentc.MemoryLedger() if outside else None
            runs: dict[str, agentc.Run] = {}
            for number, (sent, said) in enumerate(zip(lines[::2], lines[1::2], strict=True), 1):
                run, event = sent[1].split(" ", 1)
                if run not in runs:
                    runs[run] = policy.new_run(ledger=ledger)
                told = answer(runs[run], event)
                if outside and said[0] == "!":
                    # The event stands in an envelope there, so its bytes are counted from another place.
                    told, said = (told[0], ""), (said[0], "")
                assert told == said, f"{name}, `{title}`, step {number}"
                steps += 1
            vectors += 1
    where = "ledger outside" if outside else "ledger inside"
    with capsys.disabled():
        print(f"\nconformance: python (wasmtime {version('wasmtime')}, {where}): {vectors} vectors, {steps} steps, all identical")
    assert vectors >= 1000
