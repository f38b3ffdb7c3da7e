"""A retrieval corpus of one JSON object a line, as documents of the library's own kind.

The lines of one law become one document, each line an article of it with its clauses and points;
so a measurement runs through the same outline, passages, lanes and ranking as an office's library.
The formats are defined in docs/measures.md.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.locators import locator
from corpus.model import Document, Instrument, Part, Passage, Step
from corpus.outline import article_parts
from rag.model import MAX_QUESTION_CHARS

# `Điều 36.3.LQ.1. Thanh niên`: the codified law numbers its articles anew.
_NUMBERED = re.compile(r"^Điều\s+[\w.]*\d[\w.]*\.\s+")
# `(Điều 1 Luật số 57/2020/QH14 Luật Thanh niên ngày 16/06/2020 của Quốc hội, ...`: the first
# article of a law tells its name, the others only its number.
_NAMED = re.compile(r"^\(Điều \S+ (?P<kind>[^\d(]+?) số \S+ (?P<name>.+?) ngày \d")
_ITEM = re.compile(r"^(?:\d{1,3}[a-zđ]?|[a-zđ])\s*[.)]|^[-–—•+]")
_LONGEST_HEADING = 300  # characters; a longer first paragraph is the article's own words


@dataclass(frozen=True)
class CorpusFile:
    """Documents, and which line of the file each of their articles is."""

    documents: tuple[Document, ...]
    doc_ids: dict[tuple[str, Step], str]  # document id and the article's step -> doc_id

    def doc_id(self, passage: Passage) -> str:
        return self.doc_ids[passage.document_id, passage.part.path[0]]


@dataclass(frozen=True)
class CorpusQuestion:
    """A question with the lines of the corpus that answer it."""

    qid: str
    text: str
    gold: frozenset[str]


def read_questions(path: Path, limit: int | None = None) -> list[CorpusQuestion]:
    """The first `limit` questions, all for None. Raises OSError, ValueError."""
    return [_question(row) for row in _rows(path, ("qid", "question", "gold"))][:limit]


def _question(row: dict[str, Any]) -> CorpusQuestion:
    text = unicodedata.normalize("NFC", row["question"]).strip()[:MAX_QUESTION_CHARS]
    return CorpusQuestion(str(row["qid"]), text, frozenset(map(str, row["gold"])))


def read_corpus(path: Path) -> CorpusFile:
    """Documents of a file, gzipped where it ends in `.gz`. Raises OSError, ValueError."""
    laws: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(path, ("doc_id", "text")):
        laws.setdefault(str(row.get("law_id") or row["doc_id"]), []).append(row)
    documents, doc_ids = [], {}
    for law_id, rows in laws.items():
        document, steps = _document(law_id, rows)
        documents.append(document)
        for step, row in zip(steps, rows, strict=True):
            doc_ids[document.id, step] = str(row["doc_id"])
    return CorpusFile(tuple(documents), doc_ids)


def _rows(path: Path, needed: Iterable[str]) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line) if line.strip() else None
            if row is None:
                continue
            missing = [key for key in needed if not isinstance(row, dict) or key not in row]
            if missing:
                raise ValueError(f"line {number}: no {missing[0]!r}")
            yield row


def _document(law_id: str, rows: list[dict[str, Any]]) -> tuple[Document, list[Step]]:
    text, parts = "", []
    taken: set[Step] = set()
    for number, row in enumerate(rows, 1):
        label = str(row.get("article_id") or number)
        step = Step("article", label)
        if step in taken:  # editions of one article side by side
            step = Step("article", f"{label}~{number}")
        taken.add(step)
        start = len(text)
        heading, body = _heading_and_body(row)
        lead = f"Điều {label}. {heading}".rstrip() if row.get("article_id") else heading
        text += f"{lead}\n{body}\n" if body else f"{lead}\n"
        parts.append(_part(step, heading, lead, body, start))
    meta = Instrument(title=_law_title(law_id, rows), number=law_id)
    return Document(law_id, "", meta, text, tuple(parts)), [part.path[0] for part in parts]


def _law_title(law_id: str, rows: list[dict[str, Any]]) -> str | None:
    """The law's name, where the file tells it: a number is none."""
    for row in rows:
        if match := _NAMED.match(row.get("source") or ""):
            name = match["name"]
            return name if name.startswith(match["kind"]) else f"{match['kind']} {name}"
    return None if re.search(r"\d", law_id) or law_id == rows[0]["doc_id"] else law_id


def _heading_and_body(row: dict[str, Any]) -> tuple[str, str]:
    title, text = row.get("title"), unicodedata.normalize("NFC", row["text"])
    heading, body = (_NUMBERED.sub("", title), text) if title else _split(text)
    lines = (" ".join(line.split()) for line in body.split("\n"))
    return " ".join(heading.split()), "\n".join(line for line in lines if line)


def _split(text: str) -> tuple[str, str]:
    """The first paragraph is the heading, unless it is long or an item of a list."""
    first, _, rest = text.strip().partition("\n")
    is_heading = rest.strip() and len(first) <= _LONGEST_HEADING and not _ITEM.match(first)
    return (first, rest) if is_heading else ("", text)


def _part(step: Step, heading: str, lead: str, body: str, start: int) -> Part:
    """An article at `start` of its document, with the clauses and points found in it."""
    body_start = start + len(lead) + 1
    end = body_start + len(body)
    children = article_parts(body, step, body_start) if body else ()
    if body and not children:  # it quotes articles, for one: whole sentences below the heading
        path = (step, Step("paragraph", "1"))
        children = (Part(path, locator(path, only=True), "", body_start, end, end),)
    return Part((step,), locator((step,)), heading, start, min(body_start, end), end, children)
