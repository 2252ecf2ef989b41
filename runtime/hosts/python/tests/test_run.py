"""The loop: decide, fetch, ask, execute, report."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from conftest import LEAD, ORDERS, fetch, opened

import agentc


def refund(order: str, amount: Any) -> dict[str, Any]:
    return {"order_id": order, "amount": amount, "reason": "broken"}


def looked(run: agentc.Run, order: str) -> None:
    shown = run.execute("get_order", {"order_id": order}, lambda args: ORDERS[args["order_id"]])
    assert shown["id"] == order


def test_a_policy_says_what_it_is(policy: agentc.Policy) -> None:
    assert policy.info["policy"] == "acme.refunds"
    assert policy.info["jobs"] == ["triage_refunds"]
    assert len(policy.info["digest"]) == 64


def test_what_is_allowed_is_executed_with_the_digits_that_were_decided(policy: agentc.Policy) -> None:
    seen: list[Any] = []
    with opened(policy) as run:
        looked(run, "A-1")

        def pay(args: dict[str, Any]) -> dict[str, str]:
            seen.append(args["amount"])
            return {"id": "R-1"}

        assert run.execute("refund", refund("A-1", Decimal("39.90")), pay) == {"id": "R-1"}
    assert [str(amount) for amount in seen] == ["39.90"]
    assert run.verdict["done"] is True


def test_an_approval_is_asked_for_and_waited_for(policy: agentc.Policy) -> None:
    asked: list[str] = []

    def approve(request: agentc.Request) -> agentc.Vote:
        asked.append(request["request"])
        return agentc.Vote(LEAD)

    with opened(policy, approve=approve) as run:
        looked(run, "A-2")
        answer = run.decide("refund", refund("A-2", 90), id="c6")
    assert answer["outcome"] == "allow"
    assert asked == ["r-1/c6/large_refund/1"]


def test_an_approval_that_comes_later_decides_the_call(policy: agentc.Policy) -> None:
    with opened(policy) as run:
        looked(run, "A-2")
        with pytest.raises(agentc.ApprovalPending) as pending:
            run.execute("refund", refund("A-2", 90), lambda _: pytest.fail("nobody approved it"))
        [request] = pending.value.answer.get("approvals", [])
        assert run.open_requests()[0]["request"] == request["request"]
        answer = run.approve(request["request"], LEAD)
        assert answer["outcome"] == "allow"
        assert run.perform(answer, lambda _: {"id": "R-2"}) == {"id": "R-2"}


def test_a_no_denies(policy: agentc.Policy) -> None:
    def no(request: agentc.Request) -> agentc.Vote:
        return agentc.Vote(LEAD, approve=False)

    with opened(policy, approve=no) as run:
        looked(run, "A-2")
        with pytest.raises(agentc.Denied):
            run.execute("refund", refund("A-2", 90), lambda _: pytest.fail("it was refused"))


def test_a_vote_of_somebody_who_may_not_is_asked_again_but_not_for_ever(policy: agentc.Policy) -> None:
    asked: list[str] = []

    def approve(request: agentc.Request) -> agentc.Vote:
        asked.append(request["request"])
        return agentc.Vote({"id": "eve", "roles": []})

    with opened(policy, approve=approve) as run:
        looked(run, "A-2")
        assert run.decide("refund", refund("A-2", 90))["outcome"] == "approval"
    assert len(asked) == 100


def test_what_was_not_looked_at_is_not_allowed(policy: agentc.Policy) -> None:
    def nothing(need: agentc.Need) -> Any:
        raise agentc.Unavailable

    with opened(policy, fetch=nothing) as run:
        looked(run, "A-1")
        with pytest.raises(agentc.Escalated):
            run.execute("refund", refund("A-1", 40), lambda _: pytest.fail("the invoice was not looked at"))
        assert run.handoff is not None


def test_without_a_fetch_a_record_is_unavailable_not_absent(policy: agentc.Policy) -> None:
    with opened(policy, fetch=None) as run:
        looked(run, "A-1")
        answer = run.decide("refund", refund("A-1", 40))
    assert answer["outcome"] == "escalate"
    assert "could not be read" in answer.get("person", "")


def test_a_fetch_that_fails_decides_nothing(policy: agentc.Policy) -> None:
    def broken(need: agentc.Need) -> Any:
        raise ConnectionError("the shop is on fire")

    with opened(policy, fetch=broken) as run:
        looked(run, "A-1")
        with pytest.raises(ConnectionError):
            run.execute("refund", refund("A-1", 40), lambda _: pytest.fail("it was not decided"))


def test_what_a_tool_raises_is_reported(policy: agentc.Policy) -> None:
    lines: list[str] = []

    def declined(args: dict[str, Any]) -> None:
        raise agentc.Refused("declined")

    def lost(args: dict[str, Any]) -> None:
        raise TimeoutError

    with opened(policy, trace=lines.append) as run:
        looked(run, "A-1")
        with pytest.raises(agentc.Refused):
            run.execute("refund", refund("A-1", 40), declined)
        with pytest.raises(TimeoutError):
            run.execute("refund", refund("A-1", 40), lost)
        with pytest.raises(agentc.NotAllowed):
            run.execute("refund", refund("A-1", 40), lambda _: pytest.fail("what happened before is unclear"))
    assert any('"refused":"declined"' in line for line in lines)
    assert any('"unclear":true' in line for line in lines)


def test_a_result_that_is_not_json_is_unclear(policy: agentc.Policy) -> None:
    lines: list[str] = []
    with opened(policy, trace=lines.append) as run:
        looked(run, "A-1")
        with pytest.raises(TypeError):
            run.execute("refund", refund("A-1", 40), lambda _: object())
    assert '"unclear":true' in lines[-2]


def test_signals_usage_pause_and_undo_are_events(policy: agentc.Policy) -> None:
    with opened(policy) as run:
        looked(run, "A-1")
        refunded = run.decide("refund", refund("A-1", 40), id="c2")
        run.result("c2", {"id": "R-1"})
        assert refunded["outcome"] == "allow"
        assert run.usage(cost=Decimal("0.02"), tokens=1200)["outcome"] == "taken"
        assert run.pause(LEAD)["outcome"] == "taken"
        with pytest.raises(agentc.Paused):
            run.execute("get_order", {"order_id": "A-1"}, lambda _: pytest.fail("the job is paused"))
        assert run.resume(LEAD)["outcome"] == "taken"
        assert run.tick()["outcome"] == "taken"
        assert run.undo(LEAD, "c2")["answer"] == "undo"
        assert run.signal(confidence=0.4).get("escalated") is not None
        with pytest.raises(agentc.Denied):
            run.execute("get_order", {"order_id": "A-1"}, lambda _: pytest.fail("the run is over"))


def test_a_job_that_is_not_there_cannot_be_opened(policy: agentc.Policy) -> None:
    with pytest.raises(agentc.NotOpened, match="no_such_job"):
        policy.open("no_such_job", run="r-1", agent={"id": "bot"})


def test_async_callbacks(policy: agentc.Policy) -> None:
    async def later(need: agentc.Need) -> Any:
        await asyncio.sleep(0)
        return fetch(need)

    async def approve(request: agentc.Request) -> agentc.Vote:
        await asyncio.sleep(0)
        return agentc.Vote(LEAD)

    async def main() -> agentc.Answer:
        with opened(policy, fetch=later, approve=approve) as run:
            looked_at = await run.decide_async("get_order", {"order_id": "A-2"})
            run.result(looked_at.get("call", ""), ORDERS["A-2"])
            return await run.decide_async("refund", refund("A-2", 90))

    assert asyncio.run(main())["outcome"] == "allow"


def test_an_async_callback_in_a_sync_call_is_an_error(policy: agentc.Policy) -> None:
    async def later(need: agentc.Need) -> Any:
        return fetch(need)

    with opened(policy, fetch=later) as run:
        looked(run, "A-1")
        with pytest.raises(TypeError, match="async"):
            run.decide("refund", refund("A-1", 40))


def test_runs_share_the_counters_of_their_policy_or_of_a_ledger(module: agentc.Compiled, artifact: bytes) -> None:
    ledger = agentc.MemoryLedger()

    def paused(first: agentc.Policy, second: agentc.Policy, shared: agentc.Ledger | None) -> str:
        with opened(first, ledger=shared) as run:
            assert run.pause(LEAD)["outcome"] == "taken"
        with opened(second, ledger=shared) as run:
            return run.decide("get_order", {"order_id": "A-1"})["outcome"]

    def fresh() -> agentc.Policy:
        return agentc.Policy.load(module, artifact)

    one = fresh()
    assert paused(one, one, None) == "paused"
    assert paused(fresh(), fresh(), None) == "allow"
    assert paused(fresh(), fresh(), ledger) == "paused"


def test_a_ledger_that_always_refuses_gives_up_and_allows_nothing(policy: agentc.Policy) -> None:
    class Contended(agentc.MemoryLedger):
        contended = False

        def commit(self, changes: list[agentc.Change]) -> bool:
            return not self.contended and super().commit(changes)

    ledger = Contended()
    with opened(policy, ledger=ledger) as run:
        looked(run, "A-1")
        ledger.contended = True
        with pytest.raises(agentc.LedgerError):
            run.execute("refund", refund("A-1", 40), lambda _: pytest.fail("nothing was reserved"))
        ledger.contended = False
        assert run.execute("refund", refund("A-1", 40), lambda _: {"id": "R-1"}) == {"id": "R-1"}


def test_a_ledger_that_fails_allows_nothing_and_is_asked_again(policy: agentc.Policy) -> None:
    class Failing(agentc.MemoryLedger):
        down = False

        def commit(self, changes: list[agentc.Change]) -> bool:
            if self.down:
                raise ConnectionError("the database is gone")
            return super().commit(changes)

    ledger = Failing()
    with opened(policy, ledger=ledger) as run:
        ledger.down = True
        with pytest.raises(ConnectionError):
            run.execute("get_order", {"order_id": "A-1"}, lambda _: pytest.fail("nothing was committed"))
        ledger.down = False
        looked(run, "A-1")
