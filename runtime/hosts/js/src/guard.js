// Wraps a tool so that it cannot be called around the policy.

import { Refused, ToolRefused } from "./errors.js";

/**
 * @param {import("./run.js").Run} run
 * @param {string} verb
 * @param {import("../index.js").Tool} tool
 */
export function guard(run, verb, tool) {
  return async function guarded(args, options) {
    const answer = await run.call(verb, args, options);
    if (answer.outcome !== "allow") throw new Refused(answer);
    const id = answer.call;
    let value;
    try {
      value = await tool(answer.allow.args, { id, text: answer.allow.text, answer });
    } catch (error) {
      if (error instanceof ToolRefused) {
        await run.send({ event: "result", id, refused: error.code });
      } else {
        // Nobody knows whether it happened.
        await run.send({ event: "result", id, unclear: true });
      }
      throw error;
    }
    const taken = await run.send({ event: "result", id, value: value === undefined ? null : value });
    return taken.shows;
  };
}
