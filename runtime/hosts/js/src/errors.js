// What goes wrong, as errors that a host can tell apart.

const CODES = new Map([
  [-1, "input"],
  [-2, "artifact"],
  [-3, "handle"],
  [-4, "buffer"],
  [-5, "limit"],
  [-6, "order"],
  [-7, "ledger"],
  [-8, "embedded"],
  [-9, "argument"],
  [-10, "broken"],
]);

/** Nothing was decided: the module or the host could not do what it was asked. The call is not allowed. */
export class AgentcError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = "AgentcError";
    this.code = code;
  }

  /** The error for a status below zero and its sentence. */
  static ofStatus(status, words) {
    return new AgentcError(CODES.get(status) ?? "unknown", words);
  }
}

/** The policy does not let the call happen. `message` is for the model; `answer` says who decided and why. */
export class Refused extends Error {
  /** @param {import("../index.js").Answer} answer */
  constructor(answer) {
    super(answer.model);
    this.name = "Refused";
    this.answer = answer;
  }
}

/** A tool throws this to say that it did not do what it was asked, with its own code: the call had the outcome `refused`. */
export class ToolRefused extends Error {
  /** @param {string} code */
  constructor(code, options) {
    super(`the tool refused: ${code}`, options);
    this.name = "ToolRefused";
    this.code = code;
  }
}
