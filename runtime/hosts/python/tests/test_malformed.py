"""Every call of ``tests/conformance/malformed.txt``, past the package: what is malformed is an error each, and the instance still decides."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib.metadata import version

import pytest
from conftest import VECTORS
from wasmtime import Engine, Func, Instance, Memory, Module, Store

Bytes = Callable[[str, bytes], bytes]


def share(artifact: bytes, thousandths: str) -> int:
    """So many thousandths of the artifact."""
    return len(artifact) * int(thousandths) // 1000


def flipped(rest: str, artifact: bytes) -> bytes:
    place, bits = rest.split(" ")
    changed = bytearray(artifact)
    changed[share(artifact, place)] ^= int(bits)
    return bytes(changed)


BYTES: dict[str, Bytes] = {
    "text": lambda rest, _: rest.encode(),
    "hex": lambda rest, _: bytes.fromhex(rest),
    "whole": lambda _, artifact: artifact,
    "cut": lambda rest, artifact: artifact[: share(artifact, rest)],
    "flip": flipped,
}
"""Arguments that stand for bytes: in the module's memory they are an address and a length."""


def signed(number: int) -> int:
    """The same 32 bits, as the engine takes them."""
    return (number + 2**31) % 2**32 - 2**31


class Raw:
    """An instance of the module as its ABI has it, and the handles and addresses that it gave."""

    def __init__(self, store: Store, module: Module, artifact: bytes) -> None:
        self.store = store
        self.exports = Instance(store, module, []).exports(store)
        self.artifact = artifact
        self.named: dict[str, int] = {}
        self.said = ""

    def function(self, name: str, *numbers: int) -> int:
        function = self.exports[name]
        assert isinstance(function, Func)
        return int(function(self.store, *map(signed, numbers)))

    def call(self, line: str) -> int:
        """Makes the call ``FUNCTION ARGUMENT…``, and takes its output."""
        name, *words = line.split(" ")
        kind = next((at for at, word in enumerate(words) if word in BYTES), None)
        numbers = [self.number(word) for word in words[:kind]]
        if kind is None:
            status = self.function(name, *numbers)
            self.said = self.output(status)
            return status
        data = BYTES[words[kind]](" ".join(words[kind + 1 :]), self.artifact)
        address = self.function("agentc_alloc", len(data)) % 2**32
        memory = self.exports["memory"]
        assert isinstance(memory, Memory)
        memory.write(self.store, data, address)
        status = self.function(name, *numbers, address, len(data))
        self.said = self.output(status)
        assert self.function("agentc_free", address) == 0
        return status

    def number(self, word: str) -> int:
        """A number, or a name with a number added: ``$buffer+1``."""
        name = re.fullmatch(r"\$(\w+)([+-]\d+)?", word)
        return self.named[name[1]] + int(name[2] or 0) if name else int(word)

    def output(self, status: int) -> str:
        address, length = (self.function(f"agentc_output{part}") % 2**32 for part in ("", "_len"))
        memory = self.exports["memory"]
        assert isinstance(memory, Memory)
        said = bytes(memory.read(self.store, address, address + length))
        return said.decode(errors="strict" if status < 0 else "replace")


def test_what_is_malformed_is_an_error_and_the_instance_still_decides(capsys: pytest.CaptureFixture[str]) -> None:
    engine = Engine()
    with open(os.environ["AGENTC_WASM"], "rb") as file:
        module = Module(engine, file.read())
    raw, artifact, probe, errors = None, b"", "", 0
    for number, line in enumerate((VECTORS / "malformed.txt").read_text(encoding="utf-8").split("\n"), 1):
        mark, rest = line[:1], line[2:]
        where = f"line {number}: {line[:300]}"
        if mark == "%":
            artifact = (VECTORS / "policies" / f"{rest}.agentc").read_bytes()
        elif mark == "#":
            raw = Raw(Store(engine), module, artifact)
        elif mark == "~":
            probe = rest
        elif mark and raw:
            first, _, call = rest.partition(" ")
            if mark == "=":
                given = raw.call(call)
                assert given > 0, f"{where}: {raw.said}"
                raw.named[first] = given
            elif mark == "!":
                status = raw.call(call)
                assert status == int(first), f"{where}: {raw.said}"
                if status < 0:
                    errors += 1
                    said = raw.said
                    assert said and '"outcome"' not in said, where
                    wanted, _, asked = probe.partition(" ")
                    assert raw.call(asked) == int(wanted), f"after {where}: {raw.said}"
                    raw.said = said
            else:
                assert rest in raw.said, f"{where}: {raw.said}"
    with capsys.disabled():
        print(f"\nmalformed: python (wasmtime {version('wasmtime')}): {errors} calls, an error each, and every instance still decides")
    assert errors > 400
