// A decision in Node: agentc against Cedar's stateful call, on equal policies, in the same process, in turns; then size, load and memory.
//
//   node bench.mjs FOLDER, where FOLDER holds teams-N.wasm as `run` makes them.
//
// Cedar's call is stateless but for its preparsed policies: it answers a question and remembers nothing. What does the same here is a
// preview. A decision, in full or brief, does more: it counts, reserves, remembers the call, and answers for all of it.
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

/** What is asked of agentc, and how a call's outcome is got. */
const WAYS = {
  full: (run, id, args) => run.sendSync({ event: "call", id, verb: "act", args, at: AT }).outcome,
  brief: (run, id, args) => run.sendSync({ event: "call", id, verb: "act", args, at: AT }, { brief: true }).outcome,
  preview: (run, id, args) => run.previewSync("act", args).outcome,
};

async function agentcRound(policy, rules, decisions, name, way = WAYS.full) {
  let allowed = 0;
  let spent = 0;
  for (let done = 0; done < decisions; done += 500) {
    const run = await policy.open(opening(`${name}-${done}`), { now: () => AT });
    const began = performance.now();
    for (let i = done; i < done + 500; i += 1) {
      if (way(run, `c${i}`, ask(i, rules)) === "allow") allowed += 1;
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

const times = (theirs, ours) => `${ours.toFixed(1)} (${(theirs / ours).toFixed(1)})`;
console.log("Microseconds a decision, medians of rounds in turns; in brackets how many times faster than Cedar's stateful call.\n");
console.log("| rules | Cedar stateful | preview | decision, brief | decision, in full |");
console.log("|---:|---:|---:|---:|---:|");
for (const rules of SIZES) {
  const policy = (await load(readFileSync(`${folder}/teams-${rules}.wasm`))).policy();
  const id = `teams-${rules}`;
  const parsed = preparsePolicySet(id, { staticPolicies: cedar(rules) });
  if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
  const decisions = rules > 500 ? 500 : 2000;
  // Engines compile what is hot first.
  for (const [name, way] of Object.entries(WAYS)) await agentcRound(policy, rules, 4000, `warm-${name}`, way);
  cedarRound(id, rules, Math.min(decisions, 500));
  const spent = { cedar: [], full: [], brief: [], preview: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = cedarRound(id, rules, decisions);
    spent.cedar.push(theirs.each);
    for (const [name, way] of Object.entries(WAYS)) {
      const ours = await agentcRound(policy, rules, decisions, `${name}-${round}`, way);
      if (ours.allowed !== theirs.allowed || ours.allowed === 0) {
        throw new Error(`they disagree: ${ours.allowed} allowed (${name}), and ${theirs.allowed} by Cedar`);
      }
      spent[name].push(ours.each);
    }
  }
  const theirs = median(spent.cedar);
  const cells = ["preview", "brief", "full"].map((name) => times(theirs, median(spent[name])));
  console.log(`| ${rules} | ${theirs.toFixed(1)} | ${cells.join(" | ")} |`);
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
const grown = memory.memorySize;
await agentcRound(flat, 10, 1_000_000, "million");
console.log(`\nmemory: ${before} bytes used before a million decisions in 2,000 runs, ${memory.memoryUsed} after; ${kilo(grown)} taken before, ${kilo(memory.memorySize)} after`);
if (memory.memoryUsed > before || memory.memorySize > grown) process.exitCode = 1;

// One run as long as a run may be.
const long = await flat.open(opening("long"), { now: () => AT });
let calls = 0;
let last;
do {
  calls += 1;
  last = long.sendSync({ event: "call", id: `c${calls}`, verb: "act", args: ask(calls, 10), at: AT });
} while (last.by.rule !== "run_full");
console.log(`memory: a run of ${calls - 1} calls, the most there may be, uses ${kilo(memory.memoryUsed - before)}; ${last.outcome} by ${last.by.rule} then`);
long.close();
console.log(`memory: ${memory.memoryUsed} bytes used after it was closed`);
if (memory.memoryUsed > before) process.exitCode = 1;
