// The conformance vectors in Node: `AGENTC_WASM=agentc.wasm node tests/conformance/node.mjs`.
import { readFileSync, readdirSync } from "node:fs";
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

if (process.argv[1]?.endsWith("node.mjs")) {
  const module = new WebAssembly.Module(readFileSync(process.env.AGENTC_WASM));
  console.log(told(`node ${process.versions.node}`, await answerAll(module, files())));
}
