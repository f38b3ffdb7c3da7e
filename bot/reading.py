"""A document's text as blocks for the page a person reads: lines, parts, links, the marked quote.

Nothing is left out and nothing added: the blocks' texts, joined, are the document's lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Document, Part

HEADED = frozenset({"part", "chapter", "section", "subsection", "article", "appendix"})
LINE = re.compile(r"[^\n]+")
CONTENTS_CHARS = 90


@dataclass(frozen=True)
class Link:
    """`text[start:end]` leads to an address."""

    start: int
    end: int
    url: str


@dataclass(frozen=True)
class Run:
    """Characters that are marked, or not, and lead somewhere, or not."""

    text: str
    marked: bool
    url: str | None = None


@dataclass(frozen=True)
class Block:
    """One line of the text, or the piece of it that a part begins with."""

    parts: tuple[tuple[str, str], ...]  # (anchor, locator) of each part that begins here
    level: str
    rank: int  # 2..6: an HTML heading; 0: a paragraph
    heading: bool  # also the further lines of a heading: "Chương I", then its name
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the table of contents."""

    anchor: str
    label: str
    children: tuple[Entry, ...]


Quote = tuple[int, int] | None


def blocks(document: Document, quote: Quote = None, links: Sequence[Link] = ()) -> Iterator[Block]:
    """The text in its order; quote and links are cut at every block that they cross.

    `links` are in the order of the text, none over another.
    """
    waiting = list(document.parts())[::-1]
    seen: set[str] = set()
    stack: list[Part] = []
    heading_end = 0
    for start, end in _pieces(document):
        begun = []
        while waiting and waiting[-1].start <= start:
            begun.append(waiting.pop())
        stack = [part for part in (*stack, *begun) if part.start <= start < part.end]
        inner = stack[-1] if stack else None
        heading_end = _heading_end(document.text, begun[-1]) if begun else heading_end
        yield Block(
            tuple(_address(part, seen) for part in begun),
            inner.level if inner else "paragraph",
            _rank(stack) if begun and start < heading_end else 0,
            start < heading_end,
            tuple(_runs(document.text, start, end, quote, links)),
        )


def contents(document: Document) -> tuple[Entry, ...]:
    """Chapters, articles and the like; clauses, points and dashes are found by reading."""
    return _entries(document, document.outline)


def _entries(document: Document, parts: tuple[Part, ...]) -> tuple[Entry, ...]:
    return tuple(
        Entry(part.anchor, _first_line(document, part), _entries(document, part.children))
        for part in parts
        if part.level in HEADED and (part.heading or part.children)
    )


def _first_line(document: Document, part: Part) -> str:
    line = document.text[part.start : part.lead_end].strip().split("\n")[0]
    if line.rstrip(".").endswith(part.label) and part.heading:
        line = f"{line}: {part.heading}"  # "Chương I" stands alone on its line
    return line if len(line) <= CONTENTS_CHARS else line[: CONTENTS_CHARS - 1].rstrip(" -–,;") + "…"


def _pieces(document: Document) -> Iterator[tuple[int, int]]:
    """Lines, cut where a part begins inside one."""
    begins = sorted({part.start for part in document.parts()})
    for line in LINE.finditer(document.text):
        inside = slice(bisect_right(begins, line.start()), bisect_left(begins, line.end()))
        edges = [line.start(), *begins[inside], line.end()]
        yield from pairwise(edges)


def _address(part: Part, seen: set[str]) -> tuple[str, str]:
    """An id may stand once in a page: of two parts with the same path the first has it."""
    anchor, number = part.anchor, 2
    while anchor in seen:
        anchor, number = f"{part.anchor}~{number}", number + 1
    seen.add(anchor)
    return anchor, part.locator


def _is_headed(part: Part) -> bool:
    return part.level in HEADED and bool(part.heading)


def _heading_end(text: str, part: Part) -> int:
    """Where the heading of a part ends that begins here; its start for a part without one."""
    if not _is_headed(part):
        return part.start
    found = text.find(part.heading, part.start, part.lead_end)
    return found + len(part.heading) if found >= 0 else part.start + 1


def _rank(stack: list[Part]) -> int:
    return min(1 + sum(_is_headed(part) for part in stack), 6)


def _runs(text: str, start: int, end: int, quote: Quote, links: Sequence[Link]) -> Iterator[Run]:
    low, high = quote or (end, end)
    first_link = bisect_right(links, start, key=lambda link: link.end)
    inside = links[first_link : bisect_left(links, end, key=lambda link: link.start)]
    cuts = {low, high, *(edge for link in inside for edge in (link.start, link.end))}
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    for first, last in pairwise(edges):
        url = next((link.url for link in inside if link.start <= first < link.end), None)
        yield Run(text[first:last], low <= first < high, url)
