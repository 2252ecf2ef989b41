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
const ROUNDS = 40;

// As a host writes it: the package's own clock, arguments as objects.
const opening = (run) => ({ run, job: "work", input: { ticket: "T-1" }, agent: { id: "bot", roles: [] } });
const ask = (i, rules) => ({ team: `team-${(i * 7) % (rules + 5)}`, amount: 500 + ((i * 13) % 1000) });

/** What is asked of agentc, how a call's outcome is got, and how many calls take about a millisecond. */
const WAYS = {
  preview: { calls: 500, ask: (run, id, args) => run.previewSync("act", args).outcome },
  brief: { calls: 100, ask: (run, id, args) => run.sendSync({ event: "call", id, verb: "act", args }, { brief: true }).outcome },
  full: { calls: 100, ask: (run, id, args) => run.sendSync({ event: "call", id, verb: "act", args }).outcome },
};

/** Five stretches of calls in a run of their own: how many of the last were allowed, and the microseconds of a call in the quickest. */
async function agentcRound(policy, rules, name, way) {
  const run = await policy.open(opening(name));
  let [allowed, each] = [0, Number.POSITIVE_INFINITY];
  for (let stretch = 0; stretch < 5; stretch += 1) {
    allowed = 0;
    const began = performance.now();
    for (let i = 0; i < way.calls; i += 1) {
      if (way.ask(run, `c${stretch}-${i}`, ask(i, rules)) === "allow") allowed += 1;
    }
    each = Math.min(each, ((performance.now() - began) / way.calls) * 1000);
  }
  run.close();
  return { allowed, each };
}

/** One stretch of calls: the outcome of each, and the microseconds of a call. */
function cedarRound(id, rules, calls) {
  const allowed = [];
  const began = performance.now();
  for (let i = 0; i < calls; i += 1) {
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
    allowed.push(answer.response.decision === "allow");
  }
  return { allowed, each: ((performance.now() - began) / calls) * 1000 };
}

const times = (theirs, ours) => `${ours.toFixed(2)} (${(theirs / ours).toFixed(1)})`;
console.log(`Microseconds a call, the quickest of stretches of a millisecond and more, in turns over ${ROUNDS} rounds; in brackets how many times faster than Cedar's stateful call.\n`);
console.log("| rules | Cedar stateful | preview | decision, brief | decision, in full |");
console.log("|---:|---:|---:|---:|---:|");
for (const rules of SIZES) {
  const policy = (await load(readFileSync(`${folder}/teams-${rules}.wasm`))).policy();
  const id = `teams-${rules}`;
  const parsed = preparsePolicySet(id, { staticPolicies: cedar(rules) });
  if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
  // What Cedar allows of as many calls as any way asks, each once.
  // The engines compile what is hot first.
  const expected = cedarRound(id, rules, rules > 500 ? 500 : 4000).allowed;
  const calls = rules > 500 ? 2 : 20;
  const least = { cedar: Number.POSITIVE_INFINITY };
  for (const [name, way] of Object.entries(WAYS)) {
    for (let i = 0; i < 8; i += 1) await agentcRound(policy, rules, `warm-${name}-${i}`, way);
    least[name] = Number.POSITIVE_INFINITY;
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    least.cedar = Math.min(least.cedar, cedarRound(id, rules, calls).each);
    for (const [name, way] of Object.entries(WAYS)) {
      const ours = await agentcRound(policy, rules, `${name}-${round}`, way);
      const theirs = expected.slice(0, way.calls).filter((allowed) => allowed).length;
      if (ours.allowed !== theirs || theirs === 0) throw new Error(`they disagree: ${ours.allowed} allowed (${name}), and ${theirs} by Cedar`);
      least[name] = Math.min(least[name], ours.each);
    }
  }
  const cells = Object.keys(WAYS).map((name) => times(least.cedar, least[name]));
  console.log(`| ${rules} | ${least.cedar.toFixed(1)} | ${cells.join(" | ")} |`);
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
async function decide(runs, name) {
  for (let i = 0; i < runs; i += 1) {
    const run = await flat.open(opening(`${name}-${i}`));
    for (let call = 0; call < 500; call += 1) WAYS.full.ask(run, `c${call}`, ask(call, 10));
    run.close();
  }
}
await decide(20, "first");
const before = memory.memoryUsed;
const grown = memory.memorySize;
await decide(2000, "million");
console.log(`\nmemory: ${before} bytes used before a million decisions in 2,000 runs, ${memory.memoryUsed} after; ${kilo(grown)} taken before, ${kilo(memory.memorySize)} after`);
if (memory.memoryUsed > before || memory.memorySize > grown) process.exitCode = 1;

// One run as long as a run may be.
const long = await flat.open(opening("long"));
let calls = 0;
let last;
do {
  calls += 1;
  last = long.sendSync({ event: "call", id: `c${calls}`, verb: "act", args: ask(calls, 10) });
} while (last.by.rule !== "run_full");
console.log(`memory: a run of ${calls - 1} calls, the most there may be, uses ${kilo(memory.memoryUsed - before)}; ${last.outcome} by ${last.by.rule} then`);
long.close();
console.log(`memory: ${memory.memoryUsed} bytes used after it was closed`);
if (memory.memoryUsed > before) process.exitCode = 1;
