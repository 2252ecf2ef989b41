// A run of the policy in the page: what is sent to it, what it answers, and what the story's sources say on the way.

/** How often one call is sent again after its needs. */
const MAX_FETCHES = 33;

export class Session {
  #run;
  #fetch;
  #told;
  #now;

  /** Calls that wait for an approval, by id. */
  #waiting = new Map();

  /**
   * Opens a run with an `open` event.
   * @param {{ open: Function }} policy
   * @param {any} opening
   * @param {{ fetch: (need: any) => any, told: (event: any, answer: any) => void }} hooks
   */
  static async open(policy, opening, hooks) {
    const session = new Session();
    session.#fetch = hooks.fetch;
    session.#told = hooks.told;
    const { event, ...given } = opening;
    session.#now = given.at ?? new Date().toISOString();
    session.#run = await policy.open({ ...given, at: session.#now });
    hooks.told(opening, session.#run.opened);
    return session;
  }

  /** A second after all that happened. */
  get next() {
    return new Date(Date.parse(this.#now) + 1000).toISOString().replace(".000Z", "Z");
  }

  /** Sends an event and whatever it leads to: what a call needs is read from the story's sources, and the call goes on. */
  async send(event) {
    event = { ...event, at: event.at ?? this.next };
    let answer = await this.#tell(event);
    if (event.event === "call") this.#waiting.set(event.id, event);
    for (let fetches = 0; answer.outcome === "need" && fetches < MAX_FETCHES; fetches += 1) {
      const call = this.#waiting.get(answer.call);
      const found = answer.needs.map((need) => this.#fetch(need));
      if (call === undefined || found.some((one) => one === undefined)) return answer;
      for (const [index, { source, record, key }] of answer.needs.entries()) {
        await this.#tell({ event: "record", source, record, key, ...found[index], at: event.at });
      }
      answer = await this.#tell({ ...call, at: event.at });
    }
    return answer;
  }

  close() {
    this.#run.close();
  }

  async #tell(event) {
    const answer = await this.#run.send(event);
    this.#now = answer.at;
    this.#told(event, answer);
    return answer;
  }
}
