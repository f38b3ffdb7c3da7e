// One question and what became of it: waiting, answer, refusal, choice, or error.

class Turn {
  /** `widget` is asked back with `again(question, documentIds)` and `useKey(key)`. */
  constructor(widget, question) {
    this.widget = widget;
    this.question = question;
    this.text = "";
    this.citations = [];
    this.status = el("p", { class: "status" }, TEXTS.waiting);
    this.answer = el("div", { class: "answer", "aria-busy": "true" }, this.status);
    const asked = el("span", { class: "offscreen" }, TEXTS.asked);
    this.element = el(
      "article",
      { class: "turn" },
      el("h3", { class: "question" }, asked, question),
      this.answer,
    );
  }

  step(name) {
    this.status.textContent = TEXTS.steps[name] ?? TEXTS.waiting;
  }

  delta(text) {
    this.text += text;
    this.draw();
  }

  citation(citation) {
    this.citations.push(citation);
    if (this.text) this.draw();
  }

  draw() {
    const text = answerText(this.text, this.citations, this.widget.base);
    this.answer.replaceChildren(el("div", { class: "text" }, ...text));
  }

  /** The whole body replaces what was streamed. */
  done(body) {
    this.show(body);
    this.tellWhose(body.refusal ? body.refusal.nearest : body.citations);
  }

  show(body) {
    const { base, places } = this.widget;
    this.answer.classList.add(body.status);
    const notices = body.notices.map((notice) =>
      el("p", { class: "notice" }, el("strong", {}, TEXTS.notice), notice),
    );
    if (body.status === "refused") return this.end(...this.refusal(body.refusal), ...notices);
    const text = el("div", { class: "text" }, ...answerText(body.answer, body.citations, base));
    if (body.status === "clarify") return this.end(text, this.choices(body.choices), ...notices);
    const [kind, model] = body.answered_by.split(/:(.*)/s);
    return this.end(
      text,
      kind === "model" ? el("p", { class: "context" }, TEXTS.byModel(model)) : null,
      el("h4", {}, TEXTS.sources),
      sourceList(body.citations, base, places, { numbered: true }),
      ...notices,
      this.copyButton(body),
    );
  }

  async tellWhose(citations) {
    await this.widget.learnPlaces(citations);
    const told = this.answer.querySelectorAll(".whose");
    told.forEach((node, at) => (node.textContent = whose(citations[at], this.widget.places)));
  }

  refusal({ reason, message, nearest }) {
    const { base, places } = this.widget;
    const text = el("div", { class: "text" }, ...answerText(message, [], base));
    const title = el("p", { class: "verdict" }, TEXTS.refused[reason] ?? TEXTS.refused.no_source);
    if (!nearest.length) return [title, text];
    const list = sourceList(nearest, base, places, { numbered: false });
    return [title, text, el("h4", {}, TEXTS.nearest), list];
  }

  choices(choices) {
    const buttons = choices.map(({ label, document_ids: ids }) =>
      el("button", { type: "button", onclick: () => this.widget.again(this.question, ids) }, label),
    );
    return el("div", { class: "choices", role: "group", "aria-label": TEXTS.clarify }, ...buttons);
  }

  copyButton(body) {
    const button = el("button", { type: "button", class: "copy" }, TEXTS.copy);
    button.addEventListener("click", async () => {
      const { base, places, shadowRoot } = this.widget;
      const copied = await copyText(plainText(body, base, places), shadowRoot);
      button.textContent = copied ? TEXTS.copied : TEXTS.notCopied;
      setTimeout(() => (button.textContent = TEXTS.copy), 2500);
    });
    return button;
  }

  stopped() {
    this.keepText(el("p", { class: "status" }, TEXTS.stopped), this.retryButton());
  }

  failed(error) {
    const sentence = el("p", { class: "error" }, error.message || TEXTS.failed);
    this.keepText(sentence, error.status === 401 ? this.keyForm() : this.retryButton());
  }

  retryButton() {
    const again = () => this.widget.again(this.question);
    return el("button", { type: "button", class: "retry", onclick: again }, TEXTS.retry);
  }

  keyForm() {
    const input = el("input", { type: "password", autocomplete: "off", required: true });
    const onsubmit = (event) => {
      event.preventDefault();
      this.widget.useKey(input.value.trim());
      this.widget.again(this.question);
    };
    return el(
      "form",
      { class: "key", onsubmit },
      el("p", { class: "context" }, TEXTS.keyHint),
      el("label", {}, el("span", {}, TEXTS.key), input),
      el("button", { type: "submit" }, TEXTS.useKey),
    );
  }

  keepText(...nodes) {
    const text = this.answer.querySelector(".text");
    this.end(text, ...nodes);
  }

  /** Screen readers hear the answer once, when it is whole. */
  end(...nodes) {
    this.answer.replaceChildren(...nodes.filter((node) => node != null));
    this.answer.removeAttribute("aria-busy");
  }
}
