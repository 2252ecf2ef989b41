// Calls the module with what is malformed, as malformed.txt lists it, in whatever engine runs this: Node and Chromium both do.

/** An argument that stands for bytes: in the module's memory they are an address and a length. */
const BYTES = {
  text: (rest) => new TextEncoder().encode(rest),
  hex: (rest) => Uint8Array.from(rest.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  whole: (_, artifact) => artifact,
  cut: (rest, artifact) => artifact.slice(0, share(artifact, rest)),
  flip: (rest, artifact) => {
    const [place, bits] = rest.split(" ").map(Number);
    const changed = Uint8Array.from(artifact);
    changed[share(artifact, place)] ^= bits;
    return changed;
  },
};

/** So many thousandths of the artifact. */
const share = (artifact, thousandths) => Math.floor((artifact.length * Number(thousandths)) / 1000);

/** An instance of the module, the handles and addresses that it gave, and the call that shows that it still decides. */
class Instance {
  #exports;
  #artifact;
  #named = new Map();

  constructor(module, artifact) {
    this.#exports = new WebAssembly.Instance(module).exports;
    this.#artifact = artifact;
  }

  /** `FUNCTION ARGUMENT…`: what it gives. */
  call(line) {
    const words = line.split(" ");
    const kind = words.findIndex((word) => Object.hasOwn(BYTES, word));
    const numbers = words.slice(1, kind < 0 ? undefined : kind).map((word) => this.#number(word));
    const called = this.#exports[words[0]];
    if (kind < 0) return called(...numbers);
    const bytes = BYTES[words[kind]](words.slice(kind + 1).join(" "), this.#artifact);
    const address = this.#exports.agentc_alloc(bytes.length);
    new Uint8Array(this.#exports.memory.buffer, address >>> 0, bytes.length).set(bytes);
    const status = called(...numbers, address, bytes.length);
    // Giving the buffer back is a call, and takes the output away.
    this.said = this.#output(status);
    if (this.#exports.agentc_free(address) !== 0) throw new Error("the buffer cannot be given back");
    return status;
  }

  /** As `call`, and the output after it. */
  ask(line) {
    this.said = undefined;
    const status = this.call(line);
    this.said ??= this.#output(status);
    return status;
  }

  name(name, number) {
    this.#named.set(name, number);
  }

  /** A number, or a name with a number added: `$buffer+1`. */
  #number(word) {
    const [, name, more] = /^\$(\w+)([+-]\d+)?$/.exec(word) ?? [];
    return name === undefined ? Number(word) : this.#named.get(name) + Number(more ?? 0);
  }

  /** The output, which is a sentence where the status is an error. */
  #output(status) {
    const at = this.#exports.agentc_output() >>> 0;
    const length = this.#exports.agentc_output_len() >>> 0;
    return new TextDecoder("utf-8", { fatal: status < 0 }).decode(new Uint8Array(this.#exports.memory.buffer, at, length));
  }
}

/**
 * Makes every call of the list. Throws at the first that gives something else than the list says.
 * @param {WebAssembly.Module} module the runtime's own
 * @param {string} list the text of malformed.txt
 * @param {Uint8Array} artifact the policy that the list names
 * @returns how many calls were errors
 */
export function callAll(module, list, artifact) {
  let [instance, section, probe, errors] = [undefined, "", undefined, 0];
  for (const line of list.split("\n")) {
    const [mark, rest] = [line[0], line.slice(2)];
    const is = (what, got, wanted) => {
      if (got !== wanted) throw new Error(`${section}: ${what} of \`${rest.slice(0, 300)}\` is ${got}, not ${wanted}: ${instance.said}`);
    };
    if (mark === "#") {
      [instance, section, probe] = [new Instance(module, artifact), rest, undefined];
    } else if (mark === "=") {
      const name = rest.slice(0, rest.indexOf(" "));
      const given = instance.ask(rest.slice(name.length + 1));
      is("whether the result", given > 0, true);
      instance.name(name, given);
    } else if (mark === "~") {
      probe = rest;
    } else if (mark === "!") {
      const wanted = Number(rest.slice(0, rest.indexOf(" ")));
      is("the status", instance.ask(rest.slice(rest.indexOf(" ") + 1)), wanted);
      if (wanted >= 0) continue;
      errors += 1;
      const said = instance.said;
      is("whether the sentence", said.length > 0 && !said.includes('"outcome"'), true);
      is("the answer after it", instance.ask(probe.slice(2)), Number(probe[0]));
      instance.said = said;
    } else if (mark === "<") {
      is(`whether \`${instance.said}\``, instance.said.includes(rest), true);
    }
  }
  return errors;
}

/** The line that says so. */
export function toldOfErrors(host, errors) {
  return `malformed: ${host}: ${errors} calls, an error each, and every instance still decides`;
}
