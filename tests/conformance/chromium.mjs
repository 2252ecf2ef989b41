// The conformance vectors, and what is malformed, in a real headless Chromium: `AGENTC_WASM=agentc.wasm node tests/conformance/chromium.mjs`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { toldOfErrors } from "./malformed.js";
import { files, malformed } from "./node.mjs";
import { told } from "./vectors.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
  import { callAll } from "/tests/conformance/malformed.js";
  import { answerAll } from "/tests/conformance/vectors.js";
  const say = (said) => fetch("/done", { method: "POST", body: JSON.stringify(said) });
  try {
    const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
    const module = await WebAssembly.compile(await bytes("/agentc.wasm"));
    const files = [];
    for (const name of await (await fetch("/names.json")).json()) {
      const text = new TextDecoder().decode(await bytes("/tests/conformance/vectors/" + name + ".txt"));
      files.push({ name, artifact: await bytes("/tests/conformance/policies/" + name + ".agentc"), text });
    }
    const list = new TextDecoder().decode(await bytes("/tests/conformance/malformed.txt"));
    const errors = callAll(module, list, await bytes("/tests/conformance/policies/${malformed().name}.agentc"));
    say({ ...(await answerAll(module, files)), errors, browser: navigator.userAgent });
  } catch (error) {
    say({ error: String(error) });
  }
</script>`;

const answered = new Promise((resolve, reject) => {
  const server = createServer((request, response) => {
    const path = normalize(request.url);
    const give = (type, bytes) => response.writeHead(200, { "content-type": type }).end(bytes);
    if (path === "/done") {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => (response.end(), resolve(JSON.parse(body))));
    } else if (path === "/") give("text/html", PAGE);
    else if (path === "/names.json") give("application/json", JSON.stringify(files().map(({ name }) => name)));
    else if (path === "/agentc.wasm") give("application/wasm", readFileSync(process.env.AGENTC_WASM));
    else {
      try {
        give(TYPES[extname(path)] ?? "application/octet-stream", readFileSync(join(root, path)));
      } catch {
        response.writeHead(404).end();
      }
    }
  });
  server.listen(0, "127.0.0.1", () => {
    const profile = mkdtempSync(join(tmpdir(), "agentc-chromium-"));
    const browser = spawn(process.env.AGENTC_CHROMIUM ?? "chromium", [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
      `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`,
    ], { stdio: "ignore" });
    browser.on("error", reject);
    browser.on("exit", (code) => reject(new Error(`Chromium ended with ${code} before the page was done`)));
    process.on("exit", () => {
      browser.kill("SIGKILL");
      try {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      } catch {
        // Its children may still write there, and what is left is the temporary folder's to clean.
      }
    });
  });
  setTimeout(() => reject(new Error("the page was not done within five minutes")), 300_000).unref();
});

const { browser, error, errors, ...counts } = await answered.catch((why) => ({ error: why.message }));
if (error) console.error(error);
else {
  const host = `chromium ${/Chrome\/([\d.]+)/.exec(browser)?.[1] ?? ""}`;
  console.log(told(host, counts));
  console.log(toldOfErrors(host, errors));
}
process.exit(error ? 1 : 0);
