// The loop that a host writes: decide, fetch, ask people, execute, report.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ABSENT, AgentcError, load, RawJson, Refused, ToolRefused, UNAVAILABLE } from "../index.js";
import { artifact, AT, looked, opening, order, policy, refunds, runtime, shop } from "./support.js";

const refund = (amount) => ({ order_id: "A-1", amount, reason: "broken" });
const lead = { id: "ann", roles: ["support_lead"] };

async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (error) => error,
  );
  assert.ok(error instanceof Refused, String(error));
  return error.answer;
}

test("a module that holds a policy, and a policy in the runtime's module, are the same", async () => {
  const own = (await load(refunds)).policy();
  const loaded = (await load(runtime)).policy(artifact);
  assert.deepEqual(own.info, loaded.info);
  assert.equal(own.info.policy, "acme.refunds");
  assert.ok(own.info.verbs.some(({ verb, tool, kind }) => verb === "refund" && tool === "shop" && kind === "write"));
});

test("needs are fetched, the call is executed, and the agent sees the result", async () => {
  const seen = [];
  const run = await looked(40, { fetch: (need) => (seen.push(need.record), shop(40)(need)) });
  const made = [];
  const shown = await run.guard("refund", (args, call) => {
    made.push([args, call.text]);
    return { id: "R-1" };
  })(refund(40));
  assert.deepEqual(shown, { id: "R-1" });
  assert.deepEqual(seen, ["Invoice"]);
  assert.deepEqual(made, [[refund(40), '{"amount":40,"order_id":"A-1","reason":"broken"}']]);
  const again = await refusal(run.guard("refund", () => assert.fail("executed"))(refund(40)));
  assert.deepEqual([again.outcome, again.by.rule], ["deny", "once"]);
  const { verdict } = await run.end();
  assert.equal(verdict.done, true);
});

test("a number reaches the tool as it was written", async () => {
  const run = await looked(40);
  let text;
  await run.guard("refund", (_, call) => void (text = call.text))(
    new RawJson('{"reason":"broken","order_id":"A-1","amount":39.99000}'),
  );
  assert.match(text, /"amount":39\.99/);
  const run2 = await looked(40);
  const big = await run2.call("add_note", new RawJson('{"order_id":"A-1","text":"12345678901234567890"}'));
  assert.equal(big.allow.text, '{"order_id":"A-1","text":"12345678901234567890"}');
});

test("a gate asks people, and their answer decides", async () => {
  for (const [approve, outcome] of [
    [true, "allow"],
    [false, "deny"],
  ]) {
    const asked = [];
    const run = await looked(90, { approve: async (request) => (asked.push(request.gate.rule), { by: lead, approve }) });
    const answer = await run.call("refund", refund(90));
    assert.deepEqual([answer.outcome, asked], [outcome, ["large_refund"]]);
    assert.deepEqual(run.requests(), []);
  }
});

test("who may not approve does not: the request waits on", async () => {
  const run = await looked(90, { approve: () => ({ by: { id: "eve", roles: [] }, approve: true }) });
  const answer = await run.call("refund", refund(90));
  assert.equal(answer.outcome, "refused");
  assert.deepEqual(run.requests().map((request) => request.gate.rule), ["large_refund"]);
  const later = await run.send({ event: "approval", request: run.requests()[0].request, by: lead, approve: true });
  assert.equal(later.outcome, "allow");
});

test("where nobody answers in time, the policy says what follows", async () => {
  let now = AT;
  const run = await looked(90, {
    now: () => now,
    approve: () => {
      now = "2026-05-04T14:00:00Z";
      return new Promise(() => {});
    },
  });
  // The gate escalates when it expires: the run is over.
  const answer = await run.call("refund", refund(90));
  assert.deepEqual([answer.outcome, answer.by.rule], ["deny", "closed"]);
});

test("a host that waits no longer gets the request back", async () => {
  const run = await looked(90, { approve: () => undefined });
  assert.equal((await run.call("refund", refund(90))).outcome, "approval");
  const without = await looked(90);
  assert.equal((await without.call("refund", refund(90))).outcome, "approval");
});

test("what a source cannot answer is never an allow", async () => {
  for (const [answer, outcome] of [
    [() => UNAVAILABLE, "escalate"],
    [() => Promise.reject(new Error("no connection")), "escalate"],
    [() => ABSENT, "deny"],
    [() => undefined, "deny"],
    [() => ({ order: "A-1" }), "escalate"],
  ]) {
    const run = await looked(40, { fetch: answer });
    assert.equal((await run.call("refund", refund(40))).outcome, outcome);
  }
  const nothing = await looked(40, { fetch: undefined });
  assert.equal((await nothing.call("refund", refund(40))).outcome, "need");
});

test("a tool that refuses gives its share back; one that fails leaves the call unclear", async () => {
  const run = await looked(40);
  await assert.rejects(
    run.guard("refund", () => {
      throw new ToolRefused("declined");
    })(refund(40)),
    ToolRefused,
  );
  await assert.rejects(
    run.guard("refund", () => {
      throw new Error("connection reset");
    })(refund(40)),
    /connection reset/,
  );
  const blocked = await refusal(run.guard("refund", () => assert.fail("executed"))(refund(40)));
  assert.equal(blocked.outcome, "deny");
});

