// The editor: a text area, and behind it the same text painted, with what is wrong at its place.

import { element } from "./dom.js";

const encoder = new TextEncoder();

/** A place in the text by its bytes in UTF-8, as the compiler counts, to one as the page counts. */
function unitsOf(text, bytes) {
  let seen = 0;
  let units = 0;
  for (const character of text) {
    if (seen >= bytes) break;
    seen += encoder.encode(character).length;
    units += character.length;
  }
  return units;
}

export class Editor {
  #area;
  #paint;
  #gutter;
  #tokens;
  #problems = [];

  /**
   * @param {HTMLElement} box
   * @param {(text: string) => [string, number][]} tokens
   * @param {() => void} changed
   */
  constructor(box, tokens, changed) {
    this.#area = box.querySelector("textarea");
    this.#paint = box.querySelector(".paint");
    this.#gutter = box.querySelector(".gutter");
    this.#tokens = tokens;
    this.#area.addEventListener("input", () => {
      // Until the compiler has looked again, what it said of the old text would stand at wrong places.
      this.#problems = [];
      this.#draw();
      changed();
    });
    this.#area.addEventListener("scroll", () => {
      this.#paint.scrollTop = this.#gutter.scrollTop = this.#area.scrollTop;
      this.#paint.scrollLeft = this.#area.scrollLeft;
    });
  }

  get text() {
    return this.#area.value;
  }

  set text(text) {
    this.#area.value = text;
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollTop = this.#area.scrollLeft = 0;
    this.#problems = [];
    this.#draw();
  }

  /** Shows diagnostics about this text. */
  show(diagnostics, file) {
    const here = diagnostics.filter((diagnostic) => diagnostic.labels[0]?.file === file);
    this.#problems = here.map(({ severity, message, labels: [{ start, end }] }) => {
      const from = unitsOf(this.text, start.offset);
      const to = Math.max(unitsOf(this.text, end.offset), from + 1);
      return { severity, message, from, to, line: start.line };
    });
    this.#draw();
  }

  /** Puts the caret on a line and shows it. */
  goTo(line, column = 1) {
    const before = this.text.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    this.#area.focus();
    this.#area.setSelectionRange(start, start);
    const height = Number.parseFloat(getComputedStyle(this.#area).lineHeight);
    this.#area.scrollTop = Math.max(0, (line - 4) * height);
  }

  #draw() {
    const text = this.text;
    const worst = new Map();
    for (const problem of this.#problems) {
      const known = worst.get(problem.line);
      if (known === undefined || problem.severity === "error" && known.severity !== "error") worst.set(problem.line, problem);
    }
    const parts = [];
    let line = 1;
    let place = 0;
    const lens = () => {
      const problem = worst.get(line);
      if (problem) parts.push(element("span", { class: `lens ${problem.severity}` }, problem.message));
    };
    for (const [kind, length] of this.#tokens(text)) {
      // A token is cut where a problem begins or ends, and at the end of a line.
      for (const piece of this.#pieces(text, place, place + length)) {
        if (piece.text === "\n") {
          lens();
          line += 1;
          parts.push("\n");
        } else {
          const shown = kind === "plain" ? piece.text : element("span", { class: kind }, piece.text);
          parts.push(piece.problem ? element("mark", { class: piece.problem.severity }, shown) : shown);
        }
      }
      place += length;
    }
    lens();
    // The last line is as tall as any other even where it is empty.
    this.#paint.replaceChildren(...parts, "\n");
    const number = (_, index) => {
      const severity = worst.get(index + 1)?.severity;
      return element("span", { class: severity }, `${index + 1}\n`);
    };
    this.#gutter.replaceChildren(...Array.from({ length: line }, number));
    this.#gutter.scrollTop = this.#paint.scrollTop = this.#area.scrollTop;
  }

  *#pieces(text, start, end) {
    const cuts = new Set([start, end]);
    for (const { from, to } of this.#problems) {
      if (from > start && from < end) cuts.add(from);
      if (to > start && to < end) cuts.add(to);
    }
    for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) cuts.add(at).add(at + 1);
    const places = [...cuts].sort((left, right) => left - right);
    for (let index = 0; index + 1 < places.length; index += 1) {
      const [from, to] = [places[index], places[index + 1]];
      const over = this.#problems.filter((problem) => problem.from < to && problem.to > from);
      yield { text: text.slice(from, to), problem: over.find((problem) => problem.severity === "error") ?? over[0] };
    }
  }
}
