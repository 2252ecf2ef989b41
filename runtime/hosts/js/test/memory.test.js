// Memory is given back when runs close.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../index.js";
import { AT, opening, refunds } from "./support.js";

test("runs that are opened and closed leave nothing behind", async () => {
  const agentc = await load(refunds);
  const policy = agentc.policy();
  const some = async (from, runs) => {
    for (let i = from; i < from + runs; i += 1) {
      const run = await policy.open(opening(`r${i}`), { now: () => AT, trace: true });
      for (let call = 0; call < 20; call += 1) {
        run.sendSync({ event: "call", id: `c${call}`, verb: "refund", args: { order_id: "A-1", amount: 40, reason: "x" } });
      }
      run.close();
    }
  };
  await some(0, 100);
  const used = agentc.memoryUsed;
  await some(100, 1000);
  assert.equal(agentc.memoryUsed, used);
});
