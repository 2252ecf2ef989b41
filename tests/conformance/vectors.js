// Answers the conformance vectors in whatever engine runs this: Node and Chromium both do.

import { load } from "../../runtime/hosts/js/index.js";

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

/** The mark and the text of what comes of it. */
function said(work) {
  try {
    return ["<", work()];
  } catch (error) {
    if (error.code !== "input") throw error;
    return ["!", error.message];
  }
}

/** The forms of an event: JSON text, answered in full or briefly. */
const [FULL, BRIEF] = [0, 2];

const FORESEEN = [undefined, "allow", "need", "approval", "deny", "escalate", "paused"];

/** The outcome and the deciding rule of an answer; what is no answer is told as it is. */
function essence([mark, text]) {
  if (mark === "!") return text;
  const { outcome, by } = JSON.parse(text);
  return `${outcome} by ${by?.rule ?? ""}`;
}

/**
 * Answers every vector of these files in full, and the outcome and rule of each briefly, and by a preview of each call.
 * @param {WebAssembly.Module} module
 * @param {Iterable<{ name: string, artifact: Uint8Array, text: string }>} files
 * @returns how many vectors, steps and previews there were; throws at the first difference
 */
export async function answerAll(module, files) {
  let [vectors, steps, previews] = [0, 0, 0];
  for (const { name, artifact, text } of files) {
    for (const vector of read(text)) {
      // One instance, and so one ledger, for each way to ask.
      const [full, brief] = [await load(module), await load(module)];
      const handles = [full, brief].map((agentc) => agentc.policy(artifact).handle);
      const runs = new Map();
      for (let at = 0; at < vector.lines.length; at += 2) {
        const [[, sent], wanted] = [vector.lines[at], vector.lines[at + 1]];
        const space = sent.indexOf(" ");
        const [id, event] = [sent.slice(0, space), sent.slice(space + 1)];
        const same = (what, got, expected) => {
          if (got === expected) return;
          throw new Error(`${name}, \`${vector.name}\`, step ${at / 2 + 1}${what}\n  sent   ${event}\n  wanted ${expected}\n  got    ${got}`);
        };
        if (!runs.has(id)) runs.set(id, [full, brief].map((agentc, i) => agentc.invoke("agentc_run_new", handles[i], 0)));
        const [run, briefly] = runs.get(id);
        const isCall = wanted[1].startsWith('{"answer":"call"') && !essence(wanted).startsWith("refused");
        if (isCall) {
          const [outcome, rule] = full.preview(run, FULL, event);
          same(", previewed", `${FORESEEN[outcome]} by ${rule}`, essence(wanted));
          previews += 1;
        }
        same("", said(() => full.send(run, FULL, event)).join(" "), wanted.join(" "));
        same(", briefly", essence(said(() => brief.send(briefly, BRIEF, event))), essence(wanted));
        steps += 1;
      }
      vectors += 1;
    }
  }
  return { vectors, steps, previews };
}

/** The line that says so. */
export function told(host, { vectors, steps, previews }) {
  return `conformance: ${host}: ${vectors} vectors, ${steps} steps, all identical; ${steps} brief and ${previews} previews agree`;
}
