// Whatever a host hands over the boundary: an error that says what is wrong, nothing allowed, and an instance that goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { artifact, opening, order, refunds, runtime } from "./support.js";

const INPUT = -1;
const ARTIFACT = -2;
const HANDLE = -3;
const BUFFER = -4;
const LIMIT = -5;
const ORDER = -6;
const EMBEDDED = -8;
const ARGUMENT = -9;

/** The module as its ABI has it. */
function instance(module = refunds) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  const bytesOf = (input) => (typeof input === "string" ? new TextEncoder().encode(input) : input);
  const raw = {
    ...exports,
    output() {
      const place = [exports.agentc_output() >>> 0, exports.agentc_output_len() >>> 0];
      // The two ways to find it agree after every call.
      const kept = new DataView(exports.memory.buffer, exports.agentc_output_place.value >>> 0, 8);
      assert.deepEqual([kept.getUint32(0, true), kept.getUint32(4, true)], place);
      return new Uint8Array(exports.memory.buffer, ...place).slice();
    },
    words: () => new TextDecoder("utf-8", { fatal: true }).decode(raw.output()),
    /** Calls `name(...numbers, address, length)` with these bytes. */
    give(name, numbers, input) {
      const bytes = bytesOf(input);
      const at = exports.agentc_alloc(bytes.length) >>> 0;
      assert.notEqual(at, 0);
      new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
      const status = exports[name](...numbers, at, bytes.length);
      const out = raw.output();
      assert.equal(exports.agentc_free(at), 0);
      return { status, out, words: new TextDecoder().decode(out) };
    },
    send: (run, event, form = 0) => raw.give("agentc_run_send", [run, form], event),
  };
  return raw;
}

const open = (run) => JSON.stringify({ event: "open", ...opening(run) });
const AT = '"at":"2026-05-04T10:00:10Z"';
const CALL = `{"event":"call","id":"c1","verb":"get_order","args":{"order_id":"A-1"},${AT}}`;

function opened(module) {
  const raw = instance(module);
  const policy = raw.agentc_policy_embedded();
  const run = raw.agentc_run_new(policy, 0);
  assert.equal(raw.send(run, open("r1")).status, 0);
  return { raw, policy, run };
}

/** That the instance is as good as new: a run is opened, a call allowed, another denied. */
function stillDecides(raw, policy) {
  const run = raw.agentc_run_new(policy, 0);
  assert.ok(run > 0, raw.words());
  assert.equal(JSON.parse(raw.send(run, open("again")).words).outcome, "taken");
  assert.equal(JSON.parse(raw.send(run, CALL).words).outcome, "allow");
  const denied = `{"event":"call","id":"c2","verb":"delete_customer","args":{"customer":"c"},${AT}}`;
  assert.equal(JSON.parse(raw.send(run, denied).words).outcome, "deny");
  assert.equal(raw.agentc_run_close(run), 0);
}

