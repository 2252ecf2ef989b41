// What a TypeScript host writes, and what the types keep it from writing.
import { ABSENT, load, RawJson, Refused, ToolRefused, type Answer, type Ledger } from "../../index.js";

declare const bytes: Uint8Array<ArrayBuffer>;
declare const ledger: Ledger;

const agentc = await load(bytes, { limits: { memoryPages: 1024 } });
const policy = agentc.policy();
const run = await policy.open(
  { run: "r1", job: "triage_refunds", input: { ticket: "T-1" }, agent: { id: "bot", roles: [] } },
  {
    ledger,
    fetch: (need) => (need.record === "Order" ? { id: need.key } : ABSENT),
    approve: async (request) => ({ by: { id: "ann", roles: request.approvers.map((group) => group.role ?? "") }, approve: true }),
  },
);
const tools = run.guardAll({
  refund: async (args, call) => {
    if (call.text.length > 1000) throw new ToolRefused("too_long");
    return { id: `R-${args.order_id}` };
  },
});
try {
  await tools.refund({ order_id: "A-1", amount: new RawJson("40.10") });
} catch (error) {
  if (error instanceof Refused) console.log(error.answer.by?.rule, error.message);
}
const answer: Answer = await run.send({ event: "usage", tokens: 12 });
if (answer.outcome === "allow") console.log(answer.allow?.text);

// @ts-expect-error there is no such tool
await tools.delete_customer({});
// @ts-expect-error an event without what it must have
await run.send({ event: "call", id: "c1" });
// @ts-expect-error no such event
await run.send({ event: "approve" });
// @ts-expect-error no such limit
await load(bytes, { limits: { memory: 1 } });
// @ts-expect-error an outcome that does not exist
answer.outcome === "granted";
