"""An answer body as Telegram shows it: messages, buttons, and the sources behind the buttons.

A button carries `kind:answer id:number`, so nothing is remembered for it but the stored answer.
Kinds: `s` source by its marker, `n` nearest part of a refusal by its place, `c` choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import telegram_replies as replies
from bot.answer_body import AnswerBody, CitationBody, DocumentBody, InstrumentBody
from bot.replies import NOTICES, SOURCES
from bot.side_by_side import in_lines
from bot.telegram_text import Piece, Run, clean, pieces

MAX_CALLBACK_BYTES = 64
MAX_LABEL_CHARS = 60  # a phone shows about 40; the rest only costs space
MAX_BUTTONS = 30  # of the 100 that Telegram takes; nobody reads more

_PRESS = re.compile(r"([snc]):([\w-]{1,48}):(\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Press:
    """What a button says: show a source, a nearest part, or take a choice."""

    kind: str
    answer_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.answer_id}:{self.number}"

    @classmethod
    def read(cls, data: str | None) -> Press | None:
        """None for what is not ours: a changed client may send anything."""
        found = _PRESS.fullmatch(data or "")
        return cls(found[1], found[2], int(found[3])) if found else None


def answer_pieces(body: AnswerBody) -> list[Piece]:
    """The answer with a line for each source: buttons are lost when a message is forwarded."""
    runs = [Run(in_lines(body["answer"]))]
    if body["citations"]:
        lines = [_source_line(citation) for citation in body["citations"]]
        runs.append(Run("\n\n" + "\n".join((SOURCES, *lines)), "italic"))
    if body["notices"]:
        runs.append(Run("\n\n" + "\n".join((NOTICES, *body["notices"])), "italic"))
    for number, choice in enumerate(body["choices"] or [], start=1):
        if choice["label"] not in body["answer"]:  # a button shows only the start of a long label
            runs.append(Run(f"\n{number}. {choice['label']}"))
    return pieces(runs)


def answer_buttons(body: AnswerBody) -> InlineKeyboardMarkup | None:
    """A button for each source, nearest part or choice; None where there is nothing to press."""
    labels = [("s", c["marker"], f"[{c['marker']}] {_place(c)}") for c in body["citations"]]
    labels += [("c", i, c["label"]) for i, c in enumerate(body["choices"] or [])]
    nearest = body["refusal"]["nearest"] if body["refusal"] else []
    labels += [("n", i, replies.nearest(_place(c))) for i, c in enumerate(nearest)]
    rows = [
        [InlineKeyboardButton(_short(label), callback_data=str(Press(kind, body["id"], number)))]
        for kind, number, label in labels[:MAX_BUTTONS]
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def find_citation(body: AnswerBody, press: Press) -> CitationBody | None:
    """The citation that a button stands for."""
    if press.kind == "s":
        return next((c for c in body["citations"] if c["marker"] == press.number), None)
    nearest = body["refusal"]["nearest"] if body["refusal"] and press.kind == "n" else []
    return nearest[press.number] if press.number < len(nearest) else None


def source_pieces(citation: CitationBody) -> list[Piece]:
    """Whose words, where they stand, and the words themselves, folded where they are long."""
    document = citation["document"]
    runs = [Run(_title(document), "bold")]
    runs += [Run(f"\n{line}") for line in (_facts(document), _about(document)) if line]
    runs.append(Run(f"\n{citation['locator']}\n"))
    if citation["context"]:
        runs.append(Run(f"\n{citation['context']}\n", "italic"))
    runs.append(Run(citation["quote"], "quote"))
    return pieces(runs)


def source_button(citation: CitationBody, public_url: str | None) -> InlineKeyboardMarkup | None:
    """A link to the document's page, where Telegram would take the address."""
    host = urlsplit(public_url or "").hostname or ""
    if not public_url or "." not in host.strip("."):
        return None  # Telegram refuses `http://localhost` and the whole message with it
    url = public_url.rstrip("/") + citation["url"]
    return InlineKeyboardMarkup([[InlineKeyboardButton(replies.OPEN_DOCUMENT, url=url)]])


def _source_line(citation: CitationBody) -> str:
    document = citation["document"]
    title, number = _title(document), document["number"]
    shown = f" ({number})" if number and number not in title else ""
    return f"[{citation['marker']}] {citation['locator']}, {title}{shown}"


def _place(citation: CitationBody) -> str:
    """The locator, with the document's number where it has one."""
    number = citation["document"]["number"]
    return ", ".join(filter(None, (citation["locator"], number)))


def _title(document: DocumentBody) -> str:
    return document["title"] or document["number"] or document["source"]


def _facts(instrument: InstrumentBody) -> str:
    """Kind, number, issuer, date: what is known, in one line."""
    date = instrument["issued_on_text"] or _vietnamese_date(instrument["issued_on"])
    known = (instrument["kind"], instrument["number"], instrument["issuer"], date)
    return " · ".join(fact for fact in known if fact)


def _about(document: DocumentBody) -> str:
    about = document["about"]
    facts = [about["title"] or "", _facts(about)] if about else []
    return replies.about("; ".join(filter(None, facts))) if any(facts) else ""


def _vietnamese_date(iso: str | None) -> str | None:
    return "/".join(reversed(iso.split("-"))) if iso else None


def _short(label: str) -> str:
    """One line that fits a button."""
    line = " ".join(clean(label).split())
    return line if len(line) <= MAX_LABEL_CHARS else line[: MAX_LABEL_CHARS - 1].rstrip() + "…"
