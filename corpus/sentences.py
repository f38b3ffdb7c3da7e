"""Where a sentence of official Vietnamese ends, and the clauses that semicolons part.

Spans are (start, end) offsets into the whole text, trimmed of white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.letters import compiled
from corpus.tables import in_row

Span = tuple[int, int]

# A full stop ends a sentence where a capital, a quotation or a list mark follows; not behind an
# abbreviation (TP. HCM), an initial, or the number of a list item.
_END = compiled(r"(?:[.!?…]+|/\.)[”\"’)\]]*(?=\s+[\"“‘(\[]?[A-ZÀ-ỸĐ0-9\-–+•])|\n+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:TP|Tp|TX|TT|Q|P|St|Dr|ThS|TS|PGS|GS|Ông|Bà|KT|TM|TL|TUQ|[A-ZĐ]"
    r"|\d{1,3}(?:\.\d{1,2})*|[IVXLC]+|Điều \d+[a-zđ]?|Mục \d+)\.$"
)
_CLAUSE_END = compiled(r";(?=\s)")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The sentences of `text[start:end]`; a line break always ends one, a table's row is one."""
    end = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if "\n" not in match[0] and (
            in_row(text, begin) or _ABBREVIATION.search(text[max(begin, stop - 14) : stop])
        ):
            continue
        yield from _trimmed(text, begin, stop)
        begin = stop
    yield from _trimmed(text, begin, end)


def clauses(text: str, start: int, end: int) -> list[Span]:
    """The pieces between semicolons, each with its semicolon; parentheses and quotes stay whole."""
    if in_row(text, start):
        return list(_trimmed(text, start, end))
    spans: list[Span] = []
    begin = start
    for match in _CLAUSE_END.finditer(text, start, end):
        if _inside(text[begin : match.start()]):
            continue
        spans.extend(_trimmed(text, begin, match.end()))
        begin = match.end()
    spans.extend(_trimmed(text, begin, end))
    return spans


def _inside(piece: str) -> bool:
    """A quotation that was never opened closes nothing, one never closed ends with its piece."""
    return piece.count("(") > piece.count(")") or piece.count("“") > piece.count("”")


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    inner = text[start:end]
    left, right = start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())
    if left < right:
        yield left, right
