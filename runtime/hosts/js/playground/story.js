// A story that an example tells: how its run is opened, what its sources know, and what happens then.

/** The key of a record, whatever the order of its members. */
const keyOf = (record, key) => `${record} ${JSON.stringify(key)}`;

/**
 * From the events of a run, in order: records become what the sources know, and a call that only goes on after a need is left out.
 * @param {{ title: string, events: any[] }} told
 */
export function storyOf({ title, events }) {
  const [opening, ...rest] = events;
  const records = new Map();
  const steps = [];
  const asked = new Set();
  for (const event of rest) {
    if (event.event === "record") {
      const { record, key, value, absent, unavailable } = event;
      records.set(keyOf(record, key), { ...(value !== undefined && { value }), ...(absent && { absent }), ...(unavailable && { unavailable }) });
    } else if (event.event === "call" && asked.has(JSON.stringify([event.id, event.verb, event.args]))) {
      continue;
    } else {
      if (event.event === "call") asked.add(JSON.stringify([event.id, event.verb, event.args]));
      steps.push(event);
    }
  }
  return { title, opening, steps, found: (need) => records.get(keyOf(need.record, need.key)) ?? { absent: true } };
}

/** An event in a few words. */
export function words(event) {
  const members = (value) => Object.entries(value ?? {}).map(([name, inner]) => `${name}: ${JSON.stringify(inner)}`).join(", ");
  switch (event.event) {
    case "open":
      return `open ${event.job}`;
    case "call":
      return `call ${event.verb}(${members(event.args)})`;
    case "result":
      if (event.refused !== undefined) return `result of ${event.id}: refused, ${JSON.stringify(event.refused)}`;
      return event.unclear ? `result of ${event.id}: unclear` : `result of ${event.id}: ${JSON.stringify(event.value)}`;
    case "record": {
      const found = event.absent ? "there is none" : event.unavailable ? "cannot be read" : JSON.stringify(event.value);
      return `record ${event.record}[${JSON.stringify(event.key)}]: ${found}`;
    }
    case "approval":
      return `${event.by?.id} ${event.approve ? "approves" : "refuses"} ${event.request}`;
    case "pause":
    case "resume":
      return `${event.by?.id} ${event.event}s the ${event.scope}${event.verb ? ` ${event.verb}` : ""}`;
    default: {
      const { event: name, at, ...rest } = event;
      return `${name} ${members(rest)}`.trim();
    }
  }
}
