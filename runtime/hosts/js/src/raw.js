// JSON texts as they are: JSON.parse reads numbers through floating point, a decision is about the exact text.

/** A JSON text that goes into an event as it stands. */
export class RawJson {
  /** @param {string} text */
  constructor(text) {
    JSON.parse(text);
    this.text = text;
  }
}

/** Texts that JSON writes as they are, between quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The text of a value: of a RawJson its own.
 * @param {unknown} value
 * @returns {string}
 */
export function textOf(value) {
  // Most are names and times, and JSON.stringify takes twice as long to find that out.
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  if (value instanceof RawJson) return value.text;
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError("a value that JSON does not have cannot be sent");
  return text;
}

/** Whether JSON.stringify writes it as it is to be sent, or leaves it out as it is to be left out. */
function isPlain(value) {
  return !(value instanceof RawJson) && typeof value !== "function" && typeof value !== "symbol";
}

/** Whether all members are. */
function arePlain(members) {
  for (const name in members) {
    if (!isPlain(members[name])) return false;
  }
  return true;
}

/**
 * An object's text, member by member, so that a RawJson keeps its text.
 * @param {Record<string, unknown>} members
 * @returns {string}
 */
export function objectText(members) {
  if (arePlain(members)) return JSON.stringify(members);
  const parts = [];
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) parts.push(`${JSON.stringify(name)}:${textOf(value)}`);
  }
  return `{${parts.join(",")}}`;
}

/**
 * An event's text; where it names no time, that of the clock is put behind its members. JSON.stringify takes three times as long for an
 * object that was spread into a new one.
 * @param {import("../index.js").Event} event
 * @param {() => string} clock
 * @returns {string}
 */
export function eventText(event, clock) {
  if (event.at === null) return objectText({ ...event, at: clock() });
  const text = objectText(event);
  if (event.at !== undefined) return text;
  const at = `"at":${textOf(clock())}}`;
  return text === "{}" ? `{${at}` : `${text.slice(0, -1)},${at}`;
}

/** Where the string that begins at `at` ends. */
function endOfString(text, at) {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/** Where the value that begins at `at` ends. The text is JSON without blanks, as the module writes it. */
function endOfValue(text, at) {
  let depth = 0;
  for (let i = at; i < text.length; ) {
    const char = text[i];
    if (char === '"') {
      i = endOfString(text, i);
    } else if (char === "{" || char === "[") {
      depth += 1;
      i += 1;
    } else if (char === "}" || char === "]") {
      if (depth === 0) return i;
      depth -= 1;
      i += 1;
    } else if (char === "," && depth === 0) {
      return i;
    } else {
      i += 1;
    }
    if (depth === 0 && i > at && (text[i] === "," || text[i] === "}" || text[i] === "]" || i === text.length)) return i;
  }
  return text.length;
}

/**
 * The exact text of a member, found by a path of member names, in JSON without blanks.
 * @param {string} text
 * @param {string[]} path
 * @returns {string | undefined}
 */
export function slice(text, path) {
  let at = 0;
  for (const name of path) {
    if (text[at] !== "{") return undefined;
    at += 1;
    let found = false;
    while (at < text.length && text[at] === '"') {
      const end = endOfString(text, at);
      const isIt = JSON.parse(text.slice(at, end)) === name;
      const value = end + 1;
      if (isIt) {
        at = value;
        found = true;
        break;
      }
      at = endOfValue(text, value) + 1;
    }
    if (!found) return undefined;
  }
  return text.slice(at, endOfValue(text, at));
}
