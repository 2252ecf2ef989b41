"""A run: what one execution of one job sends and is answered."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar, cast

from . import errors, text
from .abi import Abi
from .answers import Answer, Foreseen, Need, Preview, Request
from .ledger import Cell, Ledger
from .loop import Ask, Fetch, Read, Steps, Vote, approval, decide, settle

Clock = Callable[[], datetime]
Fetcher = Callable[[Need], Any]
Approve = Callable[[Request], "Vote | None | Awaitable[Vote | None]"]
Tool = Callable[[dict[str, Any]], Any]
R = TypeVar("R")

_MAX_TRIES = 64
_MAX_LOADS = 64
_TEXT, _BRIEF = 0, 2
_FORESEEN: dict[int, Foreseen] = {1: "allow", 2: "need", 3: "approval", 4: "deny", 5: "escalate", 6: "paused"}
_CURRENT: ContextVar[Run | None] = ContextVar("agentc_run", default=None)
_OUTCOMES: dict[str, type[errors.NotAllowed]] = {
    "deny": errors.Denied,
    "refused": errors.Denied,
    "escalate": errors.Escalated,
    "paused": errors.Paused,
    "approval": errors.ApprovalPending,
    "need": errors.DataMissing,
}


def current_run() -> Run:
    """The run of the ``with`` block that this code runs in.

    Raises:
        NoRun: there is none.
    """
    run = _CURRENT.get()
    if run is None:
        raise errors.NoRun("there is no run here, so nothing is allowed; open one: `with policy.open(…):`")
    return run


class Run:
    """One execution of one job; opened by :meth:`Policy.open <agentc.Policy.open>`.

    As a context manager it is the run of the guarded tools that are called inside; leaving it ends and closes the run.
    """

    def __init__(
        self,
        abi: Abi,
        handle: int,
        clock: Clock,
        *,
        fetch: Fetcher | None,
        approve: Approve | None,
        ledger: Ledger | None,
        trace: Callable[[str], None] | None,
    ) -> None:
        self._abi, self._handle, self._clock = abi, handle, clock
        self._fetch, self._approve, self._ledger, self._trace = fetch, approve, ledger, trace
        self._calls = 0
        self._waiting: dict[str, dict[str, Any]] = {}
        self._tokens: list[Token[Run | None]] = []
        self._ended = self._closed = False
        self.handoff: Any = None
        """What a person needs who takes over, once the run has escalated."""
        self.verdict: Any = None
        """Whether the job is done and why, once the run has ended."""

    # Events, as they are.

    def send(self, event: Mapping[str, Any], *, brief: bool = False) -> Answer:
        """Sends one event; ``at`` is now where it is left out. A brief answer has no sentences, values and lists of rules.

        Raises:
            AgentcError: there is no answer; nothing may be executed.
        """
        event = {"at": self._now(), **event}
        answer = cast(Answer, text.read(self.send_bytes(text.write(event).encode(), brief=brief)))
        self.handoff = answer.get("escalated", self.handoff)
        if answer.get("answer") == "end" and answer["outcome"] in ("done", "not_done"):
            self._ended, self.verdict = True, answer.get("verdict")
        return answer

    def send_bytes(self, event: bytes, *, brief: bool = False) -> bytes:
        """Sends the bytes of one event; the bytes of its answer."""
        form = _TEXT | _BRIEF if brief else _TEXT
        if self._ledger is None:
            answer = self._abi.exchange("agentc_run_send", (self._handle, form), event)
        else:
            answer = self._over(self._ledger, event, form)
        if self._trace is not None:
            lines = self._abi.output("agentc_run_trace", self._handle)
            for line in lines.decode().splitlines():
                self._trace(line)
        return answer

    def _over(self, ledger: Ledger, event: bytes, form: int) -> bytes:
        keys: list[str] = []
        for _ in range(_MAX_TRIES):
            cells: list[Cell] = ledger.load(keys) if keys else []
            said = self._abi.exchange("agentc_run_step", (self._handle, form), _envelope(event, cells))
            step = text.read(said)
            if "load" in step:
                keys += [key for key in step["load"] if key not in keys]
                continue
            answer = _answer_bytes(said)
            if "commit" not in step:
                return answer
            committed = False
            try:
                committed = ledger.commit(step["commit"])
            finally:
                self._abi.call("agentc_run_settle", self._handle, int(committed))
            if committed:
                return answer
        raise errors.LedgerError("others wrote the same counters again and again; try again")

    # Calls.

    def preview(self, verb: str, args: Mapping[str, Any]) -> Preview:
        """What the agent would be answered if it made this call now.

        It changes nothing and permits nothing: a call that is to be made goes through :meth:`decide` or :meth:`execute`.
        """
        # The id of a call that is only asked about is not used up.
        call = {"event": "call", "id": "preview", "verb": verb, "args": dict(args), "at": self._now()}
        return self.preview_bytes(text.write(call).encode())

    def preview_bytes(self, event: bytes) -> Preview:
        """As :meth:`preview`, of the bytes of a ``call`` event."""
        keys: list[str] = []
        for _ in range(_MAX_LOADS):
            if self._ledger is not None:
                cells: list[Cell] = self._ledger.load(keys) if keys else []
                outcome, said = self._abi.ask("agentc_run_preview", (self._handle, _TEXT), _envelope(event, cells))
            else:
                outcome, said = self._abi.ask("agentc_run_preview", (self._handle, _TEXT), event)
            if outcome != 0:
                return Preview(_FORESEEN[outcome], said.decode())
            keys += text.read(said)["load"]
        raise errors.LedgerError("the preview asked for more cells than it may")

    def decide(self, verb: str, args: Mapping[str, Any], *, id: str | None = None) -> Answer:
        """The decision on a call: what it needs is fetched, people are asked.

        Execute it on ``answer["outcome"] == "allow"`` and on nothing else, with exactly ``answer["allow"]["args"]``; then say what came of
        it (:meth:`result`, :meth:`refused`, :meth:`unclear`). :meth:`execute` does all of it.
        """
        return self._drive(self._deciding(verb, args, id))

    async def decide_async(self, verb: str, args: Mapping[str, Any], *, id: str | None = None) -> Answer:
        """As :meth:`decide`; ``fetch`` and ``approve`` may be ``async``."""
        return await self._drive_async(self._deciding(verb, args, id))

    def approve(self, request: str, by: Mapping[str, Any], approve: bool = True) -> Answer:
        """Passes on what a person answered later. The answer is the decision on the call, once all have answered."""
        return self._drive(self._approving(request, Vote(by, approve)))

    async def approve_async(self, request: str, by: Mapping[str, Any], approve: bool = True) -> Answer:
        """As :meth:`approve`; ``fetch`` and ``approve`` may be ``async``."""
        return await self._drive_async(self._approving(request, Vote(by, approve)))

    def execute(self, verb: str, args: Mapping[str, Any], tool: Tool, *, id: str | None = None) -> Any:
        """Decides a call, executes it with exactly the arguments that were allowed, reports what came of it; what the agent may see.

        Raises:
            NotAllowed: the tool was not executed; the text is for the model.
        """
        return self.perform(self.decide(verb, args, id=id), tool)

    async def execute_async(
        self, verb: str, args: Mapping[str, Any], tool: Callable[[dict[str, Any]], Awaitable[Any]], *, id: str | None = None
    ) -> Any:
        """As :meth:`execute`, of an ``async`` tool."""
        return await self.perform_async(await self.decide_async(verb, args, id=id), tool)

    def perform(self, allowed: Answer, tool: Tool) -> Any:
        """Executes a call that was allowed, and reports what came of it; what the agent may see."""
        args = _args(allowed)
        try:
            return self._returned(allowed, tool(args))
        except BaseException as error:
            self._failed(allowed, error)
            raise

    async def perform_async(self, allowed: Answer, tool: Callable[[dict[str, Any]], Awaitable[Any]]) -> Any:
        """As :meth:`perform`, of an ``async`` tool."""
        args = _args(allowed)
        try:
            return self._returned(allowed, await tool(args))
        except BaseException as error:
            self._failed(allowed, error)
            raise

    def result(self, call: str, value: Any) -> Answer:
        """An allowed call came out well. ``shows`` of the answer is what the agent may see."""
        return self.send({"event": "result", "id": call, "value": value})

    def refused(self, call: str, code: str) -> Answer:
        """The system refused an allowed call, in a word of its own."""
        return self.send({"event": "result", "id": call, "refused": code})

    def unclear(self, call: str) -> Answer:
        """Nobody knows whether an allowed call happened."""
        return self.send({"event": "result", "id": call, "unclear": True})

    # Everything else.

    def signal(self, *, confidence: Any = None, **signals: Any) -> Answer:
        """What the model or the host states."""
        stated: dict[str, Any] = {} if confidence is None else {"confidence": confidence}
        return self.send({"event": "signal", **stated, **({"signals": signals} if signals else {})})

    def usage(self, *, cost: Any = 0, tokens: int = 0) -> Answer:
        """What was used since the last time: US dollars, tokens."""
        return self.send({"event": "usage", "cost": cost, "tokens": tokens})

    def tick(self) -> Answer:
        """Time passed."""
        return self.send({"event": "tick"})

    def pause(self, by: Mapping[str, Any], scope: str = "job", verb: str | None = None) -> Answer:
        """A person pauses the job, the policy or a verb."""
        return self.send({"event": "pause", "scope": scope, **({"verb": verb} if verb else {}), "by": dict(by)})

    def resume(self, by: Mapping[str, Any], scope: str = "job", verb: str | None = None) -> Answer:
        """A person resumes it."""
        return self.send({"event": "resume", "scope": scope, **({"verb": verb} if verb else {}), "by": dict(by)})

    def undo(self, by: Mapping[str, Any], call: str | None = None) -> Answer:
        """A person wants a call undone, or all of the run. ``undo`` of the answer lists the calls to make, in order."""
        return self.send({"event": "undo", **({"call": call} if call else {}), "by": dict(by)})

    def open_requests(self) -> list[Request]:
        """The requests for approval that are open."""
        return cast("list[Request]", text.read(self._abi.output("agentc_run_requests", self._handle, 0)))

    def end(self) -> Answer:
        """Ends the run; the verdict."""
        return self.send({"event": "end"})

    def close(self) -> None:
        """Gives the run's memory back. A closed run decides nothing."""
        if not self._closed:
            self._closed = True
            self._abi.call("agentc_run_close", self._handle)

    def begin(self, event: Mapping[str, Any]) -> None:
        """Sends the ``open`` event of a new run.

        Raises:
            NotOpened: it does not open a run of this policy.
        """
        answer = self.send(event)
        if answer["outcome"] == "refused":
            raise errors.NotOpened(answer)

    def __enter__(self) -> Run:
        self._tokens.append(_CURRENT.set(self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _CURRENT.reset(self._tokens.pop())
        try:
            if not self._ended and not self._closed:
                self.end()
        finally:
            self.close()

    # Driving the loop.

    def _deciding(self, verb: str, args: Mapping[str, Any], id: str | None) -> Steps:
        if id is None:
            self._calls += 1
            id = f"call-{self._calls}"
        call: dict[str, Any] = {"event": "call", "id": id, "verb": verb, "args": dict(args)}
        self._waiting[id] = call
        return self._forgetting(id, decide(self, call))

    def _approving(self, request: str, vote: Vote) -> Steps:
        said = self.send(approval(request, vote))
        call = self._waiting.get(said.get("call", ""))
        if call is None or said["outcome"] == "refused":
            return said
        return (yield from self._forgetting(call["id"], settle(self, call, said)))

    def _forgetting(self, id: str, steps: Steps) -> Steps:
        answer = yield from steps
        if answer["outcome"] not in ("approval", "need"):
            self._waiting.pop(id, None)
        return answer

    def _drive(self, steps: Steps) -> Answer:
        try:
            want = next(steps)
            while True:
                want = steps.send(self._met(want))
        except StopIteration as end:
            return cast(Answer, end.value)

    async def _drive_async(self, steps: Steps) -> Answer:
        try:
            want = next(steps)
            while True:
                want = steps.send(await self._met_async(want))
        except StopIteration as end:
            return cast(Answer, end.value)

    def _met(self, want: Fetch | Ask) -> Any:
        if isinstance(want, Ask):
            return None if self._approve is None else _now_only(self._approve(want.request), "approve")
        before = self._now()
        try:
            found = None if self._fetch is None else _now_only(self._fetch(want.need), "fetch")
        except errors.Unavailable:
            return {"unavailable": True, "read_at": before}
        return self._found(found, before)

    async def _met_async(self, want: Fetch | Ask) -> Any:
        if isinstance(want, Ask):
            return None if self._approve is None else await _later(self._approve(want.request))
        before = self._now()
        try:
            found = None if self._fetch is None else await _later(self._fetch(want.need))
        except errors.Unavailable:
            return {"unavailable": True, "read_at": before}
        return self._found(found, before)

    def _found(self, found: Any, before: str) -> dict[str, Any]:
        if self._fetch is None:
            # Nobody can look: that is no word of a source.
            return {"unavailable": True, "read_at": before}
        if isinstance(found, Read):
            return {"value": found.value, "read_at": found.read_at.isoformat()}
        if found is None:
            return {"absent": True, "read_at": before}
        return {"value": found, "read_at": before}

    def _returned(self, allowed: Answer, value: Any) -> Any:
        return self.result(allowed.get("call", ""), value).get("shows")

    def _failed(self, allowed: Answer, error: BaseException) -> None:
        call = allowed.get("call", "")
        # The error that is raised already says more than one about telling the policy of it.
        with suppress(errors.AgentcError):
            if isinstance(error, errors.Refused):
                self.refused(call, error.code)
            else:
                self.unclear(call)

    def _now(self) -> str:
        return self._clock().isoformat()


def _envelope(event: bytes, cells: list[Cell]) -> bytes:
    return b'{"event":' + event + b',"cells":' + text.write(cells).encode() + b"}"


def _args(answer: Answer) -> dict[str, Any]:
    allow = answer.get("allow")
    if answer["outcome"] == "allow" and allow is not None:
        return allow["args"]
    raise _OUTCOMES.get(answer["outcome"], errors.Denied)(answer)


def _answer_bytes(said: bytes) -> bytes:
    """The answer in what a step said, byte for byte: it is the first member, and the commit the last."""
    start = len(b'{"answer":')
    depth, inside, escaped = 0, False, False
    for at in range(start, len(said)):
        byte = said[at]
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"{[":
            depth += 1
        elif byte in b"}]":
            depth -= 1
            if depth == 0:
                return said[start : at + 1]
    raise errors.ModuleError("the module's output is no answer")


def _now_only(value: R, what: str) -> R:
    if inspect.isawaitable(value):
        if inspect.iscoroutine(value):
            value.close()
        raise TypeError(f"`{what}` is async: use `decide_async`, or guard an async function")
    return value


async def _later(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
