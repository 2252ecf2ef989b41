// The conformance vectors, and what is malformed, in Node: `AGENTC_WASM=agentc.wasm node tests/conformance/node.mjs`.
import { readFileSync, readdirSync } from "node:fs";
import { callAll, toldOfErrors } from "./malformed.js";
import { answerAll, told } from "./vectors.js";

const here = new URL(".", import.meta.url);

/** Every file of vectors with its artifact. */
export function files() {
  const names = readdirSync(new URL("vectors", here)).filter((file) => file.endsWith(".txt"));
  return names.sort().map((file) => {
    const name = file.slice(0, -".txt".length);
    const artifact = readFileSync(new URL(`policies/${name}.agentc`, here));
    return { name, artifact, text: readFileSync(new URL(`vectors/${file}`, here), "utf8") };
  });
}

/** The list of what is malformed, and the artifact that it names. */
export function malformed() {
  const list = readFileSync(new URL("malformed.txt", here), "utf8");
  const name = list.slice(2, list.indexOf("\n"));
  return { name, list, artifact: readFileSync(new URL(`policies/${name}.agentc`, here)) };
}

if (process.argv[1]?.endsWith("node.mjs")) {
  const module = new WebAssembly.Module(readFileSync(process.env.AGENTC_WASM));
  const host = `node ${process.versions.node}`;
  console.log(told(host, await answerAll(module, files())));
  const { list, artifact } = malformed();
  console.log(toldOfErrors(host, callAll(module, list, artifact)));
}
