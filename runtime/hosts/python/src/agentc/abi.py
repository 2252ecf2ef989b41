"""The module behind its ABI (``runtime/wasm/ABI.md``): one instance, bytes in, bytes out. Nothing else in the package touches memory."""

from __future__ import annotations

import os
import struct
import threading
from typing import Any, NoReturn

from wasmtime import Config, Engine, Func, Global, Instance, Memory, Module, Store, Trap, WasmtimeError

from . import errors

ABI = 1
"""The ABI that this package speaks."""

PAGE = 65_536
"""Bytes in a page of memory."""

_STACK = 2 * 1024 * 1024
_ROOM_OUTSIDE = 64 * 1024 * 1024
_FIRST_PAGES = 4_096
_SMALLEST = 4_096

_ERRORS: dict[int, type[errors.AgentcError]] = {
    -1: errors.InputError,
    -2: errors.ArtifactError,
    -3: errors.HandleError,
    -4: errors.ModuleError,
    -5: errors.LimitError,
    -6: errors.ModuleError,
    -7: errors.LedgerError,
    -8: errors.ArtifactError,
    -9: errors.ModuleError,
    -10: errors.ModuleError,
}

LIMITS = {"event_bytes": 1, "depth": 2, "runs": 3, "memory_pages": 4, "artifact_bytes": 5, "policies": 6}
"""The limits that the module keeps, by number."""


def _engine() -> Engine:
    config = Config()
    config.max_wasm_stack = _STACK
    return Engine(config)


class Compiled:
    """A module that was compiled once, to be instantiated often. It may be shared by threads."""

    def __init__(self, wasm: bytes | str | os.PathLike[str]) -> None:
        self._engine = _engine()
        if not isinstance(wasm, bytes):
            with open(wasm, "rb") as file:
                wasm = file.read()
        try:
            self.module = Module(self._engine, wasm)
        except WasmtimeError as error:
            raise errors.ModuleError(f"this is no WebAssembly module: {error}") from None
        if self.module.imports:
            raise errors.ModuleError("the module wants imports, so it is none of ours")

    def instance(self, limits: dict[str, int] | None = None) -> Abi:
        """A new instance, with limits by the names of :data:`LIMITS`; they share nothing."""
        return Abi(self._engine, self.module, limits or {})


class Abi:
    """One instance. Its methods may be called from any thread; they wait for each other."""

    def __init__(self, engine: Engine, module: Module, limits: dict[str, int]) -> None:
        self._lock = threading.RLock()
        self._store = Store(engine)
        pages = limits.get("memory_pages", _FIRST_PAGES)
        self._store.set_limits(memory_size=pages * PAGE + _ROOM_OUTSIDE)
        self._broken = False
        self._buffer = 0
        self._capacity = 0
        try:
            self._exports = Instance(self._store, module, []).exports(self._store)
            self._memory = self._exports["memory"]
        except (KeyError, WasmtimeError, Trap) as error:
            raise errors.ModuleError(f"the module cannot be instantiated: {error}") from None
        if not isinstance(self._memory, Memory) or self._number("agentc_abi") != ABI:
            raise errors.ModuleError(f"the module does not speak ABI {ABI}")
        place = self._number("agentc_output_place")
        #: Where the module keeps address and length of the output. A memory never shrinks: what lies in it now always will.
        self._place = 0 if place is None else place & 0xFFFF_FFFF
        if self._place == 0 or self._place + 8 > self._memory.data_len(self._store):
            raise errors.ModuleError("the module has no `agentc_output_place` in its memory, so it is none of ours")
        for name, value in limits.items():
            if name not in LIMITS:
                raise errors.LimitError(f"there is no limit `{name}`; there are {', '.join(LIMITS)}")
            self.call("agentc_limit_set", LIMITS[name], value)

    def _number(self, name: str) -> int | None:
        try:
            number = self._exports[name]
        except KeyError:
            return None
        return int(number.value(self._store)) if isinstance(number, Global) else None

    def call(self, name: str, *args: int) -> int:
        """Calls a function; its result where that is a success.

        Raises:
            AgentcError: of the kind that the status says, with the module's own sentence.
        """
        with self._lock:
            result = self._raw(name, *args)
            return result if result >= 0 else self._fail(result)

    def output(self, name: str, *args: int) -> bytes:
        """Calls a function; its output."""
        with self._lock:
            self.call(name, *args)
            return self._take()

    def send(self, name: str, before: tuple[int, ...], data: bytes) -> int:
        """Calls a function with bytes as its last two parameters."""
        with self._lock:
            pointer = self._put(data)
            return self.call(name, *before, pointer, len(data))

    def exchange(self, name: str, before: tuple[int, ...], data: bytes) -> bytes:
        """Calls a function with bytes; its output."""
        with self._lock:
            self.send(name, before, data)
            return self._take()

    def ask(self, name: str, before: tuple[int, ...], data: bytes) -> tuple[int, bytes]:
        """Calls a function with bytes; its result and its output."""
        with self._lock:
            return self.send(name, before, data), self._take()

    def memory_bytes(self) -> int:
        """How large the memory is now."""
        with self._lock:
            return self._memory.data_len(self._store) if isinstance(self._memory, Memory) else 0

    def _raw(self, name: str, *args: int) -> int:
        if self._broken:
            raise errors.ModuleError("the module broke in an earlier call; nothing can be decided any more")
        try:
            function = self._exports[name]
        except KeyError:
            raise errors.ModuleError(f"the module has no function `{name}`") from None
        if not isinstance(function, Func):
            raise errors.ModuleError(f"`{name}` of the module is no function")
        try:
            # Parameters are 32 bits without a sign on our side, with one on the engine's.
            result: Any = function(self._store, *(_signed(arg) for arg in args))
        except (Trap, WasmtimeError) as error:
            self._broken = True
            raise errors.ModuleError(f"the module broke: {error}") from None
        return int(result)

    def _put(self, data: bytes) -> int:
        if len(data) > self._capacity or not self._buffer:
            if self._buffer:
                self._raw("agentc_free", self._buffer)
            self._capacity = 0
            self._buffer = self._raw("agentc_alloc", max(len(data), _SMALLEST)) & 0xFFFF_FFFF
            if not self._buffer:
                raise errors.LimitError(f"the module has no memory left for an input of {len(data)} bytes")
            self._capacity = max(len(data), _SMALLEST)
        if isinstance(self._memory, Memory):
            self._memory.write(self._store, data, self._buffer)
        return self._buffer

    def _take(self) -> bytes:
        if not isinstance(self._memory, Memory):
            return b""
        place = bytes(self._memory.read(self._store, self._place, self._place + 8))
        start, length = struct.unpack("<II", place)
        return bytes(self._memory.read(self._store, start, start + length))

    def _fail(self, status: int) -> NoReturn:
        text = self._take().decode("utf-8", "replace")
        raise _ERRORS.get(status, errors.ModuleError)(text)


def _signed(value: int) -> int:
    return value - 0x1_0000_0000 if value > 0x7FFF_FFFF else value
