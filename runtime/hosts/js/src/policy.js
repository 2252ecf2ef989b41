// A loaded policy: opens runs.

import { Run } from "./run.js";
import { objectText } from "./raw.js";

const KEEP_TRACE = 1;
const HOST_LEDGER = 2;

/** A loaded policy. */
export class Policy {
  #agentc;
  #handle;

  constructor(agentc, handle) {
    this.#agentc = agentc;
    this.#handle = handle;
    agentc.invoke("agentc_policy_info", handle);
    /** What the policy is. */
    this.info = Object.freeze(JSON.parse(agentc.output()));
  }

  /** The policy's handle in its instance, for hosts that speak the ABI themselves. */
  get handle() {
    return this.#handle;
  }

  /**
   * Opens a run. Rejects with `Refused` where the policy does not open it.
   * @param {import("../index.js").Opening} opening
   * @param {import("../index.js").RunOptions} [options]
   */
  async open(opening, options = {}) {
    const flags = (options.trace ? KEEP_TRACE : 0) | (options.ledger ? HOST_LEDGER : 0);
    const handle = this.#agentc.invoke("agentc_run_new", this.#handle, flags);
    const run = new Run(this.#agentc, handle, options);
    try {
      await run.begin(objectText({ event: "open", ...opening, at: opening.at ?? run.now() }));
    } catch (error) {
      run.close();
      throw error;
    }
    return run;
  }

  /** Closes the policy. Runs that it opened go on. */
  close() {
    this.#agentc.invoke("agentc_policy_close", this.#handle);
  }
}
