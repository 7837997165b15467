// The staff's switches. The key comes in the link's fragment (which no server sees) or by hand, and stays on this phone.

import { Desk } from "./desk.js";
import { label, load } from "./labels.js";
import { make } from "./view.js";

const root = document.documentElement;
const { merchant } = root.dataset;
const kept = `sayso:staff:${merchant}`;
const at = (id) => document.getElementById(id);
const path = `/v1/staff/merchants/${merchant}`;
const STATES = { dead: "staff_dead", failed: "staff_undelivered", unknown: "staff_unknown" };
const SHOWN = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
const filesPath = `/v1/staff/merchants/${merchant}/attachments`;
let shown = null;
let desk = null;

function key() {
  return localStorage.getItem(kept) ?? "";
}

async function ask(body, below = "/switches") {
  return fetch(path + below, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${key()}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
}

async function demoKey() {
  const made = await fetch(`/v1/demo/merchants/${merchant}/staff-keys`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (made.ok) localStorage.setItem(kept, (await made.json()).key);
}

function draw(told) {
  shown = told;
  const on = new Set(told.switches);
  const wanted = at("find").value.trim().toLowerCase();
  const groups = Map.groupBy?.(told.offers, (one) => one.group) ?? grouped(told.offers);
  const drawn = [...groups].map(([name, offers]) => group(name, offers.filter((one) => fits(one, wanted)), on));
  at("groups").replaceChildren(...drawn.filter(Boolean));
}

function grouped(offers) {
  const groups = new Map();
  for (const one of offers) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

function fits(offer, wanted) {
  return !wanted || Object.values(offer.names).some((name) => name.toLowerCase().includes(wanted));
}

function group(name, offers, on) {
  if (!offers.length) return null;
  const title = name === "locations" ? label("locations") : ours(offers[0].titles) ?? name.replaceAll("_", " ");
  return make("section", { class: "group" }, make("h2", {}, title), make("ul", {}, ...offers.map((one) => row(one, on.has(one.name)))));
}

function ours(names) {
  return names[root.lang] ?? Object.values(names)[0];
}

function row(offer, on) {
  const words = offer.name.startsWith("paused/") ? ["open", "paused"] : ["available", "sold_out"];
  const name = ours(offer.names);
  const button = make("button", { type: "button", class: "switch", "aria-pressed": String(on) });
  button.append(make("span", {}, name), make("span", { class: "state" }, label(words[Number(on)])));
  button.addEventListener("click", () => turn(button, offer.name, !on));
  return make("li", {}, button);
}

async function turn(button, name, on) {
  button.disabled = true;
  const response = await ask({ name, on }).catch(() => null);
  if (response?.ok) draw(await response.json());
  else at("banner").textContent = label("staff_failed");
  if (response?.ok) at("banner").textContent = "";
  button.disabled = false;
  const again = [...document.querySelectorAll(".switch")].find((one) => one.textContent === button.textContent);
  again?.focus();
}

async function missed() {
  const headers = { Authorization: `Bearer ${key()}` };
  const response = await fetch(`/v1/staff/merchants/${merchant}/unrecognised`, { headers }).catch(() => null);
  const told = response?.ok ? (await response.json()).unrecognised : [];
  at("unheard").hidden = !told.length;
  at("missed").replaceChildren(...told.map(said));
}

function said(one) {
  const near = one.nearest.join(", ") || label("staff_nothing");
  const about = make("span", { class: "state" }, `${one.language} · ${one.times}× · ${near}`);
  const copy = make("button", { type: "button", class: "copy" }, label("staff_copy"));
  copy.addEventListener("click", () => navigator.clipboard?.writeText(one.line));
  return make("li", { class: "missed" }, make("q", {}, one.words), about, copy);
}

// What did not reach its customer; a key of the shop floor does not see it.
async function returned(id) {
  const headers = { Authorization: `Bearer ${key()}`, ...(id && { "Content-Type": "application/json" }) };
  const request = { method: id ? "POST" : "GET", headers, body: id && JSON.stringify({ id }) };
  const response = await fetch(`/v1/staff/merchants/${merchant}/deliveries`, request).catch(() => null);
  if (id) at("banner").textContent = response?.ok ? "" : label("staff_failed");
  if (id && !response?.ok) return;
  const told = response?.ok ? (await response.json()).undelivered : [];
  at("unsent").hidden = !told.length;
  at("returned").replaceChildren(...told.map(undelivered));
}

function undelivered(one) {
  const when = new Date(one.at).toLocaleString(root.lang, { dateStyle: "short", timeStyle: "short" });
  const about = make("span", { class: "state" }, `${label(STATES[one.state])} · ${one.channel} · ${when} · ${one.reason}`);
  const again = make("button", { type: "button", class: "copy" }, label("staff_resend"));
  again.addEventListener("click", async () => {
    again.disabled = true;
    await returned(one.id);
    again.disabled = false;
  });
  return make("li", { class: "missed" }, make("q", {}, one.text), about, again);
}

// What customers sent: a picture is shown, anything else saved. The key goes in a header, so the page fetches it.
async function received() {
  const response = await fetch(filesPath, { headers: { Authorization: `Bearer ${key()}` } }).catch(() => null);
  const told = response?.ok ? (await response.json()).attachments : [];
  at("received").hidden = !told.length;
  at("files").replaceChildren(...told.map(attachment));
}

function attachment(one) {
  const when = new Date(one.at).toLocaleString(root.lang, { dateStyle: "short", timeStyle: "short" });
  const about = make("span", { class: "state" }, `${when} · ${one.reason || `${Math.ceil(one.size / 1024)} kB`}`);
  const row = make("li", { class: "missed" }, make("span", {}, one.name || one.kind), about);
  if (!one.mime) return row;
  const open = make("button", { type: "button", class: "copy" }, label("staff_open"));
  open.addEventListener("click", () => opened(one, open, row));
  row.append(open);
  return row;
}

async function opened(one, button, row) {
  button.disabled = true;
  const response = await fetch(`${filesPath}/${one.id}`, { headers: { Authorization: `Bearer ${key()}` } }).catch(() => null);
  button.disabled = false;
  if (!response?.ok) return void (at("banner").textContent = label("staff_failed"));
  const content = await response.blob();
  if (SHOWN.has(one.mime)) {
    row.append(make("img", { class: "file", src: await inline(content), alt: one.name || one.kind }));
    button.remove();
    return;
  }
  const address = URL.createObjectURL(content);
  make("a", { href: address, download: one.name || one.kind }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function inline(content) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.readAsDataURL(content);
  });
}

async function show() {
  const response = key() ? await ask() : null;
  const allowed = Boolean(response?.ok);
  at("enter").hidden = allowed;
  at("desk").hidden = !allowed;
  if (allowed) draw(await response.json());
  if (allowed) await Promise.all([returned(), received(), missed()]);
  if (allowed && !desk) {
    desk = new Desk((below, body) => ask(body, below), at("waiting"), () => (at("banner").textContent = label("staff_failed")));
    await desk.start();
  }
  return allowed;
}

async function begin() {
  await load();
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) localStorage.setItem(kept, given);
  history.replaceState(null, "", location.pathname + location.search);
  at("find").addEventListener("input", () => draw(shown));
  at("enter").addEventListener("submit", async (event) => {
    event.preventDefault();
    localStorage.setItem(kept, at("key").value);
    at("banner").textContent = (await show()) ? "" : label("staff_wrong");
  });
  if (!(await show()) && "demo" in root.dataset) {
    await demoKey();
    await show();
  }
  root.dataset.ready = "";
}

begin();
