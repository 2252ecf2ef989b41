"""A loaded policy: what opens runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, cast

from . import text
from .abi import Compiled
from .answers import PolicyInfo
from .errors import HandleError
from .ledger import Ledger
from .run import Approve, Clock, Fetcher, Run

KEEP_TRACE = 1
HOST_LEDGER = 2

Source = bytes | str | os.PathLike[str]


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Policy:
    """One policy in one instance of the module.

    All its runs share the counters, approvals and pauses of that instance, unless they are opened with a ledger of the host's. Threads may
    share a policy; its runs wait for each other.
    """

    def __init__(
        self, module: Compiled, artifact: bytes | None = None, *, limits: Mapping[str, int] | None = None, clock: Clock = _now
    ) -> None:
        self._abi = module.instance(dict(limits or {}))
        self._clock = clock
        if artifact is None:
            self._handle = self._abi.call("agentc_policy_embedded")
        else:
            self._handle = self._abi.send("agentc_policy_load", (), artifact)
        self.info: PolicyInfo = cast(PolicyInfo, text.read(self._abi.output("agentc_policy_info", self._handle)))
        """What the policy says of itself."""

    @classmethod
    def load(
        cls,
        module: Source | Compiled,
        artifact: Source | None = None,
        *,
        limits: Mapping[str, int] | None = None,
        clock: Clock = _now,
    ) -> Policy:
        """Loads a policy.

        Args:
            module: what ``agentc build --target wasm`` wrote; or the runtime's ``agentc.wasm``, with ``artifact``. Bytes, or a path. A
                :class:`Compiled` where the same module is loaded often.
            artifact: the bytes or the path of the ``.agentc`` file, where the module holds no policy of its own.
            limits: limits of the module by the names of :data:`agentc.LIMITS`.
            clock: what tells the time.

        Raises:
            ModuleError: the module is none of ours.
            ArtifactError: the artifact cannot be loaded, or none is given and the module holds none.
        """
        compiled = module if isinstance(module, Compiled) else Compiled(module)
        if artifact is not None and not isinstance(artifact, bytes):
            with open(artifact, "rb") as file:
                artifact = file.read()
        return cls(compiled, artifact, limits=limits, clock=clock)

    def new_run(
        self,
        *,
        fetch: Fetcher | None = None,
        approve: Approve | None = None,
        ledger: Ledger | None = None,
        trace: Callable[[str], None] | None = None,
    ) -> Run:
        """A run that waits for its ``open`` event; :meth:`open` is what most hosts want."""
        flags = (KEEP_TRACE if trace else 0) | (HOST_LEDGER if ledger is not None else 0)
        handle = self._abi.call("agentc_run_new", self._handle, flags)
        return Run(self._abi, handle, self._clock, fetch=fetch, approve=approve, ledger=ledger, trace=trace)

    def open(
        self,
        job: str,
        *,
        run: str,
        agent: Mapping[str, Any],
        input: Mapping[str, Any] | None = None,
        user: Mapping[str, Any] | None = None,
        environment: Mapping[str, Any] | None = None,
        fetch: Fetcher | None = None,
        approve: Approve | None = None,
        ledger: Ledger | None = None,
        trace: Callable[[str], None] | None = None,
    ) -> Run:
        """Opens a run of a job.

        Args:
            job: the job's name.
            run: the run's own id.
            agent: who acts, ``{"id": …, "roles": […]}``; the host vouches for this and for all that follows.
            input: the job's input.
            user: the person served, like ``agent``.
            environment: what the job's ``environment`` declares.
            fetch: fetches a record from its source, for a need: its JSON value, ``None`` where there is none, a :class:`Read` where it was
                read earlier; raises :class:`Unavailable`. May be ``async`` for runs that are used so.
            approve: asks the people of a request: a :class:`Vote`, or ``None`` where nobody has answered yet.
            ledger: where the counters lie, if not in the instance.
            trace: takes each line of the run's trace, without its newline.

        Raises:
            NotOpened: the event does not open a run of this policy; the answer says why.
        """
        opened = self.new_run(fetch=fetch, approve=approve, ledger=ledger, trace=trace)
        roles: dict[str, Any] = {"roles": []}
        event: dict[str, Any] = {"event": "open", "run": run, "job": job, "agent": roles | dict(agent)}
        event["input"] = dict(input or {})
        if user is not None:
            event["user"] = roles | dict(user)
        event["environment"] = dict(environment or {})
        try:
            opened.begin(event)
        except BaseException:
            opened.close()
            raise
        return opened

    def memory_bytes(self) -> int:
        """How large the instance's memory is."""
        return self._abi.memory_bytes()

    def memory_used(self) -> int:
        """How much of it is in use."""
        return self._abi.call("agentc_memory_used")

    def sweep(self) -> int:
        """Drops the counters of windows that ended; how many cells are left. Call it now and then."""
        return self._abi.send("agentc_ledger_sweep", (), self._clock().isoformat().encode())

    def close(self) -> None:
        """Gives the policy's memory back. Runs that it opened go on."""
        try:
            self._abi.call("agentc_policy_close", self._handle)
        except HandleError:
            pass
