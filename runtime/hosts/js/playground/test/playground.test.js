// The playground in a real Chromium, as somebody uses it: a mistake at its place, mended; a refund that waits for a lead; the picture.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const folder = process.env.AGENTC_PLAYGROUND;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };

let server;
let browser;
let page;
/** What the page complained of on its console, and what it asked of any other host. */
const complaints = [];

before(async () => {
  server = createServer(async (request, response) => {
    const path = normalize(request.url === "/" ? "/index.html" : request.url);
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const home = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: process.env.AGENTC_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => request.url().startsWith("http") && !request.url().startsWith(home) && complaints.push(`asked ${request.url()}`));
  await page.goto(home);
  await says("#state", /^It compiles/);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

const text = (place) => page.locator(place).innerText();

/** Waits until a place says it. */
async function says(place, wanted) {
  await page.waitForFunction(([one, source]) => new RegExp(source).test(document.querySelector(one)?.innerText ?? ""), [place, wanted.source]);
}

async function picture(name) {
  if (process.env.AGENTC_PICTURES) await page.screenshot({ path: join(process.env.AGENTC_PICTURES, `${name}.png`) });
}

test("a policy is painted by its tokens", async () => {
  assert.equal(await text(".paint .keyword >> nth=0"), "policy");
  assert.equal(await page.locator(".paint .wrong").count(), 0);
  const painted = await page.locator(".paint").evaluate((paint) => paint.textContent);
  const written = await page.locator("#text").inputValue();
  assert.equal(painted, `${written}\n`);
});

test("a mistake is told at its place while it is typed, and gone when it is mended", async () => {
  const right = await page.locator("#text").inputValue();
  const line = right.slice(0, right.indexOf("amount <= order.total")).split("\n").length;
  await page.locator("#text").evaluate((area) => {
    const at = area.value.indexOf("amount <= order.total") + "amount <= order.to".length;
    area.focus();
    area.setSelectionRange(at, at + 1);
  });
  await page.keyboard.press("Delete");
  await says("#state", /^1 error$/);
  assert.equal(await text("mark.error"), "toal");
  assert.match(await text(".lens.error"), /`toal`/);
  assert.equal((await text(".gutter .error")).trim(), String(line));
  assert.match(await text("#problems li"), new RegExp(`^error line ${line}: .*\`toal\`.* AP0\\d{3}`, "s"));
  assert.match(await text("#problems li"), /total/, "the nearest name is suggested");
  assert.equal(await page.locator("#open").isDisabled(), true, "what does not compile cannot be run");
  await page.locator("#problems .link").click();
  await picture("mistake");
  await page.locator("#text").evaluate((area) => {
    const at = area.value.indexOf("order.toal") + "order.to".length;
    area.setSelectionRange(at, at);
  });
  await page.keyboard.type("t");
  await says("#state", /^It compiles/);
  assert.equal(await page.locator("mark.error").count(), 0);
  assert.equal(await page.locator("#open").isEnabled(), true);
});

test("a large refund waits for a lead, who approves it, and is allowed", async () => {
  await page.click("#open");
  await says("#trace li:last-child .outcome", /^taken$/);
  for (let step = 0; step < 20; step += 1) {
    const next = await text("#send");
    await page.click("#send");
    await page.waitForFunction((before) => document.querySelector("#send").innerText !== before, next);
    if ((await text("#trace li:last-child .outcome")) === "approval") break;
  }
  const asked = page.locator("#trace li:last-child");
  assert.match(await asked.innerText(), /call refund\(.*amount: 90/);
  assert.match(await asked.innerText(), /large_refund asks role support_lead/);
  assert.match(await asked.innerText(), /Refunds above 50 USD are a commitment of company money/);
  assert.equal(await asked.locator("input[name=roles]").inputValue(), "support_lead");
  await picture("approval");
  await asked.getByRole("button", { name: "Approve" }).click();
  await says("#trace li:last-child .outcome", /^allow$/);
  assert.match(await text("#trace li:last-child"), /ann approves/);
  await picture("allowed");
  // The small one before was allowed once, the second refused by its limit, and what must never happen did not.
  const all = await text("#trace");
  for (const rule of ["once", "never_delete_customer"]) assert.match(all, new RegExp(`${rule}, line \\d+`));
});

test("the rest of the story escalates, and the link of a rule leads to its line", async () => {
  await page.click("#all");
  await says("#trace", /The run has escalated/);
  assert.equal(await page.locator("#send").innerText(), "Send");
  await page.locator("#trace .link", { hasText: "never_delete_customer" }).click();
  const line = await page.locator("#text").evaluate((area) => area.value.split("\n")[area.value.slice(0, area.selectionStart).split("\n").length - 1]);
  assert.match(line, /never shop\.delete_customer/);
});

test("an event that cannot be read gets no answer, and the run goes on", async () => {
  await page.click("#open");
  await page.fill("#event", '{"event":"call","id":"x1"}');
  await page.click("#send");
  await says("#trace li:last-child", /no answer[\s\S]*`verb` is missing/);
  await page.fill("#event", "nonsense");
  await page.click("#send");
  await says("#wrong", /JSON/);
  await page.fill("#event", '{"event":"call","id":"x2","verb":"get_order","args":{"order_id":"A-1"}}');
  await page.click("#send");
  await says("#trace li:last-child .outcome", /^allow$/);
});

test("the decisions are drawn, and not while there are errors", async () => {
  await page.click("#tab-graph");
  const drawn = page.locator("#pictures img");
  await drawn.waitFor();
  assert.equal(await drawn.count(), 1);
  assert.ok(await drawn.evaluate((image) => image.decode().then(() => image.naturalWidth > 200)));
  await picture("graph");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator("#graph").isHidden(), true);
  await page.click("#tab-graph");
  await page.fill("#text", "job x {");
  await says("#state", /error/);
  await page.locator("#no-graph").waitFor();
  assert.equal(await drawn.count(), 0);
  await page.click("#reset");
  await says("#state", /^It compiles/);
  await page.click("#tab-run");
});

test("every example compiles, and each of its stories can be told to its end", async () => {
  const examples = await page.locator("#example option").evaluateAll((options) => options.map((option) => option.value));
  assert.ok(examples.length >= 5 && examples[0] === "refunds", examples.join());
  for (const example of examples) {
    await page.selectOption("#example", example);
    await says("#state", /^It compiles/);
    const stories = await page.locator("#story option").count();
    assert.ok(stories > 0, `${example} tells no story`);
    await page.click("#open");
    await says("#trace li:last-child .outcome", /^taken$/);
    await page.click("#all");
    await page.waitForFunction(() => document.querySelector("#send").innerText === "Send");
    assert.equal(await page.locator("#trace .outcome.error").count(), 0, example);
    assert.ok((await page.locator("#trace li").count()) >= 2, example);
  }
  await page.selectOption("#example", "airline");
  await page.click("#open");
  await page.click("#all");
  await page.waitForFunction(() => document.querySelector("#send").innerText === "Send");
  await picture("airline");
});

test("the page is used by keyboard and has names for everything", async () => {
  await page.selectOption("#example", "refunds");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input, textarea")]
      .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim()))
      .map((one) => one.outerHTML),
  );
  assert.deepEqual(nameless, []);
  await page.focus("#example");
  const reached = new Set();
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id));
  }
  for (const id of ["text", "tab-run", "open", "event"]) assert.ok(reached.has(id), `${id} is not reached by the keyboard`);
});

test("nothing was complained of, and nothing was asked of any other host", () => {
  assert.deepEqual(complaints, []);
});
