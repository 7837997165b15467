// The link with the host. What the customer sends waits in an outbox that outlives the page: each event has an id of
// its own and is sent until the host has answered it, in order; the host does nothing twice. What the host says is
// known by its seq: it is shown once, whichever way it comes, and the stream resumes after the last seq without a hole.

import { readEvents } from "./sse.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Events: "message" (a message of the API), "typing" (boolean), "state" ("connected" | "lost" | "offline"),
 * "outbox" (an event and what became of it: "sending" | "sent" | "waiting" | "refused"), "renewed", "turn" (an id). */
export class Link extends EventTarget {
  #merchant;
  #kept;
  #seen = new Set();
  #cursor = 0;
  #flushing = false;
  #pauses = new Set();
  #follower = null;

  constructor(merchant) {
    super();
    this.#merchant = merchant;
    this.#kept = read(this.#key) ?? { conversation: "", outbox: [] };
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.#tell("state", "offline"));
  }

  get conversation() {
    return this.#kept.conversation;
  }

  get outbox() {
    return this.#kept.outbox;
  }

  /** Take up the kept conversation, or open a new one in this language. */
  async start(language) {
    for (let wait = FIRST_WAIT; ; wait = longer(wait)) {
      try {
        if (!this.conversation || !(await this.#restore())) await this.#open(language);
        break;
      } catch (problem) {
        if (problem.fatal) throw problem;
        this.#lost();
        await this.#pause(wait);
      }
    }
    this.#follow(language);
    this.#flush(language);
  }

  /** Forget this conversation and open another. */
  async renew(language) {
    this.#follower?.abort();
    this.#keep({ conversation: "", outbox: [] });
    this.#forget();
    await this.start(language);
  }

  /** Send an event of the customer's; returns it with its id. */
  send(event) {
    const whole = { id: newId(), ...event };
    this.#keep({ outbox: [...this.outbox, whole] });
    this.#flush();
    return whole;
  }

  /** Try at once instead of waiting. */
  retry() {
    for (const end of [...this.#pauses]) end();
  }

  /** GET or POST below the conversation; null where the link is down. */
  async ask(path, body) {
    return this.#request(`/conversations/${this.conversation}${path}`, body);
  }

  get #key() {
    return `sayso:${this.#merchant}`;
  }

  #keep(changes) {
    this.#kept = { ...this.#kept, ...changes };
    localStorage.setItem(this.#key, JSON.stringify(this.#kept));
  }

  #forget() {
    this.#seen.clear();
    this.#cursor = 0;
    this.#tell("renewed");
  }

  async #open(language) {
    const response = await this.#request("/conversations", { language });
    if (!response.ok) throw await problem(response);
    const made = await response.json();
    this.#keep({ conversation: made.id });
    made.messages.forEach((message) => this.#take(message));
    this.#tell("state", "connected");
  }

  /** All that was said before. False when the conversation cannot be taken up again. */
  async #restore() {
    for (let more = true; more; ) {
      const response = await this.ask(`/messages?after=${this.#cursor}`);
      if ([400, 401, 403, 404].includes(response.status)) {
        this.#keep({ conversation: "" });
        return false;
      }
      if (!response.ok) throw await problem(response);
      const page = await response.json();
      page.messages.forEach((message) => this.#take(message));
      more = page.more;
    }
    this.#tell("state", "connected");
    return true;
  }

  /** Follow the stream, again and again, until the conversation changes. */
  async #follow(language) {
    const follower = (this.#follower = new AbortController());
    for (let wait = FIRST_WAIT; !follower.signal.aborted; ) {
      try {
        const response = await fetch(this.#url(`/conversations/${this.conversation}/stream?after=${this.#cursor}`), {
          signal: follower.signal,
          headers: { Accept: "text/event-stream" },
        });
        if ([401, 403, 404].includes(response.status)) return await this.renew(language);
        if (!response.ok) throw await problem(response);
        this.#tell("state", "connected");
        for await (const event of readEvents(response.body)) {
          wait = FIRST_WAIT;
          if (event.name === "message") this.#take(JSON.parse(event.data));
          if (event.name === "typing") this.#tell("typing", JSON.parse(event.data).on);
        }
      } catch (failure) {
        if (follower.signal.aborted) return;
      }
      this.#lost();
      await this.#pause(wait);
      wait = longer(wait);
    }
  }

  async #flush() {
    if (this.#flushing || !this.conversation) return;
    this.#flushing = true;
    for (let wait = FIRST_WAIT; this.outbox.length; ) {
      const event = this.outbox[0];
      this.#tell("outbox", { event, became: "sending" });
      const outcome = await this.#post(event).catch(() => "waiting");
      if (outcome === "waiting" || typeof outcome === "number") {
        this.#tell("outbox", { event, became: "waiting" });
        await this.#pause(typeof outcome === "number" ? outcome : wait);
        wait = longer(wait);
        continue;
      }
      wait = FIRST_WAIT;
      this.#keep({ outbox: this.outbox.filter((one) => one.id !== event.id) });
      if (outcome === "refused") this.#tell("outbox", { event, became: "refused" });
    }
    this.#flushing = false;
  }

  /** "sent", "refused", "waiting", or the milliseconds that the host asks us to wait. */
  async #post(event) {
    const response = await this.ask("/events", event);
    if (response.status === 409) return "waiting";
    if (response.status === 429) return 1000 * Number(response.headers.get("Retry-After") ?? 1);
    if (response.status >= 500) return "waiting";
    if (!response.ok) return "refused";
    const answer = await response.json();
    this.#tell("outbox", { event, became: "sent" });
    answer.messages.forEach((message) => this.#take(message));
    this.#tell("turn", answer.turn);
    return "sent";
  }

  #take(message) {
    // A repeated answer without positions comes by the stream as well.
    if (!message.seq || this.#seen.has(message.seq)) return;
    this.#seen.add(message.seq);
    while (this.#seen.has(this.#cursor + 1)) this.#cursor += 1;
    this.#tell("message", message);
  }

  #lost() {
    this.#tell("state", navigator.onLine ? "lost" : "offline");
  }

  async #request(path, body) {
    return fetch(this.#url(path), body === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  #url(path) {
    return `/v1/merchants/${this.#merchant}${path}`;
  }

  /** About so long, unless somebody says `retry`. */
  #pause(milliseconds) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds * (0.75 + Math.random() / 2));
      this.#pauses.add(end);
    });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function longer(wait) {
  return Math.min(wait * 2, LONGEST_WAIT);
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

async function problem(response) {
  const told = await response.json().catch(() => ({}));
  const error = new Error(told.detail ?? response.statusText);
  error.fatal = response.status >= 400 && response.status < 500 && response.status !== 429;
  return error;
}
