"""Ledgers that the host keeps: where several processes share counters, approvals and pauses."""

from __future__ import annotations

import threading
from typing import Any, Literal, Protocol, Required, TypedDict


class Cell(TypedDict, total=False):
    """A cell as it was at one moment. One that holds nothing has version 0 and no value."""

    key: Required[str]
    version: Required[int]
    value: Any


class Change(TypedDict, total=False):
    """What a decision wants of one cell."""

    key: Required[str]
    expected: Required[int]
    write: Required[Literal["set", "keep", "clear"]]
    value: Any
    keep_until: str


class Ledger(Protocol):
    """Anything that can compare and set several rows at once: SQL, Redis."""

    def load(self, keys: list[str]) -> list[Cell]:
        """All these cells as they are at one moment."""
        ...

    def commit(self, changes: list[Change]) -> bool:
        """Writes all changes, or none: ``False`` where a cell has another version than ``expected``, ``keep`` included. A ``set`` gives
        its cell a version that it never had."""
        ...


class MemoryLedger:
    """A ledger in this process's memory, for runs of several policies or instances that share it, and for tests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cells: dict[str, tuple[int, Any]] = {}
        self._last = 0

    def load(self, keys: list[str]) -> list[Cell]:
        """See :meth:`Ledger.load`."""
        with self._lock:
            return [self._cell(key) for key in keys]

    def commit(self, changes: list[Change]) -> bool:
        """See :meth:`Ledger.commit`."""
        with self._lock:
            if any(self._cells.get(change["key"], (0, None))[0] != change["expected"] for change in changes):
                return False
            for change in changes:
                if change["write"] == "set":
                    self._last += 1
                    self._cells[change["key"]] = (self._last, change.get("value"))
                elif change["write"] == "clear":
                    self._cells.pop(change["key"], None)
            return True

    def _cell(self, key: str) -> Cell:
        if key not in self._cells:
            return {"key": key, "version": 0}
        version, value = self._cells[key]
        return {"key": key, "version": version, "value": value}
