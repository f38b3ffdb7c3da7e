"""From an outline to passages: the smallest parts that read on their own.

A leaf is a passage, with the lead-in that it needs for its context. A long leaf is cut between
sentences; short paragraphs of one khoản stay together. No passage joins two articles.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import Document, Part, Passage
from corpus.sentences import sentences

# The embedder reads 512 tokens, about 1,500 characters, title and headings included.
MAX_CHARS = 1000
_LONGEST_LEAD = 400  # characters


def passages(document: Document) -> list[Passage]:
    """All passages of a document, in the order of its text."""
    heads = [part for part in document.outline if part.level == "head"]
    found = list(_head(document, heads))
    for part in document.outline[len(heads) :]:
        found.extend(_of_part(document, part, (), None))
    return found


def _head(document: Document, heads: list[Part]) -> Iterator[Passage]:
    """The lines above the body are one passage: none of them reads on its own."""
    if heads:
        start, end = _trimmed(document.text, heads[0].start, heads[-1].end)
        yield _passage(document, heads[0], start, end, (), None)


def _of_part(
    document: Document, part: Part, headings: tuple[str, ...], context: tuple[int, int] | None
) -> Iterator[Passage]:
    if not part.children or _reads_as_one(part):
        yield from _cut(document, part, part.start, part.end, headings, context)
        return
    lead = _trimmed(document.text, part.start, part.lead_end)
    told = part.level != "table"  # a row of column heads says nothing by itself
    if told and (not part.heading or _says_something(document.text[slice(*lead)])):
        yield from _cut(document, part, part.start, part.lead_end, headings, context)
    inner = (*headings, _heading(document.text, part))
    for child in part.children:
        yield from _of_part(document, child, inner, lead)
        if part.level == "article" and _leads_in(document, child):
            lead = _trimmed(document.text, part.start, child.end)


def _reads_as_one(part: Part) -> bool:
    if part.level == "foot":
        return True
    plain = all(child.level == "paragraph" for child in part.children)
    return (
        plain
        and part.level not in ("section", "chapter", "part")
        and part.end - part.start <= MAX_CHARS
    )


def _says_something(lead: str) -> bool:
    """A bare heading is found through the passages below it; a lead-in is cited itself."""
    return len(lead.split()) > 12


def _leads_in(document: Document, part: Part) -> bool:
    """`Người tiếp công dân được từ chối tiếp trong các trường hợp sau đây:` above an article's clauses."""
    words = document.text[part.start : part.end].rstrip()
    return part.level == "paragraph" and words.endswith(":") and len(words) <= _LONGEST_LEAD


def _heading(text: str, part: Part) -> str:
    """`Điều 3. Tổ chức cuộc họp` as it stands, or the locator of a part without a heading."""
    lead = text[part.start : part.lead_end].strip()
    return lead if part.heading and len(lead) <= 400 else part.locator


def _cut(
    document: Document,
    part: Part,
    start: int,
    end: int,
    headings: tuple[str, ...],
    context: tuple[int, int] | None,
) -> Iterator[Passage]:
    """One passage, or several of whole sentences where the part is long."""
    start, end = _trimmed(document.text, start, end)
    if end - start <= MAX_CHARS:
        if start < end:
            yield _passage(document, part, start, end, headings, context)
        return
    begin = None
    last = start
    for left, right in sentences(document.text, start, end):
        if begin is not None and right - begin > MAX_CHARS:
            yield _passage(document, part, begin, last, headings, context)
            begin = None
        begin = left if begin is None else begin
        last = right
    if begin is not None:
        yield _passage(document, part, begin, last, headings, context)


def _passage(
    document: Document,
    part: Part,
    start: int,
    end: int,
    headings: tuple[str, ...],
    context: tuple[int, int] | None,
) -> Passage:
    return Passage(f"{document.id}:{start}-{end}", document.id, part, start, end, headings, context)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())
