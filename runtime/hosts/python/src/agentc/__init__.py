"""Decides every tool call of an agent by its compiled policy, and guards the tools."""

from .abi import ABI, LIMITS, Compiled
from .answers import Allow, Answer, Foreseen, Need, Outcome, PolicyInfo, Preview, Request, Rule
from .errors import (
    AgentcError,
    ApprovalPending,
    ArtifactError,
    DataMissing,
    Denied,
    Escalated,
    HandleError,
    InputError,
    LedgerError,
    LimitError,
    ModuleError,
    NoRun,
    NotAllowed,
    NotOpened,
    Paused,
    Refused,
    Unavailable,
)
from .guard import guard
from .ledger import Cell, Change, Ledger, MemoryLedger
from .loop import Read, Vote
from .policy import Policy
from .run import Run, current_run

__all__ = [
    "ABI",
    "LIMITS",
    "AgentcError",
    "Allow",
    "Answer",
    "ApprovalPending",
    "ArtifactError",
    "Cell",
    "Change",
    "Compiled",
    "DataMissing",
    "Denied",
    "Escalated",
    "Foreseen",
    "HandleError",
    "InputError",
    "Ledger",
    "LedgerError",
    "LimitError",
    "MemoryLedger",
    "ModuleError",
    "Need",
    "NoRun",
    "NotAllowed",
    "NotOpened",
    "Outcome",
    "Paused",
    "Policy",
    "PolicyInfo",
    "Preview",
    "Read",
    "Refused",
    "Request",
    "Rule",
    "Run",
    "Unavailable",
    "Vote",
    "current_run",
    "guard",
]
