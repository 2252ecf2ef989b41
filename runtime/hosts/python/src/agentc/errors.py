"""What can go wrong. None of these allows anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .answers import Answer


class AgentcError(Exception):
    """Nothing was decided, and nothing is allowed."""


class InputError(AgentcError):
    """The bytes are no event; the text names the place."""


class ArtifactError(AgentcError):
    """The artifact cannot be loaded: it is none, or it was cut short or changed."""


class HandleError(AgentcError):
    """The run or the policy was closed."""


class LimitError(AgentcError):
    """A limit is in the way; the text says which."""


class LedgerError(AgentcError):
    """The counters could not be written, or others wrote them again and again."""


class ModuleError(AgentcError):
    """The module is none of ours, cannot be used this way, or broke. A broken one decides nothing any more."""


class NotAllowed(AgentcError):
    """A guarded tool was not executed. The text is the sentence for the model; ``answer`` says the rest."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.get("model") or answer.get("person") or answer["outcome"])
        self.answer = answer


class NotOpened(AgentcError):
    """The run cannot be opened; the text and ``answer`` say why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.get("person") or answer["outcome"])
        self.answer = answer


class Denied(NotAllowed):
    """The policy denies the call. ``answer["retry"]`` says whether trying again can help."""


class Escalated(NotAllowed):
    """The run is over; a person takes over. ``answer["escalated"]`` is the handoff."""


class Paused(NotAllowed):
    """Somebody paused the job."""


class ApprovalPending(NotAllowed):
    """People must answer first: ``answer["approvals"]``. Pass on what they say with ``run.approve``."""


class DataMissing(NotAllowed):
    """The sources did not bring what the decision needs: ``answer["needs"]``."""


class NoRun(AgentcError):
    """A guarded tool was called outside a run. It is not executed: there is no policy to ask."""


class Refused(Exception):
    """Raised by a tool: the system refused the call, and nothing happened. ``code`` is the system's own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unavailable(Exception):
    """Raised by a ``fetch``: the source cannot be reached."""
