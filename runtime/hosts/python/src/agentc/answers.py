"""The shapes of answers, as ``runtime/events.md`` lists them, for type checkers. At run time they are plain dictionaries."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, Required, TypedDict

Json = Any
"""A JSON value; numbers are ``int`` or ``Decimal``."""

Outcome = Literal[
    "allow", "need", "approval", "deny", "escalate", "paused", "taken", "refused", "done", "not_done"
]


Foreseen = Literal["allow", "need", "approval", "deny", "escalate", "paused"]


class Preview(NamedTuple):
    """What a call would be answered. It permits nothing."""

    outcome: Foreseen
    rule: str
    """The name of the deciding rule."""


class Rule(TypedDict, total=False):
    """A rule that fired."""

    rule: Required[str]
    effect: str
    because: str
    file: str
    line: int


class Allow(TypedDict, total=False):
    """What may be executed: exactly this, once."""

    verb: Required[str]
    args: Required[dict[str, Json]]
    valid_until: str
    retain_until: str
    compensation: Json
    reserve: Json


class Need(TypedDict, total=False):
    """A record to fetch from its source, not through the agent."""

    source: Required[str]
    record: Required[str]
    key: Required[Json]
    verb: str
    args: dict[str, Json]
    why: str


class Request(TypedDict, total=False):
    """Whom to ask, and what to show them."""

    request: Required[str]
    gate: Rule
    approvers: list[Json]
    show: Json
    values: Json
    expires: str
    difference: Json


class Answer(TypedDict, total=False):
    """What one event is answered."""

    answer: Required[str]
    run: str
    at: Required[str]
    call: str
    outcome: Required[Outcome]
    by: Rule
    fired: list[Rule]
    shadow: list[Rule]
    values: list[Json]
    model: str
    person: str
    retry: str
    allow: Allow
    needs: list[Need]
    approvals: list[Request]
    shows: Json
    undo: list[Json]
    verdict: Json
    settled: list[Json]
    escalated: Json


class PolicyInfo(TypedDict):
    """What a policy says of itself."""

    policy: str
    version: str
    digest: str
    jobs: list[str]
    verbs: list[dict[str, str]]
