// Turns answers into elements. Texts from outside only ever become text nodes, never markup.

const MARKER = /\[(\d+)\]/g;

/** An element; `on…` properties are listeners, the others attributes. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** The document's page on our own server, or null: an answer can't send anybody elsewhere. */
function pageOf(citation, base) {
  const url = new URL(citation.url, base);
  return url.origin === new URL(base).origin && /^https?:$/.test(url.protocol) ? url.href : null;
}

function titleOf(citation) {
  const { title, number, source } = citation.document;
  return [title || source, number && `(${number})`].filter(Boolean).join(" ");
}

/** Whose document it is: offices of several provinces have plans of one title. */
function whose(citation, places) {
  const { id, issuer } = citation.document;
  const place = places.get(id);
  const told = issuer && place && issuer.toLowerCase().includes(place.toLowerCase());
  return [issuer, told ? null : place].filter(Boolean).join(", ");
}

function outLink(citation, base, attributes, ...children) {
  const href = pageOf(citation, base);
  if (!href) return el("span", attributes, ...children);
  return el("a", { href, target: "_blank", rel: "noopener", ...attributes }, ...children);
}

/** The answer's text: paragraphs, lists, and a chip for each known [n]. An item keeps the source's mark. */
function answerText(text, citations, base) {
  const known = new Map(citations.map((citation) => [String(citation.marker), citation]));
  const parts = [];
  for (const line of text.split("\n").filter((one) => one.trim())) {
    const row = /^\| (.+?) \| (.+) \|$/.exec(line);
    if (row) {
      addRow(parts, row.slice(1).map((cell) => withChips(cell, known, base)));
      continue;
    }
    const item = /^(?:[-–•]|(?:\d{1,3}(?:\.\d{1,3})*[.)]|[a-zđ][.)]|[IVXLC]+\.)) /.exec(line);
    if (!item) {
      parts.push(el("p", {}, ...withChips(line, known, base)));
      continue;
    }
    const dash = item[0].length === 2;
    const pieces = withChips(dash ? line.slice(2) : line, known, base);
    if (parts.at(-1)?.tagName !== "UL") parts.push(el("ul", {}));
    parts.at(-1).append(el("li", dash ? {} : { class: "marked" }, ...pieces));
  }
  return parts;
}

/** A row of a comparison: whose it is, and what its text says. */
function addRow(parts, [side, told]) {
  if (parts.at(-1)?.tagName !== "TABLE") parts.push(el("table", {}));
  parts.at(-1).append(el("tr", {}, el("th", { scope: "row" }, ...side), el("td", {}, ...told)));
}

function withChips(line, known, base) {
  const pieces = [];
  let last = 0;
  for (const found of line.matchAll(MARKER)) {
    const citation = known.get(found[1]);
    if (!citation) continue;
    // A chip stays with the word before it and the point after it.
    const [, before, word] = /^(.*?)(\S*)\s*$/s.exec(line.slice(last, found.index));
    const end = found.index + found[0].length;
    const [point] = /^[.,;:!?)]*/.exec(line.slice(end));
    pieces.push(before, el("span", { class: "keep" }, word, chip(citation, base), point));
    last = end + point.length;
  }
  return [...pieces, line.slice(last)];
}

function chip(citation, base) {
  const where = `${titleOf(citation)}, ${citation.locator}`;
  const label = `${TEXTS.source(citation.marker)}: ${where} (${TEXTS.newTab})`;
  const attributes = { class: "chip", "aria-label": label, title: where };
  return outLink(citation, base, attributes, String(citation.marker));
}

/** The list below an answer, or (without numbers) the nearest parts below a refusal. */
function sourceList(citations, base, places, { numbered }) {
  const items = citations.map((citation) => {
    const number = el("span", { class: "number", "aria-hidden": "true" }, String(citation.marker));
    const { about } = citation.document;
    const reported = about && (about.title || about.number);
    return el(
      "li",
      { class: "source" },
      numbered ? number : null,
      el("p", { class: "where" }, el("cite", {}, titleOf(citation)), ` – ${citation.locator}`),
      el("p", { class: "context whose" }, whose(citation, places)),
      reported ? el("p", { class: "context" }, TEXTS.reported(reported)) : null,
      citation.context ? el("p", { class: "context" }, citation.context) : null,
      el("blockquote", {}, citation.quote),
      outLink(
        citation,
        base,
        { class: "open", "aria-label": `${TEXTS.open}: ${citation.locator} (${TEXTS.newTab})` },
        TEXTS.open,
      ),
    );
  });
  return el("ul", { class: numbered ? "sources" : "sources nearest" }, ...items);
}

/** The answer with its citations, for a letter or a note. */
function plainText(body, base, places) {
  const lines = body.citations.map((citation) => {
    const named = [titleOf(citation), whose(citation, places), citation.locator];
    return `[${citation.marker}] ${named.filter(Boolean).join(", ")}: “${citation.quote}” ${pageOf(citation, base) ?? ""}`.trim();
  });
  return [body.answer, "", `${TEXTS.sources}:`, ...lines].join("\n");
}

/** Whether it worked. Intranets without TLS have no navigator.clipboard. */
async function copyText(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "offscreen", "aria-hidden": "true", tabindex: "-1" });
    const focused = root.activeElement;
    area.value = text;
    root.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return copied;
  }
}
