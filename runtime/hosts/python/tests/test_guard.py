"""The guard: a tool is executed when it is allowed, with what was allowed, and not otherwise."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import Any

import pytest
from conftest import ORDERS, opened

import agentc

executed: list[str] = []


@agentc.guard
def get_order(order_id: str) -> dict[str, Any]:
    """Looks an order up."""
    executed.append(order_id)
    return ORDERS[order_id]


@agentc.guard("shop.delete_customer")
def delete(customer: str) -> None:
    executed.append(customer)


@agentc.guard("shop.get_order")
async def get_order_later(order_id: str) -> dict[str, Any]:
    await asyncio.sleep(0)
    executed.append(order_id)
    return ORDERS[order_id]


@pytest.fixture(autouse=True)
def _nothing_yet() -> None:  # pyright: ignore[reportUnusedFunction]
    executed.clear()


def test_an_allowed_tool_runs_and_shows_what_the_agent_may_see(policy: agentc.Policy) -> None:
    with opened(policy):
        assert get_order(order_id="A-1")["status"] == "delivered"
    assert executed == ["A-1"]


def test_a_denied_tool_does_not_run(policy: agentc.Policy) -> None:
    with opened(policy), pytest.raises(agentc.Denied) as denied:
        delete("c-9")
    assert denied.value.answer.get("by", {}).get("rule") == "never_delete_customer"
    assert str(denied.value) == denied.value.answer.get("model")
    assert executed == []


def test_outside_a_run_nothing_runs(policy: agentc.Policy) -> None:
    with pytest.raises(agentc.NoRun):
        get_order("A-1")
    with opened(policy):
        pass
    with pytest.raises(agentc.NoRun):
        get_order("A-1")
    assert executed == []


def test_a_thread_does_not_inherit_the_run_of_another(policy: agentc.Policy) -> None:
    raised: list[BaseException] = []

    def elsewhere() -> None:
        try:
            get_order("A-1")
        except agentc.NoRun as error:
            raised.append(error)

    with opened(policy):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert len(raised) == 1 and executed == []


def test_async_tools(policy: agentc.Policy) -> None:
    async def main() -> Any:
        with opened(policy):
            return await get_order_later("A-2")

    assert asyncio.run(main())["total"] == 90
    assert executed == ["A-2"]


def test_tasks_have_runs_of_their_own(policy: agentc.Policy) -> None:
    async def one(order: str) -> Any:
        with opened(policy):
            return (await get_order_later(order))["id"]

    async def main() -> list[Any]:
        return list(await asyncio.gather(one("A-1"), one("A-2")))

    assert asyncio.run(main()) == ["A-1", "A-2"]


def test_a_tool_keeps_its_name_and_signature_but_not_itself() -> None:
    assert get_order.__name__ == "get_order" and get_order.__doc__ == "Looks an order up."
    assert list(inspect.signature(get_order).parameters) == ["order_id"]
    assert not hasattr(get_order, "__wrapped__")


def test_arguments_without_names_are_no_arguments() -> None:
    def positional(order_id: str, /) -> None: ...

    def many(*orders: str) -> None: ...

    for tool in (positional, many):
        with pytest.raises(TypeError, match="have names"):
            agentc.guard(tool)
