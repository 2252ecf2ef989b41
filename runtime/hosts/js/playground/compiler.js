// The compiler in the page: a policy's text in, tokens, diagnostics, the artifact and pictures out.

import { load } from "./agentc/index.js";

/** The module, compiled once; runs get instances of their own. */
export class Compiler {
  #module;
  #instance;

  /**
   * @param {WebAssembly.Module} module
   * @param {import("./agentc/index.js").Agentc} instance
   */
  constructor(module, instance) {
    this.#module = module;
    this.#instance = instance;
  }

  static async load(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    const module = await WebAssembly.compile(await response.arrayBuffer());
    return new Compiler(module, await load(module));
  }

  /** Every token of a text: its class and its length. */
  tokens(text) {
    return this.#call("agentc_tokens", text);
  }

  /** What is wrong with a policy, its jobs, and where nothing is wrong, its artifact. */
  compile(source) {
    return this.#call("agentc_compile", JSON.stringify(source));
  }

  /** A picture of each job's decisions. */
  graphs(source) {
    return this.#call("agentc_graphs", JSON.stringify(source));
  }

  /** The policy in an artifact, in an instance whose ledger is empty. */
  async policy(artifact) {
    const bytes = Uint8Array.from(artifact.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return (await load(this.#module)).policy(bytes);
  }

  #call(name, text) {
    try {
      this.#instance.invokeText(name, [], text);
      return JSON.parse(this.#instance.output());
    } catch (error) {
      // A compiler that broke is made anew, so that a later key is answered again.
      if (error.code === "broken") load(this.#module).then((instance) => (this.#instance = instance));
      throw error;
    }
  }
}