/** Numbers that look random and are the same every time (xorshift). */
function chance(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

test("the module wants no imports and says its versions before it runs", () => {
  for (const bytes of [runtime, refunds]) {
    const module = new WebAssembly.Module(bytes);
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    const { exports } = new WebAssembly.Instance(module);
    assert.deepEqual([exports.agentc_abi.value, exports.agentc_abi_minor.value], [1, 2]);
    // The format stands in the artifact, too: behind its eight bytes of magic.
    assert.equal(exports.agentc_artifact_format.value, artifact.readUInt32LE(8));
  }
  const section = WebAssembly.Module.customSections(new WebAssembly.Module(refunds), "agentc.policy");
  assert.equal(JSON.parse(new TextDecoder().decode(section[0])).policy, "acme.refunds");
});

test("random bytes are no event, in either form", () => {
  const { raw, policy, run } = opened();
  const next = chance(7);
  for (let i = 0; i < 4000; i += 1) {
    const bytes = Uint8Array.from({ length: next(200) }, () => next(256));
    const { status, words } = raw.send(run, bytes, i % 2);
    assert.equal(status, INPUT, words);
    assert.match(words, /^an event cannot be read: /);
  }
  stillDecides(raw, policy);
});

test("an event with any byte changed or cut is an error or an answer, and never an allow of something else", () => {
  const { raw, policy } = opened();
  const bytes = new TextEncoder().encode(CALL);
  const next = chance(11);
  for (let i = 0; i < 1500; i += 1) {
    const run = raw.agentc_run_new(policy, 0);
    raw.send(run, open("r"));
    const changed = bytes.slice(0, i < bytes.length ? i : bytes.length);
    if (i >= bytes.length) changed[next(changed.length)] = next(256);
    const { status, words } = raw.send(run, changed);
    assert.ok(status === INPUT || status === 0, words);
    if (status === 0) {
      const { outcome, allow } = JSON.parse(words);
      // What is allowed is what was sent.
      if (outcome === "allow") assert.equal(JSON.stringify(allow.args), JSON.stringify(JSON.parse(new TextDecoder().decode(changed)).args));
    }
    raw.agentc_run_close(run);
  }
  stillDecides(raw, policy);
});

test("an artifact cut at any byte, or changed anywhere, is not loaded", () => {
  const raw = instance(runtime);
  for (let length = 0; length < artifact.length; length += 1) {
    const { status, words } = raw.give("agentc_policy_load", [], artifact.subarray(0, length));
    assert.equal(status, ARTIFACT, words);
  }
  const next = chance(3);
  for (let i = 0; i < 1000; i += 1) {
    const changed = Uint8Array.from(artifact);
    changed[next(changed.length)] ^= 1 + next(255);
    const { status, words } = raw.give("agentc_policy_load", [], changed);
    assert.equal(status, ARTIFACT, words);
  }
  const random = Uint8Array.from({ length: 5000 }, () => next(256));
  assert.equal(raw.give("agentc_policy_load", [], random).words, "it is no agentc artifact");
  const { status } = raw.give("agentc_policy_load", [], artifact);
  stillDecides(raw, status);
});

test("the runtime's module holds no policy of its own", () => {
  const raw = instance(runtime);
  assert.equal(raw.agentc_policy_embedded(), EMBEDDED);
  assert.equal(raw.words(), "this module holds no policy; load one");
});

test("handles that were never given, or are closed, are errors", () => {
  const { raw, policy, run } = opened();
  for (const handle of [0, -1, 99, policy, 2 ** 31 - 1, -(2 ** 31)]) {
    assert.equal(raw.send(handle, CALL).status, HANDLE);
    assert.equal(raw.agentc_run_requests(handle, 0), HANDLE);
    assert.equal(raw.agentc_run_trace(handle), HANDLE);
    assert.equal(raw.agentc_run_settle(handle, 1), HANDLE);
    assert.equal(raw.agentc_run_close(handle), HANDLE);
    if (handle !== policy) {
      assert.equal(raw.agentc_policy_info(handle), HANDLE);
      assert.equal(raw.agentc_run_new(handle, 0), HANDLE);
      assert.equal(raw.agentc_policy_close(handle), HANDLE);
    }
  }
  assert.equal(raw.agentc_run_close(run), 0);
  const closed = raw.send(run, CALL);
  assert.deepEqual([closed.status, closed.words], [HANDLE, `there is no run ${run}: it was never made, or is closed`]);
  assert.equal(raw.agentc_run_close(run), HANDLE);
  const later = raw.agentc_run_new(policy, 0);
  assert.ok(later > run, "a handle is never given twice");
  stillDecides(raw, policy);
});

test("addresses and lengths beyond a live buffer are errors", () => {
  const { raw, policy, run } = opened();
  const at = raw.agentc_alloc(100) >>> 0;
  const size = raw.memory.buffer.byteLength;
  for (const [address, length] of [
    [0, 0], [0, 10], [at + 1, 10], [at - 1, 10], [at, 101], [at, -1], [at, 2 ** 31 - 1], [size - 1, 10], [size, 1], [-1, 1], [-1, -1],
    [raw.agentc_output(), 4], [16, 64],
  ]) {
    assert.equal(raw.agentc_run_send(run, 0, address, length), BUFFER, raw.words());
    assert.equal(raw.agentc_policy_load(address, length), BUFFER);
    assert.equal(raw.agentc_ledger_sweep(address, length), BUFFER);
  }
  assert.equal(raw.agentc_run_send(run, 0, at, 101), BUFFER);
  assert.equal(raw.words(), `the buffer at ${at} has 100 bytes, not 101`);
  assert.equal(raw.agentc_free(at), 0);
  assert.equal(raw.agentc_free(at), BUFFER);
  assert.equal(raw.agentc_free(0), BUFFER);
  assert.equal(raw.agentc_run_send(run, 0, at, 10), BUFFER, "a buffer that was given back is used");
  assert.equal(raw.agentc_alloc(-1), 0);
  assert.equal(raw.agentc_alloc(2 ** 31 - 1), 0);
  assert.equal(raw.agentc_alloc(-(2 ** 31)), 0);
  const empty = raw.agentc_alloc(0);
  assert.notEqual(empty, 0);
  assert.equal(raw.agentc_run_send(run, 0, empty, 0), INPUT);
  stillDecides(raw, policy);
});

test("numbers that stand for nothing are errors", () => {
  const { raw, policy, run } = opened();
  for (const flags of [4, -1, 2 ** 31 - 1]) assert.equal(raw.agentc_run_new(policy, flags), ARGUMENT);
  for (const form of [4, -1, -2, 2 ** 31 - 1]) {
    assert.equal(raw.send(run, CALL, form).status, ARGUMENT);
    assert.equal(raw.agentc_run_requests(run, form), ARGUMENT);
  }
  // What is asked for here has no brief answer.
  assert.equal(raw.agentc_run_requests(run, 2), ARGUMENT);
  assert.equal(raw.give("agentc_run_preview", [run, 2], CALL).status, ARGUMENT);
  for (const limit of [0, 7, -1]) {
    assert.equal(raw.agentc_limit_get(limit), ARGUMENT);
    assert.equal(raw.agentc_limit_set(limit, 1), ARGUMENT);
  }
  for (const [limit, value] of [[1, 0], [1, -1], [1, 16 * 2 ** 20 + 1], [2, 97], [4, 32_769]]) {
    assert.equal(raw.agentc_limit_set(limit, value), ARGUMENT, `${limit} ${value}`);
  }
  assert.equal(raw.give("agentc_ledger_sweep", [], "noon").status, INPUT);
  assert.equal(raw.give("agentc_ledger_sweep", [], "2026-05-04T10:00:00Z").status, 0);
  stillDecides(raw, policy);
});

test("a brief answer leaves out what only people read, and nothing else", () => {
  const answered = (event, form) => {
    const { raw, run } = opened();
    const { status, out, words } = raw.send(run, event, form);
    assert.equal(status, 0, words);
    return form === 3 ? uncbor(out) : JSON.parse(words);
  };
  const { fired, shadow, values, model, person, by, ...rest } = answered(CALL, 0);
  assert.ok(by.line > 0 && model.length > 0 && person.length > 0 && fired.length > 0);
  const brief = { ...rest, by: { rule: by.rule, effect: by.effect } };
  assert.deepEqual(answered(CALL, 2), brief);
  assert.deepEqual(answered(cbor(JSON.parse(CALL)), 3), brief);
});

test("a trace is of whole answers, brief as they may be", () => {
  const { raw, policy } = opened();
  const lines = [0, 2].map((form) => {
    const run = raw.agentc_run_new(policy, 1);
    raw.send(run, open("traced"), form);
    assert.equal("person" in JSON.parse(raw.send(run, CALL, form).words), form === 0);
    assert.equal(raw.agentc_run_trace(run), 0);
    return raw.words();
  });
  assert.equal(lines[1], lines[0]);
});

test("a preview says what would be answered, and changes nothing", () => {
  const { raw, policy, run } = opened();
  const preview = (event, form = 0) => {
    const { status, words } = raw.give("agentc_run_preview", [run, form], event);
    return [status, words];
  };
  const denied = `{"event":"call","id":"c2","verb":"delete_customer","args":{"customer":"c"},${AT}}`;
  for (let i = 0; i < 3; i += 1) {
    assert.deepEqual(preview(CALL), [1, "allow_shop"]);
    assert.deepEqual(preview(cbor(JSON.parse(CALL)), 1), [1, "allow_shop"]);
    assert.deepEqual(preview(denied), [4, "never_delete_customer"]);
  }
  // The id was not used, and the run is as it was.
  const { outcome, by } = JSON.parse(raw.send(run, CALL).words);
  assert.deepEqual([outcome, by.rule], ["allow", "allow_shop"]);
  assert.deepEqual(preview(CALL), [4, "call_id"]);
  // What is no call, or of no open run, has none.
  assert.deepEqual(preview(`{"event":"tick",${AT}}`), [INPUT, "only a `call` can be previewed, not the event `tick`"]);
  assert.equal(preview("{")[0], INPUT);
  const unopened = raw.agentc_run_new(policy, 0);
  assert.equal(raw.give("agentc_run_preview", [unopened, 0], CALL).status, ORDER);
  assert.equal(raw.give("agentc_run_preview", [unopened + 1, 0], CALL).status, HANDLE);
  assert.equal(raw.agentc_run_preview(run, 0, 12, 40), BUFFER);
  // The host's own limits hold.
  assert.equal(raw.agentc_limit_set(2, 3), 0);
  const nested = `{"event":"call","id":"c9","verb":"get_order","args":{"order_id":[[["A-1"]]]},${AT}}`;
  assert.equal(preview(nested)[0], INPUT);
  assert.equal(raw.agentc_limit_set(1, 10), 0);
  assert.equal(preview(CALL)[0], LIMIT);
  assert.deepEqual([raw.agentc_limit_set(1, 4096), raw.agentc_limit_set(2, 96)], [0, 0]);
  stillDecides(raw, policy);
});

test("a preview over the host's ledger asks for the cells it reads, and a wrong envelope is an error", () => {
  const { raw, policy } = opened();
  const run = raw.agentc_run_new(policy, 2);
  const step = (event, cells) => raw.give("agentc_run_step", [run, 0], `{"event":${event},"cells":${JSON.stringify(cells)}}`);
  const preview = (event, cells) => raw.give("agentc_run_preview", [run, 0], `{"event":${event},"cells":${JSON.stringify(cells)}}`);
  const settled = (ask, event) => {
    let cells = [];
    for (;;) {
      const { status, words } = ask(event, cells);
      const asked = status === 0 ? JSON.parse(words).load : undefined;
      if (asked === undefined) return { status, words };
      cells = [...cells, ...asked.map((key) => ({ key, version: 0 }))];
    }
  };
  settled(step, open("r2"));
  raw.agentc_run_settle(run, 1);
  const load = preview(CALL, []);
  assert.equal(load.status, 0);
  assert.ok(JSON.parse(load.words).load.length > 0);
  const { status, words } = settled(preview, CALL);
  assert.deepEqual([status, words], [1, "allow_shop"]);
  assert.equal(raw.give("agentc_run_preview", [run, 0], CALL).status, INPUT);
});

test("limits hold, and say which", () => {
  const { raw, policy, run } = opened();
  assert.equal(raw.agentc_limit_set(1, 100), 0);
  assert.equal(raw.agentc_limit_get(1), 100);
  assert.deepEqual([raw.send(run, " ".repeat(101)).status, raw.send(run, " ".repeat(101)).words], [
    LIMIT,
    "the size of an event is limited to 100 bytes",
  ]);
  assert.equal(raw.agentc_limit_set(1, 4 << 20), 0);
  assert.equal(raw.agentc_limit_set(2, 3), 0);
  const deep = `{"event":"signal","signals":{"a":[[1]]},${AT}}`;
  assert.match(raw.send(run, deep).words, /nested more than 3 levels deep/);
  assert.equal(raw.agentc_limit_set(2, 96), 0);
  assert.match(raw.send(run, "[".repeat(100_000)).words, /nested more than 96 levels deep/);
  assert.match(raw.send(run, new Uint8Array(100_000).fill(0x81), 1).words, /nested more than 96 levels deep/);
  assert.equal(raw.agentc_limit_set(3, 2), 0);
  const second = raw.agentc_run_new(policy, 0);
  assert.ok(second > 0);
  assert.equal(raw.agentc_run_new(policy, 0), LIMIT);
  assert.equal(raw.words(), "the number of open runs is limited to 2 runs");
  assert.equal(raw.agentc_run_close(second), 0);
  assert.ok(raw.agentc_run_new(policy, 0) > 0);
  assert.equal(raw.agentc_limit_set(3, 100), 0);
  assert.equal(raw.agentc_limit_set(6, 1), 0);
  assert.equal(raw.agentc_policy_embedded(), LIMIT);
  assert.equal(raw.agentc_limit_set(5, 100), 0);
  assert.equal(raw.agentc_limit_set(6, 64), 0);
  assert.equal(raw.agentc_policy_embedded(), LIMIT);
  assert.equal(raw.words(), "the size of an artifact is limited to 100 bytes");
  stillDecides(raw, policy);
});

test("memory is bounded before the work, and a run that is closed makes room", () => {
  const { raw, policy, run } = opened();
  const filler = (i, n) => `{"event":"record","source":"shop_records","record":"Order","key":"A-${i}","value":${JSON.stringify({
    ...order(40), id: `A-${i}`, note: "x".repeat(n) })},${AT}}`;
  assert.equal(raw.agentc_limit_set(4, 320), 0); // 20 MiB
  let status = 0;
  let i = 0;
  for (; status === 0 && i < 10_000; i += 1) status = raw.send(run, filler(i, 100_000)).status;
  assert.equal(status, LIMIT);
  assert.match(raw.send(run, filler(i, 100_000)).words, /^the memory is limited to 20971520 bytes, and up to \d+ may be needed/);
  assert.ok(i > 10, `it held only ${i}`);
  assert.ok(raw.memory.buffer.byteLength < 26 * 2 ** 20, `${raw.memory.buffer.byteLength}`);
  // The dense kind of JSON, where a byte costs most.
  assert.equal(raw.send(run, `[${"0,".repeat(400_000)}0]`).status, LIMIT);
  assert.equal(raw.agentc_run_close(run), 0);
  stillDecides(raw, policy);
});

test("a step waits to be settled, and the two kinds of run are not mixed up", () => {
  const { raw, policy, run } = opened();
  const step = (handle, event, cells = "[]") => raw.give("agentc_run_step", [handle, 0], `{"event":${event},"cells":${cells}}`);
  assert.equal(step(run, CALL).status, ORDER);
  assert.equal(raw.agentc_run_settle(run, 1), ORDER);
  assert.equal(raw.agentc_run_trace(run), ORDER);
  const shared = raw.agentc_run_new(policy, 3);
  assert.equal(raw.send(shared, open("r2")).status, ORDER);
  let out = step(shared, open("r2"));
  assert.equal(out.status, 0, out.words);
  const answers = (event) => {
    let cells = "[]";
    for (let i = 0; i < 5; i += 1) {
      out = step(shared, event, cells);
      assert.equal(out.status, 0, out.words);
      const { load, answer, commit } = JSON.parse(out.words);
      if (load === undefined) return { answer, commit, cells };
      cells = JSON.stringify(load.map((key) => ({ key, version: 0 })));
    }
    return assert.fail("it loads for ever");
  };
  const asked = answers(CALL);
  assert.equal(asked.answer.outcome, "allow");
  assert.equal(step(shared, CALL, asked.cells).status, ORDER);
  assert.equal(raw.agentc_run_settle(shared, 2), ARGUMENT);
  assert.equal(raw.agentc_run_settle(shared, 0), 0);
  assert.equal(raw.agentc_run_settle(shared, 0), ORDER);
  // It is as if it had never been asked: the same id is still free.
  assert.equal(answers(CALL).answer.outcome, "allow");
  assert.equal(raw.agentc_run_settle(shared, 1), 0);
  assert.equal(answers(CALL).answer.by.rule, "call_id");
  for (const envelope of ["{}", "[]", `{"event":${CALL}}`, `{"event":${CALL},"cells":[],"more":1}`, `{"event":${CALL},"cells":[{}]}`]) {
    assert.equal(raw.give("agentc_run_step", [shared, 0], envelope).status, INPUT, envelope);
  }
  const lying = `[{"key":"[\\"acme.refunds\\",\\"\\",\\"pause\\",\\"\\",\\"\\",\\"\\"]","version":3}]`;
  assert.equal(step(shared, CALL, lying).status, INPUT);
  assert.equal(raw.agentc_run_trace(shared), 0);
  assert.equal(raw.words().trim().split("\n").length, 3);
  stillDecides(raw, policy);
});

test("a run that waits for its `open` event decides nothing", () => {
  const { raw, policy } = opened();
  const run = raw.agentc_run_new(policy, 0);
  const early = JSON.parse(raw.send(run, CALL).words);
  assert.deepEqual([early.outcome, early.person], ["refused", "no run is open: the first event must be `open`"]);
  assert.equal(JSON.parse(raw.send(run, open("late")).words).outcome, "taken");
  assert.equal(JSON.parse(raw.send(run, CALL).words).outcome, "allow");
});

test("the binary form says the same, in fewer bytes", () => {
  const { raw, policy, run } = opened();
  const other = raw.agentc_run_new(policy, 0);
  assert.equal(raw.send(other, cbor(JSON.parse(open("r1"))), 1).status, 0);
  let [text, binary] = [0, 0];
  for (const event of [
    JSON.parse(CALL),
    { event: "result", id: "c1", value: order(40), at: "2026-05-04T10:00:20Z" },
    { event: "call", id: "c2", verb: "refund", args: { order_id: "A-1", amount: 4000, reason: "ü" }, at: "2026-05-04T10:00:20Z" },
    { event: "tick", at: "2026-05-04T10:00:20Z" },
  ]) {
    const plain = raw.send(run, JSON.stringify(event)).out;
    const compact = raw.send(other, cbor(event), 1).out;
    assert.deepEqual(uncbor(compact), JSON.parse(new TextDecoder().decode(plain)));
    text += plain.length;
    binary += compact.length;
  }
  assert.ok(binary < text * 0.8, `${binary} of ${text} bytes`);
});

/** Writes the binary form, names as texts; enough for these events. */
function cbor(json) {
  const head = (major, n) => (n < 24 ? [(major << 5) | n] : n < 256 ? [(major << 5) | 24, n] : [(major << 5) | 25, n >> 8, n & 255]);
  const write = (value) => {
    if (value === null) return [0xf6];
    if (typeof value === "boolean") return [value ? 0xf5 : 0xf4];
    if (typeof value === "number") return head(0, value);
    if (typeof value === "string") {
      const bytes = new TextEncoder().encode(value);
      return [...head(3, bytes.length), ...bytes];
    }
    if (Array.isArray(value)) return [...head(4, value.length), ...value.flatMap(write)];
    const members = Object.entries(value);
    return [...head(5, members.length), ...members.flatMap(([name, inner]) => [...write(name), ...write(inner)])];
  };
  return Uint8Array.from(write(json));
}

const NAMES = (
  "event at id run verb args answer call outcome by rule effect because file line fired values label value provenance " +
  "read_at age_seconds model person retry allow key record source needs why approvals request approve roles result shows undo " +
  "valid_until compensation reserve adds window from_result until retain_until"
).split(" ");

/** Reads the binary form; enough for these answers. */
function uncbor(bytes) {
  let at = 0;
  const read = (isName) => {
    const first = bytes[at++];
    const major = first >> 5;
    let n = first & 31;
    if (major === 7) return { 20: false, 21: true, 22: null }[n];
    const wide = { 24: 1, 25: 2, 26: 4 }[n] ?? 0;
    if (wide > 0) {
      n = 0;
      for (let i = 0; i < wide; i += 1) n = n * 256 + bytes[at++];
    }
    if (major === 0) return isName ? NAMES[n] : n;
    if (major === 1) return -1 - n;
    if (major === 3) return new TextDecoder().decode(bytes.subarray(at, (at += n)));
    if (major === 4) return Array.from({ length: n }, () => read(false));
    if (major === 5) return Object.fromEntries(Array.from({ length: n }, () => [read(true), read(false)]));
    return assert.fail(`major type ${major}`);
  };
  const json = read(false);
  assert.equal(at, bytes.length);
  return json;
}
