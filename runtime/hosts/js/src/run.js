// One run: events in, answers out that hold, and the loop that a host would write around them.

import { AgentcError, Refused } from "./errors.js";
import { askPeople } from "./approvals.js";
import { fetchNeeds } from "./needs.js";
import { guard } from "./guard.js";
import { eventText, slice, textOf } from "./raw.js";

/** How often one call may ask for more records: each time for at least one of the 32 that it may need. */
const MAX_FETCHES = 33;

/** How often a ledger may refuse one commit before the host is told to come back later. */
const MAX_TRIES = 64;

/** How often one preview may ask for more cells. */
const MAX_LOADS = 64;

/** The form of events: JSON text; and what is added to it for brief answers. */
const TEXT = 0;
const BRIEF = 2;

/** What a call would be answered, by the number that the module gives. */
const FORESEEN = [undefined, "allow", "need", "approval", "deny", "escalate", "paused"];

/** One run. */
export class Run {
  #agentc;
  #handle;
  #options;
  #calls = 0;
  #queue = Promise.resolve();
  #clock = () => this.now();
  /** How the last question began, for which verb, and when. */
  #asking = "";
  #askedFor = undefined;
  #askedAt = undefined;

  constructor(agentc, handle, options) {
    this.#agentc = agentc;
    this.#handle = handle;
    this.#options = options;
  }

  /** Now, as events say it. */
  now() {
    const now = this.#options.now?.() ?? undefined;
    if (now === undefined) return moment();
    return typeof now === "string" ? now : now.toISOString();
  }

  /** Opens the run. For `Policy.open` only. */
  async begin(text) {
    const answer = await this.#decide(text);
    if (answer.outcome === "refused") throw new Refused({ ...answer, model: answer.person });
    /** The answer to `open`: it may say that the run has escalated at once. */
    this.opened = answer;
  }

  /**
   * Sends an event; what it misses of `at` is now. The answer holds: where the host keeps the ledger, it has committed. A brief one has
   * no sentences, values and lists of rules.
   * @param {import("../index.js").Event} event
   * @param {import("../index.js").SendOptions} [options]
   */
  send(event, options) {
    return this.#decide(this.#textOf(event), form(options));
  }

  /**
   * As `send`, at once. Only for runs whose ledger is the module's own.
   * @param {import("../index.js").Event} event
   * @param {import("../index.js").SendOptions} [options]
   */
  sendSync(event, options) {
    return this.#sendText(this.#textOf(event), form(options));
  }

