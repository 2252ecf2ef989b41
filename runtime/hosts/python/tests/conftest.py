"""What the tests load: the runtime's module and compiled policies, made by ``runtime/hosts/python/test.sh``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import agentc

REPOSITORY = Path(__file__).resolve().parents[4]
VECTORS = REPOSITORY / "tests" / "conformance"

ORDERS: dict[str, dict[str, Any]] = {
    "A-1": {"id": "A-1", "customer": "c-9", "total": 40, "status": "delivered", "placed_at": "2026-05-01T00:00:00Z", "lines": []},
    "A-2": {"id": "A-2", "customer": "c-9", "total": 90, "status": "delivered", "placed_at": "2026-05-02T00:00:00Z", "lines": []},
}
INVOICES: dict[str, dict[str, Any]] = {
    "A-1": {"order": "A-1", "amounts": {"total": 4000}},
    "A-2": {"order": "A-2", "amounts": {"total": 9000}},
}
LEAD = {"id": "ann", "roles": ["support_lead"]}


def fetch(need: agentc.Need) -> Any:
    """The systems of record of the refunds policy."""
    return {"Order": ORDERS, "Invoice": INVOICES}[need["record"]].get(need["key"])


class Clock:
    """A clock that a test sets; each look at it takes a second."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 10, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="session")
def module() -> agentc.Compiled:
    """The runtime's module, compiled once."""
    return agentc.Compiled(os.environ["AGENTC_WASM"])


@pytest.fixture(scope="session")
def artifact() -> bytes:
    """The refunds policy."""
    return (VECTORS / "policies" / "refunds.agentc").read_bytes()


@pytest.fixture
def policy(module: agentc.Compiled, artifact: bytes) -> Iterator[agentc.Policy]:
    """The refunds policy in an instance of its own."""
    loaded = agentc.Policy.load(module, artifact, clock=Clock())
    yield loaded
    loaded.close()


def opened(policy: agentc.Policy, **more: Any) -> agentc.Run:
    """A run of the refunds policy."""
    given = {"ticket": "T-1", "customer": "c-9", "request": "It arrived broken"}
    more.setdefault("fetch", fetch)
    return policy.open("triage_refunds", run="r-1", agent={"id": "bot"}, input=given, **more)
