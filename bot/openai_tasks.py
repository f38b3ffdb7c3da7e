"""What chat front ends ask a model behind the person's back: titles, tags, follow-ups, completions.

Nothing is looked up for them. Known are the prompts of Open WebUI, which begin with `### Task:` and
show the JSON that they want, and those of LibreChat and older versions, which want a bare title.
"""

from __future__ import annotations

import json
import re

from bot import replies

MAX_TITLE_CHARS = 50
_TASK = re.compile(r"\s*### Task:")
_WANTED = re.compile(r'\{\s*"(title|tags|follow_ups|queries|text|prompt)"\s*:')
_BARE_TITLE = re.compile(
    r"\s*(?:Provide|Create|Generate|Please generate) a concise, (?:5-word-or-less|3-5 word) (?:title|phrase)"
)
_FIRST_QUESTION = re.compile(r"^(?:USER|User|Human): (.+)$", re.M)
_LISTS = frozenset(("tags", "follow_ups", "queries"))


def task_reply(text: str, first_question: str | None = None) -> str | None:
    """The reply to a front end's own call, in the form that it asks for; None for a question.

    `first_question` is used where the prompt holds no history.
    """
    if _BARE_TITLE.match(text):
        return _title(text, first_question)
    wanted = _WANTED.search(text) if _TASK.match(text) else None
    if wanted is None:
        return None
    key = wanted[1]
    value = _title(text, first_question) if key == "title" else [] if key in _LISTS else ""
    return json.dumps({key: value}, ensure_ascii=False)


def _title(text: str, first_question: str | None) -> str:
    """The first question, cut at a word."""
    found = _FIRST_QUESTION.search(text)
    line = " ".join((found[1] if found else first_question or replies.UNTITLED).split())
    if len(line) <= MAX_TITLE_CHARS:
        return line
    return line[:MAX_TITLE_CHARS].rpartition(" ")[0].rstrip(" ,;:–-") + "…"
