// Answers the conformance vectors in whatever engine runs this: Node and Chromium both do.

import { Agentc } from "../../runtime/hosts/js/index.js";

/** The vectors of a file: their names, and their lines by mark. */
function read(text) {
  const vectors = [];
  for (const line of text.split("\n")) {
    const [mark, rest] = [line[0], line.slice(2)];
    if (mark === "#") vectors.push({ name: rest, lines: [] });
    else if (mark === ">" || mark === "<" || mark === "!") vectors.at(-1).lines.push([mark, rest]);
  }
  return vectors;
}

function send(agentc, run, event) {
  try {
    agentc.invokeText("agentc_run_send", [run, 0], event);
    return ["<", agentc.output()];
  } catch (error) {
    if (error.code !== "input") throw error;
    return ["!", error.message];
  }
}

/**
 * Answers every vector of these files.
 * @param {WebAssembly.Module} module
 * @param {Iterable<{ name: string, artifact: Uint8Array, text: string }>} files
 * @returns how many vectors and steps there were; throws at the first difference
 */
export function answerAll(module, files) {
  let [vectors, steps] = [0, 0];
  for (const { name, artifact, text } of files) {
    for (const vector of read(text)) {
      const agentc = new Agentc(module);
      const policy = agentc.policy(artifact);
      const runs = new Map();
      for (let at = 0; at < vector.lines.length; at += 2) {
        const [[, sent], wanted] = [vector.lines[at], vector.lines[at + 1]];
        const space = sent.indexOf(" ");
        const [run, event] = [sent.slice(0, space), sent.slice(space + 1)];
        if (!runs.has(run)) runs.set(run, agentc.invoke("agentc_run_new", policy.handle, 0));
        const got = send(agentc, runs.get(run), event);
        if (got[0] !== wanted[0] || got[1] !== wanted[1]) {
          throw new Error(`${name}, \`${vector.name}\`, step ${at / 2 + 1}\n  sent   ${event}\n  wanted ${wanted.join(" ")}\n  got    ${got.join(" ")}`);
        }
        steps += 1;
      }
      vectors += 1;
    }
  }
  return { vectors, steps };
}
