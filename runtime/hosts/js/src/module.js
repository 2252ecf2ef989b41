// Loads the module and moves bytes over its boundary, as runtime/wasm/ABI.md describes it.

import { AgentcError } from "./errors.js";
import { Policy } from "./policy.js";

const ABI = 1;

const LIMITS = new Map([
  ["eventBytes", 1],
  ["depth", 2],
  ["runs", 3],
  ["memoryPages", 4],
  ["artifactBytes", 5],
  ["policies", 6],
]);

/** The functions that every decision takes. */
const HOT = ["agentc_run_send", "agentc_run_preview"];
const [SEND, PREVIEW] = HOT.keys();

/** The form of events as JSON text. */
const TEXT = 0;

/** The size of the input buffer at first. */
const FIRST_BUFFER = 16 * 1024;

/** An output of so many bytes is read byte by byte: a decoder takes longer to be called. */
const SHORT_OUTPUT = 24;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

async function compile(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (typeof Response !== "undefined" && given instanceof Response) {
    if (!given.ok) throw new AgentcError("input", `the module cannot be fetched: ${given.status} ${given.statusText}`);
    return WebAssembly.compile(await given.arrayBuffer());
  }
  return WebAssembly.compile(given);
}

/**
 * Loads a module: the runtime's own (`agentc.wasm`), or one that holds a policy.
 * @param {Parameters<typeof import("../index.js").load>[0]} source
 * @param {import("../index.js").LoadOptions} [options]
 */
export async function load(source, options = {}) {
  let module;
  try {
    module = await compile(source);
  } catch (cause) {
    if (cause instanceof AgentcError) throw cause;
    throw new AgentcError("input", "it is no WebAssembly module", { cause });
  }
  if (WebAssembly.Module.imports(module).length > 0) {
    throw new AgentcError("input", "it is no module of agentc: it wants imports");
  }
  // Browsers refuse a large module on their main thread, but not where nobody waits for it.
  return new Agentc(await WebAssembly.instantiate(module), options);
}

/** One instance of the module: `load` makes it. */
export class Agentc {
  #exports;
  #functions;
  #broken = false;
  #buffer = 0;
  #capacity = 0;
  /** The memory, and the input buffer in it. Both are empty once the memory has grown, and must then be taken anew. */
  #memory = new Uint8Array();
  /** The same memory, to read numbers from. */
  #numbers = new DataView(new ArrayBuffer(0));
  /** Where the module keeps address and length of the output. */
  #place;
  #input = new Uint8Array();
  /** What the input buffer begins with since the last preview, how many bytes that takes, and the buffer behind it. */
  #head = undefined;
  #headLength = 0;
  #behind = new Uint8Array();

  /**
   * @param {WebAssembly.Instance} instance
   * @param {import("../index.js").LoadOptions} options
   */
  constructor({ exports }, options) {
    const abi = exports.agentc_abi?.value;
    if (abi !== ABI) {
      throw new AgentcError("input", abi === undefined ? "it is no module of agentc" : `its ABI is ${abi}, not ${ABI}`);
    }
    this.#place = exports.agentc_output_place?.value >>> 0;
    // A memory never shrinks: what lies in it now always will.
    if (this.#place === 0 || this.#place + 8 > exports.memory.buffer.byteLength) {
      throw new AgentcError("input", "it is no module of agentc: it has no `agentc_output_place` in its memory");
    }
    this.#exports = exports;
    this.#functions = HOT.map((name) => exports[name]);
    for (const [name, value] of Object.entries(options.limits ?? {})) {
      const number = LIMITS.get(name);
      if (number === undefined) throw new AgentcError("argument", `there is no limit \`${name}\``);
      this.invoke("agentc_limit_set", number, value);
    }
  }