  /**
   * What the agent would be answered if it made this call now: the outcome, and the name of the deciding rule. It changes nothing and
   * permits nothing: a call that is to be made goes through `call`.
   * @param {string} verb
   * @param {import("../index.js").Args} args
   */
  async preview(verb, args) {
    const ledger = this.#options.ledger;
    if (ledger === undefined) return this.previewSync(verb, args);
    const text = `${this.#question(verb)}${textOf(args)}}`;
    // It must not come between an answer and its commit.
    const asked = this.#queue.then(async () => {
      const keys = [];
      for (let loads = 0; loads < MAX_LOADS; loads += 1) {
        const cells = keys.length === 0 ? [] : await ledger.load([...keys]);
        const [outcome, told] = this.#agentc.preview(this.#handle, TEXT, `{"event":${text},"cells":${JSON.stringify(cells)}}`);
        if (outcome !== 0) return foreseen(outcome, told);
        keys.push(...JSON.parse(told).load);
      }
      throw new AgentcError("ledger", "the preview asked for more cells than it may");
    });
    this.#queue = asked.catch(() => {});
    return asked;
  }

  /**
   * As `preview`, at once. Only for runs whose ledger is the module's own.
   * @param {string} verb
   * @param {import("../index.js").Args} args
   */
  previewSync(verb, args) {
    const [outcome, rule] = this.#agentc.previewBehind(this.#handle, this.#question(verb), `${textOf(args)}}`);
    return foreseen(outcome, rule);
  }

  /**
   * Asks whether the agent may make this call. Records that are needed are fetched and people are asked, as far as the run has
   * `fetch` and `approve`. Execute the call where the outcome is `allow` and nowhere else; `guard` does all of it.
   * @param {string} verb
   * @param {import("../index.js").Args} args
   * @param {import("../index.js").CallOptions} [options]
   */
  async call(verb, args, options = {}) {
    let id = options.id ?? this.#nextId();
    const ask = () => this.send({ event: "call", id, verb, args });
    let answer = await ask();
    for (let fetches = 0; ; ) {
      if (answer.outcome === "need" && this.#options.fetch !== undefined && fetches < MAX_FETCHES) {
        fetches += 1;
        await fetchNeeds(this, answer.needs, this.#options.fetch);
        answer = await ask();
      } else if (answer.outcome === "approval" && this.#options.approve !== undefined) {
        const asked = await askPeople(this, answer, this.#options.approve);
        answer = asked.answer;
        if (asked.how === "waiting") return answer;
        if (asked.how === "expired") {
          // Nobody answered in time. What follows from that is the policy's to say, to a call of a new id.
          id = this.#nextId();
          answer = await ask();
        }
      } else {
        return answer;
      }
    }
  }

  /**
   * A tool that can only be called through this run: it decides, executes with exactly the arguments that were allowed, reports
   * what came of it, and gives what the agent may see. Rejects with `Refused` where the call is not allowed.
   * @param {string} verb
   * @param {import("../index.js").Tool} tool
   */
  guard(verb, tool) {
    return guard(this, verb, tool);
  }

  /**
   * `guard` for several tools, by the names of their verbs.
   * @param {Record<string, import("../index.js").Tool>} tools
   */
  guardAll(tools) {
    return Object.fromEntries(Object.entries(tools).map(([verb, tool]) => [verb, this.guard(verb, tool)]));
  }

  /** Ends the run: the answer carries the verdict. The run stays open for late results until it is closed. */
  end() {
    return this.send({ event: "end" });
  }

  /** The requests for approval that are open. */
  requests() {
    this.#agentc.invoke("agentc_run_requests", this.#handle, 0);
    return JSON.parse(this.#agentc.output());
  }

  /** The lines of the trace since they were last taken. */
  takeTrace() {
    this.#agentc.invoke("agentc_run_trace", this.#handle);
    return this.#agentc.output().split("\n").slice(0, -1);
  }

  /** Closes the run and gives back its memory. */
  close() {
    this.#agentc.invoke("agentc_run_close", this.#handle);
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }

  #nextId() {
    this.#calls += 1;
    return `c${this.#calls}`;
  }

  #textOf(event) {
    return eventText(event, this.#clock);
  }

  /** The text of a call that is only asked about, up to its arguments: its id is not used up. */
  #question(verb) {
    const now = this.now();
    if (verb !== this.#askedFor || now !== this.#askedAt) {
      this.#asking = `{"event":"call","id":"preview","at":${textOf(now)},"verb":${textOf(verb)},"args":`;
      [this.#askedFor, this.#askedAt] = [verb, now];
    }
    return this.#asking;
  }

  #decide(text, form = TEXT) {
    if (this.#options.ledger === undefined) {
      // An error of the module is a rejection, as everywhere else.
      return new Promise((resolve) => resolve(this.#sendText(text, form)));
    }
    // One step at a time: an answer that waits for its commit keeps all others waiting.
    const stepped = this.#queue.then(() => this.#stepText(text, form));
    this.#queue = stepped.catch(() => {});
    return stepped;
  }

  #sendText(text, form) {
    return this.#answer(this.#agentc.send(this.#handle, form, text), []);
  }

  async #stepText(text, form) {
    const ledger = this.#options.ledger;
    const keys = [];
    let cells = [];
    for (let tries = 0; tries < MAX_TRIES; ) {
      const envelope = `{"event":${text},"cells":${JSON.stringify(cells)}}`;
      this.#agentc.invokeText("agentc_run_step", [this.#handle, form], envelope);
      const out = this.#agentc.output();
      const { load, commit } = JSON.parse(out);
      if (load !== undefined) {
        keys.push(...load);
        cells = await ledger.load([...keys]);
        continue;
      }
      if (commit === undefined) return this.#answer(out, ["answer"]);
      let committed = false;
      try {
        committed = (await ledger.commit(commit)) === true;
      } finally {
        this.#agentc.invoke("agentc_run_settle", this.#handle, committed ? 1 : 0);
      }
      if (committed) return this.#answer(out, ["answer"]);
      tries += 1;
      cells = await ledger.load([...keys]);
    }
    throw new AgentcError("ledger", `the ledger refused ${MAX_TRIES} times, because others write the same cells; try again`);
  }

  #answer(out, path) {
    const parsed = JSON.parse(out);
    const answer = path.reduce((json, name) => json[name], parsed);
    if (answer.allow !== undefined) keepText(answer.allow, out, [...path, "allow", "args"]);
    return answer;
  }
}

/** Gives an allow its `text`, the exact text that was decided, which floating point must not touch on its way to the tool. It is looked up when it is asked for. */
function keepText(allow, out, path) {
  let text;
  Object.defineProperty(allow, "text", {
    enumerable: true,
    get() {
      text ??= slice(out, path);
      return text;
    },
  });
}

function form(options) {
  return options?.brief === true ? TEXT | BRIEF : TEXT;
}

/** The last moment that was written, and its text: many events come within one millisecond. */
let [written, momentText] = [Number.NaN, ""];

function moment() {
  const now = Date.now();
  if (now !== written) [written, momentText] = [now, new Date(now).toISOString()];
  return momentText;
}

function foreseen(number, rule) {
  const outcome = FORESEEN[number];
  if (outcome === undefined) throw new AgentcError("unknown", `the module knows an outcome ${number}`);
  return { outcome, rule };
}
