// Beside the chat, in demo mode: what each turn understood, did and answered.

import { label } from "./labels.js";
import { make } from "./view.js";

/** Draw the turns, newest first; those that are there already stay as they are. */
export function drawTurns(list, traces) {
  const newest = [...traces].sort((one, other) => (one.at < other.at ? 1 : -1));
  const drawn = newest.map((trace, index) => list.querySelector(`[data-turn="${CSS.escape(trace.turn)}"]`) ?? turn(trace, index === 0));
  list.replaceChildren(...drawn);
  drawn.forEach((one, index) => index && one.firstChild.removeAttribute("open"));
}

function turn(trace, open) {
  const took = `${trace.took_ms.toFixed(1)} ms`;
  const body = make("div", { class: "turn-body" }, ...parts(trace));
  const details = make("details", { class: "turn", open: open ? "" : undefined });
  details.append(make("summary", {}, make("span", {}, said(trace.event)), make("span", {}, took)), body);
  return make("li", { "data-turn": trace.turn }, details);
}

function parts(trace) {
  const understood = trace.commands.map(command);
  const done = trace.exchanges.flatMap(({ action, result }) => [step(action, "→"), step(result, "←")]);
  const answered = trace.speaks.map((speak) => make("div", { class: "step" }, make("b", {}, speak.key), facts(speak, ["key"])));
  return [
    ...part(`${label("understood")} · ${trace.understood_ms.toFixed(1)} ms`, understood),
    ...part(label("done"), done),
    ...part(label("answered"), answered),
  ];
}

function part(title, steps) {
  return steps.length ? [make("section", {}, make("h3", {}, title), ...steps)] : [];
}

function said(event) {
  return event.text ?? event.label ?? (event.token ? `[${event.token}]` : event.is);
}

function command(one) {
  const { evidence } = one;
  const because = make("div", { class: "evidence" });
  if (evidence) {
    because.append(make("span", { class: "stage" }, evidence.stage ?? ""));
    if (evidence.words) because.append(make("span", {}, `“${evidence.words}”`));
    because.append(make("span", {}, (evidence.score ?? 1).toFixed(2)));
  }
  return make("div", { class: "step" }, make("b", {}, one.is), facts(one, ["evidence"]), because);
}

function step(value, arrow) {
  return make("div", { class: "step" }, make("b", {}, `${arrow} ${value.is}`), facts(value, []));
}

function facts(value, without) {
  const shown = Object.entries(value).filter(([name, one]) => name !== "is" && one !== false && !without.includes(name));
  return make("code", {}, shown.map(([name, one]) => `${name}: ${brief(one)}`).join("\n").slice(0, 1500));
}

/** The short forms of what a trace is full of. */
const FORMS = {
  Fact: (one) => `${brief(one.value)} (${one.source} ${one.id})`,
  Named: (one) => one.id,
  Said: (one) => `“${one.words}”`,
  Money: (one) => `${(one.minor / 100).toFixed(2)} ${one.currency}`,
  Chosen: (one) => `${one.group}=${one.value}${one.count > 1 ? `*${one.count}` : ""}`,
  Candidate: (one) => (one.score === 1 ? one.id : `${one.id} ${one.score.toFixed(2)}`),
  Line: (one) => [one.quantity, one.sku, ...(one.options ?? []).map(brief), ...(one.notes ?? []).map((note) => `“${note}”`)].join(" "),
  Item: (one) => [one.quantity ?? "", brief(one.products ?? []), ...(one.options ?? []).map(brief), ...(one.notes ?? []).map((note) => `“${note}”`)].join(" ").trim(),
  Priced: (one) => `${brief(one.line)} = ${brief(one.total)}`,
  Proposal: (one) => `${(one.lines ?? []).map(brief).join(", ")}, total ${brief(one.total)}, digest ${one.digest.slice(0, 8)}`,
  Evidence: (one) => `“${one.words ?? ""}” ${one.stage}`,
  Row: (one) => brief(one.params),
};

/** One line for any value: identifiers and figures rather than structure. */
function brief(value) {
  if (Array.isArray(value)) return value.map(brief).join(", ");
  if (value === null || typeof value !== "object") return String(value);
  if (FORMS[value.is]) return FORMS[value.is](value);
  const inner = Object.entries(value).filter(([name, one]) => name !== "is" && one !== false);
  if (inner.length === 1) return brief(inner[0][1]);
  return `{${inner.map(([name, one]) => `${name} ${brief(one)}`).join(", ")}}`;
}
