// A decision in Node: agentc against Cedar's stateful call, on equal policies, in the same process, in turns.
//
//   node bench.mjs FOLDER, where FOLDER holds teams-N.wasm as `run` makes them.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { load } from "agentc";
import { cedar } from "./policy.mjs";
import { SIZES } from "./sizes.mjs";

const { preparsePolicySet, statefulIsAuthorized } = createRequire(import.meta.url)("@cedar-policy/cedar-wasm/nodejs");
const folder = process.argv[2];
const ROUNDS = 5;
const AT = "2026-05-04T10:00:00Z";

const opening = (run) => ({ run, job: "work", input: { ticket: "T-1" }, agent: { id: "bot", roles: [] }, at: AT });
const ask = (i, rules) => ({ team: `team-${(i * 7) % (rules + 5)}`, amount: 500 + ((i * 13) % 1000) });

/** Microseconds a decision, the median of the rounds, and how many were allowed in one. */
function median(times) {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function agentcRound(policy, rules, decisions, name) {
  let allowed = 0;
  let spent = 0;
  for (let done = 0; done < decisions; done += 500) {
    const run = await policy.open(opening(`${name}-${done}`));
    const began = performance.now();
    for (let i = done; i < done + 500; i += 1) {
      const answer = run.sendSync({ event: "call", id: `c${i}`, verb: "act", args: ask(i, rules), at: AT });
      if (answer.outcome === "allow") allowed += 1;
    }
    spent += performance.now() - began;
    run.close();
  }
  return { allowed, each: (spent / decisions) * 1000 };
}

function cedarRound(id, rules, decisions) {
  let allowed = 0;
  const began = performance.now();
  for (let i = 0; i < decisions; i += 1) {
    const answer = statefulIsAuthorized({
      principal: { type: "Agent", id: "bot" },
      action: { type: "Action", id: "act" },
      resource: { type: "Desk", id: "desk" },
      context: ask(i, rules),
      preparsedPolicySetId: id,
      preparsedSchemaName: null,
      validateRequest: false,
      entities: [],
    });
    if (answer.type !== "success") throw new Error(JSON.stringify(answer));
    if (answer.response.decision === "allow") allowed += 1;
  }
  return { allowed, each: ((performance.now() - began) / decisions) * 1000 };
}

console.log("| rules | agentc, µs a decision | Cedar stateful, µs a decision | times |");
console.log("|---|---|---|---|");
for (const rules of SIZES) {
  const policy = (await load(readFileSync(`${folder}/teams-${rules}.wasm`))).policy();
  const id = `teams-${rules}`;
  const parsed = preparsePolicySet(id, { staticPolicies: cedar(rules) });
  if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
  const decisions = rules > 500 ? 500 : 2000;
  // Engines compile what is hot first.
  await agentcRound(policy, rules, 4000, "warm");
  cedarRound(id, rules, Math.min(decisions, 500));
  const [ours, theirs] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const a = await agentcRound(policy, rules, decisions, `r${round}`);
    const b = cedarRound(id, rules, decisions);
    if (a.allowed !== b.allowed || a.allowed === 0) throw new Error(`they disagree: ${a.allowed} and ${b.allowed} allowed`);
    ours.push(a.each);
    theirs.push(b.each);
  }
  const [a, b] = [median(ours), median(theirs)];
  console.log(`| ${rules} | ${a.toFixed(1)} | ${b.toFixed(1)} | ${(b / a).toFixed(1)} |`);
  policy.close();
}

const runtime = readFileSync(process.env.AGENTC_WASM);
const began = performance.now();
const agentc = await load(readFileSync(process.env.AGENTC_REFUNDS_WASM));
const compiled = performance.now();
agentc.policy();
const loaded = performance.now();
const kilo = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
console.log(`\nmodule: ${kilo(runtime.length)}, ${kilo(gzipSync(runtime, { level: 9 }).length)} compressed`);
console.log(`load: ${(compiled - began).toFixed(1)} ms to compile and start, ${(loaded - compiled).toFixed(1)} ms for the policy`);

const memory = await load(readFileSync(`${folder}/teams-10.wasm`));
const flat = memory.policy();
await agentcRound(flat, 10, 10_000, "first");
const before = memory.memoryUsed;
await agentcRound(flat, 10, 1_000_000, "million");
console.log(`memory: ${before} bytes before a million decisions, ${memory.memoryUsed} after`);
if (memory.memoryUsed > before) process.exitCode = 1;
