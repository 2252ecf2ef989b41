// Decides every tool call of an AI agent with a compiled agentc policy, in Node and in the browser.

export { AgentcError, Refused, ToolRefused } from "./src/errors.js";
export { Agentc, load } from "./src/module.js";
export { ABSENT, UNAVAILABLE } from "./src/needs.js";
export { RawJson } from "./src/raw.js";
