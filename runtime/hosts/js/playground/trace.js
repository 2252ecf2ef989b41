// The trace: every event with its answer, for a person.

import { element } from "./dom.js";
import { words } from "./story.js";

const isAmount = (value) => Object.keys(value).join() === "amount,currency";
const show = (value) => (typeof value === "string" ? value : written(value));

/** A value as JSON, with amounts as a policy writes them: `40 USD`. */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isAmount(value)) return `${value.amount} ${value.currency}`;
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`).join(",")}}`;
}

/** One line of the trace. `goTo` shows a line of the policy; `vote` passes on what a person said to a request. */
export function entry(event, answer, { goTo, vote }) {
  return element(
    "li",
    {},
    element(
      "div",
      { class: "what" },
      element("time", { datetime: answer.at }, (answer.at ?? "").replace("T", " ").replace("Z", "")),
      element("code", {}, words(event)),
      element("span", { class: `outcome ${answer.outcome}` }, answer.outcome),
    ),
    said(answer, goTo),
    answer.escalated && element("p", {}, element("strong", {}, "The run has escalated: "), `${answer.escalated.why} It goes to ${answer.escalated.to}.`),
    ...(answer.approvals ?? []).map((request) => ask(request, vote)),
    table(answer.values),
    element("details", {}, element("summary", {}, "event and answer as JSON"), element("pre", {}, `${JSON.stringify(event, null, 1)}\n${JSON.stringify(answer, null, 1)}`)),
  );
}

/** An event that got no answer. */
export function failure(event, error) {
  return element(
    "li",
    {},
    element("div", { class: "what" }, element("code", {}, words(event)), element("span", { class: "outcome error" }, "no answer")),
    element("p", {}, error.message),
  );
}

function said(answer, goTo) {
  const by = answer.by;
  // Rules that every policy has stand in no file.
  const place = by?.line && element("button", { class: "link", type: "button", onclick: () => goTo(by.file, by.line) }, `${by.rule}, line ${by.line}`);
  return element("p", {}, answer.person, place ? " — " : "", place);
}

function ask(request, vote) {
  const wanted = request.approvers.map(({ quorum, role, user, identity }) => {
    const who = role ? `role ${role}` : `${user ?? identity}`;
    return quorum > 1 ? `${quorum} of ${who}` : who;
  });
  const [first] = request.approvers;
  const box = element("div", { class: "ask" });
  const id = element("input", { name: "id", value: first?.role ? "ann" : (first?.user ?? first?.identity ?? ""), autocomplete: "off" });
  const roles = element("input", { name: "roles", value: first?.role ?? "", autocomplete: "off" });
  const answer = (approve) => () => {
    const by = { id: id.value, roles: roles.value.split(",").map((role) => role.trim()).filter(Boolean) };
    vote({ event: "approval", request: request.request, by, approve }, () => box.classList.add("answered"));
  };
  box.append(
    element("span", {}, element("strong", {}, request.gate.rule), ` asks ${wanted.join(" and ")}. ${request.gate.because ?? ""}`),
    table(request.show) ?? "",
    element(
      "fieldset",
      {},
      element("label", {}, "Who answers", id),
      element("label", {}, "Roles", roles),
      element("button", { type: "button", class: "main", onclick: answer(true) }, "Approve"),
      element("button", { type: "button", onclick: answer(false) }, "Refuse"),
    ),
  );
  return box;
}

function table(values) {
  if (!values?.length) return null;
  const age = ({ age_seconds: seconds }) => (seconds === undefined ? "" : `${seconds} s old`);
  const rows = values.map((value) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, element("code", {}, value.label)),
      element("td", {}, value.unknown === undefined ? show(value.value) : `unknown: ${value.unknown}`),
      element("td", {}, value.provenance ?? ""),
      element("td", {}, age(value)),
    ),
  );
  return element("table", {}, ...rows);
}
