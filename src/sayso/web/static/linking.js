// Links the conversation whose link this is to the customer who is signed in here: when the button is pressed, and once.
// The link's secret is in the fragment, which no server sees; it leaves the address bar at once.

import { label, load } from "./labels.js";

const root = document.documentElement;
const { merchant } = root.dataset;
const button = document.getElementById("link");
const banner = document.getElementById("banner");

function conversation() {
  try {
    return JSON.parse(localStorage.getItem(`sayso:${merchant}`))?.conversation ?? "";
  } catch {
    return "";
  }
}

async function link(secret) {
  const here = conversation();
  if (!here) return "linking_unknown";
  const response = await fetch(`/v1/merchants/${merchant}/conversations/${here}/links`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ link: secret }),
  }).catch(() => null);
  if (!response) return "staff_failed";
  if (response.ok) return (await response.json()).linked ? "linking_done" : "linking_over";
  const { code } = await response.json().catch(() => ({}));
  return ["bad_token", "token_ended"].includes(code) ? "linking_over" : "linking_unknown";
}

async function begin() {
  await load();
  const secret = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  button.disabled = !secret;
  if (!secret) banner.textContent = label("linking_over");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const told = await link(secret);
    banner.textContent = label(told);
    button.hidden = told === "linking_done";
    button.disabled = told === "linking_over";
  });
  root.dataset.ready = "";
}

begin();
