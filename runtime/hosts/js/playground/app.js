// The page: an example's policy in the editor, its stories as runs, its decisions as a picture.

import { Compiler } from "./compiler.js";
import { at, element } from "./dom.js";
import { Editor } from "./editor.js";
import { Session } from "./session.js";
import { storyOf, words } from "./story.js";
import { entry, failure } from "./trace.js";

/** Typing rests so long, in milliseconds, before the policy is compiled again. */
const REST = 120;

const [compiler, examples] = await Promise.all([
  Compiler.load("compiler.wasm"),
  fetch("examples.json").then((response) => response.json()),
]).catch((error) => {
  at("state").textContent = `The playground cannot be loaded: ${error.message}`;
  at("state").className = "wrong";
  throw error;
});

let example = examples[0];
let story;
/** What the last compilation gave. */
let compiled = { diagnostics: [], jobs: [] };
/** The run that is open, and how much of its story was sent. */
let session;
let sent = 0;
/** What is drawn belongs to this text. */
let drawn;
let resting;

const editor = new Editor(document.querySelector(".editor"), (text) => compiler.tokens(text), () => {
  at("reset").disabled = editor.text === example.text;
  clearTimeout(resting);
  resting = setTimeout(compile, REST);
});

const source = () => ({ file: example.file, text: editor.text, modules: example.modules });

function compile() {
  compiled = compiler.compile(source());
  editor.show(compiled.diagnostics, example.file);
  const count = (severity) => compiled.diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const many = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const state = at("state");
  state.textContent = errors ? many(errors, "error") : warnings ? `It compiles, with ${many(warnings, "warning")}` : "It compiles";
  state.className = errors ? "wrong" : warnings ? "unsure" : "right";
  at("problems").replaceChildren(...problems());
  at("open").disabled = compiled.artifact === undefined || story === undefined;
  if (!at("graph").hidden) draw();
}

function problems() {
  if (compiled.diagnostics.length === 0) return [element("li", { class: "none" }, "None.")];
  return compiled.diagnostics.map(({ code, severity, message, labels, notes, help }) => {
    const place = labels[0];
    const here = place?.file === example.file;
    return element(
      "li",
      {},
      element("span", { class: `severity ${severity}` }, severity, " "),
      here
        ? element("button", { class: "link", type: "button", onclick: () => editor.goTo(place.start.line, place.start.column) }, `line ${place.start.line}`)
        : (place?.file ?? ""),
      `: ${message} `,
      element("span", { class: "code" }, code),
      ...notes.map((note) => element("p", {}, note)),
      help && element("p", {}, element("strong", {}, "help: "), help),
    );
  });
}

function draw() {
  if (drawn === editor.text) return;
  drawn = editor.text;
  const graphs = compiled.artifact === undefined ? [] : compiler.graphs(source());
  at("no-graph").hidden = graphs.length > 0;
  at("pictures").replaceChildren(
    ...graphs.map(({ job, svg }) => {
      // The picture comes from the compiler, which escapes what the policy says; as an image it can run nothing.
      const picture = element("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, alt: `The decisions of the job ${job}` });
      return element("figure", {}, element("figcaption", {}, job), element("div", { class: "picture", tabindex: "0" }, picture));
    }),
  );
}

function choose(name) {
  example = examples.find((one) => one.name === name) ?? examples[0];
  at("file").textContent = example.file;
  at("reset").disabled = true;
  at("story").replaceChildren(...example.stories.map(({ title }, index) => element("option", { value: index }, title)));
  drawn = undefined;
  editor.text = example.text;
  tell(0);
  compile();
}

/** Turns to a story of the example, from its beginning. */
function tell(index) {
  story = example.stories[index] && storyOf(example.stories[index]);
  session?.close();
  session = undefined;
  sent = 0;
  at("trace").replaceChildren();
  at("empty").hidden = false;
  at("open").disabled = compiled.artifact === undefined || story === undefined;
  propose();
}

/** Puts what happens next into the form. */
function propose() {
  const event = session === undefined ? story?.opening : story.steps[sent];
  at("event").value = event ? JSON.stringify(event) : "";
  at("event").placeholder = session === undefined ? "" : `{"event":"call","id":"x1","verb":"…","args":{…},"at":"${session.next}"}`;
  at("send").textContent = event && session ? `Send: ${words(event).slice(0, 60)}` : "Send";
  at("send").disabled = session === undefined;
  at("all").disabled = session === undefined || event === undefined;
  at("wrong").textContent = "";
}

function goTo(file, line) {
  if (file === example.file) editor.goTo(line);
}

function told(event, answer) {
  at("empty").hidden = true;
  at("trace").append(entry(event, answer, { goTo, vote }));
  at("trace").lastElementChild.scrollIntoView({ block: "nearest" });
}

async function vote(event, answered) {
  const wanted = story.steps[sent];
  // The story tells of this vote itself: it goes on after it.
  const same = wanted?.event === "approval" && wanted.request === event.request;
  const answer = await send({ ...event, ...(same && { at: wanted.at }) });
  if (answer === undefined) return;
  if (answer.outcome !== "refused") answered();
  if (same) sent += 1;
  propose();
}

async function send(event) {
  try {
    return await session.send(event);
  } catch (error) {
    at("trace").append(failure(event, error));
    return undefined;
  }
}

async function open() {
  const opening = JSON.parse(at("event").value);
  at("trace").replaceChildren();
  const fetch = (need) => (at("fetch").checked ? story.found(need) : undefined);
  session?.close();
  session = undefined;
  session = await Session.open(await compiler.policy(compiled.artifact), opening, { fetch, told });
  sent = 0;
  propose();
}

async function next() {
  const event = JSON.parse(at("event").value);
  const own = story.steps[sent];
  // An approval that was given by hand is not given twice.
  await send(event);
  if (own !== undefined && own.event === event.event) sent += 1;
  propose();
}

/** Runs what a button does; what goes wrong is said beside it. */
const tried = (work) => async (event) => {
  event?.preventDefault?.();
  at("wrong").textContent = "";
  try {
    await work();
  } catch (error) {
    at("wrong").textContent = error.answer?.person ?? error.message;
  }
};

at("open").addEventListener("click", tried(async () => {
  if (session !== undefined) tell(Number(at("story").value));
  await open();
}));
at("compose").addEventListener("submit", tried(next));
at("all").addEventListener("click", tried(async () => {
  while (story.steps[sent] !== undefined) await next();
}));
at("example").addEventListener("change", () => choose(at("example").value));
at("story").addEventListener("change", () => tell(Number(at("story").value)));
at("reset").addEventListener("click", () => {
  editor.text = example.text;
  at("reset").disabled = true;
  compile();
});

const tabs = [at("tab-run"), at("tab-graph")];
function show(tab) {
  for (const one of tabs) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", chosen);
    one.tabIndex = chosen ? 0 : -1;
    at(one.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (tab === at("tab-graph")) draw();
}
for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", ({ key }) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    const other = tabs[(index + 1) % tabs.length];
    show(other);
    other.focus();
  });
}

at("example").replaceChildren(...examples.map(({ name, title }) => element("option", { value: name }, title)));
choose(examples[0].name);
