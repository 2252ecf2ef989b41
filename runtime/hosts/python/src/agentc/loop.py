"""The loop of a host, without input or output: it says what it wants, and is told. The sync and the async drivers both run it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from .answers import Answer, Need, Request

MAX_VOTES = 100
"""So many votes are asked for one decision at most; then the answer that is still open is given back."""

MAX_FETCHES = 33
"""So often one decision may want records: each time at least one of the 32 that a call may need."""


@dataclass(frozen=True)
class Read:
    """A record that was read at a time of its own, from a cache for example."""

    value: Any
    read_at: datetime


@dataclass(frozen=True)
class Vote:
    """What a person answered: who (``{"id": …, "roles": […]}``, vouched for by the host), and whether it is a yes."""

    by: Mapping[str, Any]
    approve: bool = True


@dataclass(frozen=True)
class Fetch:
    """The loop wants a record; it is told the members of a ``record`` event that say what was found."""

    need: Need


@dataclass(frozen=True)
class Ask:
    """The loop wants to know what a person says; it is told a :class:`Vote`, or ``None`` where nobody has answered yet."""

    request: Request


Steps = Generator["Fetch | Ask", Any, Answer]
"""What it wants, what it is told, and in the end the answer."""


class Sends(Protocol):
    """A run, as the loop sees it: events in, answers out."""

    def send(self, event: Mapping[str, Any]) -> Answer:
        """Sends one event; its answer."""
        ...


def decide(run: Sends, call: Mapping[str, Any]) -> Steps:
    """From a call to its decision."""
    return (yield from settle(run, call, run.send(call)))


def settle(run: Sends, call: Mapping[str, Any], answer: Answer) -> Steps:
    """From any answer about a call to its decision: needs are fetched, people are asked."""
    votes, fetches = 0, 0
    while True:
        if answer["outcome"] == "need" and fetches < MAX_FETCHES:
            fetches += 1
            for need in answer.get("needs", []):
                found = yield Fetch(need)
                about = {"source": need["source"], "record": need["record"], "key": need["key"]}
                run.send({"event": "record", **about, **found})
            answer = run.send(call)
        elif answer["outcome"] == "approval" and votes < MAX_VOTES:
            asked = answer.get("approvals", [])
            heard = False
            for request in asked:
                vote: Vote | None = yield Ask(request)
                if vote is None:
                    continue
                heard = True
                votes += 1
                said = run.send(approval(request["request"], vote))
                # A vote that is not taken changes nothing: the request stays open.
                if said["outcome"] != "refused":
                    answer = said
                if answer["outcome"] != "approval":
                    break
            if not heard:
                return answer
        else:
            return answer


def approval(request: str, vote: Vote) -> dict[str, Any]:
    """The event that passes on a vote."""
    return {"event": "approval", "request": request, "by": dict(vote.by), "approve": vote.approve}
