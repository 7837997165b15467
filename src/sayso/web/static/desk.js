// What waits for a person: each conversation that was handed over, with its end, an answer and "settled". What is being
// typed stays when the list is drawn anew.

import { label } from "./labels.js";
import { make } from "./view.js";

const EVERY = 8_000;

/** Shows the tasks in `list` (its section hides when nothing waits) and looks again and again. `ask(path, body)` calls
 * the staff's API; `failed()` is called when that does not work. */
export class Desk {
  #ask;
  #list;
  #failed;
  #shown = "";

  constructor(ask, list, failed) {
    this.#ask = ask;
    this.#list = list;
    this.#failed = failed;
  }

  async start() {
    await this.#look();
    setInterval(() => this.#look(), EVERY);
  }

  async #look() {
    const response = await this.#ask("/tasks").catch(() => null);
    if (response?.ok) this.#draw((await response.json()).tasks);
  }

  #draw(tasks) {
    const shown = JSON.stringify(tasks);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const drafts = new Map([...this.#list.querySelectorAll("textarea")].map((box) => [box.dataset.task, box.value]));
    const focused = document.activeElement?.dataset?.task;
    this.#list.closest("section").hidden = !tasks.length;
    this.#list.replaceChildren(...tasks.map((task) => this.#task(task, drafts.get(task.id) ?? "")));
    for (const log of this.#list.querySelectorAll(".said-so")) log.scrollTop = log.scrollHeight;
    if (focused) this.#list.querySelector(`textarea[data-task="${CSS.escape(focused)}"]`)?.focus();
  }

  #task(task, draft) {
    const box = make("textarea", { rows: "2", maxlength: "2000", "aria-label": label("desk_answer"), "data-task": task.id });
    box.value = draft;
    const answer = make("button", { type: "button", class: "primary" }, label("desk_send"));
    const close = make("button", { type: "button", class: "copy" }, label("desk_close"));
    answer.addEventListener("click", () => box.value.trim() && this.#post(task, "answers", { text: box.value }, [answer, close], box));
    close.addEventListener("click", () => this.#post(task, "close", {}, [answer, close], box));
    const item = make("li", { class: task.waiting ? "task waits" : "task" });
    item.append(make("h3", {}, label(`desk_${task.reason}`) || task.reason), make("p", { class: "state" }, about(task)));
    item.append(make("ol", { class: "said-so", tabindex: "0", "aria-label": label("conversation") }, ...task.messages.map(said)));
    item.append(box, make("p", { class: "doing" }, answer, close));
    return item;
  }

  async #post(task, what, body, buttons, box) {
    for (const button of buttons) button.disabled = true;
    const path = `/tasks/${encodeURIComponent(task.id)}/${what}`;
    const response = await this.#ask(path, { id: crypto.randomUUID(), ...body }).catch(() => null);
    for (const button of buttons) button.disabled = false;
    if (!response?.ok) return this.#failed();
    box.value = "";
    this.#draw((await response.json()).tasks);
  }
}

function about(task) {
  const due = task.promised && new Date(task.promised);
  const until = due ? `${label("desk_until")} ${due.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" })}` : "";
  const known = task.about.verified ? label("desk_known") : "";
  return [task.channel, until, known, task.about.basket].filter(Boolean).join(" · ");
}

function said(message) {
  const who = make("span", { class: "badge" }, label(`desk_by_${message.author}`));
  const item = make("li", { class: message.author }, who, make("span", {}, message.text));
  if (message.revised) item.append(make("em", {}, label(`desk_${message.revised}`)));
  return item;
}
