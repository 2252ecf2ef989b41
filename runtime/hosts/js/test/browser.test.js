// The package in a real headless Chromium: the page loads it as a browser does and runs an agent's calls.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { refunds } from "./support.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript" };

test("a page in Chromium decides, asks for approval, executes and is refused", async () => {
  const said = Promise.withResolvers?.() ?? withResolvers();
  const server = createServer((request, response) => {
    if (request.url === "/done") {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => (response.end(), said.resolve(body)));
    } else if (request.url === "/refunds.wasm") {
      response.writeHead(200, { "content-type": "application/wasm" }).end(refunds);
    } else {
      try {
        const path = normalize(request.url === "/" ? "/test/browser/page.html" : request.url);
        const type = TYPES[path.slice(path.lastIndexOf("."))];
        const bytes = readFileSync(join(root, path));
        response.writeHead(200, { "content-type": type ?? "text/plain" }).end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "agentc-chromium-"));
  const browser = spawn(process.env.AGENTC_CHROMIUM ?? "chromium", [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`,
  ], { stdio: "ignore" });
  browser.on("error", said.reject);
  browser.on("exit", (code) => said.reject(new Error(`Chromium ended with ${code} before the page was done`)));
  try {
    const lines = (await said.promise).split("\n");
    assert.match(lines.shift(), /^loaded acme\.refunds in \d+ ms$/);
    assert.deepEqual(lines, [
      "asked for large_refund",
      'executed {"amount":90,"order_id":"A-2","reason":"wrong lamp"}',
      'refund {"id":"R-1"}',
      "refused by never_delete_customer",
      "done",
    ]);
  } finally {
    browser.removeAllListeners("exit");
    const gone = new Promise((resolve) => browser.on("exit", resolve));
    if (browser.kill("SIGKILL")) await gone;
    server.closeAllConnections();
    server.close();
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // Chromium's children may still write there, and what is left is the temporary folder's to clean.
    }
  }
});

function withResolvers() {
  const resolvers = {};
  resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return resolvers;
}
