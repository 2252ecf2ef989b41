// Memory is given back when runs close, and an event takes no more of it than the module reckons with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../index.js";
import { AT, opening, refunds } from "./support.js";

const MIB = 2 ** 20;

test("runs that are opened and closed leave nothing behind", async () => {
  const agentc = await load(refunds);
  const policy = agentc.policy();
  const some = async (from, runs) => {
    for (let i = from; i < from + runs; i += 1) {
      const run = await policy.open(opening(`r${i}`), { now: () => AT, trace: true });
      for (let call = 0; call < 20; call += 1) {
        run.sendSync({ event: "call", id: `c${call}`, verb: "refund", args: { order_id: "A-1", amount: 40, reason: "x" } });
      }
      run.close();
    }
  };
  await some(0, 100);
  const used = agentc.memoryUsed;
  await some(100, 1000);
  assert.equal(agentc.memoryUsed, used);
});

/** The bytes of memory for a byte of event that `runtime/wasm/src/limits.rs` reckons with: by form, without a trace and with one. */
const RECKONED = [
  [40, 64],
  [44, 112],
];

const utf8 = new TextEncoder();

/** An event in the binary form whose list holds one byte, often. */
function binary(before, byte, length, after) {
  const text = (value) => [0x60 | value.length, ...utf8.encode(value)];
  const head = before.flatMap((part) => (typeof part === "string" ? text(part) : [part]));
  const list = new Uint8Array(length).fill(byte);
  return Uint8Array.from([...head, 0x9a, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, ...list, ...after.flatMap(text)]);
}

test("an event takes no more memory than is reckoned with, whatever it is full of", () => {
  const at = `"at":"${AT}"`;
  const full = (part) => part.repeat(MIB / part.length).slice(0, -1);
  const signal = (part) => `{"event":"signal","signals":{"x":[${full(part)}]},${at}}`;
  const call = (args) => `{"event":"call","id":"c1","verb":"add_note","args":{"order_id":"A-1",${args}},${at}}`;
  const members = Array.from({ length: 130_000 }, (_, i) => `"${i.toString(36)}":0`).join(",");
  const texts = [
    ...["0,", "[],", "{},", '"",', "null,"].map(signal),
    ...["0,", '{"a":0},'].map((part) => call(`"text":[${full(part)}]`)),
    call(`"text":"${"x".repeat(MIB - 200)}"`),
    call(members),
    `{"event":"record","source":"shop_records","record":"Order","key":"A-1","value":{"id":"A-1","lines":[${full("0,")}]},${at}}`,
  ].map((text) => utf8.encode(text));
  // Some of the size that shows most; `texts` are of 1 MiB, too.
  const numbers = [0x00, 0x80, 0x60, 0xf6].map((byte) => binary([0xa3, "event", "signal", "signals", 0xa1, "x"], byte, MIB, ["at", AT]));
  const compiled = new WebAssembly.Module(refunds);
  for (const [form, events] of [texts, numbers].entries()) {
    for (const flags of [0, 1]) {
      for (const event of events) {
        const { exports } = new WebAssembly.Instance(compiled);
        const give = (run, bytes, form) => {
          const address = exports.agentc_alloc(bytes.length) >>> 0;
          new Uint8Array(exports.memory.buffer, address, bytes.length).set(bytes);
          const before = exports.memory.buffer.byteLength;
          assert.equal(exports.agentc_run_send(run, form, address, bytes.length), 0);
          return exports.memory.buffer.byteLength - before;
        };
        const run = exports.agentc_run_new(exports.agentc_policy_embedded(), flags);
        give(run, utf8.encode(JSON.stringify({ event: "open", ...opening() })), 0);
        const taken = give(run, event, form) / event.length;
        assert.ok(taken <= RECKONED[form][flags], `${taken} bytes a byte, form ${form}, flags ${flags}: ${new TextDecoder().decode(event.subarray(0, 80))}`);
      }
    }
  }
});
