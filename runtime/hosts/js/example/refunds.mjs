// A support agent's tools behind the refunds policy.
//
//   agentc build --target wasm examples/refunds/refunds.agentpolicy -o refunds.wasm
//   node example/refunds.mjs refunds.wasm
import { readFile } from "node:fs/promises";
import { load, Refused } from "agentc";

// The host's own connections: to the web shop, to billing, to the people who approve.
const orders = {
  "A-1": { id: "A-1", total: 40, status: "delivered", placed_at: "2026-05-01T00:00:00Z", customer: "c-9", lines: [], note: null },
  "A-2": { id: "A-2", total: 90, status: "delivered", placed_at: "2026-05-02T00:00:00Z", customer: "c-9", lines: [], note: null },
};
const invoices = { "A-1": { order: "A-1", amounts: { total: 4000 } }, "A-2": { order: "A-2", amounts: { total: 9000 } } };
const sources = { Order: orders, Invoice: invoices };
const askLead = async (request) => {
  console.log(`  asking a lead: ${request.verb} ${JSON.stringify(request.args)}`);
  return { by: { id: "ann", roles: ["support_lead"] }, approve: true };
};

const agentc = await load(readFile(process.argv[2]));
const policy = agentc.policy();
const run = await policy.open(
  {
    run: "r1",
    job: "triage_refunds",
    input: { ticket: "T-1", customer: "c-9", request: "It arrived broken" },
    agent: { id: "bot", roles: [] },
  },
  { fetch: (need) => sources[need.record][need.key], approve: askLead, now: () => "2026-05-04T10:00:00Z", trace: true },
);

// All that the agent ever gets to call.
const tools = run.guardAll({
  get_order: ({ order_id }) => orders[order_id],
  refund: ({ order_id }) => ({ id: `R-${order_id}` }),
  delete_customer: () => {
    throw new Error("never reached: the policy forbids it");
  },
});

const wishes = [
  ["get_order", { order_id: "A-1" }],
  ["refund", { order_id: "A-1", amount: 40, reason: "broken" }],
  ["get_order", { order_id: "A-2" }],
  ["refund", { order_id: "A-2", amount: 90, reason: "wrong lamp" }],
  ["delete_customer", { customer: "c-9" }],
];
for (const [verb, args] of wishes) {
  try {
    console.log(verb, "->", JSON.stringify(await tools[verb](args)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.log(verb, `-> ${error.answer.outcome} by ${error.answer.by?.rule}: ${error.message}`);
  }
}
const { verdict } = await run.end();
console.log(verdict.done ? "done" : `not done: ${verdict.why}`, `(${run.takeTrace().length} lines of trace)`);
run.close();
