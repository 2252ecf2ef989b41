"""The conformance vectors, with the ledger inside the module and with one outside."""

from __future__ import annotations

import json
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


def answer(run: agentc.Run, event: str, brief: bool = False) -> Line:
    try:
        return "<", run.send_bytes(event.encode(), brief=brief).decode()
    except agentc.InputError as error:
        return "!", str(error)


def essence(line: Line) -> str:
    """The outcome and the deciding rule of an answer; what is no answer is told as it is."""
    if line[0] == "!":
        return line[1]
    said = json.loads(line[1])
    return f"{said['outcome']} by {said.get('by', {}).get('rule', '')}"


@pytest.mark.parametrize("outside", [False, True], ids=["ledger inside", "ledger outside"])
def test_every_vector_is_answered_with_these_bytes(
    module: agentc.Compiled, outside: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = steps = previews = 0
    for name in NAMES:
        artifact = (VECTORS / "policies" / f"{name}.agentc").read_bytes()
        for title, lines in read(name):
            # An instance and a ledger for each way to ask: in full, briefly.
            ways = [(agentc.Policy.load(module, artifact), agentc.MemoryLedger() if outside else None) for _ in range(2)]
            runs: dict[str, list[agentc.Run]] = {}
            for number, (sent, wanted) in enumerate(zip(lines[::2], lines[1::2], strict=True), 1):
                where = f"{name}, `{title}`, step {number}"
                run, event = sent[1].split(" ", 1)
                if run not in runs:
                    runs[run] = [policy.new_run(ledger=ledger) for policy, ledger in ways]
                full, brief = runs[run]
                short = essence(wanted)
                if wanted[1].startswith('{"answer":"call"') and not short.startswith("refused"):
                    preview = full.preview_bytes(event.encode())
                    assert f"{preview.outcome} by {preview.rule}" == short, where
                    previews += 1
                told, briefly = answer(full, event), essence(answer(brief, event, brief=True))
                if outside and wanted[0] == "!":
                    # The event stands in an envelope there, so its bytes are counted from another place.
                    assert told[0] == "!", where
                else:
                    assert (told, briefly) == (wanted, short), where
                steps += 1
            vectors += 1
    kept = "ledger outside" if outside else "ledger inside"
    with capsys.disabled():
        print(
            f"\nconformance: python (wasmtime {version('wasmtime')}, {kept}): {vectors} vectors, {steps} steps, all identical; "
            f"{steps} brief and {previews} previews agree"
        )
    assert vectors >= 1000
