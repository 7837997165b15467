// The chat page: what is pressed and typed goes to the link, what the link tells goes on the screen.

import { current, label, labelIn, load, use } from "./labels.js";
import { Link } from "./link.js";
import { listenMemory } from "./memory.js";
import { drawTurns } from "./trace.js";
import { make, View } from "./view.js";

const root = document.documentElement;
const { merchant } = root.dataset;
const demo = "demo" in root.dataset;
const at = (id) => document.getElementById(id);
const say = at("say");
const menu = at("menu");
const link = new Link(merchant);
const view = new View(at("log"), at("messages"), act);
let wasLost = false;

function act(action) {
  if (action.kind === "location") return shareLocation();
  if (action.kind === "link") return demo ? menu.showModal() : askToSignIn();
  send({ type: "press", token: action.value, label: action.label }, action.label);
}

/** The site that embeds the chat signs its customers in and then posts their token to the conversation. */
function askToSignIn() {
  root.dispatchEvent(new CustomEvent("sayso:sign-in", { bubbles: true }));
}

function send(event, shown) {
  view.addOwn(link.send(event), shown);
}

function sendWords(words) {
  const text = words.trim();
  if (text) send({ type: "text", text }, text);
}

function shareLocation() {
  const refused = () => banner(label("no_location"), 6000);
  if (!navigator.geolocation) return refused();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => send({ type: "locate", latitude: coords.latitude, longitude: coords.longitude }, label("shared")),
    refused,
    { timeout: 10_000, maximumAge: 60_000 },
  );
}

function banner(text, milliseconds) {
  at("banner").textContent = text;
  if (milliseconds) setTimeout(() => at("banner").textContent === text && (at("banner").textContent = ""), milliseconds);
}

function typing(on) {
  const dots = make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
  const name = at("assistant")?.textContent ?? label("assistant");
  at("typing").replaceChildren(...(on ? [dots, `${name} ${label("typing")}`] : []));
}

function onState({ detail: state }) {
  if (state !== "connected") banner(label(state));
  else if (wasLost) banner(label("back"), 2500);
  wasLost = state !== "connected";
}

function onOutbox({ detail: { event, became } }) {
  view.mark(event.id, became, () => link.retry());
  if (became === "sending") typing(true);
  if (became === "waiting" || became === "refused") typing(false);
}

async function showTraces() {
  const response = demo && link.conversation ? await link.ask("/traces").catch(() => null) : null;
  if (!response?.ok) return;
  const { traces } = await response.json();
  document.querySelector(".trace-empty").hidden = traces.length > 0;
  drawTurns(at("turns"), traces);
}

async function signIn(name) {
  const made = await fetch(`/v1/demo/merchants/${merchant}/customers`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  if (!made.ok) return;
  const { customer_token } = await made.json();
  const response = await link.ask("/customer", { customer_token });
  if (response.ok) banner(`${label("signed_in")} ${name[0].toUpperCase()}${name.slice(1)}.`, 4000);
}

function chooseLanguage(language) {
  for (const one of document.querySelectorAll("[data-language]")) {
    one.setAttribute("aria-pressed", String(one.dataset.language === language));
  }
  use(language);
  remember(language);
}

/** The page speaks the language that the assistant speaks. */
function follow(language) {
  const offered = [...document.querySelectorAll("[data-language]")].map((one) => one.dataset.language);
  const found = offered.find((one) => one === language || one.split("-")[0] === language.split("-")[0]);
  if (found && found.split("-")[0] !== current()) chooseLanguage(found);
}

function remember(language) {
  localStorage.setItem(`sayso:${merchant}:language`, language);
}

function toggleTrace(open) {
  at("trace").classList.toggle("open", open);
  (open ? at("trace-close") : say).focus();
}

function listen() {
  link.addEventListener("message", ({ detail }) => {
    if (detail.author !== "customer") {
      typing(false);
      follow(detail.language);
    }
    view.add(detail);
  });
  link.addEventListener("typing", ({ detail }) => typing(detail));
  link.addEventListener("state", onState);
  link.addEventListener("outbox", onOutbox);
  link.addEventListener("renewed", () => view.clear());
  link.addEventListener("turn", showTraces);
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    sendWords(say.value);
    say.value = "";
    say.dispatchEvent(new Event("input"));
    say.focus();
  });
  say.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    at("composer").requestSubmit();
  });
  say.addEventListener("input", () => {
    say.style.height = "auto";
    say.style.height = `${say.scrollHeight}px`;
  });
  at("locate").addEventListener("click", shareLocation);
}

function listenMenu() {
  at("menu-open").addEventListener("click", () => menu.showModal());
  at("menu-close").addEventListener("click", () => menu.close());
  menu.addEventListener("click", (event) => event.target === menu && menu.close());
  at("again").addEventListener("click", async () => {
    menu.close();
    await link.renew(root.lang);
    at("turns")?.replaceChildren();
    say.focus();
  });
  for (const one of document.querySelectorAll("[data-say]")) {
    one.addEventListener("click", () => {
      menu.close();
      sendWords(label(one.dataset.say));
    });
  }
  for (const one of document.querySelectorAll("[data-language]")) {
    one.addEventListener("click", () => {
      if (one.getAttribute("aria-pressed") === "true") return;
      chooseLanguage(one.dataset.language);
      sendWords(labelIn(one.dataset.language, "please"));
    });
  }
  for (const one of document.querySelectorAll("[data-customer]")) {
    one.addEventListener("click", () => {
      menu.close();
      signIn(one.dataset.customer);
    });
  }
  at("trace-open")?.addEventListener("click", () => {
    menu.close();
    toggleTrace(true);
  });
  at("trace-close")?.addEventListener("click", () => toggleTrace(false));
  at("trace")?.addEventListener("keydown", (event) => event.key === "Escape" && toggleTrace(false));
}

async function begin() {
  await load();
  const kept = localStorage.getItem(`sayso:${merchant}:language`);
  if (kept && document.querySelector(`[data-language="${CSS.escape(kept)}"]`)) chooseLanguage(kept);
  view.assistant = at("assistant")?.textContent ?? "";
  listen();
  listenMenu();
  listenMemory(link);
  const log = at("log");
  // A transcript that is read back in is not announced line by line.
  log.setAttribute("aria-live", "off");
  const waiting = [...link.outbox];
  await link.start(root.lang).catch((problem) => banner(problem.message));
  for (const event of waiting) view.addOwn(event, event.text ?? event.label ?? label("shared"));
  setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
  root.dataset.ready = "";
  await showTraces();
}

begin();
