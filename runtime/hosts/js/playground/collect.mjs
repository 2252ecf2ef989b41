// Collects the examples for the page: `node collect.mjs REPOSITORY OUT`. A story is a conformance vector of an example: the run that it
// shows, or one of its tests.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [repository, out] = process.argv.slice(2);
const FIRST = ["refunds", "leads"];

const read = (...parts) => readFileSync(join(repository, ...parts), "utf8");

/** The first heading of a README. */
const titleOf = (name) => /^# (.+)$/m.exec(read("examples", name, "README.md"))?.[1] ?? name;

/** What a policy uses of the files beside it. */
function modulesOf(name, text) {
  const used = [...text.matchAll(/^use ([a-z_.]+)/gm)].map(([, module]) => module).filter((module) => !module.startsWith("std."));
  return Object.fromEntries(used.map((module) => [module, read("examples", name, `${module.replaceAll(".", "/")}.agentpolicy`)]));
}

/** The vectors of an example as stories. */
function storiesOf(name) {
  const stories = [];
  for (const line of read("tests", "conformance", "vectors", `${name}.txt`).split("\n")) {
    if (line.startsWith("# ")) stories.push({ title: line.slice(2).replace(/^test /, ""), events: [] });
    if (line.startsWith("> ")) stories.at(-1).events.push(line.slice(line.indexOf(" ", 2) + 1));
  }
  const told = stories.filter(({ title }) => !title.startsWith("generated "));
  return told.map(({ title, events }) => ({
    title: title === "example" ? "The example's run" : title,
    events: events.map((event) => JSON.parse(event)),
  }));
}

const names = readdirSync(join(repository, "examples")).filter((name) => existsSync(join(repository, "examples", name, `${name}.agentpolicy`)));
names.sort((left, right) => (FIRST.indexOf(left) + 1 || 9) - (FIRST.indexOf(right) + 1 || 9) || left.localeCompare(right));
const examples = names.map((name) => {
  const file = `${name}.agentpolicy`;
  const text = read("examples", name, file);
  return { name, title: titleOf(name), file, text, modules: modulesOf(name, text), stories: storiesOf(name) };
});
writeFileSync(out, JSON.stringify(examples));
