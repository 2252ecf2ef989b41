// Answers what a decision needs to know.

/** What `fetch` gives where the source answered that there is no such record. */
export const ABSENT = Symbol("absent");

/** What `fetch` gives where the source could not answer. */
export const UNAVAILABLE = Symbol("unavailable");

/**
 * Fetches each record from its source and sends it to the run.
 * @param {import("./run.js").Run} run
 * @param {import("../index.js").Need[]} needs
 * @param {NonNullable<import("../index.js").RunOptions["fetch"]>} fetch
 */
export async function fetchNeeds(run, needs, fetch) {
  const found = await Promise.all(needs.map((need) => read(run, need, fetch)));
  for (const event of found) await run.send(event);
}

async function read(run, need, fetch) {
  const { source, record, key } = need;
  // Before it is read: a record is as old as the moment at which it was asked for.
  const event = { event: "record", source, record, key, read_at: run.now() };
  let value;
  try {
    value = await fetch(need);
  } catch {
    value = UNAVAILABLE;
  }
  if (value === UNAVAILABLE) return { ...event, unavailable: true };
  if (value === ABSENT || value === undefined || value === null) return { ...event, absent: true };
  return { ...event, value };
}