test("a guarded tool is never executed without an allow", async () => {
  const run = await looked(40);
  const never = () => assert.fail("executed");
  const tools = run.guardAll({ refund: never, delete_customer: never, no_such_verb: never });
  assert.equal((await refusal(tools.refund(refund(4000)))).outcome, "deny");
  assert.equal((await refusal(tools.delete_customer({ customer: "c-9" }))).by.rule, "never_delete_customer");
  assert.equal((await refusal(tools.no_such_verb({}))).by.rule, "undeclared_verb");
  const doubled = new RawJson('{"order_id":"A-1","order_id":"A-2","amount":4,"reason":"x"}');
  assert.equal((await refusal(tools.refund(doubled))).by.rule, "arguments");
  await run.send({ event: "pause", scope: "job", by: { id: "sam", roles: ["sre"] } });
  assert.equal((await refusal(tools.refund(refund(4)))).outcome, "paused");
});

test("a run that the policy does not open is refused", async () => {
  const loaded = await policy();
  await assert.rejects(loaded.open({ ...opening(), job: "nothing" }), (error) => {
    return error instanceof Refused && error.message === "the policy has no job `nothing`";
  });
  await assert.rejects(loaded.open({ ...opening(), agent: {} }), Refused);
});

test("an event that cannot be read is an error, and the run is as it was", async () => {
  const run = await looked(40);
  await assert.rejects(run.send({ event: "approve" }), (error) => {
    return error instanceof AgentcError && error.code === "input" && error.message.includes("`approve`, which is no event");
  });
  assert.throws(() => run.sendSync({ event: "call", id: "x", verb: "refund", args: 3 }), { code: "input" });
  assert.equal((await run.call("refund", refund(40))).outcome, "allow");
});

/** A ledger as a host with a database would keep it. */
class Shared {
  cells = new Map();
  version = 0;
  refuse = 0;
  loads = 0;

  load(keys) {
    this.loads += 1;
    return Promise.resolve(keys.map((key) => structuredClone(this.cells.get(key) ?? { key, version: 0 })));
  }

  commit(changes) {
    const same = changes.every(({ key, expected }) => (this.cells.get(key)?.version ?? 0) === expected);
    if (!same) return false;
    if (this.refuse > 0) {
      this.refuse -= 1;
      return false;
    }
    for (const { key, write, value } of changes) {
      if (write === "set") this.cells.set(key, { key, version: (this.version += 1), value });
      if (write === "clear") this.cells.delete(key);
    }
    return true;
  }
}

test("runs of two instances share what a ledger of the host holds", async () => {
  const ledger = new Shared();
  const bought = async (name) => {
    // Each on an instance of its own, as two processes would be.
    const run = await (await policy()).open(opening(name), { now: () => AT, fetch: shop(50), ledger });
    await run.guard("get_order", () => order(50))({ order_id: "A-1" });
    return run.call("refund", refund(50));
  };
  for (let i = 0; i < 10; i += 1) assert.equal((await bought(`r${i}`)).outcome, "allow");
  // 500 USD a day for all of them together.
  const over = await bought("r10");
  assert.deepEqual([over.outcome, over.by.rule], ["escalate", "daily"]);
});

test("a commit that is refused is decided anew, and a ledger that fails allows nothing", async () => {
  const ledger = new Shared();
  const run = await (await policy()).open(opening(), { now: () => AT, fetch: shop(40), ledger, trace: true });
  await run.guard("get_order", () => order(40))({ order_id: "A-1" });
  ledger.refuse = 3;
  assert.equal((await run.call("refund", refund(40))).outcome, "allow");
  assert.equal(ledger.refuse, 0);
  ledger.refuse = 1000;
  await assert.rejects(run.call("add_note", { order_id: "A-1", text: "x" }), { code: "ledger" });
  ledger.refuse = 0;
  const commit = ledger.commit;
  ledger.commit = () => Promise.reject(new Error("no database"));
  await assert.rejects(run.call("add_note", { order_id: "A-1", text: "x" }), /no database/);
  ledger.commit = commit;
  assert.equal((await run.call("add_note", { order_id: "A-1", text: "x" })).outcome, "allow");
  assert.throws(() => run.sendSync({ event: "tick" }), { code: "order" });
  // Only answers that held are in the trace.
  const outcomes = run.takeTrace().map((line) => JSON.parse(line).answer.outcome);
  assert.deepEqual(outcomes.filter((outcome) => outcome === "allow").length, 3);
});

test("what is closed is closed", async () => {
  const agentc = await load(refunds);
  const loaded = agentc.policy();
  const run = await loaded.open(opening(), { now: () => AT });
  loaded.close();
  // The run goes on without its policy's handle.
  assert.equal(run.sendSync({ event: "tick" }).outcome, "taken");
  await assert.rejects(loaded.open(opening("r2")), { code: "handle" });
  run.close();
  assert.throws(() => run.sendSync({ event: "tick" }), { code: "handle" });
  assert.throws(() => run.close(), { code: "handle" });
});

test("a module that is none of ours is refused before it runs", async () => {
  await assert.rejects(load(Buffer.from("no module")), { code: "input" });
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  await assert.rejects(load(empty), { code: "input", message: "it is no module of agentc" });
  await assert.rejects(load(refunds, { limits: { memory: 1 } }), { code: "argument" });
  assert.throws(() => new RawJson("{"), SyntaxError);
});
