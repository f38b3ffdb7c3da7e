// Talks to the server: one question, a stream of events. No DOM here.

class AskError extends Error {
  constructor(detail, status = 0) {
    super(detail);
    this.status = status;
  }
}

/** The events of one question as {name, data}. Throws AskError; an abort throws AbortError. */
async function* ask(base, body, key, signal) {
  const type = "application/json";
  const headers = { "Content-Type": type, Accept: "text/event-stream", ...keyHeader(key) };
  const options = { method: "POST", headers, body: JSON.stringify(body), signal };
  const response = await reached(new URL("/v1/ask", base), options);
  if (!response.ok) throw await problemOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await orElse(reader.read(), TEXTS.interrupted);
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

/** Has the server delete a conversation; one that it doesn't know is gone already. */
async function forget(base, conversation, key) {
  const url = new URL(`/v1/conversations/${encodeURIComponent(conversation)}`, base);
  const options = { method: "DELETE", headers: keyHeader(key) };
  const response = await reached(url, options);
  if (!response.ok && response.status !== 404) throw await problemOf(response);
}

/** What is told without a key: where questions go, how many documents there are; {} if nothing is. */
async function health(base) {
  try {
    return await (await fetch(new URL("/health", base))).json();
  } catch {
    return {};
  }
}

/** Questions that the library answers; none where the server doesn't say, as without its key. */
async function examples(base, key) {
  try {
    const response = await fetch(new URL("/v1/examples", base), { headers: keyHeader(key) });
    return (await response.json()).examples ?? [];
  } catch {
    return [];
  }
}

/** Where documents are from, as pairs of id and place; none where the server doesn't say. */
async function placesOf(base, ids, key) {
  const url = new URL("/v1/documents", base);
  for (const id of ids) url.searchParams.append("id", id);
  try {
    const { documents } = await (await fetch(url, { headers: keyHeader(key) })).json();
    return documents.map(({ id, place }) => [id, place]);
  } catch {
    return [];
  }
}

function keyHeader(key) {
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** A response, or a sentence that says why there is none. */
async function reached(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new AskError((await refusesPage(url)) ? TEXTS.refusesPage(location.origin) : TEXTS.offline);
  }
}

/** To a page of an origin that the server doesn't allow, a refusal looks like a lost network, but not
 *  so where nothing of the response is to be read. */
async function refusesPage(url) {
  if (url.origin === location.origin) return false;
  try {
    await fetch(new URL("/health", url), { mode: "no-cors" });
    return true;
  } catch {
    return false;
  }
}

/** A connection lost on the way is a sentence for a person; an abort stays what it is. */
async function orElse(promise, sentence) {
  try {
    return await promise;
  } catch (error) {
    throw error.name === "AbortError" ? error : new AskError(sentence);
  }
}

async function problemOf(response) {
  try {
    const problem = await response.json();
    return new AskError(problem.detail || TEXTS.failed, response.status);
  } catch {
    return new AskError(TEXTS.failed, response.status);
  }
}

/** One block of an event stream; comments (keep-alive) give null. */
function parseEvent(block) {
  let name = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}

/** What is kept until the tab is closed; a page that forbids storage keeps nothing. */
class Memory {
  constructor(base) {
    this.prefix = `danvan:${base}:`;
  }

  get(name) {
    try {
      return sessionStorage.getItem(this.prefix + name);
    } catch {
      return null;
    }
  }

  set(name, value) {
    try {
      if (value === null) sessionStorage.removeItem(this.prefix + name);
      else sessionStorage.setItem(this.prefix + name, value);
    } catch {
      // Without storage the next question simply opens a new conversation.
    }
  }
}
