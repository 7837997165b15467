// Messages on the screen. All text that comes from the host is put in as text, never as markup.

import { current, label } from "./labels.js";

/** An element with attributes and children; a string child is text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The list of messages. `act(action)` is called when a button is pressed. */
export class View {
  #log;
  #list;
  #act;
  #own = new Map();
  assistant = "";

  constructor(log, list, act) {
    this.#log = log;
    this.#list = list;
    this.#act = act;
  }

  clear() {
    this.#list.replaceChildren();
    this.#own.clear();
  }

  /** Show a message of the host's at its place. */
  add(message) {
    const near = this.#nearEnd();
    if (message.author === "customer") {
      const own = this.#adopt(message);
      if (own) return this.#settle(own, message);
    }
    const item = message.author === "customer" ? customerItem(message.text, message) : this.#hostItem(message);
    this.#place(item, message.seq);
    if (message.author !== "customer") this.#age(item);
    this.#days();
    if (near || message.author !== "customer") this.#toEnd(item);
  }

  /** Show what the customer just sent; the host's copy takes its place when it comes. */
  addOwn(event, text) {
    const item = customerItem(text, { at: new Date().toISOString(), language: current() });
    item.classList.add("waiting");
    this.#own.set(event.id, item);
    this.#list.append(item);
    this.#days();
    this.#toEnd(item);
  }

  /** What became of something the customer sent. */
  mark(id, became, retry) {
    const item = this.#own.get(id);
    if (!item) return;
    item.classList.toggle("waiting", became === "sending" || became === "waiting");
    item.dataset.sent = became === "sent" ? "1" : "";
    const note = item.querySelector(".note");
    note.replaceChildren();
    if (became === "waiting") note.append(make("span", { class: "bad" }, label("unsent")), retryButton(retry));
    if (became === "refused") note.append(make("span", { class: "bad" }, label("refused")));
  }

  #adopt(message) {
    const byId = this.#own.get(message.event);
    if (byId) return { id: message.event, item: byId };
    for (const [id, item] of this.#own) {
      if (!item.dataset.seq && item.querySelector(".bubble").textContent === message.text) return { id, item };
    }
    return null;
  }

  #settle({ id, item }, message) {
    this.mark(id, "sent");
    item.dataset.seq = message.seq;
    item.querySelector("time").replaceWith(timeOf(message));
    this.#days();
  }

  #place(item, seq) {
    item.dataset.seq = seq;
    const after = [...this.#list.children].find((one) => {
      if (!one.classList.contains("said")) return false;
      return one.dataset.seq ? Number(one.dataset.seq) > seq : !one.dataset.sent;
    });
    this.#list.insertBefore(item, after ?? null);
  }

  #hostItem(message) {
    const item = make("li", { class: `said ${message.author}`, lang: message.language || current() });
    const name = message.author === "person" ? label("person") : this.assistant || label("assistant");
    item.append(make("p", { class: "who" }, name, make("span", { class: "badge" }, label(message.author))));
    if (message.text) item.append(make("div", { class: "bubble" }, message.text));
    if (message.cards.length) {
      item.classList.add("wide");
      const many = message.cards.length > 1 ? " many" : "";
      item.append(make("div", { class: `cards${many}` }, ...message.cards.map((card) => this.#card(card))));
    }
    if (message.actions.length) {
      item.append(make("div", { class: "replies" }, ...message.actions.map((action) => this.#action(action))));
    }
    item.append(make("p", { class: "meta" }, timeOf(message)));
    return item;
  }

  #card(card) {
    const element = make("article", { class: card.image ? "card" : "card bare" });
    if (card.image) element.append(make("img", { src: card.image.src, alt: card.image.alt, decoding: "async" }));
    const text = make("div", { class: "card-text" }, make("h3", {}, card.title));
    if (card.body) text.append(make("p", {}, card.body));
    if (card.more_images?.length) {
      const shots = card.more_images.map((shot) => make("img", { src: shot.src, alt: shot.alt, decoding: "async" }));
      text.append(make("div", { class: "card-shots" }, ...shots));
    }
    element.append(text);
    if (card.actions.length) {
      element.append(make("div", { class: "card-actions" }, ...card.actions.map((action) => this.#action(action))));
    }
    return element;
  }

  #action(action) {
    if (action.kind === "url") return linkTo(action);
    const button = make("button", { type: "button", class: "action" }, action.label || label(action.kind));
    button.addEventListener("click", () => {
      if (action.kind === "reply") button.setAttribute("aria-pressed", "true");
      this.#act(action);
    });
    return button;
  }

  /** Only the newest message's buttons ask for attention; older ones stay within reach. */
  #age(newest) {
    for (const item of this.#list.querySelectorAll(".said:not(.customer)")) item.classList.toggle("old", item !== newest);
  }

  #days() {
    for (const old of this.#list.querySelectorAll(".day")) old.remove();
    let day = "";
    for (const item of this.#list.querySelectorAll(".said")) {
      const at = new Date(item.querySelector("time").dateTime);
      if (at.toDateString() === day) continue;
      day = at.toDateString();
      item.before(make("li", { class: "day" }, dayOf(at)));
    }
  }

  #nearEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 120;
  }

  #toEnd(item) {
    // A message much taller than the screen is read from its top; else its call to action is what has to be in sight.
    const tall = item.offsetHeight > 1.5 * this.#log.clientHeight;
    if (tall) this.#log.scrollTop = item.offsetTop - this.#log.offsetTop - 10;
    else this.#log.scrollTop = this.#log.scrollHeight;
    for (const image of item.querySelectorAll("img")) {
      image.addEventListener("load", () => (this.#log.scrollTop = tall ? this.#log.scrollTop : this.#log.scrollHeight), { once: true });
    }
  }
}

function customerItem(text, message) {
  const note = make("span", { class: "note" });
  return make(
    "li",
    { class: "said customer", lang: message.language || undefined },
    make("span", { class: "hidden" }, `${label("you")}: `),
    make("div", { class: "bubble" }, text),
    make("p", { class: "meta" }, note, timeOf(message)),
  );
}

function timeOf(message) {
  const shown = new Intl.DateTimeFormat(current(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(message.at));
  return make("time", { datetime: message.at }, shown);
}

function dayOf(at) {
  if (at.toDateString() === new Date().toDateString()) return label("today");
  return new Intl.DateTimeFormat(current(), { weekday: "long", day: "numeric", month: "long" }).format(at);
}

function linkTo(action) {
  const safe = /^(https?:|tel:|mailto:|\/(?!\/))/i.test(action.value);
  const link = make("a", { class: "action", href: safe ? action.value : undefined, target: "_blank", rel: "noopener noreferrer" });
  link.append(action.label, make("span", { class: "hidden" }, ` (${label("link")})`));
  return link;
}

function retryButton(retry) {
  const button = make("button", { type: "button" }, label("retry"));
  button.addEventListener("click", retry);
  return button;
}
