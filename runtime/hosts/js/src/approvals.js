// Waits for the people that a decision wants to hear.

/** The longest time that a timer takes, in milliseconds. */
const MAX_TIMER = 2 ** 31 - 1;

/** Stands for a request that nobody answered before it expired. */
const EXPIRED = Symbol("expired");

/**
 * Asks people until the decision on the call is made, or nobody is asked any more.
 * @param {import("./run.js").Run} run
 * @param {import("../index.js").Answer} answer
 * @param {NonNullable<import("../index.js").RunOptions["approve"]>} approve
 * @returns {Promise<{ how: "decided" | "expired" | "waiting", answer: import("../index.js").Answer }>}
 */
export async function askPeople(run, answer, approve) {
  const waiting = new Map();
  const settled = new AbortController();
  let latest = answer;
  let requests = answer.approvals;
  try {
    for (;;) {
      for (const request of requests) {
        if (!waiting.has(request.request)) waiting.set(request.request, ask(run, request, approve, settled.signal));
      }
      const { request, said } = await Promise.race(waiting.values());
      waiting.delete(request.request);
      if (said === EXPIRED) {
        const ticked = await run.send({ event: "tick" });
        if (ticked.escalated !== undefined) return { how: "expired", answer: ticked };
        const expired = (ticked.settled ?? []).find((one) => one.request === request.request);
        if (expired?.then === "denied") return { how: "expired", answer: ticked };
        // The next stage asks others; where the run's clock is not there yet, the same request waits on.
        requests = [expired?.approval ?? request];
      } else if (said === undefined || said === null) {
        return { how: "waiting", answer: latest };
      } else {
        const next = await run.send({
          event: "approval",
          request: request.request,
          by: said.by,
          approve: said.approve === true,
        });
        if (next.outcome !== "approval") return { how: "decided", answer: next };
        latest = next;
        requests = next.approvals;
      }
    }
  } finally {
    settled.abort();
  }
}

/** What a person says to a request, or EXPIRED at its end; nothing where the host waits no longer. */
function ask(run, request, approve, signal) {
  let timer;
  const said = Promise.resolve(approve(request, { signal })).then((answer) => ({ request, said: answer }));
  const expired = new Promise((resolve) => {
    if (request.expires === undefined || request.expires === null) return;
    const wait = () => {
      const left = Date.parse(request.expires) - Date.parse(run.now());
      if (left <= 0) resolve({ request, said: EXPIRED });
      else timer = setTimeout(wait, Math.min(left, MAX_TIMER));
    };
    wait();
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
  return Promise.race([said, expired]).finally(() => clearTimeout(timer));
}
