// What is remembered of the customer: a list of their own, with a button to have each forgotten.

import { label } from "./labels.js";
import { make } from "./view.js";

const at = (id) => document.getElementById(id);

/** `link` leads to the conversation; its holder is the customer. */
export function listenMemory(link) {
  const path = () => `/preferences?language=${encodeURIComponent(document.documentElement.lang)}`;

  async function show(about) {
    const response = await link.ask(path(), about && { about }).catch(() => null);
    if (!response?.ok) return note(label("memory_failed"));
    const { known, preferences } = await response.json();
    note(known ? (preferences.length ? "" : label("memory_none")) : label("memory_sign_in"));
    at("memory-list").replaceChildren(...preferences.map(row));
  }

  function row(one) {
    const button = make("button", { type: "button", class: "chip", "aria-label": `${label("memory_forget")}: ${one.words}` });
    button.append(label("memory_forget"));
    button.addEventListener("click", async () => {
      button.disabled = true;
      await show(one.about);
      (at("memory-list").querySelector("button") ?? at("memory-close")).focus();
    });
    return make("li", {}, make("span", {}, one.words), button);
  }

  at("memory-open").addEventListener("click", async () => {
    at("menu").close();
    at("memory").showModal();
    await show();
  });
  at("memory-close").addEventListener("click", () => at("memory").close());
  at("memory").addEventListener("click", (event) => event.target === at("memory") && at("memory").close());
}

function note(text) {
  at("memory-note").textContent = text;
  at("memory-note").hidden = !text;
}