  /**
   * The policy in these bytes, or the one that is part of the module.
   * @param {BufferSource} [artifact]
   */
  policy(artifact) {
    if (artifact === undefined) return new Policy(this, this.invoke("agentc_policy_embedded"));
    const bytes = ArrayBuffer.isView(artifact)
      ? new Uint8Array(artifact.buffer, artifact.byteOffset, artifact.byteLength)
      : new Uint8Array(artifact);
    this.#reserve(bytes.length);
    this.#bytes().set(bytes, this.#buffer);
    const handle = this.invoke("agentc_policy_load", this.#buffer, bytes.length);
    this.#shrink();
    return new Policy(this, handle);
  }

  /** How many bytes the module has allocated. */
  get memoryUsed() {
    return this.#call("agentc_memory_used") >>> 0;
  }

  /** How large the module's memory is: what it has ever needed at once, because an engine takes no memory back. */
  get memorySize() {
    return this.#exports.memory.buffer.byteLength;
  }

  /**
   * Drops the counters of windows that ended before that time; gives how many cells the ledger inside still holds.
   * @param {Date | string} before
   */
  sweep(before) {
    return this.invokeText("agentc_ledger_sweep", [], typeof before === "string" ? before : before.toISOString());
  }

  /** Calls a function of the module. A status below zero is thrown. */
  invoke(name, ...numbers) {
    const status = this.#call(name, ...numbers);
    if (status < 0) throw AgentcError.ofStatus(status, this.output());
    return status;
  }

  /** Calls a function of the module with a text: its address and length come last. */
  invokeText(name, numbers, text) {
    const length = this.#put(text);
    const status = this.invoke(name, ...numbers, this.#buffer, length);
    this.#shrink();
    return status;
  }

  /** Sends a run an event; gives the answer's text. */
  send(run, form, event) {
    const length = this.#put(event);
    return this.#told(this.#enter(SEND, run, form, this.#buffer, length));
  }

  /** Previews a call; gives the number of the outcome, and the output's text. */
  preview(run, form, event) {
    const length = this.#put(event);
    return this.#foresee(run, form, length);
  }

  /**
   * As `preview`, of the JSON text that `head` and `rest` make. The head stays in the input buffer: the next preview most often begins
   * with the same one.
   */
  previewBehind(run, head, rest) {
    if (head !== this.#head) {
      this.#headLength = this.#put(head);
      this.#head = head;
      this.#behind = this.#input.subarray(this.#headLength);
    }
    // Nothing fits where the memory has grown and the views are empty.
    if (rest.length * 3 > this.#behind.length) return this.preview(run, TEXT, head + rest);
    return this.#foresee(run, TEXT, this.#headLength + encoder.encodeInto(rest, this.#behind).written);
  }

  #foresee(run, form, length) {
    const status = this.#enter(PREVIEW, run, form, this.#buffer, length);
    return [status, this.#told(status)];
  }

  /** The output of the last call. */
  output() {
    const memory = this.#bytes();
    const at = this.#numbers.getUint32(this.#place, true);
    const length = this.#numbers.getUint32(this.#place + 4, true);
    if (length > SHORT_OUTPUT) return decoder.decode(memory.subarray(at, at + length));
    let text = "";
    for (let i = at; i < at + length; i += 1) {
      if (memory[i] > 0x7f) return decoder.decode(memory.subarray(at, at + length));
      text += String.fromCharCode(memory[i]);
    }
    return text;
  }

  /** The memory as it is now. */
  #bytes() {
    if (this.#memory.length === 0) {
      this.#memory = new Uint8Array(this.#exports.memory.buffer);
      this.#numbers = new DataView(this.#exports.memory.buffer);
    }
    return this.#memory;
  }

  #told(status) {
    const output = this.output();
    if (status < 0) throw AgentcError.ofStatus(status, output);
    this.#shrink();
    return output;
  }

  #call(name, ...numbers) {
    if (this.#broken) throw broken();
    try {
      return this.#exports[name](...numbers);
    } catch (cause) {
      throw this.#trapped(cause);
    }
  }

  /**
   * Calls one of the functions that every decision takes. All go through this one call, which an engine can therefore not replace by a function's
   * own: V8 11 does that, and ends the process where it must take it back inside a `try`.
   */
  #enter(index, first, second, third, fourth) {
    if (this.#broken) throw broken();
    try {
      return this.#functions[index](first, second, third, fourth);
    } catch (cause) {
      throw this.#trapped(cause);
    }
  }

  /** Whatever was going on is not allowed, and nobody knows in what state the instance is. */
  #trapped(cause) {
    this.#broken = true;
    return new AgentcError("broken", "the module trapped; load it anew", { cause });
  }

  /** Writes a text into the input buffer; gives its length in bytes. */
  #put(text) {
    if (this.#broken) throw broken();
    // No UTF-16 unit takes more than three bytes of UTF-8.
    this.#reserve(text.length * 3);
    if (this.#input.length === 0) this.#input = this.#bytes().subarray(this.#buffer, this.#buffer + this.#capacity);
    return encoder.encodeInto(text, this.#input).written;
  }

  /** Sees to it that the input buffer has that many bytes. */
  #reserve(bytes) {
    this.#head = undefined;
    if (bytes <= this.#capacity) return;
    if (this.#buffer !== 0) this.#free();
    const wanted = Math.max(bytes, FIRST_BUFFER);
    this.#buffer = this.#call("agentc_alloc", wanted) >>> 0;
    if (this.#buffer === 0) throw new AgentcError("limit", "the module has no memory left for the input");
    this.#capacity = wanted;
  }

  /** One large event must not hold its memory for ever. */
  #shrink() {
    if (this.#capacity > 64 * FIRST_BUFFER && !this.#broken) this.#free();
  }

  #free() {
    this.#call("agentc_free", this.#buffer);
    this.#buffer = 0;
    this.#capacity = 0;
    this.#input = new Uint8Array();
    this.#head = undefined;
  }
}

function broken() {
  return new AgentcError("broken", "an earlier call trapped; load the module anew");
}
