// <danvan-widget>: a launcher with a panel, or with mode="inline" a part of the page.

const MAX_CHARS = 2000;
const BASE = new URL(document.currentScript?.src || location.href).origin;

class DanvanWidget extends HTMLElement {
  constructor() {
    super();
    this.base = BASE;
    this.memory = new Memory(BASE);
    this.running = null;
    this.examples = [];
    this.empty = false;
    this.places = new Map(); // of the documents cited, by id
    this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // no <style>: pages with a strict CSP would drop it
    sheet.replaceSync(STYLE);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.build();
  }

  get inline() {
    return this.getAttribute("mode") === "inline";
  }

  connectedCallback() {
    if (this.inline) this.show(true);
    else this.panel.setAttribute("role", "dialog");
  }

  disconnectedCallback() {
    this.running?.abort();
  }

  build() {
    this.launcher = el(
      "button",
      { class: "launcher", type: "button", "aria-expanded": "false", onclick: () => this.toggle() },
      TEXTS.launcher,
    );
    this.log = el("div", { class: "log", role: "log", "aria-label": TEXTS.log, tabindex: "0" });
    this.log.append(this.welcome());
    this.panel = el(
      "section",
      { class: "panel", "aria-label": TEXTS.name, hidden: true, inert: true },
      this.head(),
      this.log,
      this.form(),
    );
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.inline) this.close();
    });
    this.shadowRoot.append(this.launcher, this.panel);
  }

  head() {
    const fresh = { type: "button", class: "fresh", onclick: () => this.restart() };
    const close = { type: "button", class: "close", "aria-label": TEXTS.close };
    return el(
      "header",
      {},
      el("h2", {}, TEXTS.name),
      el("button", fresh, TEXTS.fresh),
      el("button", { ...close, onclick: () => this.close() }, "×"),
    );
  }

  welcome() {
    const buttons = this.examples.map((text) =>
      el("li", {}, el("button", { type: "button", onclick: () => this.ask(text) }, text)),
    );
    return el(
      "div",
      { class: "welcome" },
      el("p", { class: "greeting" }, TEXTS.welcome),
      el("p", {}, TEXTS.intro),
      this.empty ? el("p", {}, TEXTS.empty) : null,
      buttons.length ? el("p", {}, TEXTS.examples) : null,
      buttons.length ? el("ul", { class: "examples" }, ...buttons) : null,
    );
  }

  form() {
    this.input = el("textarea", { id: "question", rows: "2", "aria-describedby": "trouble hint" });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("input", () => this.complain(""));
    this.trouble = el("p", { class: "trouble", id: "trouble", role: "alert" });
    this.send = el("button", { type: "submit", class: "send" }, TEXTS.send);
    this.stop = el("button", { type: "button", class: "stop", hidden: true }, TEXTS.stop);
    this.stop.addEventListener("click", () => this.running?.abort());
    this.leaves = el("p", { class: "note leaves", hidden: true }, TEXTS.leaves);
    const known = this.memory.get("conversation") !== null;
    const forget = { type: "button", class: "forget", hidden: !known };
    this.forgetting = el("button", { ...forget, onclick: () => this.forget() }, TEXTS.forget);
    const onsubmit = (event) => {
      event.preventDefault();
      this.ask(this.input.value, true);
    };
    return el(
      "form",
      { class: "ask", onsubmit },
      el("label", { for: "question" }, TEXTS.label),
      el("div", { class: "row" }, this.input, this.send, this.stop),
      this.trouble,
      el("p", { class: "offscreen", id: "hint" }, TEXTS.hint),
      this.leaves,
      el("p", { class: "note" }, `${TEXTS.note} `, this.forgetting),
    );
  }

  onKey(event) {
    // While an input method composes a syllable, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.ask(this.input.value, true);
  }

  show(open) {
    if (open) this.lookAround();
    this.panel.hidden = !open;
    this.panel.inert = !open;
    this.launcher.setAttribute("aria-expanded", String(open));
  }

  /** What the server says of itself and of its library. */
  async lookAround() {
    const { questions_leave_machine: leaves, documents } = await health(this.base);
    this.leaves.hidden = leaves !== true;
    this.empty = documents === 0;
    this.examples = this.empty ? [] : await examples(this.base, this.memory.get("key"));
    this.log.querySelector(".welcome")?.replaceWith(this.welcome());
  }

  /** Answers leave out where their documents are from. */
  async learnPlaces(citations) {
    const ids = new Set(citations.map((citation) => citation.document.id));
    const unknown = [...ids].filter((id) => !this.places.has(id));
    if (!unknown.length) return;
    const found = await placesOf(this.base, unknown, this.memory.get("key"));
    for (const [id, place] of found) this.places.set(id, place);
  }

  toggle() {
    if (!this.panel.hidden) return this.close();
    this.show(true);
    return this.input.focus();
  }

  close() {
    this.show(false);
    this.launcher.focus();
  }

  remember(conversation) {
    this.memory.set("conversation", conversation);
    this.forgetting.hidden = conversation === null;
  }

  async forget() {
    this.running?.abort();
    try {
      await forget(this.base, this.memory.get("conversation"), this.memory.get("key"));
    } catch (error) {
      return this.complain(error instanceof AskError ? error.message : TEXTS.failed);
    }
    this.restart();
    this.log.prepend(el("p", { class: "status", role: "status" }, TEXTS.forgotten));
  }

  restart() {
    this.running?.abort();
    this.remember(null);
    this.complain("");
    this.log.replaceChildren(this.welcome());
    this.input.focus();
  }

  useKey(key) {
    this.memory.set("key", key);
  }

  complain(sentence) {
    this.trouble.textContent = sentence;
    this.input.toggleAttribute("aria-invalid", Boolean(sentence));
  }

  again(question, documentIds = null) {
    this.input.focus(); // the button that was pressed may go away
    return this.ask(question, false, documentIds);
  }

  async ask(typed, fromInput = false, documentIds = null) {
    const question = typed.trim();
    const count = [...question].length;
    if (!question || this.running) return;
    if (count > MAX_CHARS) return this.complain(TEXTS.tooLong(count.toLocaleString("vi-VN")));
    if (fromInput) this.input.value = "";
    const turn = new Turn(this, question);
    this.log.querySelector(".welcome")?.remove();
    this.log.querySelector(":scope > .status")?.remove();
    this.log.append(turn.element);
    this.reveal(turn);
    await this.run(turn, documentIds);
    this.reveal(turn);
  }

  /** The whole turn if it fits, else from the question on. */
  reveal(turn) {
    const room = this.inline ? innerHeight - this.panel.lastElementChild.offsetHeight : this.log.clientHeight;
    const fits = turn.element.offsetHeight < room;
    turn.element.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  async run(turn, documentIds) {
    const running = new AbortController();
    this.running = running;
    this.busy(true);
    try {
      await this.follow(turn, documentIds, running.signal);
    } catch (error) {
      if (running.signal.aborted) turn.stopped();
      else turn.failed(error instanceof AskError ? error : new AskError(TEXTS.failed));
    } finally {
      if (this.running === running) this.running = null;
      this.busy(Boolean(this.running));
    }
  }

  async follow(turn, documentIds, signal) {
    const body = { question: turn.question };
    const conversation = this.memory.get("conversation");
    if (conversation) body.conversation_id = conversation;
    if (documentIds) body.filters = { document_ids: documentIds };
    for await (const { name, data } of ask(this.base, body, this.memory.get("key"), signal)) {
      if (name === "error") throw new AskError(data.detail, data.status);
      if (name === "status") turn.step(data.step);
      if (name === "delta") turn.delta(data.text);
      if (name === "citation") turn.citation(data);
      if (name === "done") {
        this.remember(data.conversation_id);
        return turn.done(data);
      }
    }
    throw new AskError(TEXTS.interrupted);
  }

  busy(on) {
    // Focus must not fall into nothing when the button under it goes.
    const focused = this.shadowRoot.activeElement;
    this.send.hidden = on;
    this.stop.hidden = !on;
    if (focused === this.send || focused === this.stop) this.input.focus();
  }
}

if (!customElements.get("danvan-widget")) {
  customElements.define("danvan-widget", DanvanWidget);
  if (!document.querySelector("danvan-widget")) {
    document.body.append(document.createElement("danvan-widget"));
  }
}
