// What the tests load: `. tests/conformance/prepare` from the repository's root makes it and says where it is.
import { readFileSync } from "node:fs";
import { load } from "../index.js";

function path(name) {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run \`runtime/hosts/js/test.sh\``);
  return value;
}

/** The runtime's own module. */
export const runtime = readFileSync(path("AGENTC_WASM"));

/** The refunds example as one module. */
export const refunds = readFileSync(path("AGENTC_REFUNDS_WASM"));

/** The refunds example as an artifact: the module's own, cut out of it. */
export const artifact = cutOut(refunds);

export const AT = "2026-05-04T10:00:00Z";

export const opening = (run = "r1") => ({
  run,
  job: "triage_refunds",
  input: { ticket: "T-1", customer: "c-9", request: "It arrived broken" },
  agent: { id: "bot", roles: [] },
  at: AT,
});

export const order = (total, more = {}) => ({
  id: "A-1",
  total,
  status: "delivered",
  placed_at: "2026-05-01T00:00:00Z",
  customer: "c-9",
  lines: [],
  note: null,
  ...more,
});

export const invoice = (cents) => ({ order: "A-1", amounts: { total: cents } });

/** Sources that hold one order. */
export const shop = (total) => (need) => (need.record === "Order" ? order(total) : invoice(total * 100));

/** The refunds policy on an instance of its own. */
export async function policy(options) {
  return (await load(refunds, options)).policy();
}

/** A run of the refunds policy in which the order was looked up. */
export async function looked(total, options = {}) {
  const run = await (await policy()).open(opening(), { now: () => AT, fetch: shop(total), ...options });
  await run.guard("get_order", () => order(total))({ order_id: "A-1" });
  return run;
}

function cutOut(module) {
  const start = module.indexOf(Buffer.from("\x89agentc\n", "latin1"), module.length - 200_000);
  const payload = Number(module.readBigUInt64LE(start + 12));
  return module.subarray(start, start + 52 + payload);
}
