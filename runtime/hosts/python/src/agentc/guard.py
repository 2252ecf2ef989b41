"""The guard: a tool that is only executed when the policy allows the call, and with the arguments that it allowed."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast, overload

from .run import current_run

P = ParamSpec("P")
T = TypeVar("T")


class Guard:
    """Decorates with a verb: ``@guard("shop.refund")``."""

    def __init__(self, verb: str) -> None:
        self._verb = verb

    @overload
    def __call__(self, tool: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, Any]]: ...
    @overload
    def __call__(self, tool: Callable[P, T]) -> Callable[P, Any]: ...
    def __call__(self, tool: Callable[P, Any]) -> Callable[P, Any]:
        return _guarded(self._verb, tool)


@overload
def guard(tool: str) -> Guard: ...
@overload
def guard(tool: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, Any]]: ...
@overload
def guard(tool: Callable[P, T]) -> Callable[P, Any]: ...
def guard(tool: str | Callable[P, Any]) -> Guard | Callable[P, Any]:
    """Makes a function, sync or async, a tool that cannot be called around the policy.

    Calling it asks the run of the surrounding ``with`` block. The function is executed when that allows it, with the arguments that were
    decided (numbers as ``int`` or ``Decimal``); its result is reported, and the caller gets what the agent may see of it. The verb is the
    function's name, or what ``@guard("name")`` says; parameters are the verb's arguments on the wire. The undecorated function is not an
    attribute of the tool.

    Raises:
        NotAllowed: when called, if the policy does not allow it; the text is the sentence for the model.
        NoRun: when called outside a run.
    """
    return Guard(tool) if isinstance(tool, str) else _guarded(cast(str, getattr(tool, "__name__", "")), tool)


def _guarded(verb: str, tool: Callable[P, Any]) -> Callable[P, Any]:
    signature = inspect.signature(tool)
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            raise TypeError(f"the arguments of a tool have names: `{parameter.name}` has none")

    def arguments(args: Any, kwargs: Any) -> dict[str, Any]:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        rest = [name for name, parameter in signature.parameters.items() if parameter.kind is parameter.VAR_KEYWORD]
        given = dict(bound.arguments)
        for name in rest:
            given |= given.pop(name)
        return given

    if inspect.iscoroutinefunction(tool):
        coroutine = cast("Callable[..., Awaitable[Any]]", tool)

        async def later(*args: P.args, **kwargs: P.kwargs) -> Any:
            wanted = arguments(args, kwargs)
            return await current_run().execute_async(verb, wanted, lambda allowed: coroutine(**allowed))

        return _named(later, tool)

    plain = cast("Callable[..., Any]", tool)

    def now(*args: P.args, **kwargs: P.kwargs) -> Any:
        wanted = arguments(args, kwargs)
        return current_run().execute(verb, wanted, lambda allowed: plain(**allowed))

    return _named(now, tool)


def _named(guarded: Callable[P, Any], tool: Callable[P, Any]) -> Callable[P, Any]:
    functools.update_wrapper(guarded, tool)
    # Frameworks read the signature; `__wrapped__` would be a way around the policy.
    del guarded.__dict__["__wrapped__"]
    guarded.__dict__["__signature__"] = inspect.signature(tool)
    return guarded
